"""Matrix: a rectangle of numbers that stands for a linear map, each column the image of one unit vector."""

import math

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_nonfinite
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.shapes import as_matrix, as_right_hand_side, as_square, as_vector
from mathref._arguments.single import as_number
from mathref._numerics.linear_systems import inverted, solved
from mathref._numerics.powers_of_two import moderate, scaled
from mathref._numerics.products import contraction, left_the_range, matrix_product
from mathref._numerics.singular_values import count, tolerance
from mathref._numerics.sums import exact_sum

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
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    Notes
    -----
    (A B)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ by BLAS, 2mnp operations. A B and B A differ in general. Where products of entries leave the
    range of doubles and cancel, for mnp up to a million, what is left is the exact sum, rounded once.

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
    left, right = in_double(A), in_double(B)
    product = matrix_product(left, right)
    if left_the_range(product, left, right):
        refuse_nonfinite(A, "A")
        refuse_nonfinite(B, "B")
        product = contraction("ij,j->i" if B.ndim == 1 else "ij,jk->ik", [left, right], "A B")
    return as_precise_as(product, A, B, what="A B")


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
        Σᵢ Aᵢᵢ; infinite beyond the range of a double.

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
        Singular values up to rtol times the largest count as zero, not negative; by default max(m, n) · eps with the
        eps of A's precision (2.2e-16, float32 1.2e-7).

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
    >>> rank([[1, 0], [0, 1e-6]]), rank([[1, 0], [0, 1e-6]], rtol=1e-5)
    (2, 1)
    """
    A = as_matrix(A, "A")
    share = tolerance(A, rtol)
    return count(np.linalg.svd(moderate(A)[0], compute_uv=False), share)


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
    result = inverted(in_double(A), _PINV)
    return as_precise_as(result, A, what="the inverse")


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
    columns = b.reshape(len(b), -1).astype(kind, copy=False)
    result = solved(A.astype(kind, copy=False), columns, _LSTSQ).reshape(b.shape)
    return as_precise_as(result, A, b, what="the solution")


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
    """Matrix that reflects the plane across the line through the origin along a direction.

    Parameters
    ----------
    direction : array_like of shape (2,)
        Real vector in the plane, not zero; its length does not matter.

    Returns
    -------
    ndarray of shape (2, 2)
        2 d dᵀ / (dᵀ d) - I: it keeps d and reverses all that is perpendicular to it.

    Raises
    ------
    TypeError, ValueError
        If direction is not a real finite vector of 2 entries, or is zero.

    Notes
    -----
    Symmetric, its own inverse, and of determinant -1. In more dimensions the mirror is a hyperplane, given by the
    vector n perpendicular to it: I - 2 n nᵀ / (nᵀ n), Householder's reflection. (2 d dᵀ / (dᵀ d) - I is then no
    reflection: in space it is half a turn about d, of determinant 1.)

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
    if len(direction) != 2:
        raise ValueError(
            f"direction must have 2 entries, for a line in the plane, but its shape is {direction.shape}; the "
            "reflection across the hyperplane perpendicular to n is np.eye(len(n)) - 2 * np.outer(n, n) / np.dot(n, n)"
        )
    d, _ = scaled(direction)
    if not d.any():
        raise ValueError("direction must not be zero, but all its entries are 0; it has no line to reflect across")
    x, y = d.tolist()
    squared = x * x + y * y
    cosine, sine = (x - y) * (x + y) / squared, 2 * x * y / squared  # of twice the angle of the line
    return as_precise_as(np.array([[cosine, sine], [sine, 0.0 - cosine]]), direction)
