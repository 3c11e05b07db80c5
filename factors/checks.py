"""What a model editor must look at before publishing. Pure: no Django, no clock.

Errors are what cannot be true or cannot be ranked: they block a publication. Warnings are what a reader will ask about.
The words for people stand in the API; here a finding has a code, where it is, and what it is about.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from factors.canonical import Content, EvidenceEntry
from factors.evidence import EVIDENCE_TYPES, MEASURES

Severity = Literal["error", "warning"]
RATIOS = frozenset({"OR", "RR", "HR"})
CORRELATIONS = frozenset({"r", "eta2"})
SKEWED = 0.15
"""An interval is asymmetric when the effect lies further from its middle than this share of its width (ours)."""
ROUNDING = 0.011
"""Published bounds have two decimals: what rounding may move an effect or a bound."""
UNEVEN = 4.0
"""Coverage is uneven when a goal has this many times less evidence than the median goal (ours)."""
OLD = 25
"""A source counts as old after this many years, unless asked otherwise (ours)."""


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """One thing to look at. part and key: the row it is about; about: what else plays a part, in order."""

    severity: Severity
    code: str
    part: str
    key: str
    about: tuple[str, ...] = ()


def check(content: Content, *, year: int, old: int = OLD) -> tuple[Notice, ...]:
    """All notices, errors first, then by code and row. year: this year; sources older than `old` years are told."""
    found = [
        *_references(content),
        *(notice for finding in content.evidence for notice in _effect(finding)),
        *_pairs(content),
        *_sources(content, year - old),
        *_coverage(content),
    ]
    return tuple(sorted(set(found)))


def _references(content: Content) -> Iterator[Notice]:
    """Codes that nothing has, codes given twice, and relations that cannot be."""
    factors, goals = ({row.code for row in rows} for rows in (content.factors, content.goals))
    sources = {row.code for row in content.sources}
    for code in factors & goals:
        yield Notice("error", "duplicate-code", "goals", code)
    for relation in content.relations:
        key = f"{relation.from_code}/{relation.to_code}"
        known = {"factor": factors, "goal": goals}[relation.to_kind]
        for code in [relation.from_code] * (relation.from_code not in factors) + [relation.to_code] * (
            relation.to_code not in known
        ):
            yield Notice("error", "unknown-code", "relations", key, (code,))
        if relation.from_code == relation.to_code:
            yield Notice("warning", "self-loop", "relations", key)
    for finding in content.evidence:
        if finding.source_code not in sources:
            yield Notice("error", "unknown-code", "evidence", finding.code, (finding.source_code,))
    for factor in content.factors:
        if factor.prevalence_source_code and factor.prevalence_source_code not in sources:
            yield Notice("error", "unknown-code", "factors", factor.code, (factor.prevalence_source_code,))
    if not content.factors or not content.goals:
        yield Notice("error", "nothing-to-rank", "factors" if not content.factors else "goals", "")


def _effect(finding: EvidenceEntry) -> Iterator[Notice]:
    """What is wrong with one published effect."""
    size, low, high, measure = finding.effect_size, finding.interval_low, finding.interval_high, finding.effect_measure

    def notice(severity: Severity, code: str, *about: object) -> Notice:
        return Notice(severity, code, "evidence", finding.code, tuple(str(part) for part in about))

    if (measure or size is not None) and measure not in MEASURES:
        yield notice("error", "unknown-measure", measure)
    if finding.evidence_type not in EVIDENCE_TYPES:
        yield notice("error", "unknown-evidence-type", finding.evidence_type)
    for value in (size, low, high):
        if value is None:
            continue
        if measure in RATIOS and value <= 0:
            yield notice("error", "ratio-not-positive", measure, value)
        if (measure == "r" and abs(value) > 1) or (measure == "eta2" and not 0 <= value <= 1):
            yield notice("error", "correlation-out-of-range", measure, value)
    if low is not None and high is not None and low > high:
        yield notice("error", "interval-reversed", low, high)
    elif size is not None and low is not None and high is not None:
        yield from _interval(notice, measure, size, low, high)
    if finding.per_unit:
        yield notice("warning", "effect-per-unit", finding.contrast)
    risk = finding.baseline_risk
    if measure == "RR" and risk is not None and size is not None and (not 0 <= risk < 1 or size * risk >= 1):
        yield notice("error", "baseline-risk-out-of-range", risk)


def _interval(notice, measure: str, size: float, low: float, high: float) -> Iterator[Notice]:  # type: ignore[no-untyped-def]
    if not low - ROUNDING <= size <= high + ROUNDING:
        yield notice("error", "effect-outside-interval", size, low, high)
    elif measure in RATIOS and min(low, size) > 0:
        below, above = math.log(size / low), math.log(high / size)
        slack = ROUNDING / low + ROUNDING / size
        if abs(above - below) / 2 > SKEWED * (above + below) + slack:
            yield notice("warning", "interval-asymmetric", size, low, high)


def _pairs(content: Content) -> Iterator[Notice]:
    """Signs that conflict, pairs that rest on one study, pairs without evidence, units among others."""
    found: dict[str, list[EvidenceEntry]] = defaultdict(list)
    for finding in content.evidence:
        found[f"{finding.from_code}/{finding.to_code}"].append(finding)
    for key, findings in found.items():
        codes = tuple(sorted(finding.code for finding in findings))
        sources = sorted({finding.source_code for finding in findings})
        if len({finding.sign for finding in findings}) > 1:
            yield Notice("warning", "sign-conflict", "relations", key, codes)
        if len(sources) == 1:
            yield Notice("warning", "one-study", "relations", key, tuple(sources))
        sized = {finding.per_unit for finding in findings if finding.effect_size is not None}
        if len(sized) > 1:
            yield Notice("warning", "units-mixed", "relations", key, codes)
    for relation in content.relations:
        key = f"{relation.from_code}/{relation.to_code}"
        if key not in found:
            yield Notice("warning", "no-evidence", "relations", key)


def _sources(content: Content, before: int) -> Iterator[Notice]:
    """Sources that are old, or one publication under two codes."""
    same: dict[str, list[str]] = defaultdict(list)
    for source in content.sources:
        if source.doi:
            same[source.doi.lower().removeprefix("https://doi.org/")].append(source.code)
        if source.year is not None and source.year < before:
            yield Notice("warning", "old-source", "sources", source.code, (str(source.year),))
    for doi, codes in same.items():
        if len(codes) > 1:
            yield Notice("warning", "same-doi", "sources", min(codes), (doi, *sorted(codes)))


def _coverage(content: Content) -> Iterator[Notice]:
    """Goals with far less evidence than the others: a ranking over all goals then follows where research was done."""
    counts = Counter(finding.to_code for finding in content.evidence if finding.to_kind == "goal")
    numbers = sorted(counts.get(goal.code, 0) for goal in content.goals)
    if not numbers:
        return
    median = numbers[len(numbers) // 2]
    for goal in content.goals:
        if counts.get(goal.code, 0) * UNEVEN < median:
            yield Notice("warning", "uneven-coverage", "goals", goal.code, (str(counts.get(goal.code, 0)), str(median)))


def errors(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(notice for notice in notices if notice.severity == "error")
