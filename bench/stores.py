"""Throw-away stores for a bench: migrated by their owners, served by the app roles, gone afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import services


@contextmanager
def fresh_stores() -> Iterator[None]:
    """PostgreSQL and Valkey of this bench alone, and Django set up on them; requests to any host are answered."""
    with tempfile.TemporaryDirectory(prefix="fm-bench-") as folder, services.started(Path(folder)) as variables:
        os.environ.update(variables)
        os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
        subprocess.run([sys.executable, "manage.py", "migrate_stores", "-v", "0"], check=True)
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        yield
