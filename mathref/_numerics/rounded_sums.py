"""Sums in the arithmetic of a format: each number and each sum is rounded to it.

A sum of two numbers of a format is taken in double precision and rounded again. That is the same as one rounding, since
a double has more than twice the digits of all smaller formats (Figueroa (1995), When is double rounding innocuous?).
"""

import math
from collections.abc import Callable, Sequence

Rounding = Callable[[float], float]


def left_to_right(x: Sequence[float], rounded: Rounding) -> float:
    """The first and second, then the third, and so on."""
    total = rounded(x[0])
    for number in x[1:]:
        total = rounded(total + rounded(number))
    return total


def by_halves(x: Sequence[float], rounded: Rounding) -> float:
    """The sum of the first half plus the sum of the second."""
    if len(x) == 1:
        return rounded(x[0])
    middle = len(x) // 2
    return rounded(by_halves(x[:middle], rounded) + by_halves(x[middle:], rounded))


def compensated(x: Sequence[float], rounded: Rounding) -> float:
    """What each rounding takes away is summed beside, and given back as soon as the sum has room for it."""
    total, lost = rounded(x[0]), 0.0
    for number in map(rounded, x[1:]):
        total, error = _sum_and_error(total, number, rounded)
        # Left beside until the end, as in Neumaier's form, what was lost may grow until it rounds away what comes next.
        total, lost = _sum_and_error(total, rounded(lost + error), rounded)
        if not math.isfinite(total):  # what an overflow takes away is no number
            return left_to_right(x, rounded)
    return total


def _sum_and_error(a: float, b: float, rounded: Rounding) -> tuple[float, float]:
    """The rounded sum and what rounding took from it, which is a number of the format (Dekker)."""
    larger, smaller = (a, b) if abs(a) >= abs(b) else (b, a)
    total = rounded(a + b)
    return total, rounded(rounded(larger - total) + smaller)
