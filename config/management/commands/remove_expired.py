"""Remove what was kept as long as the settings say, from both stores, as owners; each removal stands in the audit.

For every night, beside the migrations: the roles of web server and workers cannot remove what was written down. Reports
with their history, releases, rankings and documents with their editions are the municipality's: they stay.
"""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from config.ledger.retention import Rule, remove
from config.stores import STORES, connect_as_owner

VERSIONS = ("interventions.AnalysisVersion", "interventions.PlanVersion")


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for store in STORES:
            connect_as_owner(store)
            for rule in rules_of(store):
                before = now - timedelta(days=rule.days)
                gone = remove(store=store, rule=rule, before=before, actor="command:remove_expired")
                self.stdout.write(f"{store} {gone.table}: {gone.count} removed, sha256 {gone.checksum}")
            connections[store].close()


def rules_of(store: str) -> tuple[Rule, ...]:
    """What goes from a store, and after how many days."""
    both = (
        Rule("AuditEntry", "at", settings.AUDIT_DAYS),
        Rule("IdempotencyRecord", "created_at", settings.IDEMPOTENCY_DAYS),
        Rule("Job", "finished_at", settings.JOB_DAYS),
    )
    if store == "monitoring":
        return (
            *both,
            Rule("monitoring.Receipt", "delivered_at", settings.RECEIPT_DAYS),
            Rule("monitoring.ObservationLoad", "finished_at", settings.OBSERVATION_FILE_DAYS),
        )
    return (
        *both,
        # a file says which bytes it holds; it can be made again from its version, and that of an edition stays
        Rule("interventions.DocumentFile", "made_at", settings.DOCUMENT_FILE_DAYS, ~_frozen(), frozenset({"content"})),
        Rule("sessions.Session", "expire_date", 0),
    )


def _frozen() -> Q:
    """Files of editions."""
    found = Q()
    for name in VERSIONS:
        same = apps.get_model(name)._default_manager.filter(document=OuterRef("document_id"), number=OuterRef("number"))
        found |= Q(Exists(same.exclude(edition="")))
    return found
