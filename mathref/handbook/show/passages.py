"""Where a page speaks of a symbol or a name: the anchor above the passage, and the sentence there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from markdown.extensions.toc import slugify, unique

from mathref.handbook.read.concepts import Concept

_HEADING = re.compile(r"^(?P<level>#{1,6}) +(?P<text>.*?)(?: *\{[^}]*?(?:#(?P<id>[\w.-]+))?[^}]*\})?$")
_FORMULA = re.compile(r"\$\$?(.+?)\$\$?")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)|\[\^\w+\]")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\0])")
_ITEM = re.compile(r"^(?:[-*|] |\d+\. )")
# What formulas may differ in and mean the same: spaces, the size of a fraction, the ends of a sum.
_SAME = (
    (re.compile(r"\s|\\[,;!]"), ""),
    (re.compile(r"\\tfrac"), r"\\frac"),
    (re.compile(r"_\{(\w)=1\}\^\{?\w\}?"), r"_\1"),
)


@dataclass(frozen=True)
class Passage:
    """A paragraph, an item or a claim's statement, and the anchor that leads there."""

    anchor: str
    section: str
    words: str
    display: str = ""
    is_title: bool = False

    @property
    def text(self) -> str:
        """The words with the formula that stands below them."""
        return f"{self.words} ${self.display}$" if self.display else self.words

    @cached_property
    def plain(self) -> str:
        """The text as one reads it, without links and marks."""
        return _unmarked(self.text)

    @cached_property
    def bold(self) -> list[str]:
        """The terms in bold; a sentence in bold explains none."""
        return [_unmarked(words) for words in _BOLD.findall(self.text) if words[-1] not in ".,:?"]

    def sentence(self, tex: str) -> str:
        """The first sentence that has the formula, or leads to it; links become plain words."""
        text = self.words if r"\begin" in self.display and self.words else self.text  # no table within a line
        found = iter(_FORMULA.findall(text))
        hidden = _SENTENCE.split(_FORMULA.sub("\0", _LINK.sub(r"\1", text)))
        sentences = [re.sub("\0", lambda _: f"${next(found)}$", each) for each in hidden]
        in_table = sentences[-1] if self.display and _holds(f"${self.display}$", tex) else ""
        return next((each for each in sentences if _holds(each, tex)), in_table)


def passage(concept: Concept, tex: str, typed: list[str]) -> Passage | None:
    """The passage that explains a symbol: in the definition if it is there, else the first that has it in some form."""
    passages = [each for each in _all_passages(concept) if not each.is_title]
    forms = [re.compile(rf"(?<!\w){re.escape(form)}(?!\w)") for form in typed if len(form) > 1]
    found = [each for each in passages if _holds(each.text, tex)]
    found = found or [each for each in passages if any(form.search(each.text) for form in forms)]
    definition = (each for each in passages if each.section == "definition")
    return min(found, key=lambda each: each.section != "definition", default=next(definition, None))


def naming(concept: Concept, name: str) -> Passage | None:
    """The passage that explains a name: where it stands in bold, else the first that has it."""
    parts = [re.escape(part).replace("matrix", "matri(?:x|ces)") for part in re.split(r"[\s\-–]+", name)]
    words = r"[\s\-–]+".join(parts)
    said = re.compile(rf"(?<!\w){words}", re.I)
    found = [each for each in _all_passages(concept) if said.search(each.plain)]
    return min(found, key=lambda each: (each.is_title, not any(map(said.search, each.bold))), default=None)


@lru_cache(maxsize=1)  # asked for each name and symbol of one concept after the other
def _all_passages(concept: Concept) -> list[Passage]:
    return list(_passages(concept))


def _holds(text: str, tex: str) -> bool:
    """Whether a formula of the text has this in it as a whole."""
    sought = re.compile(rf"(?<![A-Za-z\\]){re.escape(_plain(tex))}(?![A-Za-z_^'])")
    return any(map(sought.search, _formulas(text)))


@lru_cache(maxsize=1000)  # more than the passages of a page, whose symbols are all asked about
def _formulas(text: str) -> list[str]:
    return [_plain(formula) for formula in _FORMULA.findall(text)]


def _unmarked(text: str) -> str:
    return re.sub("[*`]", "", _LINK.sub(r"\1", text)).replace("’", "'")


def _plain(tex: str) -> str:
    for pattern, same in _SAME:
        tex = pattern.sub(same, tex)
    return tex


def _passages(concept: Concept) -> Iterator[Passage]:
    lines = concept.body.split("\n")
    ends = {fence.start: (fence.end, block) for fence, block in concept.fences}
    used: set[str] = set()
    anchor, before, number = "", "", 0
    while number < len(lines):
        line, begin = lines[number].strip(), number
        number += 1
        if begin in ends:
            number, block = ends[begin]
            if title := block.options.get("title") or block.options.get("caption"):
                yield Passage(block.id, anchor, title, is_title=True)
            if statement := block.options.get("statement"):
                yield Passage(block.id, anchor, statement)
        elif heading := _HEADING.match(line):
            name = heading["id"] or unique(slugify(re.sub(r"[`*$]", "", heading["text"]), "-"), used)
            anchor, before = ("" if heading["level"] == "#" else name), ""
            yield Passage(anchor, anchor, heading["text"], is_title=True)
        elif line == "$$":
            number = next((n for n in range(number, len(lines)) if lines[n].strip() == "$$"), number) + 1
            yield Passage(anchor, anchor, before, " ".join(lines[begin + 1 : number - 1]).strip(" .,"))
        elif line and not line.startswith(("???", "!!!")):
            while number < len(lines) and number not in ends and (more := lines[number].strip()):
                if _ITEM.match(more):
                    break
                line, number = f"{line} {more}", number + 1
            before = _ITEM.sub("", line).rstrip(" |").replace(" | ", ", ")
            yield Passage(anchor, anchor, before)
