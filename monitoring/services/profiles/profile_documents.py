"""Profiles as they were sent, kept so that nobody has to wait for the same one twice (docs/adr/0009).

Two shelves: the monitoring store, for all processes and after a restart, and the memory of this process. From either a
document is taken only after its stamps were found to be those of its areas, by one query that began after the reader
asked (readers of one moment share it), so an old one is never sent.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction

from config.stores import ask
from monitoring.models import ProfileDocument
from monitoring.services.figures.together import Together

STORE = "monitoring"
log = structlog.get_logger(__name__)
PUBLIC = "public"  # who may see what is in it: official figures, so everybody
WELL, FAST = 6, 1  # levels of compression


@dataclass(frozen=True)
class Document:
    """A profile in one language. stamps: of the areas whose figures it shows, and of MEANING, from before it was made.

    made_from: hash of what else it shows. content: UTF-8 JSON; packed: the same, gzip. tag: hash of the content.
    """

    area_code: str
    language: str
    made_from: str
    stamps: Mapping[str, int]
    packed: bytes
    tag: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.packed) + len(self.content)


class Shelf:
    """Documents in memory by area and language; the one that was not asked for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes, self.lock = most_bytes, 0, Lock()
        self.documents: OrderedDict[tuple[str, str], Document] = OrderedDict()

    def find(self, area_code: str, language: str) -> Document | None:
        with self.lock:
            found = self.documents.get((area_code, language))
            if found:
                self.documents.move_to_end((area_code, language))
            return found

    def clear(self) -> None:
        with self.lock:
            self.documents.clear()
            self.bytes = 0

    def put(self, document: Document) -> None:
        key = (document.area_code, document.language)
        with self.lock:
            old = self.documents.pop(key, None)
            self.documents[key] = document
            self.bytes += document.size - (old.size if old else 0)
            while self.bytes > self.most_bytes:
                _key, gone = self.documents.popitem(last=False)
                self.bytes -= gone.size


shelf = Shelf(settings.PROFILE_MEMORY_BYTES)


def recall(area_code: str, language: str, made_from: str) -> Document | None:
    """The document, if it still holds. One query when it is in memory, two when not."""
    document = shelf.find(area_code, language)
    if document is None or document.made_from != made_from or not _holds(document):
        document = _stored(area_code, language, made_from)
        if document is None or not _holds(document):
            return None
        shelf.put(document)
    return document


def document(area_code: str, language: str, made_from: str, stamps: Mapping[str, int], content: bytes, *,
             keep: bool) -> Document:  # fmt: skip
    """What was just made; keep: on both shelves, for whoever asks next."""
    packed, tag = gzip.compress(content, WELL if keep else FAST, mtime=0), hashlib.sha256(content).hexdigest()[:32]
    made = Document(area_code, language, made_from, dict(sorted(stamps.items())), packed, tag, content)
    if keep:
        shelf.put(made)
        _store(made)
    return made


def _store(document: Document) -> None:
    """Where the store takes no writing now, memory has to do."""
    try:
        with transaction.atomic(using=STORE):
            ProfileDocument.objects.bulk_create(
                [ProfileDocument(
                    area_code=document.area_code, language=document.language, audience=PUBLIC,
                    areas=list(document.stamps), stamps=list(document.stamps.values()), made_from=document.made_from,
                    tag=document.tag, content=document.packed)],
                update_conflicts=True, unique_fields=["area_code", "language", "audience"],
                update_fields=["areas", "stamps", "made_from", "tag", "content"])  # fmt: skip
    except DatabaseError as problem:
        log.warning("profile not stored", problem=type(problem).__name__)


def _holds(document: Document) -> bool:
    now = _stamps(document.stamps)
    return all(now[area] == stamp for area, stamp in document.stamps.items())


def _ask_stamps(areas: Collection[str]) -> dict[str, int]:
    rows = ask(STORE, "SELECT area_code, stamp FROM monitoring_figurestate WHERE area_code = ANY(%s)", [list(areas)])
    return dict.fromkeys(areas, 0) | dict(rows)


_stamps = Together(_ask_stamps)


def _stored(area_code: str, language: str, made_from: str) -> Document | None:
    rows = ProfileDocument.objects.filter(area_code=area_code, language=language, audience=PUBLIC, made_from=made_from)
    row = rows.values_list("areas", "stamps", "content", "tag").first()
    if row is None:
        return None
    areas, stamps, content, tag = row
    packed, known = bytes(content), dict(zip(areas, stamps, strict=True))
    return Document(area_code, language, made_from, known, packed, tag, gzip.decompress(packed))
