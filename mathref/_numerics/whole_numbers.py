"""Doubles as what they are, whole numbers times a power of 2: no sum or product of such numbers rounds."""

import math

from mathref._arguments.arrays import Array


def as_whole_numbers(x: Array) -> tuple[list[int], int]:
    """The entries of a real array divided by 2**shift, row by row, and the largest shift ≤ 0 that makes them whole."""
    ratios = [number.as_integer_ratio() for number in x.ravel().tolist()]
    bits = max(denominator.bit_length() for _, denominator in ratios)
    return [numerator << bits - denominator.bit_length() for numerator, denominator in ratios], 1 - bits


def as_whole_rows(A: Array) -> tuple[list[list[int]], int]:
    """The same for a matrix, as a list of rows."""
    numbers, shift = as_whole_numbers(A)
    return [numbers[i : i + A.shape[1]] for i in range(0, A.size, A.shape[1])], shift


def leading_minors(rows: list[list[int]]) -> list[int]:
    """Determinants of the leading 1 × 1, 2 × 2, ... blocks, up to the first that is 0; without fractions (Bareiss)."""
    minors: list[int] = []
    previous = 1
    while rows and minors[-1:] != [0]:
        (pivot, *top), *rest = rows
        minors.append(pivot)
        rows = [[(pivot * x - k * t) // previous for x, t in zip(row, top, strict=True)] for k, *row in rest]
        previous = pivot
    return minors


def whole_determinant(rows: list[list[int]]) -> int:
    """Determinant of whole numbers by the same elimination, with rows exchanged where a pivot is 0."""
    sign, previous = 1, 1
    while len(rows) > 1:
        chosen = next((i for i, row in enumerate(rows) if row[0]), None)
        if chosen is None:
            return 0
        if chosen:
            rows[0], rows[chosen], sign = rows[chosen], rows[0], -sign
        (pivot, *top), *rest = rows
        rows = [[(pivot * x - k * t) // previous for x, t in zip(row, top, strict=True)] for k, *row in rest]
        previous = pivot
    return sign * rows[0][0]


def whole_times_power_of_two(whole: int, exponent: int, divisor: int = 1) -> float:
    """The double nearest to whole · 2**exponent / divisor, infinite beyond the largest."""
    try:
        return (whole << exponent) / divisor if exponent >= 0 else whole / (divisor << -exponent)
    except OverflowError:
        return math.inf if whole > 0 else -math.inf
