"""How sharply a claim was tested: what it would have noticed, how near a bound comes, which neighbours fail.

A property returns one of

- two sides that should be equal, and, if that is not the larger side, the scale that their difference is measured by
  (the size of the numbers that were added to get them);
- ``at_most(left, right)``, two sides of which the first should not exceed the second;
- True or False;
- None for a case of which the statement says nothing.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

_OFF = 1e-3  # the disturbance that an equality should notice
_ROUNDING = 1e-12  # of its scale: what may be left of a side that is 0


@dataclass(frozen=True)
class AtMost:
    """Two sides of an inequality, what their difference is measured by, and what every left side is below anyway."""

    left: Any
    right: Any
    scale: Any = None
    trivial: Any = None


def at_most(left: Any, right: Any, *, scale: Any = None, trivial: Any = None) -> AtMost:
    """Two sides for a claim that ``left <= right`` in each entry, up to rounding of `scale` (else of the larger side).

    Where `right` is not below `trivial`, which the left side never exceeds, the case says nothing and is not counted.
    """
    return AtMost(left, right, scale, trivial)


@dataclass(frozen=True)
class Judgement:
    """What one case says of a statement, errors in units of the scale."""

    kind: str  # "truth", "equality" or "inequality"
    error: float = 0.0
    idle: bool = False
    nearness: float = 0.0  # of an inequality: 1 where its sides are equal
    sides: tuple[Any, Any] = ()  # type: ignore[assignment]
    scale: float = 0.0

    @property
    def vanishes(self) -> bool:
        """Whether this is an equality with 0."""
        return self.kind == "equality" and not np.any(self.sides[1])


def judged(outcome: Any) -> Judgement:
    """What came of a property in one case."""
    if outcome is None:
        return Judgement("truth", idle=True)
    if isinstance(outcome, (bool, np.bool_)):
        return Judgement("truth", 0.0 if outcome else math.inf)
    if isinstance(outcome, AtMost):
        return _inequality(outcome)
    return _equality(*outcome)


def _equality(left: Any, right: Any, scale: Any = None) -> Judgement:
    left, right = _numbers(left), _numbers(right)
    if left.shape != right.shape:
        return Judgement("equality", math.inf, sides=(left, right))
    size = max(_largest(left), _largest(right))
    scale = size if scale is None else float(scale)
    difference = 0.0 if np.array_equal(left, right) else _largest(left - right)
    error = difference / scale if scale else difference
    idle = size <= _ROUNDING * scale or not math.isfinite(size)  # both sides 0 but for rounding, or infinite
    return Judgement("equality", error, idle, sides=(left, right), scale=scale)


def _inequality(outcome: AtMost) -> Judgement:
    left, right = np.broadcast_arrays(_numbers(outcome.left), _numbers(outcome.right))
    size = np.maximum(np.abs(left), np.abs(right)).astype(float)
    if not np.all(np.isfinite(size)):
        return Judgement("inequality", math.inf)
    scale = size if outcome.scale is None else np.broadcast_to(float(outcome.scale), size.shape)
    short = (right - left).astype(float)
    says = size > 0
    if outcome.trivial is not None:
        says &= right < outcome.trivial
    error = np.max(np.where(short < 0, -short, 0.0) / np.where(scale > 0, scale, 1.0), initial=0.0)
    nearness = np.max(1 - (short / np.where(says, size, 1.0))[says], initial=-math.inf)
    return Judgement("inequality", float(error), not says.any(), min(float(nearness), 1.0), (left, right))


def _numbers(side: Any) -> np.ndarray[Any, Any]:
    array = np.asarray(side)
    return array.astype(int) if array.dtype == bool else array


def _largest(array: np.ndarray[Any, Any]) -> float:
    return float(np.abs(array).max()) if array.size else 0.0


def notices(judgement: Judgement, tolerance: float, case: int, vanishing: bool) -> tuple[bool, bool]:
    """Whether an equality would fail with one side 0.1 % larger, and with one entry moved by as much.

    A side that is always 0 is moved by 0.1 % of the scale instead.
    """
    (left, right), scale = judgement.sides, judgement.scale
    amount = _OFF * (scale if vanishing else max(_largest(left), _largest(right)))
    larger = left + amount if vanishing else left * (1 + _OFF)
    entry = np.array(left, np.result_type(left.dtype, float) if left.dtype != object else object)
    entry.flat[case % left.size] += amount
    off, moved = (not _largest(side - right) <= tolerance * scale for side in (larger, entry))
    return off, moved


def nearness_in_words(nearness: float) -> str:
    """How near a bound is come to, rounded down to what is the same on every machine."""
    if nearness >= 1 - 1e-9:
        return "reached"
    digits = 4 if nearness > 0.99 else 2
    return f"nearest: {math.floor(nearness * 10**digits + 1e-6) / 10**digits:g} of the bound"
