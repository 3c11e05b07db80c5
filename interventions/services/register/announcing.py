"""Telling the monitoring store what changed about an offering, and only that (ADR 1, "What crosses, and how")."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from config.ledger import outbox
from config.wake import wake_after_commit
from interventions.coverage import Supply
from interventions.facts import Plain, announcement
from interventions.models import Intervention, Offering, PlanVersion
from interventions.services.register.marking import mark
from interventions.supplies import supply_of

STORE = "default"


@contextmanager
def announcing(*, interventions: Collection[str]) -> Iterator[None]:
    """Announce every offering of these interventions whose facts differ after the block, in the block's transaction.

    Those of which the coverage changed are marked besides, also by a ladder level, which the other store need not know.
    Locks the interventions first: two writes at once each announce what the other wrote before. Five queries before the
    block and four after it, one per offering to announce, and four to mark.
    """
    with transaction.atomic(using=STORE):
        list(Intervention.objects.select_for_update().filter(code__in=interventions).order_by("code").values("code"))
        before = _facts(interventions)
        yield
        after = _facts(interventions)
        changed = [code for code, facts in after.items() if facts != before.get(code)]
        announced = [after[code][0] for code in changed if code not in before or after[code][0] != before[code][0]]
        for facts in announced:
            outbox.write(store=STORE, kind="offering.changed", payload=facts)
        mark(changed)
        if announced:
            wake_after_commit("monitoring.tasks.follow_default", store=STORE)


def announce_agreements(version: PlanVersion) -> None:
    """Announce what a plan of action agrees to measure, in the running transaction: measurement plans follow it."""
    agreements = [
        {key: one[key] for key in ("offeringCode", "measure", "monitorType", "periodKind", "among")}
        for one in version.content["outcomeAgreements"]
    ]
    if agreements:
        outbox.write(store=STORE, kind="plan.agreed", payload={
            "municipalityCode": version.document.municipality_code, "planId": str(version.document_id),
            "actor": version.actor, "day": timezone.localdate(version.made_at).isoformat(), "agreements": agreements,
        })  # fmt: skip
        wake_after_commit("monitoring.tasks.follow_default", store=STORE)


def _facts(interventions: Collection[str]) -> dict[str, tuple[Plain, Supply]]:
    """Offering → what is told of it, and what coverage makes of it."""
    offerings = Offering.objects.filter(intervention__in=interventions).with_facts().order_by("code")
    return {offering.code: (announcement(offering), supply_of(offering)) for offering in offerings}
