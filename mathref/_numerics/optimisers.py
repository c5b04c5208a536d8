"""What the optimisers take off x, made of one gradient after another: each rule remembers what it has seen."""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.descent import Walk


def bias_correction(beta: float, t: int) -> float:
    """1 - beta**t: what the weights of a running average over t numbers add up to."""
    # Not from the power, which is near 1 where beta is, and has lost the digits.
    return -math.expm1(min(t, 2**63) * math.log(beta)) if beta else 1.0


class Ball:
    """Momentum: v ← βv + g, and the step is ηv, or with Nesterov's look ahead η(g + βv)."""

    def __init__(self, walk: Walk, beta: float, *, looks_ahead: bool = False) -> None:
        self._rate, self._beta, self._looks_ahead = walk.learning_rate, beta, looks_ahead
        self.v: Array = np.zeros_like(walk.x)

    def __call__(self, slope: Array) -> Array:
        self.v = self._beta * self.v + slope
        step: Array = self._rate * (slope + self._beta * self.v if self._looks_ahead else self.v)
        return step
