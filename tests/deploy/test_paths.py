"""The folders of a run belong to those that should have them, and to nobody else."""

import os
import socket
import stat
from pathlib import Path

import pytest

from deploy.local.application import environment_port, require_free
from deploy.local.children import Failed
from deploy.local.paths import LONGEST_SOCKET_FOLDER, NotPrivate, RunFolder, let_through, socket_folder


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def sockets(tmp_path: Path) -> Path:
    """Where the socket folder of `tmp_path` stands, while nobody made it yet."""
    folder = socket_folder(data=tmp_path, uid=os.geteuid())
    folder.rmdir()
    return folder


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("t")))


def test_a_socket_folder_is_short_private_and_the_same_next_time(tmp_path: Path, sockets: Path) -> None:
    made = socket_folder(data=tmp_path, uid=os.geteuid())

    assert made == sockets == socket_folder(data=tmp_path, uid=os.geteuid())
    assert _mode(made) == 0o700
    assert len(str(made)) <= LONGEST_SOCKET_FOLDER


def test_a_socket_folder_is_short_also_where_temporary_files_stand_deep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 20)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))

    made = socket_folder(data=tmp_path, uid=os.geteuid())
    made.rmdir()

    assert len(str(made)) <= LONGEST_SOCKET_FOLDER


def test_a_socket_folder_open_to_others_is_refused(tmp_path: Path, sockets: Path) -> None:
    sockets.mkdir(mode=0o755)

    with pytest.raises(NotPrivate):
        socket_folder(data=tmp_path, uid=os.geteuid())


def test_a_link_in_the_place_of_a_socket_folder_is_refused(tmp_path: Path, sockets: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    sockets.symlink_to(elsewhere)

    with pytest.raises(NotPrivate):
        socket_folder(data=tmp_path, uid=os.geteuid())


def test_letting_somebody_through_adds_only_the_right_to_pass(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = os.geteuid() + 12345

    changed = let_through(target=closed / "data", uid=stranger)

    assert _mode(closed) == 0o701
    assert closed in changed
    assert let_through(target=closed / "data", uid=stranger) == ()


def test_the_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    folder = RunFolder.at(tmp_path)

    key = folder.secret_key()

    assert folder.secret_key() == key
    assert len(key) > 50
    assert _mode(tmp_path / "secret-key") == 0o600


def test_a_port_in_use_is_named_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(Failed, match="is not free"):
            require_free(other.getsockname()[1])


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(Failed, match="PORT"):
        environment_port()
