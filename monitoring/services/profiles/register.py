"""What profiles show of the register (the other store): names and ranks, and one mark that changes when these do."""

import hashlib
import time
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Lock

from django.conf import settings
from django.utils import translation

from config.stores import StoreAway
from factors import public as factors
from monitoring.services.figures.meaning import meaning

RANKING = "public-five-elements-2023"
SHOWN_BY = ("config", "monitoring")  # whose code and texts make a profile


@dataclass(frozen=True)
class Science:
    """What the register says in one language, or nothing when its store is away.

    mark: hash of all that profiles can show of it and of the code that makes them; empty when the store is away.
    """

    pillars: tuple[factors.PillarEntry, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    ranking: factors.RankingView | None = None
    absent: tuple[str, ...] = ()
    mark: str = ""

    @cached_property
    def ranks(self) -> dict[str, int | None]:
        return {factor.code: factor.dense_rank for factor in self.ranking.factors} if self.ranking else {}


_known: dict[str, tuple[float, Science]] = {}
_looking = Lock()


def science(language: str) -> Science:
    """Names of pillars and domains, names and ranks of the factors that indicators speak of.

    Looked up at most once in REGISTER_MILLISECONDS: no transaction spans both stores, so here a moment old is allowed.
    """
    until, known = _known.get(language, (0.0, None))
    if known and (time.monotonic() < until or not _looking.acquire(blocking=False)):
        return known  # still good, or another request is looking it up just now
    if not known:
        _looking.acquire()
    try:
        with translation.override(language):
            found = _asked()
        _known[language] = (time.monotonic() + settings.REGISTER_MILLISECONDS / 1000, found)
        return found
    finally:
        _looking.release()


def _asked() -> Science:
    codes = {link.target_code for some in meaning().links.values() for link in some if link.target_kind == "factor"}
    try:
        pillars, names = factors.pillars(), factors.factor_labels(codes=sorted(codes))
        ranking = factors.newest_ranking(definition_code=RANKING)
    except StoreAway:
        return Science(absent=("factors",))
    shown = repr((pillars, sorted(names.items()), ranking, code_digest()))
    return Science(pillars, names, ranking, mark=hashlib.sha256(shown.encode()).hexdigest())


@cache
def code_digest() -> str:
    """Of the code and texts as they are on disk when this process first makes a profile."""
    files = [path for app in SHOWN_BY for kind in ("*.py", "*.mo") for path in (settings.BASE_DIR / app).rglob(kind)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()
