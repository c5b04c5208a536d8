"""Workings of a posterior, in fractions."""

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, rounded, shares
from mathref._workings.expectation import sum_lines
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, factor


def posterior_working(prior: Array, likelihood: Array, result: Array) -> Working:
    """Products, their sum, and the share of each."""
    pairs = list(zip(shares(prior), as_fractions(likelihood, "likelihood"), strict=True))
    products = [p * y for p, y in pairs]
    steps = [
        step(
            f"Hypothesis {i}: prior times likelihood.",
            rounded(p * y),
            equation(rf"{factor(p)} \cdot {factor(y)}", p * y),
        )
        for i, (p, y) in enumerate(pairs, 1)
    ]
    evidence = sum(products)
    steps.append(step("The sum: the probability of the observation.", rounded(evidence), *sum_lines("", products)))
    parts = [product / evidence for product in products]
    steps.append(step("Each product, divided by the sum.", result, equation(r"\operatorname{posterior}", parts)))
    return Working("Posterior from prior and likelihood", tuple(steps))
