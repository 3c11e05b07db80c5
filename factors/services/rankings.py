"""Computing rankings and keeping them: one snapshot per set of inputs, for ever."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from config.errors import Fault
from config.ledger import records
from factors.canonical import fingerprint
from factors.models import ModelVersion, RankingDefinition, RankingSnapshot
from factors.ranking import rank
from factors.ranking.doubt import MAX_CELLS, MAX_DRAWS, InvalidDraws, check_draws, doubt
from factors.ranking.drawing import DoubtParameters
from factors.ranking.model import InvalidSelection
from factors.register import register_of
from factors.services.local_figures import local_of
from factors.services.wishes import (
    METHOD_VERSIONS,
    CannotRank,
    Wish,
    inputs_of,
    named_parameters,
    refusal,
    selection_from,
)

__all__ = ["METHOD_VERSIONS", "CannotRank", "Wish", "inputs_of", "recompute_marked", "snapshot_of", "wish_of"]
log = structlog.get_logger(__name__)
AT_ONCE = 20_000
"""Relations up to which a ranking without draws is made while the asker waits: well under a second."""
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def known_snapshot(wish: Wish) -> RankingSnapshot | None:
    """The stored ranking of these inputs, if there is one. Raises CannotRank."""
    return RankingSnapshot.objects.filter(pk=fingerprint(inputs_of(wish))).first()


def is_heavy(wish: Wish) -> bool:
    """Better made by a worker. Raises CannotRank when it asks for more draws than can be made."""
    network = register_of(wish.version).network
    if wish.draws:
        listed = sum(wish.selection.keeps(factor) for factor in network.factors)
        try:
            check_draws(wish.draws, factors=listed)
        except InvalidDraws as problem:
            detail = _("Hoogstens %(most)d trekkingen bij %(count)d factoren.") % {
                "most": min(MAX_DRAWS, MAX_CELLS // max(1, listed)), "count": listed,
            }  # fmt: skip
            raise CannotRank(detail, [Fault("#/draws", "too-many-draws", detail, value=wish.draws)]) from problem
    return wish.draws > 0 or len(network.relations) > AT_ONCE


def snapshot_of(
    *,
    wish: Wish,
    actor: str = "system",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    before_it_is_kept: Callable[[], None] = lambda: None,
) -> tuple[RankingSnapshot, bool]:
    """The stored ranking of these inputs, computed if there was none; and whether it is new.

    progress(done, draws) and cancelled() are called between chunks of draws. Two at once: both compute, one stores,
    both get the same snapshot. before_it_is_kept: what it raises, this raises, and nothing is stored. Raises
    CannotRank, DoubtCancelled.
    """
    inputs = inputs_of(wish)
    identity = fingerprint(inputs)
    if known := RankingSnapshot.objects.filter(pk=identity).first():
        return known, False
    result = _ranked(wish, progress, cancelled)
    with transaction.atomic(using="default"):
        snapshot, new = RankingSnapshot.objects.get_or_create(
            id=identity,
            defaults={
                "municipality_code": wish.version.model.municipality_code,
                "model_code": wish.version.model_id,
                "model_version": wish.version.version,
                "method": wish.parameters.method,
                "parameter_set": wish.parameters.name,
                "area_code": wish.local.data.area if wish.local else "",
                "inputs": inputs.decode(),
                "result": result.decode(),
                "code_commit": settings.CODE_COMMIT,
            },
        )
        if new:
            _note(snapshot, actor)
            before_it_is_kept()
    return snapshot, new


def _note(snapshot: RankingSnapshot, actor: str) -> None:
    records.audit(
        store="default", actor=actor, action="create", resource="rankings", resource_code=snapshot.pk,
        municipality_code=snapshot.municipality_code,
    )  # fmt: skip


def _ranked(wish: Wish, progress: Progress | None, cancelled: Cancelled | None) -> bytes:
    """The result as it is kept: the ranking, and beside it `doubt` when there are draws."""
    network = register_of(wish.version).network
    asked: dict[str, Any] = {"parameters": wish.parameters, "selection": wish.selection, "local": wish.data}
    try:
        ranking = rank(network, **asked)
        if not wish.draws:
            return orjson.dumps(ranking)
        sure = doubt(network, **asked, doubts=wish.doubts, draws=wish.draws, seed=wish.seed, progress=progress,
                     cancelled=cancelled)  # fmt: skip
    except (InvalidSelection, InvalidDraws) as problem:
        raise refusal(problem) from problem
    told = {each.name: getattr(ranking, each.name) for each in fields(ranking)}
    return orjson.dumps(told | {"doubt": sure})


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
    log.info("ranking definition computed", definition=code, marks=len(marks))
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
    local = definition.local_data
    return Wish(
        version=version,
        parameters=named_parameters(definition.method, definition.parameter_set),
        selection=selection_from(definition.selection),
        draws=definition.draws,
        seed=definition.seed,
        doubts=DoubtParameters(**definition.doubt),
        local=local_of(version=version, area_code=definition.area_code, **local)
        if definition.area_code and local
        else None,
    )
