"""What claims are tried on: vectors, matrices of each kind and distributions, with sizes named by letters.

``matrix("m", "n")`` and ``vector("n")`` in one claim share the size n. A size may also be a number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from hypothesis import strategies as st

Size = str | int


@dataclass(frozen=True)
class Kind:
    """A kind of argument: its shape in letters or numbers, and how one of given numbers is drawn."""

    shape: tuple[Size, ...]
    draw: Callable[..., st.SearchStrategy[Any]]


# Counterexamples shrink towards the front of this list: small integers first, then sixteenths, exact in binary.
_VALUES = sorted((k / 16 for k in range(-96, 97)), key=lambda x: (not x.is_integer(), abs(x), x < 0))
_ENTRIES = st.sampled_from(_VALUES)
_COMPLEX = st.builds(complex, _ENTRIES, _ENTRIES)


def _array(*shape: int, entries: st.SearchStrategy[Any] = _ENTRIES) -> st.SearchStrategy[Any]:
    count = int(np.prod(shape))
    return st.lists(entries, min_size=count, max_size=count).map(lambda list_: np.array(list_).reshape(shape))


def scalar(low: float = -6, high: float = 6) -> Kind:
    """A number from low to high, in steps of 1/256."""
    whole = st.integers(int(np.ceil(low)), int(np.floor(high))).map(float)
    steps = st.integers(int(np.ceil(low * 256)), int(np.floor(high * 256))).map(lambda k: k / 256)
    return Kind((), lambda: whole | steps)


def integer(low: int, high: int) -> Kind:
    """A whole number from low to high."""
    return Kind((), lambda: st.integers(low, high))


def vector(n: Size, *, complex: bool = False, nonzero: bool = False) -> Kind:
    """A vector of n entries."""
    entries = _COMPLEX if complex else _ENTRIES
    if nonzero:
        return Kind((n,), lambda n: _array(n, entries=entries).filter(lambda v: bool(np.any(v))))
    return Kind((n,), lambda n: _array(n, entries=entries))


def matrix(m: Size, n: Size, *, complex: bool = False) -> Kind:
    """A matrix of m rows and n columns, of any rank."""
    return Kind((m, n), lambda m, n: _array(m, n, entries=_COMPLEX if complex else _ENTRIES))


def tensor(*shape: Size) -> Kind:
    """An array of the given sizes."""
    return Kind(shape, _array)


def nonzero_matrix(m: Size, n: Size) -> Kind:
    """A matrix none of whose entries is zero."""
    entries = st.integers(1, 96).map(lambda k: k / 16) | st.integers(-96, -1).map(lambda k: k / 16)
    return Kind((m, n), lambda m, n: _array(m, n, entries=entries))


def symmetric(n: Size) -> Kind:
    """A real symmetric matrix."""
    return Kind((n, n), lambda n, _: _array(n, n).map(lambda A: (A + A.T) / 2))


def invertible(n: Size, *, complex: bool = False) -> Kind:
    """A square matrix with condition number at most about 30: its diagonal outweighs each row."""
    entries = _COMPLEX if complex else _ENTRIES

    def dominated(A: Any) -> Any:
        return A + np.diag(np.where(A.diagonal().real < 0, -1, 1) * (1 + np.abs(A).sum(axis=1)))

    return Kind((n, n), lambda n, _: _array(n, n, entries=entries).map(dominated))


def positive_definite(n: Size, *, complex: bool = False) -> Kind:
    """A symmetric (or Hermitian) matrix B Bᴴ + I."""
    entries = _COMPLEX if complex else _ENTRIES
    return Kind((n, n), lambda n, _: _array(n, n, entries=entries).map(lambda B: B @ B.conj().T + np.eye(len(B))))


def orthogonal(n: Size) -> Kind:
    """An orthogonal matrix, as a product of reflections."""

    def reflected(v: Any) -> Any:
        return np.eye(len(v)) - 2 * np.outer(v, v) / (v @ v) if np.any(v) else np.eye(len(v))

    def product(directions: list[Any]) -> Any:
        return reduce(np.matmul, map(reflected, directions))

    return Kind((n, n), lambda n, _: st.lists(_array(n), min_size=1, max_size=3).map(product))


def distribution(n: Size, *, positive: bool = False) -> Kind:
    """Probabilities of n outcomes, zeros among them unless they are to be positive."""
    weights = st.integers(1 if positive else 0, 12)
    return Kind((n,), lambda n: _normalised(_array(n, entries=weights)))


def _normalised(weights: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return weights.filter(lambda w: w.sum() > 0).map(lambda w: w / w.sum())


def joint_distribution(m: Size, n: Size) -> Kind:
    """Probabilities of m × n pairs of outcomes."""
    weights = st.integers(0, 9)
    return Kind((m, n), lambda m, n: _normalised(_array(m, n, entries=weights)))


def samples(n: Size, *, low: int = 0, high: int = 4) -> Kind:
    """n whole numbers, as observed labels."""
    return Kind((n,), lambda n: _array(n, entries=st.integers(low, high)))


def cases(kinds: dict[str, Kind], sizes: tuple[int, int]) -> st.SearchStrategy[dict[str, Any]]:
    """All arguments of a claim, sizes with the same letter alike."""
    letters = sorted({size for kind in kinds.values() for size in kind.shape if isinstance(size, str)})

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        size_of = {letter: draw(st.integers(*sizes)) for letter in letters}
        shapes = {name: [size_of[s] if isinstance(s, str) else s for s in kind.shape] for name, kind in kinds.items()}
        return {name: draw(kind.draw(*shapes[name])) for name, kind in kinds.items()}

    return drawn()
