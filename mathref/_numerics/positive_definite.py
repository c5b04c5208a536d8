"""Cholesky factors, and whether there is one: decided exactly where rounding could decide."""

import math

import numpy as np
from scipy.linalg import lapack

from mathref._arguments.arrays import Array
from mathref._numerics.determinants import LARGEST_EXACT_SIDE
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.singularity import is_exactly_singular, refuse_indefinite
from mathref._numerics.whole_numbers import as_whole_rows, leading_minors

_FACTORIZE = {"d": lapack.dpotrf, "D": lapack.zpotrf}
_CONDITION = {"d": lapack.dpocon, "D": lapack.zpocon}
# With ones on the diagonal the smallest eigenvalue is at least the determinant divided by e. Rounding moves it by less
# than n² eps.
_SURE = 1e-9
# Above this times n the reciprocal of the condition number proves the same, as LAPACK estimates it, to a factor of
# about 10.
_WELL_CONDITIONED = 1e-12


def cholesky_factor(A: Array) -> Array:
    """Lower triangular L with A = L L*, from the upper triangle of a Hermitian matrix of doubles.

    Raises for an indefinite matrix; its order is that of the first leading minor that is not positive.
    """
    # Powers of 2 make the diagonal nearly ones, so that nothing overflows or underflows.
    halves = (np.frexp(A.diagonal().real)[1] + 1) // 2
    H = times_powers_of_two(np.triu(A), -(halves + halves[:, np.newaxis]))
    # The diagonal is below 1. By Cauchy and Schwarz nothing else in a definite matrix is larger; LAPACK may not notice.
    bad = (H.diagonal().real <= 0) | ~((np.abs(H.real) <= 1) & (np.abs(H.imag) <= 1)).all(axis=0)
    if bad.any():
        order = int(bad.argmax()) + 1
        if order > 1:
            cholesky_factor(A[: order - 1, : order - 1])  # a leading minor before that one may be the first
        refuse_indefinite(order)
    mirror = H.conj().T  # the same matrix, and for real entries in the order of LAPACK without a copy
    L, failed = _FACTORIZE[mirror.dtype.char](mirror, lower=1, clean=1)
    if failed or not _is_sure(H, L):
        L = _decided_exactly(H, L, failed)
    return times_powers_of_two(L, halves[:, np.newaxis])


def _is_sure(H: Array, L: Array) -> bool:
    pivots = L.diagonal().real
    with np.errstate(all="ignore"):
        if np.multiply.reduce(pivots * pivots / H.diagonal().real) > _SURE * len(H):
            return True
        longest = float(np.abs(_from_upper(H)).sum(axis=1).max())
    return bool(_CONDITION[H.dtype.char](L, longest, uplo="L")[0] > _WELL_CONDITIONED * len(H))


def _decided_exactly(H: Array, L: Array, failed: int) -> Array:
    """The factor of a matrix at the edge of definite: of a real one with few rows from whole numbers."""
    if H.dtype.kind == "c" or len(H) > LARGEST_EXACT_SIDE:
        if failed:
            refuse_indefinite(failed)
        pivots = L.diagonal().real
        order = int((pivots * pivots / H.diagonal().real).argmin()) + 1
        if is_exactly_singular(_from_upper(H[:order, :order])):
            refuse_indefinite(order)
        return L
    rows, shift = as_whole_rows(_from_upper(H))
    minors = leading_minors(rows)
    for order, minor in enumerate(minors, 1):
        if minor <= 0:
            refuse_indefinite(order)
    return _from_whole_numbers(rows, shift)


def _from_upper(H: Array) -> Array:
    upper = np.triu(H)
    return upper + np.triu(H, 1).conj().T


def _from_whole_numbers(rows: list[list[int]], shift: int) -> Array:
    """L of the matrix rows · 2**shift, by elimination without fractions (Bareiss).

    After k steps the first column is the one of L, times the roots of the leading minors of orders k and k + 1.
    """
    if shift % 2:
        rows, shift = [[2 * x for x in row] for row in rows], shift - 1
    n, previous = len(rows), 1
    L = np.zeros((n, n))
    for k in range(n):
        (pivot, *top), *rest = rows
        scale = _root(pivot * previous)
        L[k:, k] = [_ratio(x, scale) * 2.0 ** (shift // 2) for x in [pivot, *(row[0] for row in rest)]]
        rows = [[(pivot * x - j * t) // previous for x, t in zip(row, top, strict=True)] for j, *row in rest]
        previous = pivot
    return L


def _root(x: int) -> tuple[int, int]:
    """√x as a whole number times a power of 2, to more than 60 bits."""
    more = max(0, 128 - x.bit_length()) // 2
    return math.isqrt(x << 2 * more), -more


def _ratio(x: int, y: tuple[int, int]) -> float:
    whole, exponent = y
    return (x << -exponent) / whole
