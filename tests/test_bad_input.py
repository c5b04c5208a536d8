"""One table for all public functions: each argument in turn is replaced by each kind of bad value.

The functions are found, not listed. What an argument takes is read from its description in the docstring (the shape of
an array) or from its name; an argument of which neither is known fails the first test.
"""

import copy
import inspect
import math
import pkgutil
import re
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

import mathref
from mathref._arguments.arrays import as_array
from mathref.backpropagation import Variable

VECTOR = [1.0, 2.0, 3.0]
MATRIX = [[4.0, 1.0, 0.5], [1.0, 3.0, 1.0], [0.5, 1.0, 2.0]]  # symmetric, positive definite, without zeros
JOINT = [[0.25, 0.125], [0.5, 0.125]]
DATA = [[1.0, 2.0], [3.0, 6.0], [5.0, 4.0], [0.0, 1.0]]
TABLE_OF_ROWS = [[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]]

# What the docstring says about an array, and what the array is then called here.
ARRAYS = {
    "of shape (n, n)": "square",
    "of shape (m, n)": "matrix",
    "of shape (n,)": "vector",
    "of shape (3,) or (2,)": "vector",
    "of shape (2,)": "vector of two",
    "of shape (n,) or (n, k)": "right side",
    "of shape (m,) or (m, k)": "right side",
    "of shape (n, p) or (n,)": "right side",
    "of shape (n, ...)": "examples",
    "of shape (in,)": "vector",
    "of shape (out,)": "vector",
    "of shape (in,) or (n, in)": "batch",
    "of shape (out,) or (n, out)": "batch",
    "of shape (out, in)": "matrix",
    "of shape (m, p)": "matrix",
    "of shape (n, k)": "matrix",
    "of shape (n,), or number": "likelihoods",
    "of shape (n, d)": "data",
    "of shape (n, p)": "data",
    "of shape (n, q)": "data",
    "of shape (d,) or (n, d)": "points",
    "of shape (d,) or (n, d), or of any shape": "points",
    "of shape (n,) or (n, d)": "some rows",
    "of shape (m, d)": "matrix",
    "of shape (m,)": "vector",
    "of zeros and ones, of shape (n,)": "outcomes",
    "of at least one axis": "joint",
    "of at least one axis, finite or -inf": "logits",
    "of shape (n,), finite or -inf": "logits of one row",
    "of labels, or of probabilities": "target",
    "of labels": "target",
    "of one number for each class": "class weights",
    "of any shape": "array",
    "": "array",
}
# Arguments whose name alone says what they are, in some modules only where a name has several meanings.
NAMES = {
    ("matmul_vjp", "B"): "matrix",
    ("mlp_gradients", "x"): "matrix",
    ("expectation", "p"): "distribution",
    ("expectation", "values"): "examples",
    ("categorical_log_likelihood", "p"): "distribution",
    ("bernoulli_log_likelihood", "p"): "probability",
    ("map_bernoulli", "a"): "at least one",
    ("map_bernoulli", "b"): "at least one",
    ("gaussian", "mean"): "centre",
    ("covariance", "mean"): "centre",
    ("kl_to_standard_normal", "mean"): "array",
    ("gaussian_kl_steps", "mean0"): "real",
    ("gaussian_kl_steps", "mean1"): "real",
    ("gaussian_kl_steps", "var0"): "positive",
    ("gaussian_kl_steps", "var1"): "positive",
    "mean0": "centre",
    "mean1": "centre",
    "cov": "covariance",
    "cov0": "covariance",
    "cov1": "covariance",
    ("gaussian", "keep"): "indices",
    "observed": "indices",
    ("gaussian_conditional", "values"): "two values",
    ("gaussian", "n"): "count from one",
    "rng": "generator",
    ("bayes", "keep"): "axes",
    "given": "axes",
    "prior": "distribution",
    "likelihood": "likelihoods",
    "table": "table",
    "log": "flag",
    "counts": "counts",
    "smoothing": "tolerance",
    "logpdf": "log density",
    "method": "method",
    "ddof": "count",
    ("combine_moments", "groups"): "moments",
    ("entropy", "p"): "distribution",
    ("entropy", "q"): "distribution",
    ("kl_divergence", "p"): "distribution",
    ("kl_divergence", "q"): "distribution",
    "joint": "joint",
    "labels": "labels",
    "groups": "labels",
    "samples": "labels",
    ("scalar", "x"): "real",
    ("scalar", "actual"): "number",
    ("scalar", "expected"): "number",
    ("scalar", "a"): "number",
    ("scalar", "b"): "number",
    "c": "number",
    "theta": "real",
    "factors": "real",
    "k": "real",
    "exponent": "real",
    ("norm", "p"): "order of a norm",
    "rtol": "tolerance",
    "atol": "tolerance",
    "tolerance": "tolerance",
    "learning_rate": "positive",
    "base": "base",
    "steps": "count",
    "epochs": "count",
    "seed": "count",
    "batch_size": "part of three",
    "rank": "up to three",
    "axis": "axis",
    "compensated": "flag",
    "p_indices": "flag",
    "return_error": "flag",
    "kind": "kind of norm",
    "subscripts": "subscripts",
    "gradient": "gradient",
    "loss": "loss",
    "f": "scalar function",
    "side": "word",
    "scheme": "word",
    "order": "word",
    "activation": "word",
    "h": "positive",
    ("total_derivative", "t"): "real",
    "normalize": "flag",
    "grad": "gradient",
    "terms": "polynomial",
    "components": "polynomials",
    "polynomials": "lists of coefficients",
    "functions": "functions",
    "derivatives": "functions",
    "jacobians": "matrices",
    "shapes": "shapes",
    "layers": "layers",
    "curve": "curve",
    "output": "variable",
    "values": "real",
    ("compose", "functions"): "function",
    ("chain_derivative", "x"): "real",
    ("chain_rule_steps", "x"): "real",
    ("derivative_steps", "x"): "real",
    ("inverse_derivative", "x"): "real",
    ("vjp", "w"): "number",
    ("complex_step", "f"): "analytic function",
    ("nll_loss", "log_probs"): "log-probabilities",
    ("binary_cross_entropy_with_logits", "logits"): "array",
    ("binary_cross_entropy_with_logits", "target"): "shares",
    ("cross_entropy_steps", "target"): "label",
    "pos_weight": "yes weights",
    "label_smoothing": "probability",
    "ignore_index": "ignored label",
    "reduction": "reduction",
    "temperature": "positive",
    "keepdims": "flag",
    ("jacobian", "f"): "any function",
    ("jacobian_determinant", "f"): "map",
    ("backpropagation", "f"): "traced function",
}

GOOD = {
    "square": MATRIX,
    "matrix": MATRIX,
    "vector": VECTOR,
    "vector of two": VECTOR[:2],
    "right side": VECTOR,
    "examples": MATRIX,
    "array": MATRIX,
    "distribution": [0.25, 0.25, 0.5],
    "joint": JOINT,
    "likelihoods": VECTOR,
    "data": DATA,
    "points": VECTOR,
    "some rows": MATRIX,
    "centre": VECTOR,
    "covariance": MATRIX,
    "outcomes": [1.0, 0.0, 1.0],
    "counts": VECTOR,
    "two values": [1.0, 2.0],
    "indices": [0, 2],
    "axes": 0,
    "table": TABLE_OF_ROWS,
    "probability": 0.25,
    "at least one": 2.0,
    "count from one": 3,
    "generator": np.random.default_rng(0),
    "moments": (2, 1.0, 0.5),
    "log density": lambda x: -1.0,
    "method": "zca",
    "labels": ["a", "b", "a"],
    "real": 2.0,
    "number": 2.0,
    "order of a norm": 2,
    "tolerance": 1e-9,
    "positive": 0.1,
    "base": 2,
    "count": 3,
    "part of three": 2,
    "up to three": 2,
    "axis": 0,
    "flag": False,
    "kind of norm": "one",
    "subscripts": "ij->ji",
    "gradient": lambda x, rows=None: x,
    "loss": lambda x, rows=None: 1.0,
    "scalar function": lambda x: float(np.sum(x)),
    "batch": VECTOR,
    "word": "reverse",
    "polynomial": {(1, 0, 0): 1.0, (0, 2, 1): 2.0},
    "polynomials": ({(1, 0, 0): 1.0}, {(0, 2, 1): 2.0}),
    "lists of coefficients": ((1.0, 2.0), (3.0,)),
    "function": math.sin,
    "functions": (math.sin, math.exp),
    "matrices": (np.array(MATRIX), np.array(MATRIX)),
    "shapes": ((2, 3), (3, 4)),
    "layers": ((np.array(MATRIX), np.array(VECTOR)),),
    "curve": lambda t: [t, 2 * t],
    "variable": Variable(2.0),
    "analytic function": lambda z: z * z,
    "any function": lambda x: float(np.sum(x)),
    "map": lambda x: 2 * x,
    "traced function": lambda x: x * x,
}


def _with_first(value, good):
    array = np.array(good, dtype=np.result_type(np.asarray(good), type(value)))
    array.flat[0] = value
    return array


def _bad_arrays(good):
    array = np.array(good)
    masked = np.ma.array(array, mask=np.zeros(array.shape, dtype=bool))
    masked.mask.flat[0] = True
    return {
        "None": None,
        "an object": object(),
        "a dictionary": {"a": 1.0},
        "a set": {1.0, 2.0},
        "a function": len,
        "a string": "abc",
        "strings": np.full(array.shape, "1.0"),
        "objects": np.full(array.shape, object()),
        "None among numbers": np.full(array.shape, None),
        "dates": np.full(array.shape, np.datetime64("2024-01-01")),
        "ragged": [[1.0, 2.0], [3.0]],
        "empty list": [],
        "empty array": np.empty((0, *array.shape[1:])),
        "empty rows": np.empty((2, 0)),
        "NaN": _with_first(math.nan, good),
        "infinity": _with_first(math.inf, good),
        "minus infinity": _with_first(-math.inf, good),
        "complex NaN": _with_first(complex(0, math.nan), good),
        "booleans": np.ones(array.shape, dtype=bool),
        "masked": masked,
        "integers beyond a double": np.full(array.shape, 10**400),
    }


def _bad_real(good):
    return {**_bad_arrays(good), "complex": np.array(good) * (1 + 0j)}


NUMBERS = {"None": None, "a string": "2", "an object": object(), "a list": [1.0, 2.0], "an empty list": []}
REALS = {**NUMBERS, "NaN": math.nan, "complex": 1j, "an integer beyond a double": 10**400}
COUNTS = {
    **NUMBERS,
    "a fraction": 1.5,
    "a whole float": 2.0,
    "NaN": math.nan,
    "infinity": math.inf,
    "True": True,
    "minus one": -1,
}
NO_ARRAY_OF_TWO = {
    "0-d": np.array(2.0),
    "1-D": np.array(VECTOR),
    "3-D": np.ones((3, 3, 3)),
}
NO_VECTOR = {"0-d": np.array(2.0), "a row": np.ones((1, 3)), "a column": np.ones((3, 1)), "3-D": np.ones((1, 1, 3))}
NO_FUNCTION = {"None": None, "a number": 3.0, "a string": "lambda x: x", "a list": [len]}


def _returning(value):
    return lambda x, rows=None: value


def _no_probabilities(good):
    array = np.array(good)
    moved = array.copy()
    moved.flat[0], moved.flat[-1] = -0.25, array.flat[-1] + array.flat[0] + 0.25
    return {
        **_bad_arrays(good),
        "negative": moved,
        "counts": (8 * array).astype(int),
        "unnormalised": array * (1 + 1e-8),
        "all zero": 0 * array,
        "complex": array * (1 + 0j),
    }


BAD = {
    "square": {**_bad_arrays(MATRIX), **NO_ARRAY_OF_TWO, "not square": np.ones((2, 3))},
    "matrix": {**_bad_arrays(MATRIX), **NO_ARRAY_OF_TWO},
    "vector": {**_bad_arrays(VECTOR), **NO_VECTOR},
    "vector of two": {**_bad_arrays(VECTOR[:2]), **NO_VECTOR, "three": np.ones(3)},
    "right side": {
        **_bad_arrays(VECTOR),
        "0-d": np.array(2.0),
        "3-D": np.ones((3, 1, 1)),
        "too few": np.ones(2),
        "a row": np.ones((1, 3)),
    },
    "examples": {**_bad_arrays(MATRIX), "0-d": np.array(2.0)},
    "array": _bad_arrays(MATRIX),
    "distribution": {**_no_probabilities(GOOD["distribution"]), **NO_VECTOR},
    "joint": {**_no_probabilities(JOINT), **NO_ARRAY_OF_TWO},
    "likelihoods": {**_bad_real(VECTOR), "negative": [1.0, -1.0, 0.5], "2-D of other width": np.ones((2, 2))},
    "data": {**_bad_real(DATA), **NO_ARRAY_OF_TWO},
    "points": {**_bad_real(VECTOR), "3-D": np.ones((3, 1, 1)), "too long": np.ones(4), "0-d": np.array(2.0)},
    "some rows": {**_bad_real(MATRIX), "3-D": np.ones((3, 1, 1)), "0-d": np.array(2.0)},
    "centre": {**_bad_real(VECTOR), "2-D": np.ones((1, 3)), "too long": np.ones(4), "0-d": np.array(2.0)},
    "covariance": {
        **_bad_real(MATRIX),
        "not symmetric": np.array(MATRIX) + np.triu(np.ones((3, 3)), 1),
        "not positive definite": np.ones((3, 3)) - 2 * np.eye(3),
        "a negative variance": np.array([1.0, -1.0, 1.0]),
        "3-D": np.ones((3, 3, 3)),
    },
    "outcomes": {
        **{kind: bad for kind, bad in _bad_real([1.0, 0.0, 1.0]).items() if kind != "booleans"},
        **NO_VECTOR,
        "a two": [1.0, 0.0, 2.0],
        "a half": [0.5],
    },
    "counts": {**_bad_real(VECTOR), **NO_VECTOR, "negative": [1.0, -1.0, 2.0]},
    "two values": {**_bad_real([1.0, 2.0]), **NO_VECTOR, "too many": VECTOR},
    "indices": {
        "None": None,
        "a number": 1,
        "a string": "02",
        "fractions": [0.5],
        "whole floats": [0.0, 2.0],
        "booleans": [True, False],
        "nothing": [],
        "twice": [0, 0],
        "too far": [3],
        "negative": [-1],
    },
    "axes": {
        **{kind: bad for kind, bad in COUNTS.items() if kind != "minus one"},
        "too far": 2,
        "too low": -3,
        "twice": (0, 0),
        "nothing": (),
        "one too far": (0, 2),
    },
    "table": {
        **_bad_real(TABLE_OF_ROWS),
        **NO_ARRAY_OF_TWO,
        "counts": [[1, 1], [1, 3], [1, 0]],
        "negative": [[1.5, -0.5], [0.5, 0.5], [1, 0]],
        "too few rows": [[0.5, 0.5]],
    },
    "probability": {**REALS, "negative": -0.1, "above 1": 1.1, "infinity": math.inf},
    "at least one": {**REALS, "zero": 0, "a half": 0.5, "infinity": math.inf},
    "count from one": {**COUNTS, "zero": 0},
    "generator": {
        "None": None,
        "a seed": 0,
        "the module": np.random,
        "an older generator": np.random.RandomState(0),
        "a string": "seed",
    },
    "moments": {
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
    "log density": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns NaN": _returning(math.nan),
        "returns infinity": _returning(math.inf),
        "returns a vector": _returning(np.ones(3)),
        "returns a string": _returning("abc"),
        "returns a complex number": _returning(1j),
    },
    "method": {**NUMBERS, "an unknown word": "svd", "a number": 2},
    "labels": {
        "None": None,
        "an object": object(),
        "a function": len,
        "one string": "aba",
        "0-d": np.array(2.0),
        "2-D": np.array([["a", "b", "a"]]),
        "ragged": [[1.0, 2.0], [3.0], [1.0]],
        "empty": [],
        "mixed": ["a", 1, "b"],
        "objects": [object(), object(), object()],
        "None among labels": ["a", None, "b"],
        "NaN": [1.0, math.nan, 2.0],
        "infinity": [1.0, math.inf, 2.0],
        "masked": np.ma.array(VECTOR, mask=[True, False, False]),
    },
    "real": {**REALS, "infinity": math.inf},
    "number": {**NUMBERS, "NaN": math.nan, "infinity": math.inf, "complex NaN": complex(math.nan, 0)},
    "order of a norm": {**REALS, "negative": -1, "minus infinity": -math.inf},
    "tolerance": {**REALS, "negative": -1e-9},
    "positive": {**REALS, "zero": 0, "negative": -0.1, "infinity": math.inf},
    "base": {**REALS, "zero": 0, "one": 1, "negative": -2, "below one": 0.5, "infinity": math.inf},
    "count": COUNTS,
    "part of three": {**COUNTS, "zero": 0, "too many": 4},
    "up to three": {**COUNTS, "too many": 4},
    "axis": {**{kind: bad for kind, bad in COUNTS.items() if kind != "minus one"}, "too far": 2, "too low": -3},
    "flag": {**NUMBERS, "a number": 2, "NaN": math.nan},
    "kind of norm": {**NUMBERS, "an unknown word": "taxicab", "a number": 2},
    "subscripts": {
        **{kind: bad for kind, bad in NUMBERS.items() if kind != "a string"},
        "too few letters": "i->i",
        "too many tensors": "ij,jk->ik",
        "a new letter": "ij->iz",
        "a digit": "i1->i",
        "two arrows": "ij->i->j",
        "nothing": "",
    },
    "gradient": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns a string": _returning("abc"),
        "returns NaN": _returning(np.array([1.0, math.nan, 1.0])),
        "returns infinity": _returning(np.array([1.0, math.inf, 1.0])),
        "returns another shape": _returning(np.ones((3, 1))),
        "returns too few": _returning(np.ones(2)),
        "returns a number": _returning(1.0),
        "returns complex numbers": _returning(np.ones(3) * 1j),
        "returns booleans": _returning(np.ones(3, dtype=bool)),
    },
    "loss": {
        **{kind: bad for kind, bad in NO_FUNCTION.items() if kind != "None"},
        "returns None": _returning(None),
        "returns NaN": _returning(math.nan),
        "returns a vector": _returning(np.ones(3)),
        "returns a string": _returning("abc"),
        "returns a complex number": _returning(1j),
    },
    "scalar function": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns NaN": _returning(math.nan),
        "returns infinity": _returning(math.inf),
        "returns a vector": _returning(np.ones(3)),
        "returns a string": _returning("abc"),
        "returns a complex number": _returning(1j),
    },
}
BAD |= {
    "batch": {**_bad_arrays(VECTOR), "0-d": np.array(2.0), "3-D": np.ones((1, 1, 3)), "too long": np.ones(4)},
    "word": {**NUMBERS, "an unknown word": "sideways", "a number": 2},
    "polynomial": {
        **NUMBERS,
        "nothing": {},
        "too few exponents": {(1, 2): 1.0},
        "a negative exponent": {(1, -1, 0): 1.0},
        "a NaN": {(1, 0, 0): math.nan},
        "a fraction as exponent": {(0.5, 1, 1): 1.0},
    },
    "polynomials": {**NUMBERS, "a polynomial": {(1, 0, 0): 1.0}, "too many": [{(1, 0, 0): 1.0}] * 5},
    "lists of coefficients": {**NUMBERS, "too many": [[1.0]] * 5, "too high": [[1.0] * 6], "a NaN": [[math.nan]]},
    "function": NO_FUNCTION,
    "functions": {**NUMBERS, "a function": math.sin, "none": [], "among them a number": [math.sin, 2]},
    "matrices": {**NUMBERS, "none": [], "vectors": [[1.0], [2.0]], "of no fit": [np.eye(2), np.eye(3)]},
    "shapes": {**NUMBERS, "none": [], "of no fit": [(1, 2), (3, 4)], "a zero": [(0, 1)], "a triple": [(1, 2, 3)]},
    "layers": {**NUMBERS, "none": [], "of no fit": [(np.eye(2), None)], "a triple": [(np.eye(3), None, None)]},
    "curve": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns NaN": _returning([1.0, math.nan]),
        "returns a number": _returning(1.0),
        "returns a matrix": _returning(np.eye(2)),
        "returns complex numbers": _returning([1j, 1.0]),
    },
    "variable": {**NUMBERS, "an array": np.ones(2)},
    "analytic function": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns NaN": _returning(complex(math.nan, 0)),
        "returns a real number": _returning(1.0),
        "takes no complex number": math.sin,
    },
    "any function": {
        **NO_FUNCTION,
        "returns None": _returning(None),
        "returns a string": _returning("abc"),
        "returns NaN": _returning([1.0, math.nan]),
        "returns nothing": _returning([]),
        "returns complex numbers": _returning(np.ones(3) * 1j),
    },
    "traced function": NO_FUNCTION,
}
BAD["logits"] = {k: bad for k, bad in _bad_real(MATRIX).items() if k != "minus infinity"} | {"0-d": np.array(2.0)}
BAD["logits of one row"] = {**BAD["logits"], **NO_VECTOR, "too long": np.ones(6)}
GOOD |= {"logits": MATRIX, "logits of one row": VECTOR}
SHARES = [[0.5, 0.0, 1.0], [0.25, 0.0, 1.0], [0.5, 0.5, 0.0]]
LOG_PROBS = np.log([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])
GOOD |= {"target": [0, 2, 1], "class weights": VECTOR, "log-probabilities": LOG_PROBS, "shares": SHARES, "label": 1}
GOOD |= {"yes weights": 2.0, "ignored label": 1, "reduction": "sum"}
BAD |= {
    "target": {
        **_bad_real([0.0, 2.0, 1.0]),
        "floats": np.array([0.0, 2.0, 1.0]),
        "too large": [0, 3, 1],
        "negative": [0, -1, 1],
        "too few": [0, 1],
        "a column": [[0], [2], [1]],
        "0-d": np.array(1),
    },
    "label": {**COUNTS, "too large": 3},
    "class weights": {**_bad_real(VECTOR), **NO_VECTOR, "negative": [1.0, -1.0, 1.0], "too few": [1.0, 2.0]},
    "log-probabilities": {**BAD["logits"], "logits": np.array(MATRIX), "probabilities": np.exp(LOG_PROBS)},
    "shares": {**_bad_real(SHARES), "above 1": np.array(SHARES) + 0.5, "negative": -np.array(SHARES), "a row": VECTOR},
    "yes weights": {**_bad_real(MATRIX), "negative": -1.0, "too wide": np.ones(4)},
    "ignored label": {kind: bad for kind, bad in COUNTS.items() if kind not in ("None", "minus one")},
    "reduction": {**NUMBERS, "an unknown word": "average", "a number": 2},
}
BAD["map"] = {**BAD["any function"], "returns a number": _returning(1.0), "returns too few": _returning(np.ones(2))}
# Each pair is meant to agree in shape, so that one of another shape is bad beside the other.
OTHER_SHAPE = {
    "vector": np.ones(4),
    "distribution": np.full(4, 0.25),
    "labels": ["a", "b", "c", "d"],
    "array": np.ones((2, 3)),
}
# (function, argument) whose value may be of another shape than its neighbours.
FREE_SHAPES = {("outer", "a"), ("outer", "b"), ("gradient_descent", "start"), ("contract", "tensors")}
FREE_SHAPES |= {(name, "x") for name in ("mean", "variance", "standard_deviation")}
# Not bad for this one function.
MEANINGFUL = {
    ("order", "t", "0-d"),
    ("jacobian_determinant", "x", "0-d"),
    ("linear_layer_vjp", "b", "None"),
    ("linear_layer_steps", "b", "None"),
}
MEANINGFUL |= {(name, "axis", "None") for name in ("mean", "variance", "standard_deviation", "standardize")}
MEANINGFUL |= {("kl_to_standard_normal", "axis", "None")}
MEANINGFUL |= {(name, "axis", "None") for name in ("logsumexp", "softmax", "log_softmax", "softmax_vjp")}
# Values that only this function refuses.
ALSO_BAD = {
    ("eigh", "A"): {"not symmetric": np.array([[1.0, 2.0], [3.0, 4.0]])},
    ("cholesky", "A"): {
        "not symmetric": np.array([[1.0, 2.0], [3.0, 4.0]]),
        "not positive definite": np.array([[1.0, 2.0], [2.0, 1.0]]),
    },
    ("inverse", "A"): {"singular": np.array([[1.0, 2.0], [2.0, 4.0]])},
    ("solve", "A"): {"singular": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])},
    ("det_by_cofactors", "A"): {"ten rows": np.eye(10)},
    ("normalize", "v"): {"zero": np.zeros(3)},
    ("project", "onto"): {"zero": np.zeros(3)},
    ("angle", "a"): {"zero": np.zeros(3)},
    ("angle", "b"): {"zero": np.zeros(3)},
    ("reflection", "direction"): {"zero": np.zeros(3)},
    ("divide", "b"): {"a zero": np.array([1.0, 0.0, 2.0])},
    ("hadamard_inverse", "A"): {"a zero": np.array([1.0, 0.0, 2.0])},
    ("unfold", "t"): {"0-d": np.array(2.0)},
    ("power_iteration", "start"): {"zero": np.zeros(3), "too long": np.ones(4)},
    ("power_iteration", "steps"): {"zero": 0},
    **{
        (name, "x"): {"a row without a finite entry": np.array([[1.0, 2.0, 3.0], [-np.inf] * 3, [1.0, 2.0, 3.0]])}
        for name in ("softmax", "log_softmax", "softmax_jacobian", "softmax_vjp")
    },
    ("cross_entropy_gradient", "reduction"): {"none": "none"},
    ("softmax_vjp", "upstream"): {"of another shape": np.ones((2, 3))},
    ("cross", "a"): {"four entries": np.ones(4)},
}

CONCEPTS = [name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_"]


def _functions():
    for concept in CONCEPTS:
        module = import_module(f"mathref.{concept}")
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and name[0] != "_":
                yield concept, function


FUNCTIONS = list(_functions())


def _described(function, name):
    """What the docstring says about an argument: the rest of its first line, and the lines below."""
    parameters = re.split(r"^Returns$", inspect.getdoc(function) or "", flags=re.MULTILINE)[0]
    found = re.search(rf"^[\w*, ]*\b{name}\b[\w*, ]* : (.*)((?:\n    .*)*)", parameters, re.MULTILINE)
    return found.groups() if found else ("", "")


def _role(concept, function, name):
    if role := NAMES.get((function.__name__, name)) or NAMES.get((concept, name)) or NAMES.get(name):
        return role
    kind = _described(function, name)[0]
    if not kind.startswith("array_like"):
        return None
    return ARRAYS.get(kind.removeprefix("array_like").removesuffix(", optional").strip())


def _roles(concept, function):
    return {name: _role(concept, function, name) for name in inspect.signature(function).parameters}


def _bad_values(concept, function, name, role):
    parameter = inspect.signature(function).parameters[name]
    values = {**BAD[role], **ALSO_BAD.get((function.__name__, name), {})}
    words = " ".join(_described(function, name))
    if role in ("vector", "array") and re.search(r"\breal\b", words, re.IGNORECASE) and "complex" not in words.lower():
        values["complex"] = np.array(GOOD[role]) * (1 + 0j)
    alike = [other for other in _roles(concept, function).values() if other == role]
    if len(alike) > 1 and role in OTHER_SHAPE and (function.__name__, name) not in FREE_SHAPES:
        values["of another shape"] = OTHER_SHAPE[role]
    if parameter.default is None:
        values.pop("None", None)
    for kind, value in values.items():
        if (function.__name__, name, kind) not in MEANINGFUL:
            yield pytest.param(concept, function, name, value, id=f"{concept}.{function.__name__}-{name}-{kind}")


TABLE = [
    row
    for concept, function in FUNCTIONS
    for name, role in _roles(concept, function).items()
    if role
    for row in _bad_values(concept, function, name, role)
]


def _good_arguments(concept, function):
    """A good value for each argument that has no default, arrays as arrays, so that a change in place would show."""
    parameters = inspect.signature(function).parameters.values()
    roles = _roles(concept, function)
    needed = {p.name: GOOD[roles[p.name]] for p in parameters if p.default is p.empty}
    if "start" in needed:
        needed["start"] = VECTOR
    return {name: np.array(value) if isinstance(value, list) else value for name, value in needed.items()}


def _call(function, arguments):
    positional, keywords = [], {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in arguments:
            continue
        if parameter.default is parameter.empty:
            positional.append(arguments[parameter.name])
        else:
            keywords[parameter.name] = arguments[parameter.name]
    return function(*positional, **keywords)


def _copied(value):
    return value.copy() if isinstance(value, np.ndarray) else copy.copy(value)


def _same(before, after):
    if isinstance(before, np.random.Generator):  # drawing from it moves it on
        return True
    if isinstance(before, np.ndarray):
        return before.dtype == after.dtype and repr(before) == repr(after)
    return repr(before) == repr(after)


@pytest.mark.parametrize(("concept", "function"), FUNCTIONS, ids=lambda value: getattr(value, "__name__", value))
def test_it_is_known_what_each_argument_takes(concept, function):
    unknown = [name for name, role in _roles(concept, function).items() if role is None]
    assert not unknown, f"add {unknown} to NAMES, or their shape to ARRAYS"


@pytest.mark.parametrize(("concept", "function"), FUNCTIONS, ids=lambda value: getattr(value, "__name__", value))
def test_good_arguments_are_taken_and_not_changed(concept, function):
    arguments = _good_arguments(concept, function)
    before = {name: _copied(value) for name, value in arguments.items()}
    _call(function, arguments)
    assert all(_same(before[name], arguments[name]) for name in arguments)


@pytest.mark.parametrize(("concept", "function", "name", "bad"), TABLE)
def test_a_bad_value_is_refused_by_its_name(concept, function, name, bad):
    arguments = {**_good_arguments(concept, function), name: bad}
    before = {key: _copied(value) for key, value in arguments.items() if isinstance(value, (np.ndarray, list))}
    with pytest.raises((ValueError, TypeError)) as refusal:  # LinAlgError is a ValueError
        _call(function, arguments)
    # *factors and *tensors are many: one of them is "factor 2".
    assert re.search(rf"\b{name}\b|\b{name.removesuffix('s')} \d", str(refusal.value)), refusal.value
    assert all(_same(value, arguments[key]) for key, value in before.items())


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (np.array([3, 2**60], dtype=object), [3, 2.0**60]),
        (np.array([1.5, np.float32(2)], dtype=object), [1.5, 2]),
        (np.array([1, 2j], dtype=object), [1, 2j]),
        ([2**60, 1], [2.0**60, 1]),
        ([np.int8(3), 2.5], [3, 2.5]),
        (np.array([2**63, 1], dtype=np.uint64), [2.0**63, 1]),
        (range(2), [0, 1]),
    ],
)
def test_what_conversion_does_not_change_is_taken_for_what_it_is(value, right):
    np.testing.assert_array_equal(as_array(value, "x"), right)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([2**53 + 1, 0], "the integer 9007199254740993, which is rounded"),
        (np.array([2**53 + 1, 0]), "the integer 9007199254740993"),
        ([2**53 + 1, 0.5], "the integer 9007199254740993"),
        ([np.array([2**53 + 1, 0]), np.array([0.5, 1])], "the integer 9007199254740993"),
        (np.array([2**63 + 1], dtype=np.uint64), "the integer 9223372036854775809"),
        ([10**400, 1], "an integer of 401 digits"),
        ([1, True], "booleans; convert them with"),
        ([[1, 2], np.array([True, False])], "booleans"),
        (np.array([1, True], dtype=object), "booleans"),
        ([1, "2"], "strings"),
        ([1, np.ma.masked], "masked entries"),
        ([Fraction(1, 3), 1], r"Fraction, int objects; convert them with \.astype\(float\)"),
        ([Decimal("0.1"), 1.0], "Decimal, float objects"),
        (np.array([1, 2], dtype="m8[s]"), "timedelta64 objects$"),
    ],
)
def test_what_conversion_would_change_is_refused_by_its_name(value, message):
    with pytest.raises((TypeError, ValueError), match=f"x must .*{message}"):
        as_array(value, "x")


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="longdouble is double here")
@pytest.mark.parametrize("kind", [np.longdouble, np.clongdouble])
def test_more_than_double_precision_is_refused(kind):
    for value in (np.array([1, 2], dtype=kind), [kind(1), 2], np.array([kind(1), 2], dtype=object)):
        with pytest.raises(TypeError, match=r"x must be of at most double precision.*\.astype"):
            as_array(value, "x")
