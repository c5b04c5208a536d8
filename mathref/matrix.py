"""Matrix: a rectangle of numbers that stands for a linear map, each column the image of one unit vector."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import blas, lapack

from mathref._arguments.arrays import Array, as_array, is_finite, refuse_nonfinite
from mathref._arguments.precision import as_precise_as, in_double, refuse_overflow
from mathref._arguments.shapes import as_matrix, as_right_hand_side, as_square, as_vector
from mathref._arguments.single import as_number
from mathref._numerics.singularity import CONDITION_LIMIT, probes, refuse_or_warn, refuse_singular
from mathref._numerics.sums import exact_sum

_MULTIPLY = {"d": (blas.dgemv, blas.dgemm), "D": (blas.zgemv, blas.zgemm)}
_NORM = {"d": blas.dnrm2, "D": blas.dznrm2}
_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}
_SUBSTITUTE = {"d": lapack.dgetrs, "D": lapack.zgetrs}
# solve estimates the condition number from two random columns: a factor of 1000 covers an unlucky draw.
_SUSPECT = CONDITION_LIMIT / 1000
_LSTSQ = "for a least-squares solution use mathref.pseudoinverse.lstsq"
_PINV = "for a generalized inverse use mathref.pseudoinverse.pinv"


def matmul(A: ArrayLike, B: ArrayLike) -> Array:
    """Matrix times matrix, or matrix times vector.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.
    B : array_like of shape (n, p) or (n,)
        Matrix, or vector that A maps.

    Returns
    -------
    ndarray of shape (m, p) or (m,)
        A B: first B acts, then A.

    Raises
    ------
    ValueError
        If A is not a matrix, B has not n rows, or one is empty or holds NaN or infinity.

    Notes
    -----
    (A B)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ by BLAS, 2mnp operations. A B and B A differ in general.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 2.4.

    Examples
    --------
    >>> matmul([[1, 2], [3, 4]], [[0, 1], [1, 0]])
    array([[2., 1.],
           [4., 3.]])
    >>> matmul([[1, 2], [3, 4]], [1, 1])
    array([3., 7.])
    """
    A, B = as_matrix(A, "A", finite=False), as_array(B, "B", finite=False)
    if B.ndim not in (1, 2) or A.shape[1] != len(B):
        raise ValueError(
            f"B must be a vector or matrix with {A.shape[1]} rows, one for each column of A, but its shape is {B.shape}"
        )
    product = _product(in_double(A), in_double(B))
    if not is_finite(product):
        refuse_nonfinite(A, "A")
        refuse_nonfinite(B, "B")
        product = _scaled_product(in_double(A), in_double(B))
        refuse_overflow(product, "A B")
    return as_precise_as(product, A, B)


def _product(A: Array, B: Array) -> Array:
    """A B by BLAS itself: NumPy would warn of overflow before it can be dealt with."""
    if A.dtype != B.dtype:
        A, B = A.astype(complex), B.astype(complex)
    matrix_times_vector, matrix_times_matrix = _MULTIPLY[A.dtype.char]
    if B.ndim == 1:
        return matrix_times_vector(1, A.T, B, trans=1)
    return matrix_times_matrix(1, B.T, A.T).T


def _scaled_product(A: Array, B: Array) -> Array:
    """A B where a partial sum may leave the range of doubles."""
    a, b = (2.0 ** (int(np.frexp(np.abs(X).max())[1]) // 2) for X in (A, B))  # applied twice: a² itself may overflow
    with np.errstate(over="ignore", invalid="ignore"):
        return _product(A / a / a, B / b / b) * a * b * a * b


def transpose(A: ArrayLike) -> Array:
    """Rows become columns; complex entries are not conjugated (for that, append ``.conj()``).

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.

    Returns
    -------
    ndarray of shape (n, m)
        Aᵀ, a new array.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity. A vector has no transpose: its shape says no
        direction.

    Notes
    -----
    (Aᵀ)ⱼᵢ = Aᵢⱼ, and (A B)ᵀ = Bᵀ Aᵀ. One pass over the entries.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 2.7.

    Examples
    --------
    >>> transpose([[1, 2, 3], [4, 5, 6]])
    array([[1., 4.],
           [2., 5.],
           [3., 6.]])
    """
    return as_matrix(A, "A").T.copy()


def trace(A: ArrayLike) -> float | complex:
    """Sum of the diagonal, rounded once; also the sum of the eigenvalues.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    float or complex
        Σᵢ Aᵢᵢ.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    Notes
    -----
    The rounding errors of the additions are kept, so that entries which cancel leave no error behind.

    References
    ----------
    Ogita, Rump and Oishi (2005), Accurate sum and dot product, SIAM J. Sci. Comput. 26.

    Examples
    --------
    >>> trace([[1, 2], [3, 4]])
    5.0
    """
    return exact_sum(as_square(A, "A", otherwise="only a square matrix has a trace").diagonal())


def rank(A: ArrayLike, *, rtol: float | None = None) -> int:
    """Number of independent columns: of singular values that differ from zero by more than rounding.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix.
    rtol : float, optional
        Singular values up to rtol times the largest count as zero; by default max(m, n) · eps with the eps of A's
        precision (2.2e-16, float32 1.2e-7).

    Returns
    -------
    int
        From 0 (only for the zero matrix) to min(m, n).

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity, or rtol is negative.

    Notes
    -----
    Rounding turns a dependent column into an almost dependent one, so that a rank needs a tolerance.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 5.5.

    Examples
    --------
    >>> rank([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    2
    """
    A = as_matrix(A, "A")
    tolerance = max(A.shape) * np.finfo(A.dtype).eps if rtol is None else as_number(rtol, "rtol", least=0)
    values = np.linalg.svd(in_double(A), compute_uv=False)
    return int(np.count_nonzero(values > tolerance * values[0]))


def inverse(A: ArrayLike) -> Array:
    """The matrix that undoes A.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    ndarray of shape (n, n)
        A⁻¹, with A A⁻¹ = A⁻¹ A = I.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If A is singular: exactly so, for up to 500 rows decided without rounding, or by a pivot that rounds to 0.

    Warns
    -----
    scipy.linalg.LinAlgWarning
        If the condition number ‖A‖₂ ‖A⁻¹‖₂ exceeds 4.5e12: a change of A's last digits then reaches the third digit of
        the result.

    See Also
    --------
    solve : A⁻¹ b in a third of the time and with a smaller error.

    Notes
    -----
    LU with partial pivoting, 2n³ operations or more.

    References
    ----------
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., chapter 14.

    Examples
    --------
    >>> inverse([[2, 1], [1, 1]])
    array([[ 1., -1.],
           [-1.,  2.]])
    """
    A = as_square(A, "A", otherwise=_PINV, finite=False)
    matrix = in_double(A)
    try:
        result = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        refuse_nonfinite(A, "A")
        refuse_singular("A", _PINV)
    # The product of the Frobenius norms is at least the condition number, so that a small one proves all well.
    if not _length(matrix) * _length(result) <= CONDITION_LIMIT:
        refuse_or_warn(matrix, "A", _PINV)
        refuse_overflow(result, "the inverse")
    return as_precise_as(result, A)


def solve(A: ArrayLike, b: ArrayLike) -> Array:
    """Solution x of A x = b.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.
    b : array_like of shape (n,) or (n, k)
        Right-hand side, or k of them as columns.

    Returns
    -------
    ndarray of shape (n,) or (n, k)
        The solution, of b's shape.

    Raises
    ------
    ValueError
        If A is not square, b has not n rows, or one is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If A is singular: exactly so, for up to 500 rows decided without rounding, or by a pivot that rounds to 0.

    Warns
    -----
    scipy.linalg.LinAlgWarning
        If the condition number ‖A‖₂ ‖A⁻¹‖₂ exceeds 4.5e12: a change of A's last digits then reaches the third digit of
        the result.

    Notes
    -----
    P A = L U, then two triangular systems: 2n³/3 + 2n²k operations. Two fixed random right-hand sides are solved
    along with b; how much they grow tells whether the condition number has to be computed.

    References
    ----------
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., chapters 9 and 15.

    Examples
    --------
    >>> solve([[2, 1], [1, 1]], [3, 2])
    array([1., 1.])
    """
    A = as_square(A, "A", otherwise=_LSTSQ, finite=False)
    b = as_right_hand_side(b, "b", len(A))
    kind = np.result_type(A, b, np.float64)
    matrix, columns = A.astype(kind, copy=False), b.reshape(len(b), -1)
    factors, pivots, zero_pivot = _FACTORIZE[kind.char](matrix)
    if zero_pivot:
        refuse_nonfinite(A, "A")
        refuse_singular("A", _LSTSQ)
    both, _ = _SUBSTITUTE[kind.char](factors, pivots, np.concatenate([columns, probes(len(A))], axis=1))
    result = both[:, :-2].reshape(b.shape)
    if not _length(matrix) * _length(both[:, -2:]) <= _SUSPECT:
        refuse_or_warn(matrix, "A", _LSTSQ)
    if not _length(result) < math.inf:
        refuse_overflow(result, "the solution")
    return as_precise_as(result, A, b)


def _length(A: Array) -> float:
    """Frobenius norm, without overflow."""
    return _NORM[A.dtype.char](A.ravel("K"))  # type: ignore[no-any-return]


def rotation(theta: float) -> Array:
    """Matrix that turns the plane by an angle.

    Parameters
    ----------
    theta : float
        Angle in radians, counter-clockwise from the first axis to the second.

    Returns
    -------
    ndarray of shape (2, 2)
        [[cos θ, -sin θ], [sin θ, cos θ]]. Multiples of π/2 are rounded before they are turned by, so that entries
        which should be 0 are about 1e-16.

    Raises
    ------
    TypeError, ValueError
        If theta is not a finite real number.

    Notes
    -----
    Lengths and angles stay the same; the determinant is 1, the inverse is the transpose.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 8.1.

    Examples
    --------
    >>> rotation(0)
    array([[1., 0.],
           [0., 1.]])
    """
    theta = as_number(theta, "theta")
    cosine, sine = math.cos(theta), math.sin(theta)
    return np.array([[cosine, 0.0 - sine], [sine, cosine]])  # 0.0 - 0.0 is 0.0, not -0.0


def scaling(*factors: float) -> Array:
    """Matrix that stretches each axis by its factor.

    Parameters
    ----------
    *factors : float
        One factor for each axis; a negative one also flips, zero flattens.

    Returns
    -------
    ndarray of shape (n, n)
        The diagonal matrix of the n factors.

    Raises
    ------
    TypeError, ValueError
        If there is no factor, or one is not a finite real number.

    Notes
    -----
    The determinant is the product of the factors.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 8.1.

    Examples
    --------
    >>> scaling(2, 3)
    array([[2., 0.],
           [0., 3.]])
    """
    if not factors:
        raise ValueError("factors must be at least one number, but there is none; write scaling(2, 3) for the plane")
    return np.diag([as_number(factor, f"factors[{axis}]") for axis, factor in enumerate(factors)])


def shear(k: float) -> Array:
    """Matrix that slides the plane along its first axis, by k times the height.

    Parameters
    ----------
    k : float
        Slide at height 1.

    Returns
    -------
    ndarray of shape (2, 2)
        [[1, k], [0, 1]]; areas stay the same.

    Raises
    ------
    TypeError, ValueError
        If k is not a finite real number.

    Notes
    -----
    The determinant is 1; the only eigenvectors are along the first axis.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 8.1.

    Examples
    --------
    >>> shear(2)
    array([[1., 2.],
           [0., 1.]])
    """
    return np.array([[1.0, as_number(k, "k")], [0.0, 1.0]])


def reflection(direction: ArrayLike) -> Array:
    """Matrix that reflects across the line through the origin along a direction.

    Parameters
    ----------
    direction : array_like of shape (n,)
        Real vector, not zero; its length does not matter.

    Returns
    -------
    ndarray of shape (n, n)
        2 d dᵀ / (dᵀ d) - I: it keeps d and reverses all that is perpendicular to it.

    Raises
    ------
    TypeError, ValueError
        If direction is not a real finite vector, or is zero.

    Notes
    -----
    Symmetric, and its own inverse. The reflection across the hyperplane perpendicular to d (Householder's) is the
    negative of this.

    References
    ----------
    Trefethen and Bau (1997), Numerical Linear Algebra, lecture 10.

    Examples
    --------
    >>> reflection([1, 1])
    array([[0., 1.],
           [1., 0.]])
    """
    direction = as_vector(direction, "direction", real=True)
    d = in_double(direction)
    largest = np.abs(d).max()
    if largest == 0:
        raise ValueError("direction must not be zero, but all its entries are 0; it has no line to reflect across")
    d = d / largest  # so that no square overflows or underflows
    result: Array = np.outer(d, d) * (2 / np.sum(d * d)) - np.eye(len(d))
    return as_precise_as(result, direction)
