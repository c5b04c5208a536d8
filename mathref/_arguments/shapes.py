"""Vectors, matrices and right-hand sides: arrays whose shape has to fit."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, digits, refuse_nonfinite


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
        with np.errstate(under="ignore"):  # of what is nothing beside the largest
            scaled = array / max(float(np.abs(array.real).max()), float(np.abs(array.imag).max()))
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
    found = f"entry {(i, j)} is {digits(array[i, j].item())} and entry {(j, i)} is {digits(array[j, i].item())}{hint}"
    if i == j:
        found = f"entry {(i, j)} on its diagonal is {digits(array[i, j].item())}, which is not real"
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
