"""Results of blocks that need a framework (``with="torch"``), kept beside their page for builds that do not have it."""

import functools
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mathref.handbook.read.page import Block
from mathref.handbook.run.result import Result, checked

COMMAND = "python -m mathref.handbook record"


def needs(block: Block) -> list[str]:
    """Names of the modules that a block says it needs."""
    return block.options.get("with", "").split()


def is_absent(block: Block) -> bool:
    """Whether something that a block needs is not installed, so that its record is shown."""
    return any(not _is_installed(name) for name in needs(block))


@functools.cache
def _is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def recorded(block: Block, root: Path) -> Result:
    """The result in the page's record; an error that no page expects where there is none for this source."""
    path = root / place(block.page)
    entry = _entries(path, path.stat().st_mtime_ns).get(digest(block)) if path.is_file() else None
    if entry is None:
        wanted = " and ".join(needs(block))
        message = f"there is no record of this source; with {wanted} installed, {COMMAND} makes it\n"
        return Result(error={"line": 1, "message": message, "names": ["Unrecorded"]})
    return Result(**{name: value for name, value in entry.items() if name != "of"})


def place(page: str) -> Path:
    """The file of a page's records."""
    return Path(page).with_suffix(".record.json")


def digest(block: Block) -> str:
    """What a record is found by."""
    return hashlib.sha256(f"{' '.join(needs(block))}\0{block.source}".encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=256)
def _entries(path: Path, _changed: int) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def write(blocks: Iterable[Block], result: Callable[[Block], Result], root: Path) -> list[Path]:
    """Run the blocks and write the records of their pages anew; a block that is not as its page says ends it."""
    pages: dict[str, dict[str, dict[str, Any]]] = {}
    for block in blocks:
        pages.setdefault(block.page, {})[digest(block)] = _entry(block, checked(block, result(block)))
    written = []
    for page, entries in pages.items():
        path = root / place(page)
        path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _entry(block: Block, result: Result) -> dict[str, Any]:
    error = {name: value for name, value in (result.error or {}).items() if name != "traceback"}
    return {
        "of": block.id,
        "output": result.output,
        "error": error or None,
        "warnings": result.warnings,
        "versions": result.versions,
    }


def differences(blocks: Iterable[Block], result: Callable[[Block], Result], root: Path) -> list[str]:
    """Run the blocks anew; what their records say otherwise, each with page and line."""
    found = []
    for block in blocks:
        now, then = checked(block, result(block)), recorded(block, root)
        if (now.shown, now.warnings) != (then.shown, then.warnings):
            found.append(f"{block.page}:{block.line}: now {now.shown!r}, in the record {then.shown!r}")
    return found
