"""Tokens that a language model predicts: which of them count, their labels, log-probabilities and numbers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, as_integers, first, what_it_holds
from mathref._arguments.logits import as_logits, refuse_impossible
from mathref._arguments.losses import as_labels
from mathref._arguments.shapes import as_vector


def as_mask(mask: Any, name: str, shape: tuple[int, ...]) -> Array:
    """Booleans of the shape of the tokens, True where one counts; all of them for None."""
    if mask is None:
        return np.ones(shape, dtype=bool)
    try:
        array = np.asarray(mask)
    except ValueError:
        raise ValueError(f"{name} must be a regular array, but its rows differ in length") from None
    if isinstance(mask, np.ma.MaskedArray) or array.dtype.kind != "b":
        found = f"of type {array.dtype}" if array.dtype.kind in "iufc" else what_it_holds(array)
        found = "a masked array" if isinstance(mask, np.ma.MaskedArray) else found
        raise TypeError(f"{name} must hold booleans, True for a token that counts, but {_it_is(found)}")
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape of the tokens, {shape}, but its shape is {array.shape}")
    return array


def _it_is(found: str) -> str:
    return found if found.startswith("it ") else f"it is {found}"


def refuse_none_counted(mask: Array, name: str) -> None:
    """Raise if there is nothing to take a mean of."""
    if not mask.any():
        raise ValueError(f"{name} must be True for at least one token, but it is False for all")


def as_token_logits(logits: ArrayLike, name: str) -> Array:
    """Real array of at least one axis, whose entries `as_counted_rows` looks at."""
    array = as_array(logits, name, real=True, finite=False)
    if array.ndim == 0:
        raise ValueError(f"{name} must have an axis of tokens to choose from, but it is one number")
    return array


def as_counted_rows(logits: Array, name: str, mask: Array) -> Array:
    """Finite logits or -inf where the mask is True; zeros elsewhere, whatever was there."""
    rows = as_logits(np.where(mask[..., np.newaxis], logits, 0.0), name)
    refuse_impossible(rows, name)
    return rows


def as_targets(targets: Any, name: str, mask: Array, classes: int) -> Array:
    """Labels of the shape of the mask, 0 where it is False, whatever was there."""
    labels = as_integers(targets, name, "labels, which are integers")
    counted = np.where(mask, labels, np.zeros_like(labels)) if labels.shape == mask.shape else labels
    way_out = "leave out tokens that do not count by mask"
    return as_labels(counted, name, mask.shape, classes, way_out=way_out)[0]


def as_logarithms(x: ArrayLike, name: str) -> Array:
    """Real array, of which `as_log_probabilities` looks at what counts."""
    return as_array(x, name, real=True, finite=False)


def as_log_probabilities(x: Array, name: str, mask: Array) -> Array:
    """Those that count, in double precision: at most 0 but for rounding, -inf for what was impossible."""
    counted = x[mask]
    bad = ~(counted <= (1e-5 if x.dtype == np.float32 else 1e-9))
    if bad.any():
        raise ValueError(
            f"{name} must hold logarithms of probabilities, which are at most 0, but one is {counted[bad][0].item()}"
        )
    return counted.astype(np.float64)


def as_perplexities(x: ArrayLike, name: str) -> Array:
    """Vector of numbers from 1, but for rounding, to infinity; in double precision."""
    array = as_vector(x, name, real=True, finite=False)
    bad = ~(array >= 1 - (1e-5 if array.dtype == np.float32 else 1e-9))
    if bad.any():
        where, position = first(bad, name)
        raise ValueError(f"{name} must be at least 1, but {position} is {array[where].item()}")
    return array.astype(np.float64)


def as_token_counts(counts: Any, name: str, size: int) -> list[int]:
    """Whole numbers of tokens, not negative and not all 0."""
    array = as_integers(counts, name)
    if array.shape != (size,):
        raise ValueError(f"{name} must be as many as perplexities, shape {(size,)}, but its shape is {array.shape}")
    whole: list[int] = array.tolist()
    if min(whole) < 0:
        raise ValueError(f"{name} must not be negative, but one is {min(whole)}")
    if not any(whole):
        raise ValueError(f"{name} must hold a positive number, but all are 0")
    return whole
