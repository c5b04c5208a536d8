"""Singular value decomposition: every matrix as three steps: turn or mirror, stretch along axes, turn or mirror."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as, refuse_overflow
from mathref._arguments.shapes import as_matrix
from mathref._arguments.single import as_integer
from mathref._numerics.powers_of_two import moderate, times_power_of_two
from mathref._numerics.signs_and_orders import unit_phases
from mathref._numerics.singular_values import decomposed
from mathref._workings.steps import Working
from mathref._workings.svd import svd_working


class SingularValueDecomposition(NamedTuple):
    """Thin factors of A = U diag(s) Vh."""

    U: Array
    s: Array
    Vh: Array


def svd(A: ArrayLike) -> SingularValueDecomposition:
    """Thin singular value decomposition A = U diag(s) Vh.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.

    Returns
    -------
    U : ndarray of shape (m, k), k = min(m, n)
        Left singular vectors as orthonormal columns.
    s : ndarray of shape (k,)
        Singular values, descending and not negative, in the units of A.
    Vh : ndarray of shape (k, n)
        Right singular vectors, conjugated, as orthonormal rows.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If a singular value exceeds the range of its type.

    See Also
    --------
    low_rank_approximation : the nearest matrix of a given rank.

    Notes
    -----
    A pair of singular vectors may be multiplied by a common sign (or phase); here each column of U has its component of
    largest modulus real and positive (ties to 1e-9: the first). Vectors of equal singular values are not unique beyond
    that. About 4m²n + 22n³ operations for m ≥ n, by LAPACK's divide and conquer.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., sections 2.4 and 8.6.

    Examples
    --------
    >>> U, s, Vh = svd([[3, 0], [0, -2]])
    >>> s
    array([3., 2.])
    >>> Vh
    array([[ 1.,  0.],
           [ 0., -1.]])
    """
    A = as_matrix(A, "A")
    matrix, exponent = moderate(A)
    U, s, Vh = decomposed(matrix)
    if exponent:
        s = times_power_of_two(s, exponent)
        refuse_overflow(s, "each singular value")
    phases = unit_phases(U)
    with np.errstate(under="ignore"):  # of entries that are nothing beside the largest
        U *= phases
        Vh *= phases.conj()[:, np.newaxis]
    U += 0.0  # turns -0.0 into 0.0
    Vh += 0.0
    return SingularValueDecomposition(
        as_precise_as(U, A), as_precise_as(s, A, what="each singular value"), as_precise_as(Vh, A)
    )


def low_rank_approximation(A: ArrayLike, rank: int) -> Array:
    """The nearest matrix of at most a given rank, in the spectral and in the Frobenius norm.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.
    rank : int
        At least 0 (the zero matrix), at most min(m, n) (A itself, up to rounding).

    Returns
    -------
    ndarray of shape (m, n)
        Σ sᵢ uᵢ vᵢ* over the largest `rank` singular values.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity, or rank is out of range.
    TypeError
        If rank is not an integer.

    Notes
    -----
    The error is the next singular value in the spectral norm, and the root of the sum of squares of all that were left
    out in the Frobenius norm. The result is unique when singular values number rank and rank + 1 differ.

    References
    ----------
    Eckart and Young (1936), The approximation of one matrix by another of lower rank, Psychometrika 1.

    Examples
    --------
    >>> low_rank_approximation([[3, 0], [0, 2]], 1)
    array([[3., 0.],
           [0., 0.]])
    """
    A = as_matrix(A, "A")
    rank = as_integer(rank, "rank", least=0, most=min(A.shape))
    matrix, exponent = moderate(A)
    U, s, Vh = svd(matrix)
    with np.errstate(under="ignore"):  # of entries that are nothing beside the largest
        result: Array = (U[:, :rank] * s[:rank]) @ Vh[:rank]
    if exponent:
        result = times_power_of_two(result, exponent)
        refuse_overflow(result, "the approximation")
    return as_precise_as(result, A, what="the approximation")


def svd_steps(A: ArrayLike) -> Working:
    """How U, s and Vh come about from the eigenvalues of AᵀA, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real matrix of at most 5 rows and 3 columns. Numbers that are the nearest double to a fraction, as 1/3, are
        taken for it.

    Returns
    -------
    Working
        Steps to AᵀA, its eigenvalues and eigenvectors, the singular values, and one step for each column of U. The last
        value is the `SingularValueDecomposition` ``(U, s, Vh)``, with the signs of `svd`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not a matrix, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not 0), or holds
        NaN or infinity.

    See Also
    --------
    svd : the same factors without AᵀA, in which rounding would lose small singular values.

    Notes
    -----
    sᵢ = √λᵢ for the eigenvalues of AᵀA, whose unit eigenvectors are the vᵢ, and uᵢ = A vᵢ / sᵢ. For sᵢ = 0 any unit
    vector orthogonal to the others serves as uᵢ, and vectors of equal singular values are not unique: `svd` may then
    return others.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 7.2.

    Examples
    --------
    >>> working = svd_steps([[3, 0], [4, 5]])
    >>> print(working[6].text)
    s₁ = √45 = 3√5
    s₂ = √5
    >>> working.result.s.round(6)
    array([6.708204, 2.236068])
    """
    return svd_working(as_matrix(A, "A", real=True), SingularValueDecomposition)
