"""Three tests for a trend: is there more order in a series than chance gives? Pure.

Each gives a score (its sign is the direction) and the two-sided chance of at least so strong an order without a trend.
Figures of one area in following years are not quite independent; the tests take them as if they were.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from math import erfc, fsum, sqrt
from operator import mul

Counts = tuple[float, float]
"""So many of so many, as in monitoring/statistics.py."""
SMALL = 0.05
"""Below this chance a trend is called clear: the same certainty as everywhere (monitoring/statistics.py)."""


def cochran_armitage(times: Sequence[float], counts: Sequence[Counts]) -> tuple[float, float]:
    """Trend of a proportion over time. Raises ValueError without counts.

    Source: Armitage (1955), Biometrics 11, 375–386.
    """
    return _by_counts(times, counts, lambda share: share * (1 - share))


def poisson_trend(times: Sequence[float], counts: Sequence[Counts]) -> tuple[float, float]:
    """Trend of a rate (events per exposure) over time: the same test with the variance of a Poisson count."""
    return _by_counts(times, counts, lambda rate: rate)


def _by_counts(times: Sequence[float], counts: Sequence[Counts], variance: Callable[[float], float]
               ) -> tuple[float, float]:  # fmt: skip
    """variance: of one unit, from the proportion or rate that all would share without a trend."""
    if not counts:
        raise ValueError("a trend needs counts")
    numbers, sizes = zip(*counts, strict=True)
    total = fsum(sizes)
    share, middle = fsum(numbers) / total, fsum(map(mul, sizes, times)) / total
    away = [time - middle for time in times]
    score = fsum([t * (number - share * size) for t, number, size in zip(away, numbers, sizes, strict=True)])
    spread = variance(share) * fsum([size * t * t for t, size in zip(away, sizes, strict=True)])
    return (score, _two_sided(abs(score) / sqrt(spread))) if spread > 0 else (0.0, 1.0)


def mann_kendall(values: Sequence[float]) -> tuple[float, float]:
    """Trend of values in the order of time, whatever their scale: exact without ties, else by the normal distribution.

    Source: Mann (1945), Econometrica 13, 245–259; Kendall (1975), Rank Correlation Methods, for the ties.
    """
    score = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    count, ties = len(values), [n for n in Counter(values).values() if n > 1]
    if not ties and count <= EXACT:
        return score, _exact(count, abs(score))
    variance = (_spread(count) - sum(map(_spread, ties))) / 18
    if variance <= 0 or score == 0:
        return 0.0, 1.0
    return score, _two_sided((abs(score) - 1) / sqrt(variance))


SQRT2 = sqrt(2)
EXACT = 40  # beyond it the normal distribution is exact enough


def _spread(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


def _exact(count: int, score: int) -> float:
    """The share of all orders that score at least so much either way."""
    orders, pairs = _orders(count), count * (count - 1) // 2
    falls = (pairs - score) // 2  # an order with so many falling pairs scores `score`
    return min(1.0, 2 * sum(orders[: falls + 1]) / sum(orders))


@cache
def _orders(count: int) -> tuple[int, ...]:
    """How many orders of so many things have 0, 1, 2, … falling pairs (Mahonian numbers)."""
    found = [1]
    for size in range(2, count + 1):
        longer = [0] * (len(found) + size - 1)
        for at, number in enumerate(found):
            for shift in range(size):
                longer[at + shift] += number
        found = longer
    return tuple(found)


def _two_sided(z: float) -> float:
    return erfc(z / SQRT2)
