"""Results kept on disk between builds: bounded, shared by builds at once, each entry proved whole when it is read."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import diskcache
from platformdirs import user_cache_dir

_BYTES = 256 * 2**20


class Cache:
    """A mapping from digests to what JSON can hold. With MATHREF_CACHE=0 it keeps nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(os.environ.get("MATHREF_CACHE_DIR") or user_cache_dir("mathref"))
        self._store: Any = None
        if os.environ.get("MATHREF_CACHE") != "0":
            self._open()

    def _open(self) -> None:
        try:
            self._store = diskcache.Cache(str(self._folder), size_limit=_BYTES, eviction_policy="least-recently-stored")
        except (sqlite3.DatabaseError, OSError):
            self._start_anew()

    def _start_anew(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._store = diskcache.Cache(str(self._folder), size_limit=_BYTES, eviction_policy="least-recently-stored")
        except (sqlite3.DatabaseError, OSError):
            self._store = None  # a folder that cannot be written: build without

    def get(self, key: str) -> Any:
        """The value kept for a key, or None if there is none or it is damaged."""
        if self._store is None:
            return None
        try:
            entry = self._store.get(key)
        except (sqlite3.DatabaseError, diskcache.Timeout, OSError):
            self._start_anew()
            return None
        if not isinstance(entry, str):
            return None
        digest, _, text = entry.partition("\n")
        if digest != _digest(key, text):
            return None
        return json.loads(text)

    def put(self, key: str, value: Any) -> None:
        """Keep a value."""
        if self._store is None:
            return
        text = json.dumps(value)
        # a result that cannot be kept is only computed again
        with contextlib.suppress(sqlite3.DatabaseError, diskcache.Timeout, OSError):
            self._store.set(key, f"{_digest(key, text)}\n{text}")

    def subfolder(self, name: str) -> Path:
        """A folder beside the results, for what keeps its own files; with the cache off, an empty one."""
        if self._store is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mathref-")
            return Path(self._temporary.name)
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        """Close the files."""
        if self._store is not None:
            self._store.close()


def _digest(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()
