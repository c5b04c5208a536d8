"""Difference quotients: what a function gave beside x, and what each kind of derivative makes of it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mathref._arguments.arrays import Array


class Samples(NamedTuple):
    """Values at x and at steps on both sides of it, the largest first; NaN outside the domain."""

    steps: Array  # (rows,)
    centre: Array  # (outputs,)
    upper: Array  # (rows, outputs)
    lower: Array  # (rows, outputs)

    def finite(self) -> "Samples":
        """The steps at which all values are finite."""
        h, centre, upper, lower = self
        rows = np.isfinite(upper).all(axis=1) & np.isfinite(lower).all(axis=1)
        return Samples(h[rows], centre, upper[rows], lower[rows])

    def part(self, rows: Array, outputs: Array) -> "Samples":
        """Some rows of some outputs."""
        h, centre, upper, lower = self
        return Samples(h[rows], centre[outputs], upper[np.ix_(rows, outputs)], lower[np.ix_(rows, outputs)])


class Quotients(NamedTuple):
    """What a kind of derivative makes of samples."""

    values: Array  # (rows, outputs)
    amplification: Array  # (rows, 1): what noise of 1 in the samples does to them
    power: int  # their errors are multiples of step**power, step**(2 power), ...
    jumps: Array | None  # (rows, outputs): quotients that tend to 0 but at a kink


def central(samples: Samples) -> Quotients:
    """(f(x+h) - f(x-h)) / 2h; the slope on the right minus that on the left tends to the jump."""
    h, centre, upper, lower = samples
    h = h[:, np.newaxis]
    return Quotients((upper - lower) / (2 * h), 1 / h, 2, ((upper - centre) - (centre - lower)) / h)


def right(samples: Samples) -> Quotients:
    """(f(x+h) - f(x)) / h."""
    h = samples.steps[:, np.newaxis]
    return Quotients((samples.upper - samples.centre) / h, 2 / h, 1, None)


def left(samples: Samples) -> Quotients:
    """(f(x) - f(x-h)) / h."""
    h = samples.steps[:, np.newaxis]
    return Quotients((samples.centre - samples.lower) / h, 2 / h, 1, None)


def second(samples: Samples) -> Quotients:
    """(f(x+h) - 2f(x) + f(x-h)) / h²; where it jumps, the central quotients have a slope at step 0."""
    h, centre, upper, lower = samples
    h = h[:, np.newaxis]
    slopes = (upper - lower) / h
    jumps = np.zeros_like(slopes)
    jumps[1:] = (slopes[:-1] - slopes[1:]) / (h[:-1] - h[1:])
    jumps[0] = jumps[min(1, len(h) - 1)]
    return Quotients(((upper - centre) - (centre - lower)) / h / h, 4 / h / h, 2, jumps)


Kind = Callable[[Samples], Quotients]
SIDES: dict[Kind, tuple[int, ...]] = {central: (1, -1), second: (1, -1), right: (1,), left: (-1,)}
