"""Bad values by converter: what each function of mathref._arguments has to refuse, made from a good value.

A converter that calls others need only say what it refuses beyond these, or what it allows. So a new argument needs no
entry here, and a new converter needs one.
"""

import math
from collections.abc import Callable
from numbers import Number
from typing import Any

import numpy as np

Values = dict[str, Any]
ALLOWED = object()  # in place of a bad value: good after all

NUMBERS: Values = {"None": None, "a string": "2", "an object": object(), "a list": [1.0, 2.0], "an empty list": []}
WHOLE = {**NUMBERS, "a fraction": 1.5, "a whole float": 2.0, "NaN": math.nan, "infinity": math.inf, "True": True}
GENERATORS = {"None": None, "a seed": 0, "a string": "seed", "the module": np.random}
GENERATORS |= {"an older generator": np.random.RandomState(0)}
NO_FUNCTION: Values = {"None": None, "a number": 3.0, "a string": "lambda x: x", "a list": [len]}


def _with_first(value: Any, good: Any) -> Any:
    array = np.array(good, dtype=np.result_type(np.asarray(good), type(value)))
    array.flat[0] = value
    return array


def _arrays(good: Any, options: Values) -> Values:
    array = np.array(good)
    if array.dtype.kind not in "iufc":  # a polynomial, whose coefficients are asked about by its name
        return {}
    values = {"None": None, "an object": object(), "a dictionary": {"a": 1.0}, "a set": {1.0, 2.0}, "a function": len}
    values |= {"a string": "abc", "ragged": [[1.0, 2.0], [3.0]], "empty list": [], "empty rows": np.empty((2, 0))}
    values |= {"empty array": np.empty((0, *array.shape[1:])), "booleans": array == array}
    values |= {"masked": np.ma.array(array, mask=np.arange(array.size).reshape(array.shape) == 0)}
    full = {"strings": "1.0", "objects": object(), "None among numbers": None, "dates": np.datetime64("2024-01-01")}
    full |= {"integers beyond a double": 10**400}
    values |= {kind: np.full(array.shape, entry) for kind, entry in full.items()}
    first = {"NaN": math.nan, "infinity": math.inf, "minus infinity": -math.inf, "complex NaN": complex(0, math.nan)}
    values |= {kind: _with_first(entry, good) for kind, entry in first.items()}
    return {**values, "complex": array.astype(complex)} if options["real"] else values


def not_probabilities(good: Any, _: Values | None = None) -> Values:
    array = np.array(good, dtype=float)
    moved = array.copy()
    moved.flat[0], moved.flat[-1] = -0.25, array.flat[-1] + array.flat[0] + 0.25
    values = {"negative": moved, "counts": np.ceil(8 * array).astype(int)}
    return {**values, "unnormalised": array * (1 + 1e-8), "all zero": 0 * array}


def _labels(good: Any, _: Values) -> Values:
    values = {"None": None, "an object": object(), "a function": len, "one string": "aba", "empty": []}
    values |= {"0-d": np.array(2.0), "2-D": np.array([good]), "ragged": [[1.0, 2.0], [3.0], [1.0]]}
    values |= {"mixed": ["a", 1, "b"], "objects": [object(), object()], "None among labels": ["a", None, "b"]}
    values |= {"NaN": [1.0, math.nan, 2.0], "infinity": [1.0, math.inf, 2.0]}
    return {**values, "masked": np.ma.array([1.0, 2.0, 3.0], mask=[True, False, False])}


def _negative(good: Any, _: Values) -> Values:
    return {"negative": -1 - np.array(good, dtype=float)}


def _likelihoods(good: Any, options: Values) -> Values:
    return {"minus infinity": ALLOWED, "negative": ALLOWED} if options["log"] else _negative(good, options)


def _square(good: Any, options: Values) -> Values:
    values = {"not square": np.array(good)[:1].repeat(len(good) + 1, axis=0)}
    return {**values, "too many rows": np.eye(side + 1)} if (side := options["max_side"]) else values


def _covariance(good: Any, _: Values) -> Values:
    array = np.array(good, dtype=float)
    variances = np.diag(array) if array.ndim == 2 else array
    values = {"a negative variance": -1 - variances}
    if not (n := variances.size * variances.ndim):
        return values
    definite = array if array.ndim == 2 else np.diag(array)
    indefinite = np.ones((n, n)) - 2 * np.eye(n)
    return {**values, "not symmetric": definite + np.triu(np.ones((n, n)), 1), "not positive definite": indefinite}


def _number(_: Any, options: Values) -> Values:
    values = {**NUMBERS, "NaN": math.nan, "infinity": math.inf, "complex": 1j, "masked": np.ma.masked}
    values["an integer beyond a double"] = 10**400
    bound = options["least"] if options["above"] is None else options["above"]
    if bound is not None:
        values |= {"just too small": bound - 1e-9, "too small": bound - 0.5, "far too small": bound - 3}
    if (most := options["below"]) is not None:
        values |= {"the upper bound": most, "too large": most + 0.5}
    return values if options["above"] is None else {**values, "the bound itself": bound}


def _integer(_: Any, options: Values) -> Values:
    values = {**WHOLE, "too small": options["least"] - 1, "far too small": options["least"] - 2}
    return values if options["most"] is None else {**values, "too large": options["most"] + 1}


def _axes(_: Any, options: Values) -> Values:
    n = options["ndim"]
    return {**WHOLE, "too far": n, "too low": -n - 1, "twice": (0, 0), "nothing": (), "one too far": (0, n)}


def _indices(_: Any, options: Values) -> Values:
    values = {"None": None, "a number": 1, "a string": "02", "fractions": [0.5], "whole floats": [0.0, 2.0]}
    values |= {"booleans": [True, False], "nothing": [], "twice": [0, 0], "negative": [-1]}
    return {**values, "too far": [options["size"]]}


def _subscripts(good: str, _: Values) -> Values:
    values = {**NUMBERS, "nothing": "", "too few letters": good[1:], "too many tensors": f"i,{good}"}
    return {**values, "a new letter": f"{good}z", "a digit": good.replace("i", "1"), "two arrows": f"{good}->i"}


def _axis(_: Any, options: Values) -> Values:
    return {**WHOLE, "too far": options["ndim"], "too low": -options["ndim"] - 1, "two axes": (0, 0)}


def _labels_of_classes(good: Any, options: Values) -> Values:
    labels = np.array(good)  # whole numbers: as counts they are labels again
    values = {"whole floats": 1.0 * labels, "halves": labels + 0.5, "counts": ALLOWED}
    return {**_another_shape(good, options), **values, "negative": 0 * labels - 7, "no class": 0 * labels + 1000}


def _codes(good: Any, options: Values) -> Values:
    array = np.array(good)
    values = {"None": None, "a string": "1", "an object": object(), "a function": len, "a dictionary": {1: 1}}
    values |= {"ragged": [[1, 2], [3]], "nothing": [], "empty rows": np.empty((2, 0), dtype=int)}
    values |= {"masked": np.ma.array(array, mask=array == array), "booleans": array == array, "True": [True, 1]}
    values |= {"whole floats": 1.0 * array, "NaN": _with_first(math.nan, good), "complex": array.astype(complex)}
    return {**values, "negative": [-1], "too large": [2 ** options["bits"]], "large beside negative": [2**63, -1]}


def _lengths(good: Any, options: Values) -> Values:
    values = {kind: bad for kind, bad in WHOLE.items() if kind != "an empty list"}  # which is the shape ()
    values |= {"an array": np.array([1]), "a string in it": ("2",), "None in it": (None,), "True in it": (True,)}
    values |= {"a fraction in it": (1.5,), "a whole float in it": (2.0,), "a tuple in it": ((2,),)}
    too_short = options["least"] - 1
    return {**values, "too short": too_short, "one too short": (*np.atleast_1d(good)[:-1].tolist(), too_short)}


def _another_shape(good: Any, _: Values) -> Values:
    return {"of another shape": longer(np.array(good), -1) if np.ndim(good) else [1.0, 1.0]}


def _weights(good: Any, _: Values) -> Values:
    return {**_negative(good, _), **_another_shape(good, _), "all zero": 0 * np.array(good)}


def _pairs(good: Any, options: Values) -> Values:
    values = {kind: bad for kind, bad in WHOLE.items() if kind != "a list"}
    values |= {"one entry": (1,), "a triple": (1, 1, 1), "None in it": (1, None), "True in it": (True, 1)}
    values |= {"a fraction in it": (1, 1.5), "fractions": [1.0, 2.0], "an array": np.array([1, 1])}
    too_small = options["least"] - 1
    return {**values, "too small": too_small, "one too small": (options["least"], too_small)}


def _windows(good: Any, _: Values) -> Values:
    first = {"a number": 3, "one entry": (3,), "four entries": (3, 1, 1, 1), "a fraction": (1.5, 1), "zero": (0, 1)}
    first |= {"a stride of 0": (3, 0), "a dilation of 0": (3, 1, 0), "None": (3, None), "a string": "31"}
    return {**NUMBERS, "an array": np.ones((2, 2)), **{f"{kind} in it": [*good, bad] for kind, bad in first.items()}}


def _mask(good: Any, _: Values) -> Values:
    array = np.array(good)
    values = {"a string": "yes", "an object": object(), "a function": len, "ragged": [[True], [True, False]]}
    values |= {"zeros and ones": array.astype(int), "numbers": array.astype(float), "objects": array.astype(object)}
    return {**values, "masked": np.ma.array(array, mask=array), "of another shape": longer(array, -1), "empty": []}


def _token_counts(good: Any, _: Values) -> Values:
    counts = np.array(good)
    values = {"negative": -counts, "all zero": 0 * counts, "one more": longer(counts, 0)}
    return {**values, "integers beyond a double": ALLOWED}


def longer(array: Any, axis: int) -> Any:
    """An array with zeros behind, with which the sum of probabilities stays 1."""
    return np.concatenate([array, np.zeros_like(array.take([0], axis))], axis)


def _impossible(good: Any) -> Any:
    """Minus infinity in place of each number, also in lists of different lengths."""
    return [_impossible(x) for x in good] if isinstance(good, list) else np.full(np.shape(good), -math.inf)


def _masks(good: Any, options: Values) -> Values:
    array = np.array(good)
    values = {"a string": "causal", "an object": object(), "a function": len, "nothing": [], "ones": array * 1}
    values |= {"fractions": array * 0.5, "None in it": [[None]], "ragged": [[True, False], [True]]}
    values |= {"masked": np.ma.array(array, mask=array), "scores": np.where(array, 0, -math.inf)}
    return {**values, "of another shape": np.ones([length + 1 for length in options["shape"]], dtype=bool)}


def _blocks(good: Any, _: Values) -> Values:
    return {**NUMBERS, "an array": np.ones((2, 2)), "of other axes": [[0.0], [[0.0]]], "a generator": iter(good)}


# These refuse what those refuse that they call, and shapes that the docstring does not say.
NO_MORE = (
    "shapes.as_vector",
    "shapes.as_matrix",
    "shapes.as_right_hand_side",
    "layers.as_examples",
    "layers.as_weights",
)
NO_MORE += ("examples.as_examples", "examples.as_rows", "examples.as_ddof", "examples.as_reduced_axes")
NO_MORE += ("gaussians.as_vector_gaussian", "likelihoods.as_log_density", "losses.as_reduction")
NO_MORE += ("kernels.as_images", "kernels.as_kernel", "kernels.as_bias")
BY_CONVERTER: dict[str, Callable[[Any, Values], Values]] = {
    "arrays.as_array": _arrays,
    "arrays.as_integers": lambda good, _: {"whole floats": 1.0 * np.array(good), "halves": np.array(good) + 0.5},
    "attention.as_blocks": _blocks,
    "attention.as_mask": _masks,
    "attention.as_matrices": lambda good, options: {"too few axes": np.array(good).ravel()[: options["axes"]]},
    "arrays.refuse_zeros": lambda good, _: {"a zero": _with_first(0, good)},
    "shapes.as_square": _square,
    "shapes.as_hermitian": lambda good, _: {"not symmetric": np.array(good) + np.triu(np.ones(np.shape(good)), 1)},
    "shapes.refuse_unequal_shapes": _another_shape,
    "probabilities.as_distribution": not_probabilities,
    "probabilities.as_joint": not_probabilities,
    "probabilities.as_base": lambda good, _: _number(good, {"above": 1.0, "least": None, "below": None}),
    "labels.as_samples": _labels,
    "likelihoods.as_likelihood": _likelihoods,
    "likelihoods.as_outcomes": lambda *_: {"a two": [1.0, 0.0, 2.0], "a half": [0.5], "booleans": ALLOWED},
    "likelihoods.as_counts": _negative,
    "examples.as_weights": _weights,
    "examples.as_axes": _axes,
    "examples.as_indices": _indices,
    "gaussians.as_gaussian": lambda good, _: {"of other axes": 2.0 if np.ndim(good) else [2.0, 2.0]},
    "gaussians.as_covariance": _covariance,
    "gaussians.symmetric": _covariance,
    "features.as_features": lambda *_: {"a number": 1.0},
    "features.as_channels": lambda *_: {"a vector": [1.0, 2.0]},
    "features.as_parameter": _another_shape,
    "features.as_running_variance": _negative,
    "features.as_fraction_of_one": lambda *_: {"above 1": 1 + 1e-9},
    "generators.as_generator": lambda *_: GENERATORS,
    "codes.as_codes": _codes,
    "lengths.as_shape": _lengths,
    "lengths.as_weight_shape": lambda *_: {"one length": (3,), "a number": 3, "nothing": ()},
    "logits.as_logits": lambda *_: {"minus infinity": ALLOWED, "a number": 1.0},
    "logits.as_axis": _axis,
    "logits.refuse_impossible": lambda good, _: {"all minus infinity": _impossible(good)},
    "losses.as_labels": _labels_of_classes,
    "losses.has_classes": _another_shape,
    "losses.as_class_probabilities": not_probabilities,
    "losses.as_class_weights": _weights,
    "losses.as_ignored": lambda *_: WHOLE,
    "losses.as_share": lambda good, _: {"negative": _with_first(-1e-9, good), "above 1": _with_first(1 + 1e-9, good)},
    "layers.as_fans": lambda good, _: {
        "fractions": 1.5 * np.array(good),
        "zeros": 0 * np.array(good),
        "too many": [1] * 9,
    },
    "layers.as_weight_variances": lambda good, _: {**_negative(good, _), **_another_shape(good, _)},
    "layers.as_layers": lambda *_: NUMBERS,
    "single.as_number": _number,
    "fading.as_fading": lambda *_: {},
    "single.as_integer": _integer,
    "single.as_scalar": lambda *_: NUMBERS,
    "single.as_choice": lambda *_: {**NUMBERS, "an unknown word": "taxicab", "a number": 2},
    "single.as_flag": lambda *_: {**NUMBERS, "a number": 2, "NaN": math.nan},
    "single.as_function": lambda *_: NO_FUNCTION,
    "single.as_result_of": lambda good, _: {**NUMBERS, "its parts alone": tuple(good), "a part": good[0]},
    "kernels.as_pair": _pairs,
    "kernels.as_windows": _windows,
    "tokens.as_mask": _mask,
    "tokens.refuse_none_counted": lambda good, _: {"none counted": np.array(good) & False},
    "tokens.as_token_logits": lambda *_: {"minus infinity": ALLOWED, "a number": 1.0},
    "tokens.as_logarithms": lambda *_: {"minus infinity": ALLOWED},
    "tokens.as_counted_rows": lambda *_: {},
    "tokens.as_targets": lambda *_: {},
    "tokens.as_log_probabilities": lambda good, _: {"positive": _with_first(1e-4, good)},
    "tokens.as_perplexities": lambda good, _: {"infinity": ALLOWED, "below 1": _with_first(0.999, good)},
    "tokens.as_token_counts": _token_counts,
    "subscripts.as_subscripts": _subscripts,
    **dict.fromkeys(NO_MORE, lambda *_: {}),
}


def returned_in_place_of(value: Any, any_shape: bool) -> Values:
    """What a function must not return where a good one returns this value; nothing if it is none of numbers."""
    if not isinstance(value, (Number, np.ndarray, list, tuple)):
        return {}
    good = np.asarray(value)
    values: Values = {"None": None, "a string": "abc", "NaN": _with_first(math.nan, good)}
    if good.dtype.kind == "c":
        return {**values, "a real number": 1.0}
    values |= {"infinity": _with_first(math.inf, good), "complex numbers": good * 1j, "booleans": good == good}
    if any_shape:
        return {**values, "nothing": []}
    if good.ndim == 0:
        return {**values, "a vector": np.ones(3)}
    return {**values, "a number": 1.0, "too few": good[:-1], "another shape": good[..., None]}
