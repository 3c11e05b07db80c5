"""What is wrong with a file: each fault at its sheet, row and column."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault in a file. row: as the spreadsheet counts, 1 is the header, 0 the whole sheet. code: what is wrong."""

    sheet: str
    row: int
    column: str
    code: str
    value: str | None = None
    expected: str | None = None


class FaultyTables(ValueError):
    """The file cannot be taken over; carries every flaw found, up to 1,000."""

    def __init__(self, flaws: Collection[Flaw]) -> None:
        super().__init__(f"{len(flaws)} faults")
        self.flaws = tuple(sorted(flaws, key=lambda f: (f.sheet, f.row, f.column, f.code)))[:MOST_FAULTS]


def nearest(value: str, known: Collection[str]) -> str | None:
    """The known code most like this one; None when none is."""
    found = difflib.get_close_matches(value.strip().lower().replace("_", "-"), sorted(known), 1, 0.5)
    return found[0] if found else None
