"""The prevention matrix as a heat map (SVG). Pure: plain values in, no script, no outside font.

A matrix is the JSON answer of coverage/matrix: rows with cells, each with its offerings.
"""

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

from interventions.coverage import NOT_STATED
from interventions.matrix_words import Words

Matrix = dict[str, Any]
CELL_WIDTH, CELL_HEIGHT, HEADING, LEFT, TOP, FOOT = 150, 44, 30, 330, 84, 64
SHADES = ("#fde8d7", "#dbe9f6", "#bad6eb", "#89bedc", "#539ecd", "#2171b5", "#0b559f")
LIGHT_INK_FROM = 5  # on darker shades than this one white is the ink with a contrast above 4.5


def as_svg(matrix: Matrix, words: Words) -> str:
    """The number of offerings per cell, as a number and a shade; the text alternative says every row."""
    groups = [(pillar, list(rows)) for pillar, rows in groupby(matrix["rows"], key=lambda row: row["pillarName"])]
    width = LEFT + CELL_WIDTH * len(words.heads) + 20
    bottom = TOP + HEADING * len(groups) + CELL_HEIGHT * len(matrix["rows"])
    title = f"{words.matrix} {matrix['placeName']} {words.on} {words.day(matrix['activeOn'])}: {words.per_cell}"
    return "".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + FOOT}" role="img" '
        f'lang="{words.language}" aria-labelledby="title description" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(_spoken(matrix, words))}</desc>',
        f'<rect width="{width}" height="{bottom + FOOT}" fill="#ffffff"/>',
        _text(16, 28, title, size=16),
        *(_text(LEFT + CELL_WIDTH * column + 8, TOP - 12, text) for column, text in enumerate(words.heads.values())),
        *_grouped(groups),
        _text(16, bottom + 26, words.legend, size=12),
        _text(16, bottom + 46, words.source, size=12),
        "</svg>",
    ])  # fmt: skip


def _grouped(groups: list[tuple[str, list[Matrix]]]) -> Iterator[str]:
    """A heading per pillar, with its rows below it."""
    top = TOP
    for pillar, rows in groups:
        yield _text(16, top + 20, pillar, weight="bold")
        top += HEADING
        for row in rows:
            yield from _row(row, top)
            top += CELL_HEIGHT


def _row(row: Matrix, top: int) -> Iterator[str]:
    lines = wrap(row["name"], 46, max_lines=2, placeholder=" …") or [""]
    for number, line in enumerate(lines):
        yield _text(28, top + (25 if len(lines) == 1 else 17 + 16 * number), line)
    for column, cell in enumerate(row["cells"]):
        count, left = len(cell["offerings"]), LEFT + CELL_WIDTH * column
        shade = min(count, len(SHADES) - 1)
        fill = SHADES[shade] if count or cell["preventionLevel"] != NOT_STATED else "#ffffff"
        ink = "#ffffff" if shade >= LIGHT_INK_FROM else "#111111"
        yield (
            f'<rect x="{left}" y="{top}" width="{CELL_WIDTH - 4}" height="{CELL_HEIGHT - 4}" fill="{fill}" '
            f'stroke="#666666"/><text x="{left + (CELL_WIDTH - 4) // 2}" y="{top + 25}" text-anchor="middle" '
            f'fill="{ink}">{count}</text>'
        )


def _text(x: int, y: int, text: str, *, size: int = 13, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="#111111">{escape(text)}</text>'


def _spoken(matrix: Matrix, words: Words) -> str:
    """Every row in words, for those who do not see the picture."""
    return " ".join(
        f"{row['name']}: "
        + ", ".join(f"{words.heads[cell['preventionLevel']].lower()} {len(cell['offerings'])}" for cell in row["cells"])
        + "."
        for row in matrix["rows"]
    )
