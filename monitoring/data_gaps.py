"""Factors that rank high but are not measured here, or not lately (DOMAIN.md §4: gaps are results too). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Why = Literal["no-indicator", "no-figure-here", "not-recent"]


@dataclass(frozen=True)
class Gap:
    """A factor without a recent figure. newest: end of the newest period that has one here; None without any."""

    factor_code: str
    why: Why
    indicator_codes: tuple[str, ...]
    newest: date | None


def data_gaps(
    *, factors: Iterable[str], indicators: Mapping[str, Collection[str]], newest: Mapping[str, date], since: date
) -> tuple[Gap, ...]:
    """Gaps in the order of `factors`. indicators: factor → indicators that speak about it.

    newest: indicator → end of the newest period with a figure here. since: an older end is not recent.
    """
    found = (_gap(code, tuple(sorted(indicators.get(code, ()))), newest, since) for code in factors)
    return tuple(gap for gap in found if gap is not None)


def _gap(code: str, indicators: tuple[str, ...], newest: Mapping[str, date], since: date) -> Gap | None:
    if not indicators:
        return Gap(code, "no-indicator", (), None)
    known = [newest[indicator] for indicator in indicators if indicator in newest]
    if not known:
        return Gap(code, "no-figure-here", indicators, None)
    last = max(known)
    return Gap(code, "not-recent", indicators, last) if last < since else None
