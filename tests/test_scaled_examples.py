"""The examples of all docstrings with arguments far larger, far smaller, and of sizes far apart.

What comes out is checked in the rooms of the concepts. Here nothing may overflow or underflow in the caller's
sight, and nothing but a refusal may come out instead of a result.
"""

import traceback
from pathlib import Path

import numpy as np
import pytest
from watched import CONCEPTS, calls, functions

SIZES = (1e-300, 1e-160, 1e160, 1e300)
APART = ([1e-300, 1.0, 1e150, 1e300], [1e-170, 1.0, 1e-100])


def _scaled(value):
    """By name, what an argument of numbers becomes; nothing for what is none, or several of them."""
    if isinstance(value, (bool, int, str)):
        return {}
    try:
        array = np.array(value)
    except (ValueError, TypeError):
        return {}
    if array.dtype.kind not in "if" or not array.size:
        return {}
    array = array.astype(float)
    with np.errstate(all="ignore"):
        result = {f"{size:g}": array * size for size in SIZES}
        for size in SIZES if array.size > 1 else ():
            for place in (0, -1):
                one = array.copy()
                one.flat[place] *= size
                result[f"entry {place}: {size:g}"] = one
        for sizes in APART if array.ndim else ():
            result[f"{sizes}"] = array * np.resize(sizes, array.shape)
    return {name: value if value.ndim else float(value) for name, value in result.items()}


def _calls(call):
    """What of the arguments is scaled, and the arguments then."""
    scaled = {
        name: _scaled(value) for name, value in call.arguments.items() if not isinstance(value, np.random.Generator)
    }
    for name, values in scaled.items():
        for how, value in values.items():
            yield f"{name} {how}", call.fresh(**{name: value})
    for how in sorted(set().union(*scaled.values())):
        yield f"all {how}", call.fresh(**{name: values[how] for name, values in scaled.items() if how in values})


def _fault(call, arguments):
    """What is wrong with a call: a refusal is right, and so is what a function of the caller raises."""
    try:
        with np.errstate(all="raise"):
            call.repeated(arguments)
    except (ValueError, TypeError):
        return ""
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1].filename
        return "" if place == "<example>" else f"{error!r} in {Path(place).name}"
    return ""


@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
@pytest.mark.parametrize(
    "function", functions(CONCEPTS), ids=lambda function: f"{function.__module__.split('.')[1]}.{function.__name__}"
)
def test_nothing_overflows_or_underflows_in_the_callers_sight(function):
    faults = [(how, _fault(call, arguments)) for call in calls(function) for how, arguments in _calls(call)]
    assert [f"{how}: {fault}" for how, fault in faults if fault] == []
