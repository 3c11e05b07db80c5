"""Migrate both stores as their owners and give the app roles exactly the rights their models state."""

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from config.stores import STORES, connect_as_owner

RIGHTS = {"append-only": "SELECT, INSERT", "": "SELECT, INSERT, UPDATE, DELETE"}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for store in STORES:
            app_role = connections[store].settings_dict["USER"]
            connect_as_owner(store)
            if self._behind(store):
                call_command("migrate", database=store, verbosity=options["verbosity"], interactive=False)
            self._grant(store, app_role)
            connections[store].close()

    def _behind(self, store: str) -> bool:
        executor = MigrationExecutor(connections[store])
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _grant(self, store: str, app_role: str) -> None:
        """Rights per table as stated; sequences usable; nothing is owned. Repeating it changes nothing."""
        role = sql.Identifier(app_role)
        with connections[store].cursor() as cursor:
            cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
            # loads are staged in tables of their own session (monitoring/services/figures/staging.py)
            database = sql.Identifier(connections[store].settings_dict["NAME"])
            cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, role))
            cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
            cursor.execute(sql.SQL("GRANT SELECT ON django_migrations TO {}").format(role))
            for model in self._models_of(store):
                rights = RIGHTS[getattr(model, "ledger_rights", "")]
                table = sql.Identifier(model._meta.db_table)
                cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), table, role))

    def _models_of(self, store: str) -> list[Any]:
        models = apps.get_models(include_auto_created=True)
        return [m for m in models if m._meta.managed and router.db_for_write(m) == store]
