"""How the derivative of polynomials put one into another comes about, the innermost first."""

from collections.abc import Sequence
from fractions import Fraction

from mathref._working import Working, equation, factor, rounded, sign, step, tex
from mathref._workings.polynomials import one_variable, partial, substituted, value, written


def chain_rule_working(polynomials: Sequence[Sequence[Fraction]], x: Fraction) -> Working:
    """One step for each polynomial, outermost first in the list, and the product."""
    steps, slopes, point = [], [], [x]
    for number, coefficients in reversed(list(enumerate(polynomials, 1))):
        terms = one_variable(coefficients)
        slope, after = partial(terms, 0), value(terms, point)
        slopes.append(value(slope, point))
        name = f"f_{number}" if len(polynomials) > 1 else "f"
        at = tex(point[0])
        line = f"{name}'({at}) = {written(slope)}"
        if any(map(any, slope)):
            line += f" = {substituted(slope, point)}"
            line = (
                f"{line} {sign(slopes[-1])} {tex(slopes[-1])}" if substituted(slope, point) != tex(slopes[-1]) else line
            )
        caption = f"Function {number}, {'which acts first, at x' if not steps else 'at what came out before'}."
        lines = equation(f"{name}(x) = {written(terms)}, \\quad {name}({at})", after), line
        steps.append(step(caption, rounded(slopes[-1]), *lines))
        point = [after]
    product = Fraction(1)
    for slope in slopes:
        product *= slope
    factors = r" \cdot ".join([tex(slopes[-1]), *map(factor, slopes[-2::-1])])
    line = equation(factors, product) if len(slopes) > 1 else tex(product)
    last = step("The derivative of the whole is the product.", rounded(product), line)
    return Working(f"Chain rule for {len(polynomials)} function{'s' * (len(polynomials) > 1)}", (*steps, last))
