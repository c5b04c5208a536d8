"""What a function that somebody else wrote returned: real, finite and of the shape that is due."""

from typing import Any

import numpy as np

from mathref._arguments.arrays import Array


def checked_value(value: Any, name: str, shape: tuple[int, ...] | None, where: str = "at x") -> Array:
    """What a function returned as a finite real array, of this shape if one is given."""
    wanted = "one real number" if shape == () else "real numbers" if shape is None else f"an array of shape {shape}"
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must return {wanted}, but {where} it returned rows that differ in length") from None
    if array.dtype.kind not in "fiu" or array.size == 0 or isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} must return {wanted}, but {where} it returned {_shown(array, value)}")
    if shape is not None and array.shape != shape:
        hint = "; write .item() behind an array of one entry" if array.size == 1 and shape == () else ""
        raise ValueError(f"{name} must return {wanted}, but {where} it returned {_shown(array, value)}{hint}")
    if not np.isfinite(array).all():
        if array.ndim:
            bad = array[~np.isfinite(array)][0].item()
            raise ValueError(f"{name} must return finite numbers, but {where} it returned {bad}")
        raise ValueError(f"{name} must return a finite number, but {where} it returned {array.item()}")
    return array


def _shown(array: Array, value: Any) -> str:
    return f"an array of shape {array.shape}" if array.shape and array.dtype.kind in "fiub" else f"{value!r:.40}"
