"""Broadcasting: arrays of different shapes are aligned at the last axis, and lengths of 1 are stretched."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.examples import as_examples, as_rows
from mathref._arguments.lengths import as_shape, common_shape, refuse_too_large, stretched_axes
from mathref._arguments.precision import in_double
from mathref._arguments.results import array_result, as_result, number_or_array
from mathref._numerics.wide_numbers import wide, wide_sum
from mathref._workings.broadcasting import shapes_working
from mathref._workings.steps import Working

Shape = int | tuple[int, ...]


def broadcast_shapes(*shapes: Shape) -> tuple[int, ...]:
    """Shape that arrays of these shapes have together.

    Parameters
    ----------
    *shapes : tuple of int, or int
        Lengths of axes, 0 among them; one number stands for one axis.

    Returns
    -------
    tuple of int
        On each axis, counted from the right, the one length besides 1. Without shapes it is ().

    Raises
    ------
    TypeError
        If a shape is not whole numbers.
    ValueError
        If a length is negative, or two lengths on one axis differ and neither is 1.

    See Also
    --------
    broadcast_axes : which axes of the result are new to one of them.

    Notes
    -----
    The rule of NumPy, PyTorch and JAX: aligned at the last axis, what is missing on the left counts as 1, and 1 gives
    way to any other length, 0 included.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy, Nature 585, figure 1.

    Examples
    --------
    >>> broadcast_shapes((8, 1, 6, 1), (7, 1, 5))
    (8, 7, 6, 5)
    >>> broadcast_shapes((3, 1), (3,))
    (3, 3)
    """
    return common_shape([as_shape(shape, "shapes", least=0) for shape in shapes], "shapes")


def broadcast_axes(shape: Shape, to: Shape) -> tuple[int, ...]:
    """Axes along which an array is repeated when it is broadcast: a gradient is summed over them on its way back.

    Parameters
    ----------
    shape : tuple of int, or int
        Shape of the array.
    to : tuple of int, or int
        Shape that it is broadcast to.

    Returns
    -------
    tuple of int
        Axes of `to`, ascending, that are new, or stretched from 1 to another length.

    Raises
    ------
    TypeError
        If a shape is not whole numbers.
    ValueError
        If a length is below 1, or shape does not broadcast to exactly `to`.

    See Also
    --------
    unbroadcast : the sum over these axes.

    Notes
    -----
    An axis of length 1 that is new counts, although nothing is repeated along it: it is not there in `shape`.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy, Nature 585, figure 1.

    Examples
    --------
    >>> broadcast_axes((3, 1), (2, 3, 4))
    (0, 2)
    >>> broadcast_axes((4,), (4,))
    ()
    """
    return stretched_axes(as_shape(shape, "shape"), as_shape(to, "to"), "shape")


def broadcast_to(x: ArrayLike, shape: Shape) -> Any:
    """Copy of an array in a larger shape, its entries repeated along the axes that are new or had the length 1.

    Parameters
    ----------
    x : array_like of any shape
        Real finite numbers.
    shape : tuple of int, or int
        The shape that is wanted.

    Returns
    -------
    float or ndarray
        A new array of this shape; a number for the shape ().

    Raises
    ------
    TypeError
        If x is not real numbers or shape not whole numbers.
    ValueError
        If x is empty, ragged or not finite, a length is below 1, or x does not broadcast to exactly this shape.

    See Also
    --------
    unbroadcast : the way back of a gradient.

    Notes
    -----
    `numpy.broadcast_to` and `torch.Tensor.expand` return views, in which many entries share one place in memory, and
    refuse to have them written; this is a copy.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy, Nature 585, figure 1.

    Examples
    --------
    >>> broadcast_to([1, 2, 3], (2, 3))
    array([[1., 2., 3.],
           [1., 2., 3.]])
    >>> broadcast_to([[1], [2]], (2, 3))
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    array, wanted = as_array(x, "x", real=True), as_shape(shape, "shape")
    refuse_too_large(wanted, "shape")
    stretched_axes(array.shape, wanted, "x")
    repeated: Array = np.broadcast_to(array, wanted).copy()
    return number_or_array(repeated)


def unbroadcast(gradient: ArrayLike, shape: Shape) -> Any:
    """Gradient by an array, from the gradient by what it was broadcast to: summed where it was repeated.

    Parameters
    ----------
    gradient : array_like of any shape
        Real finite numbers, one for each entry of the broadcast array.
    shape : tuple of int, or int
        Shape of the array before it was broadcast.

    Returns
    -------
    float or ndarray
        The sums over `broadcast_axes(shape, gradient.shape)`, in `shape`; a number for the shape ().

    Raises
    ------
    TypeError
        If gradient is not real numbers or shape not whole numbers.
    ValueError
        If gradient is empty, ragged or not finite, a length is below 1, or shape does not broadcast to its shape.
    numpy.linalg.LinAlgError
        If a sum exceeds the largest number of the precision.

    See Also
    --------
    broadcast_to : the linear map of which this is the transpose.

    Notes
    -----
    The adjoint: ⟨broadcast_to(x, s), G⟩ = ⟨x, unbroadcast(G, shape of x)⟩. Each copy of an entry adds its share to the
    gradient, by the chain rule. Sums keep twice the digits of doubles on the way.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., section 3.2.

    Examples
    --------
    >>> unbroadcast([[1, 1, 1], [1, 1, 1]], (3,))
    array([2., 2., 2.])
    >>> unbroadcast([[1, 2, 3], [4, 5, 6]], (2, 1))
    array([[ 6.],
           [15.]])
    """
    array, wanted = as_array(gradient, "gradient", real=True), as_shape(shape, "shape")
    try:
        axes = stretched_axes(wanted, array.shape, "shape")
    except ValueError:
        raise ValueError(
            f"gradient must have a shape that {wanted} broadcasts to, but its shape is {array.shape}"
        ) from None
    rows = as_rows(in_double(array), axes) if axes else in_double(array)[np.newaxis]
    sums: Array = wide_sum(wide(rows)).rounded()
    return as_result(sums.reshape(wanted), "The sum of the gradient", array)


def pairwise_differences(a: ArrayLike, b: ArrayLike) -> Array:
    """Difference of each entry of one array and each of another.

    Parameters
    ----------
    a : array_like of at least one axis
        Real finite numbers, or m points as rows.
    b : array_like of at least one axis
        Real finite numbers, or n points with as many coordinates.

    Returns
    -------
    ndarray of shape (m, n) or (m, n, ...)
        Entry [i, j] is a[i] - b[j].

    Raises
    ------
    TypeError
        If a or b is not real numbers.
    ValueError
        If a or b is empty, ragged, not finite or a single number, or their shapes differ after the first axis.
    numpy.linalg.LinAlgError
        If a difference exceeds the largest number of the precision.

    See Also
    --------
    mathref.tensor.outer : the products in place of the differences.

    Notes
    -----
    What ``a[:, np.newaxis] - b`` is by broadcasting. It takes m · n places in memory for each coordinate.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy, Nature 585, figure 1.

    Examples
    --------
    >>> pairwise_differences([1, 2, 3], [1, 2])
    array([[ 0., -1.],
           [ 1.,  0.],
           [ 2.,  1.]])
    """
    first, second = as_examples(a, "a"), as_examples(b, "b")
    if first.shape[1:] != second.shape[1:]:
        raise ValueError(
            f"a and b must have the same shape after the first axis, but they are {first.shape} and {second.shape}"
        )
    with np.errstate(all="ignore"):
        differences: Array = in_double(first)[:, np.newaxis] - second
    return array_result(differences, "The difference of a and b", first, second)


def broadcast_shapes_steps(*shapes: Shape) -> Working:
    """How shapes come together axis by axis, for pencil and paper.

    Parameters
    ----------
    *shapes : tuple of int, or int
        At most four shapes of at most five axes, as for `broadcast_shapes`.

    Returns
    -------
    Working
        Steps: the length of each axis from the right, and the shape as a tuple.

    Raises
    ------
    TypeError
        If a shape is not whole numbers.
    ValueError
        If a length is negative, two lengths on one axis differ and neither is 1, or there is too much to read.

    See Also
    --------
    broadcast_shapes : the shape alone.

    Notes
    -----
    Write the shapes below each other, aligned at the right; each column has one length besides 1.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy, Nature 585, figure 1.

    Examples
    --------
    >>> broadcast_shapes_steps((3, 1), (3,))
    Broadcasting, axis by axis
    <BLANKLINE>
    1. Axis -1: a length of 1 is stretched.
       common(1, 3) = 3
    <BLANKLINE>
    2. Axis -2: what is missing counts as 1.
       common(3, -) = 3
    <BLANKLINE>
    3. The lengths from left to right.
       (3, 3)
    """
    return shapes_working([as_shape(shape, "shapes", least=0) for shape in shapes], "shapes")
