"""Labels of examples: numbers, booleans or strings of one kind."""

from numbers import Integral, Real
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array, refuse_inexact, refuse_nonfinite, what_it_holds


def as_samples(x: Any, name: str) -> Array:
    """Vector of labels of one kind: numbers, booleans or strings."""
    if x is None:
        raise TypeError(f"{name} must be a sequence of labels, but it is None")
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array, but it is masked; take {name}.compressed() first")
    if isinstance(x, (str, bytes)):
        raise TypeError(
            f"{name} must be a sequence of labels, but it is one string; write list({name}) for its letters"
        )
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be one label after another, but its entries differ in length") from None
    if array.ndim != 1 or array.size == 0:
        hint = f"; label rows with np.unique({name}, axis=0, return_inverse=True)[1]" if array.ndim > 1 else ""
        raise ValueError(f"{name} must be a sequence of at least one label, but its shape is {array.shape}{hint}")
    if not isinstance(x, np.ndarray) or array.dtype == object:
        array = _of_one_kind(list(x), array, name)
    if array.dtype.kind not in "biufcUS":
        raise TypeError(f"{name} must be numbers, booleans or strings, but {what_it_holds(array)}")
    if array.dtype.kind in "fc":
        refuse_nonfinite(array, name)
    return array


def _of_one_kind(labels: list[Any], array: Array, name: str) -> Array:
    """NumPy turns [1, "a"] into two strings without a word; here it is refused."""
    kinds = {_kind(label) for label in labels}
    if len(kinds) > 1 and not kinds <= {"integer", "real"}:
        found = sorted({type(label).__name__ for label in labels})
        raise TypeError(
            f"{name} must be labels of one kind, but it mixes {' and '.join(found)}; use str for all of them"
        )
    if array.dtype == object and kinds != {"other"}:
        array = np.asarray(labels)
    if array.dtype.kind == "f":  # of large integers beside others it would make one label
        refuse_inexact(labels, name)
    return array


def _kind(label: Any) -> str:
    for kind, types in (
        ("boolean", (bool, np.bool_)),
        ("string", (str,)),
        ("bytes", (bytes,)),
        ("integer", (Integral,)),
    ):
        if isinstance(label, types):
            return kind
    return "real" if isinstance(label, Real) else "other"
