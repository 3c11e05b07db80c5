"""Interventions, the factors they work on, and the levels of the effect ladder they held."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from interventions.models import Intervention, InterventionFactor, Recognition
from interventions.services.announcing import STORE, announcing
from interventions.services.writing import Change, audit, write


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
    """Create or replace the description of an intervention."""
    return write(intervention, actor=actor, resource="interventions")


def save_factors(*, intervention: Intervention, links: Collection[FactorLink], actor: str) -> Change:
    """Replace the factors an intervention works on; every offering of it is announced anew if they changed."""
    after = sorted((asdict(link) for link in links), key=lambda link: link["factor_code"])
    with announcing(interventions={intervention.code}):
        known = intervention.factors.order_by("factor_code")
        before = list(known.values("factor_code", "basis", "direction", "source"))
        if before == after:
            return Change.UNCHANGED
        known.all().delete()
        InterventionFactor.objects.bulk_create(
            [InterventionFactor(intervention=intervention, **link) for link in after]
        )
        audit(intervention, actor=actor, action="factors", resource="interventions", before=before, after=after)
        return Change.UPDATED if before else Change.CREATED


def save_recognitions(*, intervention: Intervention, listings: Sequence[Listing], actor: str) -> Change:
    """Replace the history of ladder levels of an intervention; none at all means: never listed."""
    after = sorted((_row(listing) for listing in listings), key=lambda row: str(row["valid_from"]))
    with transaction.atomic(using=STORE):
        Intervention.objects.select_for_update().get(code=intervention.code)
        known = intervention.recognitions.order_by("valid_from")
        before = [_row(_listing(recognition)) for recognition in known]
        if before == after:
            return Change.UNCHANGED
        known.delete()
        Recognition.objects.bulk_create([_recognition(intervention, listing) for listing in listings])
        audit(intervention, actor=actor, action="recognitions", resource="interventions", before=before, after=after)
        return Change.UPDATED if before else Change.CREATED


def _row(listing: Listing) -> dict[str, str | int | None]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(listing).items()}


def _listing(recognition: Recognition) -> Listing:
    names = ("valid_from", "valid_until", "committee", "url", "source")
    given = {name: getattr(recognition, name) for name in names}
    return Listing(level=recognition.level_id, database_code=recognition.database_id, **given)


def _recognition(intervention: Intervention, listing: Listing) -> Recognition:
    given = asdict(listing)
    level, database = given.pop("level"), given.pop("database_code")
    return Recognition(intervention=intervention, level_id=level, database_id=database, **given)
