"""Loading a file or a batch of observations: checked as a whole, stored whole or not at all, reported row by row.

Small ones at once; large ones are left to a worker (observation_jobs.py).
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from config.errors import Refusal
from config.wake import wake_after_commit
from monitoring.figure_files import Sheet, json_sheet
from monitoring.models import Job, ObservationLoad
from monitoring.models.observation_load import LoadStatus
from monitoring.services.figures.observation_loading import STORE, fault_of, fill, keep, refusal
from monitoring.services.figures.observation_sheets import Delivered, sheet_of

TASK = "monitoring.tasks.load_observation_files"
INLINE_BYTES = 2 * 1024 * 1024  # larger files go to a worker


class RejectedFile(Refusal):
    """Nothing was stored; holds the first 1000 faults."""

    code = "rejected-file"


def new_load(file: Delivered) -> ObservationLoad:
    return ObservationLoad(
        requested_by=file.sender, municipality_code=file.municipality_code, options=file.options,
        digest=hashlib.sha256(file.content).hexdigest(), created_at=timezone.now(),
    )  # fmt: skip


def load_file(file: Delivered, *, dry_run: bool = False) -> ObservationLoad:
    """Load at once. A dry run does all the same, rolls back, and reports faults instead of raising them.

    Raises RejectedFile or UnreadableFile; nothing is stored then.
    """
    return _load(new_load(file), lambda: sheet_of(file), file.dialect, file.source_code, dry_run)


def load_items(
    *, items: Sequence[Any], beside: Iterable[str] = (), sender: str, municipality_code: str = "", dry_run: bool = False
) -> ObservationLoad:
    """The same for a batch of JSON objects. beside: keys next to the items, where none belong."""
    file = Delivered(orjson.dumps(items), "application/json", sender, municipality_code)
    return _load(new_load(file), lambda: json_sheet(items, beside=beside), None, "", dry_run)


def _load(load: ObservationLoad, open_sheet: Callable[[], Sheet], dialect: str | None, source: str,
          dry_run: bool) -> ObservationLoad:  # fmt: skip
    with transaction.atomic(using=STORE):
        fill(load, open_sheet(), dialect, source)
        if load.status == LoadStatus.REFUSED and not dry_run:
            raise RejectedFile(refusal(load), [fault_of(fault) for fault in load.faults])
        keep(load)
        if dry_run:
            transaction.set_rollback(True, using=STORE)
    return load


def queue(file: Delivered) -> ObservationLoad:
    """Leave a large file to a worker; its job has the same id."""
    load = new_load(file)
    load.content = zlib.compress(file.content, 1)
    with transaction.atomic(using=STORE):
        load.save(force_insert=True)
        Job.objects.create(
            id=load.id, kind="observation-file", requested_by=file.sender, municipality_code=file.municipality_code,
            total_count=file.content.count(b"\n") or None, result_path=f"/v1/observation-files/{load.id}",
            input={"digest": load.digest},
        )  # fmt: skip
        wake_after_commit(TASK, store=STORE)
    return load
