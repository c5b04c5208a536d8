"""Entropies, divergences and mutual information, to the last digits even where nearly all of a sum cancels."""

import math
from collections.abc import Sequence

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.rounding_errors import product_and_error
from mathref._numerics.sums import FEW, careful_sum_of, sum_and_remainder, sum_parts

_LEAST = 5e-324
# Numbers in two parts: rounded to doubles, and what that left over.
InTwo = tuple[Array, Array]


def mean_surprisal(p: Array, q: Array, base: float) -> float:
    """-Σ pᵢ log qᵢ of two distributions, each divided by its sum; q > 0 where p > 0.

    A probability near 1 has a logarithm near 0, whose digits are those of the sum of all other probabilities.
    """
    # Powers of 2 have exact logarithms to base 2, so that 1.5 bits print as 1.5.
    unit = math.log(2) if base == 2 else 1.0
    largest = int(q.argmax())
    likeliest, weight = q.item(largest), p.item(largest)
    if apart := likeliest > 0.5:
        others = _without(q, largest)
        p, q = others if p is q else _without(p, largest), others
    *given, products = _surprisal_parts(p, q, base)
    p_total, q_total = math.fsum(given[0]), math.fsum(given[-1])
    surprise, rest = -math.fsum(products), p_total
    if apart:
        surprise += weight * math.log1p(q_total / likeliest) / unit
        p_total, q_total = math.fsum([*given[0], weight]), math.fsum([*given[-1], likeliest])
    if q_total != 1:
        surprise += rest * math.log(q_total) / unit
    return surprise / p_total * (1.0 if base == 2 else 1 / math.log(base))


def _without(p: Array, index: int) -> Array:
    others = p.copy()
    others[index] = 0
    return others


def _surprisal_parts(p: Array, q: Array, base: float) -> list[Sequence[float]]:
    """Numbers with the sum of p, of q unless it is p, and of p log q."""
    given = (p,) if p is q else (p, q)
    if p.size <= FEW:
        log_of, lists = math.log2 if base == 2 else math.log, [x.tolist() for x in given]
        return [*lists, [x * log_of(y) for x, y in zip(lists[0], lists[-1], strict=True) if x]]
    largest = [x.item(x.argmax()) for x in given]
    bound = max(1100 * largest[0], largest[-1])  # no logarithm of a double exceeds 1075
    parts = sum_parts(_with_products_by_log2 if base == 2 else _with_products_by_log, *given, bound=bound)
    return list(zip(*[part.tolist() for part in parts], strict=True))


def _with_products_by_log2(*given: Array) -> Array:
    return _with_products(np.log2, given)


def _with_products_by_log(*given: Array) -> Array:
    return _with_products(np.log, given)


def _with_products(log: np.ufunc, given: tuple[Array, ...]) -> Array:
    """Rows p, q unless it is p, and p log q."""
    p, q = given[0], given[-1]
    rows = np.empty((len(given) + 1, len(p)))
    for index, x in enumerate(given):
        rows[index] = x
    products = rows[-1]
    log(q if q.item(q.argmin()) else np.maximum(q, _LEAST), products)  # where q = 0, p is 0, and any logarithm will do
    products *= p
    return rows


def log_ratio(a: Array, b: Array) -> Array:
    """log(a/b) for b > 0, and 0 where a = 0 (the limit of a log a); a/b itself may overflow."""
    with np.errstate(over="ignore"):
        ratio = np.where(a > 0, a, b) / b
    within = np.isfinite(ratio)
    return np.where(within, np.log(np.where(within, ratio, 1.0)), np.log(np.where(within, 1.0, a)) - np.log(b))


def divergence_terms(a: Array, b: Array, difference: Array, log_of_ratio: Array) -> Array:
    """a log(a/b) - a + b for each entry, never negative, from an accurate a - b and log(a/b).

    Where a and b nearly agree the three terms cancel. With d = a - b and s = d / (a + b) the same number is
    d s Σₖ s²ᵏ (1/(2k+1) + s/(2k+3)), from log(a/b) = 2 artanh s.
    """
    s = difference / (a + b)
    near = np.abs(s) < 0.2
    s_near = np.where(near, s, 0.0)
    square = s_near * s_near
    series = np.zeros_like(s)
    for k in range(12, -1, -1):  # 0.2²⁶ is below the last digit
        series = series * square + (1 / (2 * k + 1) + s_near / (2 * k + 3))
    return np.where(near, difference * s * series, a * log_of_ratio - difference)


def margin(joint: Array) -> InTwo:
    """Sum of each row."""
    sums = np.array([sum_and_remainder(row) for row in joint])
    return sums[:, 0], sums[:, 1]


def whole(counts: Array) -> InTwo:
    return counts.astype(np.float64), np.zeros(len(counts))


def dependence(p: Array, row: InTwo, column: InTwo, total: tuple[float, float], unpaired: float) -> float:
    """Mutual information in nats from the cells p > 0, the sums of their rows and columns, and the sum of all cells.

    `unpaired` is the sum of row sum times column sum over the cells with p = 0.
    """
    (a, a_rest), (b, b_rest) = product_and_error(p, total[0]), product_and_error(row[0], column[0])
    a_rest += p * total[1]
    b_rest += row[0] * column[1] + row[1] * column[0]
    logs = log_ratio(p / row[0], column[0] / total[0])
    difference = (a - b) + (a_rest - b_rest)
    return (careful_sum_of(divergence_terms, a, b, difference, logs) + unpaired) / total[0] ** 2
