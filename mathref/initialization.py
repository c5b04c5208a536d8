"""Initialization: how large random weights must be at the start for signals and gradients to keep their size."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.generators import as_generator
from mathref._arguments.layers import as_fans, as_weight_variances
from mathref._arguments.lengths import Shape, as_weight_shape
from mathref._arguments.precision import refuse_overflow
from mathref._arguments.results import array_result
from mathref._arguments.single import as_choice, as_number
from mathref._numerics.mean_squares import mean_squares
from mathref._workings.initialization import kaiming_working
from mathref._workings.steps import Working

_GAINS = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75}
_NONLINEARITIES = (*_GAINS, "leaky_relu")
_MODES = ("fan_in", "fan_out")


class FanInOut(NamedTuple):
    """How many inputs each output of a layer is a sum of, and how many outputs each input goes into."""

    fan_in: int
    fan_out: int


def fan_in_out(shape: tuple[int, ...]) -> FanInOut:
    """Fan-in and fan-out of a layer's weights.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.

    Returns
    -------
    FanInOut
        `fan_in`, in times the entries of a kernel, and `fan_out`, out times them.

    Raises
    ------
    TypeError
        If shape is no tuple of integers.
    ValueError
        If shape has fewer than two lengths, or one below 1.

    See Also
    --------
    kaiming_normal, xavier_normal : deviations made from these.

    Notes
    -----
    With a stride of 1, and up to the edges, each input of a convolution goes into fan-out outputs.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS.

    Examples
    --------
    >>> fan_in_out((10, 20))
    FanInOut(fan_in=20, fan_out=10)
    >>> fan_in_out((64, 32, 3, 3))
    FanInOut(fan_in=288, fan_out=576)
    """
    out, into, *kernel = as_weight_shape(shape, "shape")
    return FanInOut(into * math.prod(kernel), out * math.prod(kernel))


def calculate_gain(nonlinearity: str, *, negative_slope: float = 0.01) -> float:
    """Factor for the weights before a nonlinearity, so that it keeps the size of what passes.

    Parameters
    ----------
    nonlinearity : str
        "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
    negative_slope : float, default 0.01
        Slope of a leaky ReLU to the left; the others have none.

    Returns
    -------
    float
        1, 1, 5/3, √2, √(2 / (1 + negative_slope²)) or 3/4, as PyTorch has them.

    Raises
    ------
    TypeError
        If nonlinearity is no string, or negative_slope no number.
    ValueError
        If nonlinearity is an unknown word, or negative_slope is not finite.

    See Also
    --------
    propagate_variance : what becomes of the size with it.

    Notes
    -----
    For linear, relu and leaky_relu it follows from E[f(z)²] = E[z²] / gain². Those of tanh and selu are rules of thumb.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, ICCV, section 2.2.

    Examples
    --------
    >>> round(calculate_gain("relu") ** 2, 12)
    2.0
    >>> round(calculate_gain("leaky_relu", negative_slope=3) ** 2, 12)
    0.2
    """
    kind, slope = as_choice(nonlinearity, "nonlinearity", _NONLINEARITIES), as_number(negative_slope, "negative_slope")
    return math.sqrt(2) / math.hypot(1, slope) if kind == "leaky_relu" else _GAINS[kind]


def _uniform(rng: np.random.Generator, bound: float, shape: Shape) -> Array:
    if not 2 * bound < math.inf:
        raise np.linalg.LinAlgError("gain must leave the weights within doubles, but the bound exceeds 9e307")
    return rng.uniform(-bound, bound, shape)


def _normal(rng: np.random.Generator, deviation: float, shape: Shape) -> Array:
    weights = rng.normal(0, deviation, shape)
    refuse_overflow(weights, "each weight")
    return weights


def xavier_uniform(shape: tuple[int, ...], rng: np.random.Generator, *, gain: float = 1.0) -> Array:
    """Uniform weights of Glorot and Bengio, a compromise between the way forth and the way back.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    rng : numpy.random.Generator
        Source of random numbers.
    gain : float, default 1.0
        Factor, greater than 0; see `calculate_gain`.

    Returns
    -------
    ndarray of this shape
        Independent, uniform from -a to a with a = gain √(6 / (fan_in + fan_out)).

    Raises
    ------
    TypeError
        If shape is no tuple of integers, rng no generator, or gain no number.
    ValueError
        If shape has fewer than two lengths, or one below 1; if gain is not positive and finite.
    numpy.linalg.LinAlgError
        If the weights exceed the range of doubles.

    See Also
    --------
    xavier_normal : the same variance, normally distributed.

    Notes
    -----
    A uniform number from -a to a has the variance a²/3, here 2 gain² / (fan_in + fan_out). One call of rng.uniform.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS.

    Examples
    --------
    >>> W = xavier_uniform((200, 100), np.random.default_rng(0))
    >>> bool(np.abs(W).max() < np.sqrt(6 / 300))
    True
    >>> xavier_uniform((64, 32, 3, 3), np.random.default_rng(0), gain=5 / 3).shape
    (64, 32, 3, 3)
    """
    fans, gain, rng = fan_in_out(shape), as_number(gain, "gain", above=0.0), as_generator(rng)
    return _uniform(rng, gain * math.sqrt(6 / sum(fans)), as_weight_shape(shape, "shape"))


def xavier_normal(shape: tuple[int, ...], rng: np.random.Generator, *, gain: float = 1.0) -> Array:
    """Normal weights of Glorot and Bengio, a compromise between the way forth and the way back.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    rng : numpy.random.Generator
        Source of random numbers.
    gain : float, default 1.0
        Factor, greater than 0; see `calculate_gain`.

    Returns
    -------
    ndarray of this shape
        Independent, normal with mean 0 and deviation gain √(2 / (fan_in + fan_out)).

    Raises
    ------
    TypeError
        If shape is no tuple of integers, rng no generator, or gain no number.
    ValueError
        If shape has fewer than two lengths, or one below 1; if gain is not positive and finite.
    numpy.linalg.LinAlgError
        If a weight exceeds the range of doubles.

    See Also
    --------
    xavier_uniform : the same variance, uniformly distributed.

    Notes
    -----
    1 / fan_in would keep the size forth, 1 / fan_out back: the variance is the reciprocal of their mean. Not truncated.
    One call of rng.normal.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS.

    Examples
    --------
    >>> W = xavier_normal((300, 500), np.random.default_rng(0))
    >>> round(float(W.var()) * 400, 1)
    1.0
    >>> xavier_normal((2, 3), np.random.default_rng(0), gain=5 / 3).shape
    (2, 3)
    """
    fans, gain, rng = fan_in_out(shape), as_number(gain, "gain", above=0.0), as_generator(rng)
    return _normal(rng, gain * math.sqrt(2 / sum(fans)), as_weight_shape(shape, "shape"))


def _kaiming(shape: tuple[int, ...], nonlinearity: str, negative_slope: float, mode: str) -> float:
    fans, mode = fan_in_out(shape), as_choice(mode, "mode", _MODES)
    return calculate_gain(nonlinearity, negative_slope=negative_slope) / math.sqrt(getattr(fans, mode))


def kaiming_uniform(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    nonlinearity: str = "relu",
    negative_slope: float = 0.01,
    mode: str = "fan_in",
) -> Array:
    """Uniform weights of He et al., which keep the mean square through layers with a nonlinearity.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    rng : numpy.random.Generator
        Source of random numbers.
    nonlinearity : str, default "relu"
        What follows the layer; see `calculate_gain`.
    negative_slope : float, default 0.01
        Slope of a leaky ReLU to the left.
    mode : {"fan_in", "fan_out"}, default "fan_in"
        Whether the size is kept on the way forth or back.

    Returns
    -------
    ndarray of this shape
        Independent, uniform from -a to a with a = gain √(3 / fan).

    Raises
    ------
    TypeError
        If shape is no tuple of integers, rng no generator, nonlinearity or mode no string, or negative_slope no number.
    ValueError
        If shape has fewer than two lengths, or one below 1; if nonlinearity or mode is an unknown word, or
        negative_slope is not finite.

    See Also
    --------
    kaiming_normal : the same variance, normally distributed.

    Notes
    -----
    The variance is a²/3 = gain² / fan. With "leaky_relu" and a slope of √5 the bound is 1 / √fan_in, and the variance a
    third of 1 / fan_in: what torch.nn.Linear does. One call of rng.uniform.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, ICCV.

    Examples
    --------
    >>> W = kaiming_uniform((200, 600), np.random.default_rng(0), mode="fan_in")
    >>> bool(0.099 < np.abs(W).max() < 0.1)
    True
    >>> W = kaiming_uniform((200, 400), np.random.default_rng(0), nonlinearity="leaky_relu", negative_slope=5**0.5)
    >>> bool(0.0499 < np.abs(W).max() < 0.05)
    True
    """
    deviation, rng = _kaiming(shape, nonlinearity, negative_slope, mode), as_generator(rng)
    return _uniform(rng, math.sqrt(3) * deviation, as_weight_shape(shape, "shape"))


def kaiming_normal(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    nonlinearity: str = "relu",
    negative_slope: float = 0.01,
    mode: str = "fan_in",
) -> Array:
    """Normal weights of He et al., which keep the mean square through layers with a nonlinearity.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    rng : numpy.random.Generator
        Source of random numbers.
    nonlinearity : str, default "relu"
        What follows the layer; see `calculate_gain`.
    negative_slope : float, default 0.01
        Slope of a leaky ReLU to the left.
    mode : {"fan_in", "fan_out"}, default "fan_in"
        Whether the size is kept on the way forth or back.

    Returns
    -------
    ndarray of this shape
        Independent, normal with mean 0 and deviation gain / √fan.

    Raises
    ------
    TypeError
        If shape is no tuple of integers, rng no generator, nonlinearity or mode no string, or negative_slope no number.
    ValueError
        If shape has fewer than two lengths, or one below 1; if nonlinearity or mode is an unknown word, or
        negative_slope is not finite.

    See Also
    --------
    propagate_variance : what becomes of the mean square, layer after layer.

    Notes
    -----
    A ReLU keeps half of the mean square of what is symmetric around 0, so the variance is 2 / fan in the place of
    1 / fan. Not truncated, as in PyTorch. One call of rng.normal.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, ICCV.

    Examples
    --------
    >>> W = kaiming_normal((300, 200), np.random.default_rng(0), nonlinearity="relu", negative_slope=0.01)
    >>> round(float(W.var()) * 200, 1)
    2.0
    >>> W = kaiming_normal((300, 200), np.random.default_rng(0), mode="fan_out")
    >>> round(float(W.var()) * 300, 1)
    2.0
    """
    deviation, rng = _kaiming(shape, nonlinearity, negative_slope, mode), as_generator(rng)
    return _normal(rng, deviation, as_weight_shape(shape, "shape"))


def orthogonal(shape: tuple[int, ...], rng: np.random.Generator, *, gain: float = 1.0) -> Array:
    """Random weights whose rows, or columns, are orthogonal: they keep lengths exactly, not on average.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    rng : numpy.random.Generator
        Source of random numbers.
    gain : float, default 1.0
        Factor, greater than 0; see `calculate_gain`.

    Returns
    -------
    ndarray of this shape
        Flattened to (out, in · kernel), gain times a matrix with orthonormal rows; columns, if out is the larger.

    Raises
    ------
    TypeError
        If shape is no tuple of integers, rng no generator, or gain no number.
    ValueError
        If shape has fewer than two lengths, or one below 1; if gain is not positive and finite.

    See Also
    --------
    mathref.factorization.qr : where it comes from.

    Notes
    -----
    Q of a matrix of standard normal numbers, with signs that make the diagonal of R positive: so Q is uniformly
    distributed, and no sign depends on the program. O(out · rest · min(out, rest)).

    References
    ----------
    Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks, ICLR.
    Mezzadri (2007), How to generate random matrices from the classical compact groups, Notices of the AMS 54.

    Examples
    --------
    >>> W = orthogonal((2, 3), np.random.default_rng(0), gain=2.0)
    >>> (W @ W.T).round(12)
    array([[4., 0.],
           [0., 4.]])
    """
    lengths, gain, rng = as_weight_shape(shape, "shape"), as_number(gain, "gain", above=0.0), as_generator(rng)
    G = rng.normal(0, 1, (lengths[0], math.prod(lengths[1:])))
    wide = len(G) < G.shape[1]
    Q, R = np.linalg.qr(G.T if wide else G)
    Q = Q * np.where(R.diagonal() < 0, -1.0, 1.0)
    with np.errstate(under="ignore"):
        return np.array(gain * (Q.T if wide else Q).reshape(lengths), order="C")


def propagate_variance(
    fan_in: ArrayLike,
    weight_variance: ArrayLike,
    *,
    nonlinearity: str = "relu",
    negative_slope: float = 0.01,
    start: float = 1.0,
) -> Array:
    """Mean square of the activations, layer after layer, for independent weights of mean 0.

    Parameters
    ----------
    fan_in : array_like of shape (L,)
        Whole numbers of at least 1: how many inputs each unit of a layer has.
    weight_variance : array_like of shape (L,)
        Not negative: the variance of each layer's weights.
    nonlinearity : {"linear", "relu", "leaky_relu", "tanh"}, default "relu"
        What follows each layer.
    negative_slope : float, default 0.01
        Slope of a leaky ReLU to the left.
    start : float, default 1.0
        Mean square of the input, at least 0.

    Returns
    -------
    ndarray of shape (L + 1,)
        E[x²]: the start, and after each layer E[f(z)²] for z ~ N(0, fan_in · weight_variance · E[x²]).

    Raises
    ------
    TypeError
        If fan_in holds anything but integers, weight_variance or start no real numbers, or nonlinearity is no string.
    ValueError
        If the vectors differ in length or are empty; if a fan is below 1, a variance or the start negative or not
        finite; if nonlinearity is an unknown word.
    numpy.linalg.LinAlgError
        If a mean square exceeds the range of its type.

    See Also
    --------
    calculate_gain : the factor that keeps it.

    Notes
    -----
    Exact for linear layers of any width; for ReLU with weights that are symmetric around 0; for tanh in the limit of
    many units, where a sum of independent terms is normal, with an integral that is right to 1e-12. Biases are 0.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, ICCV, section 2.2.
    Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli (2016), Exponential expressivity in deep neural networks through
    transient chaos, NeurIPS.

    Examples
    --------
    >>> propagate_variance([100, 50], [2 / 100, 2 / 50]).round(12)
    array([1., 1., 1.])
    >>> propagate_variance([100, 100], [0.01, 0.01], nonlinearity="tanh", start=0.5, negative_slope=0.01).round(4)
    array([0.5   , 0.2737, 0.1851])
    """
    fans = as_fans(fan_in, "fan_in")
    variances = as_weight_variances(weight_variance, "weight_variance", len(fans))
    kind = as_choice(nonlinearity, "nonlinearity", ("linear", "relu", "leaky_relu", "tanh"))
    slope, start = as_number(negative_slope, "negative_slope"), as_number(start, "start", least=0.0)
    return array_result(mean_squares(fans, variances.tolist(), kind, slope, start), "each mean square", variances)


def kaiming_steps(shape: tuple[int, ...], *, nonlinearity: str = "relu", mode: str = "fan_in") -> Working:
    """How the deviation of Kaiming's weights comes about, for pencil and paper.

    Parameters
    ----------
    shape : tuple of int
        (out, in, *kernel), at least two lengths of at least 1.
    nonlinearity : str, default "relu"
        What follows the layer; see `calculate_gain`.
    mode : {"fan_in", "fan_out"}, default "fan_in"
        Whether the size is kept on the way forth or back.

    Returns
    -------
    Working
        The fan, the gain, and the deviation gain / √fan, which `kaiming_normal` draws with.

    Raises
    ------
    TypeError
        If shape is no tuple of integers, or nonlinearity or mode no string.
    ValueError
        If shape has fewer than two lengths, or one below 1; if nonlinearity or mode is an unknown word.

    See Also
    --------
    kaiming_normal : weights with this deviation.

    Notes
    -----
    The variance of a sum of fan independent products is fan times that of one.

    References
    ----------
    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, ICCV.

    Examples
    --------
    >>> working = kaiming_steps((64, 64, 3, 3), nonlinearity="relu", mode="fan_in")
    >>> print(working[0].text)
    n = 64 · 3 · 3 = 576
    >>> round(working.result, 4)
    0.0589
    """
    deviation = _kaiming(shape, nonlinearity, 0.01, mode)
    fan = getattr(fan_in_out(shape), mode)
    lengths = as_weight_shape(shape, "shape")
    return kaiming_working(lengths, nonlinearity, mode, fan, calculate_gain(nonlinearity), deviation)
