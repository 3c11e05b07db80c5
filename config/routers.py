"""Monitoring models, and they alone, live and migrate in `monitoring`."""

from typing import Any


def store_of(app_label: str) -> str:
    return "monitoring" if app_label == "monitoring" else "default"


class StoreRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return store_of(model._meta.app_label)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return store_of(model._meta.app_label)

    def allow_relation(self, left: Any, right: Any, **hints: Any) -> bool:
        return store_of(left._meta.app_label) == store_of(right._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return store_of(app_label) == db
