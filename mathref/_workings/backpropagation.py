"""How derivatives come about on a tape of numbers: results forwards, derivatives backwards."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, factor, sign, tex

_MOST = 12
_WRITTEN = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": r"{0} \cdot {1}",
    "divide": "{0} / {1}",
    "matmul": r"{0} \cdot {1}",
    "negative": "-{0}",
    "power": "{0}^{{{1}}}",
}
_NOUNS = {
    "add": "a sum",
    "subtract": "a difference",
    "multiply": "a product",
    "divide": "a quotient",
    "power": "a power",
}


def backpropagation_working(order: Sequence[Any], inputs: Sequence[Any], names: Sequence[str]) -> Working:
    """One step for each operation in this order, one for each backwards, and the gradient by the inputs.

    The variables of `order` are numbers and have their gradients already.
    """
    operations = [variable for variable in order if variable.operands]
    if len(operations) > _MOST:
        raise ValueError(
            f"f must take at most {_MOST} operations for a working to be read, but it took {len(operations)}"
        )
    if any(variable.size != 1 for variable in order):
        raise ValueError("f must compute with numbers for a working to be read, but a result has several entries")
    known = {id(variable): name for variable, name in zip(inputs, names, strict=True)}
    for number, variable in enumerate(operations, 1):
        known[id(variable)] = f"v_{{{number}}}" if number > 9 else f"v_{number}"
    forwards = [_forward(variable, known) for variable in operations]
    backwards = [_backward(variable, operations, known) for variable in reversed(operations)]
    gradient = np.array([0.0 if x.grad is None else x.grad.item() for x in inputs])
    lines = [line for x in inputs for line in _derivative_lines(x, operations, known)]
    last = step("Backwards to the inputs: each adds up what comes back to it.", gradient, *lines)
    return Working("Backpropagation", (*forwards, *backwards, last))


def _forward(variable: Any, known: dict[int, str]) -> Step:
    name = known[id(variable)]
    symbols = _written(variable, lambda x: known.get(id(x)) or _number(x))
    numbers = _written(variable, _number)
    operands = [float(np.asarray(getattr(x, "value", x)).item()) for x in variable.operands]
    both = symbols if symbols == numbers else f"{symbols} {sign(*operands)} {numbers}"
    value = variable.value.item()
    return step(
        f"Forwards: {_NOUNS.get(variable.operation, variable.operation)}.", value, equation(f"{name} = {both}", value)
    )


def _written(variable: Any, shown: Callable[[Any], str]) -> str:
    first, *others = (shown(x) for x in variable.operands)
    if variable.operation in _WRITTEN:
        bare = variable.operation == "power"
        return _WRITTEN[variable.operation].format(first, *(_bare(x) if bare else x for x in others))
    return rf"\operatorname{{{variable.operation}}}({', '.join(map(_bare, [first, *others]))})"


def _bare(x: str) -> str:
    """Without the parentheses that an exponent and an argument need not have."""
    return x[1:-1] if x[0] == "(" else x


def _number(x: Any) -> str:
    return factor(float(np.asarray(getattr(x, "value", x)).item()))


def _backward(variable: Any, operations: Sequence[Any], known: dict[int, str]) -> Step:
    caption = "Backwards: the result by itself." if variable is operations[-1] else "Backwards, through what used it."
    return step(caption, variable.grad.item(), *_derivative_lines(variable, operations, known))


@np.errstate(all="ignore")
def _derivative_lines(variable: Any, operations: Sequence[Any], known: dict[int, str]) -> list[str]:
    """∂v₃/∂a as the sum, over all uses of a, of what came back there times the use's own derivative by a.

    Each use has a line of its own, and the numbers too, so that a phone is wide enough.
    """
    name = known[id(variable)]
    if not operations:
        return [rf"\partial {name}/\partial {name} = {tex(0.0 if variable.grad is None else 1.0)}"]
    output = known[id(operations[-1])]
    whole = rf"\partial {output}/\partial {name}"
    uses = [
        (use, rule(np.ones_like(use.value)))
        for use in reversed(operations)
        for operand, rule in zip(use.operands, use.rules, strict=True)
        if operand is variable
    ]
    if not uses:
        return [f"{whole} = {1 if variable is operations[-1] else 0}"]
    first, *others = (
        rf"\partial {output}/\partial {known[id(use)]} \cdot \partial {known[id(use)]}/\partial {name}"
        for use, _ in uses
    )
    numbers = " + ".join(
        rf"{factor(use.grad.item())} \cdot {factor(float(np.asarray(local).item()))}" for use, local in uses
    )
    value = variable.grad.item()
    shown = sign(*(x for use, local in uses for x in (use.grad.item(), float(np.asarray(local).item()))))
    result = rf"\quad {shown} {numbers} {sign(value)} {tex(value)}"
    return [f"{whole} = {first}", *(rf"\quad + {other}" for other in others), result]
