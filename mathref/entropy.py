"""Entropy: the average surprise of a random outcome; no uniquely decodable code takes fewer bits per outcome."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.labels import as_samples
from mathref._arguments.probabilities import as_base, as_distribution, as_joint
from mathref._arguments.shapes import refuse_unequal_shapes
from mathref._numerics.information import dependence, margin, mean_surprisal, whole
from mathref._numerics.sums import careful_sum, sum_and_remainder
from mathref._workings.entropy import entropy_working
from mathref._workings.steps import Working


class EmpiricalDistribution(NamedTuple):
    """The different outcomes of a sample in ascending order, and the share of each."""

    outcomes: Array
    probabilities: Array


def entropy(p: ArrayLike, base: float = 2) -> float:
    """Shannon entropy of a probability distribution.

    Parameters
    ----------
    p : array_like of shape (n,)
        Probability distribution: not negative, of sum 1 to within 1e-9 (float32: 1e-5). It is divided by its sum first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        H(p) in bits (base 2), nats (base e) or units of log base: from 0 (one outcome is certain) to log n (all are
        equally likely).

    Raises
    ------
    ValueError
        If p is no probability distribution or base is not greater than 1.

    See Also
    --------
    empirical_distribution : p from samples.

    Notes
    -----
    H(p) = -Σ pᵢ log pᵢ, where 0 log 0 counts 0, its limit. The sum is rounded once, so that the order of the outcomes
    does not matter. O(n).

    References
    ----------
    Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27, section 6.
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., section 2.1.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25])
    1.5
    >>> round(entropy([0.5, 0.25, 0.25], base=math.e), 12)
    1.03972077084
    """
    p = as_distribution(p, "p")
    return mean_surprisal(p, p, as_base(base))


def cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> float:
    """Average surprise of outcomes drawn from p for whoever believes q.

    Parameters
    ----------
    p, q : array_like of shape (n,)
        Probability distributions over the same n outcomes: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
        Each is divided by its sum first. Outcomes come from p, their probabilities are taken from q.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        H(p, q) in units of log base, at least the entropy of p; infinite if an outcome has q = 0 < p.

    Raises
    ------
    ValueError
        If p or q is no probability distribution, their lengths differ, or base is not greater than 1.

    See Also
    --------
    mathref.kl_divergence.kl_divergence : the excess over the entropy of p.

    Notes
    -----
    H(p, q) = -Σ pᵢ log qᵢ, where a term with pᵢ = 0 counts 0. With p a single certain class it is the negative log
    likelihood, the usual loss of a classifier. O(n).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 3.13.

    Examples
    --------
    >>> cross_entropy([1, 0], [0.25, 0.75])
    2.0
    >>> cross_entropy([0.5, 0.5], [1, 0])
    inf
    """
    p, q = as_distribution(p, "p"), as_distribution(q, "q")
    refuse_unequal_shapes(p, q, ("p", "q"))
    base = as_base(base)
    if bool(((q == 0) & (p > 0)).any()):
        return math.inf
    return mean_surprisal(p, q, base)


def conditional_entropy(joint: ArrayLike, base: float = 2) -> float:
    """Entropy that is left in the column once the row is known.

    Parameters
    ----------
    joint : array_like of shape (m, n)
        Joint distribution: entry (i, j) is the probability of row i together with column j. Not negative, of sum 1 to
        within 1e-9 (float32: 1e-5). It is divided by its sum first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        H(column | row) in units of log base: from 0 (the row determines the column) to the entropy of the column
        (they are independent).

    Raises
    ------
    ValueError
        If joint is no joint probability distribution or base is not greater than 1.

    See Also
    --------
    mutual_information : what the row tells about the column.

    Notes
    -----
    H(Y | X) = -Σᵢⱼ pᵢⱼ log(pᵢⱼ / pᵢ), where pᵢ = Σⱼ pᵢⱼ. For H(row | column) give the transpose. O(m n).

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., section 2.2.

    Examples
    --------
    >>> conditional_entropy([[0.25, 0.25], [0.5, 0]])
    0.5
    >>> conditional_entropy([[0.5, 0], [0, 0.5]])
    0.0
    """
    joint, base = as_joint(joint, "joint"), as_base(base)
    rows = [(row, careful_sum(row)) for row in joint if row.any()]
    with np.errstate(under="ignore"):  # of a share that is nothing beside the others of its row
        entropies = [weight * mean_surprisal(row / weight, row / weight, base) for row, weight in rows]
    return math.fsum(entropies) / careful_sum(joint)


def mutual_information(joint: ArrayLike, base: float = 2) -> float:
    """Information that row and column of a joint distribution hold about each other.

    Parameters
    ----------
    joint : array_like of shape (m, n)
        Joint distribution: entry (i, j) is the probability of row i together with column j. Not negative, of sum 1 to
        within 1e-9 (float32: 1e-5). It is divided by its sum first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        I(row; column) in units of log base: 0 for independent ones, at most the smaller of the two entropies.

    Raises
    ------
    ValueError
        If joint is no joint probability distribution or base is not greater than 1.

    See Also
    --------
    information_gain : the same for samples.

    Notes
    -----
    I(X; Y) = Σᵢⱼ pᵢⱼ log(pᵢⱼ / (pᵢ pⱼ)) = H(Y) - H(Y | X), computed as the divergence of the joint distribution from
    the product of its margins in a form where nothing cancels. O(m n).

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., sections 2.3 and 2.4.

    Examples
    --------
    >>> mutual_information([[0.5, 0], [0, 0.5]])
    1.0
    >>> mutual_information([[0.25, 0.25], [0.25, 0.25]])
    0.0
    """
    joint, base = as_joint(joint, "joint"), as_base(base)
    joint = np.ldexp(joint, 200)  # so that products of the smallest keep their digits
    rows, columns = margin(joint), margin(joint.T)
    i, j = np.nonzero(joint)
    with np.errstate(under="ignore"):  # of products that are nothing beside the others
        unpaired = careful_sum(np.outer(rows[0], columns[0])[joint == 0])
    pairs = (rows[0][i], rows[1][i]), (columns[0][j], columns[1][j])
    return dependence(joint[i, j], *pairs, sum_and_remainder(joint), unpaired) / math.log(base)


def information_gain(labels: ArrayLike, groups: ArrayLike, base: float = 2) -> float:
    """Entropy of the labels that knowing the group takes away: what a split of a decision tree gains.

    Parameters
    ----------
    labels : array_like of shape (n,)
        The label of each example: numbers, booleans or strings.
    groups : array_like of shape (n,)
        The group of each example, for instance the side of a split: numbers, booleans or strings.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        H(labels) - H(labels | groups) in units of log base: from 0 (the groups tell nothing) to H(labels) (each group
        holds one label).

    Raises
    ------
    TypeError
        If labels or groups mix kinds, for instance numbers and strings.
    ValueError
        If the lengths differ, there are no examples, or a number is NaN or infinite.

    See Also
    --------
    mutual_information : the same for a joint distribution.

    Notes
    -----
    The mutual information of the empirical joint distribution, from whole counts. It favours groupings into many
    small groups: a serial number gains all of H(labels). O(n log n).

    References
    ----------
    Quinlan (1986), Induction of decision trees, Machine Learning 1.

    Examples
    --------
    >>> information_gain(["yes", "yes", "no", "no"], ["left", "left", "right", "right"])
    1.0
    >>> information_gain(["yes", "no", "yes", "no"], ["left", "left", "right", "right"])
    0.0
    """
    labels, groups, base = as_samples(labels, "labels"), as_samples(groups, "groups"), as_base(base)
    refuse_unequal_shapes(labels, groups, ("labels", "groups"))
    _, label, label_counts = np.unique(labels, return_inverse=True, return_counts=True)
    _, group, group_counts = np.unique(groups, return_inverse=True, return_counts=True)
    cells, counts = np.unique(label * len(group_counts) + group, return_counts=True)
    row, column = label_counts[cells // len(group_counts)], group_counts[cells % len(group_counts)]
    unpaired = len(labels) ** 2 - int((row * column).sum())
    pairs = whole(row), whole(column)
    return dependence(counts * 1.0, *pairs, (float(len(labels)), 0.0), float(unpaired)) / math.log(base)


def empirical_distribution(samples: ArrayLike) -> EmpiricalDistribution:
    """Share of each outcome in a sample.

    Parameters
    ----------
    samples : array_like of shape (n,)
        Outcomes: numbers, booleans or strings, one kind only.

    Returns
    -------
    EmpiricalDistribution
        ``(outcomes, probabilities)``, both of shape (k,): the k different outcomes in ascending order, of the type
        that the samples have, and the share of each.

    Raises
    ------
    TypeError
        If samples mixes kinds, for instance numbers and strings.
    ValueError
        If samples is empty, has more than one dimension, or a number is NaN or infinite.

    See Also
    --------
    entropy : its entropy.

    Notes
    -----
    pₖ = (number of samples equal to outcome k) / n, the maximum likelihood estimate. The entropy of it is on average
    lower than that of the distribution the samples come from, by about (k - 1)/(2n) nats. O(n log n).

    References
    ----------
    Miller (1955), Note on the bias of information estimates, in: Information Theory in Psychology.

    Examples
    --------
    >>> outcomes, probabilities = empirical_distribution(["b", "a", "b", "b"])
    >>> outcomes.tolist(), probabilities.tolist()
    (['a', 'b'], [0.25, 0.75])
    >>> entropy(empirical_distribution([3, 1, 1, 2]).probabilities)
    1.5
    """
    outcomes, counts = np.unique(as_samples(samples, "samples"), return_counts=True)
    return EmpiricalDistribution(outcomes, counts / counts.sum())


def entropy_steps(p: ArrayLike, base: float = 2) -> Working:
    """How the entropy comes about term by term, for pencil and paper.

    Parameters
    ----------
    p : array_like of shape (n,)
        Probability distribution of at most 8 outcomes: not negative, of sum 1 to within 1e-9 (float32: 1e-5). Numbers
        that are the nearest double to a fraction, as 1/3, are taken for it. It is divided by its sum first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    Working
        One step for each outcome, whose value is its term, and their sum: the last value is ``entropy(p, base)``.

    Raises
    ------
    ValueError
        If p is no probability distribution or too long to read, or base is not greater than 1.

    See Also
    --------
    entropy : the number alone.

    Notes
    -----
    H(p) = Σ -pᵢ log pᵢ, where 0 log 0 counts 0, its limit. Logarithms of whole powers of the base are exact.

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., section 2.1.

    Examples
    --------
    >>> working = entropy_steps([1 / 2, 1 / 4, 1 / 4])
    >>> print(working[1].text)
    -(1/4) · log₂ (1/4) = (1/4) · 2 = 1/2
    >>> print(working[-1].text)
    H(p) = 1/2 + 1/2 + 1/2
       = 3/2
    """
    return entropy_working(p, base, entropy)
