"""Dot products that are right whatever cancels, overflows or underflows inside them.

BLAS sums the upper halves of the entries without any rounding, and the rest is so small that a bound of its error
mostly proves the result to be the exact one, rounded once. Where it does not, each product is kept with what rounding
took from it. Where a product or its error leaves the range of doubles, whole numbers of any length take over. No result
depends on the order in which BLAS adds. Entries that are not finite give a result that is not finite, so that the
caller can refuse them afterwards.
"""

import math
import operator

import numpy as np
from scipy.linalg import blas

from mathref._arguments.arrays import Array
from mathref._numerics.rounding_errors import product_and_error
from mathref._numerics.sums import upper_part
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two

_FEW = 16  # below, Python's own numbers are quicker than arrays
_BLOCK = 8192  # entries whose halves stay in the processor's cache
_HALF = 26  # bits of a half
# A product at least this large has a rounding error that is a double itself; of a smaller one it is off by less than
# 16 times the smallest double.
_SMALLEST_SAFE = 2.0**-960
_MOST_UNDERFLOW = 2.0**-1070


def exact_dot(a: Array, b: Array) -> float | complex:
    """Σ aᵢ bᵢ over two vectors, nothing conjugated, rounded once."""
    if a.dtype.kind == "c" or b.dtype.kind == "c":
        left = np.concatenate([a.real, a.imag])
        real, imaginary = np.concatenate([b.real, -b.imag]), np.concatenate([b.imag, b.real])
        return complex(_real_dot(left, real), _real_dot(left, imaginary))
    return _real_dot(a, b)


def difference_of_products(a: Array, x: float, b: Array, y: float) -> Array:
    """a x - b y entry by entry, right to about the last digit whatever cancels (Kahan's difference of products)."""
    (first, first_lost), (second, second_lost) = product_and_error(a, x), product_and_error(b, y)
    difference: Array = ((first - second) + first_lost) - second_lost
    return difference


def _real_dot(a: Array, b: Array) -> float:
    a, b = a.astype(np.float64, copy=False), b.astype(np.float64, copy=False)
    if len(a) < _FEW:
        terms = [part for x, y in zip(a.tolist(), b.tolist(), strict=True) for part in product_and_error(x, y)]
    else:
        terms, bound = _halved_products(a, b)
        if (result := _rounded_sum(terms, bound)) is not None:
            return result
        with np.errstate(over="ignore", invalid="ignore"):
            terms = [part for parts in product_and_error(a, b) for part in parts.tolist()]
    result = _rounded_sum(terms, len(a) * _MOST_UNDERFLOW)
    if result is None and not _may_underflow(a, b):
        result = _rounded_sum(terms, 0.0)
    return _whole_number_dot(a, b) if result is None else result


def _rounded_sum(terms: list[float], bound: float) -> float | None:
    """The sum rounded once, if a term up to `bound` could not change it; None if it could, or a term is not finite."""
    try:
        upper, lower = math.fsum([*terms, bound]), math.fsum([*terms, -bound])
    except (OverflowError, ValueError):
        return None
    return upper if upper == lower and math.isfinite(upper) else None


def _halved_products(a: Array, b: Array) -> tuple[list[float], float]:
    """Numbers whose sum is the dot product but for an error within a bound; the bound is NaN where none is known.

    By Cauchy and Schwarz the moduli of the products of two upper halves sum to less than 2**53 of their unit, so that
    no sum of them rounds, in whatever order. An entry of a lower half is at most half a unit of 2**-26 of the size.
    """
    terms, bounds = [], []
    for start in range(0, len(a), _BLOCK):
        x, y = a[start : start + _BLOCK], b[start : start + _BLOCK]
        x_size, y_size = _power_above_length(x), _power_above_length(y)
        if not x_size * y_size < math.inf:
            return [], math.nan
        x_upper, y_upper = upper_part(x, 1.5 * 2.0**_HALF * x_size), upper_part(y, 1.5 * 2.0**_HALF * y_size)
        x_lower, y_lower = x - x_upper, y - y_upper
        terms.append(blas.ddot(x_upper, y_upper))
        x_upper *= y_lower
        x_lower *= y
        x_upper += x_lower
        terms.append(float(np.add.reduce(x_upper)))
        # Each term is rounded twice, and NumPy's pairwise summation rounds its path 16 + 3 + 6 times at most.
        bounds.append(32 * math.sqrt(len(x)) * x_size * y_size * 2.0 ** (-53 - _HALF))
    return terms, math.fsum(bounds)


def _power_above_length(x: Array) -> float:
    """A power of 2 above the Euclidean length, with room for its square in both directions; else infinite."""
    square = blas.ddot(x, x)
    return math.ldexp(1.0, math.frexp(math.sqrt(max(square, 1e-260)))[1]) if square < 1e260 else math.inf


def _may_underflow(a: Array, b: Array) -> bool:
    """Whether a product of two entries other than 0 is so small that its rounding error is not a double."""
    with np.errstate(over="ignore", invalid="ignore"):
        small = np.abs(a * b) < _SMALLEST_SAFE
    return bool((small & (a != 0) & (b != 0)).any())


def _whole_number_dot(a: Array, b: Array) -> float:
    """The exact sum of products, rounded to the nearest double: slow, and right over the whole range of doubles."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return math.nan
    (left, shift), (right, other_shift) = as_whole_numbers(a), as_whole_numbers(b)
    return whole_times_power_of_two(sum(map(operator.mul, left, right)), shift + other_shift)
