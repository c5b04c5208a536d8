"""Products, quotients and powers entry by entry, right over the whole range of doubles.

Real ones are a single operation of the processor. A complex product or quotient takes several, whose intermediate
results may overflow or underflow where the result fits: there whole numbers take over.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double
from mathref._numerics.powers_of_two import LEAST_MODERATE, MOST_MODERATE, times_powers_of_two
from mathref._numerics.whole_numbers import whole_times_power_of_two

Exact = tuple[Fraction, Fraction]  # real and imaginary part


def product(a: Array | complex, b: Array) -> Array:
    """a b in double precision."""
    return _entry_by_entry(np.multiply, _exact_product, np.asarray(a), b)


def quotient(a: Array | complex, b: Array) -> Array:
    """a / b in double precision; no entry of b is 0."""
    return _entry_by_entry(np.divide, _exact_quotient, np.asarray(a), b)


def power(x: Array, exponent: float) -> Array:
    """The principal value of x to a real power, in double precision."""
    if x.dtype.kind == "c" and exponent == -1:
        return quotient(1.0, x)
    if x.dtype.kind == "c" and exponent == 2:
        return product(x, x)
    x = in_double(x)
    with np.errstate(all="ignore"):
        result = np.asarray(x**exponent)
    if x.dtype.kind == "c" and (rest := ~_is_moderate(x)).any():
        result[rest] = _scaled_power(x[rest], exponent)
    return result


def _entry_by_entry(operation: np.ufunc, exact: Callable[[Exact, Exact], Exact], a: Array, b: Array) -> Array:
    a, b = in_double(a), in_double(b)
    with np.errstate(all="ignore"):
        result = np.asarray(operation(a, b))
    if "c" in (a.dtype.kind, b.dtype.kind):
        for where in np.argwhere(~(_is_moderate(a) & _is_moderate(b))).tolist():
            left, right = (np.broadcast_to(x, result.shape)[tuple(where)] for x in (a, b))
            result[tuple(where)] = complex(*map(_rounded, exact(_parts(left), _parts(right))))
    return result


def _is_moderate(x: Array) -> Array:
    """Whether both parts of each entry are 0 or so far from the ends of the range that nothing leaves it."""
    sizes = np.abs(np.stack([x.real, x.imag]))
    moderate: Array = ((sizes == 0) | ((sizes > LEAST_MODERATE) & (sizes < MOST_MODERATE))).all(axis=0)
    return moderate


def _parts(x: complex) -> Exact:
    return Fraction(float(x.real)), Fraction(float(x.imag))


def _exact_product(a: Exact, b: Exact) -> Exact:
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def _exact_quotient(a: Exact, b: Exact) -> Exact:
    size = b[0] * b[0] + b[1] * b[1]
    real, imaginary = _exact_product(a, (b[0], -b[1]))
    return real / size, imaginary / size


def _rounded(x: Fraction) -> float:
    return whole_times_power_of_two(x.numerator, 0, x.denominator)


def _scaled_power(x: Array, exponent: float) -> Array:
    """With x = m 2ᵉ it is mᵖ 2ᵉᵖ; a power for which mᵖ leaves the range leaves it by much more."""
    exponents = np.frexp(np.maximum(np.abs(x.real), np.abs(x.imag)))[1]
    with np.errstate(all="ignore"):
        twos = exponents * exponent
        whole = np.clip(np.floor(twos), -9999, 9999)
        powers = times_powers_of_two(x, -exponents) ** exponent * 2.0 ** (twos - np.floor(twos))
        return times_powers_of_two(powers, whole.astype(int))
