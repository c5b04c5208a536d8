"""Derivatives of functions whose length of change is unknown: they are sampled where that tells most.

Steps begin near 1 and near the size of x and are halved again and again; further ones follow where these do not do.
"""

import math
from collections.abc import Callable

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.limits import LEAST_STEP, limit
from mathref._numerics.quotients import SIDES, Kind, Samples, second

# No round fraction: the differences of a periodic function over whole periods are all 0 and would seem exact.
_FIRST_STEP = 0.2371
_HALVINGS = 21  # from the first step down to 2e-7, well below 1e-3
_FURTHER = 12  # halvings more where these do not tell
_FAR = 4  # times that steps may grow, by 2**12 each
_GOLDEN = (math.sqrt(5) - 1) / 2
_EPS = 2.0**-52


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
        self.anchors = [1.0] if not size or 0.1 <= size <= 10 else [1.0, math.ldexp(0.5, math.frexp(size)[1])]
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
        for h in {self.exact(h) for h in steps if h < math.inf} - self.known.keys() - {0.0}:
            if not LEAST_STEP < h < math.inf:
                continue
            sides = {side: self.value(side * h) for side in SIDES[kind]}
            # With one side alone the other is its mirror image, which is as finite, as flat and as straight.
            upper = sides[1] if 1 in sides else 2 * self.centre - sides[-1]
            self.known[h] = upper, sides[-1] if -1 in sides else 2 * self.centre - sides[1]
        known = sorted(self.known, reverse=True)
        values = np.array([self.known[h] for h in known]).reshape(len(known), 2, len(self.centre))
        self.samples = Samples(np.array(known), self.centre, values[:, 0], values[:, 1])
        self.finite = self.samples.finite()

    def _needs_smaller_steps(self, slope: Array, error: Array) -> bool:
        """Whether f has few values here, or goes on to change below the smallest step in a way that was not caught."""
        h, centre, upper, lower = self.finite
        if len(h) < 6:
            return True
        incline = np.maximum(np.abs(upper[-1] - centre), np.abs(lower[-1] - centre)) / h[-1]
        return bool((error > 1e-6 * np.maximum(np.abs(slope), incline)).any() and incline.any())

    def _needs_larger_steps(self, kind: Kind, slope: Array, error: Array) -> bool:
        """Whether f seems straight on all that was seen, and was seen too near."""
        h, centre, upper, lower = self.finite
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
        samples = self.samples
        finite = np.isfinite(samples.upper) & np.isfinite(samples.lower)
        flat = (samples.upper == samples.centre) & (samples.lower == samples.centre)
        if finite.all() and not flat.any():  # most functions; to look for patterns would cost as much as to extrapolate
            return limit(kind, samples, self.noise, self.size)
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
        chosen = rounded & (np.abs(coarse[0]) > coarse[1])
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
