"""Polynomials in several variables as they are given: {exponents: coefficient}."""

from collections.abc import Mapping
from fractions import Fraction
from numbers import Integral
from typing import Any

from mathref._arguments.arrays import Array
from mathref._arguments.shapes import as_vector
from mathref._workings.exact import as_fractions

_HIGHEST = 9


def as_terms(terms: Any, name: str, variables: int) -> dict[tuple[int, ...], Fraction]:
    """{(2, 1): 1, (0, 1): 3} for x²y + 3y, in exact fractions; exponents as many as variables."""
    if not isinstance(terms, Mapping):
        raise TypeError(f"{name} must be a dictionary {{exponents: coefficient}}, but it is {terms!r:.40}")
    if not terms:
        raise ValueError(f"{name} must not be empty; write {{{(0,) * variables}: 0}} for the polynomial 0")
    coefficients = as_fractions(as_vector(list(terms.values()), name, real=True), name)
    return dict(zip([_exponents(key, name, variables) for key in terms], coefficients, strict=True))


def _exponents(key: Any, name: str, variables: int) -> tuple[int, ...]:
    if not isinstance(key, tuple) or not all(isinstance(k, Integral) and not isinstance(k, bool) for k in key):
        raise TypeError(f"{name} must have tuples of whole numbers as exponents, but one is {key!r:.40}")
    if len(key) != variables:
        raise ValueError(f"{name} must have one exponent for each entry of x ({variables}), but one is {key!r:.40}")
    if not all(0 <= k <= _HIGHEST for k in key):
        raise ValueError(f"{name} must have exponents from 0 to {_HIGHEST}, but one is {key!r:.40}")
    return tuple(int(k) for k in key)


def as_point(x: Any, most: int) -> tuple[Array, list[Fraction]]:
    """A vector of few numbers, and the fractions that are meant by them."""
    point = as_vector(x, "x", real=True)
    if len(point) > most:
        raise ValueError(f"x must have at most {most} entries for a working to be read, but its shape is {point.shape}")
    return point, as_fractions(point, "x")
