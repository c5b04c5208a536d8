"""Maximum likelihood: the parameters under which the data are most probable, and the losses that follow from it."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.examples import as_examples
from mathref._arguments.features import as_fraction_of_one
from mathref._arguments.likelihoods import as_counts, as_log_density, as_outcomes
from mathref._arguments.precision import as_precise_as
from mathref._arguments.probabilities import as_distribution
from mathref._arguments.results import number_result
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_function, as_number
from mathref._numerics import weighted_moments
from mathref._numerics.information import mean_surprisal
from mathref._numerics.powers_of_two import float_times_power_of_two, scaled
from mathref._numerics.wide_numbers import wide, wide_quotient, wide_sum
from mathref._workings.exact import refuse_long
from mathref._workings.maximum_likelihood import bernoulli_working
from mathref._workings.steps import Working
from mathref.covariance import covariance
from mathref.expectation import mean, variance
from mathref.gaussian import Gaussian


class LaplaceFit(NamedTuple):
    """Location and scale of a Laplace distribution."""

    location: float
    scale: float


def log_likelihood(logpdf: Callable[[Any], float], data: ArrayLike) -> float:
    """Logarithm of the likelihood of independent examples.

    Parameters
    ----------
    logpdf : callable
        Natural logarithm of the density or probability of one example: of a float, or of an array of the shape of one
        example. It may return -inf for what is impossible.
    data : array_like of shape (n, ...)
        Real examples, along axis 0.

    Returns
    -------
    float
        Σ logpdf(example), in nats; -inf if one is impossible.

    Raises
    ------
    TypeError
        If logpdf cannot be called or returns no real number.
    ValueError
        If logpdf returns NaN, infinity or an array, or data is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If the sum exceeds the largest double in modulus.

    See Also
    --------
    mathref.gaussian.gaussian_logpdf : a density to use here.

    Notes
    -----
    Its negative, divided by n, is the loss of most networks: cross-entropy for classes, squared error up to constants
    for Gaussians of fixed variance. The sum is rounded once. O(n).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 5.5.

    Examples
    --------
    >>> log_likelihood(lambda x: -abs(x), [1, -2, 0.5])
    -3.5
    """
    logpdf, array = as_function(logpdf, "logpdf"), as_examples(data, "data")
    examples = array.astype(np.float64)
    rows = examples.tolist() if examples.ndim == 1 else (row.copy() for row in examples)
    values = [as_log_density(logpdf(row), "logpdf") for row in rows]
    if -math.inf in values:
        return -math.inf
    total = wide_sum(wide(np.array(values))).rounded()
    return number_result(total, "The log-likelihood", array)


def bernoulli_log_likelihood(x: ArrayLike, p: float) -> float:
    """Logarithm of the probability of a sequence of zeros and ones.

    Parameters
    ----------
    x : array_like of zeros and ones, of shape (n,)
        Outcomes: numbers or booleans.
    p : float
        Probability of a one, from 0 to 1.

    Returns
    -------
    float
        k ln p + (n - k) ln(1 - p) for k ones, in nats; -inf if the outcomes are impossible.

    Raises
    ------
    TypeError
        If p is no real number.
    ValueError
        If x holds anything but zeros and ones, is empty, or p is not from 0 to 1.

    See Also
    --------
    fit_bernoulli : the p for which it is largest.

    Notes
    -----
    0 ln 0 counts 0. This is minus n times the binary cross-entropy loss. O(n).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.1.

    Examples
    --------
    >>> round(bernoulli_log_likelihood([1] * 7 + [0] * 3, 0.7), 12)
    -6.108643020549
    >>> bernoulli_log_likelihood([1, 1], 1)
    0.0
    >>> bernoulli_log_likelihood([1, 0], 1)
    -inf
    """
    k, n, array = as_outcomes(x, "x")
    p = as_fraction_of_one(p, "p")
    if (k and p == 0) or (k < n and p == 1):
        return -math.inf
    ones, zeros = k * math.log(p) if k else 0.0, (n - k) * math.log1p(-p) if k < n else 0.0
    return number_result(ones + zeros + 0.0, "The log-likelihood", array)


def categorical_log_likelihood(counts: ArrayLike, p: ArrayLike) -> float:
    """Logarithm of the probability of a sequence of outcomes with these counts.

    Parameters
    ----------
    counts : array_like of shape (k,)
        How often each outcome occurred, not negative.
    p : array_like of shape (k,)
        Probability distribution: not negative, of sum 1 to within 1e-9 (float32: 1e-5). It is divided by its sum first.

    Returns
    -------
    float
        Σ countsᵢ ln pᵢ, in nats; -inf if an outcome that occurred has probability 0.

    Raises
    ------
    ValueError
        If a count is negative, p is no distribution, their lengths differ, or an argument holds NaN or infinity.
    numpy.linalg.LinAlgError
        If it exceeds the largest double in modulus.

    See Also
    --------
    fit_categorical : the p for which it is largest.
    mathref.entropy.cross_entropy : of the shares of the counts, times minus their sum.

    Notes
    -----
    0 ln 0 counts 0. The number of orders in which the outcomes may occur, which does not depend on p, is left out.
    O(k).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.2.

    Examples
    --------
    >>> round(categorical_log_likelihood([3, 1, 0], [0.5, 0.5, 0]), 12)
    -2.77258872224
    >>> categorical_log_likelihood([3, 1, 1], [0.5, 0.5, 0])
    -inf
    """
    array, given = as_counts(counts, "counts"), as_vector(p, "p", real=True, finite=False)
    probabilities = as_distribution(given, "p")
    refuse_unequal_shapes(array, probabilities, ("counts", "p"))
    if not array.any():
        return 0.0
    if ((array > 0) & (probabilities == 0)).any():
        return -math.inf
    small, exponent = scaled(array)
    mean_loss = mean_surprisal(small, probabilities, math.e)
    total = float(wide_sum(wide(small)).rounded())
    result = float_times_power_of_two(-mean_loss * total, exponent) + 0.0
    return number_result(result, "The log-likelihood", array, given)


def fit_bernoulli(x: ArrayLike) -> float:
    """Share of ones: the probability under which zeros and ones are most likely.

    Parameters
    ----------
    x : array_like of zeros and ones, of shape (n,)
        Outcomes: numbers or booleans.

    Returns
    -------
    float
        k / n for k ones.

    Raises
    ------
    ValueError
        If x holds anything but zeros and ones, or is empty.

    See Also
    --------
    map_bernoulli : with a prior, which keeps off 0 and 1.

    Notes
    -----
    The derivative k/p - (n - k)/(1 - p) of the log-likelihood vanishes there. O(n).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.1.

    Examples
    --------
    >>> fit_bernoulli([1, 0, 1, 1])
    0.75
    """
    k, n, array = as_outcomes(x, "x")
    return number_result(k / n, "The share", array)


def fit_categorical(counts: ArrayLike, *, smoothing: float = 0.0) -> Array:
    """Probabilities under which counts of outcomes are most likely, smoothed if asked.

    Parameters
    ----------
    counts : array_like of shape (k,)
        How often each outcome occurred, not negative.
    smoothing : float, default 0.0
        What is added to each count, at least 0: 1 is Laplace's rule.

    Returns
    -------
    ndarray of shape (k,)
        (countsᵢ + smoothing) / (Σ counts + k smoothing).

    Raises
    ------
    TypeError
        If smoothing is no real number.
    ValueError
        If a count is negative, NaN or infinite, all are 0 without smoothing, or smoothing is negative.

    See Also
    --------
    mathref.entropy.empirical_distribution : from samples instead of counts.

    Notes
    -----
    Without smoothing it has the least KL divergence from the shares of the counts: it is these. With it, it is the mean
    of the posterior for a Dirichlet prior. O(k).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 4.6.

    Examples
    --------
    >>> fit_categorical([3, 1, 0])
    array([0.75, 0.25, 0.  ])
    >>> fit_categorical([3, 0, 0], smoothing=1).round(4)
    array([0.6667, 0.1667, 0.1667])
    """
    array, smoothing = as_counts(counts, "counts"), as_number(smoothing, "smoothing", least=0.0)
    if not array.any() and not smoothing:
        raise ValueError("counts must not all be 0, but they are; give them a positive smoothing")
    pairs = np.stack([array.astype(np.float64), np.full(array.shape, smoothing)])
    shares = wide_sum(wide(pairs)).normalized()
    return as_precise_as(wide_quotient(shares, wide_sum(shares)).rounded(), array)


def fit_gaussian(x: ArrayLike) -> Gaussian:
    """Mean and covariance of the Gaussian under which the examples are most likely.

    Parameters
    ----------
    x : array_like of shape (n,) or (n, d)
        Real examples: numbers, or vectors as rows.

    Returns
    -------
    Gaussian
        ``(mean, cov)``: two floats, or arrays of shapes (d,) and (d, d). The covariance is divided by n.

    Raises
    ------
    ValueError
        If x is empty, has more than two axes or none, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If a variance exceeds the largest double.

    See Also
    --------
    mathref.expectation.variance : with ddof=1, right on average.

    Notes
    -----
    On average over samples the variance is too small by the factor (n - 1)/n. Of one example it is 0. O(n d²).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.4.

    Examples
    --------
    >>> fit_gaussian([1, 2, 3, 6])
    Gaussian(mean=3.0, cov=3.5)
    >>> fit_gaussian([[1, 0], [3, 4]])
    Gaussian(mean=array([2., 2.]), cov=array([[1., 2.],
           [2., 4.]]))
    """
    array = as_examples(x, "x")
    if array.ndim > 2:
        raise ValueError(f"x must have the shape (n,) or (n, d), but it is {array.shape}")
    return Gaussian(mean(array), variance(array) if array.ndim == 1 else covariance(array))


def fit_laplace(x: ArrayLike) -> LaplaceFit:
    """Location and scale of the Laplace distribution under which the examples are most likely.

    Parameters
    ----------
    x : array_like of shape (n,)
        Real numbers.

    Returns
    -------
    LaplaceFit
        ``(location, scale)``: the median, for even n the midpoint of the middle two, and the mean distance from it, in
        the units of x.

    Raises
    ------
    ValueError
        If x is no vector, is empty, or holds NaN or infinity.

    See Also
    --------
    fit_gaussian : mean and squared distances, which outliers pull more.

    Notes
    -----
    The density is exp(-|x - location| / scale) / (2 scale); its negative logarithm is the absolute error. For even n
    any number between the middle two serves as well. O(n log n).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, exercise 2.43.

    Examples
    --------
    >>> fit_laplace([1, 2, 3, 10])
    LaplaceFit(location=2.5, scale=2.5)
    """
    array = as_vector(x, "x", real=True)
    ordered = np.sort(array.astype(np.float64))
    n, half = len(ordered), len(ordered) // 2
    location = weighted_moments.mean(ordered[half : half + 1] if n % 2 else ordered[half - 1 : half + 1]).rounded()
    # Distances from the median add up to the upper half less the lower half, which needs no rounded median.
    signed = np.concatenate([ordered[n - half :], -ordered[:half], np.zeros(n % 2)])
    scale = weighted_moments.mean(signed).rounded()
    return LaplaceFit(*(number_result(part, "The fit", array) for part in (location, scale)))


def map_bernoulli(x: ArrayLike, a: float, b: float) -> float:
    """Most probable probability of a one after zeros and ones, for a Beta prior.

    Parameters
    ----------
    x : array_like of zeros and ones, of shape (n,)
        Outcomes: numbers or booleans.
    a, b : float
        Parameters of the Beta(a, b) prior, at least 1: a - 1 ones and b - 1 zeros that are thought of as seen before.

    Returns
    -------
    float
        (k + a - 1) / (n + a + b - 2) for k ones.

    Raises
    ------
    TypeError
        If a or b is no real number.
    ValueError
        If x holds anything but zeros and ones, is empty, or a or b is less than 1.

    See Also
    --------
    fit_bernoulli : the same for the uniform prior a = b = 1.

    Notes
    -----
    The mode of the posterior Beta(k + a, n - k + b); its mean is (k + a) / (n + a + b). O(n).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 4.6.

    Examples
    --------
    >>> round(map_bernoulli([1] * 7 + [0] * 3, 2, 2), 12)
    0.666666666667
    """
    k, n, array = as_outcomes(x, "x")
    ones, zeros = (Fraction(as_number(value, name, least=1.0)) - 1 for value, name in ((a, "a"), (b, "b")))
    return number_result(float((k + ones) / (n + ones + zeros)), "The probability", array)


def fit_bernoulli_steps(x: ArrayLike) -> Working:
    """How the share of ones comes about, for pencil and paper.

    Parameters
    ----------
    x : array_like of zeros and ones, of shape (n,)
        At most 20 outcomes: numbers or booleans.

    Returns
    -------
    Working
        Steps: the number of ones k, the number of outcomes n, and k / n.

    Raises
    ------
    ValueError
        If x holds anything but zeros and ones, is empty or too long to read.

    See Also
    --------
    fit_bernoulli : the number alone.

    Notes
    -----
    The log-likelihood k ln p + (n - k) ln(1 - p) has the derivative k/p - (n - k)/(1 - p), which is 0 at p = k/n.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.1.

    Examples
    --------
    >>> fit_bernoulli_steps([1, 0, 1, 1])
    Maximum likelihood of a coin
    <BLANKLINE>
    1. Count the ones.
       k = 3
    <BLANKLINE>
    2. Count all outcomes.
       n = 4
    <BLANKLINE>
    3. Where the slope k/p - (n - k)/(1 - p) of the log-likelihood is 0.
       p = k / n = 3/4
    """
    k, n, array = as_outcomes(x, "x")
    refuse_long(array, "x", rows=20)
    return bernoulli_working(k, n, fit_bernoulli(array))
