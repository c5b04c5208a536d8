"""Projections onto a line, right in each entry whatever magnitudes stand side by side."""

import operator

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.dot_products import exact_dot
from mathref._numerics.powers_of_two import scaled, times_power_of_two
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two

# Beside 1, entries above this have products that keep all their digits, and so has what is left when these cancel.
_LEAST = 1e-70


@np.errstate(all="ignore")
def projection(a: Array, onto: Array) -> Array:
    """(⟨onto, a⟩ / ⟨onto, onto⟩) onto in double precision, infinite beyond the largest; `onto` is not 0."""
    if min(_spread(onto), _spread(a)) < _LEAST:
        return _whole_projection(a, onto)
    (unit, _), (moderate, exponent) = scaled(onto), scaled(a)
    coefficient = exact_dot(unit.conj(), moderate) / exact_dot(unit.conj(), unit).real
    return times_power_of_two(coefficient * unit, exponent)


def _parts(x: Array) -> Array:
    return np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x


def _spread(x: Array) -> float:
    """The smallest modulus of a part that is not 0, as a share of the largest; 1 for a vector of zeros."""
    sizes = np.abs(_parts(x).astype(np.float64))
    largest = float(sizes.max())
    return float(sizes.min(where=sizes > 0, initial=largest)) / largest if largest else 1.0


def _whole_projection(a: Array, onto: Array) -> Array:
    """The same in whole numbers, rounded once."""
    (x, y), shift = _whole_parts(a)
    (u, v), _ = _whole_parts(onto)  # its power of 2 cancels
    size = _dot(u, u) + _dot(v, v)
    real, imaginary = _dot(u, x) + _dot(v, y), _dot(u, y) - _dot(v, x)
    parts = [
        [real * p - imaginary * q for p, q in zip(u, v, strict=True)],
        [real * q + imaginary * p for p, q in zip(u, v, strict=True)],
    ]
    rounded = [[whole_times_power_of_two(whole, shift, size) for whole in part] for part in parts]
    if "c" in (a.dtype.kind, onto.dtype.kind):
        return np.array([complex(*entry) for entry in zip(*rounded, strict=True)])
    return np.array(rounded[0])


def _whole_parts(x: Array) -> tuple[tuple[list[int], list[int]], int]:
    numbers, shift = as_whole_numbers(_parts(x))
    return (numbers[: len(x)], numbers[len(x) :] or [0] * len(x)), shift


def _dot(a: list[int], b: list[int]) -> int:
    return sum(map(operator.mul, a, b))
