"""The one door to the host's insides: all that is replaced or rebound there goes through here, or fails by name."""

import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from mkdocs.exceptions import PluginError


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


def entries(index: Any) -> list[dict[str, Any]]:
    """What the host's search plugin has found on the pages."""
    found = getattr(index, "entries", None)
    if not isinstance(found, list) or any(not {"location", "title", "text"} <= entry.keys() for entry in found):
        raise _changed("search by names", "mkdocs-material", "the index of search has no entries as they were")
    return found


def _changed(patch: str, of: str, what: str) -> PluginError:
    return PluginError(f"the patch {patch!r} does not fit {of} {version(of)}: {what}; see handbook/README.md")
