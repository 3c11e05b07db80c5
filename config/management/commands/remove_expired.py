"""Remove what was kept as long as the settings say, from both stores, as owners; each removal stands in the audit.

For every night, beside the migrations: the roles of web server and workers cannot remove what was written down.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from config.ledger.retention import Rule, remove
from config.stores import STORES, connect_as_owner


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        rules = (
            Rule("AuditEntry", "at", settings.AUDIT_DAYS),
            Rule("IdempotencyRecord", "created_at", settings.IDEMPOTENCY_DAYS),
            Rule("Job", "finished_at", settings.JOB_DAYS),
        )
        for store in STORES:
            connect_as_owner(store)
            for rule in rules:
                before = now - timedelta(days=rule.days)
                gone = remove(store=store, rule=rule, before=before, actor="command:remove_expired")
                self.stdout.write(f"{store} {gone.table}: {gone.count} removed, sha256 {gone.checksum}")
            connections[store].close()
