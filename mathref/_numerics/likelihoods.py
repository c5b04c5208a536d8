"""Products of many likelihoods and sums of their logarithms, which neither underflow nor lose digits."""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics import double_double as dd
from mathref._numerics.double_double import Pair
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_product

LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # the high part has 32 bits: its multiples are exact
_LARGE = 1000  # sums of logarithms beyond 2**1000 are divided by a power of 2 on the way


def product(x: Array) -> Wide:
    """Product along the first axis, not negative."""
    pairs, exponents = wide(x)
    exponents = exponents.astype(np.int64)
    while (size := len(exponents)) > 1:
        half = size // 2
        left, right, last = (
            ((pairs[0][part], pairs[1][part]), exponents[part])
            for part in (slice(half), slice(half, 2 * half), slice(2 * half, None))
        )
        product_of_two = Wide(dd.multiply(left[0], right[0]), left[1] + right[1]).normalized()
        pairs = dd.joined(product_of_two.pair, last[0])
        exponents = np.concatenate([product_of_two.exponent, last[1]])
    return Wide((pairs[0][0], pairs[1][0]), exponents[0])


def log_sum(x: Array) -> tuple[Pair, int, Array]:
    """Sums along the first axis as pairs times 2**exponent, and which of them are -inf (their pairs are 0)."""
    impossible = x == -np.inf
    finite = np.where(impossible, 0.0, x).astype(np.float64)
    exponent = max(0, int(np.frexp(np.abs(finite).max())[1]) - _LARGE)
    return dd.total(dd.pair(times_powers_of_two(finite, -exponent))), exponent, impossible.any(axis=0)


def logarithm(x: Wide) -> float:
    """Natural logarithm of one positive number, right also near 1."""
    (high, low), exponent = (part.item() for part in x.pair), int(x.exponent)
    mantissa, shift = math.frexp(high)
    low, exponent = math.ldexp(low, -shift), exponent + shift
    if mantissa < math.sqrt(0.5):
        mantissa, low, exponent = 2 * mantissa, 2 * low, exponent - 1
    return math.fsum([math.log(mantissa), low / mantissa, exponent * LN2_HIGH, exponent * LN2_LOW])


def weighed(prior: Array, likelihood: Array) -> Wide:
    """Prior times likelihoods (n, k) of each hypothesis."""
    return wide_product(wide(prior), product(likelihood))


def weighed_by_logarithms(prior: Array, logs: Array) -> tuple[Array, float]:
    """Prior times exponentials of the sums of logs (n, k), divided by the largest; the logarithm of that, or -inf."""
    sums, exponent, impossible = log_sum(logs)
    possible = ~impossible & (prior > 0)
    if not possible.any():
        return np.zeros_like(prior), -math.inf
    own = times_powers_of_two(np.log(np.where(prior > 0, prior, 1.0)), -exponent)
    sums = dd.add(sums, dd.pair(own))
    best = int(np.where(possible, sums[0], -np.inf).argmax())
    largest = sums[0][best], sums[1][best]
    high, low = dd.times_power_of_two(dd.add(sums, dd.negative(largest)), np.array(exponent))
    with np.errstate(over="ignore", under="ignore"):
        weights = np.where(possible, np.exp(np.where(possible, high, 0.0) + np.where(possible, low, 0.0)), 0.0)
        return weights, float(times_powers_of_two(largest[0], exponent))
