"""How a divergence comes about term by term."""

import math
from collections.abc import Callable
from fractions import Fraction

from numpy.typing import ArrayLike

from mathref._arguments.probabilities import as_base, as_distribution
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._workings.exact import logarithm, refuse_long, rounded, shares
from mathref._workings.steps import Working, step, sum_step
from mathref._workings.tex import equation, factor, logarithm_name, sign, unit_name


def kl_working(p: ArrayLike, q: ArrayLike, base: float, kl_divergence: Callable[..., float]) -> Working:
    """One step for each outcome, and the sum, which is `kl_divergence(p, q, base)`."""
    ps, qs = as_distribution(p, "p"), as_distribution(q, "q")
    refuse_unequal_shapes(ps, qs, ("p", "q"))
    base = as_base(base)
    refuse_long(ps, "p", rows=8)
    terms: list[Fraction | float] = []
    steps = []
    log, pairs = logarithm_name(base), zip(shares(as_vector(p, "p")), shares(as_vector(q, "q")), strict=True)
    for i, (x, y) in enumerate(pairs, 1):
        gain = Fraction(0) if not x else logarithm(x / y, base) if y else math.inf
        terms.append(x * gain if x else Fraction(0))
        first = rf"{factor(x)} \cdot {log} ({factor(x)} / {factor(y)})"
        then = rf"\quad {sign(gain)} {factor(x)} \cdot {factor(gain)}" if x else r"\quad"
        if x and y:
            first += rf" = {factor(x)} \cdot {log} {factor(x / y)}"
        caption = f"Outcome {i}" + (": a term with p = 0 counts 0." if not x else "." if y else ": p > 0 where q = 0.")
        steps.append(step(caption, rounded(terms[-1]), first, equation(then, terms[-1])))
    last = sum_step(f"The sum, in {unit_name(base)}.", kl_divergence(p, q, base), r"\operatorname{KL}(p \| q)", terms)
    return Working("Kullback-Leibler divergence, term by term", (*steps, last))
