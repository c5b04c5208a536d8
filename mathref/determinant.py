"""Determinant: the signed factor by which a linear map scales volume."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from mathref._arguments import Array, as_square, in_double, refuse_nonfinite

# Exact integer elimination is quick up to about this many rows; its cost grows faster than n³ with longer integers.
_LARGEST_EXACT_SIDE = 32
_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}
# With entries below this and pivots between its inverse and it, no digit was lost to overflow or underflow.
_SAFE = 2.0**100
_OTHERWISE = "only a square matrix has a determinant; the volume scaled by a rectangular one is in its singular values"


class SignedLog(NamedTuple):
    """A number as its sign (or phase) and the natural logarithm of its modulus."""

    sign: float | complex
    logabsdet: float


def det(A: ArrayLike) -> float | complex:
    """Determinant from an LU factorization, exact for integer matrices.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix, real or complex.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n. A matrix of integers with n at most 32 gives the exact
        integer, rounded once to a double. Beyond the range of a double (1.8e308) it is infinite: use `slogdet`.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    See Also
    --------
    slogdet : sign and logarithm, for determinants beyond the range of a double.
    det_by_cofactors : the definition written out.

    Notes
    -----
    P A = L U gives det A = ± ∏ Uᵢᵢ in about 2n³/3 operations. The product is formed with its exponent apart, so that
    no intermediate result overflows or underflows. Integers are eliminated without fractions (Bareiss), so that
    ``det([[1, 2], [3, 4]])`` is -2.0 where plain LU gives -2.0000000000000004.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 3.2.
    Bareiss (1968), Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22.

    Examples
    --------
    >>> det([[1, 2], [3, 4]])
    -2.0
    >>> det([[0, -1], [1, 0]])
    1.0
    """
    return _scaled(*_mantissa_and_exponent(as_square(A, "A", otherwise=_OTHERWISE, finite=False)))


def slogdet(A: ArrayLike) -> SignedLog:
    """Sign and natural logarithm of the determinant's modulus.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix, real or complex.

    Returns
    -------
    SignedLog
        ``(sign, logabsdet)`` with det A = sign · exp(logabsdet). The sign is 1.0, -1.0 or 0.0, for a complex matrix a
        number of modulus 1; a singular matrix gives ``(0.0, -inf)``.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    Notes
    -----
    log|det A| = Σ log|Uᵢᵢ| from P A = L U; integers are eliminated exactly, as in `det`. A determinant leaves the range
    of a double soon (the identity times 0.1 at n = 324), its logarithm does not, and Gaussian log-likelihoods ask for
    the logarithm in any case.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 3.2.

    Examples
    --------
    >>> sign, logabsdet = slogdet([[1, 2], [3, 4]])
    >>> sign, round(logabsdet, 12)
    (-1.0, 0.69314718056)
    """
    A = as_square(A, "A", otherwise=_OTHERWISE, finite=False)
    mantissa, exponent = _mantissa_and_exponent(A)
    size = abs(mantissa)
    if size == 0:
        return SignedLog(0.0 * mantissa + 0.0, -math.inf)
    return SignedLog(mantissa / size, math.log(size) + exponent * math.log(2))


def det_by_cofactors(A: ArrayLike) -> float | complex:
    """Determinant by expansion along the first row.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix, real or complex, n at most 9.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n.

    Raises
    ------
    ValueError
        If A is not square, is empty, holds NaN or infinity, or n exceeds 9.

    See Also
    --------
    det : the same number from an LU factorization, in O(n³).

    Notes
    -----
    det A = Σⱼ (-1)ʲ A₀ⱼ det A⁽⁰ʲ⁾, where A⁽⁰ʲ⁾ is A without row 0 and column j. It costs about n! products: it is
    here to explain, `det` to compute.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 5.2.

    Examples
    --------
    >>> det_by_cofactors([[2, 0, 1], [1, 3, 2], [1, 1, 4]])
    18.0
    """
    A, exponent = _equilibrated(as_square(A, "A", otherwise=_OTHERWISE, max_side=9))
    return _scaled(_expanded(A), exponent)


def _expanded(A: Array) -> float | complex:
    if len(A) == 1:
        return A[0, 0].item()  # type: ignore[no-any-return]
    minors = (np.delete(A[1:], j, axis=1) for j in range(len(A)))
    return sum((-1) ** j * A[0, j].item() * _expanded(minor) for j, minor in enumerate(minors))


def det_by_elimination(A: ArrayLike) -> float | complex:
    """Determinant by Gaussian elimination with partial pivoting, written out.

    Parameters
    ----------
    A : array_like, shape (n, n)
        Square matrix, real or complex.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    See Also
    --------
    det : the same computation by LAPACK, guarded against overflow and exact for integers.

    Notes
    -----
    Adding a multiple of one row to another keeps the determinant, exchanging two rows changes its sign, and a
    triangular matrix has the product of its diagonal. Each pivot is the entry of largest modulus in its column, so that
    no multiplier exceeds 1. About 2n³/3 operations.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lectures 20 and 21.

    Examples
    --------
    >>> det_by_elimination([[0, 2], [3, 4]])
    -6.0
    """
    U, exponent = _equilibrated(as_square(A, "A", otherwise=_OTHERWISE))
    sign = 1
    for k in range(len(U) - 1):
        pivot = k + int(np.argmax(np.abs(U[k:, k])))
        if U[pivot, k] == 0:
            return _scaled(U[pivot, k].item(), 0)
        if pivot != k:
            U[[k, pivot]] = U[[pivot, k]]
            sign = -sign
        U[k + 1 :] -= np.outer(U[k + 1 :, k] / U[k, k], U[k])
    return _scaled(*_product(sign, exponent, U.diagonal().tolist()))


def _mantissa_and_exponent(A: Array) -> tuple[int | float | complex, int]:
    """Determinant as mantissa · 2**exponent: the exact integer, or from an LU factorization."""
    if len(A) <= _LARGEST_EXACT_SIDE and A.dtype.kind == "f" and A.item(0).is_integer():
        rows = A.tolist()
        if all(entry.is_integer() for row in rows for entry in row):
            return _integer_determinant([list(map(int, row)) for row in rows]), 0
    A = in_double(A)
    if np.vdot(A, A).real < _SAFE**2:
        sign, pivots = _sign_and_pivots(A)
        if all(1 / _SAFE < abs(pivot) < _SAFE for pivot in pivots):
            return _moderate_product(sign, 0, pivots)
    refuse_nonfinite(A, "A")
    A, exponent = _equilibrated(A)
    sign, pivots = _sign_and_pivots(A)
    return _product(sign, exponent, pivots)


def _integer_determinant(rows: list[list[int]]) -> int:
    """Fraction-free elimination: each division is exact (Bareiss)."""
    sign, previous = 1, 1
    while len(rows) > 2:
        chosen = next((i for i, row in enumerate(rows) if row[0]), None)
        if chosen is None:
            return 0
        if chosen:
            rows[0], rows[chosen], sign = rows[chosen], rows[0], -sign
        (pivot, *top), *rest = rows
        rows = [[(pivot * x - first * t) // previous for x, t in zip(row, top)] for first, *row in rest]  # noqa: B905
        previous = pivot
    return (
        sign * rows[0][0] if len(rows) == 1 else sign * (rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]) // previous
    )


def _sign_and_pivots(A: Array) -> tuple[int, list[float | complex]]:
    # LAPACK works on columns: the transpose has the same determinant and needs no copy for its order.
    factors, exchanges, _ = _FACTORIZE[A.dtype.char](A.T)
    odd = sum(row != chosen for row, chosen in enumerate(exchanges.tolist())) % 2
    return -1 if odd else 1, factors.diagonal().tolist()


def _product(sign: int, exponent: int, factors: list[float | complex]) -> tuple[float | complex, int]:
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
    return mantissa, exponent


def _moderate(x: float | complex) -> tuple[float | complex, int]:
    size = abs(x)
    if size == 0 or 1e-100 < size < 1e100:
        return x, 0
    shift = math.frexp(size)[1]
    return _scaled(x, -shift), shift


def _equilibrated(A: Array) -> tuple[Array, int]:
    """A with columns, then rows, multiplied by powers of 2 (no rounding), and what to add to the exponent."""
    A, exponent = in_double(A), 0
    for axis in (0, 1):
        _, shifts = np.frexp(np.abs(A).max(axis=axis, keepdims=True))
        half = -shifts // 2  # two steps, since 2**1074 itself is not a double
        A = A * np.ldexp(1.0, half) * np.ldexp(1.0, -shifts - half)
        exponent += int(shifts.sum())
    return A, exponent


def _scaled(mantissa: int | float | complex, exponent: int) -> float | complex:
    """mantissa · 2**exponent, infinite beyond the range of a double."""
    if isinstance(mantissa, complex):
        return complex(_scaled(mantissa.real, exponent), _scaled(mantissa.imag, exponent))
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.inf if mantissa > 0 else -math.inf
