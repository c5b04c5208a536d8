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
    """What each rounding takes away is summed beside, and added at the end (Neumaier)."""
    total, lost = rounded(x[0]), 0.0
    for number in map(rounded, x[1:]):
        before, total = total, rounded(total + number)
        if not math.isfinite(total):  # what is lost by an overflow is no number
            return left_to_right(x, rounded)
        larger, smaller = (before, number) if abs(before) >= abs(number) else (number, before)
        lost = rounded(lost + rounded(rounded(larger - total) + smaller))
    return rounded(total + lost)
