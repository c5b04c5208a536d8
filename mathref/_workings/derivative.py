"""How the derivative of a polynomial comes about, term by term."""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, rounded
from mathref._workings.polynomials import one_variable, partial, substituted, value, written
from mathref._workings.steps import Working, step, sum_step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain

_HIGHEST = 6


def derivative_working(coefficients: Array, x: Array) -> Working:
    """The slope of each term, and their sum; highest power first."""
    refuse_high_degree(coefficients, "coefficients", _HIGHEST)
    polynomial = one_variable(as_fractions(coefficients, "coefficients"))
    point = as_fractions(np.reshape(x, 1), "x")
    name = f"f'({tex(point[0])})"
    steps, slopes = [], []
    for powers, c in polynomial.items():
        if powers[0]:
            term = {powers: c}
            slope = partial(term, 0)
            slopes.append(value(slope, point))
            line = f"({written(term)})' = {written(slope)}"
            line += f" = {substituted(slope, point)}" if powers[0] > 1 else ""
            caption = "The power comes down as a factor, and is one less." if powers[0] > 1 else "A line has one slope."
            steps.append(step(caption, rounded(slopes[-1]), equation(line, slopes[-1]) if powers[0] > 1 else line))
    title = f"Derivative of f(x) = {plain(written(polynomial))} at {plain(tex(point[0]))}"
    if not slopes:
        return Working(title, (step("A constant has the slope 0.", 0.0, f"{name} = 0"),))
    caption = "The slope of a sum is the sum of the slopes."
    return Working(title, (*steps, sum_step(caption, float(sum(slopes)), name, slopes)))


def refuse_high_degree(coefficients: Array, name: str, highest: int) -> None:
    """Raise if a polynomial is too long for a working to be read."""
    if len(coefficients) > highest + 1:
        raise ValueError(
            f"{name} must be at most {highest + 1} for a working to be read (degree {highest}), "
            f"but there are {len(coefficients)}"
        )
