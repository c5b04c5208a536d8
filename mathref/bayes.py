"""Bayes' rule: how an observation changes what is believed, from joint distributions to posteriors."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.examples import as_axes, as_examples
from mathref._arguments.likelihoods import as_likelihood
from mathref._arguments.precision import as_precise_as
from mathref._arguments.probabilities import as_distribution
from mathref._arguments.results import number_result
from mathref._arguments.shapes import as_matrix, as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_flag
from mathref._numerics import likelihoods, weighted_moments
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.wide_numbers import Wide, wide, wide_quotient, wide_sum
from mathref._workings.bayes import posterior_working
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working


def marginal(joint: ArrayLike, keep: int | tuple[int, ...]) -> Array:
    """Distribution of some of the variables, whatever the others are.

    Parameters
    ----------
    joint : array_like of at least one axis
        Joint distribution with one axis for each variable: not negative, of sum 1 to within 1e-9 (float32: 1e-5). It
        is divided by its sum first.
    keep : int or tuple of int
        Axes of the variables that stay, in the order wanted.

    Returns
    -------
    ndarray
        Sums of joint over all other axes.

    Raises
    ------
    TypeError
        If keep is no whole number or tuple of them.
    ValueError
        If joint is no distribution, or keep is empty, names an axis twice, or one that joint does not have.

    See Also
    --------
    conditional : given some of the variables.

    Notes
    -----
    p(x) = Σ_y p(x, y). Sums have twice the digits of doubles. O(entries).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 2.2.

    Examples
    --------
    >>> joint = [[0.25, 0.125], [0.5, 0.125]]
    >>> marginal(joint, 0)
    array([0.375, 0.625])
    >>> marginal(joint, (1, 0))
    array([[0.25 , 0.5  ],
           [0.125, 0.125]])
    """
    given = as_examples(joint, "joint")
    p, axes = _joint(given), as_axes(keep, "keep", given.ndim)
    sums = _sums(p, axes)
    return as_precise_as(wide_quotient(sums, _total(p)).rounded(), given)


def conditional(joint: ArrayLike, given: int | tuple[int, ...]) -> Array:
    """Distribution of the other variables for each outcome of those that are given.

    Parameters
    ----------
    joint : array_like of at least one axis
        Joint distribution with one axis for each variable: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
    given : int or tuple of int
        Axes of the variables that are known.

    Returns
    -------
    ndarray
        Of joint's shape: the entries of each outcome of the given axes sum to 1.

    Raises
    ------
    TypeError
        If given is no whole number or tuple of them.
    ValueError
        If joint is no distribution, an outcome of the given axes has probability 0, or given is empty, names an axis
        twice, or one that joint does not have.

    See Also
    --------
    marginal : conditional times marginal is the joint distribution.

    Notes
    -----
    p(y | x) = p(x, y) / p(x). O(entries).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 2.2.

    Examples
    --------
    >>> conditional([[0.25, 0.25], [0.125, 0.375]], 0)
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    array = as_examples(joint, "joint")
    p, axes = _joint(array), tuple(sorted(as_axes(given, "given", array.ndim)))
    sums = _sums(p, axes)
    if not sums.pair[0].all():
        where = tuple(int(i) for i in np.argwhere(sums.pair[0] == 0)[0])
        raise ValueError(
            f"joint must give each outcome of the given axes a positive probability, but outcome "
            f"{where[0] if len(where) == 1 else where} has probability 0"
        )
    shape = tuple(n if k in axes else 1 for k, n in enumerate(p.shape))
    high, low, exponent = (part.reshape(shape) for part in (*sums.pair, sums.exponent))
    return as_precise_as(wide_quotient(wide(p), Wide((high, low), exponent)).rounded(), array)


def posterior(prior: ArrayLike, likelihood: ArrayLike, *, log: bool = False) -> Array:
    """Probabilities of hypotheses after independent observations.

    Parameters
    ----------
    prior : array_like of shape (k,)
        Probabilities of k hypotheses before: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
    likelihood : array_like of shape (k,) or (n, k)
        Probability or density of what was observed under each hypothesis, for n observations one row each. Not
        negative; densities may exceed 1.
    log : bool, default False
        Whether likelihood holds natural logarithms, which may be -inf.

    Returns
    -------
    ndarray of shape (k,)
        priorₖ Πₙ likelihoodₙₖ, divided by the sum of these over k.

    Raises
    ------
    TypeError
        If log is not True or False.
    ValueError
        If prior is no distribution, likelihood has another number of hypotheses, is negative or not finite, or the
        observations are impossible under each hypothesis of positive prior.

    See Also
    --------
    log_evidence : the logarithm of that sum.

    Notes
    -----
    Products keep their exponents apart and logarithms are summed in twice the digits of doubles, so that many
    observations neither underflow nor cost digits. All at once or one after another gives the same. O(n k).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 2.3.

    Examples
    --------
    >>> posterior([0.01, 0.99], [0.99, 0.05]).round(6)
    array([0.166667, 0.833333])
    >>> posterior([0.5, 0.5], [[-1000, -1001], [-2000, -1999]], log=True)
    array([0.5, 0.5])
    """
    p, rows, log, arrays = _prior_and_rows(prior, likelihood, log)
    terms = wide(likelihoods.weighed_by_logarithms(p, rows)[0]) if log else likelihoods.weighed(p, rows)
    if not terms.pair[0].any():
        raise ValueError(
            "likelihood must be positive for a hypothesis of positive prior, but the observations are impossible "
            "under each of them"
        )
    return as_precise_as(wide_quotient(terms, wide_sum(terms)).rounded(), *arrays)


def log_evidence(prior: ArrayLike, likelihood: ArrayLike, *, log: bool = False) -> float:
    """Logarithm of the probability or density of the observations over all hypotheses.

    Parameters
    ----------
    prior : array_like of shape (k,)
        Probabilities of k hypotheses: not negative, of sum 1 to within 1e-9 (float32: 1e-5). It is divided by its sum
        first.
    likelihood : array_like of shape (k,) or (n, k)
        Probability or density of what was observed under each hypothesis, for n observations one row each. Not
        negative; densities may exceed 1.
    log : bool, default False
        Whether likelihood holds natural logarithms, which may be -inf.

    Returns
    -------
    float
        ln Σₖ priorₖ Πₙ likelihoodₙₖ, in nats; -inf if the observations are impossible.

    Raises
    ------
    TypeError
        If log is not True or False.
    ValueError
        If prior is no distribution, or likelihood has another number of hypotheses, is negative or not finite.
    numpy.linalg.LinAlgError
        If a finite logarithm exceeds the largest double in modulus.

    See Also
    --------
    posterior : what is believed afterwards.

    Notes
    -----
    Also called marginal likelihood. The largest term is taken out before exponentials are summed ("log-sum-exp").
    O(n k).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, sections 2.3 and 5.2.

    Examples
    --------
    >>> round(log_evidence([0.5, 0.5], [0.8, 0.2]), 12)
    -0.69314718056
    >>> log_evidence([0.5, 0.5], [[-1000, -1000], [-2000, -2000]], log=True)
    -3000.0
    """
    p, rows, log, arrays = _prior_and_rows(prior, likelihood, log)
    whole = wide_sum(wide(p))
    if not log:
        total = wide_quotient(wide_sum(likelihoods.weighed(p, rows)), whole)
        return _finite_or_impossible(likelihoods.logarithm(total) if total.pair[0] else -math.inf, *arrays)
    weights, largest = likelihoods.weighed_by_logarithms(p, rows)
    if not weights.any():
        return -math.inf
    total = wide_quotient(wide_sum(wide(weights)), whole)
    result = largest + likelihoods.logarithm(total)
    return number_result(result, "The logarithm of the evidence", *arrays)


def log_bayes_factor(first: ArrayLike, second: ArrayLike, *, log: bool = False) -> float:
    """Logarithm of how much more likely one hypothesis makes the observations than another.

    Parameters
    ----------
    first, second : array_like of shape (n,), or number
        Probability or density of each of n independent observations under two hypotheses: not negative, densities may
        exceed 1.
    log : bool, default False
        Whether they are natural logarithms, which may be -inf.

    Returns
    -------
    float
        Σ ln firstᵢ - Σ ln secondᵢ, in nats: inf where second alone makes the observations impossible, -inf where first
        does.

    Raises
    ------
    TypeError
        If log is not True or False.
    ValueError
        If the shapes differ, a likelihood is negative or not finite, or both make the observations impossible.
    numpy.linalg.LinAlgError
        If a finite logarithm exceeds the largest double in modulus.

    See Also
    --------
    bayes_factor : its exponential.

    Notes
    -----
    Posterior odds = Bayes factor · prior odds. The average of the logarithm over observations that follow the first
    hypothesis is n times its divergence from the second. O(n).

    References
    ----------
    Kass and Raftery (1995), Bayes factors, Journal of the American Statistical Association 90.

    Examples
    --------
    >>> round(log_bayes_factor([0.8, 0.8], [0.2, 0.2]), 12)
    2.77258872224
    """
    a, b, log = _both(first, second, log)
    impossible, ratio = _ratio(a, b, log)
    if impossible is not None:
        return math.log(impossible) if impossible else -math.inf
    if isinstance(ratio, Wide):
        return _finite_or_impossible(likelihoods.logarithm(ratio), a, b)
    return number_result(ratio, "The logarithm of the Bayes factor", a, b)


def bayes_factor(first: ArrayLike, second: ArrayLike, *, log: bool = False) -> float:
    """How much more likely one hypothesis makes the observations than another.

    Parameters
    ----------
    first, second : array_like of shape (n,), or number
        Probability or density of each of n independent observations under two hypotheses: not negative, densities may
        exceed 1.
    log : bool, default False
        Whether they are natural logarithms, which may be -inf.

    Returns
    -------
    float
        Π firstᵢ / Π secondᵢ; beyond the range of doubles 0.0 or inf.

    Raises
    ------
    TypeError
        If log is not True or False.
    ValueError
        If the shapes differ, a likelihood is negative or not finite, or both make the observations impossible.

    See Also
    --------
    log_bayes_factor : its logarithm, which stays in range.

    Notes
    -----
    Posterior odds = Bayes factor · prior odds. Products keep their exponents apart: no product of likelihoods
    underflows on the way. O(n).

    References
    ----------
    Kass and Raftery (1995), Bayes factors, Journal of the American Statistical Association 90.

    Examples
    --------
    >>> bayes_factor([0.5, 0.5], [0.25, 0.5])
    2.0
    >>> bayes_factor([0.0], [0.25])
    0.0
    """
    a, b, log = _both(first, second, log)
    impossible, ratio = _ratio(a, b, log)
    if impossible is not None:
        return impossible
    with np.errstate(over="ignore", under="ignore"):
        result = ratio.rounded() if isinstance(ratio, Wide) else np.exp(ratio)
    return _finite_or_impossible(result, a, b)


def predictive(prior: ArrayLike, table: ArrayLike) -> Array:
    """Distribution of the next outcome over all hypotheses.

    Parameters
    ----------
    prior : array_like of shape (k,)
        Probabilities of k hypotheses, for instance a posterior: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
    table : array_like of shape (k, m)
        Probabilities of m outcomes under each hypothesis: each row a distribution of the same kind.

    Returns
    -------
    ndarray of shape (m,)
        Σₖ priorₖ tableₖⱼ.

    Raises
    ------
    ValueError
        If prior or a row of table is no distribution, or the number of rows is not k.

    See Also
    --------
    posterior : what is believed after an observation.

    Notes
    -----
    The best hypothesis alone would be too sure: its row leaves out what the others expect. O(k m).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 4.6.

    Examples
    --------
    >>> predictive([0.25, 0.75], [[1, 0], [0.5, 0.5]])
    array([0.625, 0.375])
    """
    given = as_vector(prior, "prior", real=True, finite=False)
    p, array = as_distribution(given, "prior"), as_matrix(table, "table", real=True, finite=False)
    if len(array) != len(p):
        raise ValueError(f"table must have {len(p)} rows, one for each entry of prior, but its shape is {array.shape}")
    rows = np.array([as_distribution(row, f"table[{i}]") for i, row in enumerate(array)])
    totals = wide_sum(wide(rows.T)).rounded()
    return as_precise_as(weighted_moments.mean(rows / totals[:, np.newaxis], p[:, np.newaxis]).rounded(), given, array)


def posterior_steps(prior: ArrayLike, likelihood: ArrayLike) -> Working:
    """How the posterior comes about hypothesis by hypothesis, for pencil and paper.

    Parameters
    ----------
    prior : array_like of shape (k,)
        Probabilities of at most 6 hypotheses: not negative, of sum 1 to within 1e-9 (float32: 1e-5). Numbers that are
        the nearest double to a fraction, as 1/3, are taken for it.
    likelihood : array_like of shape (k,)
        Probability or density of one observation under each hypothesis, not negative.

    Returns
    -------
    Working
        Steps: one product for each hypothesis, their sum, and the posterior, of shape (k,).

    Raises
    ------
    ValueError
        If prior is no distribution or too long to read, likelihood has another length, is negative or not finite, too
        large to read (beyond 1e6, or below 1e-6 and not 0), or 0 for each hypothesis of positive prior.

    See Also
    --------
    posterior : the probabilities alone.

    Notes
    -----
    Each hypothesis gets its share of the sum of the products prior · likelihood.

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 2.3.

    Examples
    --------
    >>> posterior_steps([1 / 10, 9 / 10], [9 / 10, 1 / 5])
    Posterior from prior and likelihood
    <BLANKLINE>
    1. Hypothesis 1: prior times likelihood.
       (1/10) · (9/10) = 9/100
    <BLANKLINE>
    2. Hypothesis 2: prior times likelihood.
       (9/10) · (1/5) = 9/50
    <BLANKLINE>
    3. The sum: the probability of the observation.
       9/100 + 9/50
          = 27/100
    <BLANKLINE>
    4. Each product, divided by the sum.
       posterior = ⎡1/3⎤
                   ⎣2/3⎦
    """
    p, y = as_vector(prior, "prior", real=True, finite=False), as_likelihood(likelihood, "likelihood", False)
    as_distribution(p, "prior")
    refuse_long(p, "prior", rows=6)
    if y.shape != p.shape:
        raise ValueError(f"likelihood must have the shape {p.shape}, as prior has, but it is {y.shape}")
    return posterior_working(p, y, posterior(p, y))


def _joint(array: Array) -> Array:
    return as_distribution(array.ravel(), "joint").reshape(array.shape)


def _sums(p: Array, axes: tuple[int, ...]) -> Wide:
    """Sums over all other axes, in the order of the axes given."""
    moved = np.moveaxis(p, axes, range(len(axes)))
    rows = moved.reshape(*moved.shape[: len(axes)], -1)
    return wide_sum(wide(np.moveaxis(rows, -1, 0)))


def _total(p: Array) -> Wide:
    return wide_sum(wide(p.ravel()))


def _prior_and_rows(prior: ArrayLike, likelihood: ArrayLike, log: Any) -> tuple[Array, Array, bool, tuple[Array, ...]]:
    """The prior in double precision, the likelihoods as rows, and both as given."""
    log, given = as_flag(log, "log"), as_vector(prior, "prior", real=True, finite=False)
    p, array = as_distribution(given, "prior"), as_likelihood(likelihood, "likelihood", log)
    if array.ndim not in (1, 2) or array.shape[-1] != len(p):
        raise ValueError(
            f"likelihood must have the shape ({len(p)},) or (n, {len(p)}), one for each entry of prior, but it is "
            f"{array.shape}"
        )
    return p, np.atleast_2d(array), log, (given, array)


def _both(first: ArrayLike, second: ArrayLike, log: Any) -> tuple[Array, Array, bool]:
    log = as_flag(log, "log")
    a, b = as_likelihood(first, "first", log), as_likelihood(second, "second", log)
    refuse_unequal_shapes(a, b, ("first", "second"))
    if a.ndim > 1:
        raise ValueError(f"first and second must be vectors of observations, but their shape is {a.shape}")
    return a, b, log


def _ratio(a: Array, b: Array, log: bool) -> tuple[float | None, Any]:
    """0.0 or inf where one is impossible; else the ratio, or its logarithm if the likelihoods are logarithms."""
    none = -np.inf if log else 0.0
    neither = bool((a == none).any()), bool((b == none).any())
    if all(neither):
        raise ValueError("first and second must not both be impossible, but both have an observation of likelihood 0")
    if any(neither):
        return (0.0 if neither[0] else math.inf), None
    if log:
        pair, exponent, _ = likelihoods.log_sum(np.concatenate([a.ravel(), -b.ravel().astype(np.float64)]))
        return None, times_powers_of_two(pair[0], exponent)
    return None, wide_quotient(likelihoods.product(a.ravel()), likelihoods.product(b.ravel()))


def _finite_or_impossible(result: Array | float, *arrays: Array) -> float:
    return float(as_precise_as(np.asarray(result), *arrays))
