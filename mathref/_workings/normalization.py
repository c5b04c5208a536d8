"""Working of a layer normalisation, with fractions and the root that its variance has."""

from fractions import Fraction

import numpy as np

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, meant, rounded, square_root, times
from mathref._workings.expectation import sum_lines
from mathref._workings.steps import Working, step
from mathref._workings.tex import added, equation, root_equation, tex


def layer_norm_working(x: Array, eps: float, result: Array) -> Working:
    """Mean, variance, root and quotients."""
    numbers, epsilon = as_fractions(x, "x"), meant(np.float64(eps))
    n = len(numbers)
    mean = sum(numbers, Fraction(0)) / n
    deviations = [number - mean for number in numbers]
    squares = [deviation**2 for deviation in deviations]
    variance = sum(squares, Fraction(0)) / n
    spread = variance + epsilon
    root = square_root(spread)
    inside = f"{tex(variance)} {added(epsilon)}" if epsilon else tex(variance)
    quotients = [times(root, deviation / spread) for deviation in deviations]
    steps = [
        step(f"The mean: the sum, divided by n = {n}.", rounded(mean), *sum_lines(r"\operatorname{mean}", numbers, n)),
        step(
            f"The variance: squares of what lies about the mean, summed and divided by n = {n}, not by n - 1.",
            rounded(variance),
            equation(rf"x {added(-mean)}" if mean else "x", deviations),
            *sum_lines(r"\operatorname{variance}", squares, n),
        ),
        step(
            "The root of the variance plus ε." if epsilon else "The root of the variance.",
            rounded(root),
            root_equation(r"\operatorname{root}", inside, root),
        ),
        step(
            "What lies about the mean, divided by the root.",
            result,
            equation(r"\operatorname{layernorm}(x)", quotients),
        ),
    ]
    return Working("Layer norm, step by step", tuple(steps))
