"""Workings: how a result comes about, step by step and in exact fractions, for a terminal, a notebook or a page.

Each step is written once, as lines of TeX with matrices between; what a terminal shows is made from the same lines.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from textwrap import indent
from typing import Any, NamedTuple, overload

import numpy as np

from mathref._arguments import Array


class Root(NamedTuple):
    """The number a + b √n for fractions a and b and a whole n; where n is negative, a + b √(-n) i."""

    a: Fraction
    b: Fraction
    n: int

    @property
    def denominator(self) -> int:
        """Common denominator of a and b."""
        return math.lcm(self.a.denominator, self.b.denominator)


Exact = Fraction | Root
Number = Exact | float | complex
Rows = Sequence[Sequence[Number]]
# Pieces side by side: TeX, or the rows of a matrix.
Line = str | tuple[str | Rows, ...]

# A double that is the nearest one to a fraction with a denominator up to this is taken for it: 0.1 for 1/10.
_LARGEST_MEANT = 1000
# Longer numerators, denominators and radicands are shown as decimals.
_LONGEST = 9999
_LEAST, _MOST = 1e-6, 1e6
# A float may have this relative error, and one this small beside an entry of modulus 1 may be nothing else.
_NOISE = 1e-13
_ABOUT = r"\approx"
_SYMBOLS = {
    r"\leftrightarrow": "↔", r"\leftarrow": "←", r"\approx": "≈", r"\cdot": "·", r"\times": "×", r"\pm": "±",
    r"\lambda": "λ", r"\sigma": "σ", r"\nabla ": "∇", r"\infty": "∞", r"\det": "det", r"\log": "log", r"\ln": "ln",
    r"\partial ": "∂", r"\quad": "  ", r"\,": " ", r"\|": "‖",
}  # fmt: skip
_RAISED = str.maketrans("0123456789-T", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def refuse_long(array: Array, name: str, rows: int, columns: int = 5) -> None:
    """Raise if a working about this vector or matrix would be too long to read."""
    if len(array) > rows or (array.ndim == 2 and array.shape[1] > columns):
        most = f"{rows} rows and {columns} columns" if array.ndim == 2 else f"{rows} entries"
        raise ValueError(f"{name} must have at most {most} for a working to be read, but its shape is {array.shape}")


def as_fractions(array: Array, name: str) -> list[Any]:
    """Entries as the fractions that are meant by them, 1/3 for 0.3333333333333333, row by row for a matrix."""
    sizes = np.abs(array[array != 0])
    if sizes.size and not (sizes.min() >= _LEAST and sizes.max() <= _MOST):
        bad = sizes.max() if sizes.max() > _MOST else sizes.min()
        raise ValueError(
            f"{name} must hold zeros and numbers from {_LEAST:g} to {_MOST:g} in modulus for a working to be read, but "
            f"one has modulus {bad:g}; divide {name} by a power of 10"
        )
    entries = [meant(entry) for entry in array.ravel()]
    if array.ndim == 1:
        return entries
    return [entries[i : i + array.shape[1]] for i in range(0, array.size, array.shape[1])]


def meant(x: Any) -> Fraction:
    """The fraction of a small denominator that this NumPy number stands for, or else the number itself.

    In double precision two units in the last place are forgiven, so that 0.1 + 0.2 means 3/10.
    """
    exact = Fraction(x.item())
    near = exact.limit_denominator(_LARGEST_MEANT)
    same = type(x)(near.numerator / near.denominator) == x or abs(near - exact) <= abs(exact) / 2**51
    return near if same else exact


def square_root(x: Fraction) -> Exact:
    """√x, imaginary for a negative x, without the squares of factors up to 1000 under the root."""
    n, outside = x.numerator * x.denominator, 1
    whole = math.isqrt(abs(n))
    if whole * whole == n:
        return Fraction(whole, x.denominator)
    for k in range(2, min(whole, 1000) + 1):
        while n % (k * k) == 0:
            n, outside = n // (k * k), outside * k
    return Root(Fraction(0), Fraction(outside, x.denominator), n)


def times(x: Exact, c: Fraction) -> Exact:
    """x multiplied by a fraction."""
    return x * c if isinstance(x, Fraction) else Root(x.a * c, x.b * c, x.n) if c else Fraction(0)


def plus(x: Exact, c: Fraction) -> Exact:
    """x and a fraction added."""
    return x + c if isinstance(x, Fraction) else Root(x.a + c, x.b, x.n)


def dot(v: Sequence[Fraction], w: Sequence[Fraction]) -> Fraction:
    """Exact scalar product."""
    return sum((x * y for x, y in zip(v, w, strict=True)), Fraction(0))


def unit(v: Sequence[Fraction]) -> list[Number]:
    """V divided by its length."""
    squared = dot(v, v)
    length = square_root(squared)
    return [times(length, x / squared) for x in v]


def orthogonal_part(v: Sequence[Fraction], to: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """V without its parts along vectors that are orthogonal to each other."""
    shares = [dot(u, v) / dot(u, u) for u in to]
    return [x - sum((c * u[i] for c, u in zip(shares, to, strict=True)), Fraction(0)) for i, x in enumerate(v)]


def further_direction(to: Sequence[Sequence[Fraction]], size: int) -> list[Fraction]:
    """A vector orthogonal to all of these: what is left of the axis that has the largest part outside them."""
    axes = [[Fraction(i == j) for i in range(size)] for j in range(size)]
    return max((orthogonal_part(axis, to) for axis in axes), key=lambda part: dot(part, part))


def shares(p: Array) -> list[Fraction]:
    """Probabilities as the fractions that are meant by them, divided by their sum."""
    exact = [meant(x) for x in p]
    return [x / sum(exact) for x in exact]


def logarithm(x: Fraction, base: float) -> Fraction | float:
    """Logarithm of x > 0, exact where x is a whole power of the base."""
    estimate = (math.log(x.numerator) - math.log(x.denominator)) / math.log(base)
    whole = round(estimate)
    if abs(whole) <= 64 and Fraction(base) ** whole == x:
        return Fraction(whole)
    return math.log1p(float(x - 1)) / math.log(base) if 0.5 < x < 2 else estimate


def rounded(x: Number) -> float | complex:
    """The nearest double, or complex number of doubles."""
    if isinstance(x, Root) and x.n < 0:
        return complex(float(x.a), float(precise(Root(Fraction(0), x.b, -x.n))))
    return float(precise(x)) if isinstance(x, (Fraction, Root)) else x


def precise(x: Exact) -> Fraction:
    """A real root as a fraction, to 200 binary places."""
    return x.a + x.b * Fraction(math.isqrt(x.n << 400), 1 << 200) if isinstance(x, Root) else x


def rounded_array(x: Sequence[Any]) -> Array:
    """Numbers or rows of numbers as an array of doubles."""
    return np.array([[rounded(entry) for entry in row] if isinstance(row, list) else rounded(row) for row in x])


def shown_exactly(x: Number) -> bool:
    """Whether `tex` shows all digits, of a float all but those that rounding may have spoiled."""
    if isinstance(x, Root):
        shared = x.denominator
        return max(abs(x.a), abs(x.b)) * shared <= _LONGEST and max(shared, abs(x.n)) <= _LONGEST
    if isinstance(x, Fraction):
        return abs(x) < 10**9 if x.denominator == 1 else max(abs(x.numerator), x.denominator) <= _LONGEST
    places = 4 if isinstance(x, complex) else 6
    return all(math.isclose(float(f"{part:.{places}g}"), part, rel_tol=_NOISE) for part in (x.real, x.imag))


@dataclass(frozen=True, eq=False)
class Step:
    """One step: what is done in words, the same as TeX, the value it gives, and the formula as a terminal shows it."""

    caption: str
    tex: str
    value: Any
    text: str = field(repr=False)


@dataclass(frozen=True, eq=False, repr=False)
class Working(Sequence[Step]):
    """The steps by which a result comes about; it prints them, and a notebook shows them as mathematics."""

    title: str
    steps: tuple[Step, ...]

    @property
    def result(self) -> Any:
        """The value of the last step."""
        return self.steps[-1].value

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[index]

    def __str__(self) -> str:
        blocks = [self.title]
        for number, step in enumerate(self.steps, 1):
            margin = " " * len(f"{number}. ")
            blocks.append(f"{number}. {step.caption}\n{indent(step.text, margin)}")
        return "\n\n".join(blocks)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        numbered = (f"**{number}.** {step.caption}\n\n$$\n{step.tex}\n$$" for number, step in enumerate(self.steps, 1))
        return "\n\n".join([f"**{self.title}**", *numbered])


def step(caption: str, value: Any, *lines: Line) -> Step:
    """A step from the lines of its formula."""
    pieces = [(line,) if isinstance(line, str) else line for line in lines]
    tex = r" \\[4pt] ".join("& " + " ".join(map(_piece_tex, line)) for line in pieces)
    text = "\n".join(row for line in pieces for row in _beside([_piece_text(piece) for piece in line]))
    return Step(caption, rf"\begin{{aligned}} {tex} \end{{aligned}}", value, text)


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


def sum_step(caption: str, value: float, name: str, terms: Sequence[Fraction | float]) -> Step:
    """The last step of a sum whose terms were found one by one, four of them in a line."""
    lines = [" ".join(map(added, terms[i : i + 4])) for i in range(0, len(terms), 4)]
    lines[0] = total(terms[:4])
    fractions = [x for x in terms if isinstance(x, Fraction)]
    exact = sum(fractions) if len(fractions) == len(terms) else value
    first, *others = [f"{name} {sign(*terms)} {lines[0]}", *(rf"\quad {line}" for line in lines[1:])]
    return step(caption, value, first, *others, equation(r"\quad", exact))


def logarithm_name(base: float) -> str:
    """The sign of a logarithm in TeX."""
    return r"\ln" if base == math.e else rf"\log_{{{base:g}}}"


def unit_name(base: float) -> str:
    """What information is measured in by logarithms to this base."""
    return {2: "bits", math.e: "nats"}.get(base, f"units of log {base:g}")


def plain(formula: str) -> str:
    """TeX of the few commands used here as Unicode."""
    for command, symbol in _SYMBOLS.items():
        formula = formula.replace(command, symbol)
    formula = re.sub(r"\\operatorname\{(\w+)\}", r"\1", formula)
    formula = re.sub(r"_(\d)|_\{([^{}]*)\}", lambda m: (m[1] or m[2]).translate(_LOWERED), formula)
    formula = re.sub(r"\^([\dT])|\^\{([^{}]*)\}", lambda m: (m[1] or m[2]).translate(_RAISED), formula)
    inner = ""
    while inner != formula:  # from the innermost braces outwards
        inner = formula
        formula = re.sub(r"\\sqrt\{([^{}]*)\}", lambda m: "√" + _grouped(m[1]), formula)
        formula = re.sub(r"\\tfrac\{([^{}]*)\}\{([^{}]*)\}", lambda m: f"{_grouped(m[1])}/{m[2]}", formula)
    return formula


def _grouped(formula: str) -> str:
    return f"({formula})" if re.search("[ /]", formula) else formula


def _piece_tex(piece: str | Rows) -> str:
    if isinstance(piece, str):
        return piece
    rows = [" & ".join(map(tex, row)) for row in piece]
    below = r" \\[3pt] " if any("frac" in row for row in rows) else r" \\ "
    return rf"\begin{{bmatrix}} {below.join(rows)} \end{{bmatrix}}"


def _piece_text(piece: str | Rows) -> list[str]:
    if isinstance(piece, str):
        return [plain(piece)]
    cells = [[plain(tex(entry)) for entry in row] for row in piece]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    if len(rows) == 1:
        return [f"[{rows[0]}]"]
    left, right = ("⎡" + "⎢" * (len(rows) - 2) + "⎣", "⎤" + "⎥" * (len(rows) - 2) + "⎦")
    return [a + row + b for a, row, b in zip(left, rows, right, strict=True)]


def _beside(blocks: Sequence[list[str]]) -> list[str]:
    """Blocks of text side by side, each in the middle of the height."""
    height = max(map(len, blocks))
    columns = []
    for block in blocks:
        width, above = max(map(len, block)), (height - len(block)) // 2
        padded = [""] * above + block + [""] * (height - len(block) - above)
        columns.append([row.ljust(width) for row in padded])
    return [" ".join(row).rstrip() for row in zip(*columns, strict=True)]
