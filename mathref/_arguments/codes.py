"""Codes of numbers: whole numbers without sign that fit in so many bits."""

from numbers import Integral
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array, first


def as_codes(x: Any, name: str, bits: int) -> Array:
    """Array of 64-bit integers without sign, from 0 to 2**bits - 1."""
    if x is None or isinstance(x, (str, bytes, np.ma.MaskedArray)):
        raise TypeError(f"{name} must be whole numbers, but it is of type {type(x).__name__}")
    try:
        # As they are: NumPy would make floats of large and negative integers side by side.
        array = x if isinstance(x, np.ndarray) else np.array(x, dtype=object)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, but its rows differ in length") from None
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, but its shape is {array.shape}")
    if array.dtype == object:
        _refuse_others(array, name)
    elif array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be whole numbers, but its entries are of type {array.dtype}")
    outside = np.asarray((array < 0) | (array > 2**bits - 1), dtype=bool) if bits < 64 else _beyond_64_bits(array)
    if outside.any():
        where, position = first(outside, name)
        raise ValueError(f"{name} must be from 0 to 2**{bits} - 1, but {position} is {array[where]}")
    return array.astype(np.uint64)


def _beyond_64_bits(array: Array) -> Array:
    return np.asarray(array < 0) if array.dtype != object else np.asarray((array < 0) | (array >= 2**64), dtype=bool)


def _refuse_others(array: Array, name: str) -> None:
    for entry in array.flat:
        if isinstance(entry, (list, tuple, np.ndarray)):
            raise ValueError(f"{name} must be a regular array, but its rows differ in length")
        if isinstance(entry, (bool, np.bool_)) or not isinstance(entry, Integral):
            raise TypeError(f"{name} must be whole numbers, but it holds one of type {type(entry).__name__}")
