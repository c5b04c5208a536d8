"""Functions between layers, entry by entry on finite doubles: right to the last digits wherever a result is a double.

Far to the left most of them are a product of a large number and a tiny exponential. So an exponential is multiplied as
two halves, exp(x/2) twice: it does not lose digits by underflow before the large number brings it back.
"""

import math

import numpy as np
from scipy import special

from mathref._arguments.arrays import Array

_ROOT = math.sqrt(2 / math.pi)
_CUBIC = 0.044715  # of the polynomial in Hendrycks and Gimpel's tanh form
_FLAT = 50.0  # beyond ± this all sigmoids and bells here are 0 or 1 in doubles


@np.errstate(over="ignore", under="ignore")
def times_sigmoid(factor: Array | float, x: Array) -> Array:
    """factor · σ(x)."""
    half = np.exp(-np.abs(x) / 2)
    right = factor / (1 + half * half)
    result: Array = np.where(x >= 0, right, right * half * half)
    return result


@np.errstate(under="ignore")
def sigmoid_slope(x: Array) -> Array:
    """σ(x) σ(-x), symmetric."""
    power = np.exp(-np.abs(x))
    result: Array = power / (1 + power) ** 2
    return result


@np.errstate(under="ignore")
def tanh_slope(x: Array) -> Array:
    """1 - tanh² x."""
    power = np.exp(-np.abs(x))
    result: Array = 4 * power / (1 + power * power) ** 2 * power
    return result


@np.errstate(over="ignore", under="ignore")
def softplus(x: Array, beta: float = 1.0) -> Array:
    """log(1 + exp βx) / β, right at both ends."""
    power = -np.abs(beta * x)
    small = np.exp(power - math.log(beta))  # what log1p is where the exponential is tiny, over β
    rest = np.where(power < -40, small, np.log1p(np.exp(power)) / beta)
    result: Array = np.maximum(x, 0.0) + rest
    return result


@np.errstate(over="ignore", under="ignore")
def bell_times(factor: Array, x: Array) -> Array:
    """factor · exp(-x²/2)."""
    half = np.exp(-x * x / 4)
    result: Array = factor * half * half
    return result


def _left_tail(x: Array) -> Array:
    """Φ(x) / exp(-x²/2) for x ≤ 0."""
    result: Array = special.erfcx(-np.minimum(x, 0.0) / math.sqrt(2)) / 2
    return result


@np.errstate(under="ignore")
def gelu(x: Array) -> Array:
    """x Φ(x)."""
    left = np.minimum(x, 0.0)
    result: Array = np.where(x < 0, bell_times(left * _left_tail(x), left), x * special.ndtr(np.maximum(x, 0.0)))
    return result


@np.errstate(under="ignore")
def gelu_slope(x: Array) -> Array:
    """Φ(x) + x φ(x)."""
    near = np.clip(x, -_FLAT, _FLAT)
    slope = near / math.sqrt(2 * math.pi)
    right = special.ndtr(near) + bell_times(slope, near)
    result: Array = np.where(x < 0, bell_times(_left_tail(near) + slope, near), right)
    return result


@np.errstate(over="ignore", under="ignore")
def gelu_tanh(x: Array) -> Array:
    """½x (1 + tanh u) with u = √(2/π) (x + 0.044715 x³), which is x σ(2u): nothing cancels in that."""
    return times_sigmoid(x, 2 * _ROOT * x * (1 + _CUBIC * x * x))


@np.errstate(under="ignore")
def gelu_tanh_slope(x: Array) -> Array:
    """Derivative of x σ(v): σ(v) (1 + x v' σ(-v))."""
    near = np.clip(x, -_FLAT, _FLAT)
    v = 2 * _ROOT * near * (1 + _CUBIC * near * near)
    slope = 2 * _ROOT * (1 + 3 * _CUBIC * near * near)
    return times_sigmoid(1 + times_sigmoid(near * slope, -v), v)


def silu_slope(x: Array) -> Array:
    """σ(x) (1 + x σ(-x))."""
    return times_sigmoid(1 + times_sigmoid(x, -x), x)


@np.errstate(under="ignore")
def elu(x: Array, alpha: float) -> Array:
    """α (exp x - 1) for x ≤ 0."""
    result: Array = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))
    return result


@np.errstate(under="ignore")
def elu_slope(x: Array) -> Array:
    """Derivative for α = 1; 1 at 0, from both sides."""
    result: Array = np.exp(np.minimum(x, 0.0))
    return result


SLOPES = {
    "sigmoid": sigmoid_slope,
    "log_sigmoid": lambda x: times_sigmoid(1.0, -x),
    "tanh": tanh_slope,
    "softplus": lambda x: times_sigmoid(1.0, x),
    "relu": lambda x: np.where(x > 0, 1.0, 0.0),
    "leaky_relu": lambda x: np.where(x > 0, 1.0, 0.01),
    "elu": elu_slope,
    "gelu": gelu_slope,
    "gelu_tanh": gelu_tanh_slope,
    "silu": silu_slope,
}
