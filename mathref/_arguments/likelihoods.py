"""Likelihoods, outcomes and counts, and what a function returns as the logarithm of a density."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_nonfinite
from mathref._arguments.shapes import as_vector


def as_likelihood(likelihood: ArrayLike, name: str, log: bool) -> Array:
    """Real array of likelihoods, not negative, or of their logarithms, which may be -inf."""
    array = as_array(likelihood, name, real=True, finite=False)
    if log:
        if (np.isnan(array) | (array == np.inf)).any():
            bad = array[np.isnan(array) | (array == np.inf)][0].item()
            raise ValueError(f"{name} must hold logarithms, finite or -inf, but one is {bad}")
        return array
    refuse_nonfinite(array, name)
    if (array < 0).any():
        raise ValueError(
            f"{name} must hold likelihoods, but one is negative: {array.min().item()}; say log=True for logarithms"
        )
    return array


def as_outcomes(x: ArrayLike, name: str) -> tuple[int, int, Array]:
    """Number of ones, number of outcomes, and the outcomes, zeros and ones; booleans are fine."""
    if isinstance(x, np.ma.MaskedArray):
        as_array(x, name)
    try:
        booleans = np.asarray(x)
    except ValueError:  # of rows of several lengths, which as_vector refuses
        booleans = np.array(0)
    array = as_vector(booleans * 1.0 if booleans.dtype == bool else x, name, real=True)
    if not ((array == 0) | (array == 1)).all():
        bad = array[(array != 0) & (array != 1)][0].item()
        raise ValueError(f"{name} must hold zeros and ones, but an entry of {name} is {bad}")
    return int(np.count_nonzero(array)), len(array), array


def as_counts(x: ArrayLike, name: str) -> Array:
    """Vector of numbers that are not negative."""
    array = as_vector(x, name, real=True)
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative, but an entry of {name} is {array.min().item()}")
    return array


def as_log_density(value: Any, name: str) -> float:
    """What a function returns as the logarithm of a density: a real number or -inf."""
    if value is None or isinstance(value, (bool, str)):
        raise TypeError(f"{name} must return a real number, but it returns {value!r}")
    array = as_array(value, f"what {name} returns", real=True, finite=False)
    if array.ndim:
        raise ValueError(f"{name} must return one number for one example, but it returns the shape {array.shape}")
    number = float(array)
    if np.isnan(number) or number == np.inf:
        raise ValueError(f"{name} must return finite numbers or -inf, but it returns {number}")
    return number
