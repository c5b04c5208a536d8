"""Singular values of any matrix of doubles, and which of them count."""

import numpy as np
import scipy.linalg

from mathref._arguments.arrays import Array
from mathref._arguments.single import as_number


def decomposed(A: Array) -> tuple[Array, Array, Array]:
    """Thin U, s and Vh; divide and conquer fails to converge for a few matrices, the QR iteration does not."""
    try:
        return np.linalg.svd(A, full_matrices=False)
    except np.linalg.LinAlgError:
        return scipy.linalg.svd(A, full_matrices=False, lapack_driver="gesvd")


def tolerance(A: Array, rtol: float | None) -> float:
    """`rtol`, by default max(m, n) eps of A's own precision: singular values up to this share of the largest are 0."""
    return max(A.shape) * float(np.finfo(A.dtype).eps) if rtol is None else as_number(rtol, "rtol", least=0)


def count(values: Array, share: float) -> int:
    """How many singular values exceed this share of the largest."""
    with np.errstate(all="ignore"):
        return int(np.count_nonzero(values > share * values[0]))
