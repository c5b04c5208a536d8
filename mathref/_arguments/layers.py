"""Arguments of a linear layer x Wᵀ + b, one example or many, and of many layers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_integer


def as_examples(x: ArrayLike, name: str = "x") -> Array:
    """A vector (one example), or a matrix whose rows are examples."""
    array = as_array(x, name, real=True)
    if array.ndim not in (1, 2):
        raise ValueError(f"{name} must be a vector or a matrix of examples in rows, but its shape is {array.shape}")
    return array


def as_weights(W: ArrayLike, b: ArrayLike | None, size: int, name: str = "") -> tuple[Array, Array | None]:
    """W of shape (out, in) for `size` inputs, and b of shape (out,) or None; `name` stands before theirs."""
    W_name, b_name = (name + ".W", name + ".b") if name else ("W", "b")
    weights = as_matrix(W, W_name, real=True)
    if weights.shape[1] != size:
        raise ValueError(
            f"{W_name} must have {size} columns, one for each entry of x, but its shape is {weights.shape}"
        )
    if b is None:
        return weights, None
    bias = as_vector(b, b_name, real=True)
    if len(bias) != len(weights):
        raise ValueError(f"{b_name} must have {len(weights)} entries, as W has rows, but its shape is {bias.shape}")
    return weights, bias


def as_layers(layers: Any, size: int) -> list[tuple[Array, Array | None]]:
    """Weights of layer after layer, of which each takes what the one before gives."""
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"layers must be a list of pairs (W, b), but it is {layers!r:.40}")
    if not layers:
        raise ValueError("layers must hold at least one pair (W, b), but there are none")
    result = []
    for i, layer in enumerate(layers):
        if not isinstance(layer, (list, tuple)) or len(layer) != 2:
            raise TypeError(f"layers[{i}] must be a pair (W, b), but it is {layer!r:.40}")
        W, b = layer
        result.append(as_weights(W, b, size, f"layers[{i}]"))
        size = len(result[-1][0])
    return result


def as_fans(fan_in: Any, name: str) -> list[int]:
    """Numbers of inputs of layer after layer: whole numbers, at least 1."""
    as_vector(fan_in, name, real=True)
    return [as_integer(fan, name, least=1) for fan in (fan_in.tolist() if isinstance(fan_in, np.ndarray) else fan_in)]


def as_weight_variances(weight_variance: ArrayLike, name: str, layers: int) -> Array:
    """Variances of the weights of so many layers, not negative."""
    array = as_vector(weight_variance, name, real=True)
    if len(array) != layers:
        raise ValueError(
            f"fan_in and {name} must have one entry for each layer, but fan_in has {layers} and {name} {len(array)}"
        )
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative, but an entry of {name} is {array.min().item()}")
    return array
