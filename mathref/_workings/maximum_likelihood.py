"""Working of the share of ones."""

from fractions import Fraction

from mathref._workings.steps import Working, step
from mathref._workings.tex import equation


def bernoulli_working(ones: int, size: int, result: float) -> Working:
    """Both counts and their quotient."""
    steps = [
        step("Count the ones.", float(ones), equation("k", Fraction(ones))),
        step("Count all outcomes.", float(size), equation("n", Fraction(size))),
        step(
            "Where the slope k/p - (n - k)/(1 - p) of the log-likelihood is 0.",
            result,
            equation("p = k / n", Fraction(ones, size)),
        ),
    ]
    return Working("Maximum likelihood of a coin", tuple(steps))
