"""Least squares with many more rows than columns, to the last digit, in a few passes over the rows."""

import numpy as np
from scipy.linalg import solve_triangular

from mathref._arguments.arrays import Array
from mathref._numerics.dot_products import close_dot
from mathref._numerics.rounding_errors import product_and_error, sum_and_error

_EPS = float(np.finfo(np.float64).eps)
_MOST_STEPS = 6
_WELL_CONDITIONED = 1e5


def tall_least_squares(A: Array, B: Array, R: Array, values: Array) -> Array | None:
    """X that minimizes ‖A X - B‖, from R and the singular values of A; None where this is no way to the last digit.

    Each correction solves RᵀR D = Aᵀ(B - A X), where B - A X is kept in two doubles and the products with A have an
    error bound; it gains about log₁₀(1/(κ² eps)) digits.
    """
    if not (values[0] < _WELL_CONDITIONED * values[-1] and _is_moderate(A) and _is_moderate(B)):
        return None
    columns = np.asfortranarray(A)
    solutions = []
    for b in B.T:
        x = _solution(columns, b, R, values)
        if x is None:
            return None
        solutions.append(x)
    return np.array(solutions).T


def _is_moderate(x: Array) -> bool:
    largest = float(np.abs(x).max())
    return largest == 0 or 1e-90 < largest < 1e90


def _solution(A: Array, b: Array, R: Array, values: Array) -> Array | None:
    x, largest = _seminormal(R, A.T @ b), np.abs(A).max()
    rate = 100 * (values[0] / values[-1]) ** 2 * _EPS  # by which a correction is smaller than the one before it
    for _ in range(_MOST_STEPS):
        high, low = _residual(A, b, x)
        change = _seminormal(R, np.array([close_dot(column, high) for column in A.T]) + A.T @ low)
        x = x + change
        least = _EPS * float(np.abs(x[x != 0]).min(initial=np.inf)) / 16
        lost = len(b) * 2.0**-98 * largest * np.abs(high).max()
        lost += np.sqrt(len(b)) * _EPS * values[0] * np.linalg.norm(low)
        if not np.sqrt(len(x)) * lost <= values[-1] ** 2 * least:
            return None
        if np.abs(change).max() * rate <= least:
            return x
    return None


def _residual(A: Array, b: Array, x: Array) -> tuple[Array, Array]:
    """b - A x in two doubles."""
    high, low = b, np.zeros_like(b)
    for column, entry in zip(A.T, x.tolist(), strict=True):
        product, lost = product_and_error(column, -entry)
        high, further = sum_and_error(high, product)
        lost += further
        low += lost
    return high, low


def _seminormal(R: Array, g: Array) -> Array:
    """The solution of RᵀR x = g."""
    half = solve_triangular(R, g, trans="T", check_finite=False)
    x: Array = solve_triangular(R, half, check_finite=False)
    return x
