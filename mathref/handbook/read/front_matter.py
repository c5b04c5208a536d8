"""A concept's front matter: the facts about it that stand nowhere else."""

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, get_type_hints

from mathref.handbook.read.page import PageError


@dataclass
class FrontMatter:
    """The facts about a concept that stand nowhere else."""

    part: str
    needs: list[str]
    aliases: list[str]
    symbols: dict[str, list[str]]  # TeX, and the ways in which one types it
    equivalents: dict[str, list[str]]  # our function, and the full names of the same in other libraries
    references: list[str]
    shapes: dict[str, list[str] | str] = field(default_factory=dict)
    letters: dict[str, list[str] | str] = field(default_factory=dict)  # of the main formula, where `shapes` do not say
    not_quite: dict[str, list[str]] = field(default_factory=dict)  # how some of the equivalents differ, and which
    questions: list[str] = field(default_factory=list)
    second_for: list[str] = field(default_factory=list)  # names that another page has first


def front_matter(meta: dict[str, Any], page: str) -> FrontMatter:
    """A concept's front matter, refused if a field is missing, unknown or of another type."""
    known = {f.name: get_type_hints(FrontMatter)[f.name] for f in fields(FrontMatter)}
    optional = {f.name for f in fields(FrontMatter) if f.default_factory is not MISSING}
    for name in meta.keys() - known.keys():
        raise PageError(f"{page}:1", f"front matter has an unknown field {name!r}; known are {', '.join(known)}")
    for name, kind in known.items():
        if name not in meta and name in optional:
            continue
        if name not in meta:
            raise PageError(f"{page}:1", f"front matter lacks the field {name!r}")
        if not _is(meta[name], kind):
            raise PageError(f"{page}:1", f"front matter field {name!r} should be {_said(kind)}, not {meta[name]!r}")
    return FrontMatter(**meta)


def _is(value: Any, kind: Any) -> bool:
    if kind is str:
        return isinstance(value, str) and bool(value)
    if kind == list[str]:
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    entries = (list[str], str) if kind == dict[str, list[str] | str] else (list[str],)
    return isinstance(value, dict) and all(
        isinstance(key, str) and any(_is(entry, allowed) for allowed in entries) for key, entry in value.items()
    )


def _said(kind: Any) -> str:
    if kind is str:
        return "a word"
    if kind == list[str]:
        return "a list of strings"
    return f"a mapping of names to {'lists of strings' if kind == dict[str, list[str]] else 'shapes'}"
