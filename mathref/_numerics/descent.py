"""The walk that all optimisers share: it takes the gradient, refuses nonsense, records the path, sees when to stop.

Its costs matter, since it runs once for each step: about 3 microseconds besides the caller's gradient.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_nonfinite
from mathref._arguments.single import as_function, as_integer, as_number

# Further from the origin than this many times the start (or 1), a gradient that is still growing means divergence.
_FAR = 1e6
_OUT_OF_SIGHT = 1e100
# Shorter steps never take x out of sight, and are not looked at.
_LEAP = 1e18
# The square of a smaller number may underflow.
_TINY = 1e-280
_LARGEST = float(np.finfo(float).max)


class Walk:
    """Points x visited one after another, with the gradient at the present one."""

    def __init__(self, gradient: Any, start: ArrayLike, learning_rate: float, loss: Any) -> None:
        x = as_array(start, "start", real=True)
        rate = as_number(learning_rate, "learning_rate", above=0)
        self.learning_rate = np.array(
            min(rate, float(np.finfo(x.dtype).max)), x.dtype
        )  # NumPy multiplies by an array more quickly than by a float
        self._gradient = as_function(gradient, "gradient")
        self._loss = None if loss is None else as_function(loss, "loss")
        self._is_number = x.ndim == 0
        if self._is_number:
            self._gradient = _of_numbers(self._gradient)
        self._far = min(_FAR * max(1.0, float(np.abs(x).max())), _LARGEST)
        self._steepest = 0.0
        self._rows: tuple[Array, ...] = ()
        self._path: list[Array] = []
        self._losses: list[float] = []
        self.slope = self.x = x
        self.steepness = math.inf
        self.steps = -1
        self._visit(np.array(x, ndmin=1))

    def _visit(self, x: Array) -> None:
        x.setflags(write=False)  # a gradient that changes its argument would rewrite the path
        self.x = x
        self._path.append(x)
        self.steps += 1

    def look(self, *rows: Array) -> bool:
        """Take the gradient, and the loss, at x; false if x has run away."""
        x, self._rows = self.x, rows
        try:
            slope = self._gradient(x, *rows)
        except OverflowError as error:
            if self._is_far():
                return False
            raise ValueError(f"gradient overflowed {self._place()}: {error}") from error
        if type(slope) is not np.ndarray or slope.shape != x.shape or slope.dtype != x.dtype:
            slope = self._as_slope(slope)
        squared = square_of(slope)
        if _TINY < squared < math.inf:
            steepness = math.sqrt(squared)
        elif not np.isfinite(slope).all():
            if self._is_far():
                return False
            self._refuse_slope(slope)
        else:
            steepness = math.hypot(*slope.ravel().tolist())
        if steepness > self._steepest:
            if self._steepest and self._is_far():
                return False
            self._steepest = steepness
        self.slope, self.steepness = slope, steepness
        return self._loss is None or self._record(self._loss, x)

    def move(self, step: Array) -> bool:
        """Take a step off x; false if that leads out of sight."""
        x = self.x - step
        if not square_of(step) < _LEAP**2 and _is_beyond(x, max(self._far, _OUT_OF_SIGHT)):
            return False
        self._visit(x)
        return True

    def last_move(self) -> float:
        """Length of the last step, 0 before the first."""
        if self.steps == 0:
            return 0.0
        return math.hypot(*(self._path[-1] - self._path[-2]).ravel().tolist())

    def end(self) -> tuple[Any, Array, Array]:
        """The last point, the path and the losses, as the caller gave the start: a number or an array."""
        if self._loss is not None and len(self._losses) < len(self._path):
            self._record(self._loss, self.x)
        path = np.array(self._path)
        x = path[-1].copy()
        if self._is_number:
            return x.item(), path[:, 0], np.array(self._losses)
        return x, path, np.array(self._losses)

    def _record(self, loss_of: Callable[..., Any], x: Array) -> bool:
        loss = loss_of(x.item() if self._is_number else x, *self._rows)
        number = loss if type(loss) is float else self._as_loss(loss)
        if not math.isfinite(number):
            if not self._is_far():
                raise ValueError(f"loss must return a finite number, but {self._place()} it returned {number}")
            number = math.inf
        self._losses.append(number)
        return number < math.inf

    def _as_loss(self, loss: Any) -> float:
        value = np.asarray(loss)
        if value.shape or value.dtype.kind not in "fiu":
            found = f"an array of shape {value.shape}" if value.shape else f"{loss!r:.40}"
            raise ValueError(f"loss must return one real number, but {self._place()} it returned {found}")
        return float(value)

    def _is_far(self) -> bool:
        return _is_beyond(self.x, self._far)

    def _as_slope(self, value: Any) -> Array:
        slope = as_array(value, "gradient(x)", real=True, finite=False)
        if slope.shape != self.x.shape:
            wanted = "a number" if self._is_number else f"shape {self.x.shape}"
            found = slope.shape[1:] if self._is_number else slope.shape
            raise ValueError(f"gradient must return {wanted}, as start has, but {self._place()} its shape is {found}")
        return slope.astype(self.x.dtype, copy=False)

    def _refuse_slope(self, slope: Array) -> None:
        hint = "if the steps are growing, choose a smaller learning_rate"
        try:
            refuse_nonfinite(slope, "gradient(x)")
        except ValueError as error:
            raise ValueError(f"{error} {self._place()}; {hint}") from None

    def _place(self) -> str:
        return f"after {self.steps} steps, at x = {np.array2string(self.x, threshold=6, precision=6)}"


def descend(
    walk: Walk, step: Callable[[Array], Array], steps: Any, tolerance: Any, *, rolls: bool = True
) -> tuple[Any, Array, Array, bool, str]:
    """Take steps until the gradient is as good as 0: the fields of a Descent.

    `step` makes of the gradient what is taken off x. What `rolls` has a speed besides, and goes on through a point
    without a gradient: it is at rest if its last move was short too.
    """
    steps, tolerance = as_integer(steps, "steps", least=0), as_number(tolerance, "tolerance", least=0)
    longest = float(walk.learning_rate) * tolerance if rolls else math.inf
    reason = "diverged"
    with np.errstate(all="ignore"):
        while walk.look():
            at_rest = walk.steepness <= tolerance and (not rolls or walk.last_move() <= longest)
            if at_rest or walk.steps == steps:
                reason = "converged" if at_rest else "steps"
                break
            if not walk.move(step(walk.slope)):
                break
        return *walk.end(), reason == "converged", reason


def square_of(x: Array) -> float:
    # For vectors the method is twice as quick as the function.
    return float(x.dot(x) if x.ndim == 1 else np.vdot(x, x))


def _is_beyond(x: Array, length: float) -> bool:
    """Whether x is longer than this; so is what is not finite."""
    square = square_of(x)
    if square < math.inf:  # in single precision it overflows early
        return square > length * length
    return not math.hypot(*x.ravel().tolist()) <= length


def _of_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a number as one of an array of one entry, which returns such an array as well."""

    def on_array(x: Array, *rows: Array) -> Any:
        value = function(x.item(), *rows)
        return np.array([value]) if isinstance(value, float) else [value]

    return on_array
