"""How a convolution comes about entry by entry, in fractions."""

from fractions import Fraction

from mathref._arguments.arrays import Array
from mathref._workings.exact import as_fractions, rounded
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, factor, sign, tex


def convolution_working(x: Array, kernel: Array, result: Array) -> Working:
    """One step for each entry of the full convolution, and the whole."""
    numbers, weights = as_fractions(x, "x"), as_fractions(kernel, "kernel")
    entries, steps = [], []
    for i in range(len(result)):
        pairs = [(j, i - j) for j in range(len(numbers)) if 0 <= i - j < len(weights)]
        entries.append(sum((numbers[j] * weights[m] for j, m in pairs), Fraction(0)))
        steps.append(_entry(i, pairs, numbers, weights, entries[i]))
    steps.append(step("All entries.", result, equation("y", entries)))
    return Working("Convolution, entry by entry", tuple(steps))


def _entry(i: int, pairs: list[tuple[int, int]], x: list[Fraction], kernel: list[Fraction], value: Fraction) -> Step:
    """One entry: the places in x and in the kernel that add up to it, the products, and their sum."""
    names = " + ".join(f"x_{j} k_{m}" for j, m in pairs)
    products = " + ".join(rf"{factor(x[j])} \cdot {factor(kernel[m])}" for j, m in pairs)
    lines = [f"y_{i} = {names}", rf"\quad = {products}", rf"\quad {sign(value)} {tex(value)}"]
    return step(f"Entry {i}: places that add up to {i}.", rounded(value), *lines)
