"""Working of a perplexity, in fractions as far as they go."""

import math
from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, factor


def perplexity_working(probabilities: Array, result: float) -> Working:
    """Reciprocals, their product, and its root."""
    reciprocals = [1 / p for p in as_fractions(probabilities, "probabilities")]
    product, n = math.prod(reciprocals, start=Fraction(1)), len(reciprocals)
    root = f"{factor(product)}^{{1/{n}}}" if n > 1 else factor(product)
    steps = [
        step(
            "Each probability says how many equally likely tokens there were; the product of these numbers.",
            float(product),
            equation(r"\operatorname{product} = " + r" \cdot ".join(map(factor, reciprocals)), product),
        ),
        step(f"Its root of order {n}, the number of tokens.", result, equation(root, result)),
    ]
    return Working("Perplexity from the product of 1/p", tuple(steps))
