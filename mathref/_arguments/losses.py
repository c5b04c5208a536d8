"""What a loss of logits compares them with: labels or class probabilities, and how the rows count and are reduced."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, as_integers, first, refuse_nonfinite
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_choice, shown

REDUCTIONS = ("mean", "sum", "none")


def as_labels(
    target: Any,
    name: str,
    shape: tuple[int, ...],
    classes: int,
    ignored: int | None = None,
    way_out: str = "name labels that do not count by ignore_index",
) -> tuple[Array, Array]:
    """Labels of this shape, from 0 to classes - 1, and which of them count; one that is ignored becomes 0."""
    labels = as_integers(target, name, "labels, which are integers")
    if labels.shape != shape:
        raise ValueError(f"{name} must hold one label for each row, shape {shape}, but its shape is {labels.shape}")
    counted = np.ones(shape, dtype=bool) if ignored is None else np.asarray(labels != ignored, dtype=bool)
    outside = np.asarray(((labels < 0) | (labels >= classes)) & counted, dtype=bool)
    if outside.any():
        where, position = first(outside, name)
        hint = f"; {way_out}" if labels[where] < 0 else ""
        raise ValueError(f"{name} must hold labels from 0 to {classes - 1}, but {position} is {labels[where]}{hint}")
    return np.where(counted, labels, 0).astype(np.int64), counted


def as_class_probabilities(target: Array, name: str) -> Array:
    """Rows that are probabilities: not negative, of sum 1 to within 1e-9 (float32: 1e-5); in double precision."""
    refuse_nonfinite(target, name)
    if (target < 0).any():
        where, position = first(target < 0, name)
        raise ValueError(f"{name} must hold probabilities, but {position} is negative: {target[where].item()}")
    tolerance = 1e-5 if target.dtype == np.float32 else 1e-9
    p = target.astype(np.float64, copy=False)
    sums = p.sum(axis=-1)
    off = np.abs(sums - 1) > tolerance
    if off.any():
        raise ValueError(
            f"{name} must have rows of sum 1 (to within {tolerance:g}), but one sums to {sums[off].flat[0].item()}"
        )
    return p


def has_classes(target: Any, name: str, shape: tuple[int, ...]) -> bool:
    """Whether the target of logits of this shape has their axis of classes: probabilities, not labels."""
    found = as_array(target, name, real=True, finite=False, exact=False).shape
    if found not in (shape, shape[:-1]):
        raise ValueError(
            f"{name} must be labels of shape {shape[:-1]} or class probabilities of shape {shape} for logits of that "
            f"shape, but its shape is {found}"
        )
    return found == shape


def as_class_weights(weights: ArrayLike | None, classes: int) -> Array | None:
    """One weight for each class, not negative."""
    if weights is None:
        return None
    array = as_vector(weights, "weights", real=True)
    if len(array) != classes:
        raise ValueError(f"weights must have {classes} entries, one for each class, but its shape is {array.shape}")
    if (array < 0).any():
        raise ValueError(f"weights must not be negative, but one is {array.min().item()}")
    return array


def as_ignored(ignore_index: Any) -> int | None:
    """The label of rows that do not count, any whole number, or None."""
    if ignore_index is None:
        return None
    if isinstance(ignore_index, (bool, np.bool_)) or not isinstance(ignore_index, Integral):
        raise TypeError(f"ignore_index must be an integer or None, but it is {shown(ignore_index)}")
    return int(ignore_index)


def as_reduction(reduction: Any, *, none: bool = True) -> str:
    """How the losses of the rows become one number, or that they stay."""
    return as_choice(reduction, "reduction", REDUCTIONS if none else REDUCTIONS[:2])


def as_share(x: Array, name: str) -> Array:
    """Entries from 0 to 1."""
    outside = (x < 0) | (x > 1)
    if outside.any():
        where, position = first(outside, name)
        raise ValueError(f"{name} must hold numbers from 0 to 1, but {position} is {x[where].item()}")
    return x
