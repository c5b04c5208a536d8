"""Workings of the variance, from means and squares in fractions."""

from collections.abc import Sequence
from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, rounded, rounded_array
from mathref._workings.steps import Working, step
from mathref._workings.tex import Line, added, equation, sign, tex, total
from mathref._workings.text import plain


def sum_lines(name: str, terms: Sequence[Fraction], divisor: int | None = None) -> list[Line]:
    """Lines that add terms, as many in a line as can be read, divide the sum if asked, and say what it is."""
    per_line = 4 if max(len(plain(tex(term))) for term in terms) <= 10 else 2
    parts = [" ".join(map(added, terms[i : i + per_line])) for i in range(0, len(terms), per_line)]
    parts[0], whole = total(terms[:per_line]), sum(terms, Fraction(0))
    if divisor:
        parts[0], whole = f"({parts[0]}", whole / divisor
        parts[-1] += f") / {divisor}"
    first, *others = parts
    start = f"{name} {sign(*terms)} {first}" if name else first
    return [start, *(rf"\quad {other}" for other in others), equation(r"\quad", whole)]


def divided_by(size: int, ddof: int) -> str:
    """The divisor in words."""
    return f"divided by n = {size}" if not ddof else f"divided by n - {ddof} = {size - ddof}"


def variance_working(x: Array, ddof: int, result: float) -> Working:
    """Mean, deviations, squares and their mean."""
    numbers = as_fractions(x, "x")
    n = len(numbers)
    centre = sum(numbers) / n
    deviations = [number - centre for number in numbers]
    squares = [deviation**2 for deviation in deviations]
    difference = rf"x {added(-centre)}" if centre else "x"
    steps = [
        step(
            f"The mean: the sum, divided by n = {n}.", rounded(centre), *sum_lines(r"\operatorname{mean}", numbers, n)
        ),
        step("How far each number lies from the mean.", rounded_array(deviations), equation(difference, deviations)),
        step("The squares of these.", rounded_array(squares), ([[square] for square in squares],)),
        step(
            f"The sum of the squares, {divided_by(n, ddof)}.",
            result,
            *sum_lines(r"\operatorname{variance}", squares, n - ddof),
        ),
    ]
    return Working("Variance from the deviations", tuple(steps))
