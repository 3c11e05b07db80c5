"""The short way of the checks: thousands of reports, most of them right and alike, judged together by their columns.

It finds no fault. What is not plainly right goes the long way (intake.py), which names everything that is wrong; a test
holds both to the same judgement.
"""

from collections.abc import Callable, Sequence
from typing import Any

from config.errors import Fault
from monitoring.aggregation import UNKNOWN
from monitoring.free_text import wrong_text
from monitoring.measures import MEASURES, Counts, Measure
from monitoring.services.delivery.intake import FIELDS, TEXTS, check, series_of
from monitoring.services.delivery.known import Checked, Known, Series

ABOUT, FIELD_SET, REQUIRED = FIELDS[:3], frozenset(FIELDS), 5


def check_all(
    raws: Sequence[Any], *, known: Known, path: str = "#/{}"
) -> tuple[dict[int, Checked], dict[int, tuple[Fault, ...]]]:
    """The reports that are right, in order, and of each other one everything that is wrong with it.

    Most are right and alike, and judged together by their columns; what is not plainly right is looked at by itself.
    path: pointer to a report in the delivery.
    """
    found, faults = _plain(raws, known), {}
    for number, raw in enumerate(raws):
        if found[number] is None:
            found[number], faults[number] = check(raw, known=known, path=path.format(number))
    return {number: one for number, one in enumerate(found) if one}, {n: wrong for n, wrong in faults.items() if wrong}


class Judgements(dict[Any, Any]):
    """What was judged once in a delivery; anything else is judged when asked for."""

    def __init__(self, judge: Callable[[Any], Any]) -> None:
        super().__init__()
        self.judge = judge

    def __missing__(self, asked: Any) -> Any:
        self[asked] = self.judge(asked)
        return self[asked]


def _plain(raws: Sequence[Any], known: Known) -> list[Checked | None]:
    """The short way, for reports that are plainly right; None: look closer.

    Offering, measure and period are judged together, and so are city and area: what was right once is right again.
    Counts are judged with those of the same measure that deliver the same components.
    """
    about = Judgements(lambda asked: series_of(dict(zip(ABOUT, asked, strict=True)), known=known))
    lived_in = Judgements(lambda asked: asked[1] == UNKNOWN or known.areas.get(asked[1]) == asked[0])
    alike: dict[tuple[str, ...], list[_Part]] = {}
    for number, raw in enumerate(raws):
        try:
            series = about[raw["offeringCode"], raw["measure"], raw["period"]]
            area, counts = raw["areaCode"], raw["counts"]
            if series is None or not lived_in[series.fact.municipality_code, area]:
                continue
            texts = ("", "") if len(raw) == REQUIRED else _plain_texts(raw)
            if None in counts.values():
                counts = _delivered(series.measure, counts)
            if texts is not None and counts is not None:
                alike.setdefault((series.measure.code, *counts), []).append(
                    (number, series, area, tuple(counts.values()), texts)
                )
        except (KeyError, TypeError, AttributeError):  # not of the shape that reports have
            continue
    found: list[Checked | None] = [None] * len(raws)
    for (measure, *names), parts in alike.items():
        judged = _right(MEASURES[measure], names, [part[3] for part in parts])
        for (number, series, area, _values, texts), right in zip(parts, judged, strict=True):
            found[number] = Checked(series, area, right, *texts) if right else None
    return found


_Part = tuple[int, Series, str, tuple[Any, ...], tuple[str, ...]]


def _right(measure: Measure, names: Sequence[str], rows: list[tuple[Any, ...]]) -> Sequence[Counts | None]:
    """The counts of each row that is right. Where one is not, each half is judged by itself."""
    found = measure.right(names, rows)
    if found is not None or len(rows) == 1:
        return found or [None]
    middle = len(rows) // 2
    return [*_right(measure, names, rows[:middle]), *_right(measure, names, rows[middle:])]


def _delivered(measure: Measure, counts: dict[str, Any]) -> dict[str, Any] | None:
    """The counts without those that say null; None when a level of a distribution does, or what nobody knows."""
    null = {name for name, value in counts.items() if value is None}
    if not null.isdisjoint(measure.levels) or not null.issubset(measure.names):
        return None
    return {name: value for name, value in counts.items() if name not in null}


def _plain_texts(raw: dict[str, Any]) -> tuple[str, ...] | None:
    """Own id and explanation; None when there is something wrong with them, or a field that nobody knows."""
    texts = [(raw.get(name), longest) for name, longest in TEXTS]
    if not raw.keys() <= FIELD_SET or any(text is not None and wrong_text(text, longest) for text, longest in texts):
        return None
    return tuple(text.strip() if text else "" for text, _longest in texts)
