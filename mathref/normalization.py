"""Normalization: mean 0 and variance 1 over some axes; which ones tells batch, layer, group and RMS norm apart."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.features import (
    along,
    as_channels,
    as_features,
    as_fraction_of_one,
    as_parameter,
    as_running_variance,
    refuse_no_spread,
)
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_flag, as_integer, as_number
from mathref._numerics import weighted_moments
from mathref._numerics.normalization import Normalized, centred, moved, over_root, plus, scaled_and_shifted, unbiased
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_sum
from mathref._workings.exact import refuse_long
from mathref._workings.normalization import layer_norm_working
from mathref._workings.steps import Working


class BatchNorm(NamedTuple):
    """Normalised numbers, and the mean and variance of each channel that evaluation will use."""

    y: Array
    running_mean: Array
    running_var: Array


class LayerNormGradient(NamedTuple):
    """Gradients by the arguments of `layer_norm`."""

    x: Array
    gamma: Array
    beta: Array


def _in_front(x: Array, axis: int) -> Array:
    """In double precision, with the axis that is summed over in front."""
    return np.ascontiguousarray(np.moveaxis(in_double(x), axis, 0))


def _back(y: Array, axis: int, *given: Array | None) -> Array:
    """The axis where it was, as precise as what is given; refused beyond the range."""
    return np.array(array_result(np.moveaxis(y, 0, axis), "each entry of the result", *given), order="C")


def _layer(x: Array, eps: float) -> Normalized:
    layer = Normalized.about_mean(_in_front(x, -1), eps)
    refuse_no_spread(layer.has_no_spread, "a variance", eps)
    return layer


def layer_norm(
    x: ArrayLike, *, gamma: ArrayLike | None = None, beta: ArrayLike | None = None, eps: float = 1e-5
) -> Array:
    """Mean 0 and variance 1 over the features of each example, then a scale and a shift for each feature.

    Parameters
    ----------
    x : array_like of shape (..., d)
        Real numbers: d features along the last axis.
    gamma : array_like of shape (d,), optional
        Real scale γ of each feature, by default 1.
    beta : array_like of shape (d,), optional
        Real shift β of each feature, by default 0.
    eps : float, default 1e-5
        ε that is added to the variance, not negative.

    Returns
    -------
    ndarray of the shape of x
        γ (x - mean) / √(variance + ε) + β, where the variance divides by d.

    Raises
    ------
    TypeError
        If an argument is complex or holds no numbers.
    ValueError
        If an array is empty, holds NaN or infinity or is of another shape; if eps is negative, or 0 where the features
        of an example are all equal.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    rms_norm : without the mean.
    layer_norm_vjp : its backward pass.

    Notes
    -----
    Each example is normalised by itself, so that neither the batch nor training changes the result. Means and variances
    are taken with twice the digits of doubles and exponents of their own: data far from 0 lose nothing, and no square
    overflows. O(n).

    References
    ----------
    Ba, Kiros and Hinton (2016), Layer normalization, arXiv:1607.06450.

    Examples
    --------
    >>> layer_norm([1, 2, 3, 6], eps=0).round(4)
    array([-1.069 , -0.5345,  0.    ,  1.6036])
    >>> layer_norm([[0, 2], [1e8, 1e8 + 2]], gamma=[1, 2], beta=[0, 1], eps=0)
    array([[-1.,  3.],
           [-1.,  3.]])
    """
    array, eps = as_features(x, "x"), as_number(eps, "eps", least=0.0)
    size = array.shape[-1]
    scale, shift = as_parameter(gamma, "gamma", size, "feature"), as_parameter(beta, "beta", size, "feature")
    y = _layer(array, eps).over_root()
    ndim = array.ndim
    return _back(scaled_and_shifted(y, along(scale, 0, ndim), along(shift, 0, ndim)), -1, array, scale, shift)


def rms_norm(x: ArrayLike, *, gamma: ArrayLike | None = None, eps: float = 1e-6) -> Array:
    """Mean square 1 over the features of each example, then a scale for each feature; nothing is taken off.

    Parameters
    ----------
    x : array_like of shape (..., d)
        Real numbers: d features along the last axis.
    gamma : array_like of shape (d,), optional
        Real scale γ of each feature, by default 1.
    eps : float, default 1e-6
        ε that is added to the mean square, not negative.

    Returns
    -------
    ndarray of the shape of x
        γ x / √(mean of x² + ε).

    Raises
    ------
    TypeError
        If an argument is complex or holds no numbers.
    ValueError
        If an array is empty, holds NaN or infinity or is of another shape; if eps is negative, or 0 where the features
        of an example are all 0.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    layer_norm : which takes the mean off first.

    Notes
    -----
    It is √d times the direction of x. ``torch.nn.functional.rms_norm`` takes for ε the eps of its type, unless told
    otherwise. Squares neither overflow nor underflow. O(n).

    References
    ----------
    Zhang and Sennrich (2019), Root mean square layer normalization, NeurIPS.

    Examples
    --------
    >>> rms_norm([3, 4], eps=0) * 5 / np.sqrt(2)
    array([3., 4.])
    >>> rms_norm([[1, -1], [1e200, -1e200]], gamma=[1, 2])
    array([[ 0.9999995, -1.999999 ],
           [ 1.       , -2.       ]])
    """
    array, eps = as_features(x, "x"), as_number(eps, "eps", least=0.0)
    scale = as_parameter(gamma, "gamma", array.shape[-1], "feature")
    rows = Normalized.about_zero(_in_front(array, -1), eps)
    refuse_no_spread(rows.has_no_spread, "a mean square", eps)
    return _back(scaled_and_shifted(rows.over_root(), along(scale, 0, array.ndim), None), -1, array, scale)


def batch_norm(
    x: ArrayLike,
    *,
    gamma: ArrayLike | None = None,
    beta: ArrayLike | None = None,
    running_mean: ArrayLike | None = None,
    running_var: ArrayLike | None = None,
    training: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> BatchNorm:
    """Mean 0 and variance 1 for each channel: of this batch in training, and of what was seen so far in evaluation.

    Parameters
    ----------
    x : array_like of shape (N, C, ...)
        Real numbers: N examples of C channels, each with any further axes (positions).
    gamma : array_like of shape (C,), optional
        Real scale γ of each channel, by default 1.
    beta : array_like of shape (C,), optional
        Real shift β of each channel, by default 0.
    running_mean : array_like of shape (C,), optional
        Real mean of each channel so far; by default 0 in training, and needed in evaluation.
    running_var : array_like of shape (C,), optional
        Variance of each channel so far, not negative; by default 1 in training, and needed in evaluation.
    training : bool, default True
        Whether the batch's own mean and variance are taken, and the running ones moved.
    momentum : float, default 0.1
        Share of the batch in the new running values, from 0 to 1.
    eps : float, default 1e-5
        ε that is added to the variance, not negative.

    Returns
    -------
    BatchNorm
        `y` of the shape of x: γ (x - mean) / √(variance + ε) + β; and `running_mean` and `running_var`, in evaluation
        as they were.

    Raises
    ------
    TypeError
        If an argument is complex or holds no numbers, or training is no flag.
    ValueError
        If an array is empty, holds NaN or infinity or is of another shape; if a channel has fewer than two values in
        training, running values are missing in evaluation or a running variance is negative; if momentum is outside
        [0, 1], eps negative, or 0 where a variance is.
    numpy.linalg.LinAlgError
        If an entry of y exceeds the range of its type.

    See Also
    --------
    layer_norm : which does not depend on the batch.
    mathref.expectation.combine_moments : mean and variance of several batches, exactly.

    Notes
    -----
    Statistics are over all axes but 1, n values a channel. There are two variances: y is divided by the root of the
    one that divides by n, and the running one moves towards that which divides by n - 1, as in PyTorch:
    new = (1 - momentum) old + momentum · batch. A running variance beyond the range of its type becomes infinite, and
    evaluation refuses it. O(n).

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization: accelerating deep network training by reducing internal covariate
    shift, ICML.

    Examples
    --------
    >>> y, mean, var = batch_norm([[1], [2], [3], [4]], eps=0)
    >>> float((y**2).mean()), mean, var
    (1.0, array([0.25]), array([1.06666667]))
    >>> known = {"running_mean": [2.5], "running_var": [4], "gamma": [2], "beta": [1]}
    >>> batch_norm([[4.5]], training=False, eps=0, **known).y
    array([[3.]])
    """
    array, training = as_channels(x, "x"), as_flag(training, "training")
    size = array.shape[1]
    scale, shift = as_parameter(gamma, "gamma", size, "channel"), as_parameter(beta, "beta", size, "channel")
    mean = as_parameter(running_mean, "running_mean", size, "channel")
    variance = as_running_variance(running_var, "running_var", size)
    momentum, eps = as_fraction_of_one(momentum, "momentum"), as_number(eps, "eps", least=0.0)
    given = array, scale, shift, mean, variance
    in_front = _in_front(array, 1)
    channels = in_front.reshape(size, -1).T
    if training:
        y, new_mean, new_variance = _by_batch(channels, mean, variance, momentum, eps)
    else:
        y, new_mean, new_variance = _by_running(channels, mean, variance, eps)
    result = scaled_and_shifted(y, along(scale, 1, 2), along(shift, 1, 2)).T.reshape(in_front.shape)
    return BatchNorm(_back(result, 1, *given), _as_stored(new_mean, *given), _as_stored(new_variance, *given))


def _by_batch(
    x: Array, mean: Array | None, variance: Array | None, momentum: float, eps: float
) -> tuple[Wide, Array, Array]:
    """Channels by their own mean and variance, and the running ones moved towards these."""
    count, size = x.shape
    if count < 2:
        raise ValueError("x must have at least two values a channel in training, but it has one; use training=False")
    batch = Normalized.about_mean(x, eps)
    refuse_no_spread(batch.has_no_spread, "a variance", eps)
    old_mean = np.zeros(size) if mean is None else in_double(mean)
    old_variance = np.ones(size) if variance is None else in_double(variance)
    new_mean = moved(old_mean, weighted_moments.mean(x), momentum)
    return batch.over_root(), new_mean, moved(old_variance, unbiased(batch.mean_square, count), momentum)


def _by_running(x: Array, mean: Array | None, variance: Array | None, eps: float) -> tuple[Wide, Array, Array]:
    """Channels by given means and variances, which stay."""
    if mean is None or variance is None:
        missing = " and ".join(
            name for name, value in (("running_mean", mean), ("running_var", variance)) if value is None
        )
        raise ValueError(f"{missing} must be given where training is False, but it is None")
    if eps == 0 and not variance.all():
        raise ValueError("running_var must be positive if eps is 0, since x is divided by its root, but one is 0")
    spread = plus(in_double(variance), eps)
    return over_root(centred(x, in_double(mean)), spread), in_double(mean), in_double(variance)


def _as_stored(values: Array, *given: Array | None) -> Array:
    """Running values as precise as what is given; infinite beyond the range, in single precision too."""
    arrays = [array for array in given if array is not None]
    finite = np.abs(values) <= np.finfo(np.result_type(*arrays)).max
    kept = as_precise_as(np.where(finite, values, 0.0), *arrays)
    return np.where(finite, kept, np.inf).astype(kept.dtype)


def group_norm(
    x: ArrayLike,
    groups: int,
    *,
    gamma: ArrayLike | None = None,
    beta: ArrayLike | None = None,
    eps: float = 1e-5,
) -> Array:
    """Mean 0 and variance 1 over groups of channels of each example, then a scale and a shift for each channel.

    Parameters
    ----------
    x : array_like of shape (N, C, ...)
        Real numbers: N examples of C channels, each with any further axes (positions).
    groups : int
        Number of groups of neighbouring channels, at least 1, a divisor of C.
    gamma : array_like of shape (C,), optional
        Real scale γ of each channel, by default 1.
    beta : array_like of shape (C,), optional
        Real shift β of each channel, by default 0.
    eps : float, default 1e-5
        ε that is added to the variance, not negative.

    Returns
    -------
    ndarray of the shape of x
        γ (x - mean) / √(variance + ε) + β, with mean and variance over the C/groups channels of a group and all further
        axes together.

    Raises
    ------
    TypeError
        If an argument is complex or holds no numbers, or groups is no integer.
    ValueError
        If an array is empty, holds NaN or infinity or is of another shape; if groups does not divide C, or eps is
        negative, or 0 where a group's numbers are all equal.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    layer_norm : over the last axis alone.
    batch_norm : over the examples.

    Notes
    -----
    With as many groups as channels it is instance norm: each channel of each example by itself. With one group it is
    over all channels and positions of an example, with one γ for each channel. O(n).

    References
    ----------
    Wu and He (2018), Group normalization, ECCV.

    Examples
    --------
    >>> group_norm([[1, 3, 10, 30]], 2, eps=0)
    array([[-1.,  1., -1.,  1.]])
    >>> group_norm([[[1, 3], [10, 30]]], 2, gamma=[1, 2], beta=[0, 5], eps=0)
    array([[[-1.,  1.],
            [ 3.,  7.]]])
    """
    array, groups = as_channels(x, "x"), as_integer(groups, "groups", least=1)
    examples, size = array.shape[:2]
    if size % groups:
        raise ValueError(f"groups must divide the number of channels of x, {size}, but it is {groups}")
    scale, shift = as_parameter(gamma, "gamma", size, "channel"), as_parameter(beta, "beta", size, "channel")
    eps = as_number(eps, "eps", least=0.0)
    parts = Normalized.about_mean(_in_front(array.reshape(examples, groups, -1), -1), eps)
    refuse_no_spread(parts.has_no_spread, "a variance", eps)
    laid_out = parts.over_root().arranged(lambda part: np.moveaxis(part, 0, -1).reshape(array.shape))
    y = scaled_and_shifted(laid_out, along(scale, 1, array.ndim), along(shift, 1, array.ndim))
    return _back(y, 0, array, scale, shift)


def layer_norm_vjp(
    x: ArrayLike, upstream: ArrayLike, *, gamma: ArrayLike | None = None, eps: float = 1e-5
) -> LayerNormGradient:
    """Backward pass of `layer_norm`: what a gradient by its result becomes for x, γ and β.

    Parameters
    ----------
    x : array_like of shape (..., d)
        Real numbers: d features along the last axis.
    upstream : array_like of shape (..., d)
        ∂L/∂y, real, of the shape of x.
    gamma : array_like of shape (d,), optional
        Real scale γ of each feature, by default 1.
    eps : float, default 1e-5
        ε that is added to the variance, not negative.

    Returns
    -------
    LayerNormGradient
        `x` of the shape of x: (g - mean(g) - n mean(g n)) / √(variance + ε) for g = γ upstream and n the normalised x;
        `gamma` and `beta` of shape (d,): the sums of upstream · n and of upstream over all examples.

    Raises
    ------
    TypeError
        If an argument is complex or holds no numbers.
    ValueError
        If an array is empty, holds NaN or infinity or is of another shape; if eps is negative, or 0 where the features
        of an example are all equal.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    layer_norm : the forward pass.

    Notes
    -----
    The gradient by x has the sum 0 along the features, and with ε = 0 is orthogonal to the normalised x too: what
    layer norm does not see does not come back. O(n).

    References
    ----------
    Ba, Kiros and Hinton (2016), Layer normalization, arXiv:1607.06450.

    Examples
    --------
    >>> gradient = layer_norm_vjp([1, 2, 3, 6], [1, 0, 0, 0], eps=0)
    >>> gradient.x.round(3)
    array([ 0.248, -0.21 , -0.134,  0.095])
    >>> layer_norm_vjp([[0, 2], [3, 1]], [[1, 1], [2, 0]], gamma=[1, 3], eps=0).gamma
    array([1., 1.])
    """
    array, eps = as_features(x, "x"), as_number(eps, "eps", least=0.0)
    arriving = as_array(upstream, "upstream", real=True)
    refuse_unequal_shapes(array, arriving, ("x", "upstream"))
    scale = as_parameter(gamma, "gamma", array.shape[-1], "feature")
    layer, g = _layer(array, eps), wide(_in_front(arriving, -1))
    by_gamma, by_beta = _over_examples(wide_product(g, layer.over_root())), _over_examples(g)
    wide_scale = along(scale, 0, array.ndim)
    by_x = layer.vjp(g if wide_scale is None else wide_product(g, wide(wide_scale))).rounded()
    given = array, arriving, scale
    return LayerNormGradient(*(_back(each, -1, *given) for each in (by_x, by_gamma, by_beta)))


def _over_examples(terms: Wide) -> Array:
    """Sum over all axes but the first, of features."""
    return wide_sum(terms.arranged(lambda part: part.reshape(len(part), -1).T)).rounded()


def layer_norm_steps(x: ArrayLike, *, eps: float = 0.0) -> Working:
    """How a layer norm comes about, for pencil and paper.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real numbers, at most 5, with moduli from 1e-6 to 1e6 or 0.
    eps : float, default 0.0
        ε that is added to the variance, not negative.

    Returns
    -------
    Working
        Mean, variance, its root (with ε inside) and the quotients: the last value is ``layer_norm(x, eps=eps)``.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or eps is no number.
    ValueError
        If x is no vector, too long to read, or holds NaN, infinity or numbers beyond that range; if eps is negative, or
        0 where all entries are equal.

    See Also
    --------
    layer_norm : the result alone.

    Notes
    -----
    The root stays a root where it is no fraction.

    References
    ----------
    Ba, Kiros and Hinton (2016), Layer normalization, arXiv:1607.06450.

    Examples
    --------
    >>> working = layer_norm_steps([1, 2, 3, 6])
    >>> print(working[1].value, working[2].text)
    3.5 root = √(7/2) = √14/2
    >>> layer_norm_steps([0, 2], eps=3).result
    array([-0.5,  0.5])
    """
    vector = as_vector(x, "x", real=True)
    refuse_long(vector, "x", rows=5)
    result = layer_norm(x, eps=eps)
    return layer_norm_working(in_double(vector), float(eps), result)
