"""A second start loads nothing; another store or other data do load."""

from pathlib import Path

from deploy.local.stamp import fingerprint, is_loaded, note_loaded

STORES = {"DATABASE_URL": "postgresql://a@/factorenmodel", "MONITORING_DATABASE_URL": "postgresql://a@/monitoring"}


def test_what_was_noted_is_loaded(tmp_path: Path):
    wanted = fingerprint(STORES)
    note_loaded(tmp_path / "loaded", wanted)

    assert is_loaded(tmp_path / "loaded", fingerprint(STORES))


def test_nothing_noted_is_not_loaded(tmp_path: Path):
    assert not is_loaded(tmp_path / "loaded", fingerprint(STORES))


def test_another_store_is_not_loaded(tmp_path: Path):
    note_loaded(tmp_path / "loaded", fingerprint(STORES))

    assert not is_loaded(tmp_path / "loaded", fingerprint(STORES | {"DATABASE_URL": "postgresql://a@/elsewhere"}))
