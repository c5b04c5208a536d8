"""Sums and differences that keep the digits that plain floating-point arithmetic loses."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from mathref._arguments import Array

_FEW = 64  # up to here math.fsum on a list is quicker than NumPy's calls
_BLOCK = 16384  # entries that stay in the processor's cache while several passes run over them
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


def _parts(terms: Callable[..., Array], *arrays: Array, bound: float | None = None, cuts: int = 1) -> Sequence[float]:
    """A few numbers with the sum of terms(*arrays), whose entries are not negative, or have moduli up to `bound`."""
    size = arrays[0].size
    if size <= _FEW:
        return terms(*arrays).ravel().tolist()
    arrays = tuple(array.ravel() for array in arrays)
    if size <= _BLOCK:
        return _cut(terms(*arrays), bound, cuts)
    blocks = (slice(first, first + _BLOCK) for first in range(0, size, _BLOCK))
    return [part for block in blocks for part in _cut(terms(*(x[block] for x in arrays)), bound, cuts)]


def _cut(x: Array, bound: float | None, cuts: int) -> list[float]:
    """A few numbers with the sum of x: adding and subtracting `grid` cuts each entry where no later sum rounds.

    The upper parts are multiples of one power of 2; only the sum of the lowest parts rounds, with one cut far below the
    last digit of the result (Rump, Ogita and Oishi (2008), Accurate floating-point summation, part I, SIAM J. Sci.
    Comput. 31).
    """
    parts = []
    grid = math.ldexp(1.0, math.frexp(x.item(x.argmax()) if bound is None else bound)[1] + x.size.bit_length() + 1)
    for _ in range(cuts):
        upper = x + grid
        upper -= grid
        parts.append(np.add.reduce(upper))
        x = np.subtract(x, upper, out=upper)
        grid *= 2.0 ** (x.size.bit_length() - 50)
    return [*parts, np.add.reduce(x)]


def _itself(x: Array) -> Array:
    return x


def mean_surprisal(p: Array, q: Array, base: float) -> float:
    """-Σ pᵢ log qᵢ of two distributions, each divided by its sum; q > 0 where p > 0.

    A probability near 1 has a logarithm near 0, whose digits are those of the sum of all other probabilities.
    """
    # Powers of 2 have exact logarithms to base 2, so that 1.5 bits print as 1.5.
    times_log, unit = (_times_log2, math.log(2)) if base == 2 else (_times_log, 1.0)
    alike = p is q
    largest = int(q.argmax())
    likeliest = q.item(largest)
    q_total = math.fsum(_parts(_itself, q, bound=likeliest))
    p_total = rest = q_total if alike else careful_sum(p)
    apart = 0.0
    if likeliest > q_total / 2:
        others = _without(q, largest)
        other_total = careful_sum(others)
        apart = p.item(largest) * math.log1p(other_total / likeliest) / unit
        p = others if alike else _without(p, largest)
        rest = other_total if alike else careful_sum(p)
    bound = 1100 * (likeliest if alike else float(p.max()))  # no logarithm of a double is larger
    surprise = apart - math.fsum(_parts(times_log, p, q, bound=bound))
    if q_total != 1:
        surprise += rest * math.log(q_total) / unit
    return surprise / p_total * (1.0 if base == 2 else 1 / math.log(base))


def _times_log2(p: Array, q: Array) -> Array:
    logs: Array = np.log2(np.maximum(q, _LEAST))  # where q = 0, p is 0 as well
    logs *= p
    return logs


def _times_log(p: Array, q: Array) -> Array:
    logs: Array = np.log(np.maximum(q, _LEAST))
    logs *= p
    return logs


def _without(p: Array, index: int) -> Array:
    others = p.copy()
    others[index] = 0
    return others


def product(x: Array, y: Array | float) -> tuple[Array, Array]:
    """x y rounded, and what that rounding left over (Dekker's product with Veltkamp's splitting)."""
    rounded = x * y
    (x_upper, x_lower), (y_upper, y_lower) = _halves(x), _halves(y)
    return rounded, x_lower * y_lower - (((rounded - x_upper * y_upper) - x_lower * y_upper) - x_upper * y_lower)


def _halves(x: Array | float) -> tuple[Array | float, Array | float]:
    shifted = x * 134217729.0  # 2**27 + 1
    upper = shifted - (shifted - x)
    return upper, x - upper


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
