"""Is a difference more than noise? Intervals for proportions and rates, and the number needed to see one. Pure.

Everything at 95 % certainty, two-sided, unless `z` says otherwise.
"""

from dataclasses import dataclass
from math import ceil, sqrt

Z95 = 1.959963984540054  # 97.5th percentile of the standard normal distribution
Z80 = 0.8416212335729143  # 80th: the usual power of 80 %


@dataclass(frozen=True)
class Interval:
    """From low to high, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Counted:
    """So many of so many: `count` persons out of `total`, or events in `total` units of exposure for a rate."""

    count: float
    total: float

    @property
    def share(self) -> float:
        return self.count / self.total

    @property
    def is_proportion(self) -> bool:
        return self.total > 0 and 0 <= self.count <= self.total

    def without(self, part: "Counted") -> "Counted":
        """The rest of a whole that holds the part."""
        return Counted(self.count - part.count, self.total - part.total)


def wilson(counted: Counted, z: float = Z95) -> Interval:
    """Interval of a proportion, as a share 0–1; sound for small numbers and at 0 and 100 %.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    """
    p, n = counted.share, counted.total
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))


def difference_of_proportions(a: Counted, b: Counted, z: float = Z95) -> Interval:
    """Interval of share(a) − share(b) of two groups without common members, −1 to 1.

    Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (hybrid of two Wilson intervals).
    """
    p, q, around_p, around_q = a.share, b.share, wilson(a, z), wilson(b, z)
    below = sqrt((p - around_p.low) ** 2 + (around_q.high - q) ** 2)
    above = sqrt((around_p.high - p) ** 2 + (q - around_q.low) ** 2)
    return Interval(p - q - below, p - q + above)


def rates_differ(a: Counted, b: Counted, z: float = Z95) -> bool:
    """Whether two rates (events per exposure) differ by more than noise.

    If they are equal, the events of `a` among all events follow its share of the exposure (a binomial); we ask whether
    the Wilson interval leaves that share out. Source: Przyborowski & Wilenski (1940), Biometrika 31, 313–323.
    """
    events = a.count + b.count
    return events > 0 and not wilson(Counted(a.count, events), z).holds(a.total / (a.total + b.total))


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
