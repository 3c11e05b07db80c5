"""Why a factor stands where it stands, for a reader without an account: shared rankings of published versions only."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from config.api.access import anonymous
from config.languages import label, language
from factors.access import visible_definitions, visible_snapshots
from factors.models import RankingDefinition, RankingSnapshot
from factors.pathways import strongest
from factors.reading import Line, Reading, read
from factors.register import Register
from factors.sentences import sentence

MOST_SENTENCES = 3
ELEMENTS = {
    "goals": gettext_lazy("Hoe sterk het verband met de doelen is"),
    "network": gettext_lazy("Hoeveel andere factoren het meetrekt die ook met een doel te maken hebben"),
    "causal": gettext_lazy("Is er bewijs dat het echt de oorzaak is?"),
    "sequence": gettext_lazy("Is er bewijs dat het eerst komt en het gevolg later?"),
    "significant": gettext_lazy("Vinden grote overzichtsstudies een duidelijk effect?"),
    "relevance": gettext_lazy("Hoe sterk het verband met de doelen is"),
    "impact": gettext_lazy("Hoeveel invloed het heeft op andere factoren"),
    "prevalence": gettext_lazy("Hoe vaak het voorkomt"),
    "local": gettext_lazy("Hoe het er in dit gebied voor staat"),
    "partners": gettext_lazy("Wat partners in dit gebied zien"),
}
"""What each element of a score asks, in words for everybody."""


@dataclass(frozen=True)
class OpenRanking:
    """A ranking that everybody may see: code and name of its definition."""

    code: str
    name: str


@dataclass(frozen=True)
class Place:
    """A factor on its place; low and high: between which places it stays under doubt, None without doubt."""

    code: str
    name: str
    place: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Points:
    """What one element adds to a score: its question, and its part of the score in points of a hundred."""

    question: str
    points: float


@dataclass(frozen=True)
class Why:
    """One factor of a ranking of `count` ranked ones: its place, its points, and its strongest paths in sentences."""

    ranking: OpenRanking
    factor: Place
    count: int
    points: tuple[Points, ...]
    sentences: tuple[str, ...]


def open_rankings() -> tuple[OpenRanking, ...]:
    """Shared definitions with a ranking, by code."""
    rows = _definitions().filter(newest_snapshot__isnull=False)
    return tuple(OpenRanking(row.code, label(row)) for row in rows)


def places(definition_code: str) -> tuple[OpenRanking, tuple[Place, ...]] | None:
    """A shared ranking with its ranked factors in order; None when there is none."""
    found = _opened(definition_code)
    if found is None:
        return None
    ranking, reading = found
    return ranking, tuple(_place(line) for line in reading.lines if line.ranked)


def why(definition_code: str, factor_code: str) -> Why | None:
    """None when there is no such shared ranking, or no such factor in it."""
    found = _opened(definition_code)
    lines = found[1].lines if found else ()
    line = next((line for line in lines if line.factor.code == factor_code), None)
    if found is None or line is None:
        return None
    points = tuple(
        Points(str(ELEMENTS.get(element["name"], element["name"])), 100 * element["points"])
        for element in line.told.get("elements", ())
    )
    ranked = sum(line.ranked for line in lines)
    return Why(found[0], _place(line), ranked, points, _sentences(found[1].register, factor_code))


def _definitions() -> QuerySet[RankingDefinition]:
    nobody = anonymous()
    return RankingDefinition.objects.filter(visible_definitions(nobody)).order_by("code")


def _opened(definition_code: str) -> tuple[OpenRanking, Reading] | None:
    row = _definitions().filter(code=definition_code).first()
    if row is None:
        return None
    snapshot = RankingSnapshot.objects.filter(visible_snapshots(anonymous()), pk=row.newest_snapshot_id).first()
    return (OpenRanking(row.code, label(row)), read(snapshot)) if snapshot else None


def _place(line: Line) -> Place:
    told = line.told
    return Place(line.factor.code, label(line.factor), told.get("competition_rank"), told.get("rank_low"),
                 told.get("rank_high"))  # fmt: skip


def _sentences(register: Register, factor_code: str) -> tuple[str, ...]:
    """The strongest path to each goal that is reached, strongest first."""
    phases = {code: factor.life_phases for code, factor in register.factors.items()}
    found = [
        path
        for goal in register.goals
        for path in strongest(register.ways, origin=factor_code, goal=goal, limit=1, phases=phases)
    ]
    rows = {**register.factors, **register.goals}
    best = sorted(found, key=lambda path: (-path.strength, path.codes))[:MOST_SENTENCES]
    return tuple(
        sentence(path, names={code: label(rows[code]) for code in path.codes}, language=language()) for path in best
    )
