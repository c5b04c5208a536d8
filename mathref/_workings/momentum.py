"""How the first steps of a heavy ball come about."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.fading import as_fading
from mathref._numerics.descent import Walk
from mathref._numerics.optimisers import Ball
from mathref._workings.gradient_descent import descent_working, shown, slope_line
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain


def heavy_ball_working(
    gradient: Callable[[Any], ArrayLike], start: ArrayLike, learning_rate: float, beta: float, steps: int
) -> Working:
    """One step for each point, with the gradient and the velocity that lead to it."""
    walk, beta = Walk(gradient, start, learning_rate, None), as_fading(beta, "beta")
    rate, share = tex(float(learning_rate)), tex(beta)

    def described(k: int, slope: Array, ball: Ball, x: Any) -> list[Step]:
        kept = f"{share} v_{{{k}}} + " if k else ""
        velocity = equation(f"v_{{{k + 1}}} = {kept}\\nabla f(x_{{{k}}})", shown(ball.v, x))
        point = equation(f"x_{{{k + 1}}} = x_{{{k}}} - {rate} v_{{{k + 1}}}", shown(x, x))
        return [step(f"Step {k + 1}, by the velocity.", x, slope_line(k, slope, x), velocity, point)]

    title = f"Heavy ball with learning rate {plain(rate)} and momentum {plain(share)}"
    return descent_working(title, walk, Ball(walk, beta), steps, described)
