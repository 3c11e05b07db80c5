"""The smallest count that may be shown: decided per municipality, per measure where it differs, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from config.ledger import records
from monitoring.measures import MEASURES
from monitoring.models import DisclosureMinimum

STORE = "monitoring"
SMALLEST, LARGEST = 3, 1000


@dataclass(frozen=True)
class Chosen:
    """A minimum and why it is what it is."""

    minimum: int
    reason: str = ""


def minimums_of(municipality_code: str, default: int) -> Mapping[str, Chosen]:
    """Measure → its minimum: its own, else that of the municipality, else the default. One query."""
    rows = DisclosureMinimum.objects.filter(municipality_code=municipality_code).order_by("decided_at", "id")
    decided = {row.measure: Chosen(row.minimum, row.reason) for row in rows}
    general = decided.get("", Chosen(default))
    return {measure: decided.get(measure, general) for measure in MEASURES}


def decide(*, municipality_code: str, measure: str, minimum: int, reason: str, actor: str) -> DisclosureMinimum:
    """Decide anew from the next release on; earlier decisions stay to be read. measure: empty is every measure."""
    with transaction.atomic(using=STORE):
        made = DisclosureMinimum.objects.create(
            municipality_code=municipality_code, measure=measure, minimum=minimum, reason=reason, decided_by=actor
        )
        records.audit(
            store=STORE, actor=actor, action="disclosure-minimum.decided", resource="disclosure-minimums",
            resource_code=str(made.id), municipality_code=municipality_code,
            after={"measure": measure or None, "minimum": minimum, "reason": reason},
        )  # fmt: skip
    made.refresh_from_db()
    return made
