"""Features and channels that are normalised, and the numbers that belong to each of them."""

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, digits
from mathref._arguments.precision import in_double
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_number


def as_features(x: ArrayLike, name: str) -> Array:
    """Real array whose last axis holds the features."""
    array = as_array(x, name, real=True)
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least one axis, of features, but it is one number")
    return array


def as_channels(x: ArrayLike, name: str) -> Array:
    """Real array whose axis 0 holds examples and axis 1 channels."""
    array = as_array(x, name, real=True)
    if array.ndim < 2:
        raise ValueError(f"{name} must have an axis of examples and one of channels, but its shape is {array.shape}")
    return array


def as_parameter(values: ArrayLike | None, name: str, size: int, of: str) -> Array | None:
    """One number for each feature or channel of x, or None."""
    if values is None:
        return None
    array = as_vector(values, name, real=True)
    if len(array) != size:
        raise ValueError(f"{name} must have {size} entries, one for each {of} of x, but its shape is {array.shape}")
    return array


def as_running_variance(values: ArrayLike | None, name: str, size: int) -> Array | None:
    """One variance for each channel of x, not negative, or None."""
    array = as_parameter(values, name, size, "channel")
    if array is not None and (array < 0).any():
        raise ValueError(f"{name} must not be negative, but one is {array.min().item()}")
    return array


def as_fraction_of_one(x: float, name: str) -> float:
    """A number from 0 to 1."""
    value = as_number(x, name, least=0.0)
    if value > 1:
        raise ValueError(f"{name} must be from 0 to 1, but it is {digits(value)}")
    return value


def along(values: Array | None, axis: int, ndim: int) -> Array | None:
    """One number for each place on an axis, in double precision, to be broadcast along the others."""
    if values is None:
        return None
    return in_double(values).reshape([-1 if i == axis else 1 for i in range(ndim)])


def refuse_no_spread(nothing: Array, what: str, eps: float) -> None:
    """Raise where something would be divided by 0."""
    if nothing.any():
        where = ", ".join(str(i) for i in np.argwhere(nothing)[0])
        place = f" at ({where})" if where else ""
        raise ValueError(f"x must not have {what} of 0{place} if eps is {eps:g}, since it is divided by its root")
