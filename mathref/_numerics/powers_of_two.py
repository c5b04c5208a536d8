"""Powers of two taken out of an array, so that nothing overflows or underflows on the way; nothing is rounded by it."""

import math
from collections.abc import Iterator

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double
from mathref._numerics.whole_numbers import whole_times_power_of_two

# Between these no product of two numbers, nor a sum of such, overflows, or underflows so that it shows.
LEAST_MODERATE = 1e-140
MOST_MODERATE = 1e140
# Entries that differ by fewer powers of 2 keep their digits when the largest is near 1.
_BAND = 900
_NO_EXPONENT = -99999  # of 0


def scaled(x: Array) -> tuple[Array, int]:
    """x · 2**-exponent in double precision, with its largest component in [1/2, 1), and the exponent.

    An array of zeros has exponent 0. Only entries smaller than the largest by a factor of 2**1022 may lose digits.
    """
    x = in_double(x)
    exponent = math.frexp(float(_moduli(x).max()))[1]
    return times_power_of_two(x, -exponent), exponent


def moderate(x: Array) -> tuple[Array, int]:
    """x in double precision, and scaled only if its largest component is near the ends of the range."""
    x = in_double(x)
    with np.errstate(all="ignore"):
        largest = float(np.abs(x).max())
    return (x, 0) if LEAST_MODERATE < largest < MOST_MODERATE else scaled(x)


def scaled_columns(A: Array) -> tuple[Array, Array]:
    """A in double precision with each column divided by a power of 2, so that its largest component is near 1."""
    A = in_double(A)
    _, exponents = np.frexp(_moduli(A).max(axis=0))
    return times_powers_of_two(A, -exponents), exponents


def equilibrated(A: Array) -> tuple[Array, Array, Array]:
    """A in double precision with rows and columns divided by powers of 2, and the exponents of rows and of columns.

    Each column and row of the result has an entry near 1 and none above. Both powers are applied at once: the one alone
    may overflow or underflow. A row or column of zeros has exponent 0.
    """
    A = in_double(A)
    largest = _moduli(A)
    exponents = np.where(largest > 0, np.frexp(largest)[1], -9999)
    columns = exponents.max(axis=0)
    rows = (exponents - columns).max(axis=1)
    columns, rows = np.where(columns > -9000, columns, 0), np.where(rows > -9000, rows, 0)
    return times_powers_of_two(A, -(columns + rows[:, np.newaxis])), rows, columns


def spans_the_range(x: Array) -> bool:
    """Whether entries lie so far apart that the smallest lose digits when the largest is near 1."""
    exponents = np.frexp(_moduli(x))[1][x != 0]
    return bool(exponents.size and exponents.max() - exponents.min() >= _BAND)


def bands(columns: Array, rows: Array | int = 0) -> Iterator[tuple[Array, Array]]:
    """Parts of each column whose sum it is, none of which spans the range of doubles, and the exponents of their units.

    Rows are divided by 2**rows, and each part of a column by its unit, so that its largest entry is near 1. Mostly one
    part is all.
    """
    rows = np.broadcast_to(rows, len(columns))[:, np.newaxis]
    sizes = _moduli(columns)
    exponents = np.where(sizes > 0, np.frexp(sizes)[1] - rows, _NO_EXPONENT)
    while (left := exponents > _NO_EXPONENT).any():
        units = np.where(left.any(axis=0), exponents.max(axis=0), 0)
        chosen = left & (exponents > units - _BAND)
        yield times_powers_of_two(np.where(chosen, columns, 0.0), -(rows + units)), units
        exponents = np.where(chosen, _NO_EXPONENT, exponents)


def _moduli(x: Array) -> Array:
    """Moduli of the entries; of a complex one the larger part, since its modulus may overflow."""
    return np.maximum(np.abs(x.real), np.abs(x.imag)) if x.dtype.kind == "c" else np.abs(x)


def times_power_of_two(x: Array, exponent: int) -> Array:
    """x · 2**exponent, in two steps since 2**1074 itself is not a double; infinite beyond the largest double."""
    if abs(exponent) > 2000:
        return times_powers_of_two(x, np.intc(exponent))
    half = exponent // 2
    with np.errstate(all="ignore"):
        product: Array = x * 2.0**half * 2.0 ** (exponent - half)
    return product


def times_powers_of_two(x: Array, exponents: Array | np.intc | int) -> Array:
    """x · 2**exponents, each entry (row, column) with its own exponent; rounded once where it becomes subnormal."""
    with np.errstate(all="ignore"):
        product: Array = np.ldexp(x.real, exponents)
        if x.dtype.kind == "c":
            parts = np.empty(product.shape, x.dtype)  # not real + 1j * imag: infinity times 0 is no number
            parts.real, parts.imag = product, np.ldexp(x.imag, exponents)
            return parts
    return product


def number_times_power_of_two(x: int | float | complex, exponent: int) -> float | complex:
    """x · 2**exponent for one number, whose parts are infinite beyond the largest double."""
    if isinstance(x, int):
        return whole_times_power_of_two(x, exponent)
    if isinstance(x, complex):
        return complex(float_times_power_of_two(x.real, exponent), float_times_power_of_two(x.imag, exponent))
    return float_times_power_of_two(x, exponent)


def float_times_power_of_two(x: float, exponent: int) -> float:
    """The same for a real number."""
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return math.inf if x > 0 else -math.inf
