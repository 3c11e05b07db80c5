"""Here we start servers ourselves, whatever servers the rest of the suite uses."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.services import BROKER_VARIABLE, STORES, started

GIVEN = (*(name for store in STORES for name in (store.variable, store.owner_variable)), BROKER_VARIABLE)


@pytest.fixture(autouse=True)
def _no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def awkward_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path with a space, longer than the address of a Unix socket may be."""
    return tmp_path_factory.mktemp("services") / "a folder" / ("deep" * 12) / ("deeper" * 12)


@pytest.fixture(scope="session")
def variables(awkward_folder: Path) -> Iterator[dict[str, str]]:
    """What `started` says of the services it runs in the awkward folder."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            for name in GIVEN:
                patch.delenv(name, raising=False)
            found = stack.enter_context(started(awkward_folder))
        yield found
