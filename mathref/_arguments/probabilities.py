"""Probability distributions, and the base of the logarithms that measure them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, first, refuse_nonfinite
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_number


def as_distribution(p: ArrayLike, name: str) -> Array:
    """Vector of probabilities in float64: none negative, of sum 1 to within 1e-9 (1e-5 for float32)."""
    return _as_probabilities(as_vector(p, name, real=True, finite=False), name)


def as_joint(P: ArrayLike, name: str) -> Array:
    """Matrix of the probabilities of pairs (row, column), of sum 1."""
    return _as_probabilities(as_matrix(P, name, real=True, finite=False), name)


def _as_probabilities(array: Array, name: str) -> Array:
    tolerance = 1e-5 if array.dtype == np.float32 else 1e-9
    array = array.astype(np.float64, copy=False)
    if array.size <= 64:  # a short list is checked faster by Python than by NumPy
        entries = array.ravel().tolist()
        total, least = sum(entries), min(entries)
    else:
        total, least = float(np.add.reduce(array.ravel("K"))), array.item(array.argmin())
    if not (abs(total - 1) <= tolerance and least >= 0):
        _refuse_probabilities(array, name, tolerance)
    return array


def _refuse_probabilities(array: Array, name: str, tolerance: float) -> None:
    refuse_nonfinite(array, name)
    if array.min() < 0:
        where, position = first(array < 0, name)
        raise ValueError(f"{name} must hold probabilities, but {position} is negative: {array[where].item()}")
    sample = "" if array.ndim == 2 else ", or count samples with mathref.entropy.empirical_distribution"
    raise ValueError(
        f"{name} must sum to 1 (to within {tolerance:g}), but it sums to {array.sum().item()}; "
        f"divide counts by their sum, {name} / np.sum({name}){sample}"
    )


def as_base(base: Any) -> float:
    """Base of a logarithm, greater than 1."""
    if type(base) is int and base == 2:  # the default costs nothing
        return 2.0
    return as_number(base, "base", above=1.0)
