"""Shapes of a page's symbols: declared once in its front matter, checked with arrays of several sizes, shown on hover.

``shapes: {A: [m × n, any matrix], x: [n, a vector], A @ x: m}`` declares A and x, a list for each with shape and
meaning, and states that the product A @ x has m entries.
"""

import re
from typing import Any

import numpy as np

from mathref.handbook.read.page import Block, PageError

NUMBER = "number"
# Sizes that differ from each other, so that two letters are not mistaken for one; 1 and equal sizes would hide faults.
_SIZES = ((2, 3, 5, 7, 4, 6), (7, 2, 4, 3, 6, 5), (3, 8, 2, 5, 7, 4))


def declared(shapes: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Shape and meaning of each symbol."""
    return {name: (value[0], value[1]) for name, value in shapes.items() if isinstance(value, list)}


def stated(shapes: dict[str, Any]) -> dict[str, str]:
    """Shape that is stated of each product."""
    return {expression: value for expression, value in shapes.items() if not isinstance(value, list)}


def check(shapes: dict[str, Any], page: str, text: str) -> list[Block]:
    """A block for each stated product, to be executed: it fails if the shapes do not fit or another one comes out."""
    for name, value in shapes.items():
        if isinstance(value, list) and (len(value) != 2 or not name.isidentifier()):
            raise PageError(f"{page}:{_line(text, name)}", f"'shapes' should give {name!r} as [shape, meaning]")
    symbols = declared(shapes)
    texts = [*(shape for shape, _ in symbols.values()), *stated(shapes).values()]
    letters = {letter for text in texts for letter in _letters(text)}
    if len(letters) > len(_SIZES[0]):
        raise PageError(f"{page}:1", f"'shapes' has more than {len(_SIZES[0])} different sizes: {sorted(letters)}")
    return [
        Block(page, "shape", f"shape-{number}", _line(text, expression), _source(expression, shape, symbols))
        for number, (expression, shape) in enumerate(stated(shapes).items(), 1)
    ]


def _line(text: str, expression: str) -> int:
    lines = text.split("\n")
    return next((n for n, line in enumerate(lines, 1) if line.strip().startswith((expression, f'"{expression}'))), 1)


def _letters(shape: str) -> list[str]:
    return [] if shape == NUMBER else re.findall(r"[a-z]+", shape)


def _source(expression: str, shape: str, symbols: dict[str, tuple[str, str]]) -> str:
    """One line, so that its line is that of the statement in the front matter."""
    arrays = {name: declared_as for name, (declared_as, _) in symbols.items()}
    return f"from mathref.handbook.read.shapes import expect; expect({expression!r}, {shape!r}, {arrays!r})"


def expect(expression: str, shape: str, symbols: dict[str, str]) -> None:
    """Evaluate a product on arrays of several sizes, and compare its shape with what is said of it."""
    letters = sorted({letter for text in [shape, *symbols.values()] for letter in _letters(text)})
    for sizes in _SIZES:
        size_of = dict(zip(letters, sizes, strict=False))
        arrays = {name: np.zeros(_sizes(text, size_of)) for name, text in symbols.items()}
        shown = ", ".join(f"{name} is {text}" for name, text in symbols.items() if name in expression)
        try:
            found = np.shape(eval(expression, {"np": np, "diag": np.diag, "outer": np.outer, **arrays}))
        except ValueError:
            raise ValueError(f"the shapes in {expression} do not fit: {shown}") from None
        if found != _sizes(shape, size_of):
            wanted = f"{shape}, here {_sizes(shape, size_of)}"
            raise ValueError(f"{expression} should be {wanted}, but its shape is {found} where {shown}")


def _sizes(shape: str, size_of: dict[str, int]) -> tuple[int, ...]:
    parts = [] if shape == NUMBER else [part.strip() for part in shape.split("×")]
    return tuple(size_of[part] if part in size_of else int(part) for part in parts)
