"""How the derivative of polynomials put one into another comes about, the innermost first."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from mathref._workings.exact import refuse_unshown, rounded
from mathref._workings.polynomials import evaluated, one_variable, partial, value, written
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import equation, factor, tex


def chain_rule_working(polynomials: Sequence[Sequence[Fraction]], x: Fraction) -> Working:
    """One step for each polynomial, outermost first in the list, and the product."""
    steps: list[Step] = []
    slopes: list[Fraction] = []
    for number, coefficients in reversed(list(enumerate(polynomials, 1))):
        terms, name = one_variable(coefficients), f"f_{number}" if len(polynomials) > 1 else "f"
        after, slope = value(terms, [x]), partial(terms, 0)
        slopes.append(value(slope, [x]))
        refuse_unshown([after, prod(slopes, start=Fraction(1))], "polynomials")
        lines = (
            equation(rf"{name}(x) = {written(terms)}, \quad {name}({tex(x)})", after),
            evaluated(f"{name}'({tex(x)})", slope, [x]),
        )
        caption = f"Function {number}, {'at what came out before' if steps else 'which acts first, at x'}."
        steps.append(step(caption, rounded(slopes[-1]), *lines))
        x = after
    product = prod(slopes)
    factors = r" \cdot ".join([tex(slopes[-1]), *map(factor, slopes[-2::-1])])
    name = factors if len(slopes) > 1 else "f'"
    last = step("The derivative of the whole is the product.", rounded(product), equation(name, product))
    return Working(f"Chain rule for {len(polynomials)} function{'s' * (len(polynomials) > 1)}", (*steps, last))
