"""Sheets of a workbook in one style, into which text goes as text and never as a formula. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

CONTENTS = "Inhoud"
MOST_LETTERS = 32_767  # in one cell
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FILLS = {"worse": "#F9C784", "better": "#BFE3C0", "higher": "#C9D8F0", "lower": "#C9D8F0"}
TOP = {"valign": "top"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1B3A5C"},
    "domain": {"bold": True, "font_size": 13, "font_color": "#1B3A5C", "bottom": 1, "bottom_color": "#1B3A5C"},
    "head": TOP | {"bold": True, "align": "left", "indent": 1, "bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True},
    "text": TOP | {"text_wrap": True, "align": "left", "indent": 1},
    "quoted": TOP | {"text_wrap": True, "align": "left", "indent": 1, "quote_prefix": True},
    "link": TOP | {"font_color": "#0B4F9E", "underline": 1, "text_wrap": True},
}


class Book:
    """A workbook in the making. made_at: ISO 8601; so the same content gives the same bytes."""

    def __init__(self, *, title: str, made_at: str) -> None:
        self.memory = BytesIO()
        self.book = xlsxwriter.Workbook(self.memory, {"in_memory": True})
        made = datetime.fromisoformat(made_at.replace("Z", "+00:00")).astimezone(UTC)
        self.book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        self.styles = {name: self.book.add_format({"font_size": 10} | said) for name, said in STYLES.items()}
        self.fills = {mark: self.book.add_format({"bg_color": colour}) for mark, colour in FILLS.items()}
        self.numbers: dict[int, Any] = {}

    def sheet(self, name: str, title: str, widths: Sequence[int]) -> "Sheet":
        return Sheet(self, name, title, widths)

    def number(self, decimals: int) -> Any:
        if decimals not in self.numbers:
            shown = "#,##0" + ("." + "0" * decimals if decimals else "")
            self.numbers[decimals] = self.book.add_format({"font_size": 10, "num_format": shown, "valign": "top"})
        return self.numbers[decimals]

    def close(self) -> bytes:
        self.book.close()
        return self.memory.getvalue()


class Sheet:
    """A sheet with its title, a way back to the contents, and one page wide on paper."""

    def __init__(self, book: Book, name: str, title: str, widths: Sequence[int]) -> None:
        self.book, self.name, self.sheet = book, name, book.book.add_worksheet(name)
        self.heights: dict[int, int] = {}
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RBladzijde &P van &N")
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(2 if name != CONTENTS else 0, 0)
        self.text(0, 0, title, "title")
        if name != CONTENTS:
            self.link(1, 0, CONTENTS, "Terug naar de inhoud")

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Text as text, also where it looks like a formula; what a cell cannot hold is cut off."""
        self.sheet.write_string(row, column, text[:MOST_LETTERS], self._style(text, style))

    def wide(self, row: int, first: int, last: int, text: str, *, letters: int) -> None:
        """Text over several columns, in a row as high as it needs; letters: how many fit on a line."""
        self.sheet.merge_range(row, first, row, last, "", self._style(text, "text"))
        self.sheet.write_string(row, first, text[:MOST_LETTERS], self._style(text, "text"))
        needed = sum(-(-max(1, len(line)) // letters) for line in text.split("\n"))
        if needed > self.heights.get(row, 1):
            self.heights[row] = needed
            self.sheet.set_row(row, min(400, 14 * needed))

    def _style(self, text: str, style: str) -> Any:
        """quoted: shown with the sign that says "this is text", so that editing the cell makes no formula of it."""
        return self.book.styles["quoted" if style == "text" and text.startswith(FORMULA_STARTS) else style]

    def number(self, row: int, column: int, value: float | None, decimals: int = 0) -> None:
        """A number, or nothing where it is unknown."""
        if value is not None:
            self.sheet.write_number(row, column, value, self.book.number(decimals))

    def formula(self, row: int, column: int, formula: str, value: float | None, decimals: int) -> None:
        """A live formula with the value it has now."""
        self.sheet.write_formula(row, column, formula, self.book.number(decimals), "" if value is None else value)

    def link(self, row: int, column: int, target: str, text: str, *, cell: str = "A1") -> None:
        self.sheet.write_url(row, column, f"internal:'{target}'!{cell}", self.book.styles["link"], text[:255])

    def head(self, row: int, names: Sequence[str]) -> int:
        """A row of column names; returns the row after it."""
        for column, name in enumerate(names):
            self.text(row, column, name, "head")
        return row + 1

    def lines(self, row: int, lines: Sequence[str]) -> int:
        """One line below the other; returns the row after them."""
        for place, line in enumerate(lines):
            self.text(row + place, 0, line)
        return row + len(lines)

    def colour(self, first: int, last: int, column: int, rules: Sequence[tuple[str, str]]) -> None:
        """Colour a column by condition; rules: a mark with the formula that asks for it."""
        for mark, formula in rules:
            rule = {"type": "formula", "criteria": formula, "format": self.book.fills[mark]}
            self.sheet.conditional_format(first, column, last, column, rule)
