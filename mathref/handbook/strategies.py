"""What claims are tried on: vectors, matrices of each kind and distributions, with sizes named by letters.

``matrix("m", "n")`` and ``vector("n")`` in one claim share the size n. A size may also be a number. A kind is defined
once, by the numbers it is made from and how; `mathref.handbook.cases` draws from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Size = str | int
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of argument: its shape in letters or numbers, the numbers it is made from, and how."""

    shape: tuple[Size, ...]
    values: Array  # the numbers drawn from, simplest first: counterexamples shrink towards the front
    make: Callable[[Array], Any] = lambda drawn: drawn
    drawn: Callable[[tuple[int, ...]], tuple[int, ...]] = lambda shape: shape  # the shape of what it is made from
    nonzero: bool = False  # whether not all that it is made from may be 0
    products: bool = False  # whether products and fractions of the numbers may take their place


def _simplest_first(numbers: Array) -> Array:
    order = np.lexsort((numbers < 0, np.abs(numbers), numbers != np.round(numbers)))
    simplest: Array = numbers[order]
    return simplest


_ENTRIES = _simplest_first(np.arange(-96, 97) / 16)  # integers, then sixteenths: exact in binary


def _stacked(count: int) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    return lambda shape: (count, *shape)


def _complex(parts: Array) -> Array:
    whole: Array = parts[0] + 1j * parts[1]
    return whole


def scalar(low: float = -6, high: float = 6) -> Kind:
    """A number from low to high, in steps of 1/256."""
    steps = np.arange(np.ceil(low * 256), np.floor(high * 256) + 1) / 256
    return Kind((), _simplest_first(steps), float, products=True)


def integer(low: int, high: int) -> Kind:
    """A whole number from low to high."""
    return Kind((), _simplest_first(np.arange(low, high + 1)), int)


def vector(n: Size, *, complex: bool = False, nonzero: bool = False) -> Kind:
    """A vector of n entries."""
    return _of_entries((n,), complex, nonzero)


def matrix(m: Size, n: Size, *, complex: bool = False) -> Kind:
    """A matrix of m rows and n columns, of any rank."""
    return _of_entries((m, n), complex)


def tensor(*shape: Size) -> Kind:
    """An array of the given sizes."""
    return _of_entries(shape)


def _of_entries(
    shape: tuple[Size, ...], complex: bool = False, nonzero: bool = False, make: Callable[[Array], Any] | None = None
) -> Kind:
    made = make or (lambda A: A)
    if complex:
        return Kind(shape, _ENTRIES, lambda parts: made(_complex(parts)), _stacked(2), nonzero, products=True)
    return Kind(shape, _ENTRIES, made, nonzero=nonzero, products=True)


def nonzero_matrix(m: Size, n: Size) -> Kind:
    """A matrix none of whose entries is zero."""
    return Kind((m, n), _ENTRIES[_ENTRIES != 0])


def symmetric(n: Size) -> Kind:
    """A real symmetric matrix."""
    return _of_entries((n, n), make=lambda A: (A + A.T) / 2)


def invertible(n: Size, *, complex: bool = False) -> Kind:
    """A square matrix with condition number at most about 30: its diagonal outweighs each row."""

    def dominated(A: Array) -> Array:
        return A + np.diag(np.where(A.diagonal().real < 0, -1, 1) * (1 + np.abs(A).sum(axis=1)))

    return _of_entries((n, n), complex, make=dominated)


def positive_definite(n: Size, *, complex: bool = False) -> Kind:
    """A symmetric (or Hermitian) matrix B Bᴴ + I."""
    return _of_entries((n, n), complex, make=lambda B: B @ B.conj().T + np.eye(len(B)))


def orthogonal(n: Size) -> Kind:
    """An orthogonal matrix, as a product of three reflections; a direction of 0 reflects nothing."""

    def product(directions: Array) -> Array:
        Q = np.eye(directions.shape[1])
        for v in directions:
            if v.any():
                Q = Q - np.outer(Q @ v, v) * (2 / (v @ v))
        return Q

    return Kind((n, n), _ENTRIES, product, lambda shape: (3, shape[0]), products=True)


def distribution(n: Size, *, positive: bool = False) -> Kind:
    """Probabilities of n outcomes, zeros among them unless they are to be positive."""
    return Kind((n,), np.arange(1 if positive else 0, 13), _normalised, nonzero=True, products=True)


def joint_distribution(m: Size, n: Size) -> Kind:
    """Probabilities of m × n pairs of outcomes, independent ones among them."""
    return Kind((m, n), np.arange(10), _normalised, nonzero=True, products=True)


def _normalised(weights: Array) -> Array:
    shares: Array = weights / weights.sum()
    return shares


def samples(n: Size, *, low: int = 0, high: int = 4) -> Kind:
    """n whole numbers, as observed labels."""
    return Kind((n,), np.arange(low, high + 1))
