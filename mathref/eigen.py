"""Eigenvalues and eigenvectors: the directions that a matrix only stretches, and the factors of the stretch."""

import cmath
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from mathref._arguments.arrays import Array, refuse_nonfinite, refuse_scale
from mathref._arguments.precision import as_precise_as, in_double, refuse_overflow
from mathref._arguments.shapes import as_hermitian, as_square, as_vector, equals_its_mirror
from mathref._arguments.single import as_integer, as_number
from mathref._numerics.characteristic_polynomial import exact_coefficients
from mathref._numerics.powers_of_two import moderate, times_power_of_two
from mathref._numerics.signs_and_orders import eigenvalue_order, unit_phases
from mathref._workings.eigen import eig_working
from mathref._workings.steps import Working

_DIVIDE_AND_CONQUER = {"d": lapack.dsyevd, "D": lapack.zheevd}
_LARGEST_EXACT_SIDE = 32
_ANY_SCALE = "eig takes numbers of any size"
_SVD = "only a square matrix has eigenvalues; for a rectangular one use mathref.svd.svd"


class Eigenpairs(NamedTuple):
    """Eigenvalues, and eigenvectors as columns in the same order."""

    values: Array
    vectors: Array


class PowerIteration(NamedTuple):
    """An eigenvalue of largest modulus, its unit eigenvector, and whether the iteration converged."""

    value: float | complex
    vector: Array
    converged: bool
    iterations: int


def eig(A: ArrayLike) -> Eigenpairs:
    """Eigenvalues and eigenvectors of any square matrix, A v = λ v.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    values : ndarray of shape (n,)
        By descending modulus, then real, then imaginary part (what differs by a relative 1e-9 counts as equal). Real if
        A is real and all its computed eigenvalues are; otherwise complex.
    vectors : ndarray of shape (n, n)
        Column j belongs to ``values[j]``: of length 1, its component of largest modulus real and positive (ties to
        1e-9: the first).

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    See Also
    --------
    eigh : for symmetric and Hermitian matrices, ascending.

    Notes
    -----
    The QR algorithm on a balanced Hessenberg form, about 25n³ operations; a matrix that is exactly symmetric or
    Hermitian goes to the faster and more accurate symmetric algorithm. Defective matrices, as [[1, 1], [0, 1]], have
    fewer than n independent eigenvectors, and rounding moves an eigenvalue of multiplicity k by about eps to the power
    1/k.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., chapter 7.

    Examples
    --------
    >>> values, vectors = eig([[2, 0], [0, 3]])
    >>> values
    array([3., 2.])
    >>> vectors
    array([[0., 1.],
           [1., 0.]])
    >>> eig([[0, -1], [1, 0]]).values
    array([0.+1.j, 0.-1.j])
    """
    A = as_square(A, "A", otherwise=_SVD, finite=False)
    values, vectors = _decomposed(A, _symmetric if equals_its_mirror(A) else np.linalg.eig)
    order = eigenvalue_order(values)
    values, vectors = values.take(order), vectors.take(order, axis=1)
    if A.dtype.kind == "c":
        values = values.astype(vectors.dtype)
    elif values.dtype.kind == "c" and not values.imag.any():  # NumPy 2.5 gives complex arrays in any case
        values, vectors = values.real, vectors.real
    return _phased(A, values, vectors)


def _decomposed(A: Array, decompose: Callable[[Array], tuple[Array, Array]]) -> tuple[Array, Array]:
    try:
        matrix, exponent = moderate(A)
        values, vectors = decompose(matrix)
    except np.linalg.LinAlgError:
        refuse_nonfinite(A, "A")
        raise
    if exponent:
        values = times_power_of_two(values, exponent)
    if not cmath.isfinite(sum(values.tolist())):
        refuse_nonfinite(A, "A")
        refuse_overflow(values, "each eigenvalue")
    return values, vectors


def _symmetric(A: Array) -> tuple[Array, Array]:
    """LAPACK's routine without NumPy's wrapper, which takes twice its time for a 3 × 3 matrix."""
    values, vectors, failed = _DIVIDE_AND_CONQUER[A.dtype.char](A, lower=1)
    if failed:
        raise np.linalg.LinAlgError("the eigenvalues of A did not converge")
    return values, vectors


def _phased(A: Array, values: Array, vectors: Array) -> Eigenpairs:
    with np.errstate(under="ignore"):  # of entries that are nothing beside the largest
        vectors *= unit_phases(vectors)
    vectors += 0.0  # turns -0.0 into 0.0
    return Eigenpairs(as_precise_as(values, A, what="each eigenvalue"), as_precise_as(vectors, A))


def eigh(A: ArrayLike) -> Eigenpairs:
    """Eigenvalues and orthonormal eigenvectors of a symmetric or Hermitian matrix, A = V diag(λ) V*.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Symmetric (real) or Hermitian (complex) matrix; mirrored entries may differ by 1e-12 of the largest entry
        (float32: 1e-5), and then the lower triangle is used.

    Returns
    -------
    values : ndarray of shape (n,)
        Real, ascending.
    vectors : ndarray of shape (n, n)
        Orthonormal columns, the component of largest modulus of each real and positive (ties to 1e-9: the first).

    Raises
    ------
    ValueError
        If A is not square, not Hermitian, is empty, or holds NaN or infinity.

    See Also
    --------
    eig : for any square matrix.

    Notes
    -----
    Reduction to tridiagonal form and divide and conquer, about 9n³ operations. Each eigenvalue is right to about eps
    times the largest in modulus.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., chapter 8.

    Examples
    --------
    >>> values, vectors = eigh([[0, 2], [2, 3]])
    >>> values.round(12)
    array([-1.,  4.])
    """
    A = as_hermitian(A, "A", otherwise="for any square matrix use eig")
    return _phased(A, *_decomposed(A, _symmetric))


def characteristic_polynomial(A: ArrayLike) -> Array:
    """Coefficients of det(tI - A), highest power first.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    ndarray of shape (n + 1,)
        1, -trace A, ..., (-1)ⁿ det A. For n at most 32 each is the exact coefficient for the stored numbers, rounded
        once.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If a coefficient exceeds the range of its type.

    See Also
    --------
    eig : its roots. Computing eigenvalues as roots of this polynomial loses most digits already at n = 20.

    Notes
    -----
    Faddeev and LeVerrier's recursion in whole numbers, n⁴ multiplications; above n = 32 the product of (t - λ) over the
    computed eigenvalues.

    References
    ----------
    Horn and Johnson (2013), Matrix Analysis, 2nd ed., sections 1.2 and 2.4.
    Faddeev and Faddeeva (1963), Computational Methods of Linear Algebra, section 47.

    Examples
    --------
    >>> characteristic_polynomial([[1, 2], [3, 4]])
    array([ 1., -5., -2.])
    """
    A = as_square(A, "A", otherwise=_SVD)
    if len(A) <= _LARGEST_EXACT_SIDE:
        coefficients = np.array(exact_coefficients(A))
    else:
        with np.errstate(all="ignore"):
            coefficients = np.poly(eig(in_double(A)).values)
    refuse_overflow(coefficients, "each coefficient of the polynomial")
    return as_precise_as(
        coefficients if A.dtype.kind == "c" else coefficients.real, A, what="each coefficient of the polynomial"
    )


def power_iteration(
    A: ArrayLike, *, start: ArrayLike | None = None, steps: int = 1000, tolerance: float = 1e-12
) -> PowerIteration:
    """Eigenvalue of largest modulus, by multiplying a vector by A again and again.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.
    start : array_like of shape (n,), optional
        First vector, not zero; by default fixed random numbers, since a regular vector may happen to have no part along
        the eigenvector.
    steps : int
        Most multiplications by A, at least 1.
    tolerance : float
        Greater than 0: converged when ‖A v - λ v‖ is at most this times ‖A v‖.

    Returns
    -------
    PowerIteration
        ``(value, vector, converged, iterations)``. The vector has length 1 and its component of largest modulus is real
        and positive. Without convergence value and vector are the last estimates.

    Raises
    ------
    ValueError
        If A is not square, start has not n entries or is zero, one is empty or holds NaN or infinity or has a largest
        entry beyond 1e100 or below 1e-100 in modulus, steps is below 1, or tolerance is not positive.

    See Also
    --------
    eig : all eigenvalues, in a predictable time.

    Notes
    -----
    The error shrinks by |λ₂/λ₁| in each step, the moduli of the two largest eigenvalues. If these are equal with
    λ₁ ≠ λ₂ (1 and -1, or a complex pair, as for a rotation), the iteration does not converge.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 7.3.1.

    Examples
    --------
    >>> result = power_iteration([[2, 1], [1, 2]])
    >>> round(result.value, 12), result.vector.round(6), result.converged
    (3.0, array([0.707107, 0.707107]), True)
    >>> power_iteration([[0, -1], [1, 0]]).converged
    False
    >>> round(power_iteration([[2, 1], [1, 2]], start=[1, -1]).value, 12)
    1.0
    """
    A = as_square(A, "A", otherwise=_SVD)
    steps, tolerance = as_integer(steps, "steps", least=1), as_number(tolerance, "tolerance", above=0)
    refuse_scale(A, "A", 1e-100, 1e100, _ANY_SCALE)
    v, M, converged = _first_vector(A, start), in_double(A), False
    with np.errstate(under="ignore"):  # of entries that are nothing beside the largest
        for iteration in range(1, steps + 1):
            Mv = M @ v
            length = np.linalg.norm(Mv)
            value = np.vdot(v, Mv)
            converged = bool(np.linalg.norm(Mv - value * v) <= tolerance * length)
            if converged or iteration == steps:
                break
            v = Mv / length
    vector = v * unit_phases(v[:, np.newaxis])[0] + 0.0
    return PowerIteration(value.item(), as_precise_as(vector, A), converged, iteration)


def _first_vector(A: Array, start: ArrayLike | None) -> Array:
    if start is None:
        v = np.random.default_rng(0).standard_normal(len(A))
    else:
        v = in_double(as_vector(start, "start"))
        if len(v) != len(A):
            raise ValueError(f"start must have {len(A)} entries, as A has rows, but its shape is {v.shape}")
        if not v.any():
            raise ValueError("start must not be zero, but all its entries are 0")
        refuse_scale(v, "start", 1e-100, 1e100, "its length does not matter, only its direction")
    with np.errstate(under="ignore"):
        unit: Array = v / np.linalg.norm(v)
    return unit


def eig_steps(A: ArrayLike) -> Working:
    """How eigenvalues and eigenvectors come about from the characteristic polynomial, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix, n at most 3. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.

    Returns
    -------
    Working
        Steps to the coefficients of the polynomial, its roots, and one step for each eigenvalue with a matrix of unit
        eigenvectors. The last value is the `Eigenpairs` ``(values, vectors)``, in the order and with the signs of
        `eig`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not square, is empty, holds NaN or infinity or numbers too large or small to read (beyond 1e6, or below
        1e-6 and not 0), or n exceeds 3.

    See Also
    --------
    eig : the same pairs by the QR algorithm, for any n.

    Notes
    -----
    The coefficients are sums of principal minors. Roots that are fractions are found exactly; a cubic polynomial
    without one is solved numerically. Eigenvectors of a repeated eigenvalue are not unique: `eig` may return others.
    Where there are too few of them the last one is repeated, and `eig` returns it twice up to rounding.

    References
    ----------
    Horn and Johnson (2013), Matrix Analysis, 2nd ed., section 1.2.

    Examples
    --------
    >>> working = eig_steps([[2, 1], [1, 2]])
    >>> print(working[1].text)
    λ² - (tr A) λ + det A = 0
    λ² - 4 λ + 3 = 0
    >>> working.result.values
    array([3., 1.])
    """
    return eig_working(as_square(A, "A", otherwise=_SVD, real=True), Eigenpairs)
