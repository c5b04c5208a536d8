"""Products of columns of deviations, summed over many examples without the error growing with their number."""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.rounding_errors import sum_and_error
from mathref._numerics.wide_numbers import Wide

_ROWS = 256  # examples that BLAS sums at once


def gram(X: Array, Y: Array) -> Array:
    """Xᵀ Y over rows."""
    shape = X.shape[1], Y.shape[1]
    total, lost = np.zeros(shape), np.zeros(shape)
    for start in range(0, len(X), _ROWS):
        total, error = sum_and_error(total, X[start : start + _ROWS].T @ Y[start : start + _ROWS])
        lost += error
    return total + lost


def columns(deviations: Wide, weights: Array | None = None) -> tuple[Array, Array]:
    """Deviations times the roots of the weights, each column divided by a power of 2, and the exponents of these."""
    D, exponents = deviations.pair[0], deviations.exponent
    if weights is not None:
        D = D * np.sqrt(weights.astype(np.float64))
    shift = np.frexp(np.abs(D).max(axis=0))[1]
    return times_powers_of_two(D, -shift), exponents + shift


def mirrored(A: Array) -> Array:
    """The lower triangle on both sides."""
    lower: Array = np.tril(A)
    return lower + np.tril(A, -1).T
