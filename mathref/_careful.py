"""Sums and differences that keep the digits that plain floating-point arithmetic loses."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mathref._arguments import Array

_FEW = 64  # up to here math.fsum on a list is quicker than NumPy's calls
_BLOCK = 16384  # entries that stay in the processor's cache while several passes run over them
_ONES = np.ones(_BLOCK)
_LEAST = 5e-324


def careful_sum(x: Array) -> float:
    """Sum of non-negative entries, rounded once: their order does not matter."""
    return math.fsum(_parts(_itself, x))


def sum_and_remainder(x: Array) -> tuple[float, float]:
    """The sum of non-negative entries rounded to a double, and what that rounding left over."""
    parts = _parts(_itself, x, cuts=4)
    total = math.fsum(parts)
    return total, math.fsum([*parts, -total])


def careful_sum_of(terms: Callable[..., Array], *arrays: Array) -> float:
    """Sum of the non-negative entries of terms(*arrays), computed block by block and rounded once."""
    return math.fsum(_parts(terms, *arrays))


def _itself(x: Array) -> Array:
    return x


def _parts(terms: Callable[..., Array], *arrays: Array, bound: float | None = None, cuts: int = 1) -> Sequence[Any]:
    """A few numbers with the sum of terms(*arrays), whose entries are not negative, or have moduli up to `bound`.

    For several rows of terms, a few arrays with the sums of the rows.
    """
    size = arrays[0].size
    if size <= _FEW:
        return terms(*arrays).ravel().tolist()
    flat = [array.ravel() for array in arrays]
    if size <= _BLOCK:
        return _cut(terms(*flat), bound, cuts)
    blocks = (slice(first, first + _BLOCK) for first in range(0, size, _BLOCK))
    return [part for block in blocks for part in _cut(terms(*[x[block] for x in flat]), bound, cuts)]


def _cut(x: Array, bound: float | None, cuts: int) -> list[Any]:
    """A few numbers with the sum of x: adding and subtracting `grid` cuts each entry where no later sum rounds.

    The upper parts are multiples of one power of 2; only the sum of the lowest parts rounds, with one cut far below the
    last digit of the result (Rump, Ogita and Oishi (2008), Accurate floating-point summation, part I, SIAM J. Sci.
    Comput. 31).
    """
    size, parts = x.shape[-1], []
    bits = size.bit_length()
    exponent = math.frexp(x.item(x.argmax()) if bound is None else bound)[1] + bits + 1
    for _ in range(cuts):
        grid = np.array(math.ldexp(1.0, exponent))  # NumPy adds an array faster than a float
        upper = x + grid
        upper -= grid
        parts.append(upper.dot(_ONES[:size]))  # no sum is quicker than BLAS's, and this one is the same in any order
        x = np.subtract(x, upper, upper)
        exponent += bits - 50
    return [*parts, np.add.reduce(x, axis=-1)]


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
    if p.size <= _FEW:
        log_of, lists = math.log2 if base == 2 else math.log, [x.tolist() for x in given]
        return [*lists, [x * log_of(y) for x, y in zip(lists[0], lists[-1], strict=True) if x]]
    largest = [x.item(x.argmax()) for x in given]
    bound = max(1100 * largest[0], largest[-1])  # no logarithm of a double exceeds 1075
    parts = _parts(_with_products_by_log2 if base == 2 else _with_products_by_log, *given, bound=bound)
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
