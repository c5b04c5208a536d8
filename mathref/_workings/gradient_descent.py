"""How the first steps of a descent come about."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.single import as_integer
from mathref._numerics.descent import Walk
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain


def gradient_descent_working(
    gradient: Callable[[Any], ArrayLike], start: ArrayLike, learning_rate: float, steps: int
) -> Working:
    """One step for each point of the walk."""
    walk = Walk(gradient, start, learning_rate, None)
    refuse_long(walk.x, "start", rows=5)
    if walk.x.ndim > 2:
        raise ValueError(f"start must be a number, a vector or a matrix, but its shape is {walk.x.shape}")
    steps = as_integer(steps, "steps", least=0, most=20)
    rate = tex(float(learning_rate))

    def shown(x: Array) -> Any:
        return x.tolist() if np.ndim(start) else x.item()

    taken = [step("The start.", walk.end()[0], equation("x_0", shown(walk.x)))]
    with np.errstate(all="ignore"):
        for k in range(steps):
            if not (walk.look() and walk.steepness and walk.move(walk.x - walk.learning_rate * walk.slope)):
                break
            moved = f"x_{{{k + 1}}} = x_{{{k}}} - {rate} \\nabla f(x_{{{k}}})"
            lines = equation(rf"\nabla f(x_{{{k}}})", shown(walk.slope)), equation(moved, shown(walk.x))
            taken.append(step(f"Step {k + 1}, against the gradient.", walk.end()[0], *lines))
    return Working(f"Gradient descent with learning rate {plain(rate)}", tuple(taken))
