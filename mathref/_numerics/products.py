"""Products of arrays whose intermediate terms may leave the range of doubles, while the results fit."""

import sys
from collections.abc import Sequence
from itertools import product as choices
from math import prod

import numpy as np
from scipy.linalg import blas

from mathref._arguments.arrays import Array, is_finite
from mathref._arguments.precision import refuse_overflow
from mathref._numerics.powers_of_two import scaled, times_power_of_two
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two

_MULTIPLY = {"d": (blas.dgemv, blas.dgemm), "D": (blas.zgemv, blas.zgemm)}
# Below this, terms of a sum may have underflowed so that it shows.
_TINY = 1e-280
# Terms that whole numbers multiply in about a second.
_MOST_TERMS = 10**6


def matrix_product(A: Array, B: Array) -> Array:
    """A B by BLAS itself: NumPy would warn of overflow before it can be dealt with."""
    if A.dtype != B.dtype:
        A, B = A.astype(complex), B.astype(complex)
    matrix_times_vector, matrix_times_matrix = _MULTIPLY[A.dtype.char]
    if B.ndim == 1:
        return matrix_times_vector(1, A.T, B, trans=1)
    return matrix_times_matrix(1, B.T, A.T).T


def product_within_range(A: Array, B: Array, what: str) -> Array:
    """A B, right whatever overflows on the way; refused where it does not fit. Entries are finite."""
    product = matrix_product(A, B)
    if left_the_range(product, A, B):
        product = contraction("ij,j->i" if B.ndim == 1 else "ij,jk->ik", [A, B], what)
    return product


def left_the_range(result: Array, *factors: Array) -> bool:
    """Whether sums of products of these arrays have overflowed, or underflowed so that it may show.

    Of two arrays each product is a term of a sum: one that underflows shows in a small sum alone. Of more, products of
    some of them may underflow though all together they are large.
    """
    if not is_finite(result):
        return True
    if len(factors) < 2 or (len(factors) == 2 and _sizes(result).min() > _TINY):
        return False
    return prod(_least(factor) for factor in factors) < sys.float_info.min


def _sizes(x: Array) -> Array:
    """Moduli of the parts of all entries."""
    sizes: Array = np.abs(np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x)
    return sizes


def _least(x: Array) -> float:
    """The smallest that is not 0, at most 1."""
    sizes = _sizes(x)
    return float(sizes.min(where=sizes > 0, initial=1.0))


def contraction(subscripts: str, arrays: Sequence[Array], what: str) -> Array:
    """Einstein's sum of products, right whatever overflows on the way; refused where the result does not fit.

    The terms are summed in whole numbers, since what is left beside huge terms that cancel may be far below their last
    digits. More than a million are summed as BLAS does, with powers of 2 taken out of each array: none overflows.
    """
    terms = subscripts.partition("->")[0].split(",")
    lengths = {
        letter: n for term, x in zip(terms, arrays, strict=True) for letter, n in zip(term, x.shape, strict=True)
    }
    if prod(lengths.values()) > _MOST_TERMS:
        numbers, exponents = zip(*map(scaled, arrays), strict=True)
        with np.errstate(all="ignore"):
            scaled_result = np.asarray(np.einsum(subscripts, *numbers, optimize="greedy"))
        result = times_power_of_two(scaled_result, sum(exponents))
    else:
        shape = [lengths[letter] for letter in subscripts.partition("->")[2]]
        result = _whole_contraction(subscripts, arrays).reshape(shape)
    refuse_overflow(result, what)
    return result


def _whole_contraction(subscripts: str, arrays: Sequence[Array]) -> Array:
    """The sum in whole numbers, real and imaginary parts apart, rounded once."""
    shift, wholes = 0, []
    for x in arrays:
        parts = np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x[np.newaxis]
        numbers, power = as_whole_numbers(parts)
        wholes.append(np.array(numbers, dtype=object).reshape(parts.shape))
        shift += power
    sums = [0, 0]
    for chosen in choices(*map(range, map(len, wholes))):
        turns = sum(chosen)  # by i
        part = np.einsum(subscripts, *[whole[i] for whole, i in zip(wholes, chosen, strict=True)])
        sums[turns % 2] += -part if turns % 4 > 1 else part
    real, imaginary = (
        np.array([whole_times_power_of_two(whole, shift) for whole in np.ravel(np.asarray(part, dtype=object))])
        for part in sums
    )
    if all(len(whole) == 1 for whole in wholes):
        return real
    result = np.empty(real.shape, complex)  # not real + 1j * imaginary: infinity times 0 is no number
    result.real, result.imag = real, imaginary
    return result
