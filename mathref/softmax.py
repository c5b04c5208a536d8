"""Softmax: exponentials that are divided by their sum, so that any numbers become probabilities."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.logits import as_axis, as_logits, refuse_impossible
from mathref._arguments.precision import as_precise_as, in_double, refuse_overflow
from mathref._arguments.results import array_result, number_or_array
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_flag, as_number
from mathref._numerics.softmax import Softmax
from mathref._workings.exact import refuse_long
from mathref._workings.softmax import softmax_working
from mathref._workings.steps import Working


def logsumexp(x: ArrayLike, *, axis: int | None = -1, keepdims: bool = False) -> Any:
    """Logarithm of a sum of exponentials.

    Parameters
    ----------
    x : array_like of at least one axis, finite or -inf
        Real numbers; an entry -inf adds 0.
    axis : int or None, default -1
        Axis to sum along, None for all entries together.
    keepdims : bool, default False
        Whether the axis stays, with length 1.

    Returns
    -------
    float or ndarray
        log Σ exp x, a float if no axis is left; -inf where all entries are -inf.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, axis is no integer, or keepdims no flag.
    ValueError
        If x is empty, is a single number or holds NaN or +inf, or has no such axis.

    See Also
    --------
    softmax : its gradient.

    Notes
    -----
    With the largest entry m it is m + log(1 + Σ exp(x - m)), where the sum is over the other entries: no exponential
    overflows, and log1p keeps the digits where the others hardly count. It lies between m and m + log n. O(n).

    References
    ----------
    Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions, IMA J. Numer.
    Anal. 41.

    Examples
    --------
    >>> logsumexp([1000, 1000])
    1000.6931471805599
    >>> logsumexp([[0, 0], [0, -np.inf]])
    array([0.69314718, 0.        ])
    """
    x, keepdims = as_logits(x, "x"), as_flag(keepdims, "keepdims")
    rows, axis = _rows(x, axis)
    parts = Softmax(rows)
    sums = np.where((rows == -np.inf).all(axis=-1, keepdims=True), -np.inf, parts.largest + parts.log_sum)
    if not keepdims:
        sums = sums[..., 0]
    elif axis is None:
        sums = sums.reshape([1] * x.ndim)
    else:
        sums = np.moveaxis(sums, -1, axis)
    return number_or_array(np.array(as_precise_as(sums, x), order="C"))


def _rows(x: Array, axis: int | None) -> tuple[Array, int | None]:
    """x in double precision with the axis last, all entries in one row for None; and the axis counted from 0."""
    axis = as_axis(axis, x.ndim)
    return in_double(x.reshape(-1) if axis is None else np.moveaxis(x, axis, -1)), axis


def _back(rows: Array, axis: int | None, what: str, x: Array, *others: Array) -> Array:
    """Rows laid out as x is, as precise as the arguments; `what` they are must be finite where x is."""
    laid_out = rows.reshape(x.shape) if axis is None else np.moveaxis(rows, -1, axis)
    refuse_overflow(np.where(x == -np.inf, 0.0, laid_out), what)
    return np.array(as_precise_as(laid_out, x, *others, what=what), order="C")


def _parts(x: ArrayLike, axis: int | None, temperature: float) -> tuple[Array, int | None, Softmax]:
    array = as_logits(x, "x")
    rows, axis = _rows(array, axis)
    temperature = as_number(temperature, "temperature", above=0.0)
    refuse_impossible(rows, "x")
    return array, axis, Softmax(rows, temperature)


def softmax(x: ArrayLike, *, axis: int | None = -1, temperature: float = 1.0) -> Array:
    """Probabilities in proportion to the exponentials of the entries.

    Parameters
    ----------
    x : array_like of at least one axis, finite or -inf
        Real numbers (logits); an entry -inf has probability 0.
    axis : int or None, default -1
        Axis along which the probabilities sum to 1, None for all entries together.
    temperature : float, default 1.0
        T > 0, by which the entries are divided: small ones favour the largest entry, large ones even all out.

    Returns
    -------
    ndarray of the shape of x
        exp(xᵢ/T) / Σⱼ exp(xⱼ/T).

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, axis is no integer, or temperature no number.
    ValueError
        If x is empty, is a single number, holds NaN or +inf, or only -inf along the axis; if it has no such axis, or
        temperature is not positive and finite.

    See Also
    --------
    log_softmax : its logarithm, which does not underflow.
    logsumexp : the function whose gradient it is.

    Notes
    -----
    The largest entry is taken off first, which changes nothing but that no exponential overflows. The temperature
    divides what is left, so that it may be as small as doubles are. O(n).

    References
    ----------
    Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.
    Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions, IMA J. Numer.
    Anal. 41.

    Examples
    --------
    >>> softmax([0, np.log(2), np.log(3)]).round(6)
    array([0.166667, 0.333333, 0.5     ])
    >>> softmax([1000, 1000, -np.inf])
    array([0.5, 0.5, 0. ])
    """
    array, axis, parts = _parts(x, axis, temperature)
    return _back(parts.probabilities, axis, "each probability", array)


def log_softmax(x: ArrayLike, *, axis: int | None = -1, temperature: float = 1.0) -> Array:
    """Logarithms of the probabilities that softmax gives, also of those too small for a double.

    Parameters
    ----------
    x : array_like of at least one axis, finite or -inf
        Real numbers (logits); an entry -inf stays -inf.
    axis : int or None, default -1
        Axis along which the probabilities sum to 1, None for all entries together.
    temperature : float, default 1.0
        T > 0, by which the entries are divided.

    Returns
    -------
    ndarray of the shape of x
        xᵢ/T - log Σⱼ exp(xⱼ/T), at most 0.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, axis is no integer, or temperature no number.
    ValueError
        If x is empty, is a single number, holds NaN or +inf, or only -inf along the axis; if it has no such axis, or
        temperature is not positive and finite.
    numpy.linalg.LinAlgError
        If a logarithm exceeds the range of its type.

    See Also
    --------
    softmax : the probabilities.
    mathref.cross_entropy.nll_loss : the loss that takes these.

    Notes
    -----
    (xᵢ - m)/T - log1p(Σ exp((xⱼ - m)/T)) with the largest entry m and the sum over the other entries. Neither term
    is positive: nothing cancels, also where a probability is nearly 1. O(n).

    References
    ----------
    Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions, IMA J. Numer.
    Anal. 41.

    Examples
    --------
    >>> log_softmax([0, 1000])
    array([-1000.,     0.])
    >>> [f"{x:.10g}" for x in log_softmax([0, -40])]
    ['-4.248354255e-18', '-40']
    """
    array, axis, parts = _parts(x, axis, temperature)
    return _back(parts.log_probabilities, axis, "each logarithm of softmax(x)", array)


def softmax_jacobian(x: ArrayLike, *, temperature: float = 1.0) -> Array:
    """Derivatives of each probability by each entry.

    Parameters
    ----------
    x : array_like of at least one axis, finite or -inf
        Real numbers (logits), shape (..., n): one softmax along the last axis.
    temperature : float, default 1.0
        T > 0, by which the entries are divided.

    Returns
    -------
    ndarray of shape (..., n, n)
        (diag(s) - s sᵀ)/T with s = softmax(x/T): entry (i, j) is ∂sᵢ/∂xⱼ.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or temperature is no number.
    ValueError
        If x is empty, is a single number, holds NaN or +inf, or only -inf in a row; if temperature is not positive
        and finite.
    numpy.linalg.LinAlgError
        If a derivative exceeds the range of its type, which needs a temperature far below 1.

    See Also
    --------
    softmax_vjp : its product with a gradient, without the matrix.

    Notes
    -----
    Symmetric, with rows of sum 0. The diagonal is sᵢ (1 - sᵢ), where 1 - sᵢ of the largest entry is taken from the
    other exponentials: it keeps its digits where sᵢ rounds to 1. O(n²).

    References
    ----------
    Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.

    Examples
    --------
    >>> softmax_jacobian([0, 0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    array, _, parts = _parts(x, -1, temperature)
    return array_result(parts.jacobian(), "each derivative of softmax(x)", array)


def softmax_vjp(x: ArrayLike, upstream: ArrayLike, *, axis: int | None = -1, temperature: float = 1.0) -> Array:
    """Backward pass of softmax: what a gradient by the probabilities becomes for the entries.

    Parameters
    ----------
    x : array_like of at least one axis, finite or -inf
        Real numbers (logits).
    upstream : array_like of any shape
        ∂L/∂s, real, of the shape of x.
    axis : int or None, default -1
        Axis along which the probabilities sum to 1, None for all entries together.
    temperature : float, default 1.0
        T > 0, by which the entries are divided.

    Returns
    -------
    ndarray of the shape of x
        ∂L/∂x = s ∘ (g - Σ g s)/T for the gradient g and s = softmax(x/T); its sum along the axis is 0.

    Raises
    ------
    TypeError
        If x or upstream is complex or holds no numbers, axis is no integer, or temperature no number.
    ValueError
        If x is empty, is a single number, holds NaN or +inf, or only -inf along the axis; if upstream is not finite
        or of another shape, x has no such axis, or temperature is not positive and finite.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    softmax_jacobian : the matrix.

    Notes
    -----
    The Jacobian is symmetric, so that this is also its product with a direction (JVP). O(n) in place of the O(n²) of
    the matrix.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.5.

    Examples
    --------
    >>> softmax_vjp([0, 0], [1, 0])
    array([ 0.25, -0.25])
    """
    array, axis, parts = _parts(x, axis, temperature)
    gradient = as_array(upstream, "upstream", real=True)
    refuse_unequal_shapes(array, gradient, ("x", "upstream"))
    rows, _ = _rows(gradient, axis)
    return _back(parts.vjp(rows), axis, "each entry of the gradient by x", array, gradient)


def softmax_steps(x: ArrayLike, *, temperature: float = 1.0) -> Working:
    """How a softmax comes about, for pencil and paper.

    Parameters
    ----------
    x : array_like of shape (n,), finite or -inf
        Real numbers (logits), at most 5.
    temperature : float, default 1.0
        T > 0, by which the entries are divided.

    Returns
    -------
    Working
        The largest entry, the exponentials of the entries without it, their sum, and the quotients: the last value is
        ``softmax(x, temperature=temperature)``.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or temperature is no number.
    ValueError
        If x is no vector, too long to read, holds NaN or +inf, or only -inf; if temperature is not positive and finite.

    See Also
    --------
    softmax : the probabilities alone.

    Notes
    -----
    Taking off the largest entry divides all exponentials by one number, which the quotients do not see.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 4.1.

    Examples
    --------
    >>> working = softmax_steps([0, np.log(2), np.log(3)])
    >>> print(working[2].text)
    1/3 + 2/3 + 1 = 2
    """
    refuse_long(as_vector(x, "x", real=True, finite=False), "x", rows=5)
    array, _, parts = _parts(x, -1, temperature)
    return softmax_working(parts, float(temperature), softmax(array, temperature=temperature))
