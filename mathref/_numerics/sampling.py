"""Functions that somebody else wrote, asked at a point and beside it: what they return is checked in one place."""

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.results import array_result, number_or_array
from mathref._arguments.returned import checked_value
from mathref._arguments.shapes import refuse_unequal_shapes
from mathref._numerics.differences import Line
from mathref._numerics.powers_of_two import float_times_power_of_two, scaled
from mathref._numerics.quotients import Kind, central

_EPS = 2.0**-52
_LARGE = 1e5  # entries of x up to here are spaced so closely that the rounding of x + step does not matter
_UNIT = 2.0**-16  # of steps beside larger ones
_TURNS = 3


class Sampled:
    """A function f of an array (or a float) x, with its value at x; each call gets a fresh copy of its argument.

    x is float64. With ``shape`` the value must have it, () for one real number; without, any shape will do.
    """

    def __init__(self, f: Callable[[Any], Any], x: Array, name: str = "f", shape: tuple[int, ...] | None = ()) -> None:
        self.f, self.x, self.name = f, x, name
        with np.errstate(all="ignore"):
            value = checked_value(f(number_or_array(x.copy())), name, shape)
        self.noise = float(np.finfo(value.dtype).eps) if value.dtype.kind == "f" else _EPS
        self.value = value.astype(np.float64)

    def derivative_by_entry(self, index: int, kind: Kind = central) -> tuple[Array, Array]:
        """The derivative by one entry of x, and its error, each of the value's shape."""
        entry = self.x.item(index)

        def moved(step: Any) -> Array:
            point = self.x.astype(type(step))  # a float, or complex
            point.flat[index] += step
            return point

        return self._derivative(moved, abs(entry), lambda h: _unrounded(entry, h), kind, entry)

    def derivative_along(self, v: Array) -> tuple[Array, Array]:
        """The derivative along a unit vector v, and its error, each of the value's shape."""
        size = float(np.abs(self.x).max())
        if size <= _LARGE:
            return self._derivative(lambda step: self.x + step * v, size, float, central, "x")
        # Beside large x steps are rounded to a grid, which turns v. So v is a sum of directions that keep to the grid,
        # each about a thousandth of the one before.
        spacing = math.ulp(min(2 * size, sys.float_info.max))
        unit = max(_UNIT, 2.0**10 * spacing)
        slope, error, rest = np.zeros(self.value.shape), np.zeros(self.value.shape), v
        for _ in range(_TURNS):
            if length := float(np.abs(rest).max()):
                shift = np.round(rest / length * (unit / spacing)) * spacing
                part, doubt = self._derivative_on_grid(shift, unit, size)
                slope, error, rest = slope + length * part, error + length * doubt, rest - length * (shift / unit)
        return slope, error

    def _derivative_on_grid(self, shift: Array, unit: float, size: float) -> tuple[Array, Array]:
        """The derivative along shift / unit, from whole multiples of shift."""

        def moved(step: Any) -> Array:
            point: Array = self.x + step / unit * shift  # step / unit is whole, or imaginary
            return point

        return self._derivative(moved, size, lambda h: round(h / unit) * unit, central, "x")

    def _derivative(
        self, moved: Callable[[Any], Array], size: float, exact: Callable[[float], float], kind: Kind, near: Any
    ) -> tuple[Array, Array]:
        line = Line(lambda step: self._beside(moved(step)), self.value.ravel(), size, self.noise, exact)
        with np.errstate(all="ignore"):
            slope, error = line.derivative(kind)
            if np.isnan(slope).any():
                raise ValueError(f"{self.name} must be finite {_WHERE[kind.__name__]} x, but near {near} it is not")
            if kind is central and (error > 1e-11 * np.abs(slope)).any():
                better = self._complex_step(moved, small_step(size))
                # Never trusted alone: with abs() or .real in f it is wrong without a sign.
                slope = np.where(np.abs(better - slope) <= error, better, slope)
        if not (np.isfinite(slope).all() and np.isfinite(error).all()):
            raise np.linalg.LinAlgError(
                f"{self.name} must have a derivative that fits in doubles, but it exceeds 1.8e308"
            )
        return slope.reshape(self.value.shape) + 0.0, error.reshape(self.value.shape)  # never -0.0

    def _beside(self, point: Array) -> Array:
        """The values near x as a vector; NaN outside the domain of f."""
        try:
            value = np.asarray(self.f(number_or_array(point)))
        except (ValueError, ArithmeticError):
            value = np.array(None)
        if value.dtype.kind not in "fiu":  # as roots of negative numbers are complex
            return np.full(self.value.size, math.nan)
        if value.shape != self.value.shape:
            raise ValueError(
                f"{self.name} must return one shape, but it is {self.value.shape} at x and {value.shape} beside it"
            )
        return value.flatten().astype(np.float64, copy=False)

    def _complex_step(self, moved: Callable[[Any], Array], step: float) -> Array:
        """Im f(x + ih) / h, which loses no digits by subtraction; NaN where f takes no complex numbers."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = np.asarray(self.f(number_or_array(moved(1j * step))))
            return (value.imag / step).reshape(self.value.size).astype(np.float64)
        except Exception:  # any failure of a function that was written for real numbers
            return np.full(self.value.size, math.nan)


_WHERE = {
    "central": "on both sides of",
    "second": "on both sides of",
    "right": "to the right of",
    "left": "to the left of",
}


def _unrounded(x: float, h: float) -> float:
    """The step next to h that x + h does not round; 0 where there is none."""
    step = (x + h) - x if abs(x) < math.inf else 0.0
    return step if step > 0 and x - step < x else 0.0


def small_step(size: float) -> float:
    """An imaginary step whose square vanishes beside that of x, and which keeps its digits for |x| from 1e-299 on."""
    size = abs(size)
    return max(1e-20 * size, min(1e-10 * size, 1e-300), 5e-324) if size else 1e-100


def rounded_estimate(value: Array, error: Array, *arguments: Array) -> tuple[Any, Any]:
    """A value and its error, floats if without dimensions; for single arguments rounded, which adds to the error."""
    result = array_result(value, "the derivative", *arguments)
    if result.dtype == np.float32:  # half a unit of its last place
        with np.errstate(under="ignore"):
            error = error + np.abs(value) * 2.0**-24
    return number_or_array(result), number_or_array(error)


def direction_and_length(v: ArrayLike, x: Array, name: str = "v") -> tuple[Array, float]:
    """A vector of x's shape divided by its length, and the length; 0 stays 0."""
    array = as_array(v, name, real=True)
    refuse_unequal_shapes(array, x, (name, "x"))
    direction, exponent = scaled(array)
    length = float(np.sqrt(np.vdot(direction, direction)))
    return direction / (length or 1.0), float_times_power_of_two(length, exponent)
