"""Factorization: a matrix as a product of simpler ones, with which systems are solved and determinants read off."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_nonfinite
from mathref._arguments.precision import as_precise_as, in_double, refuse_overflow
from mathref._arguments.shapes import as_hermitian, as_matrix
from mathref._arguments.single import as_flag
from mathref._numerics.elimination import lu_factors, permutation_matrix
from mathref._numerics.orthogonalization import thin_qr
from mathref._numerics.positive_definite import cholesky_factor
from mathref._numerics.powers_of_two import LEAST_MODERATE, MOST_MODERATE, scaled_columns, times_powers_of_two
from mathref._workings.factorization import cholesky_working, lu_working, qr_working
from mathref._workings.steps import Working


class LU(NamedTuple):
    """Factors of A = P L U."""

    P: Array
    L: Array
    U: Array


class QR(NamedTuple):
    """Thin factors of A = Q R."""

    Q: Array
    R: Array


def lu(A: ArrayLike, *, p_indices: bool = False) -> LU:
    """Elimination with partial pivoting as a product, A = P L U.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix, square or not, singular or not.
    p_indices : bool, default False
        Return P as indices, for which ``A = L[P] @ U``: of 100,000 rows the matrix P would take 80 gigabytes.

    Returns
    -------
    P : ndarray of shape (m, m), or with p_indices (m,)
        Permutation matrix: the order in which rows were chosen.
    L : ndarray of shape (m, k), k = min(m, n)
        Lower triangular with ones on the diagonal; no entry exceeds 1 in modulus for real A, √2 for complex A.
    U : ndarray of shape (k, n)
        Upper triangular.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity, or has so many rows that P does not fit in memory.
    numpy.linalg.LinAlgError
        If an entry of U exceeds the range of its type.

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
    order, L, U = lu_factors(in_double(A))
    if as_flag(p_indices, "p_indices"):
        P: Array = np.empty_like(order)
        P[order] = np.arange(len(order))
    else:
        P = permutation_matrix(order, L.real.dtype if A.dtype.char in "dD" else np.dtype(np.float32))
    refuse_overflow(U, "each entry of U")
    return LU(P, as_precise_as(L, A), as_precise_as(U, A, what="each entry of U"))


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
    numpy.linalg.LinAlgError
        If an entry of R exceeds the range of its type.

    Notes
    -----
    Householder reflections, about 4mn² - 4n³/3 operations for m ≥ n: backward stable, unlike Gram-Schmidt. A column
    that depends on those before it, to within 4 max(m, n) eps of its length, has 0 on the diagonal of R; its place in Q
    takes what is left of the axis that has the largest part outside the columns before it.

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
    A = as_matrix(A, "A")
    with np.errstate(all="ignore"):
        sizes = np.abs(in_double(A)).max(axis=0)
        if ((sizes == 0) | ((sizes > LEAST_MODERATE) & (sizes < MOST_MODERATE))).all():
            Q, R = thin_qr(in_double(A))
        else:
            matrix, exponents = scaled_columns(A)
            Q, R = thin_qr(matrix)
            R = times_powers_of_two(R, exponents)
            refuse_overflow(R, "each entry of R")
    Q += 0.0  # turns -0.0 into 0.0
    R += 0.0
    return QR(as_precise_as(Q, A), as_precise_as(R, A, what="each entry of R"))


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
    About n³/3 operations, half of LU's, and no pivoting is needed. Where rounding could decide whether the matrix, as
    stored, is positive definite, a real one of up to 32 rows is eliminated in whole numbers, so that the answer is
    exact; of other matrices it is decided exactly whether they are singular, for up to 500 rows.

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
    refuse_nonfinite(A, "A")
    return as_precise_as(cholesky_factor(in_double(A)), A)


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
