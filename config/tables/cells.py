"""Cells as a file holds them, and text that no spreadsheet takes for a formula."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a spreadsheet would compute; never evaluated."""

    text: str


@dataclass(frozen=True)
class RawTable:
    """A table as the file has it; each row with its number in the file, cells by column.

    A cell is text, a number, a truth value, a date or a `Formula`; None or an empty text when it is empty.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, Any]], ...]


def escaped(text: str) -> str:
    """An apostrophe before what a spreadsheet would run; also before an apostrophe that is there already."""
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    return text[1:] if _ESCAPED.match(text) else text
