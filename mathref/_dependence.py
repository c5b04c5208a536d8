"""Mutual information of a table of probabilities or counts, to the last digits even where it is nearly 0."""

import numpy as np

from mathref._arguments import Array
from mathref._careful import careful_sum_of, divergence_terms, log_ratio, sum_and_remainder
from mathref._error_free import product_and_error

# Numbers in two parts: rounded to doubles, and what that left over.
InTwo = tuple[Array, Array]


def margin(joint: Array) -> InTwo:
    """Sum of each row."""
    sums = np.array([sum_and_remainder(row) for row in joint])
    return sums[:, 0], sums[:, 1]


def whole(counts: Array) -> InTwo:
    return counts.astype(np.float64), np.zeros(len(counts))


def dependence(p: Array, row: InTwo, column: InTwo, total: tuple[float, float], unpaired: float) -> float:
    """Mutual information in nats from the cells p > 0, the sums of their rows and columns, and the sum of all cells.

    `unpaired` is the sum of row sum times column sum over the cells with p = 0.
    """
    (a, a_rest), (b, b_rest) = product_and_error(p, total[0]), product_and_error(row[0], column[0])
    a_rest += p * total[1]
    b_rest += row[0] * column[1] + row[1] * column[0]
    logs = log_ratio(p / row[0], column[0] / total[0])
    difference = (a - b) + (a_rest - b_rest)
    return (careful_sum_of(divergence_terms, a, b, difference, logs) + unpaired) / total[0] ** 2
