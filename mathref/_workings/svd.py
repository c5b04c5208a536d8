"""How singular values and vectors come about from the eigenvalues of AᵀA."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as
from mathref._workings.eigen import eigenvalue_steps, eigenvector_step, with_sign
from mathref._workings.exact import (
    Number,
    Root,
    as_fractions,
    dot,
    further_direction,
    refuse_long,
    rounded,
    rounded_array,
    square_root,
    times,
)
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, root_equation, tex
from mathref._workings.text import plain


def svd_working(array: Array, result: Callable[[Array, Array, Array], Any]) -> Working:
    """Eigenvalues and vectors of AᵀA, then U; `result` is made of U, s and Vh."""
    refuse_long(array, "A", rows=5, columns=3)
    rows, columns = as_fractions(array, "A"), as_fractions(array.T, "A")
    gram = [[dot(a, b) for b in columns] for a in columns]
    thin = min(array.shape)
    steps = [step("The scalar products of the columns.", rounded_array(gram), equation("A^TA", gram))]
    more, values = eigenvalue_steps(gram, "A^TA")
    V: list[list[Number]] = []
    for value in dict.fromkeys(values[:thin]):
        done, units = eigenvector_step(gram, values, value, "A^TA")
        V += units
        more.append(done)
    singular = [square_root(x) if isinstance(x, Fraction) else math.sqrt(rounded(x).real) for x in values[:thin]]
    roots = (root_equation(f"s_{i}", tex(values[i - 1]), s) for i, s in enumerate(singular, 1))
    steps += [*more, step("The singular values are their roots.", rounded_array(singular), *roots)]
    U: list[list[Number]] = []
    images: list[list[Fraction]] = []
    for i, s in enumerate(singular):
        done, image, V[i] = _left_vector_step(rows, images, V[i], i + 1, rounded(s) == 0)
        images.append(image)
        U.append(with_sign(image))
        steps.append(done)
    parts = {"U": [list(row) for row in zip(*U, strict=True)], "s": [singular], "Vh": V[:thin]}
    arrays = (as_precise_as(rounded_array(numbers), array) for numbers in (parts["U"], singular, parts["Vh"]))
    lines = (equation(name, numbers) for name, numbers in parts.items())
    caption = "The factors: columns of U, singular values s, rows of Vh."
    steps.append(step(caption, result(*arrays), *lines))
    return Working("A = U diag(s) Vh by the eigenvalues of AᵀA", tuple(steps))


def _left_vector_step(
    rows: list[list[Fraction]], before: list[list[Fraction]], v: list[Number], i: int, zero: bool
) -> tuple[Step, list[Fraction], list[Number]]:
    """The step to a column of U: its direction and the v that belongs to it, with the signs of `svd`."""
    # All entries of a unit vector are multiples of one root, so that the multiples have its direction.
    direction = [x.b if isinstance(x, Root) else Fraction(rounded(x).real) for x in v]
    image = further_direction(before, len(rows)) if zero else [dot(row, direction) for row in rows]
    u = with_sign(image)
    if zero:
        caption = plain(f"s_{i} = 0: any unit vector{' orthogonal to the others' * (i > 1)} serves as u_{i}.")
        return step(caption, rounded_array(u), equation(f"u_{i}", u)), image, v
    lines = [equation(f"u_{i} = A v_{i} / s_{i}", u)]
    caption = plain(f"u_{i} from v_{i}.")
    if dot(image, [Fraction(rounded(x).real) for x in u]) < 0:
        caption += plain(f" Here v_{i} has changed its sign, so that the largest entry of u_{i} is positive.")
        v = [times(x, Fraction(-1)) if isinstance(x, (Fraction, Root)) else -x for x in v]
        lines.insert(0, equation(f"v_{i}", v))
    return step(caption, rounded_array(u), *lines), image, v
