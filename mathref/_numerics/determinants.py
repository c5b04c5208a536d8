"""Determinants as mantissa and exponent; the sign is decided exactly where rounding could decide it.

Every double is a whole number times a power of 2, and whole numbers are eliminated without fractions (Bareiss). That
is done for integers, and for what is so nearly singular that the error of elimination in floating point might turn the
sign.
"""

import math
import sys
from collections.abc import Sequence

import numpy as np
from scipy.linalg import lapack

from mathref._arguments.arrays import Array, refuse_nonfinite
from mathref._arguments.precision import in_double
from mathref._numerics.powers_of_two import equilibrated, number_times_power_of_two
from mathref._numerics.singularity import is_exactly_singular
from mathref._numerics.whole_numbers import as_whole_rows, whole_determinant

# Exact elimination is quick up to about this many rows; its cost grows faster than n³ with longer integers.
LARGEST_EXACT_SIDE = 32
_LARGEST_INTEGER = 2.0**53
_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}
_CONDITION = {"d": lapack.dgecon, "D": lapack.zgecon}
# With entries below this and pivots between its inverse and it, no digit was lost to overflow or underflow.
_SAFE = 2.0**100
# |det A| is at most σₙ (‖A‖ / √(n-1))ⁿ⁻¹. With up to 8 rows the error of elimination is below n² 2ⁿ⁻¹ eps ‖A‖, so that
# a determinant above this share of ‖A‖ⁿ has its sign for sure.
_SURE, _FEW = 1e-11, 8
# Above this times n, the reciprocal of the condition number proves the same, as LAPACK estimates it, to a factor of
# about 10.
_WELL_CONDITIONED = 1e-12


def mantissa_and_exponent(A: Array) -> tuple[int | float | complex, int]:
    """Determinant as mantissa · 2**exponent: from an LU factorization, or exactly as a whole number."""
    A = in_double(A)
    flat = A.ravel(order="K")
    with np.errstate(all="ignore"):
        squares = np.vdot(flat, flat).real
    if len(A) <= LARGEST_EXACT_SIDE and squares < _LARGEST_INTEGER**3 and _holds_integers(A):
        return whole_determinant([list(map(int, row)) for row in A.tolist()]), 0
    if squares < _SAFE**2:
        sign, pivots, _ = _factorized(A)
        sizes = list(map(abs, pivots))
        if min(sizes) > 1 / _SAFE and max(sizes) < _SAFE and len(A) <= _FEW:
            mantissa, exponent = product(sign, 0, pivots)
            if not exponent and abs(mantissa) > _SURE * math.sqrt(squares) ** len(A):
                return mantissa, 0
    refuse_nonfinite(A, "A")
    scaled, rows, columns = equilibrated(A)
    exponent = int(rows.sum() + columns.sum())
    sign, pivots, condition = _factorized(scaled)
    if condition > _WELL_CONDITIONED * len(A):
        return product(sign, exponent, pivots)
    if A.dtype.kind == "f" and len(A) <= LARGEST_EXACT_SIDE:
        if np.count_nonzero(np.abs(scaled) >= sys.float_info.min) == np.count_nonzero(A):
            A = scaled  # without loss, and of shorter whole numbers
        else:
            exponent = 0
        whole, shift = as_whole_rows(A)
        return whole_determinant(whole), exponent + shift * len(A)
    if is_exactly_singular(A):
        return 0.0 * pivots[0] + 0.0, 0
    if not all(pivots):
        raise np.linalg.LinAlgError(
            "A must have entries that can be scaled to within 2.2e-308 and 1 in modulus, but it is not singular and "
            "its pivots underflow; scale rows and columns, whose factors the determinant is multiplied by"
        )
    return product(sign, exponent, pivots)


def _holds_integers(A: Array) -> bool:
    # The first entry alone tells it of most matrices.
    if A.dtype.kind == "c" or not A.item(0).is_integer():
        return False
    numbers = A.ravel().tolist()
    return all(map(float.is_integer, numbers)) and max(map(abs, numbers)) <= _LARGEST_INTEGER


def _factorized(A: Array) -> tuple[int, list[float | complex], float]:
    """Sign of the row exchanges, pivots, and the reciprocal of the condition number as estimated by LAPACK."""
    # LAPACK works on columns: the transpose has the same determinant and needs no copy for its order.
    factors, exchanges, zero_pivot = _FACTORIZE[A.dtype.char](A.T)
    odd = sum(row != chosen for row, chosen in enumerate(exchanges.tolist())) % 2
    condition = 0.0
    if not zero_pivot:
        with np.errstate(all="ignore"):
            longest = float(np.abs(A).sum(axis=1).max())
        condition = _CONDITION[A.dtype.char](factors, longest)[0]
    return -1 if odd else 1, factors.diagonal().tolist(), condition


def product(sign: int, exponent: int, factors: Sequence[float | complex]) -> tuple[float | complex, int]:
    """sign · 2**exponent times the factors, as mantissa and exponent so that no product leaves the range."""
    mantissa: float | complex = float(sign)
    for factor in factors:
        moderate, shift = _moderate(factor)
        mantissa, further = _moderate(mantissa * moderate)
        exponent += shift + further
    return mantissa + 0.0, exponent  # 0.0 rather than -0.0


def _moderate(x: float | complex) -> tuple[float | complex, int]:
    size = abs(x)
    if size == 0 or 1e-100 < size < 1e100:
        return x, 0
    shift = math.frexp(size)[1]
    return number_times_power_of_two(x, -shift), shift
