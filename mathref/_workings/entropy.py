"""How an entropy comes about term by term."""

from collections.abc import Callable
from fractions import Fraction

from numpy.typing import ArrayLike

from mathref._arguments.probabilities import as_base, as_distribution
from mathref._arguments.shapes import as_vector
from mathref._workings.exact import logarithm, refuse_long, rounded, shares
from mathref._workings.steps import Working, step, sum_step
from mathref._workings.tex import equation, factor, logarithm_name, sign, unit_name


def entropy_working(p: ArrayLike, base: float, entropy: Callable[[ArrayLike, float], float]) -> Working:
    """One step for each outcome, and the sum, which is `entropy(p, base)`."""
    array, base = as_distribution(p, "p"), as_base(base)
    refuse_long(array, "p", rows=8)
    log, terms, steps = logarithm_name(base), [], []
    for i, x in enumerate(shares(as_vector(p, "p")), 1):
        surprise = -logarithm(x, base) if x else Fraction(0)
        terms.append(x * surprise)
        product = "-" * bool(x) + rf"{factor(x)} \cdot {log} {factor(x)}"
        product += rf" {sign(surprise)} {factor(x)} \cdot {factor(surprise)}" * bool(x)
        caption = f"Outcome {i}" + (": 0 log 0 counts 0, its limit." * (not x) or ".")
        steps.append(step(caption, rounded(terms[-1]), equation(product, terms[-1])))
    last = sum_step(f"The sum, in {unit_name(base)}.", entropy(p, base), "H(p)", terms)
    return Working("Entropy, term by term", (*steps, last))
