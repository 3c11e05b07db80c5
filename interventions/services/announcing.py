"""Telling the monitoring store what changed about an offering, and only that (ADR 1, "What crosses, and how")."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from config.ledger import outbox
from config.wake import wake_after_commit
from interventions.facts import Plain, announcement
from interventions.models import Intervention, Offering, PlanVersion

STORE = "default"


@contextmanager
def announcing(*, interventions: Collection[str]) -> Iterator[None]:
    """Announce every offering of these interventions whose facts differ after the block, in the block's transaction.

    Locks the interventions first: two writes at once each announce what the other wrote before. Five queries before the
    block and four after it, and one per changed offering.
    """
    with transaction.atomic(using=STORE):
        list(Intervention.objects.select_for_update().filter(code__in=interventions).order_by("code").values("code"))
        before = _facts(interventions)
        yield
        changed = [facts for code, facts in _facts(interventions).items() if facts != before.get(code)]
        for facts in changed:
            outbox.write(store=STORE, kind="offering.changed", payload=facts)
        if changed:
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


def _facts(interventions: Collection[str]) -> dict[str, Plain]:
    offerings = Offering.objects.filter(intervention__in=interventions).with_facts().order_by("code")
    return {offering.code: announcement(offering) for offering in offerings}
