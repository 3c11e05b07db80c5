"""Wait until the workers have nothing left to do: no marks, no jobs, and both outboxes read."""

import time
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from config.ledger import jobs, outbox
from config.ledger.records import model
from config.stores import STORES

MARKS = ("factors.RankingMark", "monitoring.AggregateMark")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--timeout", type=float, default=60, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        until = time.monotonic() + options["timeout"]
        while waiting := [*self._marks(), *self._jobs(), *self._unread()]:
            if time.monotonic() > until:
                raise CommandError(f"still to do: {', '.join(waiting)}")
            time.sleep(0.3)

    def _marks(self) -> list[str]:
        return [name for name in MARKS if apps.get_model(name)._default_manager.exists()]

    def _jobs(self) -> list[str]:
        unfinished = {
            store: model(store, "Job")._default_manager.filter(status__in=jobs.UNFINISHED) for store in STORES
        }
        return [f"jobs of {store}" for store, waiting in unfinished.items() if waiting.exists()]

    def _unread(self) -> list[str]:
        return [source for source in STORES if any(self._behind(source, target) for target in STORES)]

    def _behind(self, source: str, target: str) -> bool:
        """Has `target` a reader that has not read all of `source`'s outbox? The other store must have one."""
        own = Q(reader__endswith=outbox.own_suffix(target))
        cursors = model(target, "OutboxCursor")._default_manager.filter(own if source == target else ~own)
        places = list(cursors.values_list("xid", "position"))
        if source != target:
            places = places or [(0, 0)]
        return any(outbox.read_after(store=source, xid=xid, position=position, limit=1) for xid, position in places)
