"""How the first steps of a descent come about, by whatever rule the gradient becomes a step."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.single import as_integer
from mathref._numerics.descent import Walk, descend
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import Line, equation, tex
from mathref._workings.text import plain

# The steps that lead from x_k to x_{k+1}: made of k, the gradient at x_k, the rule after it, and x_{k+1}.
Described = Callable[[int, Array, Any, Any], list[Step]]


def gradient_descent_working(
    gradient: Callable[[Any], ArrayLike], start: ArrayLike, learning_rate: float, steps: int
) -> Working:
    """One step for each point of the walk."""
    walk = Walk(gradient, start, learning_rate, None)
    rate = tex(float(learning_rate))

    def described(k: int, slope: Array, _: Any, x: Any) -> list[Step]:
        moved = f"x_{{{k + 1}}} = x_{{{k}}} - {rate} \\nabla f(x_{{{k}}})"
        lines = slope_line(k, slope, x), equation(moved, shown(x, x))
        return [step(f"Step {k + 1}, against the gradient.", x, *lines)]

    title = f"Gradient descent with learning rate {plain(rate)}"
    return descent_working(title, walk, lambda slope: walk.learning_rate * slope, steps, described, rolls=False)


def descent_working(
    title: str,
    walk: Walk,
    rule: Callable[[Array], Array],
    steps: Any,
    described: Described,
    *,
    most: int = 20,
    rolls: bool = True,
) -> Working:
    """The start, and what is described of each step that the descent takes."""
    refuse_long(walk.x, "start", rows=5)
    if walk.x.ndim > 2:
        raise ValueError(f"start must be a number, a vector or a matrix, but its shape is {walk.x.shape}")
    steps = as_integer(steps, "steps", least=0, most=most)
    seen: list[tuple[Array, Any]] = []

    def watched(slope: Array) -> Array:
        taken_off = rule(slope)
        seen.append((slope, copy.copy(rule)))
        return taken_off

    _, path, *_ = descend(walk, watched, steps, 0.0, rolls=rolls)
    points = [x.copy() if np.ndim(x) else x.item() for x in path]
    taken = [step("The start.", points[0], equation("x_0", shown(points[0], points[0])))]
    for k, ((slope, after), x) in enumerate(zip(seen, points[1:], strict=False)):  # one more is seen than a last leap
        taken += described(k, slope, after, x)
    return Working(title, tuple(taken))


def slope_line(k: int, slope: Array, x: Any) -> Line:
    """The gradient at a point, as a line of a formula."""
    return equation(rf"\nabla f(x_{{{k}}})", shown(slope, x))


def shown(values: Any, x: Any) -> Any:
    """Lists, which are written in brackets, if the point x is an array; otherwise the one number."""
    return values.tolist() if np.ndim(x) else values.item() if isinstance(values, np.ndarray) else values
