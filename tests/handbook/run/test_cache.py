"""A kept result is whole or it is not there."""

import contextlib
import sqlite3
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


def changed(folder, statement, *values):
    """What another program does to the file."""
    with contextlib.closing(sqlite3.connect(folder / "cache.db")) as store, store:
        return store.execute(statement, values).fetchall()


def test_a_damaged_entry_is_as_if_it_were_not_there(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    changed(tmp_path, "UPDATE entry SET text = replace(text, 'value', 'other')")
    assert cache.get("k") is None


def test_an_entry_under_another_key_is_not_believed(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    changed(tmp_path, "UPDATE entry SET key = 'other'")
    assert cache.get("other") is None


@pytest.mark.parametrize("rubbish", [b"\x80\x04.", None, 7, "text", "x\n{", b"\xff"])
def test_what_another_program_writes_is_data_and_never_code(tmp_path, rubbish):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    changed(tmp_path, "UPDATE entry SET text = ?", rubbish)
    assert cache.get("k") is None
    cache.put("k", "new")
    assert cache.get("k") == "new"


def test_text_that_is_no_text_is_as_if_it_were_not_there(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    cache.put("l", "other")
    changed(tmp_path, "UPDATE entry SET text = CAST(x'ff00fe' AS TEXT) WHERE key = 'k'")
    assert (cache.get("k"), cache.get("l")) == (None, "other")


def test_a_file_of_another_program_is_replaced(tmp_path):
    changed(tmp_path, "CREATE TABLE entry (key TEXT, text BLOB)")
    cache = Cache(tmp_path)
    cache.put("k", 1)
    assert cache.get("k") == 1


def test_it_stays_within_its_bounds_and_keeps_the_newest(tmp_path):
    cache = Cache(tmp_path, limit=2**20)
    for n in range(100):
        cache.put(f"k{n}", "x" * 50_000)
    assert (tmp_path / "cache.db").stat().st_size < 2**20 + 100_000
    assert cache.get("k99")
    assert cache.get("k0") is None
    cache.put("large", "x" * 2**21)
    cache.put("small", 1)
    assert cache.get("small") == 1


def test_a_folder_that_cannot_be_written_means_no_cache(tmp_path):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "folder")
    cache.put("k", 1)
    assert cache.get("k") is None
    assert cache.subfolder("templates").is_dir()
    cache.close()


def test_a_file_that_another_build_holds_is_neither_waited_for_long_nor_removed(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", 1)
    cache._store.execute("PRAGMA busy_timeout = 50")
    with contextlib.closing(sqlite3.connect(tmp_path / "cache.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert cache.get("k") is None
        other.execute("COMMIT")
    assert cache.get("k") == 1


def test_a_writer_that_is_killed_leaves_every_entry_whole(tmp_path):
    source = (
        "import sys, pathlib, mathref.handbook.run.cache as c\ncache = c.Cache(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10**6):\n    cache.put(str(n % 50), [n] * 1000)\n    print(n, flush=True)"
    )
    for _ in range(3):
        command = [sys.executable, "-c", source, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(60):
                writer.stdout.readline()
            writer.kill()
        cache = Cache(tmp_path)
        assert all(len(set(cache.get(str(n)))) == 1 for n in range(50))


def test_damaged_files_are_replaced(tmp_path):
    cache = Cache(tmp_path)
    cache.put("k", "value")
    cache.close()
    (tmp_path / "cache.db").write_bytes(b"not a database" * 1000)
    cache = Cache(tmp_path)
    assert cache.get("k") is None
    cache.put("k", "new")
    assert cache.get("k") == "new"


def test_a_file_that_is_damaged_while_it_is_open_is_replaced(tmp_path):
    cache = Cache(tmp_path)
    for n in range(200):
        cache.put(str(n), "x" * 1000)
    (tmp_path / "cache.db").write_bytes(b"not a database" * 10_000)
    cache.get("150")
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


def test_what_was_made_is_made_again_only_from_something_else(tmp_path):
    cache, made = Cache(tmp_path), []

    def make():
        made.append("one")
        return ["made", len(made)]

    assert [cache.made(["x", b"1"], make) for _ in range(2)] == [["made", 1]] * 2
    assert cache.made(["x", "1"], make) == ["made", 2]
    assert Cache(tmp_path).made(["x", b"1"], make) == ["made", 1]
    assert Cache(kept=False).made(["x", b"1"], make) == ["made", 3]
