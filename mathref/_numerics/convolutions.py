"""Sums of products of a kernel and what it is laid on, directly: no Fourier transform rounds whole numbers."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mathref._arguments.arrays import Array
from mathref._numerics.products import contraction, left_the_range

Pair = tuple[int, int]


def rows_of_mode(mode: str, n: int, k: int) -> slice:
    """The entries of the full convolution of n and k numbers that a mode keeps."""
    start, length = {"full": (0, n + k - 1), "same": ((k - 1) // 2, n), "valid": (k - 1, n - k + 1)}[mode]
    return slice(start, start + length)


def convolved(x: Array, kernel: Array, rows: slice) -> Array:
    """These entries of the full convolution of two vectors, right whatever overflows on the way."""
    with np.errstate(all="ignore"):
        result: Array = np.convolve(x, kernel)[rows]
    if left_the_range(result, x, kernel):
        windows = sliding_window_view(np.pad(x, len(kernel) - 1), len(kernel))[rows]
        result = contraction("ij,j->i", [windows, kernel[::-1]], "each entry of the convolution")
    return result


def toeplitz(kernel: Array, n: int) -> Array:
    """The matrix of the full convolution with n numbers: the kernel in each column, one row further down."""
    T = np.zeros((n + len(kernel) - 1, n), kernel.dtype)
    columns = np.arange(n)
    for shift, entry in enumerate(kernel):
        T[columns + shift, columns] = entry
    return T


def correlated(x: Array, kernel: Array, bias: Array | None, stride: Pair, dilation: Pair, groups: int) -> Array:
    """What a layer gives for images that are padded already, group by group."""
    windows = _windows(x, kernel.shape[2:], stride, dilation)
    n, channels, height, width, *size = windows.shape
    kernels = kernel.reshape(groups, -1, channels // groups, *size)
    result = np.zeros((n, groups, kernels.shape[1], height * width))
    with np.errstate(all="ignore"):
        for i, j in np.ndindex(*size):
            result += kernels[..., i, j] @ windows[..., i, j].reshape(n, groups, -1, height * width)
        if bias is not None:
            result += bias.reshape(groups, -1, 1)
    if left_the_range(result, x, kernel):
        result = _within_range(windows, kernels, bias).transpose(1, 0, 3, 2)
    return result.reshape(n, -1, height, width)


def _windows(x: Array, size: Pair, stride: Pair, dilation: Pair) -> Array:
    """What lies below the kernel, place by place, as a view: (images, channels, height, width, kernel, kernel)."""
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, size, strict=True)]
    windows = sliding_window_view(x, spans, axis=(2, 3))
    below: Array = windows[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    return below


def _within_range(windows: Array, kernels: Array, bias: Array | None) -> Array:
    """The same sums, right whatever overflows on the way: (groups, images, places, channels)."""
    n, _, height, width, *_ = windows.shape
    groups, channels, *_ = kernels.shape
    below = windows.reshape(n, groups, -1, height, width, *kernels.shape[3:]).transpose(1, 0, 3, 4, 2, 5, 6)
    rows, weights = below.reshape(groups, n * height * width, -1), kernels.reshape(groups, channels, -1)
    if bias is not None:  # an input more, which is 1 everywhere
        rows = np.concatenate([rows, np.ones((*rows.shape[:2], 1))], axis=2)
        weights = np.concatenate([weights, bias.reshape(groups, channels, 1)], axis=2)
    result = contraction("gpi,goi->gpo", [rows, weights], "each entry of the layer")
    return result.reshape(groups, n, height * width, channels)
