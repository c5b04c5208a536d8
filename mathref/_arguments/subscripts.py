"""Einstein's summation in letters."""

from collections.abc import Sequence
from typing import Any

from mathref._arguments.single import shown


def as_subscripts(x: Any, name: str, shapes: Sequence[tuple[int, ...]]) -> str:
    """Einstein's summation in letters, complete with its result, that fits tensors of these shapes."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be a string such as 'ij,jk->ik', but it is {shown(x)}")
    inputs, arrow, result = "".join(x.split()).partition("->")
    terms = inputs.split(",")
    if not all(letter.isascii() and letter.isalpha() for letter in "".join(terms) + result):
        raise ValueError(f"{name} must be letters, commas and one '->' such as 'ij,jk->ik', but it is {x!r}")
    if len(terms) != len(shapes):
        raise ValueError(f"{name} {x!r} must name one term for each tensor, but {len(terms)} stand for {len(shapes)}")
    lengths: dict[str, int] = {}
    for i, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        if len(term) != len(shape):
            raise ValueError(f"{name} must have one letter for each axis, but {term!r} stands for the shape {shape}")
        for letter, length in zip(term, shape, strict=True):
            if lengths.setdefault(letter, length) != length:
                raise ValueError(
                    f"tensors must agree in the length of {letter!r}, but it is {length} in tensors[{i}] "
                    f"and {lengths[letter]} before"
                )
    if not arrow:
        result = "".join(sorted(letter for letter in lengths if inputs.count(letter) == 1))
    if len(set(result)) < len(result) or not set(result) <= set(lengths):
        raise ValueError(f"{name} must keep letters of the tensors, each once, but the result in {x!r} is {result!r}")
    return f"{inputs}->{result}"
