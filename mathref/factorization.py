"""Factorization: a matrix as a product of simpler ones, with which systems are solved and determinants read off."""

from typing import NamedTuple, NoReturn

import numpy as np
import scipy.linalg
from numpy.linalg import LinAlgError
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from mathref._arguments import Array, as_hermitian, as_matrix, as_precise_as, in_double, refuse_nonfinite
from mathref._conditioning import is_exactly_singular

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
    A : array_like, shape (m, n)
        Real or complex matrix, square or not, singular or not.

    Returns
    -------
    P : ndarray, shape (m, m)
        Permutation matrix: the order in which rows were chosen.
    L : ndarray, shape (m, k), k = min(m, n)
        Lower triangular with ones on the diagonal; no entry exceeds 1 in modulus (for real A).
    U : ndarray, shape (k, n)
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
    A : array_like, shape (m, n)
        Real or complex matrix.

    Returns
    -------
    Q : ndarray, shape (m, k), k = min(m, n)
        Orthonormal columns: Q* Q = I.
    R : ndarray, shape (k, n)
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
    A : array_like, shape (n, n)
        Symmetric (real) or Hermitian (complex) positive definite matrix; mirrored entries may differ by 1e-12 of the
        largest entry (float32: 1e-5), and then the upper triangle is used.

    Returns
    -------
    ndarray, shape (n, n)
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
            _refuse_indefinite(order)
    return as_precise_as(L, A)


def _refuse_indefinite(order: int) -> NoReturn:
    raise LinAlgError(
        f"A must be positive definite, but its leading minor of order {order} is not positive; "
        "if A is a covariance matrix with dependent variables, add a small multiple of the identity"
    )
