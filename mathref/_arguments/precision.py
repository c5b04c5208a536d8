"""Single and double precision: computed in double, rounded once, and refused where it does not fit."""

import numpy as np

from mathref._arguments.arrays import Array, is_finite


def in_double(array: Array) -> Array:
    """The same numbers in double precision, so that float32 is rounded once, at the end."""
    return array if array.dtype.char in "dD" else array.astype(np.result_type(array, np.float64))


def as_precise_as(result: Array, *arguments: Array, what: str = "the result") -> Array:
    """A result in double precision, rounded to single if all arguments are single; refused if it does not fit there.

    `what` it is. A result that is infinite already stays so: the caller has said that it may be.
    """
    for argument in arguments:
        if argument.dtype.char in "dD":
            return result
    with np.errstate(all="ignore"):
        rounded: Array = result.astype("F" if result.dtype.kind == "c" else "f")
    if not is_finite(rounded) and is_finite(result):
        refuse_overflow(rounded, what)
    return rounded


def refuse_unsafe(numbers: Array, what: str, way_out: str) -> None:
    """Raise if a number of a plain computation is not finite, or so small that digits of it were lost."""
    sizes = np.abs(numbers)
    if not (np.isfinite(sizes) & ((sizes >= np.finfo(sizes.dtype).tiny) | (sizes == 0))).all():
        raise np.linalg.LinAlgError(f"{what} must be within 2.2e-308 and 1.8e308 in modulus, but one is not; {way_out}")


def refuse_overflow(result: Array, what: str) -> None:
    """Raise if a result from finite arguments is not finite."""
    if not is_finite(result):
        if result.dtype.char in "fF":
            raise np.linalg.LinAlgError(
                f"{what} must fit in single precision, as the arguments do, but it exceeds 3.4e38 (float32); scale "
                "them, or convert them with .astype(float)"
            )
        raise np.linalg.LinAlgError(f"{what} must fit in doubles, but it exceeds 1.8e308; scale the arguments first")
