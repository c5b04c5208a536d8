"""Weighted means and squares about them for examples along the first axis, over the whole range of doubles.

A column is scaled by a power of 2 and shifted by one of its own entries, which rounds nothing; what follows has twice
the digits of doubles. Weights are None, or not negative and as many as examples, one sequence or one for each column.
"""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics import double_double as dd
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.whole_numbers import whole_times_power_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_quotient, wide_sum

_LEAST_SQUARED = 1e-140  # a smaller number beside 1 has a square that loses digits


def divisor(count: int, weights: Array | None, ddof: int) -> Wide:
    """Sum of the weights, or number of examples, less the degrees of freedom."""
    if weights is None:
        return wide(np.array(float(count - ddof)))
    sums, exponent = wide_sum(wide(weights))
    with np.errstate(over="ignore", invalid="ignore"):
        less = dd.pair(times_powers_of_two(np.full_like(sums[0], -ddof), -exponent))
        rest = dd.add(sums, less) if np.isfinite(less[0]).all() else less
    return Wide(rest, exponent)


def mean(x: Array, weights: Array | None = None) -> Wide:
    """Weighted mean along the first axis."""
    terms = wide(x)
    if weights is not None:
        terms = wide_product(terms, wide(weights))
    return wide_quotient(wide_sum(terms), divisor(len(x), weights, 0))


def deviations(x: Array, weights: Array | None = None) -> Wide:
    """Deviations from the mean, with one exponent for each column and the largest deviation near 1."""
    # Shifted by its heaviest entry a column's mean is not much larger than its spread, and equal entries become 0.
    if weights is None:
        pivots = x[0]
    else:
        pivots = np.take_along_axis(x, np.broadcast_to(weights, x.shape).argmax(axis=0)[np.newaxis], 0)[0]
        x = np.where(weights > 0, x, pivots)
    exponent = _exponents(x)
    x, pivots = times_powers_of_two(x, -exponent), times_powers_of_two(pivots, -exponent)
    shifted = dd.renormalized(*dd.add(dd.pair(x), dd.pair(-pivots)))
    shift = _exponents(shifted[0])
    shifted = dd.times_power_of_two(shifted, -shift)
    terms = Wide(shifted, np.zeros_like(shift))
    if weights is not None:
        mantissas, exponents = np.frexp(shifted[0])
        terms = Wide((mantissas, times_powers_of_two(shifted[1], -exponents)), exponents)
        terms = wide_product(terms, wide(weights))
    centre, less = wide_quotient(wide_sum(terms), divisor(len(x), weights, 0))
    centre = dd.times_power_of_two(centre, less)
    return Wide(dd.add(shifted, dd.negative(centre)), exponent + shift)


def _exponents(x: Array) -> Array:
    exponents: Array = np.frexp(np.abs(x).max(axis=0))[1]
    return exponents


def sum_of_squares(deviation: Wide, weights: Array | None = None) -> Wide:
    """Weighted sum of the squares of deviations along the first axis."""
    mantissas, exponents = np.frexp(deviation.pair[0])
    parts = mantissas, times_powers_of_two(deviation.pair[1], -exponents)
    squares = Wide(dd.multiply(parts, parts), 2 * exponents)
    if weights is not None:
        squares = wide_product(squares, wide(weights))
    sums, exponent = wide_sum(squares)
    return Wide(sums, exponent + 2 * deviation.exponent)


def running(x: Array) -> tuple[Array, Array]:
    """Mean and sum of squares about it of the first 1, 2, ..., n rows."""
    exponent = _exponents(x)
    scaled = times_powers_of_two(x, -exponent)
    first = np.broadcast_to(scaled[0], x.shape)
    shifted = dd.renormalized(*dd.add(dd.pair(scaled), dd.pair(-first)))
    shift = _exponents(shifted[0])
    shifted = dd.times_power_of_two(shifted, -shift)
    sizes = np.abs(shifted[0])
    if sizes.min(where=sizes > 0, initial=1.0) < _LEAST_SQUARED:
        return _running_exactly(x)
    counts = dd.pair(np.arange(1.0, len(x) + 1).reshape(-1, *[1] * (x.ndim - 1)) + np.zeros_like(x))
    sums, squares = dd.running_total(shifted), dd.running_total(dd.multiply(shifted, shifted))
    M2 = dd.add(squares, dd.negative(dd.divide(dd.multiply(sums, sums), counts)))
    centre = dd.add(dd.pair(first), dd.times_power_of_two(dd.divide(sums, counts), shift))
    return times_powers_of_two(centre[0], exponent), times_powers_of_two(M2[0], 2 * (exponent + shift))


def _running_exactly(x: Array) -> tuple[Array, Array]:
    """The same in whole multiples of the smallest double, for examples that differ by hundreds of powers of 10."""
    columns = []
    for column in x.reshape(len(x), -1).T.tolist():
        total, squares, found = 0, 0, []
        for count, entry in enumerate(column, 1):
            numerator, denominator = entry.as_integer_ratio()
            whole = numerator * (2**1074 // denominator)
            total, squares = total + whole, squares + whole * whole
            spread = whole_times_power_of_two(count * squares - total * total, -2148, count)
            found.append((whole_times_power_of_two(total, -1074, count), spread))
        columns.append(found)
    means, M2 = np.moveaxis(np.array(columns), (0, 1, 2), (2, 1, 0))
    return means.reshape(x.shape), M2.reshape(x.shape)
