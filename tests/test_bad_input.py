"""Each argument of each public function in turn is replaced by each kind of bad value.

Nothing is listed: the functions are found, and the examples of their docstrings are the calls that are spoiled.
"""

import copy
import inspect
import math
import re

import numpy as np
import pytest
from bad_values import ALLOWED, NUMBERS
from spoiled import by_kind
from watched import CONCEPTS, calls, functions

# Arguments that no converter is asked about, or about their parts alone.
OTHERWISE = {("topological_order", "output"), ("combine_moments", "groups")}
OTHERWISE |= {("gradient_steps", "terms"), ("jacobian_steps", "components")}
NOT_ZERO = {("normalize", "v"), ("project", "onto"), ("angle", "a"), ("angle", "b"), ("reflection", "direction")}
NOT_ZERO |= {("power_iteration", "start")}
NOT_FINITE = {"NaN": ALLOWED, "infinity": ALLOWED, "minus infinity": ALLOWED}
# What only this function refuses, or takes: arguments of several parts, and values that are bad for what they mean.
SPECIAL = {
    ("topological_order", "output"): {**NUMBERS, "an array": np.ones(2)},
    ("combine_moments", "groups"): {
        "None": None,
        "a number": 2.0,
        "a string": "abc",
        "two parts": (2, 1.0),
        "a negative count": (-1, 1.0, 0.5),
        "a fraction as count": (1.5, 1.0, 0.5),
        "a negative M2": (2, 1.0, -0.5),
        "NaN": (2, math.nan, 0.5),
        "other shapes": (2, [1.0, 2.0], 0.5),
    },
    ("vector_norm", "p"): {"infinity": ALLOWED, "minus infinity": -math.inf},
    ("low_rank_approximation", "rank"): {"too many": 9},
    ("minibatch_gradient_descent", "batch_size"): {"too many": 9},
    ("vjp", "w"): {"of another shape": np.ones((2, 2, 2))},
    ("gaussian_conditional", "values"): {"too many": np.ones(9)},
    ("cholesky", "A"): {"not positive definite": [[1.0, 2.0], [2.0, 1.0]]},
    ("predictive", "table"): {"counts": [[1, 1], [1, 3]], "negative": [[1.5, -0.5], [0.5, 0.5]]},
    ("inverse", "A"): {"singular": [[1.0, 2.0], [2.0, 4.0]]},
    ("solve", "A"): {"singular": [[1.0, 2.0], [2.0, 4.0]]},
    ("reflection", "direction"): {"three": np.ones(3)},
    ("cross", "a"): {"four entries": np.ones(4)},
    ("gradient_steps", "terms"): {
        **NUMBERS,
        "nothing": {},
        "too few exponents": {(1,): 1.0},
        "a negative exponent": {(1, -1): 1.0},
        "a NaN": {(1, 0): math.nan},
        "a fraction as exponent": {(0.5, 1): 1.0},
    },
    ("jacobian_steps", "components"): {"a polynomial": {(1, 0): 1.0}, "too many": [{(1, 0): 1.0}] * 5},
    ("chain_rule_steps", "polynomials"): {"too many": [[1.0]] * 5, "too high": [[1.0] * 6]},
    ("chain_derivative", "functions"): {"a function": math.sin},
    ("chain_derivative", "derivatives"): {"a function": math.sin},
    ("chain_jacobians", "jacobians"): {"vectors": [[1.0], [2.0]], "of no fit": [np.eye(2), np.eye(3)]},
    ("accumulation_cost", "shapes"): {"of no fit": [(1, 2), (3, 4)], "a zero": [(0, 1)], "a triple": [(1, 2, 3)]},
    ("mlp_gradients", "layers"): {"of no fit": [(np.eye(3), None)], "a triple": [(np.eye(3), None, None)]},
    ("jacobian_determinant", "f"): {"returns a number": lambda x: 1.0, "returns too few": lambda x: np.ones(1)},
    ("total_derivative", "curve"): {"returns a number": lambda t: 1.0, "returns a matrix": lambda t: np.eye(2)},
    ("round_to", "x"): NOT_FINITE,
    ("to_bits", "x"): NOT_FINITE,
    ("spacing", "x"): {"beyond the largest": -1e300},
    ("broadcast_shapes", "shapes"): {"of no fit": (9, 9)},
    ("broadcast_shapes_steps", "shapes"): {"of no fit": (9, 9), "too many axes": (1,) * 6},
    ("broadcast_axes", "shape"): {"of no fit": (5, 5), "more axes": (1, 1, 1, 1)},
    ("broadcast_to", "x"): {"of no fit": np.ones(5)},
    ("unbroadcast", "gradient"): {"of no fit": np.ones(7)},
    ("pairwise_differences", "a"): {"of no fit": np.ones((3, 7))},
    ("softmax_steps", "x"): {"minus infinity": ALLOWED, "too many": np.ones(6)},
    ("cross_entropy_steps", "logits"): {"minus infinity": ALLOWED, "too many": np.ones(6)},
    ("cross_entropy_gradient", "reduction"): {"none": "none"},
    ("nll_loss", "log_probs"): {"logits": [0.0, 0.0], "probabilities": [0.25, 0.75]},
    ("binary_cross_entropy_with_logits", "pos_weight"): {"negative": -1.0, "of no fit": np.ones(7)},
    ("convolve_steps", "x"): {"too many": np.ones(6)},
    ("convolve_steps", "kernel"): {"too many": np.ones(6)},
    ("conv2d", "kernel"): {"too high": np.ones((1, 1, 9, 1)), "of other channels": np.ones((1, 2, 1, 1))},
    ("conv2d", "groups"): {"of no fit": 2},
    ("output_size", "kernel"): {"too long": 999},
    ("optimal_heavy_ball", "smallest"): {"above the largest": 1e9},
    ("complex_step", "f"): {"takes no complex number": math.sin},
}

EACH_FUNCTION = pytest.mark.parametrize(
    "function", functions(CONCEPTS), ids=lambda function: f"{function.__module__.split('.')[1]}.{function.__name__}"
)


def _special(call, name):
    key = call.function.__name__, name
    zero = {"zero": 0 * np.array(call.arguments[name])} if key in NOT_ZERO and call.of(name) else {}
    return {**SPECIAL.get(key, {}), **zero}


def _same(before, after):
    if isinstance(before, np.random.Generator):  # drawing from it moves it on
        return True
    if isinstance(before, np.ndarray):
        return before.dtype == after.dtype and repr(before) == repr(after)
    return repr(before) == repr(after)


def _spoils(call, name, bad):
    """What is wrong when an argument is bad: nothing if it is refused by its name, and the others are as before."""
    arguments = call.fresh(**{name: bad})
    before = {key: copy.copy(value) for key, value in arguments.items() if isinstance(value, (np.ndarray, list))}
    try:
        call.repeated(arguments)
    except (ValueError, TypeError) as refusal:  # LinAlgError is a ValueError
        if not re.search(rf"\b{name}\b", str(refusal)):
            return f"is refused without its name: {refusal}"
    except Exception as error:
        return f"ends in {error!r}"
    else:
        return "is taken"
    return "" if all(_same(value, arguments[key]) for key, value in before.items()) else "changes other arguments"


@EACH_FUNCTION
def test_it_is_known_what_each_argument_takes(function):
    names = [name for name in inspect.signature(function).parameters if (function.__name__, name) not in OTHERWISE]
    unknown = [name for name in names if not any(by_kind(call, name, {}) for call in calls(function))]
    assert not unknown, (
        f"no example of {function.__name__} shows what converts {unknown}: give the docstring an example with it, and "
        "let a function of mathref._arguments convert it that is told its name"
    )


@EACH_FUNCTION
def test_good_arguments_are_taken_and_not_changed(function):
    for call in calls(function):
        arguments = call.fresh()
        before = copy.deepcopy(arguments)
        call.repeated(arguments)
        assert all(_same(before[name], arguments[name]) for name in arguments)


@EACH_FUNCTION
def test_bad_arguments_are_refused_by_their_names(function):
    spoiled = [
        (f"{name}: {kind}", _spoils(call, name, bad))
        for call in calls(function)
        for name in call.arguments
        for kind, bad in by_kind(call, name, _special(call, name)).items()
    ]
    assert [f"{bad} {wrong}" for bad, wrong in spoiled if wrong] == []
