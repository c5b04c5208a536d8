"""Tensor: an array of numbers with any number of axes; scalars, vectors and matrices are those with 0, 1 and 2."""

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.results import array_result, number_or_array
from mathref._arguments.single import as_integer
from mathref._arguments.subscripts import as_subscripts
from mathref._numerics.entries import product
from mathref._numerics.products import contraction, left_the_range


def order(t: ArrayLike) -> int:
    """Number of axes.

    Parameters
    ----------
    t : array_like
        Array of numbers, or a single number.

    Returns
    -------
    int
        0 for a scalar, 1 for a vector, 2 for a matrix, and so on.

    Raises
    ------
    ValueError
        If t is empty, ragged, or holds NaN or infinity.

    See Also
    --------
    mathref.matrix.rank : the number of independent rows of a matrix, which is something else.

    Notes
    -----
    The order is the number of indices that pick one entry. It is often called rank, a word that a matrix needs for the
    dimension of its column space.

    References
    ----------
    Kolda and Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 2.

    Examples
    --------
    >>> order(5), order([5]), order([[1, 2], [2, 4]])
    (0, 1, 2)
    """
    return as_array(t, "t").ndim


def outer(a: ArrayLike, b: ArrayLike) -> Array:
    """Outer product: each entry of one tensor times each entry of the other.

    Parameters
    ----------
    a, b : array_like
        Tensors of orders p and q, often two vectors.

    Returns
    -------
    ndarray
        Tensor of order p + q, its shape that of a followed by that of b.

    Raises
    ------
    ValueError
        If a tensor is empty or holds NaN or infinity.

    See Also
    --------
    contract : sums over common indices.

    Notes
    -----
    (a ⊗ b)ᵢⱼ = aᵢ bⱼ, nothing conjugated. For two vectors it is a matrix of rank 1 (0 if either is zero). `numpy.outer`
    flattens its arguments first, this function keeps their axes.

    References
    ----------
    Kolda and Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 2.

    Examples
    --------
    >>> outer([1, 2], [10, 20, 30])
    array([[10., 20., 30.],
           [20., 40., 60.]])
    """
    a, b = as_array(a, "a"), as_array(b, "b")
    # Each entry of a has as many axes of length 1 after it as b has.
    return array_result(product(a.reshape(a.shape + (1,) * b.ndim), b), "the outer product of a and b", a, b)


def contract(subscripts: str, *tensors: ArrayLike) -> Array | float | complex:
    """Sum of products over the indices that the result does not keep (Einstein's summation).

    Parameters
    ----------
    subscripts : str
        One letter for each axis, a comma between tensors, and after ``->`` the axes of the result: ``"ij,jk->ik"`` is
        the matrix product. Without ``->`` the result keeps, in alphabetical order, the letters that occur once.
    *tensors : array_like
        As many tensors as `subscripts` names; axes of one letter must have one length.

    Returns
    -------
    ndarray, float or complex
        The contracted tensor; a number if no axis is left.

    Raises
    ------
    ValueError
        If `subscripts` is malformed or does not fit the tensors, or a tensor is empty or holds NaN or infinity.
    TypeError
        If `subscripts` is not a string.

    See Also
    --------
    outer : no index in common.

    Notes
    -----
    ``"i,i->"`` is the dot product, ``"ii->"`` the trace, ``"ij->ji"`` the transpose. Three or more tensors are taken in
    pairs, in an order that keeps the intermediate tensors small. Axes of length 1 are not stretched and ``...`` is not
    read: each axis has its letter.

    References
    ----------
    Einstein (1916), Die Grundlage der allgemeinen Relativitätstheorie, Annalen der Physik 49, section 5.

    Examples
    --------
    >>> contract("ij,jk->ik", [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    array([[19., 22.],
           [43., 50.]])
    >>> contract("i,i->", [1, 2, 3], [4, 5, 6])
    32.0
    """
    arrays = [as_array(tensor, f"tensors[{i}]") for i, tensor in enumerate(tensors)]
    subscripts = as_subscripts(subscripts, "subscripts", [array.shape for array in arrays])
    what, doubles = f"the contraction {subscripts}", [in_double(array) for array in arrays]
    with np.errstate(all="ignore"):
        result: Array = np.asarray(np.einsum(subscripts, *doubles, optimize="greedy"))
    if left_the_range(result, *doubles):
        result = contraction(subscripts, doubles, what)
    result = as_precise_as(result, *arrays, what=what)
    own: Array | float | complex = number_or_array(result.copy() if np.may_share_memory(result, arrays[0]) else result)
    return own


def unfold(t: ArrayLike, axis: int) -> Array:
    """Matrix of a tensor's entries, one row for each index on one axis.

    Parameters
    ----------
    t : array_like of at least one axis
        Tensor.
    axis : int
        The axis whose indices number the rows, from 0; a negative one counts from the last.

    Returns
    -------
    ndarray of shape (length of the axis, product of the other lengths)
        A new matrix. Its columns run over the other axes in their order, the last fastest.

    Raises
    ------
    ValueError
        If t has no such axis, is empty, or holds NaN or infinity.
    TypeError
        If the axis is not an integer.

    See Also
    --------
    mathref.svd.svd : of each unfolding it gives the factors of Tucker's decomposition.

    Notes
    -----
    Also called matricization or flattening. Kolda and Bader let the first of the other axes run fastest, which permutes
    the columns: norms, ranks and singular values are the same.

    References
    ----------
    Kolda and Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 2.4.

    Examples
    --------
    >>> t = np.arange(1, 9).reshape(2, 2, 2)
    >>> unfold(t, 1)
    array([[1., 2., 5., 6.],
           [3., 4., 7., 8.]])
    """
    t = as_array(t, "t")
    if t.ndim == 0:
        raise ValueError("t must have at least one axis to unfold along, but it is a single number")
    axis = as_integer(axis, "axis", least=-t.ndim, most=t.ndim - 1)
    return np.array(np.moveaxis(t, axis, 0), order="C").reshape(t.shape[axis], -1)
