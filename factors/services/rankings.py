"""Computing rankings and keeping them: one snapshot per set of inputs, for ever."""

from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from config.ledger import records
from factors.canonical import fingerprint, plain_text
from factors.models import ModelVersion, RankingDefinition, RankingSnapshot
from factors.ranking import Parameters, Selection, parameter_set, rank
from factors.ranking.model import InvalidSelection
from factors.ranking.parameters import UnknownParameterSet
from factors.register import register_of

log = structlog.get_logger(__name__)
METHOD_VERSIONS = {"rip-2019": "1", "five-elements-2023": "1"}
"""Raised only when the same inputs would give other results."""


class CannotRank(Refusal):
    """What was asked cannot be ranked; `code` says why."""

    code = "invalid-input"


@dataclass(frozen=True)
class Wish:
    """One ranking asked for: a frozen version, a parameter set, a selection."""

    version: ModelVersion
    parameters: Parameters
    selection: Selection
    seed: int = 0
    draws: int = 0


def snapshot_of(*, wish: Wish, actor: str = "system") -> tuple[RankingSnapshot, bool]:
    """The stored ranking of these inputs, computed if there was none; and whether it is new. Raises CannotRank.

    Two at once: both compute, one stores, both get the same snapshot.
    """
    inputs = inputs_of(wish)
    identity = fingerprint(inputs)
    if known := RankingSnapshot.objects.filter(pk=identity).first():
        return known, False
    result = _ranked(wish)
    with transaction.atomic(using="default"):
        snapshot, new = RankingSnapshot.objects.get_or_create(
            id=identity,
            defaults={
                "municipality_code": wish.version.model.municipality_code,
                "model_code": wish.version.model_id,
                "model_version": wish.version.version,
                "method": wish.parameters.method,
                "parameter_set": wish.parameters.name,
                "inputs": inputs.decode(),
                "result": result.decode(),
                "code_commit": settings.CODE_COMMIT,
            },
        )
        if new:
            _note(snapshot, actor)
    return snapshot, new


def _note(snapshot: RankingSnapshot, actor: str) -> None:
    records.audit(
        store="default", actor=actor, action="create", resource="rankings", resource_code=snapshot.pk,
        municipality_code=snapshot.municipality_code,
    )  # fmt: skip


def inputs_of(wish: Wish) -> bytes:
    """Everything a ranking rests on as canonical JSON; its SHA-256 is the id of the snapshot (DOMAIN.md §2).

    Goal weights stand in it as they count: rescaled to average 1, without zeros. Raises CannotRank.
    """
    selection = wish.selection
    try:
        goals = selection.rescaled_goals(register_of(wish.version).network.goals)
    except InvalidSelection as problem:
        raise refusal(problem) from problem
    return plain_text(
        {
            "method": {"code": wish.parameters.method, "version": METHOD_VERSIONS[wish.parameters.method]},
            "parameters": orjson.loads(orjson.dumps(wish.parameters)),
            "selection": {
                "goals": goals,
                "mode": selection.mode,
                "lifePhases": sorted(set(selection.life_phases)),
                "lifeDomains": sorted(set(selection.life_domains)),
                "kinds": sorted(set(selection.kinds)),
            },
            "area": None,
            "local": None,
            "model": {
                "code": wish.version.model_id, "version": wish.version.version, "checksum": wish.version.checksum,
            },
            "draws": wish.draws,
            "seed": wish.seed,
        }
    )  # fmt: skip


def _ranked(wish: Wish) -> bytes:
    network = register_of(wish.version).network
    try:
        return orjson.dumps(rank(network, parameters=wish.parameters, selection=wish.selection))
    except InvalidSelection as problem:
        raise refusal(problem) from problem


def refusal(problem: InvalidSelection) -> CannotRank:
    """The engine's refusal in words and with a place in the request."""
    details = {
        "EmptySelection": ("#/selection", _("Deze selectie laat niets over om te rangschikken.")),
        "AllWeightsZero": ("#/selection/goals", _("Minstens één doel moet een gewicht boven nul hebben.")),
        "InvalidWeight": ("#/selection/goals", _("Een gewicht is een getal van nul of hoger.")),
        "UnknownGoal": ("#/selection/goals", _("Dit doel staat niet in het model: %(code)s.") % {"code": problem}),
    }
    location, detail = details.get(type(problem).__name__, ("#/selection", str(problem)))
    code = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(problem).__name__).strip("-")
    return CannotRank(detail, [Fault(location, code, detail)])


def recompute_marked() -> int:
    """Bring every marked definition up to date; returns how many were computed.

    One transaction each: a crash, or a fault in one definition, keeps that one's marks and no other from its turn.
    """
    marked = RankingDefinition.objects.marked().order_by("code").values_list("code", flat=True)
    return sum(_recompute(code) for code in list(marked))


def _recompute(code: str) -> bool:
    try:
        return _claim_and_move(code)
    except Exception:
        log.exception("ranking definition not computed", definition=code)
        return False


def _claim_and_move(code: str) -> bool:
    """Claim a definition that no other worker holds, move it to its ranking of today and delete the marks read.

    However many marks: one computation. The claim locks the definition without barring new marks; a mark that comes in
    while we compute stays and gives another (then mostly ready) turn.
    """
    with transaction.atomic(using="default"):
        claimed = RankingDefinition.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=code)
        definition = claimed.marked().first()
        if definition is None:
            return False
        marks = list(definition.marks.values_list("pk", flat=True))
        _move(definition)
        definition.marks.filter(pk__in=marks).delete()
    return True


def _move(definition: RankingDefinition) -> None:
    """Point the definition to the ranking of today, or note why there is none and leave it where it was."""
    try:
        snapshot, _new = snapshot_of(wish=wish_of(definition))
    except CannotRank as problem:
        definition.problem = problem.faults[0].code
        log.warning("ranking definition cannot be computed", definition=definition.code, problem=definition.problem)
    else:
        definition.newest_snapshot, definition.problem = snapshot, ""
    definition.save(update_fields=["newest_snapshot", "problem"])


def wish_of(definition: RankingDefinition) -> Wish:
    """What the definition asks for today. Raises CannotRank when its model has no version to rank."""
    versions = ModelVersion.objects.select_related("model")
    version = (
        versions.frozen().filter(model_id=definition.model_code, version=definition.model_version).first()
        if definition.model_version
        else versions.latest_of(definition.model_code)
    )
    if version is None:
        raise CannotRank("", [Fault("#/modelVersion", "no-published-version", _("Er is geen gepubliceerde versie."))])
    return Wish(
        version=version,
        parameters=named_parameters(definition.method, definition.parameter_set),
        selection=selection_from(definition.selection),
    )


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
