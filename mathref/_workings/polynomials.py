"""Polynomials in exact fractions: their values and derivatives, and how they are written."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from mathref._workings.tex import added, factor, sign, tex

# Exponents of the variables, and what the product of their powers is multiplied by.
Terms = dict[tuple[int, ...], Fraction]
NAMES = "xyzw"


def one_variable(coefficients: Sequence[Fraction]) -> Terms:
    """A polynomial from its coefficients, highest power first, without the zeros."""
    highest = len(coefficients) - 1
    return {(highest - i,): a for i, a in enumerate(coefficients) if a}


def value(terms: Terms, point: Sequence[Fraction]) -> Fraction:
    """The polynomial at a point."""
    return sum((c * prod(x**k for x, k in zip(point, powers, strict=True)) for powers, c in terms.items()), Fraction(0))


def partial(terms: Terms, index: int) -> Terms:
    """The derivative by one variable, term by term."""
    result: Terms = {}
    for powers, c in terms.items():
        if k := powers[index]:
            result[(*powers[:index], k - 1, *powers[index + 1 :])] = k * c
    return result


def written(terms: Terms, names: Sequence[str] = NAMES) -> str:
    """The polynomial in TeX, in the order of its terms: 2 x^{2} y - y."""
    parts = [added(c, _powers(powers, names)) for powers, c in terms.items() if c]
    return _sum(parts)


def substituted(terms: Terms, point: Sequence[Fraction]) -> str:
    """The same with numbers in place of the variables: 2 · 3² · 5 - 5."""
    parts = []
    for powers, c in terms.items():
        factors = [factor(x) + (f"^{{{k}}}" if k > 1 else "") for x, k in zip(point, powers, strict=True) if k]
        size = [tex(abs(c))] if abs(c) != 1 or not factors else []
        parts.append(("- " if c < 0 else "+ ") + r" \cdot ".join([*size, *factors]))
    return _sum(parts)


def _sum(parts: Sequence[str]) -> str:
    first, *others = parts or ["+ 0"]
    return " ".join([first.removeprefix("+ ").replace("- ", "-"), *others])


def _powers(powers: Sequence[int], names: Sequence[str]) -> str:
    return " ".join(f"{name}^{{{k}}}" if k > 1 else name for name, k in zip(names, powers, strict=False) if k)


def evaluated(name: str, terms: Terms, point: Sequence[Fraction]) -> str:
    """A line with the polynomial, the same with numbers in place of variables, and its value; nothing twice."""
    number = value(terms, point)
    pieces = [name, written(terms), substituted(terms, point)]
    first, *others = [piece for piece, before in zip(pieces, ["", *pieces], strict=False) if piece != before]
    if others[-1] == tex(number):
        others.pop()
    return " = ".join([first, *others]) + f" {sign(number)} {tex(number)}"
