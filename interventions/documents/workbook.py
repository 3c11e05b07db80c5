"""The workbook of an area analysis: contents, explanation, a sheet per pillar, summary, figures, ranking, change log.

Sheets and colouring follow the advisers' format (method guide, Bijlage 5): a figure is coloured while it differs from
what it is compared with and has no colour when it does not.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from interventions.analysis_words import KINDS, LIFE_DOMAINS, PHASES, QUESTIONS, STATES, UNITS, WHYS, WORDS

Json = dict[str, Any]
FIGURES = "Cijfers (naslag)"
HEAD = ("Indicator", "Periode", "Eenheid", "Gebied", "Waarde", "Vergeleken met", "Waarde daar", "Verschil", "Oordeel",
        "Bron")  # fmt: skip
FACTORS = ("Factor", "Soort", "Rang", "Levensfasen", "Leefgebieden", "Via indicator")
EXPLANATION = (
    "Dit werkboek is gemaakt uit dezelfde gegevens als de analyse in de dienst; elk getal staat ook daar.",
    "Een waarde is gekleurd als zij duidelijk verschilt van het gebied waarmee zij is vergeleken. "
    "Zonder kleur is er geen duidelijk verschil, of is het niet te zeggen. Het oordeel staat er altijd in woorden bij.",
    "Een verschil alleen is nog geen probleem: het oordeel is aan mensen die het gebied kennen.",
    "De kolom Bron verwijst naar de regel in het tabblad met alle cijfers.",
    "De rang van een factor komt uit de rangschikking waarvan het nummer bij de inhoudsopgave staat.",
)


class _Book:
    """A workbook in the making."""

    def __init__(self, analysis: Json) -> None:
        self.analysis, self.draft = analysis, analysis["draft"]
        self.memory = BytesIO()
        self.book = xlsxwriter.Workbook(self.memory, {"in_memory": True, "strings_to_formulas": False})
        made = datetime.fromisoformat(str(analysis["madeAt"]).replace("Z", "+00:00")).astimezone(UTC)
        self.book.set_properties({"title": analysis["title"], "created": made.replace(tzinfo=None)})
        self.title = self.book.add_format({"bold": True, "font_size": 16})
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.link = self.book.get_default_url_format()
        self.worse = self.book.add_format({"bg_color": "#F9C784", "font_color": "#000000"})
        self.better = self.book.add_format({"bg_color": "#BFE3C0", "font_color": "#000000"})
        self.other = self.book.add_format({"bg_color": "#C9D8F0", "font_color": "#000000"})
        self.rows: dict[str, int] = {}  # indicator → its row among the figures

    def sheet(self, name: str, title: str, widths: tuple[int, ...]) -> Any:
        """A sheet with its title and a way back to the contents."""
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write(0, 0, title, self.title)
        if name != "Inhoud":
            sheet.write_url(1, 0, "internal:'Inhoud'!A1", self.link, "Terug naar de inhoud")
        return sheet


def workbook(analysis: Json) -> bytes:
    """An XLSX file of one version of an analysis, given as the API answers it. The same analysis, the same bytes."""
    made = _Book(analysis)
    for number, one in enumerate(_indicators(made.draft), start=4):
        made.rows.setdefault(one["indicatorCode"], number)
    _contents(made)
    _lines(made.sheet("Toelichting", "Toelichting", (110,)), made, EXPLANATION)
    for pillar in made.draft["pillars"]:
        _pillar(made, pillar)
    _summary(made)
    _figures(made)
    _ranking(made)
    _changes(made)
    made.book.close()
    return made.memory.getvalue()


def _indicators(draft: Json) -> list[Json]:
    """Each indicator once, in the order of the pillars."""
    found = {one["indicatorCode"]: one for pillar in draft["pillars"] for domain in pillar["domains"]
             for one in domain["indicators"]}  # fmt: skip
    return list(found.values())


def _lines(sheet: Any, made: _Book, lines: Any, start: int = 3) -> int:
    row = start
    for line in lines:
        sheet.write_string(row, 0, line, made.wrap)
        row += 1
    return row


def _contents(made: _Book) -> None:
    sheet, analysis, inputs = (
        made.sheet("Inhoud", made.analysis["title"], (40, 80)),
        made.analysis,
        made.draft["inputs"],
    )
    said = (
        ("Gebied", f"{made.draft['area']['name']} ({analysis['areaCode']})"), ("Versie", str(analysis["version"])),
        ("Uitgave", analysis["edition"] or "werkversie"), ("Cijfers gelezen op", made.draft["day"]),
        ("Factorenmodel", f"{inputs['modelCode']} {inputs['modelVersion']}"), ("Rangschikking", inputs["snapshotId"]),
        ("Controlegetal", analysis["checksum"]),
    )  # fmt: skip
    for row, (name, value) in enumerate(said, start=2):
        sheet.write_string(row, 0, name, made.head)
        sheet.write_string(row, 1, value)
    names = ["Toelichting", *(pillar["name"] for pillar in made.draft["pillars"]), "Samenvatting", FIGURES, "Ranking",
             "Wijzigingen"]  # fmt: skip
    for row, name in enumerate(names, start=len(said) + 3):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", made.link, name)


def _pillar(made: _Book, pillar: Json) -> None:
    sheet = made.sheet(pillar["name"], f"Pijler {pillar['name']}", (58, 12, 12, 26, 12, 26, 12, 12, 26, 40))
    row = 3
    for domain in pillar["domains"]:
        sheet.write_string(row, 0, domain["name"], made.title)
        row = _table(made, sheet, domain["indicators"], row + 1)
        row = _factors(made, sheet, domain["factors"], row + 1)
        said = [one["text"] for one in domain["statements"]]
        said += [
            one["text"] for one in made.analysis["people"]["interpretations"] if one["domainCode"] == domain["code"]
        ]
        sheet.write_string(row + 1, 0, "Conclusies", made.head)
        row = _lines(sheet, made, said or ["Nog geen."], row + 2) + 1


def _table(made: _Book, sheet: Any, indicators: list[Json], row: int) -> int:
    """The indicators of a domain with colours by condition. Returns the next free row."""
    for column, name in enumerate(HEAD):
        sheet.write_string(row, column, name, made.head)
    first = row + 1
    for row, one in enumerate(indicators, start=first):
        _figure(made, sheet, row, one)
        sheet.write_url(
            row, 9, f"internal:'{FIGURES}'!A{made.rows[one['indicatorCode']] + 1}", made.link, one["source"]
        )
    last = first + len(indicators) - 1
    if indicators:
        for word, form in (
            ("worse", made.worse),
            ("better", made.better),
            ("higher", made.other),
            ("lower", made.other),
        ):
            rule = {"type": "formula", "criteria": f'=$I{first + 1}="{WORDS[word]}"', "format": form}
            sheet.conditional_format(first, 4, last, 4, rule)
    return last + 1


def _figure(made: _Book, sheet: Any, row: int, one: Json) -> None:
    digits = made.book.add_format({"num_format": "0" + ("." + "0" * one["decimals"] if one["decimals"] else "")})
    texts = {0: one["name"], 1: one["period"], 2: UNITS.get(one["unit"], one["unit"] or ""),
             3: one["comparedName"] or made.draft["area"]["name"], 5: one["againstName"] or "",
             8: WORDS[one["verdict"]]}  # fmt: skip
    value = one["value"] if one["comparedValue"] is None else one["comparedValue"]
    for column, text in texts.items():
        sheet.write_string(row, column, text, made.wrap)
    for column, shown in ((4, value), (6, one["againstValue"]), (7, one["difference"])):
        if shown is not None:
            sheet.write_number(row, column, shown, digits)


def _factors(made: _Book, sheet: Any, factors: list[Json], row: int) -> int:
    if not factors:
        return row
    for column, name in enumerate(FACTORS):
        sheet.write_string(row, column, name, made.head)
    first = row + 1
    for row, one in enumerate(factors, start=first):
        sheet.write_url(row, 0, "internal:'Ranking'!A1", made.link, one["name"])
        sheet.write_string(row, 1, KINDS.get(one["kind"], one["kind"]))
        if one["denseRank"] is not None:
            sheet.write_number(row, 2, one["denseRank"])
        sheet.write_string(row, 3, ", ".join(PHASES.get(code, code) for code in one["lifePhases"]), made.wrap)
        sheet.write_string(row, 4, ", ".join(LIFE_DOMAINS.get(code, code) for code in one["lifeDomains"]), made.wrap)
        sheet.write_string(row, 5, ", ".join(one["indicatorCodes"]), made.wrap)
    return first + len(factors)


def _summary(made: _Book) -> None:
    sheet, row = made.sheet("Samenvatting", "Samenvatting alle pijlers samen", (120,)), 3
    for title, lines in sections(made.analysis):
        sheet.write_string(row, 0, title, made.head)
        row = _lines(sheet, made, lines or ["Niets."], row + 1) + 1


def sections(analysis: Json) -> list[tuple[str, list[str]]]:
    """What the summary says: drafted sentences first, then people's words. Workbook and report share it."""
    draft, people = analysis["draft"], analysis["people"]
    loud = [one["text"] for pillar in draft["pillars"] for domain in pillar["domains"] for one in domain["statements"]]
    return [
        ("Wat opvalt", loud),
        ("Factoren die in meer pijlers meespelen", [one["text"] for one in draft["recurringFactors"]]),
        ("Ontbrekende cijfers", [one["text"] for one in draft["dataGaps"]]),
        ("Ontbrekend aanbod", [one["text"] for one in draft["coverage"]["gaps"]]),
        ("Maatschappelijke resultaten", [f"{one['statement']} ({one['targetPeriod']}): {STATES[one['state']]}"
                                         for one in draft["results"]]),
        ("Onze duiding", [one["text"] for one in people["interpretations"]]),
        ("Wat partners zeggen", [f"{QUESTIONS[one['question']]} {one['text']}" for one in people["partnersView"]]),
        ("Keuzes en redenen", [f"{one['choice']} – {one['reason']}" for one in people["choices"]]),
    ]  # fmt: skip


def _figures(made: _Book) -> None:
    """Every indicator with its code, status and citation: what the pillar sheets point at."""
    sheet = made.sheet(FIGURES, FIGURES, (40, 58, 12, 12, 14, 30, 60, 80))
    names = ("Code", "Indicator", "Periode", "Waarde gebied", "Status", "Bron", "Vindplaats", "Waarom zo vergeleken")
    for column, name in enumerate(names):
        sheet.write_string(3, column, name, made.head)
    for row, one in enumerate(_indicators(made.draft), start=4):
        sheet.write_string(row, 0, one["indicatorCode"])
        sheet.write_string(row, 1, one["name"])
        sheet.write_string(row, 2, one["period"])
        if one["value"] is not None:
            sheet.write_number(row, 3, one["value"])
        for column, text in ((4, one["status"]), (5, one["source"]), (6, one["citation"] or ""),
                             (7, WHYS.get(one["why"], one["why"]))):  # fmt: skip
            sheet.write_string(row, column, text)


def _ranking(made: _Book) -> None:
    sheet = made.sheet("Ranking", "Rangschikking van factoren", (50, 24, 10, 12))
    for column, name in enumerate(("Factor", "Soort", "Rang", "Score")):
        sheet.write_string(3, column, name, made.head)
    for row, one in enumerate(made.draft["ranking"], start=4):
        sheet.write_string(row, 0, one["name"])
        sheet.write_string(row, 1, KINDS.get(one["kind"], one["kind"]))
        sheet.write_number(row, 2, one["denseRank"])
        sheet.write_number(row, 3, one["score"])


def _changes(made: _Book) -> None:
    sheet = made.sheet("Wijzigingen", "Wijzigingen", (10, 30, 80, 20))
    for column, name in enumerate(("Versie", "Wanneer", "Waarom", "Uitgave")):
        sheet.write_string(3, column, name, made.head)
    for row, one in enumerate(made.analysis["changeLog"], start=4):
        sheet.write_number(row, 0, one["version"])
        for column, text in ((1, str(one["madeAt"])), (2, one["why"]), (3, one["edition"] or "")):
            sheet.write_string(row, column, text)
