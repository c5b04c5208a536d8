"""The cases that a claim is tried on, drawn as whole arrays: the same ones for one seed on every machine.

`drawn` draws many, the awkward ones always among them; `near` draws one beside another, for a search; `smallest` gives
the same kinds to Hypothesis, which finds the simplest case that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mathref.handbook.strategies import Array, Kind

if TYPE_CHECKING:
    from hypothesis import strategies as st

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Arguments of a claim, and the numbers that they were made from."""

    arguments: Arguments
    made_from: dict[str, Array]


def made(kinds: dict[str, Kind], made_from: dict[str, Array]) -> Case:
    """The case made from these numbers."""
    return Case({name: kind.make(made_from[name].copy()) for name, kind in kinds.items()}, made_from)


def drawn(kinds: dict[str, Kind], sizes: tuple[int, int], count: int, seed: int) -> Iterator[Case]:
    """`count` cases, sizes with the same letter alike; a third of all arrays are awkward, the first is the simplest."""
    # The raw numbers of a bit generator stay the same in all versions of NumPy; what Generator makes of them may not.
    raw = np.random.PCG64(seed)
    lengths = _lengths(kinds, sizes, count, raw)
    columns = {name: _column(kind, lengths, count, raw) for name, kind in kinds.items()}
    for arrays in zip(*columns.values(), strict=True):
        yield made(kinds, dict(zip(columns, arrays, strict=True)))


def _letters(kinds: dict[str, Kind]) -> list[str]:
    return sorted({size for kind in kinds.values() for size in kind.shape if isinstance(size, str)})


def _lengths(kinds: dict[str, Kind], sizes: tuple[int, int], count: int, raw: np.random.PCG64) -> dict[str, list[int]]:
    low, high = sizes
    lengths = {}
    for letter in _letters(kinds):
        lengths[letter] = (low + _below(high - low + 1, count, raw)).tolist()
        lengths[letter][0] = low
    return lengths


def _below(bound: int, count: int, raw: np.random.PCG64) -> Array:
    return (raw.random_raw(count) % np.uint64(bound)).astype(np.int64)


def _column(kind: Kind, lengths: dict[str, list[int]], count: int, raw: np.random.PCG64) -> list[Array]:
    """One argument in all cases."""
    sides = [lengths[size] if isinstance(size, str) else [size] * count for size in kind.shape]
    shapes = [kind.drawn(shape) for shape in zip(*sides, strict=True)] if sides else [()] * count
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    values = kind.values[_below(len(kind.values), int(ends[-1]), raw)]
    arrays = [part.reshape(shape) for part, shape in zip(np.split(values, ends[:-1]), shapes, strict=True)]
    for case, choice in enumerate(_below(3 * len(_AWKWARD), count, raw).tolist()):
        if case == 0 or choice < len(_AWKWARD):
            arrays[case] = _AWKWARD[choice if case else 0](arrays[case], kind)
        if kind.nonzero and not arrays[case].any():
            arrays[case].flat[0] = 1
    return arrays


def _constant(number: float) -> Callable[[Array, Kind], Array]:
    return lambda A, kind: np.full_like(A, number if number in kind.values else kind.values[0])


def _equal(A: Array, kind: Kind) -> Array:
    return np.full_like(A, A.flat[0]) if A.size else A


def _repeated_columns(A: Array, kind: Kind) -> Array:
    return A[..., np.arange(A.shape[-1]) // 2] if A.ndim else A


def _repeated_rows(A: Array, kind: Kind) -> Array:
    return A[..., np.arange(A.shape[-2]) // 2, :] if A.ndim > 1 else A


def _rank_one(A: Array, kind: Kind) -> Array:
    return A[..., :1] * A[..., :1, :] if A.ndim > 1 and kind.products else A


def _one_entry(A: Array, kind: Kind) -> Array:
    alone = np.full_like(A, kind.values[0])
    if A.size:
        place = int(np.abs(A).sum() * 16) % A.size
        alone.flat[place] = A.flat[place]
    return alone


def _small(A: Array, kind: Kind) -> Array:
    return kind.values[:5][np.round(np.abs(A) * 16).astype(np.int64) % min(5, len(kind.values))]


def _signs(A: Array, kind: Kind) -> Array:
    return np.where(A < 0, -1, 1).astype(A.dtype) if {-1, 1} <= set(kind.values[:3].tolist()) else A


_AWKWARD = (
    _constant(0),
    _constant(1),
    _equal,
    _repeated_columns,
    _repeated_rows,
    _rank_one,
    _one_entry,
    _small,
    _small,
    _signs,
)


def smallest(kinds: dict[str, Kind], sizes: tuple[int, int]) -> st.SearchStrategy[Arguments]:
    """The same kinds for Hypothesis, which looks for the simplest case that fails."""
    from hypothesis import strategies as st

    def array(kind: Kind, shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
        count = int(np.prod(shape))
        numbers = st.lists(st.sampled_from(kind.values.tolist()), min_size=count, max_size=count)
        if kind.nonzero:
            numbers = numbers.filter(any)
        return numbers.map(lambda found: kind.make(np.array(found, kind.values.dtype).reshape(shape)))

    @st.composite
    def case(draw: st.DrawFn) -> Arguments:
        length = {letter: draw(st.integers(*sizes)) for letter in _letters(kinds)}
        shapes = {
            name: kind.drawn(tuple(length[s] if isinstance(s, str) else s for s in kind.shape))
            for name, kind in kinds.items()
        }
        return {name: draw(array(kind, shapes[name])) for name, kind in kinds.items()}

    return case()


def near(case: Case, kinds: dict[str, Kind], reach: float, seed: int) -> Case:
    """A case beside this one: each number moved by up to `reach` times the span of its kind, or drawn anew."""
    raw = np.random.PCG64(seed)
    moved = {}
    for name, kind in kinds.items():
        old = case.made_from[name]
        low, high = float(kind.values.min()), float(kind.values.max())
        shares = (raw.random_raw(2 * old.size) >> np.uint64(11)).astype(float) / 2**53  # from 0 to 1
        steps, stay = shares[: old.size].reshape(old.shape), shares[old.size :].reshape(old.shape) < 0.5
        if kind.products:
            new = np.clip(old + np.where(stay, 0.0, (2 * steps - 1) * reach * (high - low)), low, high)
        else:
            index = (steps * len(kind.values)).astype(np.int64)
            new = np.where(stay | (shares[old.size :].reshape(old.shape) < 0.8), old, kind.values[index])
        moved[name] = new if new.any() or not kind.nonzero else old
    return made(kinds, moved)
