"""Gaussians after a map or an observation, with twice the digits of doubles."""

import numpy as np
from scipy.linalg import lapack, solve_triangular

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double
from mathref._numerics import double_double as dd
from mathref._numerics.covariances import balanced, without
from mathref._numerics.double_double import Pair
from mathref._numerics.gaussian_densities import difference
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_sum

_LARGEST_IN_TWO = 100  # entries of a Gaussian that are conditioned in two doubles within a fraction of a second


def mapped(A: Array, x: Array, b: Array) -> Array:
    """A x + b, with products and sums in twice the digits of doubles."""
    terms = wide_product(wide(A.T), wide(np.broadcast_to(x[:, np.newaxis], A.T.shape)))
    last = wide(in_double(b)[np.newaxis])
    high, low, exponents = (
        np.concatenate(parts) for parts in zip((*terms.pair, terms.exponent), (*last.pair, last.exponent), strict=True)
    )
    return wide_sum(Wide((high, low), exponents)).rounded()


def conditioned(mean: Array, A: Array, observed: list[int], values: Array) -> tuple[Array, Array]:
    """Mean and covariance of the other entries once entries are observed, one after another."""
    exponents, R = balanced(A)
    less = difference(values, mean[observed])
    mantissas, powers = np.frexp(less[0])
    powers = np.where(mantissas != 0, powers + less[1] - exponents[observed], -9999)
    common = int(powers.max())  # the shift is linear in the gaps, so that a power of 2 may be taken out
    gap = times_powers_of_two(mantissas, powers - common)
    others = [i for i in range(len(mean)) if i not in set(observed)]
    large = len(mean) > _LARGEST_IN_TWO
    shift, rest = (_seen_at_once if large else _seen_in_turn)(R, observed, others, gap)
    k = exponents[others]
    with np.errstate(over="ignore"):
        cov = times_powers_of_two(rest, k[:, np.newaxis] + k)
        return _moved(mean[others], shift, k + common), cov


def _seen_in_turn(R: Array, observed: list[int], others: list[int], gap: Array) -> tuple[Pair, Array]:
    """How the other entries move and how they still vary, by elimination in two doubles."""
    rest, shift = dd.pair(R), dd.pair(np.zeros(len(R)))
    for j, value in zip(observed, gap.tolist(), strict=True):
        column = rest[0][:, j], rest[1][:, j]
        gain = dd.divide(column, (column[0][j : j + 1], column[1][j : j + 1]))
        wanted = dd.add(dd.pair(np.array([value])), (-shift[0][j : j + 1], -shift[1][j : j + 1]))
        shift = dd.add(shift, dd.multiply(gain, wanted))
        rest = without(rest, j)
    return (shift[0][others], shift[1][others]), rest[0][np.ix_(others, others)]


def _seen_at_once(R: Array, observed: list[int], others: list[int], gap: Array) -> tuple[Pair, Array]:
    """The same for many entries, by blocks of a Cholesky factor in doubles."""
    order, k = [*observed, *others], len(observed)
    L = lapack.dpotrf(R[np.ix_(order, order)], lower=1, clean=1)[0]
    with np.errstate(under="ignore"):
        return dd.pair(L[k:, :k] @ solve_triangular(L[:k, :k], gap, lower=True)), L[k:, k:] @ L[k:, k:].T


def _moved(mean: Array, shift: tuple[Array, Array], exponents: Array) -> Array:
    high, low = times_powers_of_two(shift[0], exponents), times_powers_of_two(shift[1], exponents)
    result: Array = mean + high
    with np.errstate(invalid="ignore"):
        rest = dd.add(dd.pair(mean), (high, low))[0]
    return np.where(np.isfinite(rest), rest, result)
