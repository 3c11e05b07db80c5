"""Is a difference more than noise? Intervals for proportions and rates, and the number needed to see one. Pure.

Everything at 95 % certainty, two-sided, unless `z` says otherwise.
"""

from collections.abc import Callable
from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple

from scipy.special import gammaincinv

Z95 = 1.959963984540054  # 97.5th percentile of the standard normal distribution
Z80 = 0.8416212335729143  # 80th: the usual power of 80 %


class Interval(NamedTuple):
    """From low to high, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


class Counted(NamedTuple):
    """So many of so many: `number` persons out of `total`, or events in `total` units of exposure for a rate."""

    number: float
    total: float

    @classmethod
    def of(cls, number: float | None, total: float | None) -> "Counted | None":
        """None where either is unknown or there was nothing to count from."""
        return None if number is None or not total else cls(number, total)

    @property
    def share(self) -> float:
        return self.number / self.total

    @property
    def is_proportion(self) -> bool:
        return self.total > 0 and 0 <= self.number <= self.total

    def without(self, part: "Counted") -> "Counted":
        """The rest of a whole that holds the part."""
        return Counted(self.number - part.number, self.total - part.total)


def wilson(counted: Counted, z: float = Z95) -> Interval:
    """Interval of a proportion, as a share 0–1; sound for small numbers and at 0 and 100 %.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    """
    (number, n), zz = counted, z * z
    p, shrunk = number / n, 1 + zz / n
    middle = (p + zz / (2 * n)) / shrunk
    half = z / shrunk * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = middle - half, middle + half
    low, high = (low if low < p else p), (high if high > p else p)  # rounding may not leave p itself out
    return Interval(low if low > 0 else 0.0, high if high < 1 else 1.0)


def poisson(counted: Counted, z: float = Z95) -> Interval:
    """Exact interval of a rate (events per unit of exposure); sound for few events and for none.

    Source: Garwood (1936), Biometrika 28, 437–442, by the gamma distribution.
    """
    tail = 1 - NormalDist().cdf(z)
    low = float(gammaincinv(counted.number, tail)) if counted.number > 0 else 0.0
    return Interval(low / counted.total, float(gammaincinv(counted.number + 1, 1 - tail)) / counted.total)


def difference_of_proportions(a: Counted, b: Counted, z: float = Z95) -> Interval:
    """Interval of share(a) − share(b) of two groups without common members, −1 to 1.

    Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (hybrid of two Wilson intervals).
    """
    return _difference(a, b, wilson, z)


def difference_of_rates(a: Counted, b: Counted, z: float = Z95) -> Interval:
    """Interval of rate(a) − rate(b), events per unit of exposure, of two groups without common events.

    Source: Zou & Donner (2008), Statistics in Medicine 27, 1693–1702 (MOVER), here with two exact intervals.
    """
    return _difference(a, b, poisson, z)


def _difference(a: Counted, b: Counted, around: Callable[[Counted, float], Interval], z: float) -> Interval:
    """The interval of a difference from those of its two sides."""
    p, q, (p_low, p_high), (q_low, q_high) = a.share, b.share, around(a, z), around(b, z)
    below = sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    above = sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return Interval(p - q - below, p - q + above)


def number_needed(benchmark_share: float, difference: float) -> int | None:
    """How many must be counted to see this difference from a benchmark share: 95 % certainty, 80 % power.

    difference: as a share, not 0. None if it leads outside 0–1, where there is nothing to see.
    Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., §2.5 (one sample).
    """
    other = benchmark_share + difference
    if difference == 0 or not 0 <= other <= 1:
        return None
    spread = Z95 * sqrt(benchmark_share * (1 - benchmark_share)) + Z80 * sqrt(other * (1 - other))
    return max(1, ceil((spread / difference) ** 2))


def exposure_needed(benchmark_rate: float, difference: float) -> int | None:
    """How many units of exposure are needed to see this difference from a benchmark rate: 95 % certainty, 80 % power.

    difference: in events per unit, not 0. None if it leads below 0.
    Source: the same as `number_needed`, with the variance of a Poisson count.
    """
    other = benchmark_rate + difference
    if difference == 0 or other < 0:
        return None
    spread = Z95 * sqrt(benchmark_rate) + Z80 * sqrt(other)
    return max(1, ceil((spread / difference) ** 2))
