"""Writing documents of the cycle: every change is a new version with its reason; an edition is a frozen version."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from config.errors import Conflict, Fault, NotFound
from config.ledger import records
from interventions.documents import FORMS
from interventions.models import AreaAnalysis, PlanOfAction, PlanVersion
from interventions.models.cycle import CycleVersion
from interventions.services.cycle import document_files
from interventions.services.cycle.telling import RESOURCES
from interventions.services.register.announcing import announce_agreements

STORE = "default"
Document = AreaAnalysis | PlanOfAction
Content = dict[str, Any]


class EditionExists(Conflict):
    """This document already has an edition of that name."""

    code = "edition-exists"


def checksum(content: Content) -> str:
    """SHA-256 of the content in canonical JSON: the same content gives the same sum."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def create_document(*, document: Document, content: Content, why: str, actor: str) -> CycleVersion:
    """Store a new document with its first version."""
    with transaction.atomic(using=STORE):
        document.version = 1
        document.save(force_insert=True)
        return _add(document, content, why=why, actor=actor)


def change_document(
    *, kind: type[Document], document_id: UUID, own: Q, seen: Callable[[Document], None],
    content: Callable[[Document, CycleVersion], Content], title: str | None, why: str, actor: str,
) -> CycleVersion:  # fmt: skip
    """Add a version. own: which documents the actor may change; seen: raises if the actor saw an older version.

    content: makes the new content from the document and its newest version. The row is held: no update is lost.
    """
    with transaction.atomic(using=STORE):
        document = _held(kind, document_id, own, seen)
        made = content(document, newest(document))
        document.version += 1
        document.title_nl = title or document.title_nl
        document.save()
        return _add(document, made, why=why, actor=actor)


def freeze(
    *, kind: type[Document], document_id: UUID, own: Q, seen: Callable[[Document], None], edition: str, why: str,
    actor: str, content: Callable[[Document, CycleVersion], Content] = lambda _document, version: version.content,
) -> CycleVersion:  # fmt: skip
    """Freeze the newest version as an edition that stays as it is, and have its files made.

    content: what to keep of the newest version; all of it unless told otherwise. Raises EditionExists.
    """
    with transaction.atomic(using=STORE):
        document = _held(kind, document_id, own, seen)
        if document.versions.filter(edition=edition).exists():
            detail = _("Deze uitgave bestaat al.")
            raise EditionExists(detail, [Fault("#/edition", "edition-exists", detail, value=edition)])
        kept = content(document, newest(document))
        document.version += 1
        document.save()
        frozen = _add(document, kept, why=why, actor=actor, edition=edition)
        for form in FORMS[RESOURCES[type(frozen)]]:
            document_files.ask_for(version=frozen, form=form, requested_by=actor)
        return frozen


def newest(document: Document) -> CycleVersion:
    version: CycleVersion = document.versions.get(number=document.version)
    return version


def _held(kind: type[Document], document_id: UUID, own: Q, seen: Callable[[Document], None]) -> Document:
    document = kind._default_manager.select_for_update().filter(own, id=document_id).first()
    if document is None:
        raise NotFound()
    seen(document)
    return document


def _add(document: Document, content: Content, *, why: str, actor: str, edition: str = "") -> CycleVersion:
    version: CycleVersion = document.versions.create(
        number=document.version, title_nl=document.title_nl, content=content, why_nl=why, actor=actor, edition=edition,
        checksum=checksum(content),
    )  # fmt: skip
    version.refresh_from_db()
    if isinstance(version, PlanVersion):
        announce_agreements(version)
    said = {"version": version.number, "why": why, "edition": edition or None, "checksum": version.checksum}
    records.audit(
        store=STORE, actor=actor, action="frozen" if edition else "versioned", resource=RESOURCES[type(version)],
        resource_code=str(document.id), municipality_code=document.municipality_code, after=said,
    )  # fmt: skip
    return version
