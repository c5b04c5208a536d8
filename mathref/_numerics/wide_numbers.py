"""Numbers whose exponents stand apart: they neither overflow nor underflow, and have twice the digits of doubles."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics import double_double as dd
from mathref._numerics.double_double import Pair
from mathref._numerics.powers_of_two import times_powers_of_two

_NONE = -(2**60)  # exponent of a term that is 0, below that of any product of many


class Wide(NamedTuple):
    """The numbers (high + low) · 2**exponent."""

    pair: Pair
    exponent: Array

    def rounded(self) -> Array:
        """The nearest doubles, infinite beyond the largest."""
        result: Array = times_powers_of_two(self.pair[0], self.exponent)
        return result

    def normalized(self) -> "Wide":
        """The same numbers with high parts in [1/2, 1)."""
        shift = np.frexp(self.pair[0])[1]
        return Wide(dd.times_power_of_two(self.pair, -shift), self.exponent + shift)

    def arranged(self, how: Callable[[Array], Array]) -> "Wide":
        """The same numbers in another layout; the exponents are as many as they."""
        return Wide((how(self.pair[0]), how(self.pair[1])), how(self.exponent))

    def square_root(self) -> Array:
        """Square roots as doubles."""
        return self.root().rounded()

    def root(self) -> "Wide":
        """Square roots with the digits of doubles, and exponents that stand apart."""
        odd = self.exponent % 2
        roots = dd.square_root(dd.times_power_of_two(self.pair, odd))
        return Wide(dd.pair(roots), (self.exponent - odd) // 2)


def wide(x: Array) -> Wide:
    """Doubles with their exponents taken out."""
    mantissas, exponents = np.frexp(x.astype(np.float64, copy=False))
    return Wide(dd.pair(mantissas), exponents)


def wide_sum(terms: Wide) -> Wide:
    """Sum along the first axis of terms whose high parts have moduli below 4."""
    exponents = np.where(terms.pair[0] != 0, terms.exponent.astype(np.int64), _NONE)
    largest = exponents.max(axis=0)
    return Wide(dd.total(dd.times_power_of_two(terms.pair, exponents - largest)), largest)


def wide_plus(*terms: Wide) -> Wide:
    """Sum entry by entry of terms whose high parts have moduli below 4."""
    parts = [np.broadcast_arrays(*term.pair, term.exponent) for term in terms]
    high, low, exponents = (np.stack(np.broadcast_arrays(*each)) for each in zip(*parts, strict=True))
    return wide_sum(Wide((high, low), exponents))


def wide_product(a: Wide, b: Wide) -> Wide:
    """Product entry by entry."""
    return Wide(dd.multiply(a.pair, b.pair), a.exponent + b.exponent)


def wide_quotient(a: Wide, b: Wide) -> Wide:
    """Quotient entry by entry, b not 0."""
    return Wide(dd.divide(a.pair, b.pair), a.exponent - b.exponent)
