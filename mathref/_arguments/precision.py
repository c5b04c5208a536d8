"""Single and double precision: computed in double, rounded once, and refused where it does not fit."""

import numpy as np

from mathref._arguments.arrays import Array, is_finite


def in_double(array: Array) -> Array:
    """The same numbers in double precision, so that float32 is rounded once, at the end."""
    return array if array.dtype.char in "dD" else array.astype(np.result_type(array, np.float64))


def as_precise_as(result: Array, *arguments: Array) -> Array:
    """A result in double precision rounded to single if all arguments are single; too large ones become infinite."""
    for argument in arguments:
        if argument.dtype.char in "dD":
            return result
    with np.errstate(over="ignore"):
        return result.astype("F" if result.dtype.kind == "c" else "f")


def refuse_unsafe(numbers: Array, what: str, way_out: str) -> None:
    """Raise if a number of a plain computation is not finite, or so small that digits of it were lost."""
    sizes = np.abs(numbers)
    if not (np.isfinite(sizes) & ((sizes >= np.finfo(sizes.dtype).tiny) | (sizes == 0))).all():
        raise np.linalg.LinAlgError(f"{what} must be within 2.2e-308 and 1.8e308 in modulus, but one is not; {way_out}")


def refuse_overflow(result: Array, what: str) -> None:
    """Raise if a result from finite arguments is not finite."""
    if not is_finite(result):
        number = "3.4e38 (float32)" if result.dtype.char in "fF" else "1.8e308"
        raise np.linalg.LinAlgError(f"{what} must fit in doubles, but it exceeds {number}; scale the arguments first")
