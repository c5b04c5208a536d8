"""The handbook's own TeX macros, written out where they are read elsewhere."""

import re
from functools import partial

# what stands in braces, or as in TeX the one command or character that follows
_ARGUMENT = r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|\\?[^\s\\{}]))"


def expand(text: str, macros: dict[str, str]) -> str:
    """TeX macros of the handbook written out, so that the formulas are read elsewhere too."""
    for name, meaning in sorted(macros.items(), key=lambda item: -len(item[0])):
        count = len(set(re.findall(r"#(\d)", meaning)))
        arguments = _ARGUMENT * count
        pattern = re.compile(re.escape(name) + r"(?![A-Za-z])" + arguments)
        for _ in range(3):  # a macro within the argument of the same macro
            text = pattern.sub(partial(_filled, meaning), text)
    return text


def _filled(meaning: str, used: re.Match[str]) -> str:
    given = [group for group in used.groups() if group is not None]
    filled = re.sub(r"#(\d)", lambda m: given[int(m[1]) - 1], meaning)
    follows = used.string[used.end() : used.end() + 1]
    return f"{filled} " if filled[-1:].isalpha() and follows.isalpha() else filled
