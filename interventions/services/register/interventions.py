"""Interventions, the factors they work on, and the levels of the effect ladder they held."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from config.ledger import outbox
from config.wake import wake_after_commit
from interventions.models import Intervention, InterventionFactor, Recognition
from interventions.services.register.announcing import STORE, announcing
from interventions.services.register.writing import Change, Entry, audit_all, write

AS_TOLD = {"level_id": "level", "database_id": "database_code"}


@dataclass(frozen=True)
class FactorLink:
    """The intervention works on this factor; direction is reduce, strengthen or empty when no source says."""

    factor_code: str
    basis: str
    direction: str = ""
    source: str = ""


@dataclass(frozen=True)
class Listing:
    """A ladder level from–until (exclusive), and who recognised it."""

    level: int
    valid_from: date
    valid_until: date | None = None
    database_code: str | None = None
    committee: str = ""
    url: str = ""
    source: str = ""


def save_intervention(*, intervention: Intervention, actor: str) -> Change:
    """Create or replace the description of an intervention; its offerings are announced anew if their facts changed."""
    with announcing(interventions={intervention.code}):
        return write(intervention, actor=actor, resource="interventions")


def save_factors(*, intervention: Intervention, links: Collection[FactorLink], actor: str) -> Change:
    """Replace the factors an intervention works on; every offering of it is announced anew if they changed."""
    with announcing(interventions={intervention.code}):
        return replace_factors(links={intervention.code: links}, actor=actor)[intervention.code]


def save_recognitions(*, intervention: Intervention, listings: Collection[Listing], actor: str) -> Change:
    """Replace the history of ladder levels of an intervention; none at all means: never listed."""
    with announcing(interventions={intervention.code}):
        return replace_recognitions(listings={intervention.code: listings}, actor=actor)[intervention.code]


def replace_factors(*, links: Mapping[str, Collection[FactorLink]], actor: str) -> dict[str, Change]:
    """Intervention code → its factors from now on. The caller holds the interventions and announces the offerings."""
    told = _replace(InterventionFactor, "factors", {
        code: sorted((asdict(one) for one in ones), key=lambda row: row["factor_code"]) for code, ones in links.items()
    }, links_of(links), actor)  # fmt: skip
    if changed := sorted(code for code, change in told.items() if change != Change.UNCHANGED):
        outbox.write(store=STORE, kind="intervention-factors.changed", payload={"interventionCodes": changed})
        wake_after_commit("factors.tasks.follow_default", store=STORE)
    return told


def replace_recognitions(*, listings: Mapping[str, Collection[Listing]], actor: str) -> dict[str, Change]:
    """Intervention code → its history of ladder levels from now on. The caller holds the interventions."""
    return _replace(Recognition, "recognitions", {
        code: sorted(map(_columns, ones), key=lambda row: row["valid_from"]) for code, ones in listings.items()
    }, {code: list(map(_columns, ones)) for code, ones in listings_of(listings).items()}, actor)  # fmt: skip


def links_of(codes: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Intervention code → the factors it works on now, by factor."""
    return _by_intervention(InterventionFactor, codes, "factor_code", "factor_code", "basis", "direction", "source")


def listings_of(codes: Iterable[str]) -> dict[str, list[Listing]]:
    """Intervention code → its history of ladder levels now, by day."""
    names = ("level_id", "database_id", "valid_from", "valid_until", "committee", "url", "source")
    found = _by_intervention(Recognition, codes, "valid_from", *names)
    return {code: list(map(listing_of, rows)) for code, rows in found.items()}


def listing_of(columns: Mapping[str, Any]) -> Listing:
    """A listing from the columns of its row."""
    given = dict(columns)
    return Listing(level=given.pop("level_id"), database_code=given.pop("database_id"), **given)


def _columns(listing: Listing) -> dict[str, Any]:
    given = asdict(listing)
    return {"level_id": given.pop("level"), "database_id": given.pop("database_code"), **given}


def _by_intervention(model: type[Any], codes: Iterable[str], order: str, *names: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {code: [] for code in codes}
    for row in model.objects.filter(intervention__in=found).values("intervention_id", *names):
        found[row.pop("intervention_id")].append(row)
    return {code: sorted(rows, key=lambda row: row[order]) for code, rows in found.items()}


def _replace(
    model: type[Any], action: str, wanted: Mapping[str, list[Any]], known: Mapping[str, list[Any]], actor: str
) -> dict[str, Change]:
    """Rows by intervention, replaced where they differ. Three queries, however many interventions."""
    changed = [code for code, rows in wanted.items() if rows != known[code]]
    model.objects.filter(intervention__in=[code for code in changed if known[code]]).delete()
    model.objects.bulk_create([model(intervention_id=code, **row) for code in changed for row in wanted[code]])
    audit_all(
        [Entry("interventions", code, action, _told(known[code]), _told(wanted[code])) for code in changed], actor=actor
    )
    done = {code: Change.UPDATED if known[code] else Change.CREATED for code in changed}
    return {code: done.get(code, Change.UNCHANGED) for code in wanted}


def _told(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the audit keeps them: JSON values, by the names of a listing."""
    return [
        {AS_TOLD.get(key, key): str(value) if isinstance(value, date) else value for key, value in row.items()}
        for row in rows
    ]
