"""What a ranking is asked of, and the same as canonical inputs: one makes the other, in both directions."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

import orjson
from django.utils.translation import gettext as _

from config.errors import Fault, NotFound, Refusal
from factors.canonical import plain_text
from factors.evidence import StrengthScale
from factors.models import ModelVersion
from factors.ranking import Parameters, Selection, parameter_set
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import InvalidSelection, LocalData, LocalFigure, PartnerScore
from factors.ranking.parameters import UnknownParameterSet
from factors.ranking.standing import Inputs
from factors.register import ranking_model, register_of, said_by

METHOD_VERSIONS = {"rip-2019": "1", "five-elements-2023": "1"}
"""Raised only when the same inputs would give other results."""


class CannotRank(Refusal):
    """What was asked cannot be ranked; `code` says why."""

    code = "invalid-input"


@dataclass(frozen=True)
class Local:
    """Figures of one area as a ranking uses them. cited: per figure the observations it rests on, as plain JSON;
    partners_cited: per factor the released figures."""

    data: LocalData
    reference_code: str | None = None
    cited: tuple[dict[str, Any], ...] = ()
    partners_cited: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Wish:
    """One ranking asked for: a frozen version, a parameter set, a selection; of an area, with doubt, if wanted."""

    version: ModelVersion
    parameters: Parameters
    selection: Selection
    seed: int = 0
    draws: int = 0
    doubts: DoubtParameters = field(default_factory=DoubtParameters)
    local: Local | None = None

    @property
    def data(self) -> LocalData | None:
        return self.local.data if self.local else None


def inputs_of(wish: Wish) -> bytes:
    """Everything a ranking rests on as canonical JSON; its SHA-256 is the id of the snapshot (DOMAIN.md §2).

    Goal weights stand in it as they count: rescaled to average 1, without zeros. Seed and doubt count with draws only.
    Raises CannotRank.
    """
    said = {
        "method": {"code": wish.parameters.method, "version": METHOD_VERSIONS[wish.parameters.method]},
        "parameters": orjson.loads(orjson.dumps(wish.parameters)),
        "selection": _selection(wish),
        "area": wish.local.data.area if wish.local else None,
        "local": _local(wish.local, wish.parameters.method) if wish.local else None,
        "model": {"code": wish.version.model_id, "version": wish.version.version, "checksum": wish.version.checksum},
        "draws": wish.draws,
        "seed": wish.seed if wish.draws else 0,
    }
    return plain_text(said | ({"doubt": asdict(wish.doubts)} if wish.draws else {}))


def _selection(wish: Wish) -> dict[str, Any]:
    selection = wish.selection
    try:
        goals = selection.rescaled_goals(register_of(wish.version).network.goals)
    except InvalidSelection as problem:
        raise refusal(problem) from problem
    return {
        "goals": goals,
        "mode": selection.mode,
        "lifePhases": sorted(set(selection.life_phases)),
        "lifeDomains": sorted(set(selection.life_domains)),
        "kinds": sorted(set(selection.kinds)),
    }


def _local(local: Local, method: str) -> dict[str, Any]:
    """Partners' scores stand in it only when they weigh, so that rankings from before they existed keep their id."""
    figures = sorted(local.data.figures, key=lambda figure: figure.factor)
    told = {
        "form": local.data.form,
        "weight": 0.0 if method == "rip-2019" else local.data.weight,  # not used there
        "reference": local.reference_code,
        "figures": [asdict(figure) for figure in figures],
        "cited": sorted(local.cited, key=lambda each: each["factor"]),
    }
    if not local.data.partner_weight:
        return told
    scores = sorted(local.data.partners, key=lambda each: each.factor)
    cited = sorted(local.partners_cited, key=lambda each: each["factor"])
    partners = {"weight": local.data.partner_weight, "scores": [asdict(each) for each in scores], "cited": cited}
    return told | {"partners": partners}


def wish_from(inputs: dict[str, Any]) -> Wish:
    """The wish that these inputs came from; its version must still be there (versions are never removed).

    Raises NotFound.
    """
    model, chosen = inputs["model"], inputs["selection"]
    rows = ModelVersion.objects.select_related("model").frozen()
    version = rows.filter(model_id=model["code"], version=model["version"]).first()
    if version is None:
        raise NotFound
    return Wish(
        version=version,
        parameters=_parameters(inputs["parameters"]),
        selection=Selection(
            goals=chosen["goals"],
            mode=chosen["mode"],
            life_phases=tuple(chosen["lifePhases"]),
            life_domains=tuple(chosen["lifeDomains"]),
            kinds=tuple(chosen["kinds"]),
        ),
        seed=inputs["seed"],
        draws=inputs["draws"],
        doubts=DoubtParameters(**inputs["doubt"]) if inputs["draws"] else DoubtParameters(),
        local=_local_from(inputs["area"], inputs["local"]) if inputs["local"] else None,
    )


def engine_inputs(wish: Wish) -> Inputs:
    """The wish as the engine compares it: the whole model with its findings, not yet compiled. Five queries."""
    model = ranking_model(said_by(wish.version))
    return Inputs(model=model, parameters=wish.parameters, selection=wish.selection, local=wish.data)


def _parameters(stored: dict[str, Any]) -> Parameters:
    scale = stored["scale"]
    known = {each.name for each in fields(StrengthScale)}
    given = {name: _tuples(value) for name, value in scale.items() if name in known}
    rest = {name: _tuples(value) for name, value in stored.items() if name != "scale"}
    return Parameters(**rest, scale=StrengthScale(**given))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


def _local_from(area: str, stored: dict[str, Any]) -> Local:
    figures = tuple(LocalFigure(**figure) for figure in stored["figures"])
    partners = stored.get("partners") or {"weight": 0.0, "scores": [], "cited": []}
    data = LocalData(
        area, figures, form=stored["form"], weight=stored["weight"],
        partners=tuple(PartnerScore(**each) for each in partners["scores"]), partner_weight=partners["weight"],
    )  # fmt: skip
    return Local(data, stored["reference"], tuple(stored["cited"]), tuple(partners["cited"]))


def named_parameters(method: str, name: str) -> Parameters:
    """Raises CannotRank."""
    try:
        return parameter_set(method, name)
    except UnknownParameterSet as problem:
        detail = _("Deze methode heeft geen parameterset met die naam.")
        raise CannotRank(detail, [Fault("#/parameterSet", "unknown-parameter-set", detail, value=name)]) from problem


def selection_from(stored: dict[str, Any]) -> Selection:
    """A selection from its JSON form: goals [{code, weight}], mode, lifePhase, lifeDomain, kind; absent means all.

    Raises InvalidSelection, KeyError.
    """
    goals = stored.get("goals")
    return Selection(
        goals=None if goals is None else {goal["code"]: float(goal.get("weight", 1.0)) for goal in goals},
        mode=stored.get("mode") or "view",
        life_phases=_one(stored.get("lifePhase")),
        life_domains=_one(stored.get("lifeDomain")),
        kinds=_one(stored.get("kind")),
    )


def _one(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()


def refusal(problem: ValueError) -> CannotRank:
    """The engine's refusal in words and with a place in the request."""
    details = {
        "EmptySelection": ("#/selection", _("Deze selectie laat niets over om te rangschikken.")),
        "AllWeightsZero": ("#/selection/goals", _("Minstens één doel moet een gewicht boven nul hebben.")),
        "InvalidWeight": ("#/selection/goals", _("Een gewicht is een getal van nul of hoger.")),
        "UnknownGoal": ("#/selection/goals", _("Dit doel staat niet in het model: %(code)s.") % {"code": problem}),
        "GapNotInMethod": ("#/localData/form", _("De achterstand (gap) telt alleen mee in five-elements-2023.")),
        "PartnersNotInMethod": (
            "#/localData/partnerWeight",
            _("Cijfers van partners tellen alleen mee in five-elements-2023."),
        ),
        "InvalidBudget": ("#/budget", _("Een budget is een getal van nul of hoger.")),
        "InvalidCost": ("#/costs", _("Kosten zijn een getal boven nul.")),
        "UnknownFactor": ("#/costs", _("Deze factor staat niet in de lijst: %(code)s.") % {"code": problem}),
        "TooManyDraws": ("#/draws", _("Zoveel trekkingen kan niet: %(why)s.") % {"why": problem}),
    }
    location, detail = details.get(type(problem).__name__, ("#/selection", str(problem)))
    code = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(problem).__name__).strip("-")
    return CannotRank(detail, [Fault(location, code, detail)])
