"""What stands in a page's Markdown: its front matter, its fences and the blocks that are executed."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

import yaml

KINDS = ("snippet", "figure", "claim", "misconception", "table", "working", "answer")

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*|python[ ]+exec=.*)$")
# The options that name a block, the first that it has.
_SAYING = ("title", "statement", "caption", "alt")
_LONGEST = 40
_OPTION = re.compile(r"""(?P<key>[\w-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))""")


class PageError(Exception):
    """A fault in a page, with its place as `path:line`."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")


@dataclass
class Place:
    """The page that is being rendered and the line of its file on which the text begins; the plugin moves it on."""

    page: str = "text"
    first_line: int = 1
    faults: list[PageError] | None = None
    symbols: dict[str, str] = field(default_factory=dict)

    def fault(self, error: PageError) -> str:
        """Raise, or keep for the end of the build if it wants all faults at once; what to show in its place."""
        if self.faults is None:
            raise error
        self.faults.append(error)
        return ""


@dataclass(frozen=True)
class Fence:
    """A fenced block: its lines [start, end) of the text, counted from 0, and what its first line says."""

    start: int
    end: int
    indent: str
    info: str
    source: str

    @property
    def options(self) -> dict[str, str]:
        """The ``key="value"`` pairs of the first line."""
        return {m["key"]: m["double"] or m["single"] or m["bare"] or "" for m in _OPTION.finditer(self.info)}


@dataclass(frozen=True)
class Block:
    """A fence that is executed. `id` is its anchor on the page, `line` that of its first source line in the file."""

    page: str
    kind: str
    id: str
    line: int
    source: str
    options: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def slug(self) -> str:
        """The page's file name without its ending."""
        return Path(self.page).stem


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
    questions: list[str] = field(default_factory=list)
    second_for: list[str] = field(default_factory=list)  # names that another page has first


def fences(lines: list[str]) -> Iterator[Fence]:
    """Each outermost fence of the text, in order; an unclosed one ends with the text."""
    opened: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if opened is None:
            if match:
                opened = (number, match)
        elif match and _closes(opened[1], match):
            yield _fence(lines, opened, number)
            opened = None
    if opened is not None:
        yield _fence(lines, opened, len(lines))


def _closes(opening: re.Match[str], line: re.Match[str]) -> bool:
    return (
        line["ticks"].startswith(opening["ticks"]) and not line["info"].strip() and line["indent"] == opening["indent"]
    )


def _fence(lines: list[str], opened: tuple[int, re.Match[str]], last: int) -> Fence:
    start, match = opened
    indent = match["indent"]
    source = "\n".join(line.removeprefix(indent) for line in lines[start + 1 : last])
    return Fence(start, min(last + 1, len(lines)), indent, match["info"].strip(), source.rstrip())


def blocks(text: str, page: str, *, first_line: int = 1) -> list[tuple[Fence, Block]]:
    """The executed fences of a page's text, whose first line is line `first_line` of its file."""
    found: list[tuple[Fence, str, dict[str, str]]] = []
    for fence in fences(text.split("\n")):
        options = fence.options
        kind = options.pop("exec", None)
        if kind is None:
            continue
        place = f"{page}:{first_line + fence.start}"
        if kind not in KINDS:
            raise PageError(place, f'exec="{kind}" is not known; it should be one of {", ".join(KINDS)}')
        if not fence.info.startswith("python"):
            raise PageError(place, f"only python is executed, but the fence says {fence.info.split()[0]!r}")
        found.append((fence, kind, options))
    ids = _ids(found)
    for n, ((fence, _, options), id) in enumerate(zip(found, ids, strict=True)):
        if id in ids[:n] and "id" in options:
            raise PageError(f"{page}:{first_line + fence.start}", f"another block of this page has the id {id!r}")
    return [
        (fence, Block(page, kind, id, first_line + fence.start + 1, fence.source, options))
        for (fence, kind, options), id in zip(found, ids, strict=True)
    ]


def _ids(found: list[tuple[Fence, str, dict[str, str]]]) -> list[str]:
    """Each block's anchor: its `id`, or its kind and the first words of what it says of itself.

    Those that begin alike, and those that say nothing, have a digest of their source there. So a link breaks when what
    it means is gone, but never leads to another block because of one that was put in before it.
    """
    names = [f"{kind}-{_words(options)}" for _, kind, options in found]
    ids: list[str] = []
    for name, (fence, _, options) in zip(names, found, strict=True):
        alike = name.endswith("-") or names.count(name) > 1
        digest = hashlib.sha256(fence.source.encode()).hexdigest()[:6]
        id = f"{name.rstrip('-')}-{digest}" if alike else name
        same = sum(known.startswith(id) for known in ids)  # to the letter the same code under the same title
        ids.append(options.get("id") or (f"{id}-{same + 1}" if alike and same else id))
    return ids


def _words(options: dict[str, str]) -> str:
    """The first words of a title or statement as they stand in an address."""
    said = next((options[name] for name in _SAYING if options.get(name)), "")
    plain = unicodedata.normalize("NFKD", said.lower())
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()) or re.findall(r"[^\W_]+", plain)
    return "-".join(word for n, word in enumerate(words) if len("-".join(words[: n + 1])) <= _LONGEST)


def split_front_matter(text: str, page: str) -> tuple[dict[str, Any], str, int]:
    """Front matter, body, and the line of the file on which the body begins."""
    match = re.match(r"\A---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        return {}, text, 1
    try:
        meta = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        raise PageError(f"{page}:1", f"the front matter is not valid YAML: {error}") from None
    if not isinstance(meta, dict):
        raise PageError(f"{page}:1", "the front matter should be `field: value` lines")
    return meta, text[match.end() :], text[: match.end()].count("\n") + 1


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


def title(body: str, page: str) -> str:
    """The page's heading of level 1."""
    inside = {n for fence in fences(body.split("\n")) for n in range(fence.start, fence.end)}
    for number, line in enumerate(body.split("\n")):
        if number not in inside and line.startswith("# "):
            return line[2:].split(" {", 1)[0].strip()
    raise PageError(f"{page}:1", "the page has no heading `# Title`")
