"""Inverse and solution of linear systems by LU, with a word of warning where the condition is bad.

Where entries or results are near the ends of the range of doubles, rows and columns are divided by powers of 2 first.
"""

import math

import numpy as np
from scipy.linalg import blas, lapack

from mathref._arguments.arrays import Array, refuse_nonfinite
from mathref._arguments.precision import refuse_overflow
from mathref._numerics.powers_of_two import LEAST_MODERATE, MOST_MODERATE, bands, equilibrated, times_powers_of_two
from mathref._numerics.singularity import CONDITION_LIMIT, probes, refuse_or_warn, refuse_singular

_NORM = {"d": blas.dnrm2, "D": blas.dznrm2}
_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}
_SUBSTITUTE = {"d": lapack.dgetrs, "D": lapack.zgetrs}
# The condition number is estimated from two random columns: a factor of 1000 covers an unlucky draw.
_SUSPECT = CONDITION_LIMIT / 1000


def inverted(A: Array, use_instead: str) -> Array:
    """The inverse of a matrix of doubles; `use_instead` tells what a singular one needs."""
    try:
        result = np.linalg.inv(A)
    except np.linalg.LinAlgError:
        refuse_nonfinite(A, "A")
        result, _ = _by_equilibration(A, np.eye(len(A), dtype=A.dtype), use_instead)
    size, reach = _length(A), _length(result)
    # The product of the Frobenius norms is at least the condition number, so that a small one proves all well.
    if not size * reach <= CONDITION_LIMIT:
        refuse_or_warn(A, "A", use_instead)
    if not (LEAST_MODERATE < size < MOST_MODERATE and reach < MOST_MODERATE):
        result, _ = _by_equilibration(A, np.eye(len(A), dtype=A.dtype), use_instead)
        refuse_overflow(result, "the inverse")
    return result


def solved(A: Array, columns: Array, use_instead: str) -> Array:
    """X with A X = columns, both of the same type in double precision."""
    factors, pivots, zero_pivot = _FACTORIZE[A.dtype.char](A)
    size = _length(A)
    if zero_pivot or not LEAST_MODERATE < size < MOST_MODERATE:
        refuse_nonfinite(A, "A")
        result, tried = _by_equilibration(A, columns, use_instead)
    else:
        both, _ = _SUBSTITUTE[A.dtype.char](factors, pivots, np.concatenate([columns, probes(len(A))], axis=1))
        result, tried = both[:, :-2], _length(both[:, -2:])
    if not size * tried <= _SUSPECT:
        refuse_or_warn(A, "A", use_instead)
    if not (
        tried < MOST_MODERATE
        and LEAST_MODERATE < _length(columns) < MOST_MODERATE
        and LEAST_MODERATE < _length(result) < MOST_MODERATE
    ):
        result, _ = _by_equilibration(A, columns, use_instead)
        refuse_overflow(result, "the solution")
    return result


def _by_equilibration(A: Array, columns: Array, use_instead: str) -> tuple[Array, float]:
    """X with A X = columns where magnitudes differ widely, and how long the probes' solutions are."""
    matrix, rows, powers = equilibrated(A)
    factors, pivots, zero_pivot = _FACTORIZE[A.dtype.char](matrix)
    if zero_pivot:
        refuse_singular("A", use_instead)
    result = np.zeros_like(columns)
    for part, units in bands(columns, rows):
        solution, _ = _SUBSTITUTE[A.dtype.char](factors, pivots, part)
        with np.errstate(all="ignore"):
            result = result + times_powers_of_two(solution, units - powers[:, np.newaxis])
    return result, math.inf


def _length(A: Array) -> float:
    """Frobenius norm, without overflow."""
    return float(_NORM[A.dtype.char](A.ravel("K")))
