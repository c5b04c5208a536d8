"""Working of a sigmoid, with the fractions that its exponential may be."""

import math
from fractions import Fraction

import numpy as np

from mathref._workings.exact import meant, rounded
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, factor

_FAR = -700.0  # left of it exp(-x) leaves the range of doubles, and exp(x) takes its place


def sigmoid_working(x: float, result: float) -> Working:
    """An exponential, 1 plus it, and the quotient."""
    far = x < _FAR
    power = meant(np.float64(math.exp(x if far else -x)))
    name = rf"\operatorname{{exp}}({'x' if far else '-x'})"
    below = 1 + power
    above = power if far else Fraction(1)
    steps = [
        step("The exponential.", rounded(power), equation(name, power)),
        step("1 plus it.", rounded(below), equation(f"1 + {name}", below)),
        step("The quotient.", result, equation(rf"\sigma(x) = {factor(above)} / {factor(below)}", above / below)),
    ]
    return Working("Sigmoid, step by step", tuple(steps))
