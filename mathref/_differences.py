"""Limits of difference quotients for step 0, with an error estimate, of functions whose length of change is unknown.

A function is sampled at steps near 1 and near the size of x, halved again and again. Quotients at these steps are
extrapolated to step 0 (Richardson), and the value is kept whose error is least. That error is how far the value is from
those that it was made of, and at least what the quotients of all smaller steps show of noise, whatever makes it.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from mathref._arguments import Array

# No round fraction: the differences of a periodic function over whole periods are all 0 and would seem exact.
_FIRST_STEP = 0.2371
_HALVINGS = 21  # from the first step down to 2e-7, well below 1e-3
_FURTHER = 12  # halvings more where these do not tell
_FAR = 4  # times that steps may grow, by 2**12 each
_COLUMNS = 9
_LEAST_STEP = 1e-305  # its inverse is a double
# Steps smaller than the one that is used, which must not contradict it: values of few digits may agree by chance.
_WITNESSES = 4
_CAUTION = 3
_CONTRADICTION = 5
_GOLDEN = (math.sqrt(5) - 1) / 2
_EPS = 2.0**-52


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


class Line:
    """A function on a line through x, sampled where it tells most of the derivative at x.

    value : what f gives at x + t, as a vector; NaN outside its domain. centre : value(0), finite.
    size : of x on this line. noise : relative error of the values. exact : the step next to a given one that is not
    rounded when it is added to x (0 if there is none).
    """

    def __init__(
        self,
        value: Callable[[float], Array],
        centre: Array,
        size: float,
        noise: float = _EPS,
        exact: Callable[[float], float] = float,
    ) -> None:
        self.value, self.centre, self.noise, self.exact = value, centre, noise, exact
        self.size = size
        self.anchors = [1.0] if not size or 0.1 <= size <= 10 else [1.0, math.ldexp(1.0, math.frexp(size)[1])]
        self.known: dict[float, tuple[Array, Array]] = {}

    def derivative(self, kind: Kind) -> tuple[Array, Array]:
        """The derivative of this kind and its error for each output; NaN where f has too few values."""
        steps = {anchor * _FIRST_STEP for anchor in self.anchors}
        self._sample(kind, _halved(steps, _HALVINGS))
        slope, error = self._estimate(kind)
        for _ in range(2):
            if not self._needs_smaller_steps(slope, error):
                break
            self._sample(kind, _halved({min(self.known, default=min(steps)) / 2}, _FURTHER))
            slope, error = self._estimate(kind)
        for power in range(1, _FAR + 1):
            if not self._needs_larger_steps(kind, slope, error):
                break
            self._sample(kind, _halved({max(steps) * 2.0 ** (12 * power)}, 8))
            slope, error = self._estimate(kind)
        return slope, error

    def _sample(self, kind: Kind, steps: set[float]) -> None:
        for h in {self.exact(h) for h in steps} - self.known.keys() - {0.0}:
            if not _LEAST_STEP < h < math.inf:
                continue
            sides = {side: self.value(side * h) for side in SIDES[kind]}
            # With one side alone the other is its mirror image, which is as finite, as flat and as straight.
            upper = sides[1] if 1 in sides else 2 * self.centre - sides[-1]
            self.known[h] = upper, sides[-1] if -1 in sides else 2 * self.centre - sides[1]

    def _samples(self) -> Samples:
        steps = np.array(sorted(self.known, reverse=True))
        shape = len(steps), len(self.centre)
        upper, lower = (np.array([self.known[h][side] for h in steps]).reshape(shape) for side in (0, 1))
        return Samples(steps, self.centre, upper, lower)

    def _needs_smaller_steps(self, slope: Array, error: Array) -> bool:
        """Whether f has few values here, or goes on to change below the smallest step in a way that was not caught."""
        h, centre, upper, lower = self._samples().finite()
        if len(h) < 6:
            return True
        incline = np.maximum(np.abs(upper[-1] - centre), np.abs(lower[-1] - centre)) / h[-1]
        return bool((error > 1e-6 * np.maximum(np.abs(slope), incline)).any() and incline.any())

    def _needs_larger_steps(self, kind: Kind, slope: Array, error: Array) -> bool:
        """Whether f seems straight on all that was seen, and was seen too near."""
        h, centre, upper, lower = self._samples().finite()
        if len(h) < 2:
            return False
        bend = np.abs((upper[0] - centre) - (centre - lower[0]))
        bend = np.maximum(bend, np.abs((upper[0] - centre) - (upper[1] - centre) * (h[0] / h[1])))
        noise = self.noise * np.maximum(np.abs(centre), np.abs(upper[0]))
        # Of a second derivative the bend is all that counts.
        straight = (bend <= (1e8 if kind is second else 100) * noise) & (np.abs(upper[0] - centre) > 1e5 * noise)
        return bool((straight & ~(error <= 1e-10 * np.abs(slope))).any())

    def _estimate(self, kind: Kind) -> tuple[Array, Array]:
        """The derivative from what was sampled, all outputs at once that are finite and flat at the same steps."""
        samples = self._samples()
        finite = np.isfinite(samples.upper) & np.isfinite(samples.lower)
        flat = (samples.upper == samples.centre) & (samples.lower == samples.centre)
        slope, error = np.full(len(self.centre), math.nan), np.full(len(self.centre), math.inf)
        patterns, member = np.unique(finite + 2 * flat, axis=1, return_inverse=True)
        for index, pattern in enumerate(patterns.T):
            outputs = np.flatnonzero(member.ravel() == index)
            slope[outputs], error[outputs] = self._estimate_part(kind, samples, outputs, pattern % 2 == 1, pattern == 3)
        return slope, error

    def _estimate_part(
        self, kind: Kind, samples: Samples, outputs: Array, finite: Array, flat: Array
    ) -> tuple[Array, Array]:
        whole = limit(kind, samples.part(finite, outputs), self.noise, self.size)
        if not flat.any() or flat[finite].all():
            return whole
        # Is f constant near x, or is it rounded, and small steps do not see its slope?
        moving = samples.part(finite & ~flat, outputs)
        coarse = limit(kind, moving, self.noise, self.size)
        rounded = ~_starts_without_a_jump(moving, samples.steps[flat].max())
        chosen = rounded & (np.abs(coarse[0]) > 4 * coarse[1])
        uncertain = np.where(np.isfinite(coarse[1]), np.abs(coarse[0]) + coarse[1], 4 * np.abs(coarse[0]))
        error = np.where(rounded, np.maximum(whole[1], uncertain), whole[1])
        return np.where(chosen, coarse[0], whole[0]), np.where(chosen, coarse[1], error)


def _halved(first: set[float], count: int) -> set[float]:
    """Steps of about half the size each; uneven, so that values of few digits do not agree by chance."""
    return {h * 2.0**-k * (1 + 0.3 * (k * _GOLDEN % 1)) for h in first for k in range(count)}


def _starts_without_a_jump(samples: Samples, still: float) -> Array:
    """Whether each output begins to move as at a kink: with one slope, and from a step no smaller than `still`."""
    h, centre, upper, lower = samples
    if len(h) < 3:
        return np.zeros(len(centre), dtype=bool)
    widths = (h[-3:-1] - h[-2:])[:, np.newaxis]
    sides = [(side, *(side[-3:-1] - side[-2:]) / widths) for side in (upper, lower)]
    kinks = [
        (np.abs(later - earlier) <= 0.05 * np.abs(later))
        & (np.abs(side[-1] - centre) <= 1.05 * np.abs(later) * (h[-1] - still))
        for side, earlier, later in sides
    ]
    starts: Array = kinks[0] & kinks[1]
    return starts


def limit(kind: Kind, samples: Samples, noise: float, size: float) -> tuple[Array, Array]:
    """What the quotients tend to, with an error that is at least half the jump at a kink."""
    outputs = np.arange(len(samples.centre))
    if kind is second:
        samples = samples.part(samples.steps > math.sqrt(_LEAST_STEP), outputs)
    if not len(samples.steps):
        return np.full(len(outputs), math.nan), np.full(len(outputs), math.inf)
    values, amplification, power, jumps = kind(samples)
    moves = np.maximum(np.abs(samples.upper - samples.centre), np.abs(samples.lower - samples.centre))
    sizes = np.maximum(np.maximum(np.abs(samples.upper), np.abs(samples.lower)), np.abs(samples.centre))
    doubt = 4 * noise * sizes
    if kind is second:  # values of few digits often have second differences of exactly 0: first ones show their noise
        doubt = np.maximum(doubt, _noise(samples))
    # f may round its argument, as sin(100 x) does: that cannot be seen in the values, and is added at the end.
    argument = noise * moves / samples.steps[:, np.newaxis] * (size * amplification)
    slope, error = _extrapolated(samples.steps, values, doubt * amplification, argument, amplification, power)
    if jumps is not None:
        doubt, argument = 4 * doubt * amplification, 4 * argument
        jump, uncertain = _extrapolated(samples.steps, jumps, doubt, argument, amplification, 1)
        error = np.where(np.abs(jump) > 4 * uncertain, np.maximum(error, np.abs(jump) / 2), error)
    return slope, error


def _noise(samples: Samples) -> Array:
    """What central quotients show of noise in the samples at each step."""
    values, amplification, power, _ = central(samples)
    noise = np.full_like(values, math.inf)
    for k, _, gap in _table(samples.steps, values, power):
        noise[k:] = np.minimum(noise[k:], gap / amplification[k:])
    return np.where(np.isfinite(noise), noise, 0.0)


def _table(h: Array, values: Array, power: int) -> Iterator[tuple[int, Array, Array]]:
    """The columns of Neville's scheme from the second on, and how far each entry is from the two it is made of."""
    column = values
    for k in range(1, min(len(h), _COLUMNS)):
        ratio = (h[:-k] / h[k:])[:, np.newaxis] ** power - 1
        fresh = column[1:] + (column[1:] - column[:-1]) / ratio
        yield k, fresh, np.maximum(np.abs(fresh - column[1:]), np.abs(fresh - column[:-1]))
        column = fresh


def _extrapolated(
    h: Array, values: Array, rounding: Array, late: Array, amplification: Array, power: int
) -> tuple[Array, Array]:
    """Of all entries of the table the one with the least error, to which its entry of `late` is added.

    Noise of one size in the samples grows with the amplification: what neighbours differ by at one step tells how
    little they may be trusted at each larger one, even if there they agree by chance. The smallest steps only testify.
    """
    best, least = values.copy(), np.full_like(values, math.inf)  # for each row
    for k, column, gap in _table(h, values, power):
        unit = np.maximum(_CAUTION * gap, rounding[k:]) / amplification[k:]
        error = np.maximum.accumulate(unit[::-1])[::-1] * amplification[k:]
        error[max(1, len(error) - _WITNESSES) :] = math.inf
        better = error < least[k:]  # never where it is NaN
        best[k:], least[k:] = np.where(better, column, best[k:]), np.where(better, error, least[k:])
    row = _not_contradicted(best, least)[np.newaxis]
    return tuple(np.take_along_axis(part, row, axis=0)[0] for part in (best, least + late))


def _not_contradicted(best: Array, error: Array) -> Array:
    """The row of least error for each output, unless smaller steps, which see more, say something else."""
    error, rows = error.copy(), np.arange(len(error))[:, np.newaxis]
    while True:
        row = error.argmin(axis=0)[np.newaxis]
        value, size = (np.take_along_axis(part, row, axis=0) for part in (best, error))
        contradicts = (rows > row) & (np.abs(best - value) > _CONTRADICTION * (error + size)) & np.isfinite(error)
        wrong = contradicts.any(axis=0)
        if not wrong.any():
            chosen: Array = row[0]
            return chosen
        error[(rows <= row) & wrong] = math.inf
