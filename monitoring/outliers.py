"""Is a count far from what the same offering delivered before? A question to the partner, never a refusal. Pure."""

from collections.abc import Sequence
from math import fsum, sqrt

EARLIER_NEEDED = 3
WIDTH = 4.0  # standard deviations: about one false question in ten thousand counts


def usual_range(earlier: Sequence[int]) -> tuple[int, int] | None:
    """The range in which a next count is no surprise, or None with fewer than three earlier ones.

    The mean of the earlier counts ± 4 standard deviations, where the variance is that of a Poisson count (the mean, at
    least 1) or, when the earlier ones vary more, their own; enlarged by 1 + 1/n because the mean is itself uncertain.
    """
    if len(earlier) < EARLIER_NEEDED:
        return None
    mean = sum(earlier) / len(earlier)
    spread = fsum((value - mean) ** 2 for value in earlier) / (len(earlier) - 1)
    reach = WIDTH * sqrt(max(mean, spread, 1.0) * (1 + 1 / len(earlier)))
    return max(0, int(mean - reach)), int(mean + reach) + 1
