"""Arguments of attention: queries, keys and values that fit each other, masks, and a row that comes in blocks."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.lengths import stretched_axes
from mathref._arguments.logits import as_logits
from mathref._arguments.single import shown


def as_matrices(x: ArrayLike, name: str, *, axes: int = 2) -> Array:
    """Matrix, or many of them along further axes; `axes` is the least number of axes."""
    array = as_array(x, name, real=True)
    if array.ndim < axes:
        wanted = "two axes, (..., rows, columns)" if axes == 2 else "three axes, (..., heads, rows, columns)"
        raise ValueError(f"{name} must have at least {wanted}, but its shape is {array.shape}")
    return array


def refuse_unlike(a: Array, b: Array, names: tuple[str, str], axis: int | None = None, what: str = "") -> None:
    """Raise unless both have as many of `what` along the axis, if one is named, and batch axes that broadcast."""
    wanted = f"as many {what}" if axis is not None and a.shape[axis] != b.shape[axis] else ""
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        wanted = wanted or "batch axes that broadcast"
    if wanted:
        raise ValueError(f"{' and '.join(names)} must have {wanted}, but their shapes are {a.shape} and {b.shape}")


def as_mask(mask: Any, name: str, shape: tuple[int, ...]) -> Array:
    """Booleans that broadcast to this shape: True counts, or may attend."""
    if mask is None or isinstance(mask, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array of booleans, but it is {'None' if mask is None else 'masked'}")
    try:
        array = np.asarray(mask)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, but its rows differ in length") from None
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, but its shape is {array.shape}")
    if array.dtype.kind != "b":
        raise TypeError(
            f"{name} must hold booleans, True for what counts, but its type is {array.dtype}; write {name} == 1 for "
            f"ones and zeros, {name} == 0 for zeros and -inf that are added to scores"
        )
    stretched_axes(array.shape, shape, name)
    return np.broadcast_to(array, shape)


def as_blocks(blocks: Any, name: str) -> list[Array]:
    """Logits that lie one after the other along the last axis, with the other axes equal."""
    if not isinstance(blocks, (list, tuple)):
        raise TypeError(f"{name} must be a list of arrays, but it is {shown(blocks)}")
    if not blocks:
        raise ValueError(f"{name} must hold at least one array, but there is none")
    arrays = [as_logits(block, f"{name}[{i}]") for i, block in enumerate(blocks)]
    for array in arrays:
        if array.shape[:-1] != arrays[0].shape[:-1]:
            raise ValueError(
                f"{name} must have equal axes before the last, but their shapes are {arrays[0].shape} and {array.shape}"
            )
    return arrays
