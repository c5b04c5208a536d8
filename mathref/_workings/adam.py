"""How the first steps of Adam come about."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import refuse_overflow
from mathref._numerics.descent import Walk
from mathref._numerics.optimisers import Scaled
from mathref._workings.gradient_descent import descent_working, shown, slope_line
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain

_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"


def adam_working(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    betas: tuple[float, float],
    eps: float,
    steps: int,
) -> Working:
    """For each step both averages, both corrected, and the point."""
    walk = Walk(gradient, start, learning_rate, None)
    rate, small = tex(float(learning_rate)), f" + {tex(eps)}" if eps else ""

    def described(k: int, slope: Array, rule: Scaled, x: Any) -> list[Step]:
        t = k + 1
        totals = rule.sums()
        with np.errstate(all="ignore"):
            fair_values = rule.m, rule.root**2
            values = [fair * total for fair, total in zip(fair_values, totals, strict=True)]
        refuse_overflow(fair_values[1], "the average of the squares of gradient(x)")
        words = zip("mv", ("", "^2"), ("gradients", "squares"), betas, strict=True)
        plain_ones, fair_ones = [], []
        for (name, power, what, beta), total, fair, kept_value in zip(words, totals, fair_values, values, strict=True):
            lines = [slope_line(k, slope, x)] if name == "m" else []
            kept = f"{tex(beta)} {name}_{{{k}}} + " if k and beta else ""
            rule_of_average = f"{name}_{{{t}}} = {kept}{tex(1 - beta)} \\cdot \\nabla f(x_{{{k}}}){power}"
            value = shown(kept_value, x)
            lines.append(equation(rule_of_average, value))
            plain_ones.append(step(f"Step {t}, the average of {what}.", _value(value, x), *lines))
            value = shown(fair, x)
            divided = f"{name}{_HAT}_{{{t}}} = {name}_{{{t}}} / {tex(total)}"
            caption = f"Divided by the sum of its weights, 1 minus {plain(tex(beta))} to the power {t}."
            fair_ones.append(step(caption, _value(value, x), equation(divided, value)))
        moved = f"x_{{{t}}} = x_{{{k}}} - {rate} m{_HAT}_{{{t}}} / (\\sqrt{{v{_HAT}_{{{t}}}}}{small})"
        return [*plain_ones, *fair_ones, step(f"Step {t}, the point.", x, equation(moved, shown(x, x)))]

    title = f"Adam with learning rate {plain(rate)}"
    return descent_working(title, walk, Scaled(walk, betas, eps), steps, described, most=5)


def _value(entries: Any, x: Any) -> Any:
    """Numbers in the form of the point x."""
    return np.array(entries, dtype=x.dtype) if np.ndim(x) else entries
