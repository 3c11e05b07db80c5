"""The spreadsheet that a partner fills in: its own offerings, one sheet per measure, lists to choose from. Pure."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook

from monitoring.measure_words import COMPONENTS, FIELDS, HELP, LISTS, SHEETS, TO_READ_ONLY
from monitoring.measures import LARGEST, MEASURES
from monitoring.periods import Period

SPARE_ROWS = 100
HELP_LINES = (
    "Zo vult u dit bestand in",
    "",
    "1. Elk werkblad gaat over één maat. Vul alleen de werkbladen en regels in die u nodig heeft.",
    "2. Vul per regel het gebied in waar de deelnemers wonen. Weet u dat niet? Kies dan 'unknown'.",
    "3. Woont een groep in meer gebieden? Maak dan voor elk gebied een eigen regel.",
    "4. Vul alleen hele getallen in. Geen formules, geen procenten, geen namen.",
    "5. Weet u een aantal niet? Laat het vak leeg. Een 0 betekent: echt niemand.",
    "6. Regels zonder aantallen slaan wij over.",
    "7. In 'Toelichting' kunt u uitleg geven. Schrijf daar nooit iets over één persoon.",
    "8. Een 'Eigen kenmerk' hoeft niet. U kunt er een regel later mee terugvinden.",
    "9. Gebruik per aanbod één soort periode. Een maand telt niet mee naast het kwartaal waar zij in valt.",
    "",
    "Stuur het bestand daarna op. U krijgt een ontvangstbewijs. Daarin staat per regel wat er mee gebeurde.",
    "Staat er een fout in? Verbeter die vakken en stuur hetzelfde bestand nog eens. Niets telt dubbel.",
)


@dataclass(frozen=True)
class Row:
    """One row to fill in; area: where its participants live, if there is only one place for it."""

    measure: str
    offering: str
    area: str | None


def write_template(
    *,
    period: Period,
    rows: Sequence[Row],
    offerings: Mapping[str, str],
    areas: Mapping[str, str],
    periods: Sequence[str],
) -> bytes:
    """XLSX. offerings, areas: code → name, for the lists. periods: what can be chosen besides `period`."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6F0F7"})
        _help(book, book.add_format({"text_wrap": True}))
        lists = {"offeringCode": list(offerings), "period": list(periods), "areaCode": ["unknown", *areas]}
        for measure, own in groupby(rows, key=lambda row: row.measure):
            _sheet(book, bold, measure, list(own), period, offerings, lists)
        _lists(book, bold, lists, offerings, areas)
    return target.getvalue()


def _help(book: Workbook, wrapped: Any) -> None:
    sheet = book.add_worksheet(HELP)
    sheet.set_column(0, 0, 110, wrapped)
    for number, line in enumerate(HELP_LINES):
        sheet.write_string(number, 0, line)


def _sheet(
    book: Workbook, bold: Any, measure: str, rows: Sequence[Row], period: Period, offerings: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    sheet, text = book.add_worksheet(SHEETS[measure]), book.add_format({"num_format": "@"})
    words = [COMPONENTS[name] for name in MEASURES[measure].names]
    header = [FIELDS["offeringCode"], *TO_READ_ONLY, FIELDS["period"], FIELDS["areaCode"], *words,
              FIELDS["explanation"], FIELDS["externalId"]]  # fmt: skip
    sheet.write_row(0, 0, header, bold)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 1, 34)
    sheet.set_column(2, 3, 26, text)
    sheet.set_column(4, len(header), 14)
    for number, row in enumerate(rows, 1):
        sheet.write_string(number, 0, row.offering)
        sheet.write_string(number, 1, offerings[row.offering])
        sheet.write_string(number, 2, period.short, text)
        if row.area:
            sheet.write_string(number, 3, row.area, text)
    last = len(rows) + SPARE_ROWS
    for column, (name, length) in {0: ("A", "offeringCode"), 2: ("C", "period"), 3: ("E", "areaCode")}.items():
        source = f"={LISTS}!${name}$2:${name}${len(lists[length]) + 1}"
        sheet.data_validation(1, column, last, column, {"validate": "list", "source": source, "error_type": "warning"})
    whole = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST,
             "error_title": "Heel getal", "error_message": "Vul een heel getal in, of laat het vak leeg."}  # fmt: skip
    sheet.data_validation(1, 4, last, 3 + len(words), whole)


def _lists(
    book: Workbook,
    bold: Any,
    lists: Mapping[str, Sequence[str]],
    offerings: Mapping[str, str],
    areas: Mapping[str, str],
) -> None:
    sheet = book.add_worksheet(LISTS)
    sheet.set_column(0, 5, 30)
    sheet.write_row(0, 0, ["Aanbod", "Naam", "Periode", "", "Gebied", "Naam"], bold)
    names = {"unknown": "woonplaats onbekend"} | dict(areas)
    offered, where = list(lists["offeringCode"]), list(lists["areaCode"])
    columns: list[Sequence[str]] = [offered, [offerings[code] for code in offered], lists["period"], []]
    columns += [where, [names[code] for code in where]]
    for column, values in enumerate(columns):
        for number, value in enumerate(values, 1):
            sheet.write_string(number, column, value)
