"""For the orchestrator, not for users: is the process alive, can it serve. No login, no details."""

import structlog
from django.core.cache import cache
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.api import problems
from config.methods import read_only
from config.stores import STORES

log = structlog.get_logger(__name__)

_migrated: set[str] = set()


@read_only
def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when both stores answer and are migrated and the cache answers; else 503, with which part in the log."""
    parts = {store: _store_ready(store) for store in STORES} | {"cache": _cache_ready()}
    if all(parts.values()):
        return JsonResponse({"status": "ok"})
    log.warning("not ready", **parts)
    return problems.page(request, 503)


def _store_ready(store: str) -> bool:
    try:
        if store not in _migrated:
            executor = MigrationExecutor(connections[store])
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return False
            _migrated.add(store)
        with connections[store].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _cache_ready() -> bool:
    try:
        cache.set("readyz", 1, 10)
    except Exception:  # redis raises its own and socket errors; any of them means: not ready
        return False
    return True
