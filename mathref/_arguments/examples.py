"""Examples along an axis, with the axes, weights and degrees of freedom that are taken of them."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, digits
from mathref._arguments.single import as_integer


def as_examples(x: ArrayLike, name: str) -> Array:
    """Real array of at least one axis, along which the examples lie."""
    array = as_array(x, name, real=True)
    if array.ndim == 0:
        raise ValueError(f"{name} must hold examples along axis 0, but it is one number; write [{array.item()}]")
    return array


def as_axes(axis: Any, name: str, ndim: int) -> tuple[int, ...]:
    """Distinct axes, counted from 0, in the order in which they are given."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not axes:
        raise ValueError(f"{name} must name at least one axis, but it is ()")
    for one in axes:
        if isinstance(one, (bool, np.bool_)) or not isinstance(one, Integral):
            raise TypeError(f"{name} must be an axis or a tuple of axes, whole numbers, but it is {axis!r}")
        if not -ndim <= int(one) < ndim:
            raise ValueError(f"{name} must be from {-ndim} to {ndim - 1} for an array of {ndim} axes, but it is {one}")
    whole = tuple(int(one) % ndim for one in axes)
    if len(set(whole)) < len(whole):
        raise ValueError(f"{name} must name each axis once, but it is {axis!r}")
    return whole


def as_reduced_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """Axes to sum over, all of them for None."""
    return tuple(range(ndim)) if axis is None else as_axes(axis, "axis", ndim)


def as_rows(x: Array, axes: tuple[int, ...]) -> Array:
    """The axes to sum over as one, in front."""
    if not axes:  # a single number
        return x.reshape(1)
    rows = np.moveaxis(x, axes, range(len(axes)))
    return rows.reshape(-1, *rows.shape[len(axes) :])


def as_weights(weights: Any, x: Array, axis: Any, of: str = "x") -> Array | None:
    """Weights of the rows that `as_rows` makes of what is called x here; not negative, with a positive sum."""
    if weights is None:
        return None
    array = as_array(weights, "weights", real=True)
    single = isinstance(axis, Integral)
    wanted = (x.shape[int(axis)],) if single else x.shape
    if array.shape != wanted:
        what = f"one for each {'example in' if single else 'entry of'} {of}"
        raise ValueError(f"weights must have the shape {wanted}, {what}, but it is {array.shape}")
    if (array < 0).any():
        raise ValueError(f"weights must not be negative, but one is {array.min().item()}")
    rows = array.reshape(-1, *[1] * (x.ndim - 1)) if single else as_rows(array, as_reduced_axes(axis, x.ndim))
    if not (rows > 0).any(axis=0).all():
        raise ValueError("weights must have a positive sum, but they are all 0")
    return rows


def as_ddof(ddof: Any) -> int:
    """Degrees of freedom that are taken from the number of examples."""
    return as_integer(ddof, "ddof", least=0)


def refuse_ddof(ddof: int, size: float) -> None:
    """Raise for a divisor that is not positive."""
    raise ValueError(
        f"ddof must be less than the sum of the weights or number of examples, {digits(float(size))}, but it is {ddof}"
    )


def as_indices(indices: Any, name: str, size: int) -> list[int]:
    """Distinct whole numbers from 0 to size - 1."""
    if isinstance(indices, np.ndarray):
        indices = list(indices)
    if isinstance(indices, (str, bytes, dict, set)) or not isinstance(indices, Sequence):
        raise TypeError(f"{name} must be a list of whole numbers, but it is of type {type(indices).__name__}")
    if not len(indices):
        raise ValueError(f"{name} must name at least one entry, but it is empty")
    whole = [as_integer(index, name, least=0, most=size - 1) for index in indices]
    if len(set(whole)) < len(whole):
        raise ValueError(f"{name} must name each entry once, but it is {whole}")
    return whole
