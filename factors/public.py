"""The front door of the register: plain values only. Raises StoreAway when its store does not answer."""

from collections.abc import Collection
from dataclasses import dataclass

from config.languages import label
from config.stores import front_door
from factors.canonical import Content
from factors.models import (
    Ambition,
    Domain,
    FactorSynonym,
    ModelVersion,
    Pillar,
    RankingDefinition,
    RankingSnapshot,
    VersionFactor,
    VersionGoal,
)
from factors.reading import Line, read
from factors.register import register_of
from factors.why import OpenRanking, Place, Why, open_rankings, places, why


@dataclass(frozen=True)
class DomainEntry:
    code: str
    name: str


@dataclass(frozen=True)
class PillarEntry:
    code: str
    name: str
    domains: tuple[DomainEntry, ...]


@dataclass(frozen=True)
class AmbitionEntry:
    """An aim for one domain; domain_code None: for the whole pillar."""

    code: str
    name: str
    pillar_code: str
    domain_code: str | None


@dataclass(frozen=True)
class RankedFactor:
    """A factor on its place; without a place both ranks are None and the score is 0.

    rank_low, rank_high: between which places it stays under doubt; None where the ranking was made without doubt.
    """

    code: str
    name: str
    kind: str
    life_domains: tuple[str, ...]
    life_phases: tuple[str, ...]
    dense_rank: int | None
    competition_rank: int | None
    score: float
    ranked: bool
    rank_low: int | None = None
    rank_high: int | None = None


@dataclass(frozen=True)
class RankingView:
    """One stored ranking, factors by rank and then by code, unranked ones last."""

    snapshot_id: str
    model_code: str
    model_version: str
    method: str
    parameter_set: str
    factors: tuple[RankedFactor, ...]


@dataclass(frozen=True)
class LocalRanking:
    """A ranking definition with figures of one area. ranking_id: its newest snapshot, None before the first."""

    code: str
    area_code: str
    ranking_id: str | None


@front_door("default")
def factor_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names in the language of the request, as last published; a code that no published version has is left out."""
    rows = VersionFactor.objects.as_last_published().filter(code__in=codes)
    return {row.code: label(row) for row in rows}


@front_door("default")
def factor_codes() -> frozenset[str]:
    """Every factor that a published version has. One query."""
    return frozenset(VersionFactor.objects.as_last_published().values_list("code", flat=True))


@front_door("default")
def goal_codes() -> frozenset[str]:
    """Every goal that a published version has. One query."""
    return frozenset(VersionGoal.objects.filter(version__status="published").values_list("code", flat=True))


@front_door("default")
def pillars() -> tuple[PillarEntry, ...]:
    """The pillars with their domains, in their own order. Two queries."""
    found: dict[str, list[DomainEntry]] = {}
    for domain in Domain.objects.order_by("order", "code"):
        found.setdefault(domain.pillar_id, []).append(DomainEntry(domain.code, label(domain)))
    rows = Pillar.objects.order_by("order", "code")
    return tuple(PillarEntry(row.code, label(row), tuple(found.get(row.code, ()))) for row in rows)


@front_door("default")
def ambition_labels(*, codes: Collection[str]) -> dict[str, str]:
    """Names of ambitions; an unknown code is left out. One query."""
    return {row.code: label(row) for row in Ambition.objects.filter(code__in=codes)}


@front_door("default")
def ambitions(*, municipality_code: str, variant: str) -> tuple[AmbitionEntry, ...]:
    """The shared ambitions of a set (youth | all-ages) and the municipality's own, in their order. One query."""
    rows = Ambition.objects.filter(variant=variant, municipality_code__in=["", municipality_code])
    return tuple(
        AmbitionEntry(row.code, label(row), row.pillar_id, row.domain_id) for row in rows.order_by("order", "code")
    )


@front_door("default")
def translate_factor_codes(*, scheme: str = "texts", codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Codes used elsewhere → our factor codes, sorted; a code without a mapping is left out."""
    rows = FactorSynonym.objects.filter(scheme=scheme, code__in=codes).order_by("code", "factor_code")
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.code] = (*found.get(row.code, ()), row.factor_code)
    return found


@front_door("default")
def newest_ranking(*, definition_code: str) -> RankingView | None:
    """The newest ranking of a definition; None when there is no such definition or none was computed yet."""
    definition = RankingDefinition.objects.select_related("newest_snapshot").filter(code=definition_code).first()
    return _view(definition.newest_snapshot) if definition and definition.newest_snapshot else None


@front_door("default")
def ranking_of_snapshot(*, snapshot_id: str) -> RankingView | None:
    """One stored ranking, or None."""
    snapshot = RankingSnapshot.objects.filter(pk=snapshot_id).first()
    return _view(snapshot) if snapshot else None


@front_door("default")
def rankings_for_everybody() -> tuple[OpenRanking, ...]:
    """The shared rankings. One query."""
    return open_rankings()


@front_door("default")
def places_for_everybody(*, definition_code: str) -> tuple[OpenRanking, tuple[Place, ...]] | None:
    """A shared ranking with its ranked factors in order, or None."""
    return places(definition_code)


@front_door("default")
def why_this_factor(*, definition_code: str, factor_code: str) -> Why | None:
    """Why a factor stands where it stands in a shared ranking, or None."""
    return why(definition_code, factor_code)


@front_door("default")
def goal_domains(*, model_code: str, version: str) -> dict[str, str]:
    """Goal code → code of the domain it stands for, in one version of a model."""
    rows = VersionGoal.objects.filter(version__model_id=model_code, version__version=version).order_by("code")
    return dict(rows.values_list("code", "domain_code"))


def _view(snapshot: RankingSnapshot) -> RankingView:
    return RankingView(
        snapshot_id=snapshot.pk,
        model_code=snapshot.model_code,
        model_version=snapshot.model_version,
        method=snapshot.method,
        parameter_set=snapshot.parameter_set,
        factors=tuple(_factor(line) for line in read(snapshot).lines),
    )


def _factor(line: Line) -> RankedFactor:
    return RankedFactor(
        code=line.factor.code,
        name=label(line.factor),
        kind=line.factor.kind,
        life_domains=line.factor.life_domains,
        life_phases=line.factor.life_phases,
        dense_rank=line.told.get("dense_rank"),
        competition_rank=line.told.get("competition_rank"),
        score=line.told.get("score", 0.0),
        ranked=line.ranked,
        rank_low=line.told.get("rank_low"),
        rank_high=line.told.get("rank_high"),
    )


@dataclass(frozen=True)
class Step:
    """One relation between two factors of a model: one step of a pathway."""

    from_code: str
    to_code: str


@front_door("default")
def factor_steps(*, model_code: str, version: str) -> tuple[Step, ...]:
    """The relations of a version that go from a factor to a factor, by code; empty for an unknown version."""
    content = _content(model_code, version)
    pairs = sorted((one.from_code, one.to_code) for one in content.relations if one.to_kind == "factor")
    return tuple(Step(*pair) for pair in pairs)


@front_door("default")
def factors_of_goals(*, model_code: str, version: str) -> dict[str, tuple[str, ...]]:
    """Goal code → codes of the factors with a relation straight to it, sorted; empty for an unknown version."""
    found: dict[str, set[str]] = {}
    for one in _content(model_code, version).relations:
        if one.to_kind == "goal":
            found.setdefault(one.to_code, set()).add(one.from_code)
    return {goal: tuple(sorted(codes)) for goal, codes in sorted(found.items())}


@front_door("default")
def factors_towards_outcome(*, model_code: str, version: str, outcome: str) -> tuple[str, ...]:
    """Factors with evidence on an outcome as its source published it (`school drop-out`), by code; a part is enough.

    Capitals, hyphens and spaces count for nothing.
    """
    asked, evidence = _letters(outcome), _content(model_code, version).evidence
    return tuple(sorted({one.from_code for one in evidence if asked and asked in _letters(one.outcome_as_published)}))


@front_door("default")
def published_outcomes(*, model_code: str, version: str) -> tuple[str, ...]:
    """The outcomes that the evidence of a model is about, as its sources published them, in alphabetical order."""
    named = {one.outcome_as_published for one in _content(model_code, version).evidence}
    return tuple(sorted(named - {""}))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _content(model_code: str, version: str) -> Content:
    found = ModelVersion.objects.filter(model_id=model_code, version=version).first()
    return register_of(found).content if found else Content((), (), (), (), ())


@front_door("default")
def local_rankings(*, municipality_code: str, area_codes: Collection[str]) -> tuple[LocalRanking, ...]:
    """Definitions, shared or of the municipality, that take figures of these areas in, by code. One query."""
    rows = RankingDefinition.objects.filter(municipality_code__in=["", municipality_code], area_code__in=area_codes)
    chosen = rows.exclude(local_data={}).order_by("code")
    return tuple(LocalRanking(row.code, row.area_code, row.newest_snapshot_id) for row in chosen)
