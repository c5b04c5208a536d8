"""How principal components come about from the covariance matrix of two quantities."""

from mathref._arguments.arrays import Array
from mathref._workings.covariance import deviation_steps
from mathref._workings.eigen import eigenvalue_steps, eigenvector_step
from mathref._workings.exact import Number, rounded_array
from mathref._workings.expectation import divided_by
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation


def pca_working(X: Array, result: Array) -> Working:
    """Mean, deviations, covariance matrix, its eigenvalues and eigenvectors; `result` has the directions as rows."""
    steps, products = deviation_steps(X)
    n = len(X)
    matrix = [[product / (n - 1) for product in row] for row in products]
    caption = f"The covariance matrix S: products of columns of D, summed and {divided_by(n, 1)}."
    lines = equation("D^T D", products), equation(f"S = D^T D / {n - 1}", matrix)
    steps.append(step(caption, rounded_array(matrix), *lines))
    more, values = eigenvalue_steps(matrix, "S")
    steps += more
    if values[0] == values[1]:
        caption = "Both variances are equal: any two perpendicular directions serve. These are those of pca, as rows."
        steps.append(step(caption, result, equation("C", result.tolist())))
        return Working(_TITLE, tuple(steps))
    components: list[list[Number]] = []
    for value in values:
        done, units = eigenvector_step(matrix, values, value, "S")
        components += units
        steps.append(done)
    caption = "The components as rows, by falling variance λ."
    steps.append(step(caption, result, equation("C", components)))
    return Working(_TITLE, tuple(steps))


_TITLE = "Principal components by the covariance matrix"
