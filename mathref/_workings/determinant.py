"""How a determinant comes about by expansion along the first row."""

from collections.abc import Callable
from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, refuse_long, rounded
from mathref._workings.steps import Working, step
from mathref._workings.tex import Line, added, equation, factor, tex


def det_working(array: Array) -> Working:
    """Minors, and their sum; for up to four rows."""
    refuse_long(array, "A", rows=4, columns=4)
    rows = as_fractions(array, "A")
    steps = []
    for j, minor in enumerate(_minors(rows)):
        if len(rows) > 2 and rows[0][j]:
            name, value = f"M_{{1{j + 1}}}", rounded(_determinant(minor))
            lines = [(rf"{name} = \det", minor), *_written_out(name, minor, _products)]
            steps.append(step(f"The minor without row 1 and column {j + 1}.", value, *lines))
    caption = {1: "A single entry.", 2: "The product on the diagonal minus the product off it."}.get(
        len(rows), "The entries of row 1 times their minors, with the signs + - + - in turn; a zero needs no minor."
    )
    lines = _written_out(r"\det A", rows, lambda minor: factor(_determinant(minor)))
    result = array.dtype.type(rounded(_determinant(rows))).item()
    return Working("Determinant by cofactors along the first row", (*steps, step(caption, result, *lines)))


def _minors(rows: list[list[Fraction]]) -> list[list[list[Fraction]]]:
    return [[row[:j] + row[j + 1 :] for row in rows[1:]] for j in range(len(rows))]


def _products(rows: list[list[Fraction]]) -> str:
    (a, b), (c, d) = rows
    return rf"({factor(a)} \cdot {factor(d)} - {factor(b)} \cdot {factor(c)})"


def _written_out(name: str, rows: list[list[Fraction]], written: Callable[[list[list[Fraction]]], str]) -> list[Line]:
    """The expansion along the first row, with its minors as `written`, and its value."""
    value = _determinant(rows)
    if len(rows) == 2:
        return [equation(f"{name} = {_products(rows)[1:-1]}", value)]
    terms = [
        ((-1) ** j * entry, written(minor))
        for j, (entry, minor) in enumerate(zip(rows[0], _minors(rows), strict=True))
        if entry and len(rows) > 1
    ]
    if not terms:
        return [equation(name, value)]
    first, *others = terms
    lines = [rf"{name} = {tex(first[0])} \cdot {first[1]}", *(rf"\quad {added(c)} \cdot {M}" for c, M in others)]
    return [*lines, equation(r"\quad", value)]


def _determinant(rows: list[list[Fraction]]) -> Fraction:
    if len(rows) == 1:
        return rows[0][0]
    terms = ((-1) ** j * x * _determinant(M) for j, (x, M) in enumerate(zip(rows[0], _minors(rows), strict=True)))
    return sum(terms, Fraction(0))
