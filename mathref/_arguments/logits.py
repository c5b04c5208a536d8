"""Logits and log-probabilities, in which -inf stands for what is impossible, and the axis along which they lie."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, first
from mathref._arguments.single import shown


def as_logits(x: ArrayLike, name: str) -> Array:
    """Real array of at least one axis, finite or -inf."""
    array = as_array(x, name, real=True, finite=False)
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least one axis, but it is one number; write [{array.item()}]")
    bad = np.isnan(array) | (array == np.inf)
    if bad.any():
        where, position = first(bad, name)
        raise ValueError(f"{name} must hold finite numbers or -inf, but {position} is {array[where].item()}")
    return array


def as_axis(axis: Any, ndim: int) -> int | None:
    """An axis counted from 0, or None for all entries together."""
    if axis is None:
        return None
    if isinstance(axis, (bool, np.bool_)) or not isinstance(axis, Integral):
        raise TypeError(f"axis must be an integer or None, but it is {shown(axis)}")
    if not -ndim <= int(axis) < ndim:
        raise ValueError(f"axis must be from {-ndim} to {ndim - 1} for an array of {ndim} axes, but it is {axis}")
    return int(axis) % ndim


def refuse_impossible(rows: Array, name: str) -> None:
    """Raise if all entries along the last axis are -inf: their softmax is 0/0."""
    impossible = (rows == -np.inf).all(axis=-1)
    if impossible.any():
        where = ", ".join(str(i) for i in np.argwhere(impossible)[0])
        place = f" at ({where})" if where else ""
        raise ValueError(
            f"{name} must have a finite entry along the axis, but all are -inf{place}, and the softmax is 0/0; "
            "leave out what has no possible class"
        )
