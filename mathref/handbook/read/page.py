"""A page of Markdown, read once: its front matter, its body, its fences and the blocks among them that are executed."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from mathref.handbook.read.fences import Fence, fences

KINDS = ("snippet", "figure", "claim", "misconception", "table", "working", "answer")
# In a text a block stands as its id between two private characters until its result is shown there.
MARK = re.compile("\ue000([^\ue001]+)\ue001")
# The options that name a block, the first that it has.
_SAYING = ("title", "statement", "caption", "alt")
_LONGEST = 40
# The loader in C where there is one: a page's front matter takes a tenth of the time.
_YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Include = Callable[[list[str]], list[str]]


class PageError(Exception):
    """A fault in a page, with its place as `path:line`."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")


@dataclass(frozen=True)
class Block:
    """A fence that is executed. `id` is its anchor on the page, `line` that of its first source line in the file."""

    page: str
    kind: str
    id: str
    line: int
    source: str
    options: dict[str, str] = field(default_factory=dict, hash=False)
    section: str = ""  # the heading of level 2 above a fence at the margin

    @property
    def slug(self) -> str:
        """The page's file name without its ending."""
        return Path(self.page).stem


@dataclass(frozen=True)
class Page:
    """A page's file, and what was found in it; `body` has what it includes, `lines` the file's line of each of its."""

    path: str
    text: str
    meta: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    lines: list[int] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)

    @cached_property
    def blocks(self) -> list[tuple[Fence, Block]]:
        """The executed fences."""
        found = [(fence, fence.options) for fence in self.fences if "exec" in fence.options]
        for fence, options in found:
            kind, place = options["exec"], f"{self.path}:{self.lines[fence.start]}"
            if kind not in KINDS:
                raise PageError(place, f'exec="{kind}" is not known; it should be one of {", ".join(KINDS)}')
            if not fence.info.startswith("python"):
                raise PageError(place, f"only python is executed, but the fence says {fence.info.split()[0]!r}")
        ids = _ids(found)
        for n, ((fence, options), id) in enumerate(zip(found, ids, strict=True)):
            if id in ids[:n] and "id" in options:
                raise PageError(f"{self.path}:{self.lines[fence.start]}", f"another block has the id {id!r} too")
        sections = self._sections([fence for fence, _ in found])
        return [
            (
                fence,
                Block(self.path, options.pop("exec"), id, self.lines[fence.start] + 1, fence.source, options, above),
            )
            for (fence, options), id, above in zip(found, ids, sections, strict=True)
        ]

    def _sections(self, found: list[Fence]) -> list[str]:
        """For each fence at the margin the heading of level 2 above it, "" for one within a list or a tab."""
        inside = {n for fence in self.fences for n in range(fence.start, fence.end)}
        lines = enumerate(self.body.split("\n"))
        headings = [(n, line[3:].strip()) for n, line in lines if line.startswith("## ") and n not in inside]
        above = ([heading for n, heading in headings if n < fence.start] for fence in found)
        return ["" if fence.prefix else "".join(seen[-1:]) for fence, seen in zip(found, above, strict=True)]

    @cached_property
    def by_id(self) -> dict[str, Block]:
        """The executed blocks by their anchors."""
        return {block.id: block for _, block in self.blocks}

    def marked(self, text: str) -> str:
        """A text with the page's body in it, and a mark in the place of each block; as it is if the body is not."""
        body = self.body.strip("\n")
        if not self.blocks or body not in text:
            return text
        lines, done, pieces = self.body.split("\n"), 0, []
        for fence, block in self.blocks:
            pieces += [*lines[done : fence.start], f"{fence.prefix}\ue000{block.id}\ue001"]
            done = fence.end
        return text.replace(body, "\n".join([*pieces, *lines[done:]]).strip("\n"))

    @cached_property
    def prose(self) -> list[str]:
        """The lines that stand in no fence."""
        inside = {n for fence in self.fences for n in range(fence.start, fence.end)}
        return [line for number, line in enumerate(self.body.split("\n")) if number not in inside]

    @cached_property
    def title(self) -> str:
        """The heading of level 1."""
        for line in self.prose:
            if line.startswith("# "):
                return line[2:].split(" {", 1)[0].strip()
        raise PageError(f"{self.path}:1", "the page has no heading `# Title`")

    def line_of(self, said: str) -> int:
        """The first line of the file that holds these words outside the executed blocks; 1 if none does."""
        hidden = {n for fence, _ in self.blocks for n in range(fence.start, fence.end)}
        shown = (n for n, line in enumerate(self.body.split("\n")) if n not in hidden and said in line)
        return next((self.lines[n] for n in shown), 1)


def read(text: str, path: str = "text", include: Include | None = None, *, page: Page | None = None) -> Page:
    """Read a page; `include` puts in what it includes. With `page`, the text is what became of that page's text."""
    meta, body, first = split_front_matter(text, path) if page is None else (page.meta, text, 1)
    before = body.split("\n")
    try:
        after = include(before) if include and "8<-" in body else before
    except FileNotFoundError as missing:
        line = next((n for n, line in enumerate(before) if str(missing) in line), 0)
        raise PageError(f"{path}:{first + line}", f"the included file {str(missing)!r} does not exist") from None
    lines = [first + n for n in _lines_before(before, after)]
    if page is not None:
        lines = [n + 1 for n in _lines_before(page.text.split("\n"), after)]
    return Page(path, text, meta, "\n".join(after), lines, list(fences(after)))


def _lines_before(before: list[str], after: list[str]) -> list[int]:
    """For each line of a text that was changed its line before, or that of what it was put in for."""
    if before == after:
        return list(range(len(after)))
    lines: list[int] = []
    for kind, start, _, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kept = kind == "equal"
        lines += [min(start + (n if kept else 0), len(before) - 1) for n in range(end - begin)]
    return lines


def _ids(found: list[tuple[Fence, dict[str, str]]]) -> list[str]:
    """Each block's anchor: its `id`, or its kind and the first words of what it says of itself.

    Those that begin alike, and those that say nothing, have a digest of their source there. So a link breaks when what
    it means is gone, but never leads to another block because of one that was put in before it.
    """
    names = [f"{options['exec']}-{_words(options)}" for _, options in found]
    ids: list[str] = []
    for name, (fence, options) in zip(names, found, strict=True):
        alike = name.endswith("-") or names.count(name) > 1
        digest = hashlib.sha256(fence.source.encode()).hexdigest()[:6]
        id = f"{name.rstrip('-')}-{digest}" if alike else name
        same = sum(known.startswith(id) for known in ids)  # to the letter the same code under the same title
        ids.append(options.get("id") or (f"{id}-{same + 1}" if alike and same else id))
    return ids


def _words(options: dict[str, str]) -> str:
    """The first words of a title or statement as they stand in an address."""
    said = next((options[name] for name in _SAYING if options.get(name)), "")
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", said.lower()))
    words = re.findall(r"[a-z0-9]+", plain) or re.findall(r"[^\W_]+", plain)
    return "-".join(word for n, word in enumerate(words) if len("-".join(words[: n + 1])) <= _LONGEST)


def split_front_matter(text: str, page: str) -> tuple[dict[str, Any], str, int]:
    """Front matter, body, and the line of the file on which the body begins."""
    match = re.match(r"\A---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        return {}, text, 1
    try:
        meta = yaml.load(match[1], _YAML) or {}
    except yaml.YAMLError as error:
        raise PageError(f"{page}:1", f"the front matter is not valid YAML: {error}") from None
    if not isinstance(meta, dict):
        raise PageError(f"{page}:1", "the front matter should be `field: value` lines")
    return meta, text[match.end() :], text[: match.end()].count("\n") + 1


@dataclass
class Place:
    """The page that is being converted, known to all that converts it; its faults if they are gathered."""

    page: Page | None = None
    faults: list[PageError] | None = None
    symbols: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)  # in the main formula, where some mean something else
    main: str = ""
    text: list[str] = field(default_factory=list)  # what is converted where nobody has read a page

    def fault(self, error: PageError) -> str:
        """Raise, or keep for the end of the build if it wants all faults at once; what to show in its place."""
        if self.faults is None:
            raise error
        self.faults.append(error)
        return ""
