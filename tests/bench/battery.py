"""What the functions of the library return on a fixed set of inputs, to tell whether two versions of it differ.

What an argument takes is known from what converts it in the examples of its function; here stand good values for each
of these roles: integer, real, complex, single, definite, singular, huge, tiny, long. The examples themselves are tried
too.
"""

import inspect
import math
import warnings
from ast import literal_eval
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from functools import cache
from itertools import product
from types import ModuleType
from typing import Any

import numpy as np
from bench import (
    arguments_of_backpropagation,
    arguments_of_calculus,
    arguments_of_components,
    arguments_of_descent,
    arguments_of_normalization,
    arguments_of_probability,
)
from watched import CONCEPTS, calls, functions

from mathref._workings.steps import Working

FUNCTIONS = {function.__name__: function for function in functions(CONCEPTS)}
# By argument, where its name says more than its converters; or by converter, those first that others are called by.
NAMED = {"base": "base", "rtol": "tolerance", "atol": "tolerance", "tolerance": "tolerance"}
NAMED |= {"kind": "kind of norm", "rank": "up to three"}
NAMED_IN = {("vector_norm", "p"): "order of a norm", ("matmul", "B"): "right side"}
CONVERTED = {
    "probabilities.as_distribution": "distribution",
    "probabilities.as_joint": "joint",
    "labels.as_samples": "labels",
    "shapes.as_right_hand_side": "right side",
    "shapes.as_square": "square",
    "shapes.as_matrix": "matrix",
    "shapes.as_vector": "vector",
    "single.as_scalar": "number",
    "arrays.as_array": "array",
    "single.as_number": "real",
    "single.as_flag": "flag",
}
CALLS = arguments_of_calculus.CALLS | arguments_of_backpropagation.CALLS
CALLS |= arguments_of_components.CALLS | arguments_of_descent.CALLS
CALLS |= arguments_of_normalization.CALLS | arguments_of_probability.CALLS
RANDOM = np.random.default_rng(1).standard_normal


def _variants(*arrays: Any) -> list[Any]:
    """Arrays as they are, single, complex, Hermitian or nearly so, huge and tiny."""
    found = []
    for x in map(np.array, arrays):
        z = x + 1j * np.roll(x, 1) / 3
        found += [x, x.astype("f"), z, z.astype("F"), x * 2.0**600, x * 2.0**-600, z * 2.0**600, x * 2.0**-1060]
    return found


def _squares() -> list[Any]:
    r = RANDOM((4, 4))
    z = r + 1j * RANDOM((4, 4))
    small = (
        "4 1 .5; 1 3 1; .5 1 2|2 -1 0; 1 3 2; 0 5 -4|-2.5|0 1; 1 0|0 -1; 1 0|1 2; 2 4|0 0; 0 0|1e-17 1; 1 1|2 1; 0 2|"
        "3 0; 0 -3|.9 .2; .1 .8|1 2; 2 1|2 1.00000000000001; 1 3|1 1j; 1j -1|1 0; 0 1e-14|0 2 1; 3 0 1; 1 1 0|2j|"
        "1 2 3; 4 5 6; 7 8 9|1e308 1e308; 1e308 -1e308|1 0; 0 2|1 2 3 4; 0 1 2 3; 0 0 2 1; 0 0 0 3|1 1e-9; 0 1|"
        "0 1 0; 0 0 1; 1 0 0|-1 0; 0 -5"
    )
    kinds = [np.array([[*map(literal_eval, row.split())] for row in rows.split(";")]) for rows in small.split("|")]
    definite, mixed = z @ z.conj().T + np.eye(4), (z + z.conj().T) * 2.0**500
    graded = [r * 2.0 ** np.array([-300, 0, 300, 100]), r.T @ r, -r, definite, mixed]
    large = [np.eye(40) * 1e-10, np.eye(40) * 1e10, RANDOM((35, 35)), np.round(RANDOM((33, 33)) * 3), RANDOM((10, 10))]
    return [*kinds, *_variants(r, r + r.T, r @ r.T), *graded, *large]


def _wides() -> list[Any]:
    dependent = [[1.0, 2, 3], [2, 4, 6]], [[1, 1, 1], [1, 1, 1.0 + 1e-9]], np.zeros((2, 3)), np.ones((3, 4))
    return [*_variants(RANDOM((2, 4))), *map(np.array, dependent), RANDOM((1, 3)), RANDOM((3, 70)), RANDOM((3, 5)) * 1j]


def _vectors() -> list[tuple[Any, Any]]:
    v, w = RANDOM(5), RANDOM(5)
    alike = [(v, v), (v, -2 * v), (v, v + 1e-9 * w), (v, v + 1j * w), ([1, 2, 3], [4, -5, 6]), ([1j, 2], [3, 4j])]
    odd = [([-2.0], [0.5]), ([1.0, 0], [1.0, 1]), ([1e16, 1, -1e16], [1, 1, 1]), ([0.0, 3, 0], [2.0, 0, 0])]
    long = [(RANDOM(100), RANDOM(100)), (np.zeros(3), np.ones(3)), ([1 + 2j, -1j, 2], [2 - 1j, 3, 1j])]
    huge = [([1e308] * 3, [1e308] * 3), ([1e200, -1], [1e200, 1])]
    return [*zip(_variants(v, w[:3]), _variants(w, v[1:4]), strict=True), *alike, *odd, *long, *huge]


def _distributions() -> list[tuple[Any, Any]]:
    p, q, many = np.array([0.5, 0.25, 0.25]), np.array([0.2, 0.3, 0.5]), RANDOM((2, 20000)) ** 2
    plain = [(p, q), (p, p), (p, [0.5, 0.5, 0]), ([1, 0], [0.25, 0.75]), ([0.5, 0.5, 0], p), ([1.0], [1.0])]
    near = [(q, q + np.array([1e-9, -1e-9, 0])), (p * (1 + 4e-10), q * (1 - 3e-10)), (p.astype("f"), q.astype("f"))]
    far = [([1 - 1e-13, 1e-13], [1 - 1e-10, 1e-10]), ([1e-300, 1], [0.5, 0.5]), ([1, 0], [1e-300, 1]), ([1, 0], [0, 1])]
    return [*plain, *near, *far, *(tuple(x / x.sum(axis=1, keepdims=True)) for x in (many, many[:, :100]))]


def _joints() -> list[Any]:
    random = [RANDOM((3, 4)) ** 2, RANDOM((20, 30)) ** 2, RANDOM((4, 3)) ** 2 * (RANDOM((4, 3)) > 0)]
    plain = [[[0.25, 0.125], [0.5, 0.125]], np.full((2, 3), 1 / 6)]
    plain += [np.diag([0.5, 0.25, 0.25]), [[1.0]], [[0.5, 0], [0.5, 0]], [[1, 0]]]
    near = [np.outer([0.3, 0.7], [0.2, 0.5, 0.3]) * (1 + 3e-10), np.array([[1 - 3e-12, 1e-12], [1e-12, 1e-12]])]
    return [*map(np.array, plain), *near, *(x / x.sum() for x in random)]


def _values() -> dict[str, list[tuple[Any, ...]]]:
    """For each role its values, in tuples for functions that have several arguments of one role."""
    squares, wides, vectors = _squares(), _wides(), _vectors()
    numbers = [2.0, -3.5, 0.0, 1 + 2j, 1e200, 1e-310, Fraction(1, 3)]
    close = [2.0, 2 + 1e-9, 0.3, -3.5 + 1e-12, 1 + 2.000001j, 0.0, 1e200, 1.1e-310]
    cubes = np.arange(24.0).reshape(2, 3, 4), RANDOM((2, 3, 4))
    tensors = [(2.0, -3.0), cubes, ([0.0, 2], [1, 0]), ([1e-200, 4], [3, 4])]
    matrices = [(A, A.T) for A in squares[:3]] + [(A, A + 2) for A in wides[:4]]
    words = [(["yes", "yes", "no", "no", "no"], ["a", "b", "b", "b", "a"]), ([1.5, 1.5], [True, False])]
    single = {
        "order of a norm": [1, 2, 0, 0.5, 3, math.inf, 1e-3, 2.0, 1e300],
        "tolerance": [0, 1e-3, 0.3, 1, 10],
        "base": [math.e, 10, 3, 2.0],
        "flag": [True, False],
        "kind of norm": ["one", "inf", "spectral", "nuclear", "frobenius"],
        "real": [2, 0, -1, 0.5, 3, math.pi, 1000.0, np.float32(0.1), np.float32(1e-40), np.float16(3), 1e-300],
        "up to three": [1, 0, 2, 3, 4],
        "square": squares,
        "matrix": [*squares, *wides, *(A.T for A in wides)],
        "joint": _joints(),
    }
    return {
        **{role: [(value,) for value in values] for role, values in single.items()},
        "vector": vectors,
        "distribution": _distributions(),
        "labels": [*words, ([1, 2, 2, 3], [0, 0, 1, 1]), (np.arange(80) % 7, np.arange(80) % 3)],
        "number": list(product(numbers, close)),
        "array": [*tensors, *matrices, *vectors[:9], *((np.abs(a), b) for a, b in vectors[:3])],
    }


VALUES = _values()


def _descents(name: str) -> Iterator[Any]:
    hill, data, pairs = np.diag([1.0, 4.0]), np.array([1.0, 2.0, 3.0, 6.0, 7.0]), np.cos(np.arange(14.0)).reshape(7, 2)
    loss = {"loss": lambda x, rows=0.0: float(np.mean((x - rows) ** 2))}
    if name == "gradient_descent":
        for more in ({}, {"steps": 3}, {"steps": 0}, {"tolerance": 0.5}, loss, {"tolerance": 0, "steps": 7, **loss}):
            yield from (((lambda x: hill @ x, [1.0, -2.0], rate), more) for rate in (0.1, 0.4, 0.5, 0.6))
            yield from (((lambda x: 2 * (x - 3), start, rate), more) for start in (0.0, 3) for rate in (0.1, 1.1))
            yield (lambda x: 2 * x, np.array([[1, 2], [3, 4]], "f"), 0.1), more
        return
    for more in (
        {},
        {"epochs": 2, **loss},
        {"epochs": 0},
        {"tolerance": 0.1},
        {"seed": 3, "epochs": 3},
        {"tolerance": 1e9},
    ):
        for rows, start, rate in product((data, pairs), (0.0, [1.0, 2.0]), (0.1, 2.5)):
            for batch in ((1,), (2,), (3,), (5,)) if name.startswith("mini") else ((),):
                yield (lambda x, rows: x - rows.mean(axis=0), rows, start, rate, *batch), more


def _gradients() -> Iterator[Any]:
    smooth = [lambda x: np.sum(np.sin(x)), lambda x: np.prod(x), lambda x: np.sum(np.exp(-(np.asarray(x) ** 2)))]
    rough = [lambda x: float(np.sum(np.sqrt(np.abs(x)))), lambda x: np.float32(np.sum(np.asarray(x) ** 2))]
    points = (0.5, [1.0, -2.0, 0.25], np.array([0.5, 2], "f"), np.array([[1.0, 2], [3, 4]]))
    for f, x, error in product([*smooth, *rough], points, (False, True)):
        yield (f, x), {"return_error": error}


def _special(name: str) -> Any:
    """Arguments of functions that take functions, words or any number of arguments, as (positional, keywords)."""
    u, t = np.arange(1, 7.0).reshape(2, 3), np.arange(24.0).reshape(2, 3, 4)
    if name.endswith("gradient_descent"):
        return _descents(name)
    contractions = [("ij,jk->ik", u, u.T), ("ij->ji", u), ("ij,ij->", u, u), ("ii->", u @ u.T), ("ijk->i", t)]
    contractions += [
        ("i,j", u[0], u[1]),
        ("ab,b,a->", u, u[0], u[:, 1]),
        ("ijk,j->ki", t, u[0]),
        ("i,i->", u[0] * 1e300, u[0] * 1e300),
    ]
    settings = (
        {},
        {"steps": 3},
        {"tolerance": 1e-3},
        {"start": [1.0, 2.0]},
        {"start": [3, 1, 2, 1j]},
        {"start": [2e300, 1, 1]},
    )
    slopes, starts = (lambda x: 2 * (x - 3), np.sin), (0.0, [1.0, -2], np.array([[1, 2], [3, 4]], "f"), np.ones(7))
    walks = product(slopes, starts, (0.25, 0.5, 2.5), ({}, {"steps": 0}, {"steps": 5}, {"steps": 30}))
    few = [A for (A,) in VALUES["square"] if len(A) < 20] if name == "power_iteration" else []
    return {
        "numerical_gradient": _gradients(),
        "gradient_descent_steps": [(arguments, more) for *arguments, more in walks],
        "contract": [(arguments, {}) for arguments in contractions],
        "scaling": [((2, 3), {}), ((-1.5,), {}), ((0.0, 1.0, 4), {})],
        "unfold": [((x, axis), {}) for x in (t, u, u[0]) for axis in (0, 1, 2, -1)],
        "power_iteration": [((A,), more) for A in few for more in settings],
    }.get(name)


def _role(function: str, argument: str) -> str:
    if role := NAMED_IN.get((function, argument), NAMED.get(argument)):
        return role
    asked = {conversion.converter for call in calls(FUNCTIONS[function]) for conversion in call.of(argument)}
    return next((role for converter, role in CONVERTED.items() if converter in asked), "")


@cache
def _calls(name: str) -> list[Any]:
    """All arguments that a function is tried with, as (positional, keywords), or as calls of a module."""
    if name in CALLS:
        return CALLS[name]
    if (special := _special(name)) is not None:
        return list(special)
    signature = inspect.signature(FUNCTIONS[name])
    given = [
        {key: value for key, value in call.arguments.items() if value is not signature.parameters[key].default}
        for call in calls(FUNCTIONS[name])  # which has the defaults too, but each version shall use its own
    ]
    bound = [inspect.BoundArguments(signature, arguments) for arguments in given]
    examples = [(each.args, each.kwargs) for each in bound]
    parameters = [(_role(name, p.name), p) for p in signature.parameters.values()]
    needed = [role for role, p in parameters if p.default is p.empty]
    if not all(role == "right side" or needed.count(role) <= len(VALUES.get(role, [()])[0]) for role in needed):
        return examples
    options = [
        {p.name: value[0]} for role, p in parameters if p.default is not p.empty for value in VALUES.get(role, [])
    ]
    found = []
    roles = [role for role in dict.fromkeys(needed) if role != "right side"]
    for chosen in product(*(VALUES[role] for role in roles)):
        for side in _right_sides(chosen[0][0]) if "right side" in needed else [None]:
            left = {**dict(zip(roles, map(iter, chosen), strict=True)), "right side": iter([side])}
            found.append(tuple(next(left[role]) for role in needed))
    return examples + [(positional, keywords) for positional in found for keywords in ({}, *options)]


def _right_sides(A: Any) -> list[Any]:
    """Vectors and columns that fit a matrix's rows, or its columns."""
    v = np.cos(np.arange(1, 1 + max(A.shape)))
    sides = [side for n in set(A.shape) for side in (v[:n], np.stack([v[:n], v[:n] ** 2], axis=1), v[:n] * 1j)]
    return [*sides, v[: len(A)].astype("f"), v[: len(A)] * 1e300, A[:, 0]]


def results(module: ModuleType) -> list[Any]:
    """What each public function gives for each of its arguments: a result and warnings, or the kind of error."""
    found = []
    for name in FUNCTIONS:
        if (function := vars(module).get(name)) is None or function.__module__ != module.__name__:
            continue
        for number, call in enumerate(_calls(name)):
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                try:
                    if callable(call):
                        result = call(module)
                    else:
                        positional, keywords = deepcopy(call)  # a generator of random numbers begins anew
                        result = function(*positional, **keywords)
                except Exception as error:
                    result = type(error).__name__
            found.append(((name, number), result, [warning.category.__name__ for warning in warned]))
    return found


def differ(before: list[Any], after: list[Any]) -> Any:
    """The first arguments for which results differ by more than rounding, or None."""
    for (arguments, old, warned), (_, new, warned_now) in zip(before, after, strict=True):
        if warned != warned_now or not _agree(old, new):
            return arguments
    return None


def _agree(x: Any, y: Any) -> bool:
    if isinstance(x, tuple):
        return type(x).__name__ == type(y).__name__ and len(x) == len(y) and all(map(_agree, x, y))
    if isinstance(x, Working):
        return str(x) == str(y)
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape or x.dtype != y.dtype or x.dtype.kind not in "fc":
        return x.dtype == y.dtype and np.array_equal(x, y)
    finite = np.isfinite(x)
    if not np.array_equal(x[~finite], y[~finite], equal_nan=True):
        return False
    x, y = x[finite], y[finite]
    with np.errstate(all="ignore"):
        scale = np.abs(x).max(initial=0) * (1e-5 if x.dtype.char in "fF" else 1e-9)
        return bool((np.abs(x - y) <= scale).all()) or np.array_equal(x, y)
