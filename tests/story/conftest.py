import shutil
from collections.abc import Iterator

import pytest

from tests.story import running


@pytest.fixture(scope="session")
def service() -> Iterator[running.Service]:
    """One started service with the demo city, for all story tests that only use it."""
    with running.started(running.free_port()) as service:
        yield service
    shutil.rmtree(service.folder, ignore_errors=True)
