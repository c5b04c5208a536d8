"""Workings of the covariance matrix, from deviations in fractions."""

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, dot, rounded_array
from mathref._workings.expectation import divided_by
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation


def covariance_working(X: Array, ddof: int, result: Array) -> Working:
    """Mean, deviations and their products."""
    rows = as_fractions(X, "X")
    n, columns = len(rows), [list(column) for column in zip(*rows, strict=True)]
    centre = [sum(column) / n for column in columns]
    D = [[entry - middle for entry, middle in zip(row, centre, strict=True)] for row in rows]
    deviations = [list(column) for column in zip(*D, strict=True)]
    products = [[dot(a, b) for b in deviations] for a in deviations]
    matrix = [[product / (n - ddof) for product in row] for row in products]
    size = divided_by(n, ddof)
    steps = [
        step("The mean of each column.", rounded_array(centre), equation(r"\operatorname{mean}", [centre])),
        step("D: each row less the mean.", rounded_array(D), equation("D", D)),
        step(
            f"Products of columns of D, summed and {size}.",
            result,
            equation("D^T D", products),
            equation(f"D^T D / {n - ddof}", matrix),
        ),
    ]
    return Working("Covariance from the deviations", tuple(steps))
