"""Workings of a softmax, with the fractions that its exponentials may be."""

from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._numerics.softmax import Softmax
from mathref._workings.exact import meant
from mathref._workings.expectation import sum_lines
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, tex


def softmax_working(parts: Softmax, temperature: float, result: Array) -> Working:
    """The largest entry, exponentials, their sum, and quotients."""
    exponentials = [meant(x) for x in parts.exponentials]
    total = sum(exponentials, Fraction(0))
    exponent = "x - m" if temperature == 1 else rf"(x - m) / {tex(temperature)}"
    steps = [
        step("The largest entry.", float(parts.largest[0]), equation("m", float(parts.largest[0]))),
        step(
            "Without it, the exponentials: none exceeds 1.",
            parts.exponentials.copy(),
            equation(rf"\operatorname{{exp}}({exponent})", exponentials),
        ),
        step("Their sum.", float(total), *sum_lines("", exponentials)),
        step(
            "Each exponential, divided by the sum.",
            result,
            equation(r"\operatorname{softmax}(x)", [x / total for x in exponentials]),
        ),
    ]
    return Working("Softmax, step by step", tuple(steps))
