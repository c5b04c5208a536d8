"""Powers of two taken out of an array, so that its squares neither overflow nor underflow; nothing is rounded by it."""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double


def scaled(x: Array) -> tuple[Array, int]:
    """x · 2**-exponent in double precision, with its largest component in [1/2, 1), and the exponent.

    An array of zeros has exponent 0. Only entries smaller than the largest by a factor of 2**1022 may lose digits.
    """
    x = in_double(x)
    parts = (x.real, x.imag) if x.dtype.kind == "c" else (x,)
    exponent = math.frexp(max(float(np.abs(part).max()) for part in parts))[1]
    return times_power_of_two(x, -exponent), exponent


def times_power_of_two(x: Array, exponent: int) -> Array:
    """x · 2**exponent, in two steps since 2**1074 itself is not a double; infinite beyond the largest double."""
    half = exponent // 2
    with np.errstate(over="ignore", invalid="ignore"):
        product: Array = x * 2.0**half * 2.0 ** (exponent - half)
    return product


def number_times_power_of_two(x: float | complex, exponent: int) -> float | complex:
    """x · 2**exponent for one number, whose parts are infinite beyond the largest double."""
    if isinstance(x, complex):
        return complex(float_times_power_of_two(x.real, exponent), float_times_power_of_two(x.imag, exponent))
    return float_times_power_of_two(x, exponent)


def float_times_power_of_two(x: float, exponent: int) -> float:
    """The same for a real number."""
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return math.inf if x > 0 else -math.inf
