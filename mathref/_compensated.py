"""Sums and dot products that are right whatever cancels, overflows or underflows inside them.

Products and sums keep their rounding errors: Dot2 of Ogita, Rump and Oishi (2005), Accurate sum and dot product, SIAM
J. Sci. Comput. 26, with `math.fsum` at its end, so that up to `_LANES` entries are rounded only once. Where a product
or its error leaves the range of doubles, whole numbers of any length take over. Entries that are not finite give a
result that is not finite, so that the caller can refuse them afterwards.
"""

import math
from typing import TypeVar

import numpy as np

from mathref._arguments import Array

_Number = TypeVar("_Number", float, Array)

_SPLIT = 2.0**27 + 1  # Veltkamp's factor: it halves the 53 bits of a double
_LANES = 2048  # as many sums run side by side: long enough for NumPy, short enough for the cache
_FEW = 24  # below, Python's own numbers are quicker than arrays
# The rounding errors of a product at least this large are doubles themselves, with room for 2**40 of them.
_SMALLEST_SAFE = 2.0**-960


def compensated_sum(x: Array) -> float | complex:
    """Sum of all entries, rounded once."""
    x = x.ravel()
    if x.dtype.kind == "c":
        return complex(compensated_sum(x.real), compensated_sum(x.imag))
    try:
        return math.fsum(x.tolist())
    except (OverflowError, ValueError):  # a partial sum beyond the largest double, or infinities of both signs
        return _whole_number_dot(x, np.ones_like(x))


def compensated_dot(a: Array, b: Array) -> float | complex:
    """Σ aᵢ bᵢ over two vectors, nothing conjugated, to about twice the digits of doubles before the last rounding."""
    if a.dtype.kind == "c" or b.dtype.kind == "c":
        left = np.concatenate([a.real, a.imag])
        real, imaginary = np.concatenate([b.real, -b.imag]), np.concatenate([b.imag, b.real])
        return complex(_real_dot(left, real), _real_dot(left, imaginary))
    return _real_dot(a, b)


def difference_from_multiple(b: Array, c: float, a: Array) -> Array:
    """b - c a entry by entry, its product and difference computed with twice the digits."""
    product, lost = _product_and_error(np.full_like(a, c), a)
    difference, lost_again = _sum_and_error(b, -product)
    difference += lost_again - lost
    return difference


def _real_dot(a: Array, b: Array) -> float:
    result = _few_products(a, b) if len(a) < _FEW else _many_products(a, b)
    if _SMALLEST_SAFE <= abs(result) < math.inf or (math.isfinite(result) and not _may_underflow(a, b)):
        return result
    return _whole_number_dot(a, b)


def _few_products(a: Array, b: Array) -> float:
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    return _finished([part for x, y in pairs for part in _product_and_error(x, y)])


def _many_products(a: Array, b: Array) -> float:
    a, b = a.astype(np.float64, copy=False), b.astype(np.float64, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        sums, errors = _product_and_error(a[:_LANES], b[:_LANES])
        for start in range(_LANES, len(a), _LANES):
            part = slice(start, start + _LANES)
            products, lost = _product_and_error(a[part], b[part])
            lanes = slice(len(products))
            sums[lanes], lost_again = _sum_and_error(sums[lanes], products)
            errors[lanes] += lost + lost_again
    return _finished(np.concatenate([sums, errors]).tolist())


def _product_and_error(a: _Number, b: _Number) -> tuple[_Number, _Number]:
    """The rounded product and what rounding took from it (Dekker)."""
    product, a_wide, b_wide = a * b, a * _SPLIT, b * _SPLIT
    a_high, b_high = a_wide - (a_wide - a), b_wide - (b_wide - b)
    a_low, b_low = a - a_high, b - b_high
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _sum_and_error(a: _Number, b: _Number) -> tuple[_Number, _Number]:
    """The rounded sum and what rounding took from it (Knuth)."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def _finished(terms: list[float]) -> float:
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):
        return math.nan


def _may_underflow(a: Array, b: Array) -> bool:
    """Whether a product of two entries other than 0 is so small that its rounding error is not a double."""
    small = np.abs(np.multiply(a, b, dtype=np.float64)) < _SMALLEST_SAFE
    return bool((small & (a != 0) & (b != 0)).any())


def _whole_number_dot(a: Array, b: Array) -> float:
    """The exact sum of products, rounded to the nearest double: slow, and right over the whole range of doubles."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return math.nan
    mantissas, exponents = np.frexp(np.stack([a, b]).astype(np.float64))
    left, right = np.ldexp(mantissas, 53).astype(np.int64).tolist()
    shifts = exponents.sum(axis=0)
    lowest = int(shifts.min())
    terms = zip(left, right, (shifts - lowest).tolist(), strict=True)
    return _rounded(sum(x * y << shift for x, y, shift in terms), lowest - 106)


def _rounded(whole: int, exponent: int) -> float:
    """The double nearest to whole · 2**exponent, infinite beyond the largest."""
    try:
        return float(whole << exponent) if exponent >= 0 else whole / (1 << -exponent)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf
