"""Arrays of numbers as the library computes with them: converted, not empty, finite."""

import math
from collections.abc import Iterator, Sequence
from numbers import Integral, Number
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
_COMPUTED_WITH = frozenset(np.dtype(code) for code in "fdFD")


def as_array(x: ArrayLike, name: str, *, real: bool = False, finite: bool = True, exact: bool = True) -> Array:
    """Non-empty array of float32, float64, complex64 or complex128; integers become float64.

    With ``finite=False`` the caller promises to call `refuse_nonfinite` when its result is not finite; with
    ``exact=False`` not to compute with integers that are no doubles.
    """
    array = x if type(x) is np.ndarray and x.dtype in _COMPUTED_WITH else _converted(x, name, exact)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, but its shape is {array.shape}")
    if real and array.dtype.kind == "c":
        raise TypeError(f"{name} must be real, but its entries are complex ({array.dtype})")
    if finite:
        refuse_nonfinite(array, name)
    return array


def as_integers(x: Any, name: str, what: str = "integers") -> Array:
    """Non-empty array of integers of any size, as Python's where NumPy has no one kind for them; `what` they are."""
    as_array(x, name, real=True, finite=False, exact=False)
    array = np.asarray(x)
    if array.dtype.kind in "iu":
        return array
    entries = np.array(x, dtype=object)  # NumPy makes floats of what mixes large and negative integers
    if not all(isinstance(entry, Integral) for entry in entries.flat):
        raise TypeError(f"{name} must hold {what}, but its type is {array.dtype}")
    return entries


def _converted(x: ArrayLike, name: str, exact: bool = True) -> Array:
    if x is None:
        raise TypeError(f"{name} must be numbers, but it is None")
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a plain array, but it is masked; fill it with {name}.filled(...) first")
    leaves = list(_leaves(x)) if isinstance(x, (list, tuple)) else []
    _refuse_mixtures(leaves, name)
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, but its rows differ in length") from None
    if array.dtype == object:
        array = _of_numbers(array, name, exact)
    if array.dtype.kind in "iu":
        leaves = _large(array)
    if exact:
        refuse_inexact(leaves, name)
    if array.dtype.kind in "fciu":
        return array.astype(narrowest(array.dtype, name))
    raise TypeError(f"{name} must be numbers, but {what_it_holds(array)}")


def _leaves(x: Any) -> Iterator[Any]:
    """What stands in a list of lists."""
    for entry in x:
        if isinstance(entry, (list, tuple)):
            yield from _leaves(entry)
        elif isinstance(entry, np.ndarray) and entry.dtype.kind in "biu":
            yield from [True] if entry.dtype.kind == "b" else _large(entry)
        else:
            yield entry


def _large(integers: Array) -> list[int]:
    """Those that may not be doubles."""
    large: list[int] = integers[np.abs(integers.astype(np.float64)) >= 2.0**53].tolist()
    return large


def _refuse_mixtures(leaves: list[Any], name: str) -> None:
    """NumPy takes True beside numbers for 1, and what a mask hides for a number."""
    kinds = set(map(type, leaves))
    if kinds & {bool, np.bool_}:
        raise TypeError(f"{name} must be numbers, but {what_it_holds(np.array([True]))}")
    if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds):
        raise TypeError(f"{name} must be numbers, but it holds masked entries")


def refuse_inexact(numbers: Sequence[Any], name: str) -> None:
    """Raise if an integer among these is not a double: conversion would make another number of it."""
    for number in numbers:
        if isinstance(number, Integral) and not _is_double(int(number)):
            raise ValueError(
                f"{name} must hold numbers that are doubles, but it holds {_cut_short(number)}, which is rounded as a "
                f"double; if that is meant, round it first, by float(...) or .astype(float)"
            )


def _is_double(number: int) -> bool:
    if -(2**53) <= number <= 2**53:
        return True
    try:
        return int(float(number)) == number
    except OverflowError:
        return False


def _double(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _cut_short(number: Any) -> str:
    digits = str(number)
    return f"the integer {digits}" if len(digits) <= 40 else f"an integer of {len(digits)} digits"


def _of_numbers(array: Array, name: str, exact: bool) -> Array:
    """An array of Python's numbers as NumPy's; what is no integer, float or complex number stays and is refused."""
    entries = array.ravel().tolist()
    if all(isinstance(entry, (Integral, float, complex, np.floating, np.complexfloating)) for entry in entries):
        _refuse_mixtures(entries, name)
        if exact:
            refuse_inexact(entries, name)
        for entry in entries:
            narrowest(np.asarray(entry).dtype, name)
        return np.array(
            [complex(e) if isinstance(e, (complex, np.complexfloating)) else _double(e) for e in entries]
        ).reshape(array.shape)
    return array


def narrowest(kind: np.dtype[Any], name: str) -> str:
    """The type that is computed with: single or double precision, real or complex."""
    if kind.kind in "fc" and kind.itemsize > (16 if kind.kind == "c" else 8):
        raise TypeError(
            f"{name} must be of at most double precision, but it is {kind}; convert it with .astype("
            f"{'complex' if kind.kind == 'c' else 'float'}) if its further digits may go"
        )
    return {"f2": "f4", "f4": "f4", "c8": "c8"}.get(kind.str[1:], "c16" if kind.kind == "c" else "f8")


def what_it_holds(array: Array) -> str:
    if array.dtype.kind == "b":
        return "it holds booleans; convert them with .astype(float) if 0 and 1 are meant"
    if array.dtype.kind in "US":
        return "it holds strings"
    kinds = {type(entry) for entry in array.flat}
    if any(issubclass(kind, np.ma.MaskedArray) for kind in kinds):
        return "it holds masked entries"
    if not kinds:
        return "it is empty"
    found = f"it holds {', '.join(sorted(kind.__name__ for kind in kinds))} objects"
    numbers = array.dtype == object and all(issubclass(kind, Number) for kind in kinds) and bool not in kinds
    return f"{found}; convert them with .astype(float) if their nearest doubles are meant" if numbers else found


def refuse_nonfinite(array: Array, name: str) -> None:
    """Raise if an entry is NaN or infinite, and say which."""
    if not is_finite(array):
        where, position = first(~np.isfinite(array), name)
        raise ValueError(f"{name} must be finite, but {position} is {array[where].item()}")


def is_finite(array: Array) -> bool:
    """Whether no entry is NaN or infinite; mostly a finite sum of squares proves it, which BLAS takes in one pass."""
    flat = array.ravel("K")  # np.vdot signals nothing, be it infinite or NaN
    return float(np.vdot(flat, flat).real) < math.inf or bool(np.isfinite(array).all())


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
            f"{digits(bad.item())}; {way_out}"
        )


def refuse_scale(array: Array, name: str, least: float, most: float, way_out: str) -> None:
    """Raise if the largest modulus is not 0 and outside a range."""
    largest = float(np.abs(array).max())
    if largest and not least <= largest <= most:
        raise ValueError(
            f"{name} must have a largest entry from {least:g} to {most:g} in modulus here, but its modulus is "
            f"{digits(largest)}; {way_out}"
        )


def digits(x: float | complex) -> str:
    """A number in six digits if these are all, else in all of its own: beside a bound the last ones tell."""
    short = f"{x:g}"
    return short if complex(short) == x else repr(x)


def first(bad: Array, name: str) -> tuple[tuple[int, ...], str]:
    """The index of the first entry that is bad, and that entry in words."""
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    return where, f"entry {where[0] if len(where) == 1 else where} of {name}" if where else name
