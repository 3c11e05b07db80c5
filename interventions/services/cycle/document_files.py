"""Versions of documents as files: asked for, made by a worker from the JSON of the version, and kept as they are.

An edition has its files made when it is frozen; a working version when somebody asks. Two workers that make the same
file at once keep the first.
"""

import hashlib
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import public as accounts
from config.errors import Conflict
from config.ledger import jobs, records
from interventions.documents import render
from interventions.models import DocumentFile
from interventions.models.cycle import CycleVersion
from interventions.services.cycle.telling import RESOURCES, told

STORE, KIND, TASK = "default", "document", "interventions.tasks.make_documents"
VERSIONS: dict[str, Any] = {resource: kind for kind, resource in RESOURCES.items()}


class DocumentNotReady(Conflict):
    """This version exists, but not in this form: nobody asked for it, or a worker is still at it."""

    code = "document-not-ready"


def ask_for(*, version: CycleVersion, form: str, requested_by: str) -> Any:
    """The unfinished job for this file of this asker, or a new one, queued in the running transaction."""
    wanted = _wanted(version, form)
    known = _jobs().filter(requested_by=requested_by, status__in=jobs.UNFINISHED, input=wanted)
    return known.first() or jobs.ask(
        store=STORE, kind=KIND, task=TASK, requested_by=requested_by, given=wanted,
        municipality_code=version.document.municipality_code,  # type: ignore[attr-defined]
    )  # fmt: skip


def stored(*, version: CycleVersion, form: str) -> DocumentFile:
    """The file. Raises DocumentNotReady."""
    found = files_of(version).filter(form=form).first()
    if found is None:
        under_way = _jobs().filter(status__in=jobs.UNFINISHED, input=_wanted(version, form)).exists()
        raise DocumentNotReady(
            _("Een werker maakt dit document nu. Probeer het over enkele seconden opnieuw.")
            if under_way
            else _("Dit document is nog niet gemaakt. Vraag erom met POST op 'documents'.")
        )
    return found


def files_of(version: CycleVersion) -> Any:
    """All forms in which this version exists."""
    return DocumentFile.objects.filter(document_id=version.document_id, number=version.number).order_by("form")  # type: ignore[attr-defined]


def path_of(*, resource: str, document_id: object, number: int, form: str) -> str:
    return f"/v1/{resource}/{document_id}/versions/{number}?format={form}"


def make_asked_documents() -> int:
    """Make every document that waits, oldest first; returns how many jobs came to an end."""
    return jobs.work_off(store=STORE, kind=KIND, carry_out=_carry_out, may=_may)


def _may(job: Any) -> bool:
    return accounts.still_may(actor=job.requested_by, scope="plans.read", municipality_code=job.municipality_code)


def _carry_out(job: Any) -> str:
    wanted = job.input
    version = VERSIONS[wanted["resource"]]._default_manager.select_related("document").get(
        document=wanted["documentId"], number=wanted["number"]
    )  # fmt: skip
    if not files_of(version).filter(form=wanted["form"]).exists():
        _keep(version, wanted["form"])
    return path_of(resource=wanted["resource"], document_id=wanted["documentId"], number=wanted["number"],
                   form=wanted["form"])  # fmt: skip


def _keep(version: CycleVersion, form: str) -> None:
    with translation.override("nl"):  # documents are Dutch, whoever asked and wherever they are made
        content = render(told(version), resource=RESOURCES[type(version)], form=form)
    file = DocumentFile(
        resource=RESOURCES[type(version)], document_id=version.document_id, number=version.number, form=form,  # type: ignore[attr-defined]
        content=content, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        version_checksum=version.checksum,
    )  # fmt: skip
    DocumentFile.objects.bulk_create([file], ignore_conflicts=True)


def _wanted(version: CycleVersion, form: str) -> dict[str, Any]:
    return {"resource": RESOURCES[type(version)], "documentId": str(version.document_id), "number": version.number,  # type: ignore[attr-defined]
            "form": str(form)}  # fmt: skip


def _jobs() -> Any:
    return records.model(STORE, "Job")._default_manager.filter(kind=KIND)
