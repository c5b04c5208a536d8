"""Determinants as mantissa and exponent, which neither overflow nor underflow on the way."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.linalg import lapack

from mathref._arguments.arrays import Array, refuse_nonfinite
from mathref._arguments.precision import in_double
from mathref._numerics.powers_of_two import number_times_power_of_two

# Exact integer elimination is quick up to about this many rows; its cost grows faster than n³ with longer integers.
_LARGEST_EXACT_SIDE = 32
_LARGEST_INTEGER = 2.0**53
_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}
# With entries below this and pivots between its inverse and it, no digit was lost to overflow or underflow.
_SAFE = 2.0**100


def mantissa_and_exponent(A: Array) -> tuple[int | float | complex, int]:
    """Determinant as mantissa · 2**exponent: the exact integer, or from an LU factorization."""
    A = in_double(A)
    flat = A.ravel(order="K")
    squares = np.vdot(flat, flat).real
    if squares < _LARGEST_INTEGER**2 and len(A) <= _LARGEST_EXACT_SIDE and _holds_integers(A):
        return _integer_determinant([list(map(int, row)) for row in A.tolist()]), 0
    if squares < _SAFE**2:
        sign, pivots = _sign_and_pivots(A)
        sizes = list(map(abs, pivots))
        if min(sizes) > 1 / _SAFE and max(sizes) < _SAFE:
            return _moderate_product(sign, 0, pivots)
    refuse_nonfinite(A, "A")
    A, exponent = equilibrated(A)
    sign, pivots = _sign_and_pivots(A)
    return product(sign, exponent, pivots)


def _holds_integers(A: Array) -> bool:
    # The first entry alone tells it of most matrices.
    return A.dtype.kind == "f" and A.item(0).is_integer() and all(map(float.is_integer, A.ravel().tolist()))


def _integer_determinant(rows: list[list[int]]) -> int:
    """Fraction-free elimination: each division is exact (Bareiss)."""
    sign, previous = 1, 1
    while len(rows) > 1:
        chosen = next((i for i, row in enumerate(rows) if row[0]), None)
        if chosen is None:
            return 0
        if chosen:
            rows[0], rows[chosen], sign = rows[chosen], rows[0], -sign
        (pivot, *top), *rest = rows
        rows = [[(pivot * x - k * t) // previous for x, t in zip(row, top, strict=True)] for k, *row in rest]
        previous = pivot
    return sign * rows[0][0]


def _sign_and_pivots(A: Array) -> tuple[int, list[float | complex]]:
    # LAPACK works on columns: the transpose has the same determinant and needs no copy for its order.
    factors, exchanges, _ = _FACTORIZE[A.dtype.char](A.T)
    odd = sum(row != chosen for row, chosen in enumerate(exchanges.tolist())) % 2
    return -1 if odd else 1, factors.diagonal().tolist()


def product(sign: int, exponent: int, factors: list[float | complex]) -> tuple[float | complex, int]:
    """sign · 2**exponent times the factors, as mantissa and exponent so that no product leaves the range."""
    moderate, shifts = zip(*map(_moderate, factors), strict=True)
    return _moderate_product(sign, exponent + sum(shifts), moderate)


def _moderate_product(sign: int, exponent: int, factors: Sequence[float | complex]) -> tuple[float | complex, int]:
    mantissa: float | complex = float(sign)
    for factor in factors:
        mantissa *= factor
        if not 1e-100 < abs(mantissa) < 1e100:
            mantissa, shift = _moderate(mantissa)
            exponent += shift
    return mantissa + 0.0, exponent  # 0.0 rather than -0.0


def _moderate(x: float | complex) -> tuple[float | complex, int]:
    size = abs(x)
    if size == 0 or 1e-100 < size < 1e100:
        return x, 0
    shift = math.frexp(size)[1]
    return number_times_power_of_two(x, -shift), shift


def equilibrated(A: Array) -> tuple[Array, int]:
    """A with columns, then rows, multiplied by powers of 2 (no rounding), and what to add to the exponent.

    Each column and row of the result has an entry near 1 and none above. Both powers are applied at once: the one alone
    may overflow or underflow.
    """
    A = in_double(A)
    # The larger part of a complex entry, since its modulus may overflow.
    largest = np.maximum(np.abs(A.real), np.abs(A.imag)) if A.dtype.kind == "c" else np.abs(A)
    exponents = np.where(largest > 0, np.frexp(largest)[1], -9999)
    columns = exponents.max(axis=0)
    rows = (exponents - columns).max(axis=1)
    shifts = columns + rows[:, np.newaxis]
    scaled = np.ldexp(A.real, -shifts)
    if A.dtype.kind == "c":
        scaled = scaled + 1j * np.ldexp(A.imag, -shifts)
    return scaled, int(columns.sum() + rows.sum())
