"""Softmax along the last axis from what is left when the largest entry is taken off: nothing overflows or cancels."""

import math
from functools import cached_property

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import scaled, times_power_of_two

_SMALL = 1e-290  # a product below this may have lost digits, and is taken from logarithms
_LN2 = math.log(2)


class Softmax:
    """The parts of softmax(x / T) along the last axis of doubles, finite or -inf."""

    def __init__(self, x: Array, temperature: float = 1.0) -> None:
        top = x.argmax(axis=-1, keepdims=True)
        largest = np.take_along_axis(x, top, axis=-1)
        self._top, self._temperature = top, temperature
        self._largest = np.where(largest == -np.inf, 0.0, largest)  # where all are -inf, so stay their differences
        with np.errstate(over="ignore", under="ignore"):
            differences = x - self._largest
            self.exponents: Array = differences / temperature
            lost = (differences == -np.inf) & (x > -np.inf)
            if lost.any():  # the difference of two doubles may exceed all doubles, and be divided by as large a number
                halves = (x / 2 - self._largest / 2) / temperature * 2
                self.exponents = np.where(lost, halves, self.exponents)
            self._exponentials = np.exp(self.exponents)
            others = self._exponentials.copy()
            np.put_along_axis(others, top, 0.0, axis=-1)
            self._others: Array = others.sum(axis=-1, keepdims=True)

    @property
    def largest(self) -> Array:
        """The largest entry, with the axis kept; 0 where all are -inf."""
        return self._largest

    @property
    def exponentials(self) -> Array:
        """Exponentials of the entries without the largest, which becomes 1."""
        return self._exponentials

    @cached_property
    def log_sum(self) -> Array:
        """Logarithm of the sum of these exponentials, right also where the others hardly count."""
        return np.log1p(self._others)

    @cached_property
    def probabilities(self) -> Array:
        """The exponentials divided by their sum."""
        with np.errstate(under="ignore"):
            result: Array = self._exponentials / (1 + self._others)
        return result

    @cached_property
    def log_probabilities(self) -> Array:
        """Their logarithms; both terms have one sign, so that nothing cancels."""
        return self.exponents - self.log_sum

    @cached_property
    def complements(self) -> Array:
        """1 minus each probability: only that of the largest entry can be near 1, and is taken from the others."""
        with np.errstate(under="ignore"):
            result: Array = 1 - self.probabilities
            np.put_along_axis(result, self._top, self._others / (1 + self._others), axis=-1)
        return result

    def jacobian(self) -> Array:
        """Derivatives [..., i, j] of probability i by entry j."""
        p, logs, rest = self.probabilities, self.log_probabilities, self.complements
        n = p.shape[-1]
        column, row = (..., np.newaxis), (..., np.newaxis, slice(None))
        with np.errstate(divide="ignore", over="ignore", under="ignore"):
            result: Array = 0.0 - self._over_temperature(p[column] * p[row], logs[column] + logs[row])
            result[..., range(n), range(n)] = self._over_temperature(p * rest, logs + np.log(rest))
        return result

    def vjp(self, upstream: Array) -> Array:
        """Jacobian transposed times upstream.

        Upstream is measured from its value at the largest entry: where that has probability 1, nothing is left to
        cancel. It is brought to a size of 1 first, and the power of 2 put back last.
        """
        g, exponent = scaled(upstream)
        p = self.probabilities
        with np.errstate(divide="ignore", under="ignore"):
            away = g - np.take_along_axis(g, self._top, axis=-1)
            away = away - (p * away).sum(axis=-1, keepdims=True)
            logs = self.log_probabilities + np.log(np.abs(away))
            sizes = self._over_temperature(p * np.abs(away), logs, exponent)
        result: Array = np.copysign(sizes, away) + 0.0
        return result

    def _over_temperature(self, products: Array, logarithms: Array, exponent: int = 0) -> Array:
        """Products, not negative, times 2**exponent, over T: by their logarithms where digits were lost on the way."""
        with np.errstate(all="ignore"):
            plain = times_power_of_two(products / self._temperature, exponent)
            by_logs = np.exp(logarithms + (exponent * _LN2 - math.log(self._temperature)))
        result: Array = np.where((products >= _SMALL) & np.isfinite(plain), plain, by_logs)
        return result
