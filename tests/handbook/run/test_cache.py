"""A kept result is whole or it is not there."""

import subprocess
import sys

import pytest

from mathref.handbook.run.cache import Cache


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch):
    monkeypatch.delenv("MATHREF_CACHE", raising=False)


def test_what_was_put_is_got_by_another_process(tmp_path):
    Cache(tmp_path).put("k", {"a": [1, "ü"]})
    source = "import sys, pathlib, mathref.handbook.run.cache as c; print(c.Cache(pathlib.Path(sys.argv[1])).get('k'))"
    assert subprocess.check_output([sys.executable, "-c", source, str(tmp_path)], text=True) == "{'a': [1, 'ü']}\n"


def test_a_damaged_entry_is_as_if_it_were_not_there(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    cache._store.set("k", cache._store.get("k").replace("value", "other"))
    assert cache.get("k") is None


def test_an_entry_under_another_key_is_not_believed(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    cache._store.set("other", cache._store.get("k"))
    assert cache.get("other") is None


def test_damaged_files_are_replaced(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    cache.close()
    (tmp_path / "cache.db").write_bytes(b"not a database" * 1000)
    for name in ("cache.db-wal", "cache.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    cache = Cache(tmp_path)
    assert cache.get("k") is None
    cache.put("k", "new")
    assert cache.get("k") == "new"


def test_it_can_be_switched_off(tmp_path, monkeypatch):
    monkeypatch.setenv("MATHREF_CACHE", "0")
    cache = Cache(tmp_path)
    cache.put("k", 1)
    assert cache.get("k") is None
    assert not list(tmp_path.iterdir())


def test_the_environment_names_its_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MATHREF_CACHE_DIR", str(tmp_path / "here"))
    Cache().put("k", 1)
    assert (tmp_path / "here" / "cache.db").exists()
