"""Activation functions: what stands between the layers, entry by entry, with its derivative."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.precision import in_double
from mathref._arguments.results import as_result
from mathref._arguments.single import as_choice, as_number
from mathref._numerics import activations
from mathref._workings.activation import sigmoid_working
from mathref._workings.steps import Working


def _applied(function: Callable[[Array], Array], x: ArrayLike, what: str) -> Any:
    """A function of doubles on the entries of x, as precise as x; `what` the results are."""
    array = as_array(x, "x", real=True)
    return as_result(function(in_double(array)) + 0.0, what, array)  # + 0.0: never -0.0


def sigmoid(x: ArrayLike) -> Any:
    """Sigmoid (logistic function): any number becomes one between 0 and 1.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.

    Returns
    -------
    float or ndarray of the shape of x
        1 / (1 + e^-x).

    Raises
    ------
    TypeError
        If x is complex or holds no numbers.
    ValueError
        If x is empty or not finite.

    See Also
    --------
    log_sigmoid : its logarithm, which does not underflow.
    mathref.softmax.softmax : the same for more than two classes.

    Notes
    -----
    For negative x it is e^x / (1 + e^x), so that no exponential overflows and small results keep their digits.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.10.

    Examples
    --------
    >>> round(sigmoid(np.log(3)), 12)
    0.75
    >>> sigmoid([-1000, 0, 1000])
    array([0. , 0.5, 1. ])
    """
    return _applied(lambda x: activations.times_sigmoid(1.0, x), x, "sigmoid(x)")


def log_sigmoid(x: ArrayLike) -> Any:
    """Logarithm of the sigmoid, also where the sigmoid itself is 0 or 1 in doubles.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.

    Returns
    -------
    float or ndarray of the shape of x
        log σ(x), at most 0.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers.
    ValueError
        If x is empty or not finite.

    See Also
    --------
    softplus : the negative of this, at -x.

    Notes
    -----
    min(x, 0) - log1p(e^-|x|): both terms have one sign, so that nothing cancels.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.10.

    Examples
    --------
    >>> log_sigmoid(-1000)
    -1000.0
    >>> print(f"{log_sigmoid(40):.10g}")
    -4.248354255e-18
    """
    return _applied(lambda x: -activations.softplus(-x), x, "log_sigmoid(x)")


def softplus(x: ArrayLike, *, beta: float = 1.0) -> Any:
    """Softplus: a ReLU whose corner is rounded off.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.
    beta : float, default 1.0
        β > 0: the larger, the sharper the corner.

    Returns
    -------
    float or ndarray of the shape of x
        log(1 + e^(βx)) / β.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or beta is no number.
    ValueError
        If x is empty or not finite, or beta is not positive and finite.
    numpy.linalg.LinAlgError
        If a result exceeds the range of its type, as with a beta near 0.

    See Also
    --------
    relu : the limit of large beta.

    Notes
    -----
    max(x, 0) + log1p(e^-|βx|)/β: no exponential overflows, and no threshold replaces the function by x.

    References
    ----------
    Dugas, Bengio, Belisle, Nadeau and Garcia (2001), Incorporating second-order functional knowledge for better option
    pricing, NIPS 13.

    Examples
    --------
    >>> softplus([-1000, 0, 1000]).round(6)
    array([0.00000e+00, 6.93147e-01, 1.00000e+03])
    >>> round(softplus(0, beta=2), 6)
    0.346574
    """
    beta = as_number(beta, "beta", above=0.0)
    return _applied(lambda x: activations.softplus(x, beta), x, "softplus(x)")


def relu(x: ArrayLike) -> Any:
    """Rectified linear unit: negative numbers become 0, others stay.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.

    Returns
    -------
    float or ndarray of the shape of x
        max(0, x).

    Raises
    ------
    TypeError
        If x is complex or holds no numbers.
    ValueError
        If x is empty or not finite.

    See Also
    --------
    leaky_relu : with a slope to the left as well.
    gelu, silu : smooth relatives.

    Notes
    -----
    It has no derivative at 0, where `activation_derivative` takes 0.

    References
    ----------
    Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines, ICML.

    Examples
    --------
    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    return _applied(lambda x: np.maximum(x, 0.0), x, "relu(x)")


def leaky_relu(x: ArrayLike, *, negative_slope: float = 0.01) -> Any:
    """ReLU that lets a little through on the left, so that a unit never goes quite silent.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.
    negative_slope : float, default 0.01
        What negative numbers are multiplied by.

    Returns
    -------
    float or ndarray of the shape of x
        x for x > 0, negative_slope · x otherwise.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or negative_slope is no number.
    ValueError
        If x is empty or not finite, or negative_slope is not finite.
    numpy.linalg.LinAlgError
        If a result exceeds the range of its type.

    See Also
    --------
    relu : the same with a slope of 0.

    Notes
    -----
    With a learned slope it is known as PReLU.

    References
    ----------
    Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models, ICML.

    Examples
    --------
    >>> leaky_relu([-2, 0, 3])
    array([-0.02,  0.  ,  3.  ])
    >>> leaky_relu(-2, negative_slope=0.2)
    -0.4
    """
    slope = as_number(negative_slope, "negative_slope")
    with np.errstate(over="ignore", under="ignore"):
        return _applied(lambda x: np.where(x > 0, x, slope * x), x, "leaky_relu(x)")


def elu(x: ArrayLike, *, alpha: float = 1.0) -> Any:
    """Exponential linear unit: x on the right, an exponential that flattens out at -α on the left.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.
    alpha : float, default 1.0
        α: minus the limit on the left.

    Returns
    -------
    float or ndarray of the shape of x
        x for x > 0, α(e^x - 1) otherwise.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or alpha is no number.
    ValueError
        If x is empty or not finite, or alpha is not finite.

    See Also
    --------
    relu : the same with α = 0.

    Notes
    -----
    e^x - 1 is one function (expm1), which keeps the digits of small x. With α = 1 the derivative has no jump at 0.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep network learning by exponential linear units
    (ELUs), ICLR.

    Examples
    --------
    >>> elu([-1000, 0, 3])
    array([-1.,  0.,  3.])
    >>> elu(-1e-20, alpha=2)
    -2e-20
    """
    alpha = as_number(alpha, "alpha")
    return _applied(lambda x: activations.elu(x, alpha), x, "elu(x)")


def gelu(x: ArrayLike, *, approximate: str = "none") -> Any:
    """Gaussian error linear unit: x times the probability that a standard normal number is below x.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.
    approximate : {"none", "tanh"}, default "none"
        By the error function, or by the form with a tanh that many models were trained with.

    Returns
    -------
    float or ndarray of the shape of x
        x Φ(x), or ½x (1 + tanh(√(2/π) (x + 0.044715 x³))), which is off by at most 4.8e-4.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or approximate is no string.
    ValueError
        If x is empty or not finite, or approximate is an unknown word.

    See Also
    --------
    silu : x σ(x), of much the same shape.

    Notes
    -----
    For negative x the probability is taken from the scaled complementary error function, for 1 + erf cancels there. The
    tanh form is x σ(2u) for the argument u of its tanh, in which nothing cancels either.

    References
    ----------
    Hendrycks and Gimpel (2016), Gaussian error linear units (GELUs), arXiv:1606.08415.

    Examples
    --------
    >>> gelu([-1, 0, 1]).round(6)
    array([-0.158655,  0.      ,  0.841345])
    >>> gelu([-1, 0, 1], approximate="tanh").round(6)
    array([-0.158808,  0.      ,  0.841192])
    """
    form = as_choice(approximate, "approximate", ("none", "tanh"))
    return _applied(activations.gelu if form == "none" else activations.gelu_tanh, x, "gelu(x)")


def silu(x: ArrayLike) -> Any:
    """Sigmoid linear unit (swish): x times its own sigmoid.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers.

    Returns
    -------
    float or ndarray of the shape of x
        x σ(x).

    Raises
    ------
    TypeError
        If x is complex or holds no numbers.
    ValueError
        If x is empty or not finite.

    See Also
    --------
    gelu : x Φ(x), of much the same shape.

    Notes
    -----
    It falls to its least value, -0.2785, at x = -1.2785, and rises from there.

    References
    ----------
    Elfwing, Uchibe and Doya (2018), Sigmoid-weighted linear units for neural network function approximation in
    reinforcement learning, Neural Networks 107.

    Examples
    --------
    >>> silu([-1, 0, 1]).round(6)
    array([-0.268941,  0.      ,  0.731059])
    """
    return _applied(lambda x: activations.times_sigmoid(x, x), x, "silu(x)")


def activation_derivative(name: str, x: ArrayLike) -> Any:
    """Derivative of an activation function, with the defaults of its options.

    Parameters
    ----------
    name : str
        "sigmoid", "log_sigmoid", "tanh", "softplus", "relu", "leaky_relu", "elu", "gelu", "gelu_tanh" or "silu".
    x : array_like of any shape
        Real numbers.

    Returns
    -------
    float or ndarray of the shape of x
        The slope at each entry. At 0, where relu and leaky_relu have none, their slope to the left: 0 and 0.01.

    Raises
    ------
    TypeError
        If name is no string, or x is complex or holds no numbers.
    ValueError
        If name is an unknown word, or x is empty or not finite.

    See Also
    --------
    mathref.backpropagation.grad : derivatives of what is put together from these.

    Notes
    -----
    For GELU Φ(x) + x φ(x), for x σ(v) in general σ(v) (1 + x v' σ(-v)). Slopes far from 0 keep their digits.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.3.

    Examples
    --------
    >>> activation_derivative("sigmoid", [0, np.log(3)]).round(6)
    array([0.25  , 0.1875])
    >>> activation_derivative("relu", [-1, 0, 1])
    array([0., 0., 1.])
    """
    slope = activations.SLOPES[as_choice(name, "name", tuple(activations.SLOPES))]
    return _applied(slope, x, "the derivative")


def sigmoid_steps(x: float) -> Working:
    """How a sigmoid comes about, for pencil and paper.

    Parameters
    ----------
    x : float
        A real number.

    Returns
    -------
    Working
        e^-x, 1 + e^-x and their quotient, ``sigmoid(x)``; with e^x in the place of e^-x for x below -700, where that
        would exceed the doubles.

    Raises
    ------
    TypeError
        If x is no real number.
    ValueError
        If x is not finite.

    See Also
    --------
    sigmoid : the value alone.

    Notes
    -----
    A logarithm as x makes a whole number or a fraction of the exponential.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.10.

    Examples
    --------
    >>> print(sigmoid_steps(np.log(3))[2].text)
    σ(x) = 1 / (4/3) = 3/4
    """
    number = as_number(x, "x")
    return sigmoid_working(number, sigmoid(number))
