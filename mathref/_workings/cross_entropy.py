"""Working of the loss of one row of logits and its label."""

from fractions import Fraction

import numpy as np

from mathref._arguments.arrays import Array
from mathref._workings.exact import meant
from mathref._workings.expectation import sum_lines
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, factor

_FAR = 300  # exponentials of logits beyond are not written down


def cross_entropy_working(logits: Array, label: int, result: float) -> Working:
    """Exponentials, their sum, the probability and its logarithm; the largest logit is taken off where it is far."""
    largest = float(logits.max())
    steps, exponent = [], "x"
    if abs(largest) > _FAR:
        steps, exponent = [step("The largest logit is taken off.", largest, equation("m", largest))], "x - m"
        logits = logits - largest
    with np.errstate(under="ignore"):
        powers = np.exp(logits)
    exponentials = [meant(power) for power in powers]
    total = sum(exponentials, Fraction(0))
    p = exponentials[label] / total
    loss = rf"-\ln {factor(p)}"
    if not p and result < np.inf:  # the probability is below all doubles, and its logarithm is not
        loss = rf"\ln {factor(total)} - {factor(float(logits[label]))}"
    steps += [
        step("Exponentials.", powers, equation(rf"\operatorname{{exp}}({exponent})", exponentials)),
        step("Their sum.", float(total), *sum_lines("", exponentials)),
        step(
            f"The probability of class {label}.",
            float(p),
            equation(rf"p = {factor(exponentials[label])} / {factor(total)}", p),
        ),
        step("The loss, in nats.", result, equation(loss, result)),
    ]
    return Working("Cross-entropy of one label", tuple(steps))
