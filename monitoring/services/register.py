"""What profiles show of the register (the other store): names and ranks, and one mark that changes when these do."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

from django.conf import settings
from django.utils import translation

from config.stores import StoreAway
from factors import public as factors
from monitoring.services.meaning import meaning

RANKING = "public-five-elements-2023"
SHOWN_BY = ("config", "monitoring")  # whose code and texts make a profile


@dataclass(frozen=True)
class Science:
    """What the register says, or nothing when its store is away."""

    pillars: tuple[factors.PillarEntry, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    ranking: factors.RankingView | None = None
    absent: tuple[str, ...] = ()

    @property
    def ranks(self) -> dict[str, int | None]:
        return {factor.code: factor.dense_rank for factor in self.ranking.factors} if self.ranking else {}


def science(codes: Iterable[str]) -> Science:
    """Names and ranks of factors, names of pillars and domains."""
    try:
        return Science(factors.pillars(), factors.factor_labels(codes=tuple(codes)),
                       factors.newest_ranking(definition_code=RANKING))  # fmt: skip
    except StoreAway:
        return Science(absent=("factors",))


_marks: dict[str, tuple[float, str | None]] = {}
_looking = Lock()


def mark(language: str) -> str | None:
    """Hash of all that profiles can show of the register and of the code that makes them; None: the store is away.

    Looked up at most once in REGISTER_MILLISECONDS: no transaction spans both stores, so here a moment old is allowed.
    """
    until, known = _marks.get(language, (0.0, None))
    if time.monotonic() < until or not _looking.acquire(blocking=known is None):
        return known  # another request is looking it up just now
    try:
        found = _mark(language)
        _marks[language] = (time.monotonic() + settings.REGISTER_MILLISECONDS / 1000, found)
        return found
    finally:
        _looking.release()


def _mark(language: str) -> str | None:
    codes = {link.target_code for some in meaning().links.values() for link in some if link.target_kind == "factor"}
    with translation.override(language):
        said = science(sorted(codes))
    if said.absent:
        return None
    names = sorted(said.names.items())
    return hashlib.sha256(repr((said.pillars, names, said.ranking, code_digest())).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Of the code and texts as they are on disk when this process first makes a profile."""
    files = [path for app in SHOWN_BY for kind in ("*.py", "*.mo") for path in (settings.BASE_DIR / app).rglob(kind)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()
