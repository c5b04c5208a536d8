"""Attention in double precision: logits of queries and keys, and means of values under their softmax, block by block.

Scores are sums that may be huge and differ by little. Where one could be too large for 12 digits of its exponential,
all are computed with the digits and exponents of `wide_numbers`, and only then measured from the largest.
"""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import LEAST_MODERATE, MOST_MODERATE, times_power_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_sum

_LARGEST_PLAIN = 500.0  # a score of this size, off by a few roundings, has an exponential of 12 digits
_TERMS = 2**16  # products that are computed at a time with twice the digits
_FAR = -600.0  # exponentials below this, in a sum with huge values, count even where they underflow
_LARGEST = np.finfo(np.float64).max


class Logits:
    """Scores of all queries with some keys, but for a number for each query, which softmax does not see.

    Masked ones are -inf. `mask` has the whole shape (..., n, m).
    """

    def __init__(self, Q: Array, K: Array, scale: float, mask: Array | None) -> None:
        self._Q, self._K, self._scale, self._mask = Q, K, scale, mask
        self._all = None if _are_moderate(Q, K, scale) else _careful_logits(Q, K, scale, mask)

    def of(self, keys: slice) -> Array:
        """Those of these keys."""
        if self._all is not None:
            return self._all[..., keys]
        with np.errstate(all="ignore"):
            scores: Array = self._scale * (self._Q @ self._K[..., keys, :].swapaxes(-1, -2))
        return scores if self._mask is None else np.where(self._mask[..., keys], scores, -np.inf)


def _are_moderate(Q: Array, K: Array, scale: float) -> bool:
    """Whether no score can exceed the largest that is computed plainly, in its sum of moduli (Cauchy and Schwarz)."""
    with np.errstate(all="ignore"):
        sizes = [float(np.abs(x).max()) for x in (Q, K)]
        if sizes[0] * sizes[1] * Q.shape[-1] * abs(scale) <= _LARGEST_PLAIN:
            return True
        if not all(LEAST_MODERATE < size < MOST_MODERATE for size in sizes):
            return False
        squares = [float(np.einsum("...i,...i->...", x, x).max()) for x in (Q, K)]
    return math.sqrt(squares[0]) * math.sqrt(squares[1]) * abs(scale) <= _LARGEST_PLAIN


def _careful_logits(Q: Array, K: Array, scale: float, mask: Array | None) -> Array:
    """Each score less the largest one of its query that counts, a few queries at a time."""
    batch = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], () if mask is None else mask.shape[:-2])
    (n, d), m = Q.shape[-2:], K.shape[-2]
    Q, K = (np.broadcast_to(x, batch + x.shape[-2:]) for x in (Q, K))
    kept = np.broadcast_to(True if mask is None else mask, (*batch, n, m))
    result, few = np.empty((*batch, n, m)), max(1, _TERMS // (d * m))
    for index in np.ndindex(batch):
        for first in range(0, n, few):
            rows = slice(first, first + few)
            scores = _wide_scores(Q[index][rows], K[index], scale)
            result[index][rows] = _less_the_largest(scores, kept[index][rows])
    return result


def _wide_scores(Q: Array, K: Array, scale: float) -> Wide:
    products = wide_product(wide(Q.T[:, :, np.newaxis]), wide(K.T[:, np.newaxis, :]))
    return wide_product(wide_sum(products).normalized(), wide(np.array(scale))).normalized()


def _less_the_largest(scores: Wide, kept: Array) -> Array:
    """The largest in doubles may be one of several that overflowed: look again as long as another is larger."""
    rounded = np.where(kept, np.clip(scores.rounded(), -_LARGEST, None), -np.inf)
    top = rounded.argmax(axis=-1, keepdims=True)
    while True:
        high, low, exponent = (np.take_along_axis(x, top, axis=-1) for x in (*scores.pair, scores.exponent))
        pairs = [np.stack(np.broadcast_arrays(x, -y)) for x, y in zip(scores.pair, (high, low), strict=True)]
        exponents = np.stack(np.broadcast_arrays(scores.exponent, exponent))
        differences = np.where(kept, wide_sum(Wide((pairs[0], pairs[1]), exponents)).rounded(), -np.inf)
        larger = differences.max(axis=-1, keepdims=True) > 0
        if not larger.any():
            return differences
        top = np.where(larger, differences.argmax(axis=-1, keepdims=True), top)


def mean_of_values(logits: Logits, V: Array, rows: tuple[int, ...], block_size: int) -> Array:
    """Mean of the rows of V under the softmax of the logits, 0 where none counts; `rows` are all axes but the last."""
    mean = _running_mean(logits, V, rows, block_size)
    if not (fits := np.isfinite(mean)).all():  # rounding has carried a sum of weights, and a mean, beyond the largest
        halves = np.clip(_running_mean(logits, V / 2, rows, block_size), -_LARGEST / 2, _LARGEST / 2)
        mean = np.where(fits, mean, 2 * halves)
    return mean


@np.errstate(all="ignore")
def _running_mean(logits: Logits, V: Array, rows: tuple[int, ...], block_size: int) -> Array:
    largest, total = np.full((*rows, 1), -np.inf), np.zeros((*rows, 1))
    mean = np.zeros((*rows, V.shape[-1]))
    for first in range(0, V.shape[-2], block_size):
        keys = slice(first, first + block_size)
        block = logits.of(keys)
        now = np.maximum(largest, block.max(axis=-1, keepdims=True))
        base = np.where(now == -np.inf, 0.0, now)
        exponents = block - base
        root = np.exp((largest - base) / 2)  # half of it twice: the whole may underflow where its products do not
        new_total = total * root * root + np.exp(exponents).sum(axis=-1, keepdims=True)
        divisor = np.where(new_total > 0, new_total, 1.0)
        mean = mean * root * (total / divisor) * root + _part(exponents, divisor, V[..., keys, :])
        largest, total = now, new_total
    return mean


def _part(exponents: Array, divisor: Array, V: Array) -> Array:
    """Σ exp(exponents) V / divisor, also of exponentials that are below all doubles beside values that are huge."""
    weights = np.exp(exponents) / divisor
    if not (far := (exponents < _FAR) & (exponents > -np.inf)).any():
        return weights @ V
    # e^700 2⁻⁴⁰⁰ times what they are: neither these exponentials nor their products with V leave the range
    raised = np.where(far, np.exp(exponents + 700), 0.0) / divisor @ times_power_of_two(V, -400)
    result: Array = np.where(far, 0.0, weights) @ V + raised * math.exp(400 * math.log(2) - 700)
    return result


@np.errstate(all="ignore")
def softmax_of_blocks(blocks: list[Array]) -> Array:
    """Softmax of logits one after the other, each row with a finite one, by a running maximum and sum."""
    largest, total = -np.inf, 0.0
    for block in blocks:
        now = np.maximum(largest, block.max(axis=-1, keepdims=True))
        base = np.where(now == -np.inf, 0.0, now)
        total = total * np.exp(largest - base) + np.exp(block - base).sum(axis=-1, keepdims=True)
        largest = now
    return np.concatenate([np.exp(block - largest) for block in blocks], axis=-1) / total
