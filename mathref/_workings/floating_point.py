"""How a number is rounded to a format."""

import math
from fractions import Fraction

from mathref._numerics.float_formats import FORMATS, Format
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import factor, sign, tex


def rounding_working(x: float, name: str, result: float) -> Working:
    """The exponent, the number in units of the last place, the whole number next to it, and its value."""
    form = FORMATS[name]
    places = form.fraction_bits
    exponent = max(math.frexp(x)[1] - 1, form.lowest) if x else form.lowest
    significand, scaled = math.ldexp(x, -exponent), math.ldexp(x, places - exponent)
    whole = Fraction(round(scaled))
    normal = abs(x) >= math.ldexp(1.0, form.lowest)
    steps = [
        step(
            f"The power of two that {'it begins with' if normal else 'all numbers below the normal ones share'}.",
            exponent,
            rf"{tex(x)} {sign(x, significand)} {factor(significand)} \cdot 2^{{{exponent}}}",
        ),
        step(
            f"How often 2 to the power {exponent - places}, the unit of the last place, goes into it.",
            scaled,
            rf"{factor(significand)} \cdot 2^{{{places}}} {sign(significand, scaled)} {tex(scaled)}",
        ),
        step(
            "The nearest whole number; halfway between two, the even one.",
            int(whole),
            rf"\operatorname{{round}}({tex(scaled)}) {sign(scaled, whole)} {tex(whole)}",
        ),
        _last(whole, exponent - places, result, form),
    ]
    return Working(f"Rounding to {name}", tuple(steps))


def _last(whole: Fraction, power: int, result: float, form: Format) -> Step:
    product = rf"{factor(whole)} \cdot 2^{{{power}}}"
    if math.isfinite(result):
        stored = Fraction(result)
        return step("What is stored.", result, f"{product} {sign(whole, stored)} {tex(stored)}")
    what = "infinity" if form.has_infinity else "NaN, since there is no infinity"
    beyond = f"{product} < -{tex(form.max)}" if whole < 0 else f"{product} > {tex(form.max)}"
    return step(f"It is beyond the largest number: what is stored is {what}.", result, beyond)
