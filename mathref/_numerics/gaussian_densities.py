"""Logarithms of Gaussian densities and determinants, whose squares and logarithms may cancel."""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.gaussians import Given
from mathref._numerics import double_double as dd
from mathref._numerics.covariances import factor, refuse_nonpositive
from mathref._numerics.likelihoods import LN2_HIGH, LN2_LOW
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_quotient

_HALF_LOG_2PI = 0.9189385332046728  # ln(2π)/2


def difference(x: Array, y: Array) -> tuple[Array, Array]:
    """x - y as doubles times 2**exponent, exponent 0 or 1, since the difference itself may leave the range."""
    with np.errstate(over="ignore", under="ignore"):
        plain, half = x - y, x / 2 - y / 2
    over = np.isinf(plain)
    return np.where(over, half, plain), over.astype(np.int32)


def halved_squares(differences: Array, doubled: Array, variances: Array) -> Wide:
    """(difference · 2**doubled)² / (2 variance) entry by entry."""
    terms = wide(differences)
    squares = wide_product(terms, terms)
    return wide_quotient(Wide(squares.pair, squares.exponent + 2 * doubled - 1), wide(variances))


def log_density(x: Array, given: Given, names: tuple[str, str] = ("mean", "cov")) -> Array:
    """Logarithm of the density at each point."""
    if not given.is_matrix:
        return _log_density_of_independent(x, given, names[1])
    R = factor(given.cov, names[1])
    squares, exponents = R.squared(*difference(np.atleast_2d(x), given.mean))
    distances = times_powers_of_two(-0.5 * squares, 2 * exponents)
    constant = -0.5 * R.log_det[0] - len(given.mean) * _HALF_LOG_2PI
    result: Array = distances + constant
    return result if x.ndim == 2 else result[0]


def _log_density_of_independent(x: Array, given: Given, name: str) -> Array:
    """The exact squares less the logarithms, summed in two doubles so that they may cancel."""
    refuse_nonpositive(given.cov, name)
    halves = halved_squares(*difference(x, given.mean), given.cov)
    with np.errstate(over="ignore"):
        squares = halves.rounded()
        within = np.isfinite(squares)
        less = np.where(within, times_powers_of_two(halves.pair[1], halves.exponent), 0.0)
        logs = dd.add(half_log(given.cov), dd.pair(np.full(given.cov.shape, _HALF_LOG_2PI)))
        high, low = dd.add((np.where(within, squares, 0.0), less), logs)
        if given.mean.ndim:
            entries = np.moveaxis(high, -1, 0) / 2**10, np.moveaxis(low, -1, 0) / 2**10  # their sum may overflow
            within, high = np.logical_and.reduce(within, axis=-1), dd.total(entries)[0] * 2**10
        return np.where(within, -high, -np.inf)


def half_log(variances: Array) -> tuple[Array, Array]:
    """½ ln of variances in two parts."""
    mantissas, exponents = np.frexp(variances)
    high, error = dd.renormalized(exponents * (LN2_HIGH / 2), 0.5 * np.log(mantissas) + exponents * (LN2_LOW / 2))
    return high, error


def log_det(cov: Array, name: str) -> float:
    """Logarithm of the determinant of a covariance."""
    if cov.ndim == 2:
        return float(factor(cov, name).log_det[0])
    refuse_nonpositive(cov, name)
    high, low = half_log(np.atleast_1d(cov))
    return 2 * math.fsum([*high.tolist(), *low.tolist()])
