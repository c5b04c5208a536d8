"""Scalar: a single number, which a computer stores rounded to about 16 digits."""

import math
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from mathref._arguments.single import as_number, as_scalar


def ulp(x: float) -> float:
    """Distance from a number's modulus to the next larger floating-point number: its unit in the last place.

    Parameters
    ----------
    x : float
        Real number. A NumPy scalar of lower precision (float32, float16) is measured on its own grid.

    Returns
    -------
    float
        The spacing of floating-point numbers at x, positive, in the units of x.

    Raises
    ------
    TypeError
        If x is not a real number.
    ValueError
        If x is NaN, infinite or larger than any double.

    See Also
    --------
    relative_error : an error in proportion to the number.

    Notes
    -----
    A double has 53 binary digits: for 2ᵉ ≤ |x| < 2ᵉ⁺¹ its ulp is 2ᵉ⁻⁵², and at 0 it is 2⁻¹⁰⁷⁴, the smallest double.
    One rounding errs by at most half an ulp, so that an operation is right to a relative 2⁻⁵³ ≈ 1.1e-16.

    References
    ----------
    Muller et al. (2018), Handbook of Floating-Point Arithmetic, 2nd ed., section 2.3.2.

    Examples
    --------
    >>> ulp(1.0)
    2.220446049250313e-16
    >>> ulp(2**53)
    2.0
    """
    value = as_number(x, "x")
    kind: Any = x.dtype if isinstance(x, np.generic | np.ndarray) else np.dtype(float)
    if kind.kind != "f" or kind.itemsize >= 8:
        return math.ulp(value)
    grid = np.finfo(kind)
    exponent = math.frexp(max(abs(value), float(grid.tiny)))[1] - 1
    return math.ldexp(1.0, exponent - grid.nmant)


def relative_error(actual: complex | Fraction, expected: complex | Fraction) -> float:
    """Error of a number in proportion to the number that was expected.

    Parameters
    ----------
    actual, expected : float, complex or Fraction
        The number at hand and the true one, in the same units. A `fractions.Fraction` is taken exactly.

    Returns
    -------
    float
        |actual - expected| / |expected|, without units. With expected = 0 it is 0.0 if actual is 0 too, otherwise
        inf: no error is small in proportion to 0.

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If an argument is an array, NaN or infinite.

    See Also
    --------
    is_close : whether two numbers agree to a tolerance.

    Notes
    -----
    The difference and the quotient are formed exactly and rounded once, so that the result is right even where two
    numbers agree in every digit but the last.

    References
    ----------
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.2.

    Examples
    --------
    >>> relative_error(3.14, 3.0)
    0.04666666666666671
    >>> relative_error(0.1, Fraction(1, 10))
    5.551115123125783e-17
    """
    a, b = _exact(actual, "actual"), _exact(expected, "expected")
    error = a[0] - b[0], a[1] - b[1]
    size = max(abs(b[0]), abs(b[1]))
    if size == 0:
        return math.inf if any(error) else 0.0
    # Complex numbers are measured in units of the larger part of `expected`, which keeps the squares in range.
    return math.hypot(*(_rounded(part / size) for part in error)) / math.hypot(*(_rounded(part / size) for part in b))


def is_close(a: complex | Fraction, b: complex | Fraction, rtol: float = 1e-9, atol: float = 0.0) -> bool:
    """Whether two numbers agree to a relative or an absolute tolerance.

    Parameters
    ----------
    a, b : float, complex or Fraction
        The numbers; their order does not matter.
    rtol : float, default 1e-9
        Largest difference in proportion to the larger of |a| and |b|, not negative.
    atol : float, default 0.0
        Largest difference as such, in the units of a and b, not negative. Nothing but 0 is close to 0 without it.

    Returns
    -------
    bool
        Whether |a - b| ≤ max(rtol · max(|a|, |b|), atol).

    Raises
    ------
    TypeError
        If an argument is not a number.
    ValueError
        If an argument is an array, NaN or infinite, or a tolerance is negative.

    See Also
    --------
    relative_error : the error itself.

    Notes
    -----
    This is the rule of `math.isclose`, decided without rounding. `numpy.isclose` measures against b alone and adds an
    absolute 1e-8, which finds 1e-9 and 2e-9 close.

    References
    ----------
    PEP 485 (2015), A function for testing approximate equality.

    Examples
    --------
    >>> 0.1 + 0.2 == 0.3
    False
    >>> is_close(0.1 + 0.2, 0.3)
    True
    >>> is_close(1e-9, 2e-9)
    False
    """
    x, y = _exact(a, "a"), _exact(b, "b")
    relative = Fraction(as_number(rtol, "rtol", least=0)) ** 2
    absolute = Fraction(as_number(atol, "atol", least=0)) ** 2
    difference = _square(x[0] - y[0], x[1] - y[1])
    return difference <= max(relative * max(_square(*x), _square(*y)), absolute)


def _exact(x: Any, name: str) -> tuple[Fraction, Fraction]:
    """Real and imaginary part as fractions."""
    if isinstance(x, Rational) and not isinstance(x, bool):
        return Fraction(int(x.numerator), int(x.denominator)), Fraction(0)
    number = as_scalar(x, name)
    return Fraction(number.real), Fraction(number.imag)


def _square(real: Fraction, imaginary: Fraction) -> Fraction:
    return real * real + imaginary * imaginary


def _rounded(x: Fraction) -> float:
    try:
        return float(x)
    except OverflowError:
        return math.inf
