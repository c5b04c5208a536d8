"""The form of a result: as precise as the arguments, refused beyond the range, a Python number without axes."""

from typing import Any

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as, refuse_overflow


def array_result(result: Array, what: str, *arguments: Array | None) -> Array:
    """A result as precise as its arguments; refused beyond the range. `what` it is."""
    refuse_overflow(result, what)
    return as_precise_as(result, *(argument for argument in arguments if argument is not None), what=what)


def number_result(result: Array | float, what: str, *arguments: Array) -> float:
    """The same for one number, as a Python float."""
    return float(array_result(np.asarray(result), what, *arguments))


def as_result(result: Array, what: str, *arguments: Array | None) -> Any:
    """The same for what is one number or an array of them."""
    return number_or_array(array_result(result, what, *arguments))


def number_or_array(x: Array) -> Any:
    """A Python number of an array without axes; any other array as it is."""
    return x.item() if x.ndim == 0 else x


def arrays_among(*arguments: Array) -> tuple[Array, ...]:
    """The arguments that have axes, which decide the precision of a result; all if none has."""
    return tuple(argument for argument in arguments if argument.ndim) or arguments
