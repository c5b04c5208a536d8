"""Shapes as they are given: lengths of axes, and how two of them fit by broadcasting."""

import math
import sys
from numbers import Integral
from typing import Any

import numpy as np

from mathref._arguments.single import shown

Shape = tuple[int, ...]
_MOST_AXES = 64  # of an array of NumPy 2, which it does not tell
_MOST_ENTRIES = sys.maxsize // 8


def as_shape(x: Any, name: str, *, least: int = 1) -> Shape:
    """Lengths of axes; one whole number stands for one axis."""
    lengths = (x,) if isinstance(x, Integral) else x
    if not isinstance(lengths, (tuple, list)) or isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} must be a tuple of whole numbers, but it is {shown(x)}")
    for length in lengths:
        if isinstance(length, (bool, np.bool_)) or not isinstance(length, Integral):
            raise TypeError(f"{name} must be a tuple of whole numbers, but it holds {shown(length)}")
        if length < least:
            raise ValueError(f"{name} must hold lengths of at least {least}, but one is {int(length)}")
    return tuple(int(length) for length in lengths)


def refuse_too_large(shape: Shape, name: str) -> None:
    """Raise if no array of doubles has this shape, whatever the memory; `name` is the argument that asks for it."""
    if len(shape) > _MOST_AXES:
        raise ValueError(f"{name} must ask for an array of at most {_MOST_AXES} axes, but it asks for {len(shape)}")
    if math.prod(shape) > _MOST_ENTRIES:
        raise ValueError(f"{name} must ask for an array of at most {_MOST_ENTRIES} entries, but it asks for more")


def common_shape(shapes: list[Shape], name: str) -> Shape:
    """The shape to which all of these broadcast, aligned from the right."""
    axes = max(map(len, shapes), default=0)
    return tuple(common_length(shapes, axis, name) for axis in range(-axes, 0))


def common_length(shapes: list[Shape], axis: int, name: str) -> int:
    """The one length besides 1 on an axis that is counted from the right."""
    lengths = {shape[axis] for shape in shapes if len(shape) >= -axis} - {1}
    if len(lengths) > 1:
        given = " and ".join(map(str, (shape for shape in shapes if len(shape) >= -axis and shape[axis] != 1)))
        raise ValueError(
            f"{name} must have equal lengths, or 1, on each axis counted from the right, but on axis {axis} "
            f"{given} have {' and '.join(map(str, sorted(lengths)))}"
        )
    return lengths.pop() if lengths else 1


def stretched_axes(shape: Shape, to: Shape, name: str) -> tuple[int, ...]:
    """Axes of `to` that are new, or longer than the 1 that stands there; refused if the shape does not become `to`."""
    new = len(to) - len(shape)
    if new < 0 or any(have not in (1, want) for have, want in zip(shape, to[new:], strict=True)):
        raise ValueError(
            f"{name} must broadcast to the shape {to}: aligned from the right, each of its lengths must be the same or "
            f"1, but its shape is {shape}"
        )
    return tuple(axis for axis, want in enumerate(to) if axis < new or (shape[axis - new] == 1 and want != 1))


def as_weight_shape(shape: Any, name: str) -> Shape:
    """Lengths (out, in, *kernel) of weights."""
    lengths = as_shape(shape, name)
    if len(lengths) < 2:
        raise ValueError(
            f"{name} must be (out, in, *kernel), of at least two lengths, but it is {lengths}; biases have no fan-in"
        )
    refuse_too_large(lengths, name)
    return lengths
