"""Binary floating-point formats, and doubles rounded to them: once, to nearest, ties to the even code."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mathref._arguments.arrays import Array


class Format(NamedTuple):
    """What the bits of a format are: a sign, then the exponent, then the fraction behind the hidden bit."""

    exponent_bits: int
    fraction_bits: int
    has_infinity: bool = True

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return 1 + self.exponent_bits + self.fraction_bits

    @property
    def bias(self) -> int:
        """What is stored for the exponent 0."""
        return int(2 ** (self.exponent_bits - 1) - 1)

    @property
    def lowest(self) -> int:
        """Exponent of the smallest number with a hidden bit, and of all below it."""
        return 1 - self.bias

    @property
    def nan(self) -> int:
        """Code of the positive quiet NaN: without infinities the last code, otherwise in the middle of those above."""
        last = int(2 ** (self.bits - 1) - 1)
        return last - 2 ** (self.fraction_bits - 1) + 1 if self.has_infinity else last

    @property
    def infinity(self) -> int:
        """Code from which on there are no finite numbers: infinity, or NaN where there is none."""
        return int((2**self.exponent_bits - 1) * 2**self.fraction_bits) if self.has_infinity else self.nan

    @property
    def max(self) -> float:
        """The largest finite number, one code below infinity."""
        exponent, fraction = divmod(self.infinity - 1, 2**self.fraction_bits)
        return math.ldexp(2**self.fraction_bits + fraction, exponent - self.bias - self.fraction_bits)


FORMATS = {
    "float64": Format(11, 52),
    "float32": Format(8, 23),
    "float16": Format(5, 10),
    "bfloat16": Format(8, 7),
    "float8_e4m3fn": Format(4, 3, has_infinity=False),
    "float8_e5m2": Format(5, 2),
}


def exponents(x: Array, form: Format) -> Array:
    """e for 2**e <= |x| < 2**(e + 1), but not below that of the smallest normal number; x is finite."""
    return np.where(x == 0, form.lowest, np.maximum(np.frexp(x)[1] - 1, form.lowest))


def rounded_to(x: Array, form: Format, saturate: bool) -> Array:
    """Doubles rounded to a format; NaN where it has no infinity and one is due."""
    finite = np.isfinite(x)
    quantum = exponents(np.where(finite, x, 0.0), form) - form.fraction_bits
    with np.errstate(all="ignore"):
        whole = np.rint(np.ldexp(x, -quantum))  # both powers of 2 are exact, so that this is the one rounding
        result: Array = np.ldexp(whole, quantum)
    beyond = np.abs(result) > form.max
    outside = form.max if saturate else np.inf if form.has_infinity else np.nan
    return np.where(beyond, np.copysign(outside, x), result)


def code(x: Array, form: Format) -> Array:
    """Codes, as 64-bit integers, of numbers that a format has."""
    finite = np.isfinite(x)
    size = np.where(finite, np.abs(x), 0.0)
    e = exponents(size, form)
    # With its hidden bit a fraction counts one exponent more than is stored.
    whole = np.ldexp(size, form.fraction_bits - e).astype(np.uint64)
    codes = whole + ((e - form.lowest).astype(np.uint64) << np.uint64(form.fraction_bits))
    codes = np.where(finite, codes, np.uint64(form.infinity))
    codes |= np.signbit(x).astype(np.uint64) << np.uint64(form.bits - 1)
    return np.where(np.isnan(x), np.uint64(form.nan), codes)


def decoded(codes: Array, form: Format) -> Array:
    """Doubles that codes (64-bit integers without sign) stand for."""
    sign = codes >> np.uint64(form.bits - 1)
    size = codes & np.uint64(2 ** (form.bits - 1) - 1)
    stored = (size >> np.uint64(form.fraction_bits)).astype(np.int64)
    fraction = (size & np.uint64(2**form.fraction_bits - 1)).astype(np.float64)
    whole = fraction + np.where(stored > 0, 2.0**form.fraction_bits, 0.0)
    with np.errstate(all="ignore"):
        result = np.ldexp(whole, np.maximum(stored, 1) - form.bias - form.fraction_bits)
    result = np.where(size >= form.infinity, np.inf if form.has_infinity else np.nan, result)
    result = np.where(size > form.infinity, np.nan, result)
    return np.where(sign == 1, -result, result)


def rounder(form: Format) -> Callable[[float], float]:
    """The same rounding for one double after the other, which Python does faster than NumPy."""
    if form == FORMATS["float64"]:
        return float
    bits, lowest, most = form.fraction_bits, form.lowest, form.max
    outside = math.inf if form.has_infinity else math.nan

    def rounded(x: float) -> float:
        if not abs(x) < 2 * most:  # NaN among them
            return x if math.isnan(x) else math.copysign(outside, x)
        quantum = max(math.frexp(x)[1] - 1, lowest) - bits if x else lowest
        result = math.ldexp(round(math.ldexp(x, -quantum)), quantum)
        return math.copysign(result if abs(result) <= most else outside, x)

    return rounded
