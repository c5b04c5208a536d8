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
    if not is_finite(array):
        where, position = _first(~np.isfinite(array), name)
        raise ValueError(f"{name} must be finite, but {position} is {array[where].item()}")


def is_finite(array: Array) -> bool:
    """Whether no entry is NaN or infinite; mostly a finite sum of squares proves it, which BLAS takes in one pass."""
    flat = array.ravel("K")
    return bool(np.vdot(flat, flat).real < np.inf or np.isfinite(array).all())


def refuse_zeros(array: Array, name: str, reason: str) -> None:
    """Raise if an entry is 0, and say which."""
    if not array.all():
        _, position = _first(array == 0, name)
        raise ValueError(f"{name} must not hold zeros, but {position} is 0: {reason}")


def _first(bad: Array, name: str) -> tuple[tuple[int, ...], str]:
    """The index of the first entry that is bad, and that entry in words."""
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    return where, f"entry {where[0] if len(where) == 1 else where} of {name}" if where else name


def refuse_overflow(result: Array, what: str) -> None:
    """Raise if a result from finite arguments is not finite."""
    if not is_finite(result):
        number = "3.4e38 (float32)" if result.dtype.char in "fF" else "1.8e308"
        raise np.linalg.LinAlgError(f"{what} must fit in doubles, but it exceeds {number}; scale the arguments first")


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
        raise ValueError(
            f"{name} must be a matrix (two dimensions), but its shape is {array.shape}{_as_rows(array, name)}"
        )
    return array


def as_square(
    A: ArrayLike,
    name: str,
    *,
    otherwise: str = "",
    max_side: int | None = None,
    real: bool = False,
    finite: bool = True,
) -> Array:
    """Matrix with as many rows as columns; `otherwise` says what to use for a rectangular one."""
    array = as_array(A, name, real=real, finite=finite)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        hint = _as_rows(array, name) or (f"; {otherwise}" if otherwise and array.ndim == 2 else "")
        raise ValueError(f"{name} must be a square matrix, but its shape is {array.shape}{hint}")
    if max_side is not None and len(array) > max_side:
        raise ValueError(f"{name} must have at most {max_side} rows here, but its shape is {array.shape}")
    return array


def as_hermitian(A: ArrayLike, name: str, *, otherwise: str) -> Array:
    """Square matrix equal to its conjugate transpose to 1e-12 of its largest entry (float32: 1e-5).

    Infinite entries in mirrored places pass: the caller promises `refuse_nonfinite` if its result is not finite.
    """
    array = as_square(A, name, finite=False)
    if not equals_its_mirror(array):
        refuse_nonfinite(array, name)
        scaled = array / np.abs(array).max()
        gaps = np.abs(scaled - scaled.conj().T)
        if gaps.max() > (1e-5 if array.dtype.char in "fF" else 1e-12):
            _refuse_asymmetric(array, np.unravel_index(int(gaps.argmax()), gaps.shape), name, otherwise)
    return array


def equals_its_mirror(A: Array) -> bool:
    """Whether a square matrix is exactly symmetric, or for complex entries Hermitian."""
    mirror = A.conj().T
    # Python compares few numbers faster than NumPy.
    return A.tolist() == mirror.tolist() if A.size <= 64 else bool((mirror == A).all())


def _refuse_asymmetric(array: Array, place: tuple[Any, ...], name: str, otherwise: str) -> None:
    i, j = (int(index) for index in place)
    word, hint = ("Hermitian", " (not conjugates)") if array.dtype.kind == "c" else ("symmetric", "")
    found = f"entry {(i, j)} is {array[i, j].item():.6g} and entry {(j, i)} is {array[j, i].item():.6g}{hint}"
    if i == j:
        found = f"entry {(i, j)} on its diagonal is {array[i, j].item():.6g}, which is not real"
    raise ValueError(f"{name} must be {word}, but {found}; {otherwise}")


def as_right_hand_side(b: ArrayLike, name: str, rows: int) -> Array:
    """Vector, or matrix of columns, with as many rows as the matrix of a linear system."""
    array = as_array(b, name)
    if array.ndim not in (1, 2):
        raise ValueError(f"{name} must be a vector or a matrix of columns, but its shape is {array.shape}")
    if len(array) != rows:
        hint = f"; transpose it with {name}.T" if array.ndim == 2 and array.shape[1] == rows else ""
        raise ValueError(f"{name} must have {rows} rows, as A has, but its shape is {array.shape}{hint}")
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


def as_distribution(p: ArrayLike, name: str) -> Array:
    """Vector of probabilities in float64: none negative, of sum 1 to within 1e-9 (1e-5 for float32)."""
    return _as_probabilities(as_vector(p, name, real=True, finite=False), name)


def as_joint(P: ArrayLike, name: str) -> Array:
    """Matrix of the probabilities of pairs (row, column), of sum 1."""
    return _as_probabilities(as_matrix(P, name, real=True, finite=False), name)


def _as_probabilities(array: Array, name: str) -> Array:
    tolerance = 1e-5 if array.dtype == np.float32 else 1e-9
    array = array.astype(np.float64, copy=False)
    if array.size <= 64:  # a short list is checked faster by Python than by NumPy
        entries = array.ravel().tolist()
        total, least = sum(entries), min(entries)
    else:
        total, least = float(np.add.reduce(array.ravel("K"))), array.item(array.argmin())
    if not (abs(total - 1) <= tolerance and least >= 0):
        _refuse_probabilities(array, name, tolerance)
    return array


def _refuse_probabilities(array: Array, name: str, tolerance: float) -> None:
    refuse_nonfinite(array, name)
    if array.min() < 0:
        where, position = _first(array < 0, name)
        raise ValueError(f"{name} must hold probabilities, but {position} is negative: {array[where].item()}")
    sample = "" if array.ndim == 2 else ", or count samples with mathref.entropy.empirical_distribution"
    raise ValueError(
        f"{name} must sum to 1 (to within {tolerance:g}), but it sums to {array.sum().item()}; "
        f"divide counts by their sum, {name} / np.sum({name}){sample}"
    )


def as_base(base: Any) -> float:
    """Base of a logarithm, greater than 1."""
    if type(base) is int and base == 2:  # the default costs nothing
        return 2.0
    return as_number(base, "base", above=1.0)


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
        raise TypeError(f"{name} must be numbers, booleans or strings, but {_what_it_holds(array)}")
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
    return np.asarray(labels) if array.dtype == object and kinds != {"other"} else array


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


def as_number(x: Any, name: str, *, above: float | None = None, least: float | None = None) -> float:
    """A finite real number, above or at least a bound."""
    if isinstance(x, np.ndarray) and x.ndim == 0:
        x = x.item()
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Real):
        raise TypeError(f"{name} must be a real number, but it is {_shown(x)}")
    try:
        value = float(x)
    except OverflowError:
        raise ValueError(f"{name} must fit in a double, but it is {_shown(x)}") from None
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite, but it is {value}")
    if above is not None and not value > above:
        raise ValueError(f"{name} must be greater than {above:g}, but it is {value:g}")
    if least is not None and not value >= least:
        raise ValueError(f"{name} must be at least {least:g}, but it is {value:g}")
    return value


def as_scalar(x: Any, name: str) -> float | complex:
    """A single finite number, real or complex."""
    array = as_array(x, name)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, but its shape is {array.shape}")
    return array.item()  # type: ignore[no-any-return]


def as_integer(x: Any, name: str, *, least: int, most: int | None = None) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(x, (bool, np.bool_)) or not isinstance(x, Integral):
        raise TypeError(f"{name} must be an integer, but it is {_shown(x)}")
    whole = int(x)
    if whole < least or (most is not None and whole > most):
        wanted = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {wanted}, but it is {whole}")
    return whole


def as_choice(x: Any, name: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {_shown(x)}")
    if x not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, but it is {x!r}")
    return x


def as_subscripts(x: Any, name: str, shapes: Sequence[tuple[int, ...]]) -> str:
    """Einstein's summation in letters, complete with its result, that fits tensors of these shapes."""
    if not isinstance(x, str):
        raise TypeError(f"{name} must be a string such as 'ij,jk->ik', but it is {_shown(x)}")
    inputs, arrow, result = "".join(x.split()).partition("->")
    terms = inputs.split(",")
    if not all(letter.isascii() and letter.isalpha() for letter in "".join(terms) + result):
        raise ValueError(f"{name} must be letters, commas and one '->' such as 'ij,jk->ik', but it is {x!r}")
    if len(terms) != len(shapes):
        raise ValueError(f"{name} {x!r} must name one term for each tensor, but {len(terms)} stand for {len(shapes)}")
    lengths: dict[str, int] = {}
    for i, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        if len(term) != len(shape):
            raise ValueError(f"{name} must have one letter for each axis, but {term!r} stands for the shape {shape}")
        for letter, length in zip(term, shape, strict=True):
            if lengths.setdefault(letter, length) != length:
                raise ValueError(
                    f"tensors must agree in the length of {letter!r}, but it is {length} in tensors[{i}] "
                    f"and {lengths[letter]} before"
                )
    if not arrow:
        result = "".join(sorted(letter for letter in lengths if inputs.count(letter) == 1))
    if len(set(result)) < len(result) or not set(result) <= set(lengths):
        raise ValueError(f"{name} must keep letters of the tensors, each once, but the result in {x!r} is {result!r}")
    return f"{inputs}->{result}"


def as_flag(x: Any, name: str) -> bool:
    """True or False."""
    if not isinstance(x, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, but it is {_shown(x)}")
    return bool(x)


def as_function(f: Any, name: str) -> Callable[..., Any]:
    """Something that can be called."""
    if not callable(f):
        raise TypeError(f"{name} must be a function, but it is {_shown(f)}")
    return f  # type: ignore[no-any-return]


def _shown(x: Any) -> str:
    text = repr(x)
    word = type(x).__name__
    return text if len(text) <= 40 else f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
