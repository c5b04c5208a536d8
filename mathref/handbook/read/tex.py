"""Formulas in a text: where they stand, and the handbook's own macros written out where they are read elsewhere."""

import re
from collections.abc import Iterator
from functools import partial

from pymdownx.arithmatex import RE_BRACKET_BLOCK, RE_DOLLAR_BLOCK, RE_SMART_DOLLAR_INLINE, RE_TEX_BLOCK

from mathref.handbook.read.fences import fences

_FORMULA = re.compile(f"{RE_DOLLAR_BLOCK}|{RE_BRACKET_BLOCK}|{RE_TEX_BLOCK}|{RE_SMART_DOLLAR_INLINE}")
_CODE = re.compile(r"(?<!\\)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)

# what stands in braces, or as in TeX the one command or character that follows
_ARGUMENT = r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|\\?[^\s\\{}]))"


def expand(text: str, macros: dict[str, str]) -> str:
    """TeX macros of the handbook written out, so that the formulas are read elsewhere too."""
    for name, meaning in sorted(macros.items(), key=lambda item: -len(item[0])):
        if name not in text:
            continue
        arguments = _ARGUMENT * len(set(re.findall(r"#(\d)", meaning)))
        pattern = re.compile(re.escape(name) + r"(?![A-Za-z])" + arguments)
        for _ in range(3):  # a macro within the argument of the same macro
            text = pattern.sub(partial(_filled, meaning), text)
    return text


def _filled(meaning: str, used: re.Match[str]) -> str:
    given = [group for group in used.groups() if group is not None]
    filled = re.sub(r"#(\d)", lambda m: given[int(m[1]) - 1], meaning)
    follows = used.string[used.end() : used.end() + 1]
    return f"{filled} " if filled[-1:].isalpha() and follows.isalpha() else filled


def formulas(text: str) -> Iterator[tuple[str, bool, int]]:
    """Each formula of a text, whether it is displayed, and where it begins; those in code too."""
    for match in _FORMULA.finditer(text):
        block, inline = match["math"] or match["math3"], match[_FORMULA.groups]
        if tex := (block or inline or "").strip():
            yield tex, bool(block), match.start() + match[0].index(tex)


def line_of(tex: str, text: str) -> int:
    """The line of a formula, found by its text outside code; 1 if it is not there."""
    lines = text.split("\n")
    hidden = [False] * len(lines)
    for fence in fences(lines):
        hidden[fence.start : fence.end] = [True] * (fence.end - fence.start)
    masked = "\n".join("\0" * len(line) if hide else line for line, hide in zip(lines, hidden, strict=True))
    masked = _CODE.sub(lambda m: "\0" * len(m[0]), masked)
    return next((masked.count("\n", 0, start) + 1 for found, _, start in formulas(masked) if found == tex), 1)
