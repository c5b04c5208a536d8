"""Products and sums together with what rounding took from them, which is a double itself."""

from typing import TypeVar

from mathref._arguments.arrays import Array

_Number = TypeVar("_Number", float, Array)

_SPLIT = 2.0**27 + 1  # Veltkamp's factor: it halves the 53 bits of a double


def product_and_error(a: _Number, b: _Number | float) -> tuple[_Number, _Number]:
    """The rounded product and what rounding took from it (Dekker)."""
    product, a_wide, b_wide = a * b, a * _SPLIT, b * _SPLIT
    a_high, b_high = a_wide - (a_wide - a), b_wide - (b_wide - b)
    a_low, b_low = a - a_high, b - b_high
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def sum_and_error(a: _Number, b: _Number) -> tuple[_Number, _Number]:
    """The rounded sum and what rounding took from it (Knuth)."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)
