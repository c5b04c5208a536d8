"""The one door to the host's insides: all that is replaced or rebound there goes through here, or fails by name."""

import contextlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_build_datetime

from mathref.handbook.read.page import PageError
from mathref.handbook.take.about import About


def replaced(text: str, pattern: str, by: str, patch: str, *, of: str = "mkdocs-material") -> str:
    """A text of the host with each match of a pattern replaced; the build ends if there is none."""
    after, found = re.subn(pattern, by, text)
    if not found:
        raise _changed(patch, of, f"nothing matches {pattern!r}")
    return after


def rebound(owner: Any, name: str, around: Callable[[Any], Any], patch: str, *, of: str = "mkdocs") -> None:
    """Give a function of the host another, made around it; the build ends if there is none of that name."""
    inner = getattr(owner, name, None)
    if not callable(inner):
        raise _changed(patch, of, f"{type(owner).__name__} has no function {name!r}")
    setattr(owner, name, around(inner))


def search_index(config: Any) -> Any:
    """The index of the host's search plugin; None without it."""
    return getattr(config.plugins.get("material/search"), "search_index", None)


def entries(index: Any) -> list[dict[str, Any]]:
    """What the host's search plugin has found on the pages."""
    found = getattr(index, "entries", None)
    if not isinstance(found, list) or any(not {"location", "title", "text"} <= entry.keys() for entry in found):
        raise _changed("search by names", "mkdocs-material", "the index of search has no entries as they were")
    return found


def _changed(patch: str, of: str, what: str) -> PluginError:
    return PluginError(f"the patch {patch!r} does not fit {of} {version(of)}: {what}; see handbook/README.md")


@contextlib.contextmanager
def faults_by_name() -> Iterator[None]:
    """What is wrong with a page ends the build without a traceback."""
    try:
        yield
    except PageError as error:
        raise PluginError(str(error)) from None


def date_by_last_commit(folder: Path) -> None:
    """Let MkDocs date pages by the last commit, so that two builds of one state are the same to the byte."""
    if "SOURCE_DATE_EPOCH" not in os.environ:
        command = ["git", "log", "-1", "--format=%ct"]
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            found = subprocess.check_output(command, cwd=folder, text=True, stderr=subprocess.DEVNULL).strip()
            os.environ["SOURCE_DATE_EPOCH"] = found


def about(config: Any) -> About:
    """What the configuration says of a handbook; what ends in .example is an address that nobody can visit."""
    address = config.site_url if config.site_url and ".example/" not in config.site_url else ""
    authors = config.site_author or f"The authors of {config.site_name}"
    return About(config.site_name, config.site_description or "", authors, address, get_build_datetime())
