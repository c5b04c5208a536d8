"""Numbers, terms and equations in TeX, as short as they are exact."""

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mathref._workings.exact import Number, Root, rounded

Rows = Sequence[Sequence[Number]]
# Pieces side by side: TeX, or the rows of a matrix.
Line = str | tuple[str | Rows, ...]
# Longer numerators, denominators and radicands are shown as decimals.
_LONGEST = 9999
# A float may have this relative error, and one this small beside an entry of modulus 1 may be nothing else.
_NOISE = 1e-13
_ABOUT = r"\approx"


def shown_exactly(x: Number) -> bool:
    """Whether `tex` shows all digits, of a float all but those that rounding may have spoiled."""
    if isinstance(x, Root):
        shared = x.denominator
        return max(abs(x.a), abs(x.b)) * shared <= _LONGEST and max(shared, abs(x.n)) <= _LONGEST
    if isinstance(x, Fraction):
        return abs(x) < 10**9 if x.denominator == 1 else max(abs(x.numerator), x.denominator) <= _LONGEST
    places = 4 if isinstance(x, complex) else 6
    return all(math.isclose(float(f"{part:.{places}g}"), part, rel_tol=_NOISE) for part in (x.real, x.imag))


def equation(name: str, x: Any) -> Line:
    """A line that says what a number, a column or a matrix is, with ≈ where its digits are rounded."""
    if not isinstance(x, list):
        return f"{name} {sign(x)} {tex(x)}"
    rows = [row if isinstance(row, list) else [row] for row in x]
    shown = _without_noise(rows)
    return f"{name} {sign(*(entry for row in rows for entry in row)) if shown == rows else _ABOUT}", shown


def root_equation(name: str, inside: str, x: Number) -> str:
    """A line that says what a square root is; the root alone where that is as short as it gets."""
    root = rf"\sqrt{{{inside}}}"
    return f"{name} = {root}" if root == tex(x) else f"{name} = {root} {sign(x)} {tex(x)}"


def sign(*numbers: Number) -> str:
    """The sign between these numbers and what they are: ≈ where `tex` rounds one."""
    return "=" if all(map(shown_exactly, numbers)) else _ABOUT


def _without_noise(rows: list[list[Number]]) -> list[list[Number]]:
    """Floats that are only rounding error beside the largest entry become 0."""
    least = _NOISE * max(abs(rounded(entry)) for row in rows for entry in row)

    def cleaned(x: Number) -> Number:
        if isinstance(x, complex):
            real, imaginary = (part if abs(part) > least else 0.0 for part in (x.real, x.imag))
            return complex(real, imaginary) if imaginary else real
        return 0.0 if isinstance(x, float) and abs(x) <= least else x

    return [[cleaned(entry) for entry in row] for row in rows]


def tex(x: Number) -> str:
    """A number in TeX: a fraction or a root where this is short, otherwise to six digits (four if complex)."""
    if isinstance(x, Root):
        return _root_tex(x) if shown_exactly(x) else tex(rounded(x))
    if isinstance(x, complex):
        return _complex_tex(x)
    if isinstance(x, float) or not shown_exactly(x):
        return _decimal(float(x))
    sign = "-" if x < 0 else ""
    return sign + _ratio(str(abs(x.numerator)), x.denominator)


def _ratio(numerator: str, denominator: int) -> str:
    return numerator if denominator == 1 else rf"\tfrac{{{numerator}}}{{{denominator}}}"


def _root_tex(x: Root) -> str:
    shared = x.denominator
    a, b = int(x.a * shared), int(x.b * shared)
    root = "" if x.n == -1 else rf"\sqrt{{{abs(x.n)}}}"
    root += r"\,i" if root and x.n < 0 else "i" if x.n < 0 else ""
    term = root if abs(b) == 1 else f"{abs(b)}{root}"
    if not a:
        return ("-" if b < 0 else "") + _ratio(term, shared)
    return _ratio(f"{a} {'-' if b < 0 else '+'} {term}", shared)


def _complex_tex(x: complex) -> str:
    size = "" if abs(x.imag) == 1 else _decimal(abs(x.imag), 4)
    if not x.real:
        return ("-" if x.imag < 0 else "") + f"{size}i"
    return f"{_decimal(x.real, 4)} {'-' if x.imag < 0 else '+'} {size}i"


def _decimal(x: float, places: int = 6) -> str:
    digits, _, exponent = f"{x:.{places}g}".replace("inf", r"\infty").partition("e")
    digits = "0" if digits == "-0" else digits
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def factor(x: Number) -> str:
    """A number in TeX as a factor, a subtrahend or an argument: in parentheses unless it is a plain number."""
    written = tex(x)
    return written if re.fullmatch(r"[\d.]+|\\sqrt\{\d+\}|\\infty", written) else f"({written})"


def added(x: Number, name: str = "") -> str:
    """A real number, or its multiple of what is named, as a further term of a sum: + 2, - 1/2 x, + x."""
    sign = "-" if rounded(x).real < 0 else "+"
    size = tex(x).removeprefix("-")
    return f"{sign} {name if name and size == '1' else f'{size} {name}'}".rstrip()


def total(numbers: Sequence[Number]) -> str:
    """A sum of real numbers, written out."""
    return " ".join([tex(numbers[0]), *map(added, numbers[1:])])


def logarithm_name(base: float) -> str:
    """The sign of a logarithm in TeX."""
    return r"\ln" if base == math.e else rf"\log_{{{base:g}}}"


def unit_name(base: float) -> str:
    """What information is measured in by logarithms to this base."""
    return {2: "bits", math.e: "nats"}.get(base, f"units of log {base:g}")
