"""The prevention matrix as files: a table, and a workbook as the field prints it. Pure: plain values in.

A matrix is the JSON answer of coverage/matrix: rows with cells, each with its offerings.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter

from interventions.matrix_words import Words

Matrix = dict[str, Any]
COLUMNS = (
    "pillarCode", "domainCode", "ambitionCode", "resultId", "areaCode", "targetPeriod", "state", "rowName",
    "preventionLevel", "offeringCode", "offeringName", "interventionCode", "organisationCode", "listed", "effectLevel",
    "via", "intendedReach", "realisedReach", "reachView", "reachStatus",
)  # fmt: skip


def as_csv(matrix: Matrix) -> str:
    """A line per offering in a cell, and a line without offering for an empty cell (RFC 4180)."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in matrix["rows"]:
        for cell in row["cells"]:
            lines.writerows([_guarded(value) for value in line] for line in _lines(row, cell))
    return written.getvalue()


def _lines(row: Matrix, cell: Matrix) -> Iterator[list[Any]]:
    head = [row[name] for name in COLUMNS[: COLUMNS.index("rowName")]]
    begin = [*head, row["name"], cell["preventionLevel"]]
    for one in cell["offerings"]:
        level, reach = one["effectLevel"], one["realisedReach"] or {}
        yield [*begin, one["offeringCode"], one["name"], one["interventionCode"], one["organisationCode"],
               "yes" if one["listed"] else "no", level["level"] if level else None, one["via"], one["intendedReach"],
               reach.get("value"), reach.get("view"), reach.get("status")]  # fmt: skip
    if not cell["offerings"]:
        yield [*begin, *[None] * (len(COLUMNS) - len(begin))]


def _guarded(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def as_xlsx(matrix: Matrix, words: Words) -> bytes:
    """Three sheets: the matrix as it is laid on the table in a meeting, every offering, and what it rests on."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _printed(book, matrix, words)
    _listed(book, matrix, words)
    _told(book, matrix, words)
    book.close()
    return written.getvalue()


def _printed(book: Any, matrix: Matrix, words: Words) -> None:
    sheet = book.add_worksheet(words.matrix)
    head = book.add_format(
        {"bold": True, "bg_color": "#0b559f", "font_color": "#ffffff", "text_wrap": True, "border": 1}
    )
    name = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    filled = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    empty = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#fde8d7"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(words.heads), 36)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 1)
    head_line = f"{words.matrix} {matrix['placeName']} {words.on} {words.day(matrix['activeOn'])}"
    sheet.write_string(0, 0, head_line, book.add_format({"bold": True, "font_size": 14}))
    for column, text in enumerate(["", *words.heads.values()]):
        sheet.write_string(1, column, text, head)
    for number, row in enumerate(matrix["rows"], start=2):
        sheet.write_string(number, 0, _named(row, words), name)
        for column, cell in enumerate(row["cells"], start=1):
            text = "\n".join([*_summed(cell, words), *(_offering(one, words) for one in cell["offerings"])])
            sheet.write_string(number, column, text or words.none, filled if text else empty)


def _named(row: Matrix, words: Words) -> str:
    """The row, and for a societal result where and by when it is wanted and how it stands."""
    about = [row["areaCode"], row["targetPeriod"], words.states.get(row["state"], row["state"])]
    return "\n".join([row["name"], *([" · ".join(filter(None, about))] if row["resultId"] else [])])


def _summed(cell: Matrix, words: Words) -> Iterator[str]:
    """How many, and the reach together as far as it is known; nothing for an empty cell."""
    count, reach = len(cell["offerings"]), cell["reach"]
    if count:
        realised, intended = (
            words.unknown if reach[part] is None else words.known.format(value=reach[part], count=reach[f"{part}Known"])
            for part in ("realised", "intended")
        )
        yield words.summed.format(count=count, realised=realised, intended=intended)


def _offering(one: Matrix, words: Words) -> str:
    level = one["effectLevel"]
    ladder = f"{words.step} {level['level']}" if level else words.unlisted
    reach = one["realisedReach"] or {}
    realised = {"known": reach.get("value"), "withheld": words.withheld}.get(reach.get("status", ""), words.unknown)
    intended = words.unknown if one["intendedReach"] is None else one["intendedReach"]
    return words.told.format(name=one["name"], ladder=ladder, realised=realised, intended=intended)


def _listed(book: Any, matrix: Matrix, words: Words) -> None:
    sheet = book.add_worksheet(words.offerings)
    lines = (line for row in matrix["rows"] for cell in row["cells"] for line in _lines(row, cell))
    for number, line in enumerate([list(COLUMNS), *lines]):
        for column, value in enumerate(line):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.set_column(0, len(COLUMNS) - 1, 18)
    sheet.freeze_panes(1, 0)


def _told(book: Any, matrix: Matrix, words: Words) -> None:
    sheet = book.add_worksheet(words.explanation)
    sheet.set_column(0, 0, 110)
    for number, text in enumerate([*matrix["explanation"], *_absent(matrix, words)]):
        sheet.write_string(number, 0, text)


def _absent(matrix: Matrix, words: Words) -> Iterable[str]:
    return [words.absent.format(parts=", ".join(matrix["absent"]))] if matrix["absent"] else []
