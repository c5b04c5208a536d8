"""Exact numbers: the fractions that are meant by doubles, square roots of them, and vectors of both."""

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from mathref._arguments.arrays import Array, refuse_beyond


class Root(NamedTuple):
    """The number a + b √n for fractions a and b and a whole n; where n is negative, a + b √(-n) i."""

    a: Fraction
    b: Fraction
    n: int

    @property
    def denominator(self) -> int:
        """Common denominator of a and b."""
        return math.lcm(self.a.denominator, self.b.denominator)


Exact = Fraction | Root
Number = Exact | float | complex
# A double that is the nearest one to a fraction with a denominator up to this is taken for it: 0.1 for 1/10.
_LARGEST_MEANT = 1000
_LEAST, _MOST = 1e-6, 1e6


def refuse_long(array: Array, name: str, rows: int, columns: int = 5) -> None:
    """Raise if a working about this vector or matrix would be too long to read."""
    if len(array) > rows or (array.ndim == 2 and array.shape[1] > columns):
        most = f"{rows} rows and {columns} columns" if array.ndim == 2 else f"{rows} entries"
        raise ValueError(f"{name} must have at most {most} for a working to be read, but its shape is {array.shape}")


def refuse_unshown(numbers: Sequence[Fraction], name: str) -> None:
    """Raise if what follows from an argument cannot be written as a double."""
    if max(map(abs, numbers)) > sys.float_info.max:
        raise ValueError(f"{name} must lead to numbers that fit in doubles, but one exceeds 1.8e308; take smaller ones")


def as_fractions(array: Array, name: str) -> list[Any]:
    """Entries as the fractions that are meant by them, 1/3 for 0.3333333333333333, row by row for a matrix."""
    refuse_beyond(array, name, _LEAST, _MOST, f"divide {name} by a power of 10")
    entries = [meant(entry) for entry in array.ravel()]
    if array.ndim == 1:
        return entries
    return [entries[i : i + array.shape[1]] for i in range(0, array.size, array.shape[1])]


def meant(x: Any) -> Fraction:
    """The fraction of a small denominator that this NumPy number stands for, or else the number itself.

    In double precision two units in the last place are forgiven, so that 0.1 + 0.2 means 3/10.
    """
    exact = Fraction(x.item())
    near = exact.limit_denominator(_LARGEST_MEANT)
    same = type(x)(near.numerator / near.denominator) == x or abs(near - exact) <= abs(exact) / 2**51
    return near if same else exact


def shares(p: Array) -> list[Fraction]:
    """Probabilities as the fractions that are meant by them, divided by their sum."""
    exact = [meant(x) for x in p]
    return [x / sum(exact) for x in exact]


def square_root(x: Fraction) -> Exact:
    """√x, imaginary for a negative x, without the squares of factors up to 1000 under the root."""
    n, outside = x.numerator * x.denominator, 1
    whole = math.isqrt(abs(n))
    if whole * whole == n:
        return Fraction(whole, x.denominator)
    for k in range(2, min(whole, 1000) + 1):
        while n % (k * k) == 0:
            n, outside = n // (k * k), outside * k
    return Root(Fraction(0), Fraction(outside, x.denominator), n)


def times(x: Exact, c: Fraction) -> Exact:
    """x multiplied by a fraction."""
    return x * c if isinstance(x, Fraction) else Root(x.a * c, x.b * c, x.n) if c else Fraction(0)


def plus(x: Exact, c: Fraction) -> Exact:
    """x and a fraction added."""
    return x + c if isinstance(x, Fraction) else Root(x.a + c, x.b, x.n)


def logarithm(x: Fraction, base: float) -> Fraction | float:
    """Logarithm of x > 0, exact where x is a whole power of the base."""
    estimate = (math.log(x.numerator) - math.log(x.denominator)) / math.log(base)
    whole = round(estimate)
    if abs(whole) <= 64 and Fraction(base) ** whole == x:
        return Fraction(whole)
    return math.log1p(float(x - 1)) / math.log(base) if 0.5 < x < 2 else estimate


def dot(v: Sequence[Fraction], w: Sequence[Fraction]) -> Fraction:
    """Exact scalar product."""
    return sum((x * y for x, y in zip(v, w, strict=True)), Fraction(0))


def unit(v: Sequence[Fraction]) -> list[Number]:
    """V divided by its length."""
    squared = dot(v, v)
    length = square_root(squared)
    return [times(length, x / squared) for x in v]


def orthogonal_part(v: Sequence[Fraction], to: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """V without its parts along vectors that are orthogonal to each other."""
    shares = [dot(u, v) / dot(u, u) for u in to]
    return [x - sum((c * u[i] for c, u in zip(shares, to, strict=True)), Fraction(0)) for i, x in enumerate(v)]


def further_direction(to: Sequence[Sequence[Fraction]], size: int) -> list[Fraction]:
    """A vector orthogonal to all of these: what is left of the axis that has the largest part outside them."""
    axes = [[Fraction(i == j) for i in range(size)] for j in range(size)]
    return max((orthogonal_part(axis, to) for axis in axes), key=lambda part: dot(part, part))


def rounded(x: Number) -> float | complex:
    """The nearest double, or complex number of doubles."""
    if isinstance(x, Root) and x.n < 0:
        return complex(float(x.a), float(precise(Root(Fraction(0), x.b, -x.n))))
    return float(precise(x)) if isinstance(x, (Fraction, Root)) else x


def precise(x: Exact) -> Fraction:
    """A real root as a fraction, to 200 binary places."""
    return x.a + x.b * Fraction(math.isqrt(x.n << 400), 1 << 200) if isinstance(x, Root) else x


def rounded_array(x: Sequence[Any]) -> Array:
    """Numbers or rows of numbers as an array of doubles."""
    return np.array([[rounded(entry) for entry in row] if isinstance(row, list) else rounded(row) for row in x])
