"""For the orchestrator, not for users: is the process alive, can it serve. No login, no details."""

from django.core.cache import cache
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from config.stores import STORES

_migrated: set[str] = set()


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when both stores answer and are migrated and the cache answers; 503 otherwise, naming the part."""
    parts = {store: _store_ready(store) for store in STORES} | {"cache": _cache_ready()}
    ready = all(parts.values())
    body = {"status": "ok" if ready else "unavailable", "parts": parts}
    return JsonResponse(body, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


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
