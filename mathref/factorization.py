"""Factorization: a matrix as a product of simpler ones, with which systems are solved and determinants read off."""

from typing import NamedTuple

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from mathref._arguments.arrays import Array, as_array, refuse_nonfinite
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.shapes import as_hermitian, as_matrix
from mathref._numerics.singularity import is_exactly_singular, refuse_indefinite
from mathref._workings.factorization import cholesky_working, lu_working, qr_working
from mathref._workings.steps import Working

_CHOLESKY = {"d": lapack.dpotrf, "D": lapack.zpotrf}
_HOUSEHOLDER = {"d": (lapack.dgeqrf, lapack.dorgqr), "D": (lapack.zgeqrf, lapack.zungqr)}
# Below this share of the diagonal entry a pivot may be nothing but rounding error.
_SUSPECT_PIVOT = 1e-13


class LU(NamedTuple):
    """Factors of A = P L U."""

    P: Array
    L: Array
    U: Array


class QR(NamedTuple):
    """Thin factors of A = Q R."""

    Q: Array
    R: Array


def lu(A: ArrayLike) -> LU:
    """Elimination with partial pivoting as a product, A = P L U.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix, square or not, singular or not.

    Returns
    -------
    P : ndarray of shape (m, m)
        Permutation matrix: the order in which rows were chosen.
    L : ndarray of shape (m, k), k = min(m, n)
        Lower triangular with ones on the diagonal; no entry exceeds 1 in modulus (for real A).
    U : ndarray of shape (k, n)
        Upper triangular.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity.

    Notes
    -----
    About 2n³/3 operations for m = n. Without row exchanges the factorization need not exist ([[0, 1], [1, 0]]), and
    small pivots would magnify rounding errors.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lecture 21.

    Examples
    --------
    >>> P, L, U = lu([[1, 2], [4, 2]])
    >>> P
    array([[0., 1.],
           [1., 0.]])
    >>> L
    array([[1.  , 0.  ],
           [0.25, 1.  ]])
    >>> U
    array([[4. , 2. ],
           [0. , 1.5]])
    """
    A = as_matrix(A, "A")
    factors = scipy.linalg.lu(in_double(A), check_finite=False)
    P, L, U = (as_precise_as(factor, A) for factor in factors)
    return LU(P.real, L, U)


def qr(A: ArrayLike) -> QR:
    """Thin orthogonal-triangular factorization A = Q R, with a diagonal of R that is not negative.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.

    Returns
    -------
    Q : ndarray of shape (m, k), k = min(m, n)
        Orthonormal columns: Q* Q = I.
    R : ndarray of shape (k, n)
        Upper triangular, its diagonal real and not negative, which makes the factors unique when the columns of A are
        independent.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity.

    Notes
    -----
    Householder reflections, about 4mn² - 4n³/3 operations for m ≥ n: backward stable, unlike Gram-Schmidt.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lectures 7 and 10.

    Examples
    --------
    >>> Q, R = qr([[0, 2], [-3, 4]])
    >>> Q
    array([[ 0., 1.],
           [-1., 0.]])
    >>> R
    array([[ 3., -4.],
           [ 0., 2.]])
    """
    A = as_matrix(A, "A", finite=False)
    reflect, assemble = _HOUSEHOLDER["D" if A.dtype.kind == "c" else "d"]
    thin = min(A.shape)
    factors, scales, *_ = reflect(in_double(A), lwork=64 * A.shape[1])  # room for blocks of 64 columns
    R = np.triu(factors[:thin])
    Q = assemble(factors[:, :thin], scales, lwork=64 * thin)[0]
    if not np.isfinite(R).all():
        refuse_nonfinite(A, "A")
    diagonal = R.diagonal()
    signs = np.where(diagonal.real < 0, -1.0, 1.0)  # LAPACK's diagonal is real, also for complex A
    Q *= signs
    R *= signs[:, np.newaxis]
    Q += 0.0  # turns -0.0 into 0.0
    R += 0.0
    return QR(as_precise_as(Q, A), as_precise_as(R, A))


def cholesky(A: ArrayLike) -> Array:
    """Lower triangular L with A = L L*, for a positive definite matrix.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Symmetric (real) or Hermitian (complex) positive definite matrix; mirrored entries may differ by 1e-12 of the
        largest entry (float32: 1e-5), and then the upper triangle is used.

    Returns
    -------
    ndarray of shape (n, n)
        L, with a positive diagonal and zeros above it.

    Raises
    ------
    ValueError
        If A is not square, not Hermitian, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If A is not positive definite; the message names the order of the first leading minor that is not positive.

    Notes
    -----
    About n³/3 operations, half of LU's, and no pivoting is needed. A matrix that passes is positive definite up to
    rounding; one that is exactly singular is refused also where rounding leaves a small positive pivot.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 4.2.

    Examples
    --------
    >>> cholesky([[4, 2], [2, 5]])
    array([[2., 0.],
           [1., 2.]])
    """
    A = as_hermitian(A, "A", otherwise="for any square matrix use lu, for a Gram matrix factor A.T @ A")
    mirror = in_double(A).conj().T  # the same matrix, and for real entries in the order of LAPACK without a copy
    L, order = _CHOLESKY[mirror.dtype.char](mirror, lower=1, clean=1)
    pivots = L.diagonal().real
    safe = pivots * pivots > _SUSPECT_PIVOT * A.diagonal().real
    if order or not safe.all():
        refuse_nonfinite(A, "A")
        order = order or int(safe.argmin()) + 1
        if pivots[order - 1] <= 0 or is_exactly_singular(A[:order, :order]):
            refuse_indefinite(order)
    return as_precise_as(L, A)


def lu_steps(A: ArrayLike) -> Working:
    """How P, L and U come about by elimination with partial pivoting, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real matrix of at most 5 rows and columns. Numbers that are the nearest double to a fraction, as 1/3, are taken
        for it.

    Returns
    -------
    Working
        One step for each row operation, whose value is the matrix after it. The last value is the `LU` ``(P, L, U)``,
        as from `lu`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not a matrix, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not 0), or holds
        NaN or infinity.

    See Also
    --------
    lu : the same factors in floating point.

    Notes
    -----
    All is computed in fractions. For a matrix of lower rank, what is left of a column may be exactly 0 where floating
    point leaves rounding errors, of which `lu` then chooses its pivot: both results are factorizations of A.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lecture 21.

    Examples
    --------
    >>> lu_steps([[1, 2], [4, 2]])
    A = P L U by elimination with partial pivoting
    <BLANKLINE>
    1. Start from A.
       A = ⎡1  2⎤
           ⎣4  2⎦
    <BLANKLINE>
    2. Column 1: its largest entry goes to the diagonal, R1 ↔ R2.
       ⎡4  2⎤
       ⎣1  2⎦
    <BLANKLINE>
    3. R2 ← R2 - 1/4 R1
       ⎡4    2⎤
       ⎣0  3/2⎦
    <BLANKLINE>
    4. U is what is left, L holds the multiples that were subtracted, P the exchanges.
       P = ⎡0  1⎤
           ⎣1  0⎦
       L = ⎡  1  0⎤
           ⎣1/4  1⎦
       U = ⎡4    2⎤
           ⎣0  3/2⎦
    """
    return lu_working(as_matrix(A, "A", real=True), lu)


def qr_steps(A: ArrayLike) -> Working:
    """How Q and R come about by the Gram-Schmidt process, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real matrix of at most 5 rows and columns. Numbers that are the nearest double to a fraction, as 1/3, are taken
        for it.

    Returns
    -------
    Working
        One step for each column of Q, which is its value. The last value is the `QR` ``(Q, R)``, as from `qr`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not a matrix, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not 0), or holds
        NaN or infinity.

    See Also
    --------
    qr : the same factors by reflections, which rounding does not spoil.

    Notes
    -----
    Column aⱼ without its parts along u₁, ..., uⱼ₋₁ is uⱼ, and qⱼ = uⱼ / ‖uⱼ‖; R has the entries qᵢ · aⱼ. Where a column
    depends on those before it, uⱼ is 0 and any unit vector orthogonal to the others serves as qⱼ: the factors are then
    not unique, and `qr` may return others.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lecture 7.

    Examples
    --------
    >>> working = qr_steps([[3, 1], [4, 3]])
    >>> print(working[1].text)
    (u₁ · a₂) / (u₁ · u₁) = 15 / 25 = 3/5
    u₂ = a₂ - 3/5 u₁ = ⎡-4/5⎤
                       ⎣ 3/5⎦
    ‖u₂‖ = √1 = 1
    q₂ = ⎡-4/5⎤
         ⎣ 3/5⎦
    >>> working.result.R
    array([[5., 3.],
           [0., 1.]])
    """
    return qr_working(as_matrix(A, "A", real=True), QR)


def cholesky_steps(A: ArrayLike) -> Working:
    """How the Cholesky factor comes about entry by entry, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real symmetric positive definite matrix of at most 5 rows. Numbers that are the nearest double to a fraction, as
        1/3, are taken for it.

    Returns
    -------
    Working
        One step for each entry of L on and below the diagonal, column by column, which is its value. The last value is
        L, as from `cholesky`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not square, not symmetric, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not
        0), or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If A is not positive definite.

    See Also
    --------
    cholesky : the same factor in floating point.

    Notes
    -----
    Lⱼⱼ = √(aⱼⱼ - Σ Lⱼₖ²) and Lᵢⱼ = (aᵢⱼ - Σ Lᵢₖ Lⱼₖ) / Lⱼⱼ, where the sums run over k < j.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 4.2.

    Examples
    --------
    >>> cholesky_steps([[4, 2], [2, 5]])
    A = L Lᵀ by Cholesky's method, column by column
    <BLANKLINE>
    1. L₁₁ from a₁₁.
       L₁₁ = √a₁₁ = √4 = 2
    <BLANKLINE>
    2. L₂₁ from a₂₁.
       L₂₁ = a₂₁ / L₁₁ = 2 / 2 = 1
    <BLANKLINE>
    3. L₂₂ from a₂₂.
       L₂₂ = √(a₂₂ - L₂₁²)
           = √(5 - 1) = 2
    <BLANKLINE>
    4. All entries.
       L = ⎡2  0⎤
           ⎣1  2⎦
    """
    A = as_hermitian(as_array(A, "A", real=True), "A", otherwise="for any square matrix use lu_steps")
    return cholesky_working(A, cholesky)
