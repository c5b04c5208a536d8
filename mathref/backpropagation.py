"""Backpropagation: all derivatives of one number in one pass backwards, by a tape of what was computed."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments import Array, as_array, as_choice, as_function, refuse_overflow, refuse_unequal_shapes
from mathref._layers import as_layers
from mathref._working import Working
from mathref._workings.backpropagation import backpropagation_working

# For each operation, what ∂L/∂(result) becomes for each operand: from that upstream gradient g, the result y and the
# operands. What was broadcast is summed afterwards, in one place.
_RULES: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, y, a, b: g, lambda g, y, a, b: g),
    np.subtract: (lambda g, y, a, b: g, lambda g, y, a, b: -g),
    np.multiply: (lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    np.divide: (lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b),
    np.power: (
        lambda g, y, a, b: g * np.where(b == 0, 0, b * a ** np.where(b == 0, 1, b - 1)),
        lambda g, y, a, b: g * np.where((a == 0) & (b > 0), 0, y * np.log(a)),
    ),
    np.matmul: (lambda g, y, a, b: _by_left(g, a, b), lambda g, y, a, b: _by_right(g, a, b)),
    np.maximum: (
        lambda g, y, a, b: g * ((a > b) + (a == b) / 2),
        lambda g, y, a, b: g * ((b > a) + (a == b) / 2),
    ),
    np.negative: (lambda g, y, a: -g,),
    np.exp: (lambda g, y, a: g * y,),
    np.log: (lambda g, y, a: g / a,),
    np.sqrt: (lambda g, y, a: g / (2 * y),),
    np.sin: (lambda g, y, a: g * np.cos(a),),
    np.cos: (lambda g, y, a: -g * np.sin(a),),
    np.tanh: (lambda g, y, a: g * (1 - y * y),),
    np.absolute: (lambda g, y, a: g * np.sign(a),),
}
