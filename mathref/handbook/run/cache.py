"""Results kept on disk between builds: text in one bounded SQLite file, each entry proved whole when it is read."""

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

_BYTES = 256 * 2**20
_LAYOUT = 1  # a file that says another number was written by something else and is replaced
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Cache:
    """A mapping from digests to what JSON can hold, shared by builds at once. With MATHREF_CACHE=0 it keeps nothing."""

    def __init__(self, folder: Path | None = None, limit: int = _BYTES, kept: bool = True) -> None:
        self._folder = folder or Path(os.environ.get("MATHREF_CACHE_DIR") or user_cache_dir("mathref"))
        self._file, self._limit = self._folder / "cache.db", limit
        self._store: sqlite3.Connection | None = None
        self._temporary: list[tempfile.TemporaryDirectory[str]] = []
        self._one_at_a_time = threading.RLock()
        if kept and os.environ.get("MATHREF_CACHE") != "0":
            self._open()

    def _open(self) -> None:
        """Open the file, or a new one in the place of what is none; where nothing can be written, build without."""
        for _ in range(2):
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._store = self._connected()
                return
            except sqlite3.DatabaseError:
                self._remove()
            except OSError:
                return

    def _connected(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._file, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            # A build that is killed loses nothing of this; after a loss of power digests say what is whole.
            store.execute("PRAGMA journal_mode = TRUNCATE")
            store.execute("PRAGMA synchronous = OFF")
            store.execute("BEGIN IMMEDIATE")  # of two builds that begin at once, one lays the file out
            tables = store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables and store.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
                raise sqlite3.DatabaseError("the file was written by something else")
            store.execute("CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, key TEXT UNIQUE, text TEXT)")
            store.execute(f"PRAGMA user_version = {_LAYOUT}")
            store.execute("COMMIT")
        except BaseException:
            store.close()
            raise
        return store

    def _remove(self) -> None:
        for ending in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{self._file}{ending}").unlink(missing_ok=True)

    def _ask(self, question: str, *values: str | int) -> list[Any]:
        """The rows of an answer; none if the file is busy or gone, and a damaged file is replaced."""
        with self._one_at_a_time:
            if self._store is None:
                return []
            try:
                return self._store.execute(question, values).fetchall()
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
                    self._store.close()
                    self._store = None
                    self._remove()
                    self._open()
                return []

    def get(self, key: str) -> Any:
        """The value kept for a key, or None if there is none or it is damaged."""
        for (entry,) in self._ask("SELECT text FROM entry WHERE key = ?", key):
            digest, _, text = entry.partition("\n") if isinstance(entry, str) else ("", "", "")
            if digest == _digest(key, text):
                return json.loads(text)
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value; one that cannot be kept is only computed again."""
        text = json.dumps(value)
        with self._one_at_a_time:
            self._ask("INSERT OR REPLACE INTO entry (key, text) VALUES (?, ?)", key, f"{_digest(key, text)}\n{text}")
            while self._used() > self._limit and self._ask("SELECT 1 FROM entry LIMIT 1"):
                oldest = "SELECT number FROM entry ORDER BY number LIMIT (SELECT 1 + count(*) / 8 FROM entry)"
                self._ask(f"DELETE FROM entry WHERE number IN ({oldest})")

    def made(self, made_from: object, make: Callable[[], Any]) -> Any:
        """What `make` gives, made only if it is not kept; `made_from` is all that it depends on, with a true `repr`."""
        key = hashlib.sha256(repr(made_from).encode()).hexdigest()
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value

    def _used(self) -> int:
        """Bytes of the file that hold something; it grows no further while there are others."""
        pages = "SELECT (page_count - freelist_count) * page_size FROM"
        rows = self._ask(f"{pages} pragma_page_count, pragma_freelist_count, pragma_page_size")
        return int(rows[0][0]) if rows else 0

    def subfolder(self, name: str) -> Path:
        """A folder beside the results, for what keeps its own files; with the cache off, an empty one."""
        if self._store is None:
            self._temporary.append(tempfile.TemporaryDirectory(prefix="mathref-"))
            return Path(self._temporary[-1].name)
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        """Close the file, and remove what was to last no longer."""
        for folder in self._temporary:
            folder.cleanup()
        with self._one_at_a_time:
            if self._store is not None:
                self._store.close()
                self._store = None


def _digest(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()
