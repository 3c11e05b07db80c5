"""What a correction changes downstream: the working cells it moves, and by how much. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from monitoring.aggregation import Cell, Combined, Line, aggregate, touched


@dataclass(frozen=True, slots=True)
class Moved:
    """One cell as it was and as it is; None: nobody had delivered for it, or nobody does any more."""

    cell: Cell
    before: Combined | None
    after: Combined | None

    @property
    def size(self) -> int:
        """By how much its counts moved, all together; a count that was or is unknown moved by the other."""
        olds = self.before.counts if self.before else (None,) * len(self.after.counts if self.after else ())
        news = self.after.counts if self.after else (None,) * len(olds)
        return sum(abs((new or 0) - (old or 0)) for old, new in zip(olds, news, strict=True))


def moved(*, before: Collection[Line], after: Collection[Line], others: Iterable[Line]) -> Iterator[Moved]:
    """The cells that differ when `before` became `after` while `others` stayed, largest move first.

    before, after: the corrected reports as they counted and as they count; one that does not count is left out.
    """
    cells = {cell for line in (*before, *after) for cell in touched(line)}
    beside = [line for line in others if not cells.isdisjoint(touched(line))]
    old, new = aggregate([*beside, *before], only=cells), aggregate([*beside, *after], only=cells)
    found = (Moved(cell, old.get(cell), new.get(cell)) for cell in cells if old.get(cell) != new.get(cell))
    yield from sorted(found, key=lambda one: (-one.size, one.cell.subject_kind, one.cell.subject, one.cell.area,
                                              one.cell.period))  # fmt: skip
