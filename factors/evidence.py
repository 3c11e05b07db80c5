"""From published findings to one relation per ordered pair. Pure: no Django, no clock.

A record is one finding of one source on one ordered pair. Its effect is brought to the size of a correlation,
|r| (ranking.md §1.3); the records of a pair together become one relation (§1.4), of which a ranking method
reads a strength.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Sign = Literal["+", "-"]
StrengthMode = Literal["count", "graded", "graded-quality"]

EVIDENCE_TYPES = ("meta-analysis", "review", "longitudinal", "cross-sectional", "other")
"""The evidence tiers, best first."""

LARGEST_R = 0.999
INTERVAL_WIDTH = 3.92
"""Standard errors in a 95% interval."""

_TIER = {name: tier for tier, name in enumerate(EVIDENCE_TYPES)}


class InvalidEvidence(ValueError):
    """A record says something that cannot be true; subclasses name what."""


class UnknownMeasure(InvalidEvidence):
    """The effect measure is not one of MEASURES, or a size is given without a measure."""


class UnknownEvidenceType(InvalidEvidence):
    """The evidence type is not one of EVIDENCE_TYPES."""


class UnknownSign(InvalidEvidence):
    """The sign is neither + nor -."""


class EffectNotFinite(InvalidEvidence):
    """The effect is infinite or not a number."""


class RatioNotPositive(InvalidEvidence):
    """An odds, risk or hazard ratio of zero or less."""


class CorrelationOutOfRange(InvalidEvidence):
    """A correlation outside -1..1, or eta squared outside 0..1."""


class BaselineRiskOutOfRange(InvalidEvidence):
    """A baseline risk outside 0..1 (a percentage?), or one that the risk ratio lifts to 1 or more."""


class MixedPairs(InvalidEvidence):
    """Records of different ordered pairs, or none at all, offered as one relation."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The size of an effect as |r| in 0..0.999, with what the reader must know of the conversion."""

    size: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One published finding: more of `origin` gives more (+) or less (-) of `target`; for a goal + helps it.

    None means unknown. `effect` is as published, in `measure`; its own direction is ignored, `sign` decides.
    `baseline_risk` is a fraction and serves RR only. `source` is the key of what is cited. `interval_low` and
    `interval_high` are the 95% interval as published, in the unit of the effect. `code` names the finding.
    """

    origin: str
    target: str
    sign: Sign
    evidence_type: str
    causal: bool | None = None
    sequence: bool | None = None
    significant: bool | None = None
    measure: str | None = None
    effect: float | None = None
    baseline_risk: float | None = None
    per_unit: bool = False
    source: str = ""
    interval_low: float | None = None
    interval_high: float | None = None
    code: str = ""

    def __post_init__(self) -> None:
        """Raises UnknownSign, UnknownEvidenceType."""
        if self.sign not in ("+", "-"):
            raise UnknownSign(f"{self.origin} → {self.target}: sign {self.sign!r}")
        if self.evidence_type not in _TIER:
            raise UnknownEvidenceType(f"{self.origin} → {self.target}: evidence type {self.evidence_type!r}")


@dataclass(frozen=True, slots=True)
class Relation:
    """What all records of one ordered pair say together.

    rho: signed size, None when no record has an effect that can be converted. sign: +1, -1, or 0 when the
    records cancel out. significant: according to meta-analyses; False means tested, not found, and makes the
    relation inactive. effect_type: the evidence tier the size comes from; best_type: the best tier of any
    record. z: rho in Fisher z. variance: of z by the published intervals of the findings it is the mean of;
    bare: the share of those findings without a usable interval. *_unknown: no record says yes, and not all say
    no.
    """

    origin: str
    target: str
    to_goal: bool
    rho: float | None
    sign: int
    significant: bool | None
    causal: bool
    sequence: bool
    contested: bool
    effect_type: str | None
    best_type: str
    sources: tuple[str, ...]
    flags: tuple[str, ...]
    z: float | None = None
    variance: float = 0.0
    bare: float = 1.0
    causal_unknown: bool = False
    sequence_unknown: bool = False

    @property
    def active(self) -> bool:
        return self.significant is not False

    @property
    def directed(self) -> bool:
        """False for an undirected association (samenhang)."""
        return self.to_goal or self.causal or self.sequence


@dataclass(frozen=True, slots=True)
class StrengthScale:
    """How a relation becomes a strength in 0..1. quality: a multiplier per evidence type."""

    mode: StrengthMode
    r_ref: float = 0.30
    r_missing: float = 0.10
    quality: tuple[tuple[str, float], ...] = tuple(zip(EVIDENCE_TYPES, (1.0, 0.8, 0.7, 0.4, 0.4), strict=True))


def _of_correlation(value: float) -> float:
    if abs(value) > 1:
        raise CorrelationOutOfRange(f"r = {value}")
    return abs(value)


def _of_eta_squared(value: float) -> float:
    if not 0 <= value <= 1:
        raise CorrelationOutOfRange(f"eta squared = {value}")
    return math.sqrt(value)


def _of_difference(value: float) -> float:
    return abs(value) / math.hypot(value, 2)


def _of_ratio(value: float) -> float:
    if value <= 0:
        raise RatioNotPositive(f"ratio = {value}")
    return _of_difference(math.log(value) * math.sqrt(3) / math.pi)


_TO_R: dict[str, Callable[[float], float]] = {
    "r": _of_correlation,
    "z": lambda value: math.tanh(abs(value)),
    "beta": abs,
    "d": _of_difference,
    "g": _of_difference,
    "OR": _of_ratio,
    "RR": _of_ratio,
    "HR": _of_ratio,
    "eta2": _of_eta_squared,
}
MEASURES = tuple(_TO_R)


def convert(measure: str, value: float, *, baseline_risk: float | None = None, per_unit: bool = False) -> Effect:
    """Bring a published effect to |r|, capped at 0.999 (ranking.md §1.3).

    Source: Hasselblad & Hedges 1995 for odds ratios, Zhang & Yu 1998 for risk ratios.
    Flags: rr-taken-as-or (no baseline risk known), hr-taken-as-or, not-comparable (an effect per unit),
    capped.
    Raises a subclass of InvalidEvidence.
    """
    if measure not in _TO_R:
        raise UnknownMeasure(f"measure {measure!r}")
    if not math.isfinite(value):
        raise EffectNotFinite(f"{measure} = {value}")
    if measure == "RR" and baseline_risk is not None:
        value = _odds_ratio(value, baseline_risk)
    size = _TO_R[measure](value)
    notes = {
        "capped": size > LARGEST_R,
        "hr-taken-as-or": measure == "HR",
        "not-comparable": per_unit,
        "rr-taken-as-or": measure == "RR" and baseline_risk is None,
    }
    return Effect(min(size, LARGEST_R), tuple(flag for flag, holds in notes.items() if holds))


def _odds_ratio(risk_ratio: float, baseline_risk: float) -> float:
    if not 0 <= baseline_risk < 1 or risk_ratio * baseline_risk >= 1:
        raise BaselineRiskOutOfRange(f"RR = {risk_ratio} with baseline risk {baseline_risk}")
    return risk_ratio * (1 - baseline_risk) / (1 - risk_ratio * baseline_risk)


def effect_of(record: Record) -> Effect | None:
    """The record's effect as |r|; None when it gives no size. Raises a subclass of InvalidEvidence."""
    if record.effect is None:
        return None
    return convert(record.measure or "", record.effect, baseline_risk=record.baseline_risk, per_unit=record.per_unit)


def standard_error(record: Record) -> float | None:
    """Standard error of the record's effect in Fisher z by its published 95% interval; None when that cannot be told.

    Ratios have (ln high - ln low) / 3.92 on the log scale, other measures (high - low) / 3.92, brought to z by the
    slope of the conversion at the effect (delta method; ranking.md §2.4).
    """
    low, high = record.interval_low, record.interval_high
    if record.effect is None or low is None or high is None or not low <= high:
        return None
    scale = _SCALE[record.measure or ""]
    try:
        if record.measure == "RR" and record.baseline_risk is not None:
            low, high = (_odds_ratio(bound, record.baseline_risk) for bound in (low, high))
        width = (_ON_SCALE[scale](high) - _ON_SCALE[scale](low)) / INTERVAL_WIDTH
    except (BaselineRiskOutOfRange, ValueError):  # a bound of a ratio at or below 0, a risk lifted above 1
        return None
    size = convert(record.measure or "", record.effect, baseline_risk=record.baseline_risk).size
    spread = width * _SLOPE[scale](size)
    return spread if math.isfinite(spread) else None


_SCALE = {
    "r": "r", "z": "z", "beta": "r", "d": "d", "g": "d", "OR": "ln", "RR": "ln", "HR": "ln", "eta2": "root",
}  # fmt: skip
_ON_SCALE: dict[str, Callable[[float], float]] = {
    "r": float,
    "z": float,
    "d": float,
    "ln": lambda ratio: math.log(ratio) * math.sqrt(3) / math.pi,
    "root": math.sqrt,
}
# dz/dx at |r|: z = atanh(r), and with r = d / sqrt(d² + 4) dz/dd = 1 / sqrt(d² + 4) = sqrt(1 - r²) / 2
_SLOPE: dict[str, Callable[[float], float]] = {
    "r": lambda r: 1 / (1 - r * r),
    "z": lambda r: 1.0,
    "d": lambda r: math.sqrt(1 - r * r) / 2,
    "ln": lambda r: math.sqrt(1 - r * r) / 2,
    "root": lambda r: 1 / (1 - r * r),
}


def combine(records: Iterable[Record], *, to_goal: bool) -> Relation:
    """One relation out of all records of one ordered pair (ranking.md §1.4).

    The order of the records changes nothing, nor does giving all of them twice.
    The size is the mean in Fisher z over the best tier that has one. Flags: those of the effects used,
    contested (opposite signs), effect-missing. Raises MixedPairs and what `convert` raises.
    """
    told = tuple(records)
    if len({(record.origin, record.target) for record in told}) != 1:
        raise MixedPairs("one relation needs records of exactly one ordered pair")
    tier, effects = _best_effects(told)
    z = statistics.mean(finding.z for finding in effects) if effects else None
    rho = None if z is None else math.tanh(z)
    majority = sum(_direction(record) for record in told)
    significant = _significance(told)
    contested = abs(majority) < len(told)
    flags = {flag for finding in effects for flag in finding.effect.flags}
    flags |= {"contested"} if contested else set()
    flags |= set() if effects else {"effect-missing"}
    return Relation(
        origin=told[0].origin,
        target=told[0].target,
        to_goal=to_goal,
        rho=rho,
        sign=_sign_of(rho or majority),
        significant=significant,
        causal=significant is not False and any(record.causal for record in told),
        sequence=significant is not False and any(record.sequence for record in told),
        contested=contested,
        effect_type=tier,
        best_type=EVIDENCE_TYPES[min(_TIER[record.evidence_type] for record in told)],
        sources=tuple(sorted({record.source for record in told if record.source})),
        flags=tuple(sorted(flags)),
        z=z,
        variance=_variance(effects),
        bare=_bare(effects),
        causal_unknown=_may_be_so([record.causal for record in told], significant),
        sequence_unknown=_may_be_so([record.sequence for record in told], significant),
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """An effect with its signed Fisher z and, when an interval is published, the standard error of z."""

    z: float
    effect: Effect
    error: float | None


def _variance(effects: Sequence[_Finding]) -> float:
    """Mean of the squared errors that are known, over all findings.

    Not divided by their number again: studies of one pair err together, so counting them makes nothing surer
    (and giving all records twice changes nothing).
    """
    return math.fsum(finding.error**2 for finding in effects if finding.error is not None) / max(1, len(effects))


def _bare(effects: Sequence[_Finding]) -> float:
    return sum(finding.error is None for finding in effects) / max(1, len(effects))


def _may_be_so(said: Sequence[bool | None], significant: bool | None) -> bool:
    return significant is not False and None in said and True not in said


def _best_effects(records: Sequence[Record]) -> tuple[str | None, list[_Finding]]:
    """The best tier with an effect, and its effects."""
    found: dict[int, list[_Finding]] = {}
    for record in records:
        if (effect := effect_of(record)) is not None:
            signed = math.atanh(effect.size) * _direction(record)
            finding = _Finding(signed, effect, standard_error(record))
            found.setdefault(_TIER[record.evidence_type], []).append(finding)
    if not found:
        return None, []
    return EVIDENCE_TYPES[min(found)], found[min(found)]


def _significance(records: Sequence[Record]) -> bool | None:
    """True when any meta-analysis says yes, else False when any says no, else None."""
    said = {record.significant for record in records if record.evidence_type == "meta-analysis"}
    if True in said:
        return True
    return False if False in said else None


def _direction(record: Record) -> int:
    return 1 if record.sign == "+" else -1


def _sign_of(value: float) -> int:
    return (value > 0) - (value < 0)


def strength(relation: Relation, scale: StrengthScale) -> float:
    """How strong the relation counts, 0..1; 0 when tested and not found (ranking.md §1.4 step 5)."""
    if not relation.active:
        return 0.0
    if scale.mode == "count":
        return 1.0
    size = scale.r_missing if relation.rho is None else abs(relation.rho)
    graded = min(1.0, size / scale.r_ref)
    return graded * dict(scale.quality)[relation.best_type] if scale.mode == "graded-quality" else graded
