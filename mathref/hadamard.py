"""Hadamard product: the product of two arrays of one shape, entry by entry."""

from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_zeros
from mathref._arguments.results import array_result
from mathref._arguments.shapes import refuse_unequal_shapes
from mathref._arguments.single import as_number
from mathref._numerics.entries import power, product, quotient


def hadamard_product(A: ArrayLike, B: ArrayLike) -> Array:
    """Product of two arrays entry by entry.

    Parameters
    ----------
    A, B : array_like
        Arrays of one shape, real or complex, of any order.

    Returns
    -------
    ndarray
        Aᵢⱼ Bᵢⱼ, of the shape of A.

    Raises
    ------
    ValueError
        If the shapes differ, or an array is empty or holds NaN or infinity.

    See Also
    --------
    mathref.matrix.matmul : the product of two linear maps.

    Notes
    -----
    (A ∘ B)ᵢⱼ = Aᵢⱼ Bᵢⱼ is commutative, associative and distributive over addition, and the array of ones is its unit.
    The Hadamard product of two positive semidefinite matrices is positive semidefinite (Schur). Shapes are not
    broadcast: a row that should multiply each row of a matrix is written out with `numpy.broadcast_to`.

    References
    ----------
    Horn and Johnson (1991), Topics in Matrix Analysis, chapter 5.

    Examples
    --------
    >>> hadamard_product([[1, 2], [3, 4]], [[10, 20], [30, 40]])
    array([[ 10.,  40.],
           [ 90., 160.]])
    """
    A, B = as_array(A, "A"), as_array(B, "B")
    refuse_unequal_shapes(A, B, ("A", "B"))
    return array_result(product(A, B), "the product A ∘ B", A, B)


def hadamard_inverse(A: ArrayLike) -> Array:
    """Reciprocal of each entry.

    Parameters
    ----------
    A : array_like
        Array without zeros, real or complex, of any order.

    Returns
    -------
    ndarray
        1 / Aᵢⱼ, of the shape of A.

    Raises
    ------
    ValueError
        If an entry is 0, or A is empty or holds NaN or infinity.

    See Also
    --------
    mathref.matrix.inverse : the inverse of the linear map, which is another matrix.

    Notes
    -----
    A ∘ hadamard_inverse(A) is the array of ones, the unit of the Hadamard product; each entry is inverted alone.

    References
    ----------
    Horn and Johnson (1991), Topics in Matrix Analysis, chapter 5.

    Examples
    --------
    >>> hadamard_inverse([[1, 2], [4, 5]])
    array([[1.  , 0.5 ],
           [0.25, 0.2 ]])
    """
    A = as_array(A, "A")
    refuse_zeros(A, "A", "0 has no reciprocal")
    return array_result(quotient(1.0, A), "the reciprocal of A", A)


def hadamard_power(A: ArrayLike, exponent: float) -> Array:
    """Each entry raised to one power.

    Parameters
    ----------
    A : array_like
        Array, real or complex, of any order.
    exponent : float
        Real exponent. A negative one needs entries other than 0, a fractional one entries that are not negative.

    Returns
    -------
    ndarray
        Aᵢⱼ to the power of the exponent, of the shape of A; an exponent of 0 gives ones, 0⁰ = 1 among them. Complex
        entries give the principal value.

    Raises
    ------
    ValueError
        If 0 meets a negative exponent or a negative entry a fractional one, or A is empty or holds NaN or infinity.
    TypeError
        If the exponent is not a real number.

    See Also
    --------
    numpy.linalg.matrix_power : the linear map applied several times.

    Notes
    -----
    A to the Hadamard power 2 is A ∘ A, not the matrix product A A. The square root of a negative entry is complex: pass
    ``numpy.asarray(A, dtype=complex)`` to get it.

    References
    ----------
    Horn and Johnson (1991), Topics in Matrix Analysis, section 6.3.

    Examples
    --------
    >>> hadamard_power([[1, 2], [3, 4]], 2)
    array([[ 1.,  4.],
           [ 9., 16.]])
    """
    A = as_array(A, "A")
    exponent = as_number(exponent, "exponent")
    if exponent < 0:
        refuse_zeros(A, "A", f"0 has no power {exponent:g}")
    if not exponent.is_integer() and A.dtype.kind != "c" and bool((A < 0).any()):
        raise ValueError(
            f"A must not be negative for the fractional exponent {exponent:g}, but its smallest entry is {A.min():g}; "
            "pass np.asarray(A, dtype=complex) for complex roots"
        )
    return array_result(power(A, exponent), f"the power {exponent:g} of A", A)
