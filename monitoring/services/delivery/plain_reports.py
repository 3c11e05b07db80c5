"""The short way of the checks: thousands of reports, most of them right and alike, judged together by their columns.

It finds no fault. What is not plainly right goes the long way (intake.py), which names everything that is wrong; a test
holds both to the same judgement.
"""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from config.errors import Fault
from monitoring.aggregation import UNKNOWN
from monitoring.free_text import wrong_text
from monitoring.measures import MEASURES
from monitoring.received import Columns, Filled, by_column
from monitoring.services.delivery.intake import FIELDS, TEXTS, check, series_of
from monitoring.services.delivery.known import Checked, Known

ABOUT, FIELD_SET = FIELDS[:3], frozenset(FIELDS)


def check_all(
    raws: Sequence[Any], *, known: Known, path: str = "#/{}"
) -> tuple[dict[int, Checked], dict[int, tuple[Fault, ...]]]:
    """The reports that are right, in order, and of each other one everything that is wrong with it.

    Most are right and alike, and judged together by their columns; what is not plainly right is looked at by itself.
    path: pointer to a report in the delivery.
    """
    found, faults = _Plain(known).of(raws), {}
    for number, one in enumerate(found):
        if one is None:
            found[number], faults[number] = check(raws[number], known=known, path=path.format(number))
    return {number: one for number, one in enumerate(found) if one}, {n: wrong for n, wrong in faults.items() if wrong}


class Judgements(dict[Any, Any]):
    """What was judged once in a delivery; anything else is judged when asked for."""

    def __init__(self, judge: Callable[[Any], Any]) -> None:
        super().__init__()
        self.judge = judge

    def __missing__(self, asked: Any) -> Any:
        self[asked] = self.judge(asked)
        return self[asked]


class _Plain:
    """The short way through one delivery: what was right once is right again."""

    def __init__(self, known: Known) -> None:
        self.cities = {code: fact.municipality_code for code, fact in known.facts.items()}
        self.about = Judgements(lambda asked: series_of(dict(zip(ABOUT, asked, strict=True)), known=known))
        self.lived_in = Judgements(lambda asked: asked[1] == UNKNOWN or known.areas.get(asked[1]) == asked[0])

    def of(self, raws: Sequence[Any]) -> list[Checked | None]:
        """Each report that is plainly right; None: look closer."""
        found: list[Checked | None] = [None] * len(raws)
        for columns in raws.by_column() if isinstance(raws, Filled) else by_column(raws):
            try:
                for alike in columns.alike() if columns.fields.keys() <= FIELD_SET else ():
                    for number, one in zip(alike.numbers, self._each(alike), strict=True):
                        found[number] = one
            except TypeError:  # what can be no measure
                continue
        return found

    def _each(self, reports: Columns) -> Sequence[Checked | None]:
        """Where one is not right, each half is judged by itself."""
        found, size = self._together(reports), len(reports.numbers)
        if found is not None or size == 1:
            return found or [None]
        return [*self._each(reports.part(slice(size // 2))), *self._each(reports.part(slice(size // 2, size)))]

    def _together(self, reports: Columns) -> Sequence[Checked] | None:
        """The reports, when nothing is wrong with any."""
        told = reports.fields
        try:
            series = list(map(self.about.__getitem__, zip(*map(told.__getitem__, ABOUT), strict=True)))
            homes = set(zip(map(self.cities.get, told["offeringCode"]), told["areaCode"], strict=True))
            if None in series or not all(map(self.lived_in.__getitem__, homes)):
                return None
            counts = MEASURES[told["measure"][0]].right(reports.counts)
            texts = [_text(told.get(name, ()), longest) for name, longest in TEXTS]
        except (KeyError, TypeError):  # not of the shape that reports have
            return None
        if counts is None or None in texts:
            return None
        parts = zip(series, told["areaCode"], counts, *(text or repeat("") for text in texts), strict=False)
        return list(map(tuple.__new__, repeat(Checked), parts))  # as Checked._make does, for thousands


def _text(column: Sequence[Any], longest: int) -> Sequence[str] | None:
    """Texts as they are kept; None when something is wrong with one."""
    if any(wrong_text(text, longest) for text in set(column)):
        return None
    return [text.strip() for text in column]
