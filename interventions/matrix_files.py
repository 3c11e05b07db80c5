"""The prevention matrix as files: a table, a workbook as the field prints it, and a heat map. Pure: plain values in.

A matrix is the JSON answer of coverage/matrix: rows with cells, each with its offerings.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Matrix = dict[str, Any]
COLUMNS = (
    "pillarCode", "domainCode", "ambitionCode", "resultId", "areaCode", "targetPeriod", "state", "rowName",
    "preventionLevel", "offeringCode", "offeringName", "interventionCode", "organisationCode", "listed", "effectLevel",
    "via", "intendedReach", "realisedReach", "reachView", "reachStatus",
)  # fmt: skip
HEADS = {
    "universal": "Universeel",
    "selective": "Selectief",
    "indicated": "Geïndiceerd",
    "not-stated": "Niveau niet opgegeven",
}
STATES = {
    "on-course": "op koers",
    "behind": "loopt achter",
    "reached": "behaald",
    "not-reached": "niet behaald",
    "no-measurement-yet": "nog geen meting",
}
CELL_WIDTH, CELL_HEIGHT, LEFT, TOP = 150, 44, 330, 96
SHADES = ("#ffffff", "#dbe9f6", "#bad6eb", "#89bedc", "#539ecd", "#2b7bba", "#0b559f")


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


def as_xlsx(matrix: Matrix) -> bytes:
    """Three sheets: the matrix as it is laid on the table in a meeting, every offering, and what it rests on."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _printed(book, matrix)
    _listed(book, matrix)
    _told(book, matrix)
    book.close()
    return written.getvalue()


def _printed(book: Any, matrix: Matrix) -> None:
    sheet = book.add_worksheet("Preventiematrix")
    head = book.add_format(
        {"bold": True, "bg_color": "#0b559f", "font_color": "#ffffff", "text_wrap": True, "border": 1}
    )
    name = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    filled = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    empty = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#fde8d7"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(HEADS), 36)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 1)
    sheet.write_string(0, 0, f"Preventiematrix {', '.join(matrix['areaCodes'])} op {matrix['activeOn']}", name)
    for column, text in enumerate(["", *HEADS.values()]):
        sheet.write_string(1, column, text, head)
    for number, row in enumerate(matrix["rows"], start=2):
        sheet.write_string(number, 0, _named(row), name)
        for column, cell in enumerate(row["cells"], start=1):
            text = "\n".join([*_summed(cell), *map(_words, cell["offerings"])])
            sheet.write_string(number, column, text or "(geen aanbod)", filled if text else empty)


def _named(row: Matrix) -> str:
    """The row, and for a societal result where and by when it is wanted and how it stands."""
    about = [row["areaCode"], row["targetPeriod"], STATES.get(row["state"], row["state"])]
    return "\n".join([row["name"], *([" · ".join(filter(None, about))] if row["resultId"] else [])])


def _summed(cell: Matrix) -> Iterator[str]:
    """How many, and the reach together as far as it is known; nothing for an empty cell."""
    count, reach = len(cell["offerings"]), cell["reach"]
    if count:
        realised, intended = (
            "onbekend" if reach[part] is None else f"{reach[part]} (van {reach[f'{part}Known']} bekend)"
            for part in ("realised", "intended")
        )
        yield f"{count} aanbod; bereik samen {realised}, beoogd {intended}:"


def _words(one: Matrix) -> str:
    level = one["effectLevel"]
    ladder = f"trede {level['level']}" if level else "niet vermeld"
    reach = one["realisedReach"] or {}
    realised = {"known": reach.get("value"), "withheld": "afgeschermd"}.get(reach.get("status", ""), "onbekend")
    intended = "onbekend" if one["intendedReach"] is None else one["intendedReach"]
    return f"{one['name']} ({ladder}; bereik {realised} van beoogd {intended})"


def _listed(book: Any, matrix: Matrix) -> None:
    sheet = book.add_worksheet("Aanbod")
    lines = (line for row in matrix["rows"] for cell in row["cells"] for line in _lines(row, cell))
    for number, line in enumerate([list(COLUMNS), *lines]):
        for column, value in enumerate(line):
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.set_column(0, len(COLUMNS) - 1, 18)
    sheet.freeze_panes(1, 0)


def _told(book: Any, matrix: Matrix) -> None:
    sheet = book.add_worksheet("Toelichting")
    sheet.set_column(0, 0, 110)
    for number, text in enumerate([*matrix["explanation"], *_absent(matrix)]):
        sheet.write_string(number, 0, text)


def _absent(matrix: Matrix) -> Iterable[str]:
    return [f"Niet bereikbaar: {', '.join(matrix['absent'])}"] if matrix["absent"] else []


def as_svg(matrix: Matrix) -> str:
    """A heat map: the number of offerings per cell, as a number and a shade; its text alternative says every row."""
    rows = matrix["rows"]
    width, height = LEFT + CELL_WIDTH * len(HEADS) + 20, TOP + CELL_HEIGHT * len(rows) + 20
    title = f"Preventiematrix {', '.join(matrix['areaCodes'])} op {matrix['activeOn']}: aantal aanbod per vak"
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title description" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(_spoken(matrix))}</desc>',
        f'<text x="16" y="28" font-size="16">{escape(title)}</text>',
    ]
    for column, text in enumerate(HEADS.values()):
        drawn.append(f'<text x="{LEFT + CELL_WIDTH * column + 8}" y="{TOP - 12}">{escape(text)}</text>')
    for number, row in enumerate(rows):
        drawn += _drawn_row(row, TOP + CELL_HEIGHT * number)
    return "".join([*drawn, "</svg>"])


def _drawn_row(row: Matrix, top: int) -> Iterator[str]:
    yield f'<text x="16" y="{top + 27}">{escape(_short(row["name"]))}</text>'
    for column, cell in enumerate(row["cells"]):
        count, left = len(cell["offerings"]), LEFT + CELL_WIDTH * column
        shade = min(count, len(SHADES) - 1)
        ink = "#ffffff" if shade > 3 else "#111111"
        yield (
            f'<rect x="{left}" y="{top}" width="{CELL_WIDTH - 4}" height="{CELL_HEIGHT - 4}" fill="{SHADES[shade]}" '
            f'stroke="#666666"/><text x="{left + 62}" y="{top + 26}" fill="{ink}">{count}</text>'
        )


def _short(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:43]}…"


def _spoken(matrix: Matrix) -> str:
    """Every row in words, for those who do not see the picture."""
    return " ".join(
        f"{row['name']}: "
        + ", ".join(f"{HEADS[cell['preventionLevel']].lower()} {len(cell['offerings'])}" for cell in row["cells"])
        + "."
        for row in matrix["rows"]
    )
