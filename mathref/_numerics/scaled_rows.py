"""Rows of numbers, each divided by a power of 2 of its own, so that sums over a row neither overflow nor underflow."""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import times_powers_of_two

_NONE = -9999  # exponent of 0, below that of any double


def scaled_rows(x: Array, exponents: Array | int = 0, factors: Array | float = 1.0) -> tuple[Array, Array]:
    """Rows x · factors · 2**exponents with moduli below 1, the largest near it, and the exponents taken out of each."""
    (numbers, ours), (others, theirs) = np.frexp(x), np.frexp(factors)
    numbers, exponents = numbers * others, ours + theirs + exponents
    largest = np.where(numbers != 0, exponents, _NONE).max(axis=-1, keepdims=True)
    return times_powers_of_two(numbers, exponents - largest), largest


def sum_with(rows: Array, exponents: Array, x: Array) -> tuple[Array, Array]:
    """Rows 2**exponents · rows + x with the powers of 2 that are taken out of them."""
    (numbers, ours), (others, theirs) = np.frexp(rows), np.frexp(x)
    ours = np.where(numbers != 0, ours + exponents, _NONE)
    largest = np.maximum(ours, theirs)
    return times_powers_of_two(numbers, ours - largest) + times_powers_of_two(others, theirs - largest), largest
