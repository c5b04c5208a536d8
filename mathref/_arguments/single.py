"""Arguments that are one thing: a number, a word, a flag, a function."""

from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any, TypeVar

import numpy as np

from mathref._arguments.arrays import as_array, digits, narrowest, refuse_inexact

Result = TypeVar("Result")


def as_number(
    x: Any, name: str, *, above: float | None = None, least: float | None = None, below: float | None = None
) -> float:
    """A finite real number, above or at least a bound, and below another."""
    if isinstance(x, np.ndarray) and x.ndim == 0 and not isinstance(x, np.ma.MaskedArray):
        x = x.item()
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Real):
        raise TypeError(f"{name} must be a real number, but it is {shown(x)}")
    try:
        value = float(x)
    except OverflowError:
        raise ValueError(f"{name} must fit in a double, but it is {shown(x)}") from None
    if isinstance(x, np.floating):
        narrowest(x.dtype, name)
    refuse_inexact([x], name)
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite, but it is {value}")
    if above is not None and not value > above:
        raise ValueError(f"{name} must be greater than {above:g}, but it is {digits(value)}")
    if least is not None and not value >= least:
        raise ValueError(f"{name} must be at least {least:g}, but it is {digits(value)}")
    if below is not None and not value < below:
        raise ValueError(f"{name} must be less than {below:g}, but it is {digits(value)}")
    return value


def as_scalar(x: Any, name: str) -> float | complex:
    """A single finite number, real or complex."""
    array = as_array(x, name)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, but its shape is {array.shape}")
    number: float | complex = array.item()
    return number


def as_integer(x: Any, name: str, *, least: int, most: int | None = None) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Integral):
        raise TypeError(f"{name} must be an integer, but it is {shown(x)}")
    whole = int(x)
    if whole < least or (most is not None and whole > most):
        wanted = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {wanted}, but it is {whole}")
    return whole


def as_choice(x: Any, name: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {shown(x)}")
    if x not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {x!r}")
    return x


def as_flag(x: Any, name: str) -> bool:
    """True or False."""
    if not isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, but it is {shown(x)}")
    return bool(x)


def as_function(f: object, name: str) -> Callable[..., Any]:
    """Something that can be called."""
    if not callable(f):
        raise TypeError(f"{name} must be a function, but it is {shown(f)}")
    return f


def as_result_of(x: Any, name: str, kind: type[Result], function: str) -> Result:
    """What a function of ours returned."""
    if not isinstance(x, kind):
        raise TypeError(f"{name} must be what {function} returns, a {kind.__name__}, but it is {shown(x)}")
    return x


def shown(x: Any) -> str:
    text = repr(x)
    word = type(x).__name__
    return text if len(text) <= 40 else f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
