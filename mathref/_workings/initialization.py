"""Working of the deviation of a layer's first weights."""

from fractions import Fraction

from mathref._arguments.lengths import Shape
from mathref._workings.exact import Number, Root, rounded, square_root
from mathref._workings.steps import Working, step
from mathref._workings.tex import factor, root_equation, shown_exactly, sign, tex

_GAINS = {"relu": Fraction(2), "leaky_relu": Fraction(2 * 10**4, 10**4 + 1)}  # squared
_GAINS |= {"linear": Fraction(1), "sigmoid": Fraction(1), "tanh": Fraction(25, 9), "selu": Fraction(9, 16)}


def kaiming_working(shape: Shape, nonlinearity: str, mode: str, fan: int, gain: float, result: float) -> Working:
    """The fan, the gain, and their quotient."""
    squared = _GAINS[nonlinearity]
    channels = shape[1] if mode == "fan_in" else shape[0]
    product = r" \cdot ".join(map(str, [channels, *shape[2:]]))
    root = square_root(squared)
    inside, deviation = rf"{factor(squared)} / {fan}", square_root(squared / fan)
    decimal = rf" \approx {tex(result)}" if isinstance(deviation, Root) and shown_exactly(deviation) else ""
    steps = [
        step(
            "What one output is a sum of." if mode == "fan_in" else "What one input goes into.",
            fan,
            f"n = {product}" if product == str(fan) else f"n = {product} = {fan}",
        ),
        step(f"The gain of {nonlinearity}.", gain, _gain(squared, root)),
        step(
            "The gain over the root.",
            result,
            rf"\sigma = \operatorname{{gain}} / \sqrt{{n}} = \sqrt{{{inside}}}",
            rf"\quad {sign(deviation)} {tex(deviation)}{decimal}",
        ),
    ]
    return Working("Deviation of the first weights", tuple(steps))


def _gain(squared: Fraction, root: Number) -> str:
    name = r"\operatorname{gain}"
    return f"{name} = {tex(root)}" if isinstance(root, Fraction) else root_equation(name, tex(squared), rounded(root))
