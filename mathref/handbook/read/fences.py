"""Where Markdown shows a fence: at the margin, in lists, admonitions and quotations; not in comments and code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<prefix>[ \t>]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*|python[ ]+exec=.*)$")
_OPTION = re.compile(r"""(?P<key>[\w-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))""")
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
# What holds the indented lines below it: items of lists, admonitions, tabs, definitions, footnotes, blocks.
_CONTAINER = re.compile(r"[ \t]*(?:(?:[-*+]|\d+\.|:|===[!+]*|\[\^[^\]]+\]:)(?:\s|$)|(?:!!!|\?\?\?\+?)[ ]?\w)")
_TAB = 4


@dataclass(frozen=True)
class Fence:
    """A fenced block: its lines [start, end) of the text, counted from 0, and what its first line says."""

    start: int
    end: int
    prefix: str  # what stands before the fence: spaces, and > in a quotation
    info: str
    source: str

    @property
    def options(self) -> dict[str, str]:
        """The ``key="value"`` pairs of the first line."""
        return {m["key"]: m["double"] or m["single"] or m["bare"] or "" for m in _OPTION.finditer(self.info)}


def fences(lines: list[str]) -> Iterator[Fence]:
    """Each outermost fence that Markdown shows as one, in order; one that is not closed is none."""
    number = 0
    while number < len(lines):
        line = lines[number]
        if "<!--" in line and _opens_comment(line):
            number += 1
            while number < len(lines) and "-->" not in lines[number]:
                number += 1
        elif ("```" in line or "~~~" in line) and (fence := _fence(lines, number)):
            yield fence
            number = fence.end - 1
        number += 1


def _opens_comment(line: str) -> bool:
    _, opened, rest = _INLINE_CODE.sub("", line).rpartition("<!--")
    return bool(opened) and "-->" not in rest


def _fence(lines: list[str], start: int) -> Fence | None:
    opening = _FENCE.match(lines[start])
    if not opening or _is_code(lines, start, _width(opening["prefix"])):
        return None
    prefix, quoted = opening["prefix"], opening["prefix"].count(">")
    inside = re.compile(r"[ \t]*>[ ]?" * quoted + r"[ \t]*") if quoted else None
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if inside and not inside.match(line):
            return None
        closing = _FENCE.match(line) if opening["ticks"] in line else None
        if closing and closing["ticks"].startswith(opening["ticks"]) and not closing["info"].strip():
            same = (
                closing["prefix"].replace(" ", "") == prefix.replace(" ", "")
                if quoted
                else _width(closing["prefix"]) == _width(prefix)
            )
            if same:
                source = "\n".join(_without(prefix, line) for line in lines[start + 1 : number])
                return Fence(start, number + 1, prefix, opening["info"].strip(), source.rstrip())
    return None


def _without(prefix: str, line: str) -> str:
    if line.startswith(prefix):
        return line[len(prefix) :]
    if ">" in prefix:
        return re.sub(r"^[ \t]*>" * prefix.count(">") + " ?", "", line)
    text = line.lstrip(" \t")  # one by tabs, the other by spaces
    return " " * (_width(line) - _width(prefix)) + text


def _width(line: str) -> int:
    """How far a line is indented, within its quotation."""
    *quotes, rest = re.match(r"[ \t>]*", line)[0].split(">")  # type: ignore[index]
    rest = rest.expandtabs(_TAB)
    return len(rest) - 1 if quotes and rest.startswith(" ") else len(rest)


def _is_code(lines: list[str], number: int, width: int) -> bool:
    """Whether Markdown takes a line indented that far for code, since nothing above it holds what is indented."""
    if width < _TAB:
        return False
    for above in range(number - 1, -1, -1):
        line = lines[above].lstrip("> \t") if ">" in lines[above][:_TAB] else lines[above].strip()
        left = _width(lines[above])
        if not line or left >= width:
            continue
        while above > 0 and lines[above].strip() and not _CONTAINER.match(lines[above].lstrip(">")):
            above -= 1  # to the line that begins the paragraph
        left = _width(lines[above])
        if not _CONTAINER.match(lines[above].lstrip(">")) or width - left >= 2 * _TAB:
            return True
        return _is_code(lines, above, left)
    return True
