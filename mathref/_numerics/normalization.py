"""Deviations over their root mean square along the first axis, with twice the digits of doubles and free exponents."""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics import double_double as dd
from mathref._numerics.weighted_moments import deviations, divisor
from mathref._numerics.wide_numbers import Wide, wide, wide_plus, wide_product, wide_quotient, wide_sum


class Normalized:
    """What is normalised, its mean square, and that plus ε; of several columns if there are further axes."""

    def __init__(self, terms: Wide, eps: float) -> None:
        self.terms = terms.normalized()
        self.mean_square = _mean(wide_product(self.terms, self.terms))
        self.spread = wide_plus(self.mean_square, _number(eps)).normalized()

    @classmethod
    def about_mean(cls, x: Array, eps: float) -> "Normalized":
        """Deviations from the mean of each column."""
        return cls(deviations(x), eps)

    @classmethod
    def about_zero(cls, x: Array, eps: float) -> "Normalized":
        """The numbers themselves."""
        return cls(wide(x), eps)

    @property
    def has_no_spread(self) -> Array:
        """Where the result would be 0/0."""
        nothing: Array = self.spread.pair[0] == 0
        return nothing

    def over_root(self) -> Wide:
        """Each term over the root of the mean square plus ε."""
        return over_root(self.terms, self.spread)

    def vjp(self, upstream: Wide) -> Wide:
        """Gradient by what was centred: neither the part along 1 nor, but for ε, that along the result arrives."""
        along = wide_quotient(_mean(wide_product(upstream, self.terms)), self.spread)
        centre, along = _mean(upstream), wide_product(along, self.terms)
        return over_root(wide_plus(upstream, _negative(centre), _negative(along)).normalized(), self.spread)


def over_root(terms: Wide, spread: Wide) -> Wide:
    """Terms over the square roots of what is not 0."""
    return wide_quotient(terms, spread.root()).normalized()


def centred(x: Array, mean: Array) -> Wide:
    """x - mean, entry by entry."""
    return wide_plus(wide(x), wide(-mean)).normalized()


def plus(variance: Array, eps: float) -> Wide:
    """A given variance, plus ε."""
    return wide_plus(wide(variance), _number(eps)).normalized()


def scaled_and_shifted(x: Wide, gamma: Array | None, beta: Array | None) -> Array:
    """γ x + β as doubles, whatever is large or small on the way."""
    y = x if gamma is None else wide_product(x, wide(gamma))
    return (y if beta is None else wide_plus(y, wide(beta))).rounded()


def moved(old: Array, new: Wide, share: float) -> Array:
    """(1 - share) old + share new; infinite beyond the largest double."""
    return wide_plus(
        wide_product(_number(1 - share), wide(old)), wide_product(_number(share), new.normalized())
    ).rounded()


def unbiased(mean_square: Wide, count: int) -> Wide:
    """The mean square of n deviations times n / (n - 1)."""
    return wide_product(mean_square, wide_quotient(divisor(count, None, 0), divisor(count, None, 1)))


def _number(x: float) -> Wide:
    return wide(np.array(x))


def _mean(terms: Wide) -> Wide:
    return wide_quotient(wide_sum(terms).normalized(), divisor(len(terms.pair[0]), None, 0)).normalized()


def _negative(x: Wide) -> Wide:
    return Wide(dd.negative(x.pair), x.exponent)
