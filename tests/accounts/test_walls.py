"""What the database itself refuses to the role that web server and workers use."""

import pytest
from django.db import ProgrammingError, connections, transaction

from config.ledger import records
from config.stores import STORES

pytestmark = pytest.mark.usefixtures("stores")


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
def test_the_app_role_cannot_change_what_was_written_down(store, change):
    table = records.model(store, "AuditEntry")._meta.db_table
    records.audit(store=store, actor="client:a", action="tried", resource="x", resource_code="1")

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        with transaction.atomic(using=store), connections[store].cursor() as cursor:
            cursor.execute(change.format(table))

    assert records.model(store, "AuditEntry")._default_manager.filter(action="tried").count() == 1
