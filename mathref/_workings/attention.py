"""Working of one query: scores in exact numbers, weights and the mean of the values in decimals."""

from fractions import Fraction

import numpy as np

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, dot, rounded_array, square_root, times
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, factor


def attention_working(q: Array, K: Array, weights: Array, output: Array) -> Working:
    """Scores, scores over √d, weights and output."""
    query, keys = as_fractions(q, "q"), as_fractions(K, "K")
    scores = [dot(query, key) for key in keys]
    root = square_root(Fraction(1, len(query)))
    scaled = [times(root, score) for score in scores]
    decimals = rounded_array(scaled)
    with np.errstate(under="ignore"):
        exponentials = np.exp(decimals - decimals.max()).tolist()
    largest = rf"s - {factor(scaled[int(decimals.argmax())])}"
    steps = [
        step("The score of each key: its product with the query.", rounded_array(scores), equation("K q", scores)),
        step(
            "Each score, divided by the root of the number of entries.",
            decimals,
            equation(rf"s = K q / \sqrt{{{len(query)}}}", scaled),
        ),
        step(
            "The weights: exponentials without the largest score, divided by their sum.",
            weights,
            equation(rf"\operatorname{{exp}}({largest})", exponentials),
            equation(r"\operatorname{softmax}(s)", weights.tolist()),
        ),
        step("The output: the rows of values, weighted.", output, equation("V^T w", output.tolist())),
    ]
    return Working("Attention of one query", tuple(steps))
