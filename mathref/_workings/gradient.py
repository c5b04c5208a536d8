"""How the gradient of a polynomial in a few variables comes about, one partial derivative after another."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from mathref._workings.exact import rounded
from mathref._workings.polynomials import NAMES, Terms, evaluated, partial, value, written
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain


def gradient_working(terms: Terms, point: Sequence[Fraction]) -> Working:
    """One step for each variable, and the gradient."""
    partials = [partial(terms, index) for index in range(len(point))]
    slopes = [value(slope, point) for slope in partials]
    steps = [_partial_step(index, slope, point) for index, slope in enumerate(partials)]
    last = step(
        "The partial derivatives together are the gradient.",
        np.array([rounded(slope) for slope in slopes]),
        equation(r"\nabla f", slopes),
    )
    return Working(f"Gradient of f = {plain(written(terms))} at ({point_text(point)})", (*steps, last))


def _partial_step(index: int, slope: Terms, point: Sequence[Fraction]) -> Step:
    others = ", ".join(name for i, name in enumerate(NAMES[: len(point)]) if i != index)
    caption = f"The derivative by {NAMES[index]}" + (f", with {others} held fixed." if others else ".")
    return step(caption, rounded(value(slope, point)), partial_line("f", index, slope, point))


def partial_line(name: str, index: int, slope: Terms, point: Sequence[Fraction]) -> str:
    """∂f/∂x as a polynomial, with numbers put in, and its value."""
    return evaluated(rf"\partial {name}/\partial {NAMES[index]}", slope, point)


def point_text(point: Sequence[Fraction]) -> str:
    """The entries of a point, for a title."""
    return ", ".join(plain(tex(x)) for x in point)
