"""The handbook's own TeX macros, written out where they are read elsewhere."""

import re
from functools import partial


def expand(text: str, macros: dict[str, str]) -> str:
    """TeX macros of the handbook written out, so that the formulas are read elsewhere too."""
    for name, meaning in sorted(macros.items(), key=lambda item: -len(item[0])):
        count = len(set(re.findall(r"#(\d)", meaning)))
        arguments = r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}" * count
        pattern = re.compile(re.escape(name) + r"(?![A-Za-z])" + arguments)
        for _ in range(3):  # a macro within the argument of the same macro
            text = pattern.sub(partial(_filled, meaning), text)
    return text


def _filled(meaning: str, used: re.Match[str]) -> str:
    filled = re.sub(r"#(\d)", lambda m: str(used[int(m[1])]), meaning)
    follows = used.string[used.end() : used.end() + 1]
    return f"{filled} " if filled[-1:].isalpha() and follows.isalpha() else filled
