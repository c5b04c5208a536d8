"""Working of the divergence of two Gaussians of one variable."""

from fractions import Fraction

import numpy as np

from mathref._workings.exact import as_fractions, logarithm, rounded
from mathref._workings.steps import Working, step, sum_step
from mathref._workings.tex import equation, factor, tex


def gaussian_kl_working(mean0: float, var0: float, mean1: float, var1: float, result: float) -> Working:
    """Three terms and their sum."""
    names = {"mean0": mean0, "var0": var0, "mean1": mean1, "var1": var1}
    m0, v0, m1, v1 = (as_fractions(np.array([x]), name)[0] for name, x in names.items())
    log = logarithm(v1 / v0, np.e)
    wider = log / 2
    apart = (v0 + (m0 - m1) ** 2) / (2 * v1)
    difference = f"({tex(m0)} - {factor(m1)})^2"
    half = Fraction(1, 2)
    steps = [
        step(
            "How much wider the second is.",
            rounded(wider),
            equation(rf"{factor(half)} \cdot \ln ({factor(v1)} / {factor(v0)})", wider),
        ),
        step(
            "Squared distance from the second mean on average, in its variances.",
            rounded(apart),
            equation(rf"({tex(v0)} + {difference}) / (2 \cdot {factor(v1)})", apart),
        ),
        step("The same for the second Gaussian itself.", -0.5, "-" + tex(half)),
        sum_step("The sum, in nats.", result, r"\operatorname{KL}(N_0 \| N_1)", [wider, apart, -half]),
    ]
    return Working("KL divergence of two Gaussians", tuple(steps))
