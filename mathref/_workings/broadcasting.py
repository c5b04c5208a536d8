"""How shapes come together axis by axis."""

from collections.abc import Iterable

from mathref._arguments.lengths import Shape, common_length, common_shape
from mathref._workings.steps import Step, Working, step

_MOST_SHAPES, _MOST_AXES = 4, 5


def shapes_working(shapes: list[Shape], name: str) -> Working:
    """One step for each axis from the right, and the shape."""
    if len(shapes) > _MOST_SHAPES or any(len(shape) > _MOST_AXES for shape in shapes):
        raise ValueError(
            f"{name} must be at most {_MOST_SHAPES} of at most {_MOST_AXES} axes for a working to be read, but they "
            f"are {len(shapes)} of up to {max(map(len, shapes))} axes"
        )
    result = common_shape(shapes, name)
    steps = [_axis(shapes, axis, common_length(shapes, axis, name)) for axis in range(-1, -len(result) - 1, -1)]
    last = step("The lengths from left to right.", result, _listed(map(str, result)))
    return Working("Broadcasting, axis by axis", (*steps, last))


def _axis(shapes: list[Shape], axis: int, length: int) -> Step:
    found = [str(shape[axis]) if len(shape) >= -axis else "" for shape in shapes]
    missing, stretched = "" in found, "1" in found and length != 1
    words = " and ".join(["a length of 1 is stretched"] * stretched + ["what is missing counts as 1"] * missing)
    caption = f"Axis {axis}" + (f": {words}." if words else ": all agree.")
    return step(caption, length, rf"\operatorname{{common}}{_listed(text or '-' for text in found)} = {length}")


def _listed(items: Iterable[str]) -> str:
    return f"({', '.join(items)})"
