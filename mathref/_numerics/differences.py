"""Derivatives of a function of one number from central differences, extrapolated to step 0, with an error estimate."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array

# No round fraction: the differences of a periodic function over whole periods are all 0 and would seem exact.
_FIRST_STEP = 0.2371
_HALVINGS = 60
_LONG = 10  # smooth halvings in a row after which nothing improves


def partial_derivatives(f: Callable[[Any], Any], x: Array) -> list[tuple[float, float]]:
    """The derivative by each entry of x with its error; f must return a number at x, and may fail elsewhere."""
    centre = _number(f(x.copy() if x.ndim else x.item()), x)
    noise = float(np.finfo(centre.dtype).eps) if centre.dtype.kind == "f" else 2.0**-52

    def along(index: int) -> Callable[[float], float]:
        def value(entry: float) -> float:
            moved = x.copy()
            moved.flat[index] = entry
            try:
                return float(f(moved if x.ndim else entry))
            except (ValueError, TypeError, ArithmeticError):  # outside the domain of f
                return math.nan

        return value

    return [_derivative_by(index, along(index), f, x, noise) for index in range(x.size)]


def _derivative_by(
    index: int, along: Callable[[float], float], f: Callable[[Any], Any], x: Array, noise: float
) -> tuple[float, float]:
    slope, error = derivative(along, x.item(index), noise)
    if not math.isfinite(slope):
        raise ValueError(f"f must be finite on both sides of x, but near {x.item(index)} it is not")
    if error > 1e-11 * abs(slope):
        exact = _complex_step(f, x, index)
        if abs(exact - slope) <= error:  # never trusted alone: with abs() or .real in f it is wrong without a sign
            slope = exact + 0.0  # never -0.0
    return slope, error


def _complex_step(f: Callable[[Any], Any], x: Array, index: int) -> float:
    """Im f(x + ih) / h, which loses no digits by subtraction; NaN where f takes no complex numbers."""
    step = 1e-30 * max(abs(x.item(index)), 1e-200)
    moved = x.astype(np.complex128)
    moved.flat[index] += step * 1j
    try:
        return float(complex(f(moved if x.ndim else moved.item())).imag / step)
    except Exception:  # any failure of a function that was written for real numbers
        return math.nan


def _number(value: Any, x: Array) -> Array:
    number = np.asarray(value)
    if number.shape or number.dtype.kind not in "fiu":
        hint = "; write .item() behind an array of one entry" if number.size == 1 and number.shape else ""
        found = f"an array of shape {number.shape}" if number.shape else f"{value!r:.40}"
        raise ValueError(f"f must return one real number, but at x it returned {found}{hint}")
    if not np.isfinite(number):
        raise ValueError(f"f must return a finite number, but at x it returned {number.item()}")
    return number


def derivative(f: Callable[[float], float], x: float, noise: float) -> tuple[float, float]:
    """f'(x) and an estimate of its error; f may return NaN outside its domain, `noise` is the relative error of f.

    The length over which f changes is unknown: steps start near 1 and, if that is not good enough, near |x|.
    """
    best = extrapolated(f, x, _FIRST_STEP, noise)
    size = abs(x)
    if size and not 0.1 <= size <= 10 and not best[1] <= 1e-12 * abs(best[0]):
        best = min(best, extrapolated(f, x, _FIRST_STEP * size, noise), key=lambda pair: pair[1])
    return best


def extrapolated(f: Callable[[float], float], x: float, step: float, noise: float) -> tuple[float, float]:
    """Ridders' method: halve the step, remove the powers h², h⁴, ... of the error, keep the value that agrees best."""
    centre = f(x)
    best, fallback = (math.nan, math.inf), (math.nan, math.inf)
    row: list[float] = []
    previous_bend, argument, incline = math.nan, 0.0, 0.0
    for _ in range(_HALVINGS):
        after, before = x + step, x - step
        if not before < x < after:
            break
        upper, lower = f(after), f(before)
        step /= 2
        if not math.isfinite(upper - lower):
            row, previous_bend = [], math.nan
            continue
        slope = (upper - lower) / (after - before)
        rounding = 2 * noise * (max(abs(upper), abs(lower), abs(centre)) / (after - x) + abs(slope))
        incline = incline or max(abs(upper - centre), abs(lower - centre)) / (after - x)
        bend = abs((upper - centre) - (centre - lower))
        row, error = _next_row(row, slope)
        # The errors are powers of h only once halving h quarters the bend, unless the bend is rounding.
        smooth = bend <= 8 * rounding * (after - x) or bend < previous_bend / 2.5
        previous_bend = bend
        if not smooth:
            fallback = min(fallback, (slope, bend / (after - x)), key=lambda pair: pair[1])
            row = [slope]
            continue
        k = min(range(len(error)), key=error.__getitem__, default=None)
        if k is not None and max(error[k], rounding) < best[1]:
            best = row[k + 1], max(error[k], rounding)
            argument = noise * abs(x * slope) / (after - x)
        # From here on, smaller steps only add rounding errors, or nothing.
        if rounding > best[1] or (len(row) > _LONG and best[1] <= 1e-10 * incline):
            break
    # f may round its argument, as sin(100 x) does: that cannot be seen in the values, and is added at the end.
    return (best[0], best[1] + argument) if math.isfinite(best[1]) else fallback


def _next_row(row: list[float], slope: float) -> tuple[list[float], list[float]]:
    """The next row of the extrapolation table, and how far each new entry is from the two that it was made of."""
    fresh, errors = [slope], []
    for k, old in enumerate(row):
        value = fresh[k] + (fresh[k] - old) / (4.0 ** (k + 1) - 1)
        errors.append(max(abs(value - fresh[k]), abs(value - old)))
        fresh.append(value)
    return fresh, errors
