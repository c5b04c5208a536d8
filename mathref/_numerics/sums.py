"""Sums that are right whatever cancels in them.

All of them cut numbers on a grid (`upper_part`): multiples of one power of 2 add without rounding, in whatever order,
so that BLAS may add them. What is left below the grid is cut again or is far below the last digit of the result (Rump,
Ogita and Oishi (2008), Accurate floating-point summation, part I, SIAM J. Sci. Comput. 31), and `math.fsum` adds the
few numbers that remain without any error.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.rounding_errors import sum_and_error
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two

FEW = 64  # up to here math.fsum on a list is quicker than NumPy's calls
_BLOCK = 16384  # entries that stay in the processor's cache while several passes run over them
_ONES = np.ones(_BLOCK)


def exact_sum(x: Array) -> float | complex:
    """Sum of all entries, rounded once."""
    if x.dtype.kind == "c":
        return complex(exact_sum(x.real), exact_sum(x.imag))
    try:
        return math.fsum(x.ravel().tolist())
    except (OverflowError, ValueError):  # a partial sum beyond the largest double, or infinities of both signs
        return whole_times_power_of_two(*_summed(x)) if np.isfinite(x).all() else math.nan


def _summed(x: Array) -> tuple[int, int]:
    numbers, shift = as_whole_numbers(x)
    return sum(numbers), shift


def upper_part(x: Array, grid: Array | float) -> Array:
    """Each entry rounded to a multiple of the last digit of `grid`, a number larger than all of them."""
    upper: Array = x + grid
    upper -= grid
    return upper


def careful_sum(x: Array) -> float:
    """Sum of non-negative entries, rounded once: their order does not matter."""
    return math.fsum(sum_parts(_itself, x))


def sum_and_remainder(x: Array) -> tuple[float, float]:
    """The sum of non-negative entries rounded to a double, and what that rounding left over."""
    parts = sum_parts(_itself, x, cuts=4)
    total = math.fsum(parts)
    return total, math.fsum([*parts, -total])


def careful_sum_of(terms: Callable[..., Array], *arrays: Array) -> float:
    """Sum of the non-negative entries of terms(*arrays), computed block by block and rounded once."""
    return math.fsum(sum_parts(terms, *arrays))


def _itself(x: Array) -> Array:
    return x


def sum_parts(terms: Callable[..., Array], *arrays: Array, bound: float | None = None, cuts: int = 1) -> Sequence[Any]:
    """A few numbers with the sum of terms(*arrays), whose entries are not negative, or have moduli up to `bound`.

    For several rows of terms, a few arrays with the sums of the rows.
    """
    size = arrays[0].size
    if size <= FEW:
        return terms(*arrays).ravel().tolist()
    flat = [array.ravel() for array in arrays]
    if size <= _BLOCK:
        return _cut(terms(*flat), bound, cuts)
    blocks = (slice(first, first + _BLOCK) for first in range(0, size, _BLOCK))
    return [part for block in blocks for part in _cut(terms(*[x[block] for x in flat]), bound, cuts)]


def _cut(x: Array, bound: float | None, cuts: int) -> list[Any]:
    """A few numbers with the sum of x; only the sum of what is below the last grid rounds."""
    size, parts = x.shape[-1], []
    bits = size.bit_length()
    exponent = math.frexp(x.item(x.argmax()) if bound is None else bound)[1] + bits + 1
    for _ in range(cuts):
        upper = upper_part(x, np.array(math.ldexp(1.0, exponent)))  # NumPy adds an array faster than a float
        parts.append(upper.dot(_ONES[:size]))  # no sum is quicker than BLAS's
        x = np.subtract(x, upper, upper)
        exponent += bits - 50
    return [*parts, np.add.reduce(x, axis=-1)]


def sum_of_arrays(terms: list[Array]) -> Array:
    """Sum entry by entry, with the rounding errors of all additions added at the end (Ogita, Rump and Oishi's Sum2)."""
    total, errors = terms[0], np.zeros_like(terms[0])
    for term in terms[1:]:
        total, error = sum_and_error(total, term)
        errors = errors + error
    return total + errors
