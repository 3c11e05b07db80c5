"""What a ranking is computed from: a factor model, a selection, figures of one area. Plain frozen values."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from factors.evidence import Record

Kind = Literal["risk", "protective", "promotive"]
KINDS = ("risk", "protective", "promotive")
Mode = Literal["view", "induced"]
LocalForm = Literal["prevalence", "gap"]


class InvalidModel(ValueError):
    """The model cannot be ranked; subclasses name why."""


class ShareOutOfRange(InvalidModel):
    """A share outside 0..1: a percentage where a fraction belongs."""


class UnknownKind(InvalidModel):
    """A factor kind other than risk, protective or promotive."""


class DuplicateCode(InvalidModel):
    """Two factors, two goals, or a factor and a goal with the same code; or two figures of one factor."""


class GoalAsOrigin(InvalidModel):
    """A record starts at a goal: what a goal causes is modelled with a factor."""


class UnknownCode(InvalidModel):
    """A record or figure names a factor or goal that the model does not have."""


class InvalidSelection(ValueError):
    """The selection cannot be ranked; subclasses name why."""


class UnknownGoal(InvalidSelection):
    """A weight for a goal that the model does not have."""


class InvalidWeight(InvalidSelection):
    """A weight that is negative or not a finite number."""


class AllWeightsZero(InvalidSelection):
    """No goal, or no element, has a weight above zero."""


class EmptySelection(InvalidSelection):
    """No goal or no factor is left."""


class UnknownMode(InvalidSelection):
    """A mode other than view or induced."""


class GapNotInMethod(InvalidSelection):
    """The relative gap complements five-elements-2023 only."""


class PartnersNotInMethod(InvalidSelection):
    """Partners' scores complement five-elements-2023 only."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of one model version. prevalence: share of people who have it, 0..1, None when unknown."""

    code: str
    kind: Kind
    prevalence: float | None = None
    life_phases: tuple[str, ...] = ()
    life_domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises UnknownKind, ShareOutOfRange."""
        if self.kind not in KINDS:
            raise UnknownKind(f"{self.code}: {self.kind!r}")
        check_share(self.code, self.prevalence)


@dataclass(frozen=True, slots=True)
class Model:
    """Factors, codes of goals, and records. Order means nothing; records of a self loop are ignored."""

    factors: tuple[Factor, ...]
    goals: tuple[str, ...]
    records: tuple[Record, ...]

    def __post_init__(self) -> None:
        """Raises DuplicateCode, GoalAsOrigin, UnknownCode."""
        factors, goals = {factor.code for factor in self.factors}, set(self.goals)
        if len(factors | goals) < len(self.factors) + len(self.goals):
            raise DuplicateCode("codes of factors and goals must differ")
        for record in self.records:
            if record.origin in goals:
                raise GoalAsOrigin(f"{record.origin} → {record.target}")
            if record.origin not in factors or not (record.target in factors or record.target in goals):
                raise UnknownCode(f"{record.origin} → {record.target}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which goals weigh how much, and which factors are meant.

    goals: weight per goal code, only ratios matter, a goal not named weighs 0; None is every goal equally.
    The filters keep a factor that has any of the named values; empty keeps all. mode view only filters what
    is listed, induced makes the kept factors and the relations between them a model of its own.
    """

    goals: Mapping[str, float] | None = None
    mode: Mode = "view"
    life_phases: tuple[str, ...] = ()
    life_domains: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises UnknownMode."""
        if self.mode not in ("view", "induced"):
            raise UnknownMode(repr(self.mode))

    def keeps(self, factor: Factor) -> bool:
        return (
            _meet(self.life_phases, factor.life_phases)
            and _meet(self.life_domains, factor.life_domains)
            and _meet(self.kinds, (factor.kind,))
        )

    def rescaled_goals(self, known: Iterable[str]) -> dict[str, float]:
        """Every goal with a weight above zero, in order of code, rescaled to average 1 (ranking.md §1.1).

        Raises EmptySelection, UnknownGoal, InvalidWeight, AllWeightsZero.
        """
        codes = set(known)
        weights = self.goals
        if not (codes if weights is None else weights):
            raise EmptySelection("no goal selected")
        if weights is None:
            return dict.fromkeys(sorted(codes), 1.0 / len(codes) * len(codes))  # as below, to the last bit
        if unknown := sorted(weights.keys() - codes):
            raise UnknownGoal(", ".join(unknown))
        check_weights(weights)
        total = math.fsum(weights.values())
        chosen = {code: weights[code] for code in sorted(weights) if weights[code] > 0}
        return {code: weight / total * len(chosen) for code, weight in chosen.items()}


@dataclass(frozen=True, slots=True)
class LocalFigure:
    """Share of people in the area, and in its reference, who have the factor; None when unknown."""

    factor: str
    area: float | None
    reference: float | None = None

    def __post_init__(self) -> None:
        """Raises ShareOutOfRange."""
        check_share(self.factor, self.area)
        check_share(self.factor, self.reference)


@dataclass(frozen=True, slots=True)
class PartnerScore:
    """Mean of the scores that partners' work on a factor got in the area, 0..1."""

    factor: str
    score: float

    def __post_init__(self) -> None:
        """Raises ShareOutOfRange."""
        check_share(self.factor, self.score)


@dataclass(frozen=True, slots=True)
class LocalData:
    """Figures of one area (ranking.md §1.7).

    In rip-2019 the share takes the place of the prevalence, and the weights are not used. In five-elements-2023
    the share, or its relative gap to the reference, is a sixth element of this weight, and the mean of partners'
    scores a seventh of `partner_weight`.
    """

    area: str
    figures: tuple[LocalFigure, ...]
    form: LocalForm = "prevalence"
    weight: float = 0.0
    partners: tuple[PartnerScore, ...] = ()
    partner_weight: float = 0.0

    def __post_init__(self) -> None:
        """Raises InvalidWeight, DuplicateCode."""
        for weight in (self.weight, self.partner_weight):
            if not (math.isfinite(weight) and weight >= 0):
                raise InvalidWeight(f"local data: {weight}")
        for each in (self.figures, self.partners):
            if len({figure.factor for figure in each}) < len(each):
                raise DuplicateCode("one figure per factor")

    @property
    def counting(self) -> dict[str, float]:
        """The elements that these data add to the five, with their weights."""
        weights = {"local": self.weight, "partners": self.partner_weight}
        return {name: weight for name, weight in weights.items() if weight > 0}

    @property
    def complete(self) -> frozenset[str]:
        """Codes of the factors that have all figures this form needs."""
        needed = [figure for figure in self.figures if self.form == "prevalence" or figure.reference is not None]
        return frozenset(figure.factor for figure in needed if figure.area is not None)


def check_share(code: str, share: float | None) -> None:
    """Raises ShareOutOfRange unless the share is unknown or a fraction."""
    if share is not None and not 0 <= share <= 1:
        raise ShareOutOfRange(f"{code}: {share} is not a fraction in 0..1")


def check_weights(weights: Mapping[str, float]) -> None:
    """Raises InvalidWeight, AllWeightsZero."""
    for code, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise InvalidWeight(f"{code}: {weight}")
    if not any(weights.values()):
        raise AllWeightsZero(", ".join(sorted(weights)))


def _meet(wanted: tuple[str, ...], present: tuple[str, ...]) -> bool:
    return not wanted or not set(wanted).isdisjoint(present)
