"""Least squares with many more rows than columns, to the last digit, in a few passes over the rows.

The normal equations square the condition number, which costs nothing where their numbers have twice the digits or more:
columns are cut into slices of so few bits that BLAS multiplies these without rounding, a block of rows at a time.
"""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.rounding_errors import residuals, sum_and_error
from mathref._numerics.sums import upper_part

_EPS = float(np.finfo(np.float64).eps)
_BLOCK = 4096  # rows
_BITS = (53 - 12) // 2  # of a slice: a sum of 2**12 products of two such numbers fits in 53 bits
_PARTS = 3  # doubles whose sum is an entry of AᵀA
_MOST_STEPS = 12
_WELL_CONDITIONED = 1e12  # the square of the condition number up to which corrections shrink quickly


def tall_least_squares(A: Array, B: Array, share: float) -> Array | None:
    """X that minimizes ‖A X - B‖; None where this is no way to the last digit, or singular values might be dropped."""
    columns = np.ascontiguousarray(np.concatenate([A.T, B.T]))
    largest = np.maximum(columns.max(axis=1), -columns.min(axis=1))
    if not ((largest == 0) | ((largest > 1e-90) & (largest < 1e90))).all():
        return None
    n, exponents = A.shape[1], np.frexp(largest)[1]
    unequal = float(np.ldexp(1.0, np.ptp(exponents[:n])))
    for cuts in (2, 3, 4):
        products, exact = _products(columns, exponents, cuts)
        values = np.linalg.eigvalsh(products[0, :n, :n])
        least, most = values[[0, -1]].tolist()
        if not (_WELL_CONDITIONED * least > most and least > (2 * share * unequal) ** 2 * most):
            return None
        lost = 0.0 if exact else len(A) * _BLOCK * _EPS * 2.0 ** (1 - _BITS * cuts)  # at most, by an entry
        solutions = [
            _solution(products[:, :n], n, right, most / least, lost / least * (largest[right] > 0))
            for right in range(n, len(columns))
        ]
        if all(x is not None for x in solutions):
            return times_powers_of_two(np.array(solutions).T, exponents[n:] - exponents[:n, np.newaxis])
    return None


def _products(columns: Array, exponents: Array, cuts: int) -> tuple[Array, bool]:
    """Dot products of all columns / 2**exponents, as sums of a few doubles, and whether nothing was rounded."""
    count, rows = columns.shape
    grids = np.ldexp(0.75, exponents + 53)[:, np.newaxis]
    blocks, exact = [], True
    for first in range(0, rows, _BLOCK):
        rest = columns[:, first : first + _BLOCK]
        slices = np.empty((cuts + 1, *rest.shape))
        for i in range(cuts):
            slices[i] = upper_part(rest, grids * 2.0 ** (-_BITS * (i + 1)))
            rest = np.subtract(rest, slices[i], out=slices[cuts])
        exact = exact and not rest.any()
        flat = slices.reshape(-1, rest.shape[1])
        blocks.append((flat @ flat.T).reshape(cuts + 1, count, cuts + 1, count))
    terms = np.array(blocks).transpose(2, 4, 0, 1, 3).reshape(count, count, -1).tolist()
    sums = np.array([[_as_parts(entry) for entry in row] for row in terms])
    return np.ldexp(sums.transpose(2, 0, 1), -(exponents + exponents[:, np.newaxis])), exact


def _as_parts(terms: list[float]) -> list[float]:
    """A few doubles, the largest first, with the sum of the terms."""
    parts: list[float] = []
    for _ in range(_PARTS):
        parts.append(math.fsum([*terms, *(-part for part in parts)]))
    return parts


def _solution(products: Array, n: int, right: int, squared_condition: float, lost: float) -> Array | None:
    """x with AᵀA x = Aᵀb from these products; `lost` is the share of x that their errors may cost."""
    high = products[0, :, :n]
    matrix, sides = np.concatenate([*products[:, :, :n]] * 2, axis=1), products[:, :, right].T
    inverse, x, low = np.linalg.inv(high), np.zeros(n), np.zeros(n)
    for _ in range(_MOST_STEPS):
        change = inverse @ residuals(sides, matrix, np.concatenate([np.tile(x, _PARTS), np.tile(low, _PARTS)]))
        x, low = sum_and_error(x, low + change)
        sizes = np.abs(x)
        least = np.maximum(sizes * _EPS / 16, sizes.max() * _EPS**2)
        if (np.abs(change).max() * 100 * n * squared_condition * _EPS <= least).all():
            return x if (n**1.5 * lost * (sizes.max() + 1) <= least).all() else None
    return None
