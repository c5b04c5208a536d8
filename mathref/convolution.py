"""Convolution: a kernel slides over an array, and at each place what lies below it is weighted and summed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.kernels import MODES, as_bias, as_images, as_kernel, as_pair, as_windows, places
from mathref._arguments.lengths import refuse_too_large
from mathref._arguments.precision import in_double
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_choice, as_integer
from mathref._numerics.convolutions import convolved, correlated, rows_of_mode, toeplitz
from mathref._workings.convolution import convolution_working
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working

Pair = int | tuple[int, int]


def convolve(x: ArrayLike, kernel: ArrayLike, *, mode: str = "full") -> Array:
    """Convolution of two vectors: the kernel is turned round, slides along, and weights what lies below it.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real finite numbers.
    kernel : array_like of shape (k,)
        Real finite numbers, the weights.
    mode : {"full", "same", "valid"}
        Which entries: all n + k - 1; the n in the middle, from (k - 1) // 2 on; or the n - k + 1 to which the whole
        kernel contributes.

    Returns
    -------
    ndarray
        Entry i of the full one is Σⱼ x[i - j] kernel[j], over the places that there are.

    Raises
    ------
    TypeError
        If x or kernel is not real numbers, or mode no word.
    ValueError
        If x or kernel is empty, not finite or no vector, mode is unknown, or the kernel is longer than x where mode is
        "valid".
    numpy.linalg.LinAlgError
        If an entry exceeds the largest number of the precision.

    See Also
    --------
    cross_correlate : without turning the kernel round, as layers do it.
    convolution_matrix : the matrix that does the same.

    Notes
    -----
    The coefficients of a product of polynomials. n · k products, summed directly: whole numbers stay exact as long as
    no sum reaches 2⁵³, which a Fourier transform does not promise.

    References
    ----------
    Oppenheim and Schafer (2010), Discrete-Time Signal Processing, 3rd ed., section 2.3.

    Examples
    --------
    >>> convolve([1, 2, 3], [1, 1])
    array([1., 3., 5., 3.])
    >>> convolve([1, 2, 3], [1, 1], mode="valid")
    array([3., 5.])
    """
    numbers, weights = as_vector(x, "x", real=True), as_vector(kernel, "kernel", real=True)
    rows = _rows(mode, len(numbers), len(weights))
    result = convolved(in_double(numbers), in_double(weights), rows)
    return array_result(result, "each entry of the convolution", numbers, weights).copy()


def _rows(mode: str, n: int, k: int) -> slice:
    if as_choice(mode, "mode", MODES) == "valid":
        places(n, k, "kernel", stride=1, padding=0, dilation=1)
    return rows_of_mode(mode, n, k)


def cross_correlate(x: ArrayLike, kernel: ArrayLike, *, mode: str = "valid") -> Array:
    """Cross-correlation of two vectors: the kernel slides along as it is, and weights what lies below it.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real finite numbers.
    kernel : array_like of shape (k,)
        Real finite numbers, the weights.
    mode : {"valid", "full", "same"}
        Which places, as for `convolve`.

    Returns
    -------
    ndarray
        Entry i of the valid one is Σⱼ x[i + j] kernel[j].

    Raises
    ------
    TypeError
        If x or kernel is not real numbers, or mode no word.
    ValueError
        If x or kernel is empty, not finite or no vector, mode is unknown, or the kernel is longer than x where mode is
        "valid".
    numpy.linalg.LinAlgError
        If an entry exceeds the largest number of the precision.

    See Also
    --------
    convolve : with the kernel turned round.
    conv2d : the same over images, in channels.

    Notes
    -----
    ``convolve(x, kernel[::-1])``: what deep learning calls a convolution. It does not commute.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 9.1.

    Examples
    --------
    >>> cross_correlate([1, 0, 0], [1, 2])
    array([1., 0.])
    >>> cross_correlate([1, 2, 3], [1, 1], mode="same")
    array([1., 3., 5.])
    """
    return convolve(x, as_vector(kernel, "kernel", real=True)[::-1], mode=mode)


def conv2d(
    x: ArrayLike,
    kernel: ArrayLike,
    *,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Layer over images: kernels slide as they are over height and width, and sum over the channels.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
        Real finite numbers: images, channels, height, width.
    kernel : array_like of shape (O, I, K, L)
        Real finite numbers: channels out, channels in, which are C / groups, height, width.
    bias : array_like of shape (O,), or None
        Number added to each channel.
    stride : int or tuple of int, default 1
        Step from place to place, down and across; one number stands for both.
    padding : int or tuple of int, default 0
        Zeros put on both sides, above and below, left and right.
    dilation : int or tuple of int, default 1
        Distance of neighbouring weights, down and across.
    groups : int, default 1
        At least 1. Channels are split into so many groups, each with its share of the kernels; C groups are a
        depthwise convolution.

    Returns
    -------
    ndarray of shape (N, O, P, Q)
        Cross-correlations, with P = `output_size(H, K, ...)` and Q = `output_size(W, L, ...)`.

    Raises
    ------
    TypeError
        If x, kernel or bias is not real numbers, or an option not whole numbers.
    ValueError
        If an array is empty, not finite or of another shape, an option out of its range, the kernel does not fit into
        the padded image, channels do not fit each other, or groups do not divide both.
    numpy.linalg.LinAlgError
        If an entry exceeds the largest number of the precision.

    See Also
    --------
    output_size : height and width of the result.
    cross_correlate : the same along one axis.

    Notes
    -----
    y[n, o, p, q] = b[o] + Σ kernel[o, c, i, j] x[n, c, s p + d i, s q + d j], over the channels c of its group and the
    places (i, j) of the kernel; x is the padded image. It costs N · O · P · Q · I · K · L products.

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.

    Examples
    --------
    >>> x = np.array([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    >>> conv2d(x, [[[[1, 0], [0, 2]]]])
    array([[[[11., 14.],
             [20., 23.]]]])
    >>> conv2d(x, [[[[1, 1]]]], bias=[0.5], stride=(2, 1), padding=(0, 1), dilation=2, groups=1)
    array([[[[ 2.5,  4.5,  2.5],
             [ 8.5, 16.5,  8.5]]]])
    """
    images, groups = as_images(x, "x"), as_integer(groups, "groups", least=1)
    kernels = as_kernel(kernel, "kernel", images.shape[1], groups)
    added = as_bias(bias, "bias", len(kernels))
    steps, around = as_pair(stride, "stride", least=1), as_pair(padding, "padding", least=0)
    apart = as_pair(dilation, "dilation", least=1)
    for axis in (0, 1):
        n, k = images.shape[2 + axis], kernels.shape[2 + axis]
        places(n, k, "kernel", stride=steps[axis], padding=around[axis], dilation=apart[axis])
    sides = (n + 2 * p for n, p in zip(images.shape[2:], around, strict=True))
    refuse_too_large((*images.shape[:2], *sides), "padding")
    padded = np.pad(in_double(images), [(0, 0), (0, 0), *((p, p) for p in around)])
    double_bias = None if added is None else in_double(added)
    result = correlated(padded, in_double(kernels), double_bias, steps, apart, groups)
    return array_result(result, "each entry of the layer", images, kernels, added).copy()


def output_size(n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """At how many places a kernel is laid, along one axis: the size of what a layer gives.

    Parameters
    ----------
    n : int
        Length of the input, at least 1.
    kernel : int
        Length of the kernel, at least 1.
    stride : int, default 1
        Step from place to place, at least 1.
    padding : int, default 0
        Entries put on both sides, at least 0.
    dilation : int, default 1
        Distance of neighbouring weights, at least 1.

    Returns
    -------
    int
        ⌊(n + 2 · padding - dilation · (kernel - 1) - 1) / stride⌋ + 1.

    Raises
    ------
    TypeError
        If an argument is no integer.
    ValueError
        If an argument is too small, or the kernel does not fit into the padded input.

    See Also
    --------
    conv2d : a layer whose height and width this is.
    receptive_field : how much of the input one entry sees after several layers.

    Notes
    -----
    The kernel spans dilation · (kernel - 1) + 1 entries. A stride rounds down: what is left over at the end of the
    input is seen by no place.

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.

    Examples
    --------
    >>> output_size(224, 7, stride=2, padding=3)
    112
    >>> output_size(7, 3, stride=1, padding=0, dilation=2)
    3
    """
    return places(
        as_integer(n, "n", least=1),
        as_integer(kernel, "kernel", least=1),
        "kernel",
        stride=as_integer(stride, "stride", least=1),
        padding=as_integer(padding, "padding", least=0),
        dilation=as_integer(dilation, "dilation", least=1),
    )


def convolution_matrix(kernel: ArrayLike, n: int, *, mode: str = "full") -> Array:
    """Matrix whose product with a vector is the convolution of that vector.

    Parameters
    ----------
    kernel : array_like of shape (k,)
        Real finite numbers.
    n : int
        Length of the vector, at least 1.
    mode : {"full", "same", "valid"}
        Which entries of the convolution, as for `convolve`.

    Returns
    -------
    ndarray of shape (n + k - 1, n), (n, n) or (n - k + 1, n)
        T with T x = ``convolve(x, kernel, mode=mode)``.

    Raises
    ------
    TypeError
        If kernel is not real numbers, n no integer, or mode no word.
    ValueError
        If kernel is empty, not finite or no vector, n is below 1, mode is unknown, or the kernel is longer than n where
        mode is "valid".

    See Also
    --------
    convolve : the product, without the matrix.

    Notes
    -----
    A Toeplitz matrix: each diagonal holds one number, since each row has the weights of the row above, one place
    further right. Its transpose is the transposed convolution, the backward pass of the layer.

    References
    ----------
    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, arXiv:1603.07285.

    Examples
    --------
    >>> convolution_matrix([1, 2], 3)
    array([[1., 0., 0.],
           [2., 1., 0.],
           [0., 2., 1.],
           [0., 0., 2.]])
    >>> convolution_matrix([1, 2], 3, mode="valid")
    array([[2., 1., 0.],
           [0., 2., 1.]])
    """
    weights, n = as_vector(kernel, "kernel", real=True), as_integer(n, "n", least=1)
    rows = _rows(mode, n, len(weights))
    refuse_too_large((n + len(weights) - 1, n), "n")
    return toeplitz(weights, n)[rows].copy()


def receptive_field(layers: Sequence[tuple[int, ...]]) -> int:
    """How many entries of the input, along one axis, one entry behind several layers depends on.

    Parameters
    ----------
    layers : sequence of tuples of int
        (kernel, stride) or (kernel, stride, dilation) of each layer, all at least 1, the first layer first.

    Returns
    -------
    int
        1 + Σ (kernelᵢ - 1) dilationᵢ Πⱼ﹤ᵢ strideⱼ.

    Raises
    ------
    TypeError
        If layers is no sequence of tuples of whole numbers.
    ValueError
        If there is no layer, one has another number of entries than two or three, or an entry is below 1.

    See Also
    --------
    output_size : the size of what one layer gives.

    Notes
    -----
    A layer adds the kernel's span less 1, in steps of the entries that it sees, and these are the product of all
    strides before it apart.

    References
    ----------
    Araujo, Norris and Sim (2019), Computing receptive fields of convolutional neural networks, Distill,
    doi:10.23915/distill.00021.

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1), (3, 1)])
    7
    >>> receptive_field([(7, 2), (3, 2, 1), (3, 1, 2)])
    27
    """
    field, step = 1, 1
    for kernel, stride, dilation in as_windows(layers, "layers"):
        field += (kernel - 1) * dilation * step
        step *= stride
    return field


def convolve_steps(x: ArrayLike, kernel: ArrayLike) -> Working:
    """How a convolution comes about entry by entry, for pencil and paper.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real numbers, at most 5.
    kernel : array_like of shape (k,)
        Real numbers, at most 5.

    Returns
    -------
    Working
        The entries of the full convolution one by one, and all of them: the last value is ``convolve(x, kernel)``.

    Raises
    ------
    TypeError
        If x or kernel is not real numbers.
    ValueError
        If x or kernel is empty, not finite, no vector or too long to read, or holds a number that is neither 0 nor
        between 1e-6 and 1e6 in modulus.

    See Also
    --------
    convolve : the entries alone.

    Notes
    -----
    Places are counted from 0. Entry i sums the products of a place in x and a place in the kernel that add up to i.

    References
    ----------
    Oppenheim and Schafer (2010), Discrete-Time Signal Processing, 3rd ed., section 2.3.

    Examples
    --------
    >>> working = convolve_steps([1, 2, 3], [1, 1])
    >>> print(working[1].text)
    y₁ = x₀ k₁ + x₁ k₀
       = 1 · 1 + 2 · 1
       = 3
    """
    numbers, weights = as_vector(x, "x", real=True), as_vector(kernel, "kernel", real=True)
    refuse_long(numbers, "x", rows=5)
    refuse_long(weights, "kernel", rows=5)
    return convolution_working(numbers, weights, convolve(numbers, weights))
