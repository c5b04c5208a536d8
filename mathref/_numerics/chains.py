"""Products of several matrices, of which a part may leave the range of doubles while the whole fits."""

from collections.abc import Callable, Sequence

import numpy as np

from mathref._arguments.arrays import Array, is_finite
from mathref._numerics.powers_of_two import scaled, times_power_of_two
from mathref._numerics.products import matrix_product
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two

Times = Callable[[Array, Array], Array]
_TINY = 1e-280  # products of entries above it are doubles with all their digits
_MOST_TERMS = 10**6  # that whole numbers multiply in about a second


class _RangeError(Exception):
    """A product of two matrices has overflowed, or lost a term that may have counted later."""


def chained(matrices: Sequence[Array], multiplied: Callable[[Sequence[Array], Times], Array]) -> Array:
    """multiplied(matrices, times), where `times` multiplies two; infinite where the whole exceeds the range.

    Where a part leaves the range, all is done again in whole numbers, or beyond a million terms with a power of 2 taken
    out of each matrix.
    """
    try:
        return multiplied(matrices, _within_range)
    except _RangeError:
        pass
    terms = sum(left.size for left in matrices[:-1]) * max(max(matrix.shape) for matrix in matrices)
    if terms > _MOST_TERMS:
        numbers, exponents = zip(*map(scaled, matrices), strict=True)
        return times_power_of_two(multiplied(numbers, matrix_product), sum(exponents))
    wholes, shifts = zip(*(as_whole_numbers(matrix) for matrix in matrices), strict=True)
    factors = [np.array(whole, dtype=object).reshape(A.shape) for whole, A in zip(wholes, matrices, strict=True)]
    product = multiplied(factors, np.matmul)
    return np.array([[whole_times_power_of_two(entry, sum(shifts)) for entry in row] for row in product.tolist()])


def _within_range(A: Array, B: Array) -> Array:
    product = matrix_product(A, B)
    with np.errstate(under="ignore"):
        if _least(A) * _least(B) < _TINY or not is_finite(product):
            raise _RangeError
    return product


def _least(A: Array) -> float:
    """The least modulus of an entry other than 0."""
    sizes = np.abs(A)
    return float(sizes.min(where=sizes > 0, initial=1.0))
