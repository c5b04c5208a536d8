"""Vector: an element of a space in which things are added and scaled; here, an array with one axis."""

import cmath
import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import blas

from mathref._arguments.arrays import Array, refuse_nonfinite, refuse_zeros
from mathref._arguments.precision import refuse_overflow
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_flag, as_scalar
from mathref._numerics.dot_products import difference_of_products, exact_dot
from mathref._numerics.entries import product, quotient
from mathref._numerics.powers_of_two import scaled
from mathref._numerics.projections import projection
from mathref.norm import vector_norm


def add(a: ArrayLike, b: ArrayLike) -> Array:
    """Sum of two vectors.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length, real or complex, in the same units.

    Returns
    -------
    ndarray of shape (n,)
        aᵢ + bᵢ.

    Raises
    ------
    ValueError
        If the lengths differ, a vector is empty or holds NaN or infinity, or the sum leaves the range of its type.

    Notes
    -----
    Lists in Python are joined by ``+``; this adds their entries. The order of a and b does not matter.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 1.1.

    Examples
    --------
    >>> add([1, 2, 3], [10, 20, 30])
    array([11., 22., 33.])
    """
    return _entry_by_entry(np.add, *_pair(a, b), "a + b")


def subtract(a: ArrayLike, b: ArrayLike) -> Array:
    """Difference of two vectors.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length, real or complex, in the same units.

    Returns
    -------
    ndarray of shape (n,)
        aᵢ - bᵢ: the arrow from the point b to the point a.

    Raises
    ------
    ValueError
        If the lengths differ, a vector is empty or holds NaN or infinity, or the result leaves the range of its type.

    Notes
    -----
    The distance of two points is the length of their difference.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 1.1.

    Examples
    --------
    >>> subtract([10, 20, 30], [1, 2, 3])
    array([ 9., 18., 27.])
    """
    return _entry_by_entry(np.subtract, *_pair(a, b), "a - b")


def scale(c: complex, v: ArrayLike) -> Array:
    """Product of a number and a vector.

    Parameters
    ----------
    c : float or complex
        The factor.
    v : array_like of shape (n,)
        Vector, real or complex.

    Returns
    -------
    ndarray of shape (n,)
        c vᵢ: |c| times as long, in the opposite direction for a negative c.

    Raises
    ------
    ValueError
        If c is an array, v is not a vector, either holds NaN or infinity, or the product leaves the range of its type.

    Notes
    -----
    The multiples of a vector other than zero form the line through it and the origin.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 1.1.

    Examples
    --------
    >>> scale(2, [1, 2, 3])
    array([2., 4., 6.])
    """
    c, v = as_scalar(c, "c"), as_vector(v, "v")
    return array_result(product(c, v), "c v", v)


def multiply(a: ArrayLike, b: ArrayLike) -> Array:
    """Product entry by entry.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length, real or complex.

    Returns
    -------
    ndarray of shape (n,)
        aᵢ bᵢ.

    Raises
    ------
    ValueError
        If the lengths differ, a vector is empty or holds NaN or infinity, or the product leaves the range of its type.

    See Also
    --------
    dot : the sum of these products.
    mathref.hadamard.hadamard_product : the same for arrays of any order.

    Notes
    -----
    It depends on the basis in which the vectors are written, so that it is an operation on arrays rather than one of
    the vector space.

    References
    ----------
    Horn and Johnson (1991), Topics in Matrix Analysis, chapter 5.

    Examples
    --------
    >>> multiply([1, 2, 3], [10, 20, 30])
    array([10., 40., 90.])
    """
    a, b = _pair(a, b)
    return array_result(product(a, b), "a b", a, b)


def divide(a: ArrayLike, b: ArrayLike) -> Array:
    """Quotient entry by entry.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length, real or complex; b has no entry 0.

    Returns
    -------
    ndarray of shape (n,)
        aᵢ / bᵢ.

    Raises
    ------
    ValueError
        If an entry of b is 0, the lengths differ, a vector is empty or holds NaN or infinity, or the quotient leaves
        the range of its type.

    Notes
    -----
    Like `multiply` an operation on arrays, not one of the vector space, in which nothing is divided by a vector.

    References
    ----------
    Horn and Johnson (1991), Topics in Matrix Analysis, chapter 5.

    Examples
    --------
    >>> divide([10, 20, 30], [1, 2, 4])
    array([10. , 10. ,  7.5])
    """
    a, b = _pair(a, b)
    refuse_zeros(b, "b", "division by 0 has no result")
    return array_result(quotient(a, b), "a / b", a, b)


def dot(a: ArrayLike, b: ArrayLike, *, compensated: bool = True) -> float | complex:
    """Dot product: the sum of the products of the entries, those of a conjugated.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length, real or complex.
    compensated : bool, default True
        Keep the rounding errors of products and sums, so that the result is right even where nearly all of it cancels.
        False calls BLAS, about 10 times as quick for long vectors.

    Returns
    -------
    float or complex
        Σ āᵢ bᵢ, in the units of a times those of b; infinite beyond the range of a double.

    Raises
    ------
    ValueError
        If the lengths differ, or a vector is empty or holds NaN or infinity.

    See Also
    --------
    angle : the angle that the dot product measures.

    Notes
    -----
    Plain summation errs by up to n ulps of Σ |aᵢ bᵢ|, which may exceed the result; compensated, it is the exact result
    rounded once for up to 2048 entries, and for more to about one ulp while the cancellation leaves 1 part in 10³⁰ or
    more. The upper halves of the entries are summed by BLAS without any rounding; where a bound of the rest does not
    settle the last digit, Dot2 takes some 17 operations for each product.

    References
    ----------
    Ogita, Rump and Oishi (2005), Accurate sum and dot product, SIAM J. Sci. Comput. 26.

    Examples
    --------
    >>> dot([1, 2, 3], [4, 5, 6])
    32.0
    >>> dot([1e16, 1, -1e16], [1, 1, 1]), dot([1e16, 1, -1e16], [1, 1, 1], compensated=False)
    (1.0, 0.0)
    """
    a, b = _pair(a, b, finite=False)
    if as_flag(compensated, "compensated"):
        result = exact_dot(a.conj(), b)
    else:
        # Of the two, SciPy's has a quarter of the overhead.
        result = blas.ddot(a, b) if a.dtype.char == b.dtype.char == "d" else np.vdot(a, b).item()
        if not cmath.isfinite(result):  # a partial sum beyond the range, perhaps inf - inf
            result = exact_dot(a.conj(), b)
    if not cmath.isfinite(result):
        refuse_nonfinite(a, "a")
        refuse_nonfinite(b, "b")
    return result


def cross(a: ArrayLike, b: ArrayLike) -> Array | float | complex:
    """Cross product of two vectors in space, or its only component for two vectors in the plane.

    Parameters
    ----------
    a, b : array_like of shape (3,) or (2,)
        Two vectors of the same length, real or complex.

    Returns
    -------
    ndarray of shape (3,), or float or complex
        For vectors in space (a₁b₂ - a₂b₁, a₂b₀ - a₀b₂, a₀b₁ - a₁b₀); for vectors in the plane the number a₀b₁ - a₁b₀.

    Raises
    ------
    ValueError
        If the vectors do not both have 3 or both 2 entries, hold NaN or infinity, or the product leaves the range of
        its type.

    See Also
    --------
    mathref.determinant.det : the number for two vectors in the plane is the determinant of the matrix of them.

    Notes
    -----
    For real vectors a × b is perpendicular to both, as long as the area of their parallelogram, and a, b, a × b are
    right-handed. For complex ones the formula is the same, without conjugation, as in NumPy; perpendicular to both by
    `dot`, which conjugates, is then the conjugate of a × b. Each component is a compensated difference, right even for
    nearly parallel vectors. No cross product of matrices exists.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 5.3.

    Examples
    --------
    >>> cross([1, 0, 0], [0, 1, 0])
    array([0., 0., 1.])
    >>> cross([1, 2], [3, 4])
    -2.0
    """
    a, b = _pair(a, b)
    if a.shape not in ((2,), (3,)):
        raise ValueError(f"a and b must have 3 entries, or 2 for the z-component, but their shape is {a.shape}")
    pairs = [(0, 1)] if len(a) == 2 else [(1, 2), (2, 0), (0, 1)]
    components = [exact_dot(a[[i, j]], np.stack([b[j], -b[i]])) for i, j in pairs]
    with np.errstate(all="ignore"):
        result = np.array(components).astype(np.result_type(a, b))
    refuse_overflow(result, "a × b")
    return components[0] if len(a) == 2 else result


def angle(a: ArrayLike, b: ArrayLike) -> float:
    """Angle between two vectors.

    Parameters
    ----------
    a, b : array_like of shape (n,)
        Vectors of one length other than zero. Complex vectors of length n are taken as real ones of length 2n: the
        cosine is then the real part of the Hermitian product over the lengths.

    Returns
    -------
    float
        From 0 (same direction) to π (opposite), in radians; `numpy.degrees` converts it.

    Raises
    ------
    ValueError
        If a vector is zero, the lengths differ, or a vector is empty or holds NaN or infinity.

    See Also
    --------
    dot : |a| |b| times the cosine of the angle.

    Notes
    -----
    arccos(a·b / |a||b|) loses half of the digits near 0 and π: angles below 1e-8 come out as 0. Kahan measures instead
    how far the vectors differ, by an arctangent. Here its tangent is |r| |a| / a·b, where r is the part of b
    perpendicular to a, computed with twice the digits, so that the smallest angle is right to the last digits, and 0
    for vectors that are exactly parallel. Powers of two are taken out of both vectors first: lengths near 1e200 or
    1e-200 do not matter.

    References
    ----------
    Kahan (2006), How futile are mindless assessments of roundoff in floating-point computation?, section 12.

    Examples
    --------
    >>> angle([1, 0], [0, 2])
    1.5707963267948966
    >>> angle([1, 0], [1, 1e-12])
    1e-12
    """
    a, b = _pair(a, b)
    a, b = scaled(_with_direction(a, "a"))[0], scaled(_with_direction(b, "b"))[0]
    if "c" in (a.dtype.kind, b.dtype.kind):
        a, b = (np.concatenate([x.real, x.imag]) for x in (a, b))
    square, along = exact_dot(a, a).real, exact_dot(a, b).real
    largest = np.abs(a).argmax()
    # A multiple of b and one of a whose difference is 0 for parallel vectors, and else right in each entry.
    rest = difference_of_products(b, a[largest], a, b[largest])
    for _ in range(2):  # the rounding of the first quotient leaves a multiple of a in the rest
        rest = difference_of_products(rest, 1.0, a, exact_dot(a, rest).real / square)
    return math.atan2(vector_norm(rest) * vector_norm(a) / abs(float(a[largest])), along)


def project(a: ArrayLike, onto: ArrayLike) -> Array:
    """Orthogonal projection of a vector onto the line through another.

    Parameters
    ----------
    a, onto : array_like of shape (n,)
        Vectors of one length, real or complex; `onto` is not zero.

    Returns
    -------
    ndarray of shape (n,)
        The multiple of `onto` that is nearest to a, in the units of a.

    Raises
    ------
    ValueError
        If `onto` is zero, the lengths differ, or a vector is empty or holds NaN or infinity.

    See Also
    --------
    dot : by itself no projection; it lacks the division by the length.

    Notes
    -----
    (⟨onto, a⟩ / ⟨onto, onto⟩) onto. The rest, a minus its projection, is perpendicular to `onto`. Lengths of 1e200 or
    1e-200 do not overflow or underflow on the way.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 4.2.

    Examples
    --------
    >>> project([3, 4], onto=[2, 0])
    array([3., 0.])
    """
    a, onto = as_vector(a, "a"), as_vector(onto, "onto")
    refuse_unequal_shapes(a, onto, ("a", "onto"))
    return array_result(projection(a, _with_direction(onto, "onto")), "the projection of a", a, onto)


def normalize(v: ArrayLike) -> Array:
    """Vector of length 1 in the same direction.

    Parameters
    ----------
    v : array_like of shape (n,)
        Vector other than zero, real or complex.

    Returns
    -------
    ndarray of shape (n,)
        v / |v|, without units.

    Raises
    ------
    ValueError
        If v is zero, is empty, or holds NaN or infinity.

    See Also
    --------
    mathref.norm.vector_norm : the length.

    Notes
    -----
    A power of two is taken out of v first, so that entries near 1e200 or 1e-200 neither overflow nor underflow.

    References
    ----------
    Strang (2016), Introduction to Linear Algebra, 5th ed., section 1.2.

    Examples
    --------
    >>> normalize([3, 4])
    array([0.6, 0.8])
    """
    v = _with_direction(as_vector(v, "v"), "v")
    direction, _ = scaled(v)
    with np.errstate(under="ignore"):  # of entries that are nothing beside the largest
        return (direction / vector_norm(direction)).astype(v.dtype)


def _pair(a: ArrayLike, b: ArrayLike, *, finite: bool = True) -> tuple[Array, Array]:
    a, b = as_vector(a, "a", finite=finite), as_vector(b, "b", finite=finite)
    refuse_unequal_shapes(a, b, ("a", "b"))
    return a, b


def _entry_by_entry(operation: np.ufunc, a: Array, b: Array, what: str) -> Array:
    with np.errstate(all="ignore"):
        result: Array = operation(a, b)
    refuse_overflow(result, what)
    return result


def _with_direction(v: Array, name: str) -> Array:
    if not v.any():
        raise ValueError(f"{name} must not be the zero vector, which has no direction")
    return v
