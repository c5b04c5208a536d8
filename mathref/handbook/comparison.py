"""A value computed in several ways, side by side, with how far the ways lie apart and how many digits are right."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

_DIGITS = 15  # what a double holds of any decimal number


def compare(ways: Mapping[str, Any], *, exact: Any = None, condition: float | None = None, places: int = 10) -> None:
    """Print a Markdown table of one value computed in several ways.

    Parameters
    ----------
    ways : mapping of str to number or array
        The value by the name of the way; all of one shape.
    exact : number, Fraction, mpmath number or array of these, optional
        The known answer; the table then counts the correct digits of each way.
    condition : float, optional
        Condition number of the problem: how many times a rounding of the input may grow in the answer.
    places : int
        Decimal places shown.
    """
    values = {name: np.asarray(value) for name, value in ways.items()}
    if len({value.shape for value in values.values()}) != 1:
        raise ValueError(f"ways should all have one shape, but have {[v.shape for v in values.values()]}")
    size = max(float(np.abs(value).max()) for value in values.values()) or 1.0
    first, *others = values.values()
    apart = max((float(np.abs(first - other).max()) for other in others), default=0.0) / size
    digits = {name: _correct_digits(value, exact) for name, value in values.items()} if exact is not None else {}
    print("| Computed by | Value |" + (" Correct digits |" if digits else ""))
    print("| --- | --- |" + (" --: |" if digits else ""))
    for name, value in values.items():
        print(f"| {name} | `{_shown(value, places)}` |" + (f" {digits[name]} |" if digits else ""))
    said = f"\nLargest difference: {_at_most(apart)} of the value."
    print(said + (f" Condition number: {_two_digits(condition)}." if condition is not None else ""))


def _correct_digits(value: np.ndarray[Any, Any], exact: Any) -> str:
    errors = [_relative_error(v, e) for v, e in zip(value.ravel().tolist(), np.ravel(exact).tolist(), strict=True)]
    worst = max(errors)
    # a whole number, rounded down, so that one more or less rounding on another machine seldom shows
    digits = min(_DIGITS, math.floor(-math.log10(worst))) if worst else _DIGITS
    return "all" if digits >= _DIGITS else str(max(digits, 0))


def _relative_error(value: Any, exact: Any) -> float:
    if isinstance(value, float) and math.isfinite(value) and isinstance(exact, (int, Fraction)):
        value = Fraction(value)
    size = abs(exact)
    return float(abs(value - exact) / size) if size else float(abs(value))


def _at_most(apart: float) -> str:
    if apart > 0.1:
        return f"{apart:.1g} times the size"
    if apart < 10.0**-_DIGITS:
        return f"less than 1e-{_DIGITS}"
    return f"less than 1e{math.ceil(math.log10(apart)) + (math.log10(apart) % 1 == 0)}"


def _two_digits(condition: float) -> str:
    return f"{condition:.2g}" if condition < 1e4 else f"about 1e{round(math.log10(condition))}"


def _shown(value: np.ndarray[Any, Any], places: int) -> str:
    rounded = np.round(value, places) + 0.0
    if not value.ndim:
        return (
            f"{rounded.item():.{places}g}"
            if np.iscomplexobj(value)
            else f"{float(rounded):.{places}f}".rstrip("0").rstrip(".")
        )
    return np.array2string(rounded, separator=", ", max_line_width=10_000, precision=places).replace("\n", "")
