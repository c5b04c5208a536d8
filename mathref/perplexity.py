"""Perplexity: how many equally likely tokens would surprise as much as those that came."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double
from mathref._arguments.probabilities import as_base
from mathref._arguments.results import array_result, number_or_array
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_integer, as_number
from mathref._arguments.tokens import (
    as_counted_rows,
    as_log_probabilities,
    as_logarithms,
    as_mask,
    as_perplexities,
    as_targets,
    as_token_counts,
    as_token_logits,
    refuse_none_counted,
)
from mathref._numerics.softmax import Softmax
from mathref._numerics.sums import exact_sum
from mathref._workings.exact import refuse_long
from mathref._workings.perplexity import perplexity_working
from mathref._workings.steps import Working


def _surprises(logits: Array, targets: Any, mask: Array) -> tuple[Array, Array]:
    """-log p of the targets in double precision, 0 where the mask is False; and where a target is impossible."""
    rows = as_counted_rows(logits, "logits", mask)
    labels = as_targets(targets, "targets", mask, rows.shape[-1])[..., np.newaxis]
    with np.errstate(over="ignore"):
        logs = np.take_along_axis(Softmax(in_double(rows)).log_probabilities, labels, axis=-1)[..., 0]
    return np.where(mask, 0.0 - logs, 0.0), np.take_along_axis(rows, labels, axis=-1)[..., 0] == -np.inf


def token_nll(logits: ArrayLike, targets: ArrayLike, *, mask: ArrayLike | None = None) -> Any:
    """Surprise of each token that came, in nats: minus the logarithm of its probability.

    Parameters
    ----------
    logits : array_like of at least one axis, finite or -inf
        Real numbers, shape (..., V): one for each token of the vocabulary, -inf for one that is ruled out.
    targets : array_like of labels
        The tokens that came, integers from 0 to V - 1, of shape (...).
    mask : array_like of bool, optional
        True for tokens that count, of the shape of targets; by default all do. What lies under False is not looked at.

    Returns
    -------
    float or ndarray
        -log softmax(logits)[target] for each token; 0 where mask is False, infinite for a target with logit -inf.

    Raises
    ------
    TypeError
        If logits hold no real numbers, targets no integers or mask no booleans.
    ValueError
        If logits that count hold NaN or +inf, or only -inf in a row; if a target that counts is no token of the
        vocabulary, or targets or mask are of another shape.
    numpy.linalg.LinAlgError
        If a surprise exceeds the range of its type.

    See Also
    --------
    perplexity_from_logits : the exponential of its mean.
    mathref.cross_entropy.softmax_cross_entropy : the same as a loss, with weights and smoothing.

    Notes
    -----
    Right to the last digits also where a token is nearly certain. Its sum over a text is minus the log-probability of
    the text. O(n V).

    References
    ----------
    Jurafsky and Martin (2025), Speech and Language Processing, 3rd ed. draft, section 3.3.

    Examples
    --------
    >>> token_nll(np.log([[2, 1, 1], [1, 1, 2]]), [0, 0]) / np.log(2)
    array([1., 2.])
    >>> token_nll([[0, 0], [0, 0]], [1, -100], mask=[True, False])
    array([0.69314718, 0.        ])
    """
    array = as_token_logits(logits, "logits")
    counted = as_mask(mask, "mask", array.shape[:-1])
    surprises, impossible = _surprises(array, targets, counted)
    finite = array_result(np.where(impossible, 0.0, surprises), "each surprise by logits", array)
    return number_or_array(np.where(impossible, np.inf, finite).astype(finite.dtype))


def perplexity(log_probs: ArrayLike, *, mask: ArrayLike | None = None, base: float = math.e) -> float:
    """Perplexity of tokens from the logarithms of the probabilities that they were given.

    Parameters
    ----------
    log_probs : array_like of any shape
        Real logarithms of the probabilities of the tokens that came: at most 0 to within 1e-9 (float32: 1e-5), -inf for
        a token that was impossible.
    mask : array_like of bool, optional
        True for tokens that count, of the shape of log_probs; by default all do. What lies under False is not looked
        at.
    base : float, default e
        Base of the logarithms, greater than 1.

    Returns
    -------
    float
        base to the power of minus their mean; infinite if a token was impossible, or beyond the largest double.

    Raises
    ------
    TypeError
        If log_probs hold no real numbers or mask no booleans.
    ValueError
        If log_probs that count hold NaN or are positive, mask is of another shape or False for all tokens, or base is
        not greater than 1.

    See Also
    --------
    perplexity_from_logits : from what a network returns.
    combine_perplexity : of several parts of a text.

    Notes
    -----
    The geometric mean of 1/p over the tokens. It depends on the base of the logarithms only if that is not said.

    References
    ----------
    Jelinek, Mercer, Bahl and Baker (1977), Perplexity: a measure of the difficulty of speech recognition tasks.

    Examples
    --------
    >>> round(perplexity(np.log([0.5, 0.25, 0.25])), 12)
    3.174802103936
    >>> perplexity([[-1, -2], [-3, -9]], mask=[[True, True], [True, False]], base=2)
    4.0
    """
    array, base = as_logarithms(log_probs, "log_probs"), as_base(base)
    counted = as_mask(mask, "mask", array.shape)
    refuse_none_counted(counted, "mask")
    return _power(base, as_log_probabilities(array, "log_probs", counted))


def _power(base: float, logs: Array) -> float:
    """base to the power of minus the mean of logarithms; infinite beyond the largest double."""
    if np.isneginf(logs).any():
        return math.inf
    with np.errstate(under="ignore"):
        exponent = float(-exact_sum(logs / logs.size).real)
    try:
        return math.exp(exponent) if base == math.e else base**exponent
    except OverflowError:
        return math.inf


def perplexity_from_logits(logits: ArrayLike, targets: ArrayLike, *, mask: ArrayLike | None = None) -> float:
    """Perplexity of tokens from the logits of a network: one mean over all tokens that count.

    Parameters
    ----------
    logits : array_like of at least one axis, finite or -inf
        Real numbers, shape (..., V): one for each token of the vocabulary, -inf for one that is ruled out.
    targets : array_like of labels
        The tokens that came, integers from 0 to V - 1, of shape (...).
    mask : array_like of bool, optional
        True for tokens that count, of the shape of targets; by default all do. What lies under False is not looked at.

    Returns
    -------
    float
        exp of the mean of `token_nll`; infinite if a token was impossible, or beyond the largest double.

    Raises
    ------
    TypeError
        If logits hold no real numbers, targets no integers or mask no booleans.
    ValueError
        If logits that count hold NaN or +inf, or only -inf in a row; if a target that counts is no token of the
        vocabulary, targets or mask are of another shape, or mask is False for all tokens.

    See Also
    --------
    token_nll : the surprise of each token.

    Notes
    -----
    A mean of the means of rows would count tokens of short rows more. O(n V).

    References
    ----------
    Jurafsky and Martin (2025), Speech and Language Processing, 3rd ed. draft, section 3.3.

    Examples
    --------
    >>> round(perplexity_from_logits([[0, 0, 0, 0]], [1]), 12)
    4.0
    >>> logits = np.log([[[1, 1], [1, 3]], [[1, 3], [1, 1]]])
    >>> round(perplexity_from_logits(logits, [[0, 0], [0, -1]], mask=[[True, True], [True, False]]), 12)
    3.174802103936
    """
    array = as_token_logits(logits, "logits")
    counted = as_mask(mask, "mask", array.shape[:-1])
    refuse_none_counted(counted, "mask")
    surprises, _ = _surprises(array, targets, counted)
    return _power(math.e, -surprises[counted])


def combine_perplexity(perplexities: ArrayLike, counts: ArrayLike) -> float:
    """Perplexity of a whole from those of its parts, weighted by tokens.

    Parameters
    ----------
    perplexities : array_like of shape (k,)
        Real numbers of at least 1, or infinite: the perplexity of each part.
    counts : array_like of shape (k,)
        How many tokens each part has: integers, not negative, not all 0. A part of 0 tokens does not count.

    Returns
    -------
    float
        exp(Σ nᵢ log PPLᵢ / Σ nᵢ).

    Raises
    ------
    TypeError
        If perplexities hold no real numbers or counts no integers.
    ValueError
        If a perplexity is NaN or below 1, a count is negative, all are 0, or there are not as many counts as
        perplexities.

    See Also
    --------
    perplexity : of tokens.

    Notes
    -----
    Surprises add up, perplexities do not: the mean is taken of logarithms.

    References
    ----------
    Jurafsky and Martin (2025), Speech and Language Processing, 3rd ed. draft, section 3.3.

    Examples
    --------
    >>> round(combine_perplexity([2, 8], [1, 3]), 12)
    5.656854249492
    """
    parts = as_perplexities(perplexities, "perplexities")
    sizes = as_token_counts(counts, "counts", len(parts))
    logs = [math.log(part) for part, size in zip(parts.tolist(), sizes, strict=True) if size]
    shares = [size / sum(sizes) for size in sizes if size]
    return math.exp(math.fsum(log * share for log, share in zip(logs, shares, strict=True)))


def bits_per_byte(nll: float, n_bytes: int) -> float:
    """Bits that a text costs for each byte of it: comparable between tokenizers.

    Parameters
    ----------
    nll : float
        Sum of the surprises of all tokens of the text in nats, not negative.
    n_bytes : int
        Length of the text in bytes, at least 1.

    Returns
    -------
    float
        nll / (n_bytes ln 2); infinite beyond the largest double.

    Raises
    ------
    TypeError
        If nll is no real number or n_bytes no integer.
    ValueError
        If nll is negative or not finite, or n_bytes below 1.

    See Also
    --------
    token_nll : the surprises.

    Notes
    -----
    How a text is cut into tokens changes their number and so the perplexity, but not the length of the text.

    References
    ----------
    Gao et al. (2020), The Pile: an 800GB dataset of diverse text for language modeling, arXiv:2101.00027.

    Examples
    --------
    >>> round(bits_per_byte(8 * np.log(2), 16), 12)
    0.5
    """
    total = as_number(nll, "nll", least=0.0)
    return float(Fraction(total) / as_integer(n_bytes, "n_bytes", least=1)) / math.log(2)


def perplexity_steps(probabilities: ArrayLike) -> Working:
    """How a perplexity comes about, for pencil and paper.

    Parameters
    ----------
    probabilities : array_like of shape (n,)
        Real probabilities of the tokens that came, at most 5, from 1e-6 to 1.

    Returns
    -------
    Working
        The product of the reciprocals, and its n-th root: the last value is ``perplexity(np.log(probabilities))``.

    Raises
    ------
    TypeError
        If probabilities hold no real numbers.
    ValueError
        If probabilities are no vector, too long to read, or hold numbers that are not from 1e-6 to 1.

    See Also
    --------
    perplexity : the result alone.

    Notes
    -----
    The product has a number in it for each token, its root is one for all of them.

    References
    ----------
    Jurafsky and Martin (2025), Speech and Language Processing, 3rd ed. draft, section 3.3.

    Examples
    --------
    >>> print(perplexity_steps([0.5, 0.25, 0.25])[0].text)
    product = 2 · 4 · 4 = 32
    """
    array = as_vector(probabilities, "probabilities", real=True)
    refuse_long(array, "probabilities", rows=5)
    if not ((array > 0) & (array <= 1)).all():
        bad = array[~((array > 0) & (array <= 1))][0].item()
        raise ValueError(f"probabilities must be greater than 0 and at most 1, but one is {bad}")
    return perplexity_working(array, perplexity(np.log(in_double(array))))
