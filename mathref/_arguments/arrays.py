"""Arrays of numbers as the library computes with them: converted, not empty, finite."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
_COMPUTED_WITH = frozenset(np.dtype(code) for code in "fdFD")


def as_array(x: ArrayLike, name: str, *, real: bool = False, finite: bool = True) -> Array:
    """Non-empty array of float32, float64, complex64 or complex128; integers become float64.

    With ``finite=False`` the caller promises to call `refuse_nonfinite` when its result is not finite.
    """
    array = x if type(x) is np.ndarray and x.dtype in _COMPUTED_WITH else _converted(x, name)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, but its shape is {array.shape}")
    if real and array.dtype.kind == "c":
        raise TypeError(f"{name} must be real, but its entries are complex ({array.dtype})")
    if finite:
        refuse_nonfinite(array, name)
    return array


def _converted(x: ArrayLike, name: str) -> Array:
    if x is None:
        raise TypeError(f"{name} must be numbers, but it is None")
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array, but it is masked; fill it with {name}.filled(...) first")
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, but its rows differ in length") from None
    kind = array.dtype.kind
    if kind in "fc":
        return array.astype({"f2": "f4", "c8": "c8"}.get(array.dtype.str[1:], "c16" if kind == "c" else "f8"))
    if kind in "iu":
        return array.astype(np.float64)
    raise TypeError(f"{name} must be numbers, but {what_it_holds(array)}")


def what_it_holds(array: Array) -> str:
    if array.dtype.kind == "b":
        return "it holds booleans; convert them with .astype(float) if 0 and 1 are meant"
    if array.dtype.kind in "US":
        return "it holds strings"
    kinds = {type(entry) for entry in array.flat}
    if kinds and all(issubclass(kind, Integral) for kind in kinds):
        return "it holds integers too large for a double"
    if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds):
        return "it holds masked entries"
    return f"it holds {', '.join(sorted(kind.__name__ for kind in kinds))} objects" if kinds else "it is empty"


def refuse_nonfinite(array: Array, name: str) -> None:
    """Raise if an entry is NaN or infinite, and say which."""
    if not is_finite(array):
        where, position = first(~np.isfinite(array), name)
        raise ValueError(f"{name} must be finite, but {position} is {array[where].item()}")


def is_finite(array: Array) -> bool:
    """Whether no entry is NaN or infinite; mostly a finite sum of squares proves it, which BLAS takes in one pass."""
    flat = array.ravel("K")
    return bool(np.vdot(flat, flat).real < np.inf or np.isfinite(array).all())


def refuse_zeros(array: Array, name: str, reason: str) -> None:
    """Raise if an entry is 0, and say which."""
    if not array.all():
        _, position = first(array == 0, name)
        raise ValueError(f"{name} must not hold zeros, but {position} is 0: {reason}")


def refuse_beyond(array: Array, name: str, least: float, most: float, way_out: str) -> None:
    """Raise if an entry is not 0 and its modulus is outside a range: what is there to be read takes no other."""
    sizes = np.abs(array[array != 0])
    if sizes.size and not (sizes.min() >= least and sizes.max() <= most):
        bad = sizes.max() if sizes.max() > most else sizes.min()
        raise ValueError(
            f"{name} must hold zeros and numbers from {least:g} to {most:g} in modulus here, but one has modulus "
            f"{bad:g}; {way_out}"
        )


def refuse_scale(array: Array, name: str, least: float, most: float, way_out: str) -> None:
    """Raise if the largest modulus is not 0 and outside a range."""
    largest = float(np.abs(array).max())
    if largest and not least <= largest <= most:
        raise ValueError(
            f"{name} must have a largest entry from {least:g} to {most:g} in modulus here, but its modulus is "
            f"{largest:g}; {way_out}"
        )


def first(bad: Array, name: str) -> tuple[tuple[int, ...], str]:
    """The index of the first entry that is bad, and that entry in words."""
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    return where, f"entry {where[0] if len(where) == 1 else where} of {name}" if where else name
