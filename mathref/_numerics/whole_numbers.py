"""Doubles as what they are, whole numbers times a power of 2: no sum or product of such numbers rounds."""

import math

from mathref._arguments.arrays import Array


def as_whole_numbers(x: Array) -> tuple[list[int], int]:
    """The entries of a real array divided by 2**shift, row by row, and the largest shift ≤ 0 that makes them whole."""
    ratios = [number.as_integer_ratio() for number in x.ravel().tolist()]
    bits = max(denominator.bit_length() for _, denominator in ratios)
    return [numerator << bits - denominator.bit_length() for numerator, denominator in ratios], 1 - bits


def whole_times_power_of_two(whole: int, exponent: int, divisor: int = 1) -> float:
    """The double nearest to whole · 2**exponent / divisor, infinite beyond the largest."""
    try:
        return (whole << exponent) / divisor if exponent >= 0 else whole / (divisor << -exponent)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf
