"""Determinant: the signed factor by which a linear map scales volume."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import refuse_beyond
from mathref._arguments.precision import in_double, refuse_unsafe
from mathref._arguments.shapes import as_square
from mathref._numerics.determinants import mantissa_and_exponent
from mathref._numerics.powers_of_two import number_times_power_of_two
from mathref._workings.determinant import det_working
from mathref._workings.steps import Working

_ANY_SCALE = "det and slogdet take numbers of any size"
_OTHERWISE = "only a square matrix has a determinant; the volume scaled by a rectangular one is in its singular values"


class SignedLog(NamedTuple):
    """A number as its sign (or phase) and the natural logarithm of its modulus."""

    sign: float | complex
    logabsdet: float


def det(A: ArrayLike) -> float | complex:
    """Determinant from an LU factorization, exact for integer matrices.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Square matrix, real or complex.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n. A matrix of integers below 2⁵³ with n at most 32 gives the
        exact integer, rounded once to a double. Beyond the range of a double (1.8e308) it is infinite: use `slogdet`.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If magnitudes in a complex matrix, or in one of more than 32 rows, are so far apart that pivots underflow.

    See Also
    --------
    slogdet : sign and logarithm, for determinants beyond the range of a double.
    det_by_cofactors : the definition written out.

    Notes
    -----
    P A = L U gives det A = ± ∏ Uᵢᵢ in about 2n³/3 operations. The product is formed with its exponent apart, so that
    no intermediate result overflows or underflows. Integers are eliminated without fractions (Bareiss), so that
    ``det([[1, 2], [3, 4]])`` is -2.0 where plain LU gives -2.0000000000000004. So is, for n at most 32, any real matrix
    so nearly singular that rounding could decide the sign; doubles are whole numbers times powers of 2.

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
    return number_times_power_of_two(*mantissa_and_exponent(as_square(A, "A", otherwise=_OTHERWISE, finite=False)))


def slogdet(A: ArrayLike) -> SignedLog:
    """Sign and natural logarithm of the determinant's modulus.

    Parameters
    ----------
    A : array_like of shape (n, n)
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
    numpy.linalg.LinAlgError
        If magnitudes in a complex matrix, or in one of more than 32 rows, are so far apart that pivots underflow.

    Notes
    -----
    log|det A| = Σ log|Uᵢᵢ| from P A = L U; integers are eliminated exactly, as in `det`. Where rounding could decide
    the sign, it is decided exactly for the stored numbers: all of it for real matrices of up to 32 rows, whether it is
    0 for other matrices of up to 500. A determinant leaves the range of a double soon (the identity times 0.1 at
    n = 324), its logarithm does not, and Gaussian log-likelihoods ask for the logarithm in any case.

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
    mantissa, exponent = mantissa_and_exponent(A)
    size = abs(mantissa)
    if size == 0:
        return SignedLog(0.0 * mantissa + 0.0, -math.inf)
    return SignedLog(mantissa / size, math.log(size) + exponent * math.log(2))


def det_by_cofactors(A: ArrayLike) -> float | complex:
    """Determinant by expansion along the first row.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Square matrix, real or complex, n at most 9.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n.

    Raises
    ------
    ValueError
        If A is not square, is empty, holds NaN or infinity or numbers beyond 1e30 or below 1e-30 in modulus (0 may
        be), or n exceeds 9.

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
    A = in_double(as_square(A, "A", otherwise=_OTHERWISE, max_side=9))
    refuse_beyond(A, "A", 1e-30, 1e30, _ANY_SCALE)
    return _expanded(A.tolist())


def _expanded(rows: list[list[complex]]) -> complex:
    if len(rows) == 1:
        return rows[0][0]
    first, *others = rows
    minors = ([row[:j] + row[j + 1 :] for row in others] for j in range(len(rows)))
    expanded: complex = sum((-1) ** j * first[j] * _expanded(minor) for j, minor in enumerate(minors))
    return expanded


def det_by_elimination(A: ArrayLike) -> float | complex:
    """Determinant by Gaussian elimination with partial pivoting, written out.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Square matrix, real or complex.

    Returns
    -------
    float or complex
        det A, in the units of A's entries to the power n.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity or numbers beyond 1e30 or below 1e-30 in modulus (0 may
        be).
    numpy.linalg.LinAlgError
        If a product of pivots leaves the range of doubles, 2.2e-308 to 1.8e308.

    See Also
    --------
    det : the same computation by LAPACK, for numbers of any size, and exact for integers.

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
    U = np.array(in_double(as_square(A, "A", otherwise=_OTHERWISE)))
    refuse_beyond(U, "A", 1e-30, 1e30, _ANY_SCALE)
    sign = 1
    for k in range(len(U) - 1):
        pivot = k + int(np.argmax(np.abs(U[k:, k])))
        if pivot != k:
            U[[k, pivot]] = U[[pivot, k]]
            sign = -sign
        if U[k, k] != 0:
            U[k + 1 :] -= np.outer(U[k + 1 :, k] / U[k, k], U[k])
    with np.errstate(all="ignore"):
        products = np.cumprod(U.diagonal())
    refuse_unsafe(products, "each product of pivots", "use slogdet")
    determinant: float | complex = (sign * products[-1] + 0.0).item()
    return determinant


def det_steps(A: ArrayLike) -> Working:
    """How the determinant comes about by expansion along the first row, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix, n at most 4. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.

    Returns
    -------
    Working
        One step for each minor that counts, and their sum. The value of a step is its determinant; the last is
        ``det(A)``.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not square, is empty, holds NaN or infinity or numbers too large or small to read (beyond 1e6, or below
        1e-6 and not 0), or n exceeds 4.

    See Also
    --------
    det_by_cofactors : the same expansion in floating point.

    Notes
    -----
    det A = Σⱼ (-1)¹⁺ʲ a₁ⱼ M₁ⱼ, where the minor M₁ⱼ is the determinant of A without row 1 and column j. Minors of three
    rows are expanded in their turn; all is computed in fractions.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 5.2.

    Examples
    --------
    >>> det_steps([[1, 2], [3, 4]])
    Determinant by cofactors along the first row
    <BLANKLINE>
    1. The product on the diagonal minus the product off it.
       det A = 1 · 4 - 2 · 3 = -2
    """
    return det_working(as_square(A, "A", otherwise=_OTHERWISE, real=True))
