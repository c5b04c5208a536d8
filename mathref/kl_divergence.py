"""KL divergence: the extra bits per outcome paid for coding data from P with a code made for Q."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.probabilities import as_base, as_distribution
from mathref._arguments.shapes import refuse_unequal_shapes
from mathref._numerics.information import divergence_terms, log_ratio
from mathref._numerics.rounding_errors import product_and_error
from mathref._numerics.sums import careful_sum_of, sum_and_remainder
from mathref._workings.kl_divergence import kl_working
from mathref._workings.steps import Working


def kl_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> float:
    """Kullback-Leibler divergence of p from q, also called relative entropy.

    Parameters
    ----------
    p, q : array_like of shape (n,)
        Probability distributions over the same n outcomes: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
        Each is divided by its sum first. p is the distribution that outcomes come from, q the one that stands in.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        KL(p ‖ q) in bits (base 2), nats (base e) or units of log base. It is never negative, and infinite if an
        outcome has q = 0 < p.

    Raises
    ------
    ValueError
        If p or q is no probability distribution, their lengths differ, or base is not greater than 1.

    See Also
    --------
    js_divergence : symmetric and always finite.
    mathref.entropy.cross_entropy : entropy of p plus KL(p ‖ q).

    Notes
    -----
    KL(p ‖ q) = Σ pᵢ log(pᵢ/qᵢ), where a term with pᵢ = 0 counts 0. It is 0 only for p = q (Gibbs' inequality), but
    no distance: KL(p ‖ q) and KL(q ‖ p) differ, and the triangle inequality fails. Since both sums are 1, the terms
    pᵢ log(pᵢ/qᵢ) - pᵢ + qᵢ have the same sum; none of them is negative, so that nothing cancels when p and q nearly
    agree. O(n).

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., sections 2.3 and 2.6.

    Examples
    --------
    >>> kl_divergence([1, 0], [0.5, 0.5])
    1.0
    >>> kl_divergence([0.5, 0.5], [1, 0])
    inf
    >>> round(kl_divergence([0.5, 0.5], [0.25, 0.75]), 12)
    0.207518749639
    """
    p, q, unit = _distributions(p, q, base)
    if bool(((q == 0) & (p > 0)).any()):
        return math.inf
    a, b, difference, scale = _on_one_scale(p[q > 0], q[q > 0])
    return careful_sum_of(_terms, a, b, difference) / scale / unit


def js_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> float:
    """Jensen-Shannon divergence: the mean divergence of p and q from their midpoint.

    Parameters
    ----------
    p, q : array_like of shape (n,)
        Probability distributions over the same n outcomes: not negative, of sum 1 to within 1e-9 (float32: 1e-5).
        Each is divided by its sum first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    float
        Between 0 (p = q) and 1 bit (no outcome in common), in units of log base.

    Raises
    ------
    ValueError
        If p or q is no probability distribution, their lengths differ, or base is not greater than 1.

    See Also
    --------
    kl_divergence : the divergence it is made of, not symmetric.

    Notes
    -----
    JS(p, q) = ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q)/2. Its square root is a distance: symmetric, 0 only for
    p = q, and it satisfies the triangle inequality. O(n).

    References
    ----------
    Lin (1991), Divergence measures based on the Shannon entropy, IEEE Trans. Inf. Theory 37.
    Endres and Schindelin (2003), A new metric for probability distributions, IEEE Trans. Inf. Theory 49.

    Examples
    --------
    >>> js_divergence([1, 0], [0, 1])
    1.0
    >>> round(js_divergence([0.5, 0.5], [0.25, 0.75]), 12)
    0.048794940695
    """
    p, q, unit = _distributions(p, q, base)
    either = (p > 0) | (q > 0)
    a, b, difference, scale = _on_one_scale(p[either], q[either])
    return min(careful_sum_of(_terms_from_middle, a, b, difference) / scale / 2, math.log(2)) / unit


def _terms(a: Array, b: Array, difference: Array) -> Array:
    return divergence_terms(a, b, difference, log_ratio(a, b))


def _terms_from_middle(a: Array, b: Array, difference: Array) -> Array:
    middle, half = (a + b) / 2, difference / 2
    return _terms(a, middle, half) + _terms(b, middle, -half)


def _distributions(p: ArrayLike, q: ArrayLike, base: Any) -> tuple[Array, Array, float]:
    p, q = as_distribution(p, "p"), as_distribution(q, "q")
    refuse_unequal_shapes(p, q, ("p", "q"))
    return p, q, math.log(as_base(base))


@np.errstate(all="ignore")
def _on_one_scale(p: Array, q: Array) -> tuple[Array, Array, Array, float]:
    """p and q multiplied by each other's sum, their difference to its last digits, and the sum that both have now.

    A power of 2 is multiplied in as well, so that the smallest doubles keep their digits.
    """
    p, q = np.ldexp(p, 200), np.ldexp(q, 200)
    (p_sum, p_rest), (q_sum, q_rest) = sum_and_remainder(p), sum_and_remainder(q)
    (a, a_rest), (b, b_rest) = product_and_error(p, q_sum), product_and_error(q, p_sum)
    difference = (a - b) + ((a_rest + p * q_rest) - (b_rest + q * p_rest))
    return a, b, difference, p_sum * q_sum


def kl_steps(p: ArrayLike, q: ArrayLike, base: float = 2) -> Working:
    """How the Kullback-Leibler divergence of p from q comes about term by term, for pencil and paper.

    Parameters
    ----------
    p, q : array_like of shape (n,)
        Probability distributions over the same outcomes, at most 8: not negative, of sum 1 to within 1e-9 (float32:
        1e-5). Numbers that are the nearest double to a fraction, as 1/3, are taken for it. Each is divided by its sum
        first.
    base : float, default 2
        Base of the logarithm, greater than 1: 2 for bits, ``math.e`` for nats.

    Returns
    -------
    Working
        One step for each outcome, whose value is its term, and their sum: the last value is
        ``kl_divergence(p, q, base)``.

    Raises
    ------
    ValueError
        If p or q is no probability distribution or too long to read, their lengths differ, or base is not greater than
        1.

    See Also
    --------
    kl_divergence : the number alone, by a sum in which nothing cancels.

    Notes
    -----
    KL(p ‖ q) = Σ pᵢ log(pᵢ/qᵢ), where a term with pᵢ = 0 counts 0, and one with qᵢ = 0 < pᵢ is infinite. Single terms
    may be negative, their sum is not.

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., section 2.3.

    Examples
    --------
    >>> working = kl_steps([1 / 2, 1 / 2], [1 / 4, 3 / 4])
    >>> print(working[1].text)
    (1/2) · log₂ ((1/2) / (3/4)) = (1/2) · log₂ (2/3)
       ≈ (1/2) · (-0.584963) ≈ -0.292481
    >>> print(working[-1].text)
    KL(p ‖ q) ≈ 1/2 - 0.292481
       ≈ 0.207519
    """
    return kl_working(p, q, base, kl_divergence)
