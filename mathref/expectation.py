"""Expectation: the mean of a random quantity, the point at which its distribution balances, and its spread about it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.examples import as_ddof, as_examples, as_reduced_axes, as_rows, as_weights, refuse_ddof
from mathref._arguments.precision import as_precise_as
from mathref._arguments.probabilities import as_distribution
from mathref._arguments.results import as_result, number_or_array
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_integer
from mathref._numerics import weighted_moments
from mathref._numerics.wide_numbers import Wide, wide, wide_quotient, wide_sum
from mathref._workings.exact import refuse_long
from mathref._workings.expectation import variance_working
from mathref._workings.steps import Working


class Moments(NamedTuple):
    """Number of examples, their mean, and the sum M2 of their squared deviations from it."""

    count: int | Array  # type: ignore[assignment]  # a tuple's own method counts entries
    mean: float | Array
    M2: float | Array

    def variance(self, ddof: int = 0) -> float | Array:
        """M2 / (count - ddof): the variance of the examples.

        Parameters
        ----------
        ddof : int, default 0
            Degrees of freedom to take from the count: 1 makes the average over samples right.

        Returns
        -------
        float or ndarray
            One number for each M2.

        Raises
        ------
        ValueError
            If a count is not above ddof.
        """
        ddof, M2 = as_ddof(ddof), np.asarray(self.M2)
        counts = np.asarray(self.count)
        if counts.min() <= ddof:
            refuse_ddof(ddof, counts.min())
        quotient: Array = M2 / (counts - float(ddof)).reshape(counts.shape + (1,) * (M2.ndim - counts.ndim))
        result: float | Array = number_or_array(quotient.astype(M2.dtype, copy=False))
        return result


def mean(x: ArrayLike, weights: ArrayLike | None = None, *, axis: int | tuple[int, ...] | None = 0) -> Any:
    """Weighted mean of the examples.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, one example after another along the axis.
    weights : array_like, optional
        How often each example counts: not negative, not all 0; of shape ``(x.shape[axis],)``, or of x's shape where
        axis is None or a tuple. By default each counts once.
    axis : int, tuple of int or None, default 0
        Axes to average over, None for all entries.

    Returns
    -------
    float or ndarray
        Σ wᵢ xᵢ / Σ wᵢ, a float if no axis is left.

    Raises
    ------
    ValueError
        If x is empty or holds NaN or infinity, the weights are negative, all 0 or of another shape, or x has no such
        axis.

    See Also
    --------
    expectation : the same for a distribution, whose weights are its probabilities.

    Notes
    -----
    Sums have twice the digits of doubles and do not overflow: the result is right to about its last digit also where
    positive and negative examples nearly cancel. The mean of the means of groups is the mean of all only if each is
    weighted by its size. O(n).

    References
    ----------
    Ogita, Rump and Oishi (2005), Accurate sum and dot product, SIAM J. Sci. Comput. 26.

    Examples
    --------
    >>> mean([1, 2, 3, 6])
    3.0
    >>> mean([2, 3], weights=[1, 3])
    2.75
    >>> mean([1e16, 1, -1e16])
    0.3333333333333333
    """
    x, rows, w = _rows_and_weights(x, weights, axis)
    return as_result(weighted_moments.mean(rows, w).rounded(), "The mean", x, w)


def variance(
    x: ArrayLike, weights: ArrayLike | None = None, *, ddof: int = 0, axis: int | tuple[int, ...] | None = 0
) -> Any:
    """Mean squared deviation of the examples from their mean.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, one example after another along the axis.
    weights : array_like, optional
        How often each example counts: not negative, not all 0; of shape ``(x.shape[axis],)``, or of x's shape where
        axis is None or a tuple. By default each counts once.
    ddof : int, default 0
        Degrees of freedom to take from the sum of the weights, at least 0: 0 divides by n, 1 by n - 1.
    axis : int, tuple of int or None, default 0
        Axes to average over, None for all entries.

    Returns
    -------
    float or ndarray
        Σ wᵢ (xᵢ - mean)² / (Σ wᵢ - ddof), never negative and 0 only for equal examples; in the units of x squared.

    Raises
    ------
    ValueError
        If x is empty or holds NaN or infinity, the weights are negative, all 0 or of another shape, x has no such
        axis, or ddof is not below the sum of the weights.
    numpy.linalg.LinAlgError
        If the variance exceeds the largest double.

    See Also
    --------
    standard_deviation : its root, which does not overflow.

    Notes
    -----
    Divided by n - 1 it is right on average over samples (Bessel), divided by n it is too small by the factor
    (n - 1)/n. Deviations and sums have twice the digits of doubles, so that an offset of 1e8 costs none. Two passes,
    O(n).

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> variance([1, 2, 3, 6])
    3.5
    >>> variance([0, 1], ddof=1)
    0.5
    >>> variance([1e8, 1e8 + 1, 1e8 + 2], ddof=1)
    1.0
    >>> variance([0, 1], weights=[1, 3])
    0.1875
    """
    x, rows, w = _rows_and_weights(x, weights, axis)
    return as_result(_variance(rows, w, as_ddof(ddof)).rounded(), "The variance", x, w)


def standard_deviation(
    x: ArrayLike, weights: ArrayLike | None = None, *, ddof: int = 0, axis: int | tuple[int, ...] | None = 0
) -> Any:
    """Root of the variance, in the units of the examples.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, one example after another along the axis.
    weights : array_like, optional
        How often each example counts: not negative, not all 0; of shape ``(x.shape[axis],)``, or of x's shape where
        axis is None or a tuple. By default each counts once.
    ddof : int, default 0
        Degrees of freedom to take from the sum of the weights, at least 0: 0 divides by n, 1 by n - 1.
    axis : int, tuple of int or None, default 0
        Axes to average over, None for all entries.

    Returns
    -------
    float or ndarray
        √variance, right also where the variance itself would overflow or underflow.

    Raises
    ------
    ValueError
        If x is empty or holds NaN or infinity, the weights are negative, all 0 or of another shape, x has no such
        axis, or ddof is not below the sum of the weights.

    See Also
    --------
    variance : its square.

    Notes
    -----
    √(Σ wᵢ (xᵢ - mean)² / (Σ wᵢ - ddof)). With ddof=1 the variance is right on average, its root still a little too
    small. O(n).

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> standard_deviation([2, 4, 4, 4, 5, 5, 7, 9])
    2.0
    >>> standard_deviation([1e200, -1e200])
    1e+200
    >>> standard_deviation([1, 5], weights=[3, 3])
    2.0
    """
    x, rows, w = _rows_and_weights(x, weights, axis)
    return as_result(_variance(rows, w, as_ddof(ddof)).square_root(), "The standard deviation", x, w)


def standardize(x: ArrayLike, *, ddof: int = 0, axis: int | tuple[int, ...] | None = 0) -> Array:
    """Examples moved to mean 0 and scaled to standard deviation 1.

    Parameters
    ----------
    x : array_like of any shape
        Real numbers, one example after another along the axis.
    ddof : int, default 0
        Degrees of freedom to take from the number of examples, at least 0: 0 divides by n, 1 by n - 1.
    axis : int, tuple of int or None, default 0
        Axes to average over, None for all entries.

    Returns
    -------
    ndarray
        (x - mean) / standard deviation, of x's shape and without units.

    Raises
    ------
    ValueError
        If a column of x is constant, x is empty or holds NaN or infinity, has no such axis, or ddof is not below the
        number of examples.

    See Also
    --------
    mathref.covariance.whiten : makes columns uncorrelated as well.

    Notes
    -----
    Layer and batch normalization add a small number to the variance before they take its root, so that a constant
    column becomes 0 there. O(n).

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization, ICML.

    Examples
    --------
    >>> standardize([1, 2, 6]).round(4)
    array([-0.9258, -0.4629,  1.3887])
    >>> standardize([[1, 100], [3, 500]])
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    x, rows, _ = _rows_and_weights(x, None, axis)
    ddof, axes = as_ddof(ddof), as_reduced_axes(axis, x.ndim)
    deviations = weighted_moments.deviations(rows)
    if not deviations.pair[0].any(axis=0).all():
        raise ValueError("x must vary along the axis, but a column of it is constant: its standard deviation is 0")
    if len(rows) <= ddof:
        refuse_ddof(ddof, len(rows))
    within = Wide(deviations.pair, np.zeros_like(deviations.exponent))
    size = wide_quotient(weighted_moments.sum_of_squares(within), weighted_moments.divisor(len(rows), None, ddof))
    scores = deviations.pair[0] / size.square_root()
    moved = [x.shape[k] for k in axes]
    scores = np.moveaxis(scores.reshape(*moved, *rows.shape[1:]), range(len(axes)), axes)
    return as_precise_as(np.ascontiguousarray(scores), x)


def expectation(values: ArrayLike, p: ArrayLike) -> Any:
    """Mean of a random quantity over its distribution.

    Parameters
    ----------
    values : array_like of shape (n, ...)
        Real value of the quantity in each of n outcomes, a number or an array.
    p : array_like of shape (n,)
        Probability distribution: not negative, of sum 1 to within 1e-9 (float32: 1e-5). It is divided by its sum first.

    Returns
    -------
    float or ndarray
        E = Σ pᵢ valuesᵢ, in the units of the values.

    Raises
    ------
    ValueError
        If p is no probability distribution, values is empty or holds NaN or infinity, or their lengths differ.

    See Also
    --------
    mean : the same for a sample.

    Notes
    -----
    Linear: E(aX + bY) = a E(X) + b E(Y), whether X and Y are independent or not. E f(X) is the expectation of the
    values f(x), and not f(E X). The sum has twice the digits of doubles. O(n).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.8.

    Examples
    --------
    >>> expectation([0, 10], [0.75, 0.25])
    2.5
    >>> expectation([[1, 0], [0, 1]], [0.25, 0.75])
    array([0.25, 0.75])
    """
    given = as_vector(p, "p", real=True, finite=False)
    p, values = as_distribution(given, "p"), as_examples(values, "values")
    if len(values) != len(p):
        raise ValueError(f"values must hold one value for each of the {len(p)} entries of p, but it has {len(values)}")
    weights = p.reshape(-1, *[1] * (values.ndim - 1))
    return as_result(weighted_moments.mean(values.astype(np.float64), weights).rounded(), "The mean", values, given)


def moments(x: ArrayLike) -> Moments:
    """Count, mean and sum of squared deviations of the examples: all that is needed to combine groups.

    Parameters
    ----------
    x : array_like of shape (n, ...)
        Real examples, along axis 0.

    Returns
    -------
    Moments
        ``(count, mean, M2)``: n, the mean, and Σ (xᵢ - mean)², floats or of the shape of one example.
        Its method ``variance(ddof=0)`` gives M2 / (count - ddof).

    Raises
    ------
    ValueError
        If x is empty, one number, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If M2 exceeds the largest double.

    See Also
    --------
    combine_moments : moments of the union of groups.
    running_moments : after each example.

    Notes
    -----
    Deviations and sums have twice the digits of doubles, so that an offset costs none. Two passes, O(n).

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> moments([1, 2, 3, 6])
    Moments(count=4, mean=3.0, M2=14.0)
    >>> moments([1, 2, 3, 6]).variance()
    3.5
    """
    x = as_examples(x, "x")
    rows = x.astype(np.float64)
    M2 = as_result(weighted_moments.sum_of_squares(weighted_moments.deviations(rows)).rounded(), "M2", x)
    return Moments(len(x), as_result(weighted_moments.mean(rows).rounded(), "The mean", x), M2)


def combine_moments(*groups: Moments | tuple[int, ArrayLike, ArrayLike]) -> Moments:
    """Moments of the union of groups of examples, from the moments of each.

    Parameters
    ----------
    *groups : Moments or tuple
        ``(count, mean, M2)`` of each group, as `moments` gives them: mean and M2 are numbers, or arrays of one shape.
        A group of count 0 changes nothing.

    Returns
    -------
    Moments
        ``(count, mean, M2)`` of all examples together; ``(0, 0.0, 0.0)`` if there are none.

    Raises
    ------
    TypeError
        If one of the groups is no tuple or its count is no whole number.
    ValueError
        If one of the groups has not three parts, a count or M2 is negative, a number is NaN or infinite, or shapes
        differ.
    numpy.linalg.LinAlgError
        If M2 exceeds the largest double.

    See Also
    --------
    moments : of one group.

    Notes
    -----
    n = Σ nₖ, mean = Σ nₖ meanₖ / n, M2 = Σ M2ₖ + Σ nₖ (meanₖ - mean)². Averages of batches of different sizes,
    of losses or of gradients, have to be weighted like this. O(number of groups).

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> combine_moments(moments([1]), moments([2, 3, 4]))
    Moments(count=4, mean=2.5, M2=5.0)
    >>> combine_moments((2, 10.0, 0.5), (2, 20.0, 0.5))
    Moments(count=4, mean=15.0, M2=101.0)
    """
    parts = [_as_moments(group, f"groups[{i}]") for i, group in enumerate(groups)]
    filled = [part for part in parts if part[0]] or parts[:1] or [(0, np.array(0.0), np.array(0.0))]
    if any(centre.shape != filled[0][1].shape for _, centre, _ in filled):
        raise ValueError(f"groups must have means of one shape, but they are {[part[1].shape for part in filled]}")
    numbers = [array for _, *both in filled for array in both]
    count = sum(part[0] for part in filled)
    if not count:
        zeros = np.zeros_like(filled[0][1])
        return Moments(0, as_result(zeros, "The mean", *numbers), as_result(zeros.copy(), "M2", *numbers))
    means = np.stack([centre.astype(np.float64) for _, centre, _ in filled])
    within = np.stack([spread.astype(np.float64) for _, _, spread in filled])
    counts = np.array([float(part[0]) for part in filled]).reshape(-1, *[1] * (means.ndim - 1))
    between = weighted_moments.sum_of_squares(weighted_moments.deviations(means, counts), counts)
    inside = wide_sum(wide(within))
    high, low = (np.stack(both) for both in zip(between.pair, inside.pair, strict=True))
    both = Wide((high, low), np.stack([between.exponent, inside.exponent])).normalized()
    M2 = wide_sum(both)
    centre = as_result(weighted_moments.mean(means, counts).rounded(), "The mean", *numbers)
    return Moments(count, centre, as_result(M2.rounded(), "M2", *numbers))


def running_moments(x: ArrayLike) -> Moments:
    """Moments of the first 1, 2, ..., n examples, in one pass.

    Parameters
    ----------
    x : array_like of shape (n, ...)
        Real examples, along axis 0.

    Returns
    -------
    Moments
        ``(count, mean, M2)`` of each beginning of x: count is 1, 2, ..., n, mean and M2 have x's shape.

    Raises
    ------
    ValueError
        If x is empty, one number, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If M2 exceeds the largest double.

    See Also
    --------
    moments : of all examples, in two passes.

    Notes
    -----
    With y = x - x₁, whose sums S₁ = Σ y and S₂ = Σ y² are kept in twice the digits of doubles, mean = x₁ + S₁/k and
    M2 = S₂ - S₁²/k. The first y is 0, so that this difference loses at most the digits of k. Welford's
    recurrence gives the same with single digits. O(n).

    References
    ----------
    Welford (1962), Note on a method for calculating corrected sums of squares and products, Technometrics 4.
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> running = running_moments([1, 2, 3, 6])
    >>> running.count.tolist(), running.mean.tolist(), running.M2.tolist()
    ([1, 2, 3, 4], [1.0, 1.5, 2.0, 3.0], [0.0, 0.5, 2.0, 14.0])
    """
    x = as_examples(x, "x")
    centre, M2 = weighted_moments.running(x.astype(np.float64))
    return Moments(np.arange(1, len(x) + 1), as_result(centre, "The mean", x), as_result(np.maximum(M2, 0.0), "M2", x))


def _as_moments(group: Any, name: str) -> tuple[int, Array, Array]:
    if not isinstance(group, (tuple, list)):
        raise TypeError(f"{name} must be a tuple (count, mean, M2), but it is of type {type(group).__name__}")
    if len(group) != 3:
        raise ValueError(f"{name} must be a tuple (count, mean, M2), but it has {len(group)} parts")
    count = as_integer(group[0], f"the count of {name}", least=0)
    try:
        float(count)
    except OverflowError:
        raise ValueError(f"the count of {name} must fit in a double") from None
    centre = as_array(group[1], f"the mean of {name}", real=True)
    M2 = as_array(group[2], f"M2 of {name}", real=True)
    if centre.shape != M2.shape:
        raise ValueError(f"mean and M2 of {name} must have the same shape, but they are {centre.shape} and {M2.shape}")
    if (M2 < 0).any():
        raise ValueError(f"M2 of {name} must not be negative, but it is {M2.min().item()}")
    return count, centre, M2


def _rows_and_weights(x: ArrayLike, weights: Any, axis: Any) -> tuple[Array, Array, Array | None]:
    """x itself, its examples in double precision along the first axis, and their weights as given."""
    x = as_array(x, "x", real=True)
    if x.ndim == 0 and axis is not None:
        as_examples(x, "x")
    axes = as_reduced_axes(axis, x.ndim)
    return x, as_rows(x, axes).astype(np.float64), as_weights(weights, x, axis)


def _variance(rows: Array, weights: Array | None, ddof: int) -> Wide:
    size = weighted_moments.divisor(len(rows), weights, ddof)
    if not (size.pair[0] > 0).all():
        total = weighted_moments.divisor(len(rows), weights, 0).rounded()
        refuse_ddof(ddof, total.min().item())
    return wide_quotient(weighted_moments.sum_of_squares(weighted_moments.deviations(rows, weights), weights), size)


def variance_steps(x: ArrayLike, *, ddof: int = 0) -> Working:
    """How the variance comes about from the deviations, for pencil and paper.

    Parameters
    ----------
    x : array_like of shape (n,)
        At most 8 real numbers. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.
    ddof : int, default 0
        Degrees of freedom to take from the number of examples, at least 0: 0 divides by n, 1 by n - 1.

    Returns
    -------
    Working
        Steps: the mean, the deviations from it, of shape (n,), their squares, of shape (n,), and the variance.

    Raises
    ------
    ValueError
        If x is no vector, is empty, too long to read (also entries beyond 1e6, or below 1e-6 and not 0), holds NaN or
        infinity, or ddof is not below its length.

    See Also
    --------
    variance : the number alone.

    Notes
    -----
    Var = Σ (xᵢ - mean)² / (n - ddof). The deviations have sum 0.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.8.

    Examples
    --------
    >>> variance_steps([1, 2, 6])
    Variance from the deviations
    <BLANKLINE>
    1. The mean: the sum, divided by n = 3.
       mean = (1 + 2 + 6) / 3
          = 3
    <BLANKLINE>
    2. How far each number lies from the mean.
               ⎡-2⎤
       x - 3 = ⎢-1⎥
               ⎣ 3⎦
    <BLANKLINE>
    3. The squares of these.
       ⎡4⎤
       ⎢1⎥
       ⎣9⎦
    <BLANKLINE>
    4. The sum of the squares, divided by n = 3.
       variance = (4 + 1 + 9) / 3
          = 14/3
    """
    array = as_vector(x, "x", real=True)
    refuse_long(array, "x", rows=8)
    ddof = as_ddof(ddof)
    return variance_working(array, ddof, variance(array, ddof=ddof))
