"""The form of a result: as precise as the arguments, a Python number without axes, and refused beyond the range."""

from typing import Any

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as, refuse_overflow


def as_result(result: Array, what: str, *arguments: Array | None) -> Any:
    """A result as precise as its arguments, a Python number if it has no axes; refused beyond the range."""
    rounded = as_precise_as(result, *(argument for argument in arguments if argument is not None))
    refuse_overflow(rounded, what)
    return rounded.item() if rounded.ndim == 0 else rounded


def arrays_among(*arguments: Array) -> tuple[Array, ...]:
    """The arguments that have axes, which decide the precision of a result; all if none has."""
    return tuple(argument for argument in arguments if argument.ndim) or arguments
