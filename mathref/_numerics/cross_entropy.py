"""Losses of rows of logits from what each class counts, and their gradients."""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import times_power_of_two
from mathref._numerics.softmax import Softmax


class Counted:
    """What each class of each row counts in the loss, q ∘ w, and what the sum is divided by.

    Weights are brought to a size of 1 first, so that neither they nor their sum leave the range. The power of 2 that
    was taken out is put back last, but where it cancels, as in a mean by the weights of the labels.
    """

    def __init__(self, q: Array, weights: Array, labels: Array | None, counted: Array, reduction: str) -> None:
        largest = float((weights if labels is None else weights[labels]).max())
        exponent = math.frexp(largest)[1]
        w = times_power_of_two(weights, -exponent)
        self.possible: Array = (q > 0) & (weights > 0) & counted[..., np.newaxis]
        with np.errstate(all="ignore"):
            self._amounts: Array = np.where(self.possible, q * w, 0.0)
        self._exponent, self._divisor = exponent, 1.0
        if reduction == "mean" and labels is None:
            self._divisor = float(counted.size)
        elif reduction == "mean":
            self._exponent, self._divisor = 0, float((w[labels] * counted).sum())

    @property
    def nothing(self) -> bool:
        """Whether the mean would be over a weight of 0."""
        return self._divisor == 0

    def losses(self, log_p: Array) -> Array:
        """Losses of the rows, divided as the mean is; infinite where an impossible class counts."""
        with np.errstate(over="ignore", under="ignore"):
            surprise = np.where(self.possible, -log_p, 0.0)
            infinite = surprise == np.inf  # which its amount, if it underflowed to 0, should not hide
            terms = self._amounts / self._divisor * np.where(infinite, 0.0, surprise)
            sums = times_power_of_two(terms.sum(axis=-1), self._exponent)
        return np.where(infinite.any(axis=-1), np.inf, sums) + 0.0

    def gradient(self, parts: Softmax) -> Array:
        """Gradient of the sum of the losses by the logits.

        p Σ a - a for amounts a is p (Σ a - aₖ) - aₖ (1 - p): for one label nothing cancels in it, however sure it is.
        """
        with np.errstate(over="ignore", under="ignore"):
            amounts = self._amounts / self._divisor
            others = amounts.sum(axis=-1, keepdims=True) - amounts
            result = parts.probabilities * others - amounts * parts.complements
        return times_power_of_two(result, self._exponent) + 0.0
