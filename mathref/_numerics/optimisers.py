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


class Scaled:
    """Momentum whose entries are divided by running averages of their size: Adam, AdamW and RMSprop.

    `m` and `root` are the corrected averages of g and (its root) of g², kept in place of the plain ones: the first is
    then the gradient itself, and no square overflows or underflows.
    """

    def __init__(
        self,
        walk: Walk,
        betas: tuple[float, float],
        eps: float,
        *,
        corrected: bool = True,
        weight_decay: float = 0.0,
    ) -> None:
        self._walk, self._betas, self._eps, self._corrected = walk, betas, eps, corrected
        self._decay = float(walk.learning_rate) * weight_decay
        self.t = 0
        self.m: Array = np.zeros_like(walk.x)
        self.root: Array = np.zeros_like(walk.x)

    def __call__(self, slope: Array) -> Array:
        self.t += 1
        first, second = (self._share(beta) for beta in self._betas)
        self.m = (1 - first) * self.m + first * slope
        self.root = np.hypot(math.sqrt(1 - second) * self.root, math.sqrt(second) * slope)
        size = self._eps + (self.root if self._corrected else self.root * math.sqrt(self.sums()[1]))
        # Where no gradient has come yet, 0/0 is no move.
        step: Array = self._walk.learning_rate * np.divide(self.m, size, out=np.zeros_like(self.m), where=size > 0)
        return step + self._decay * self._walk.x if self._decay else step

    def _share(self, beta: float) -> float:
        """What the newest of t numbers counts in their corrected average."""
        return (1 - beta) / bias_correction(beta, self.t) if self.t > 1 else 1.0

    def sums(self) -> tuple[float, float]:
        """What the weights of both averages add up to before the correction."""
        first, second = self._betas
        return bias_correction(first, self.t), bias_correction(second, self.t)
