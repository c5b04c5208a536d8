"""Floating-point number: a whole number of few binary digits times a power of two, in 64, 32, 16 or 8 bits."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import as_array, digits
from mathref._arguments.codes import as_codes
from mathref._arguments.precision import in_double
from mathref._arguments.results import number_or_array
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_choice, as_flag, as_number
from mathref._numerics.float_formats import FORMATS, code, decoded, exponents, rounded_to, rounder
from mathref._numerics.rounded_sums import by_halves, compensated, left_to_right
from mathref._workings.floating_point import rounding_working
from mathref._workings.steps import Working

_NAMES = tuple(FORMATS)


class FloatFormat(NamedTuple):
    """What a format's bits are, and its ends: `fraction_bits` without the hidden bit, `eps` the spacing at 1."""

    bits: int
    exponent_bits: int
    fraction_bits: int
    bias: int
    eps: float
    max: float
    smallest_normal: float
    smallest_subnormal: float
    has_infinity: bool


def finfo(format: str) -> FloatFormat:
    """Bits, precision and range of a floating-point format.

    Parameters
    ----------
    format : str
        ``"float64"``, ``"float32"``, ``"float16"``, ``"bfloat16"``, ``"float8_e4m3fn"`` or ``"float8_e5m2"``.

    Returns
    -------
    FloatFormat
        Named tuple of bits, exponent_bits, fraction_bits, bias, eps, max, smallest_normal, smallest_subnormal and
        has_infinity; eps to smallest_subnormal as floats.

    Raises
    ------
    TypeError
        If format is not a string.
    ValueError
        If it names no format that is known here.

    See Also
    --------
    spacing : the same as eps, at any number.

    Notes
    -----
    With f fraction bits, k exponent bits and the bias b = 2ᵏ⁻¹ - 1: eps = 2⁻ᶠ, the smallest normal number is 2¹⁻ᵇ, the
    smallest subnormal 2¹⁻ᵇ⁻ᶠ, and the largest (2 - 2⁻ᶠ) 2ᵇ. ``float8_e4m3fn`` has no infinity and one NaN: its largest
    number, 448, lies one power of two higher. ``numpy.finfo`` and ``torch.finfo`` call the smallest normal number tiny.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 3.1.
    Micikevicius et al. (2022), FP8 formats for deep learning, table 1.

    Examples
    --------
    >>> finfo("float16").max
    65504.0
    >>> finfo("bfloat16").eps
    0.0078125
    """
    form = FORMATS[as_choice(format, "format", _NAMES)]
    return FloatFormat(
        form.bits,
        form.exponent_bits,
        form.fraction_bits,
        form.bias,
        math.ldexp(1.0, -form.fraction_bits),
        form.max,
        math.ldexp(1.0, form.lowest),
        math.ldexp(1.0, form.lowest - form.fraction_bits),
        form.has_infinity,
    )


def round_to(x: ArrayLike, format: str, *, saturate: bool = False) -> Any:
    """Numbers rounded to a floating-point format: to the nearest, halfway between two to the one with an even code.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, infinities and NaN among them.
    format : str
        Name of a format, as in `finfo`.
    saturate : bool, default False
        Whether what is too large becomes the largest number of the format, in place of infinity or NaN.

    Returns
    -------
    float or ndarray
        The rounded numbers, of the shape of x; float32 if x is, otherwise float64, both of which hold them exactly.

    Raises
    ------
    TypeError
        If x is not real numbers, format is not a string, or saturate not True or False.
    ValueError
        If x is empty or ragged, or format is not known here.

    See Also
    --------
    to_bits : the code of the rounded number.

    Notes
    -----
    Rounded once, straight from the number given. What is half a spacing above the largest number or more becomes
    infinite; ``float8_e4m3fn`` has no infinity and gives NaN, beyond 464, where the tie goes to 448. Subnormal numbers
    are kept, and so is the sign of 0. O(size of x).

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 2.2.

    Examples
    --------
    >>> round_to(0.1, "bfloat16")
    0.10009765625
    >>> round_to([2049, 70000, 1e-8], "float16")
    array([2048.,   inf,    0.])
    >>> round_to(1000, "float8_e4m3fn"), round_to(1000, "float8_e4m3fn", saturate=True)
    (nan, 448.0)
    """
    array = as_array(x, "x", real=True, finite=False)
    form = FORMATS[as_choice(format, "format", _NAMES)]
    rounded = rounded_to(in_double(array), form, as_flag(saturate, "saturate")).astype(array.dtype)
    return number_or_array(rounded)


def spacing(x: ArrayLike, format: str) -> Any:
    """Distance from a number's modulus to the next larger number of a format, the unit in its last place.

    Parameters
    ----------
    x : array_like of any shape
        Real finite numbers, in modulus up to the largest of the format.
    format : str
        Name of a format, as in `finfo`.

    Returns
    -------
    float or ndarray
        The spacing at each number, in double precision, of the shape of x.

    Raises
    ------
    TypeError
        If x is not real numbers or format is not a string.
    ValueError
        If x is empty, ragged, not finite or beyond the largest number, or format is not known here.

    See Also
    --------
    mathref.scalar.ulp : the same for one double, or for a NumPy number on its own grid.

    Notes
    -----
    With f fraction bits it is 2ᵉ⁻ᶠ for 2ᵉ ≤ |x| < 2ᵉ⁺¹, and nowhere less than the smallest subnormal number. At the
    largest number it is what it would be if the exponents went on.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 2.3.2.

    Examples
    --------
    >>> spacing([1, 256, 0], "bfloat16")
    array([7.81250000e-03, 2.00000000e+00, 9.18354962e-41])
    >>> spacing(2048, "float16")
    2.0
    """
    array = in_double(as_array(x, "x", real=True))
    form = FORMATS[as_choice(format, "format", _NAMES)]
    if np.abs(array).max() > form.max:
        raise ValueError(
            f"x must be at most {digits(form.max)} in modulus, the largest number of {format}, but one entry is "
            f"{digits(np.abs(array).max().item())}"
        )
    steps = np.ldexp(1.0, exponents(array, form) - form.fraction_bits)
    return number_or_array(steps)


def to_bits(x: ArrayLike, format: str) -> Any:
    """Codes of numbers, rounded to a format: the sign bit first, then the exponent, then the fraction.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, infinities and NaN among them.
    format : str
        Name of a format, as in `finfo`.

    Returns
    -------
    int or ndarray
        The codes, of the shape of x, as uint8, uint16, uint32 or uint64, whichever has the format's bits.

    Raises
    ------
    TypeError
        If x is not real numbers or format is not a string.
    ValueError
        If x is empty or ragged, or format is not known here.

    See Also
    --------
    from_bits : the way back.

    Notes
    -----
    A number m 2ᵉ⁻ᶠ with a whole m from 2ᶠ to 2ᶠ⁺¹ - 1 has the code (e + b) 2ᶠ + m - 2ᶠ, where b is the bias and f the
    number of fraction bits. Codes of positive numbers are in the order of the numbers. NaN has many codes; this is the
    positive quiet one.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 3.1.

    Examples
    --------
    >>> f"{to_bits(1, 'float16'):016b}"
    '0011110000000000'
    >>> to_bits([1, -2, 448], "float8_e4m3fn")
    array([ 56, 192, 126], dtype=uint8)
    """
    array = as_array(x, "x", real=True, finite=False)
    form = FORMATS[as_choice(format, "format", _NAMES)]
    codes = code(rounded_to(in_double(array), form, saturate=False), form).astype(f"u{form.bits // 8}")
    return number_or_array(codes)


def from_bits(bits: ArrayLike, format: str) -> Any:
    """Numbers that codes of a format stand for.

    Parameters
    ----------
    bits : array_like of any shape
        Codes, whole numbers from 0 to 2ⁿ - 1 for a format of n bits, of any integer type.
    format : str
        Name of a format, as in `finfo`.

    Returns
    -------
    float or ndarray
        The numbers in double precision, infinities and NaN among them, of the shape of bits.

    Raises
    ------
    TypeError
        If bits are not integers or format is not a string.
    ValueError
        If bits are empty, ragged, negative or too large, or format is not known here.

    See Also
    --------
    to_bits : the way there.

    Notes
    -----
    The code E 2ᶠ + F stands for (2ᶠ + F) 2^(E - b - f), or for F 2^(1 - b - f) where E is 0: the subnormal numbers. The
    largest E is kept for infinity (F = 0) and NaN; in ``float8_e4m3fn`` only its last code is, for NaN.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 3.1.

    Examples
    --------
    >>> from_bits(0x3C00, "float16")
    1.0
    >>> from_bits([0x7E, 0x7F, 0x01], "float8_e4m3fn")
    array([4.480000e+02,          nan, 1.953125e-03])
    """
    form = FORMATS[as_choice(format, "format", _NAMES)]
    numbers = decoded(as_codes(bits, "bits", form.bits), form)
    return number_or_array(numbers)


def running_sum(x: ArrayLike, *, format: str = "float64") -> float:
    """Sum from left to right, each number and each sum rounded to a format.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real finite numbers.
    format : str, default "float64"
        Name of a format, as in `finfo`.

    Returns
    -------
    float
        The sum as the format has it: infinite, or NaN, if it overflows there.

    Raises
    ------
    TypeError
        If x is not real numbers or format is not a string.
    ValueError
        If x is no vector, is empty, ragged or not finite, or format is not known here.

    See Also
    --------
    pairwise_sum : errs less.
    compensated_sum : errs least.

    Notes
    -----
    Its error is at most about (n - 1) u Σ |xᵢ| with the unit roundoff u = eps/2, as long as nothing overflows. A number
    below half a spacing of the sum so far is lost entirely. O(n).

    References
    ----------
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2.

    Examples
    --------
    >>> running_sum([0.1] * 10)
    0.9999999999999999
    >>> running_sum([1] * 4096, format="float16")
    2048.0
    """
    return left_to_right(*_summed(x, format))


def pairwise_sum(x: ArrayLike, *, format: str = "float64") -> float:
    """Sum by halves: the sum of the first half plus that of the second, each rounded to a format.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real finite numbers.
    format : str, default "float64"
        Name of a format, as in `finfo`.

    Returns
    -------
    float
        The sum as the format has it: infinite, or NaN, if it overflows there.

    Raises
    ------
    TypeError
        If x is not real numbers or format is not a string.
    ValueError
        If x is no vector, is empty, ragged or not finite, or format is not known here.

    See Also
    --------
    running_sum : from left to right.

    Notes
    -----
    The first n // 2 numbers and the others are summed in the same way, down to single numbers. No number meets more
    than ⌈log₂ n⌉ additions, so that the error is at most about ⌈log₂ n⌉ u Σ |xᵢ|. `numpy.sum` does the same from
    blocks of 128 on. O(n).

    References
    ----------
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2.

    Examples
    --------
    >>> pairwise_sum([0.1] * 10)
    1.0
    >>> pairwise_sum([1] * 4096, format="float16")
    4096.0
    """
    return by_halves(*_summed(x, format))


def compensated_sum(x: ArrayLike, *, format: str = "float64") -> float:
    """Sum from left to right with what each rounding takes away kept beside it, as a second number.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real finite numbers.
    format : str, default "float64"
        Name of a format, as in `finfo`.

    Returns
    -------
    float
        The sum as the format has it: infinite, or NaN, if a running sum overflows there.

    Raises
    ------
    TypeError
        If x is not real numbers or format is not a string.
    ValueError
        If x is no vector, is empty, ragged or not finite, or format is not known here.

    See Also
    --------
    math.fsum : rounded once, whatever the numbers, for doubles.

    Notes
    -----
    Neumaier's form of Kahan's summation: with s' = fl(s + x) the rounding error of this sum is (s - s') + x exactly,
    or (x - s') + s where x is the larger one. What was lost goes back into the sum after each step as far as it fits.
    The error is at most about u |Σ xᵢ| + 2n u² Σ |xᵢ| with the unit roundoff u = eps/2. O(n).

    References
    ----------
    Neumaier (1974), Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54, 39-51.
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.3.

    Examples
    --------
    >>> compensated_sum([1, 1e100, 1, -1e100])
    2.0
    >>> running_sum([1, 1e100, 1, -1e100])
    0.0
    """
    return compensated(*_summed(x, format))


def round_to_steps(x: float, format: str) -> Working:
    """How a number is rounded to a format, for pencil and paper.

    Parameters
    ----------
    x : float
        Real finite number.
    format : str
        Name of a format, as in `finfo`.

    Returns
    -------
    Working
        Steps: the exponent e, x in units of 2^(e - f) with f fraction bits, that rounded to a whole number, and the
        rounded number, which is `round_to(x, format)`.

    Raises
    ------
    TypeError
        If x is not a real number or format is not a string.
    ValueError
        If x is not finite, or format is not known here.

    See Also
    --------
    round_to : the number alone.

    Notes
    -----
    Multiplying by a power of two moves the point and rounds nothing: the whole rounding is that to a whole number.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 2.2.

    Examples
    --------
    >>> round_to_steps(0.1, "bfloat16")
    Rounding to bfloat16
    <BLANKLINE>
    1. The power of two that it begins with.
       0.1 = 1.6 · 2⁻⁴
    <BLANKLINE>
    2. How often 2 to the power -11, the unit of the last place, goes into it.
       1.6 · 2⁷ = 204.8
    <BLANKLINE>
    3. The nearest whole number; halfway between two, the even one.
       round(204.8) = 205
    <BLANKLINE>
    4. What is stored.
       205 · 2⁻¹¹ = 205/2048
    """
    number, name = as_number(x, "x"), as_choice(format, "format", _NAMES)
    return rounding_working(number, name, rounder(FORMATS[name])(number))


def _summed(x: ArrayLike, format: str) -> tuple[Any, Any]:
    """The numbers as Python floats, and what rounds to the format."""
    return as_vector(x, "x", real=True).tolist(), rounder(FORMATS[as_choice(format, "format", _NAMES)])
