"""How the backward pass of a linear layer comes about for one example."""

from fractions import Fraction
from typing import Any

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, dot, refuse_long, rounded_array
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation

_MOST = 4


def linear_layer_working(x: Array, W: Array, b: Array | None, upstream: Array) -> Working:
    """The output, then the derivatives by bias, weights and input."""
    for array, name in ((x, "x"), (W, "W")):
        refuse_long(array, name, rows=_MOST, columns=_MOST)
    inputs, weights, back = as_fractions(x, "x"), as_fractions(W, "W"), as_fractions(upstream, "upstream")
    bias = [Fraction(0)] * len(weights) if b is None else as_fractions(b, "b")
    output = [dot(row, inputs) + c for row, c in zip(weights, bias, strict=True)]
    by_weights = [[g * entry for entry in inputs] for g in back]
    by_input = [dot(column, back) for column in zip(*weights, strict=True)]
    steps = (
        _step("Forwards: each row of W times x, plus its bias.", "y = W x + b", output),
        _step("The bias is added: the upstream gradient as it is.", r"\partial L/\partial b = u", back),
        _step("Upstream times input, of the shape of W.", r"\partial L/\partial W = u x^T", by_weights),
        _step("The transposed weights times upstream.", r"\partial L/\partial x = W^T u", by_input),
    )
    return Working("Linear layer, forwards and backwards, with the upstream gradient u", steps)


def _step(caption: str, name: str, value: list[Any]) -> Any:
    return step(caption, rounded_array(value), equation(name, value))
