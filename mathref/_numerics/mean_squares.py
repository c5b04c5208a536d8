"""The mean square of activations, layer after layer, for weights that are independent and of mean 0."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from mathref._arguments.arrays import Array

_STEP = 0.05  # of the trapezoidal rule, whose error is below exp(-98) for the two integrands here
_UNIT = np.arange(-12, 12 + _STEP / 2, _STEP)
_NEAR = np.arange(-25, 25 + _STEP / 2, _STEP)
_TINY_EXPONENT = -80  # for q below 2**-80 the mean of tanh² is q to double precision

Scaled = tuple[float, int]  # a number as m · 2**e, so that none on the way overflows or underflows


def mean_squares(
    fans: Sequence[int], variances: Sequence[float], nonlinearity: str, slope: float, start: float
) -> Array:
    """E[x²] at the start and after each layer, rounded to doubles; infinite beyond the largest."""
    values = _layers(fans, variances, nonlinearity, slope, math.frexp(start))
    return np.array([_rounded(value) for value in values])


def _layers(
    fans: Sequence[int], variances: Sequence[float], nonlinearity: str, slope: float, value: Scaled
) -> Iterator[Scaled]:
    yield value
    for fan, variance in zip(fans, variances, strict=True):
        value = _product(value, _whole(fan), math.frexp(variance))
        if nonlinearity == "tanh":
            value = _of_tanh(value)
        elif nonlinearity != "linear":  # one half of the square stays, the other is multiplied by the slope's
            root = math.frexp(math.hypot(1, slope if nonlinearity == "leaky_relu" else 0.0))
            value = _product(value, root, root, (0.5, 0))
        yield value


def _whole(number: int) -> Scaled:
    exponent = number.bit_length()
    return number / (1 << exponent), exponent


def _product(*factors: Scaled) -> Scaled:
    mantissa, exponent = math.frexp(math.prod(m for m, _ in factors))
    return mantissa, exponent + sum(e for _, e in factors)


def _rounded(value: Scaled) -> float:
    try:
        return math.ldexp(*value)
    except OverflowError:
        return math.inf


def _of_tanh(q: Scaled) -> Scaled:
    """E[tanh² z] for z of mean 0 and variance q: over z / √q where q is small, else 1 minus the mean of 1 - tanh²."""
    if q[0] == 0 or q[1] < _TINY_EXPONENT:
        return q
    deviation = math.sqrt(_rounded(q))
    if deviation <= 2:
        weights = np.exp(-_UNIT * _UNIT / 2) * (_STEP / math.sqrt(2 * math.pi))
        return math.frexp(float((np.tanh(deviation * _UNIT) ** 2 * weights).sum()))
    with np.errstate(under="ignore"):  # of a wide bell, which is 1 there
        bells = np.exp(-((_NEAR / deviation) ** 2) / 2) / np.cosh(_NEAR) ** 2
    return math.frexp(1 - float(bells.sum()) * (_STEP / math.sqrt(2 * math.pi)) / deviation)
