"""The one place where arguments are converted and refused.

Every function here takes the argument and its name, returns it as the library computes with it, and raises an error
that says what the argument was and what it should have been. Nothing is copied without need, nothing is modified.
"""

from collections.abc import Callable, Sequence
from numbers import Integral, Real
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


def refuse_nonfinite(array: Array, name: str) -> None:
    """Raise if an entry is NaN or infinite, and say which."""
    finite = np.isfinite(array)
    if not finite.all():
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        position = f"entry {where[0] if len(where) == 1 else where} of {name}" if where else name
        raise ValueError(f"{name} must be finite, but {position} is {array[where].item()}")


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
    raise TypeError(f"{name} must be numbers, but {_what_it_holds(array)}")


def _what_it_holds(array: Array) -> str:
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


def as_vector(x: ArrayLike, name: str, *, real: bool = False, finite: bool = True) -> Array:
    """One-dimensional array of at least one entry."""
    array = as_array(x, name, real=real, finite=finite)
    if array.ndim != 1:
        hint = f"; a matrix with one row or column becomes a vector by {name}.ravel()" if array.ndim == 2 else ""
        hint = f"; write [{array.item()}] for a vector of one entry" if array.ndim == 0 else hint
        raise ValueError(f"{name} must be a vector (one dimension), but its shape is {array.shape}{hint}")
    return array


def as_matrix(A: ArrayLike, name: str, *, real: bool = False, finite: bool = True) -> Array:
    """Two-dimensional array of at least one row and column."""
    array = as_array(A, name, real=real, finite=finite)
    if array.ndim != 2:
        raise ValueError(f"{name} must be a matrix (two dimensions), but its shape is {array.shape}{_as_rows(array, name)}")
    return array


def as_square(
    A: ArrayLike, name: str, *, otherwise: str = "", max_side: int | None = None, real: bool = False, finite: bool = True
) -> Array:
    """Matrix with as many rows as columns; `otherwise` says what to use for a rectangular one."""
    array = as_array(A, name, real=real, finite=finite)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        hint = _as_rows(array, name) or (f"; {otherwise}" if otherwise and array.ndim == 2 else "")
        raise ValueError(f"{name} must be a square matrix, but its shape is {array.shape}{hint}")
    if max_side is not None and len(array) > max_side:
        raise ValueError(f"{name} must have at most {max_side} rows here, but its shape is {array.shape}")
    return array


def _as_rows(array: Array, name: str) -> str:
    if array.ndim == 0:
        return f"; write [[{array.item()}]] for a 1 × 1 matrix"
    if array.ndim == 1:
        return f"; write [{name}] for one row or np.reshape({name}, (-1, 1)) for one column"
    return ""


def refuse_unequal_shapes(a: Array, b: Array, names: tuple[str, str]) -> None:
    """Raise unless both arrays have one shape."""
    if a.shape != b.shape:
        raise ValueError(f"{names[0]} and {names[1]} must have the same shape, but they are {a.shape} and {b.shape}")


def as_number(x: Any, name: str, *, above: float | None = None, least: float | None = None) -> float:
    """A finite real number, above or at least a bound."""
    if isinstance(x, np.ndarray) and x.ndim == 0:
        x = x.item()
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Real):
        raise TypeError(f"{name} must be a real number, but it is {_shown(x)}")
    value = float(x)
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite, but it is {value}")
    if above is not None and not value > above:
        raise ValueError(f"{name} must be greater than {above:g}, but it is {value:g}")
    if least is not None and not value >= least:
        raise ValueError(f"{name} must be at least {least:g}, but it is {value:g}")
    return value


def as_integer(x: Any, name: str, *, least: int, most: int | None = None) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Integral):
        raise TypeError(f"{name} must be an integer, but it is {_shown(x)}")
    if x < least or (most is not None and x > most):
        wanted = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {wanted}, but it is {x}")
    return int(x)


def as_choice(x: Any, name: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {_shown(x)}")
    if x not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {x!r}")
    return x


def as_function(f: Any, name: str) -> Callable[..., Any]:
    """Something that can be called."""
    if not callable(f):
        raise TypeError(f"{name} must be a function, but it is {_shown(f)}")
    return f  # type: ignore[no-any-return]


def _shown(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 40 else f"a {type(x).__name__}"
