"""Workings of the covariance matrix, from deviations in fractions."""

from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, dot, rounded_array
from mathref._workings.expectation import divided_by
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation


def deviation_steps(X: Array) -> tuple[list[Step], list[list[Fraction]]]:
    """Steps to the mean and the deviations D, and DᵀD."""
    rows = as_fractions(X, "X")
    centre = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    D = [[entry - middle for entry, middle in zip(row, centre, strict=True)] for row in rows]
    deviations = [list(column) for column in zip(*D, strict=True)]
    steps = [
        step("The mean of each column.", rounded_array(centre), equation(r"\operatorname{mean}", [centre])),
        step("D: each row less the mean.", rounded_array(D), equation("D", D)),
    ]
    return steps, [[dot(a, b) for b in deviations] for a in deviations]


def covariance_working(X: Array, ddof: int, result: Array) -> Working:
    """Mean, deviations and their products."""
    steps, products = deviation_steps(X)
    n = len(X)
    matrix = [[product / (n - ddof) for product in row] for row in products]
    last = step(
        f"Products of columns of D, summed and {divided_by(n, ddof)}.",
        result,
        equation("D^T D", products),
        equation(f"D^T D / {n - ddof}", matrix),
    )
    return Working("Covariance from the deviations", (*steps, last))
