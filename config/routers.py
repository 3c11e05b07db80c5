"""Monitoring models, and they alone, live and migrate in `monitoring`."""

from typing import Any


class StoreRouter:
    monitoring_apps = frozenset({"monitoring"})

    def _store(self, app_label: str) -> str:
        return "monitoring" if app_label in self.monitoring_apps else "default"

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return self._store(model._meta.app_label)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return self._store(model._meta.app_label)

    def allow_relation(self, left: Any, right: Any, **hints: Any) -> bool:
        return self._store(left._meta.app_label) == self._store(right._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return self._store(app_label) == db
