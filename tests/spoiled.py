"""Calls of the library, in which one argument in turn is spoiled by each kind of bad value.

What is bad follows from the converters that are asked about the argument (`bad_values`), from what the docstring says
of its shape and bounds, and from what a function that is an argument returns.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from bad_values import ALLOWED, BY_CONVERTER, NUMBERS, Values, longer, not_probabilities, returned_in_place_of
from watched import Call, Conversion, description

# How a docstring says a bound, and the step from there to what is beyond it.
BOUNDS = {r"greater than (\d+)": 0, r"at least (\d+)": -1, r"from (\d+) to": -1}
BOUNDS |= {r"at most (\d+)": 1, r"from \d+ to (\d+)": 1}


def by_kind(call: Call, name: str, also: Values) -> Values:
    """By kind, what the call must refuse in place of an argument; `also` is what else this function refuses or takes.

    Nothing if no converter was asked.
    """
    values: Values = {}
    for conversion in reversed(call.of(name)):  # those that others call come later and know less
        values |= _by_converter(call, name, conversion)
    if not values and not also:
        return {}
    parameter = inspect.signature(call.function).parameters[name]
    if any(conversion.of_entry for conversion in call.of(name)) and parameter.kind is not parameter.VAR_POSITIONAL:
        values |= NUMBERS  # which are no lists
    _, put = _place(call, name, False)
    values |= {kind: bad if bad is ALLOWED else put(bad) for kind, bad in also.items()}
    values = {**dict(_by_words(call, name)), **dict(_by_shape(call, name)), **values}
    if parameter.default is None or re.search(r"\bNone\b|\boptional\b", description(call.function, name)[0]):
        values.pop("None", None)
    return {kind: bad for kind, bad in values.items() if bad is not ALLOWED}


def _place(call: Call, name: str, of_entry: bool) -> tuple[Any, Callable[[Any], Any]]:
    """The good value, or the first of several, and how another is put in its place."""
    given = call.arguments[name]
    if inspect.signature(call.function).parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
        return given[0], lambda bad: (bad, *given[1:])
    return (given[0], lambda bad: [bad, *given[1:]]) if of_entry else (given, lambda bad: bad)


def _by_converter(call: Call, name: str, conversion: Conversion) -> Values:
    good, put = _place(call, name, conversion.of_entry)
    if conversion.converter not in BY_CONVERTER:
        assert ".as_" not in conversion.converter, f"say in tests/bad_values.py what {conversion.converter} refuses"
        return {}
    values = BY_CONVERTER[conversion.converter](good, conversion.options)
    if conversion.converter == "single.as_function":
        values = {**values, **dict(_returning(call, name, good, put))}
    return {kind: bad if bad is ALLOWED else put(bad) for kind, bad in values.items()}


def _returning(call: Call, name: str, good: Any, put: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    """Functions that return what the good one does not."""
    returned = []

    def listening(*arguments: Any, **keywords: Any) -> Any:
        returned.append(good(*arguments, **keywords))
        return returned[-1]

    call.repeated(call.fresh(**{name: put(listening)}))
    if returned:
        any_shape = any(conversion.options.get("shape", ()) is None for conversion in call.of(name))
        for kind, value in returned_in_place_of(returned[0], any_shape).items():
            yield f"returns {kind}", lambda *_, value=value, **__: value


def _by_words(call: Call, name: str) -> Iterator[tuple[str, Any]]:
    """What the docstring excludes by its words, even if no converter is told."""
    (kind, words), good = description(call.function, name), call.arguments[name]
    if good is None or isinstance(good, tuple):  # of several, words may be about their number
        return
    if kind.startswith("array_like"):
        if re.search(r"\breal\b", words, re.IGNORECASE) and "complex" not in words.lower():
            yield "complex", np.array(good).astype(complex)
        if "of sum 1" in words:
            yield from not_probabilities(good).items()
        elif re.search(r"(^\s*|[:;,.]\s+)not negative", words, re.IGNORECASE):
            yield "negative", -1 - np.array(good)
    elif re.match(r"(float|int)\b(?! or|, tuple)", kind):
        for said, step in BOUNDS.items():
            for found in re.finditer(said, words, re.IGNORECASE):
                yield f"not {found[0]}", int(found[1]) + step
        if re.search(r"(^\s*|[:;,.]\s+)not negative", words, re.IGNORECASE):
            yield "negative", -1


def _shapes(call: Call, name: str) -> list[tuple[str, ...]]:
    """The shapes in letters that the docstring names for an array, as [("n",), ("n", "d")]."""
    kind = description(call.function, name)[0]
    if not kind.startswith("array_like of") or call.arguments[name] is None:
        return []
    shapes = [tuple(re.findall(r"\w+|\.\.\.", shape)) for shape in re.findall(r"\(([^)]*)\)", kind)]
    return shapes + [()] * ("number" in kind) + [("...", "one")] * ("at least one axis" in kind)


def _letters(call: Call, name: str) -> list[tuple[int, str]]:
    """Axes of the array that is given, with their lengths in letters."""
    fitting = [shape for shape in _shapes(call, name) if len(shape) == np.ndim(call.arguments[name])]
    return [(axis, letter) for shape in fitting for axis, letter in enumerate(shape) if letter.isalpha()]


def _by_shape(call: Call, name: str) -> Iterator[tuple[str, Any]]:
    """Arrays of other lengths than those of other arguments, and of another number of axes than the docstring says."""
    if not (shapes := _shapes(call, name)):
        return
    good = np.array(call.arguments[name])
    others = {letter for other in call.arguments if other != name for _, letter in _letters(call, other)}
    shared = [(axis, letter) for axis, letter in _letters(call, name) if letter in others]
    for axis, letter in shared:
        yield f"longer by {letter}", longer(good, axis)
        if good.shape[axis] > 1:
            yield f"shorter by {letter}", good.take(range(good.shape[axis] - 1), axis)
    if "any shape" in description(call.function, name)[0] and not shared:
        return
    flat = good.ravel()
    spread = {"0-d": flat[:1].reshape(()), "1-D": flat, "a row": flat[None], "a column": flat[:, None]}
    for kind, array in {**spread, "3-D": flat[None, None]}.items():
        if not any(array.ndim == len(s) or ("..." in s and array.ndim >= len(s) - 1) for s in shapes):
            yield kind, array
