"""Cross-entropy: the loss of a classifier, minus the logarithm of the probability that it gave to the right class."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.features import as_fraction_of_one
from mathref._arguments.logits import as_logits, refuse_impossible
from mathref._arguments.losses import (
    as_class_probabilities,
    as_class_weights,
    as_ignored,
    as_labels,
    as_reduction,
    as_share,
    has_classes,
)
from mathref._arguments.precision import in_double
from mathref._arguments.results import array_result, number_or_array
from mathref._arguments.shapes import as_vector, refuse_unequal_shapes
from mathref._numerics.activations import softplus
from mathref._numerics.cross_entropy import Counted
from mathref._numerics.softmax import Softmax
from mathref._workings.cross_entropy import cross_entropy_working
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working


class _Problem(NamedTuple):
    """Arguments of a loss as it computes with them: logits, what counts, and the arrays that decide the precision."""

    logits: Array
    counted: Counted
    given: tuple[Array, ...]


def _problem(
    logits: Array,
    target: Any,
    weights: ArrayLike | None,
    label_smoothing: float,
    ignore_index: int | None,
    reduction: str,
    *,
    labels_only: bool = False,
) -> _Problem:
    classes, rows = logits.shape[-1], logits.shape[:-1]
    w, ignored = as_class_weights(weights, classes), as_ignored(ignore_index)
    smoothing = as_fraction_of_one(label_smoothing, "label_smoothing")
    given = [logits] if w is None else [logits, w]
    labels = None
    if labels_only or not has_classes(target, "target", logits.shape):
        labels, counted = as_labels(target, "target", rows, classes, ignored)
        q = np.zeros((*rows, classes))
        np.put_along_axis(q, labels[..., np.newaxis], 1.0, axis=-1)
        if reduction == "mean" and not counted.any():
            raise ValueError("target must have a label that counts for a mean, but ignore_index leaves none")
    else:
        if ignored is not None:
            raise ValueError(f"ignore_index must be None for class probabilities, but it is {ignored}")
        p = as_array(target, "target", real=True, finite=False)
        given.append(p)
        q, counted = as_class_probabilities(p, "target"), np.ones(rows, dtype=bool)
    q = (1 - smoothing) * q + smoothing / classes
    what = Counted(q, np.ones(classes) if w is None else in_double(w), labels, counted, reduction)
    if what.nothing:
        raise ValueError("weights must not all be 0 for the labels of a mean, but they are")
    return _Problem(logits, what, tuple(given))


def _reduced(losses: Array, impossible: Array, reduction: str, given: tuple[Array, ...]) -> Any:
    """Losses of the rows as they are asked for; infinite where a class is impossible, and refused if they overflow."""
    if reduction != "none":
        with np.errstate(over="ignore"):
            losses, impossible = losses.sum(), np.asarray(impossible.any())
    finite = array_result(np.where(impossible, 0.0, losses), "each loss of logits", *given)
    return number_or_array(np.where(impossible, np.inf, finite).astype(finite.dtype))


def softmax_cross_entropy(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Any:
    """Cross-entropy of labels or class probabilities from logits, in nats.

    Parameters
    ----------
    logits : array_like of at least one axis, finite or -inf
        Real numbers, shape (..., K): one for each class along the last axis, -inf for a class that is ruled out.
    target : array_like of labels, or of probabilities
        Labels, integers from 0 to K - 1, of shape (...); or class probabilities of shape (..., K), not negative, of
        sum 1 to within 1e-9 (float32: 1e-5).
    weights : array_like of shape (K,), optional
        One number for each class, not negative. By default each class counts once.
    label_smoothing : float, default 0.0
        Share ε from 0 to 1 of the uniform distribution that is mixed into the target.
    ignore_index : int or None, default None
        Label of rows that do not count; not with class probabilities.
    reduction : {"mean", "sum", "none"}
        "none" keeps the losses of the rows, "sum" adds them, "mean" divides the sum by Σ w[label] over the rows that
        count, or by the number of rows for class probabilities.

    Returns
    -------
    float or ndarray
        The loss, or one for each row; infinite if a class with logit -inf counts.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, for instance labels that are no integers.
    ValueError
        If logits hold NaN or +inf or only -inf in a row, target is neither labels nor class probabilities of that
        shape, an option is out of its range, or a mean would be over nothing.
    numpy.linalg.LinAlgError
        If the loss exceeds the range of its type.

    See Also
    --------
    nll_loss : the same from log-probabilities.
    mathref.entropy.cross_entropy : of two distributions, in bits.

    Notes
    -----
    -Σₖ qₖ wₖ log pₖ for p = softmax(logits) and q = (1 - ε) target + ε/K, where a term with qₖ wₖ = 0 counts 0. It is
    what ``torch.nn.functional.cross_entropy`` computes, with classes on the last axis (there: axis 1). The loss of a
    label is right to the last digits also where p is nearly 1. O(n K).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.
    Szegedy et al. (2016), Rethinking the inception architecture for computer vision, section 7.

    Examples
    --------
    >>> round(softmax_cross_entropy([0, np.log(2), np.log(3)], 2), 12)
    0.69314718056
    >>> softmax_cross_entropy([[0, 1000], [0, -40]], [0, 0], reduction="none")
    array([1.00000000e+03, 4.24835426e-18])
    >>> round(softmax_cross_entropy([0, np.log(3)], [0.5, 0.5]), 12)
    0.836988216786
    >>> logits = [[0, np.log(3)], [0, 0], [5, 0]]
    >>> round(softmax_cross_entropy(logits, [1, 0, -1], weights=[1, 2], ignore_index=-1), 12)
    0.422837108488
    """
    reduction = as_reduction(reduction)
    array = as_logits(logits, "logits")
    refuse_impossible(array, "logits")
    problem = _problem(array, target, weights, label_smoothing, ignore_index, reduction)
    losses = problem.counted.losses(Softmax(in_double(array)).log_probabilities)
    impossible = (problem.counted.possible & (array == -np.inf)).any(axis=-1)
    return _reduced(losses, impossible, reduction, problem.given)


def nll_loss(
    log_probs: ArrayLike,
    target: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Any:
    """Negative log-likelihood of labels from log-probabilities, in nats.

    Parameters
    ----------
    log_probs : array_like of at least one axis, finite or -inf
        Logarithms of probabilities, shape (..., K): the exponentials of each row have the sum 1 to within 1e-9
        (float32: 1e-5), so that logits and probabilities are refused.
    target : array_like of labels
        Integers from 0 to K - 1, of shape (...).
    weights : array_like of shape (K,), optional
        One number for each class, not negative. By default each class counts once.
    ignore_index : int or None, default None
        Label of rows that do not count.
    reduction : {"mean", "sum", "none"}
        "none" keeps the losses of the rows, "sum" adds them, "mean" divides the sum by Σ w[label] over the rows that
        count.

    Returns
    -------
    float or ndarray
        The loss, or one for each row; infinite if a class with log-probability -inf is the label.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, for instance labels that are no integers.
    ValueError
        If the rows of log_probs are no log-probabilities, target holds no labels of that shape, an option is out of its
        range, or a mean would be over nothing.
    numpy.linalg.LinAlgError
        If the loss exceeds the range of its type.

    See Also
    --------
    softmax_cross_entropy : from logits, in one step.
    mathref.softmax.log_softmax : log-probabilities from logits.

    Notes
    -----
    -w[y] log p[y] for each row with label y. No logarithm is taken here, whatever the name says.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 5.5.

    Examples
    --------
    >>> round(nll_loss(np.log([0.25, 0.75]), 1), 12)
    0.287682072452
    >>> round(nll_loss(np.log([[0.25, 0.75], [0.5, 0.5]]), [1, -1], weights=[1, 2], ignore_index=-1), 12)
    0.287682072452
    """
    reduction = as_reduction(reduction)
    array = as_logits(log_probs, "log_probs")
    refuse_impossible(array, "log_probs")
    logs = in_double(array)
    parts = Softmax(logs)
    totals = (parts.largest + parts.log_sum)[..., 0]
    off = np.abs(totals) > (1e-5 if array.dtype == np.float32 else 1e-9)
    if off.any():
        raise ValueError(
            f"log_probs must be logarithms of probabilities, but the log-sum-exp of a row is "
            f"{totals[off].flat[0].item():.6g} and not 0; give logits to softmax_cross_entropy, and take np.log of "
            "probabilities"
        )
    problem = _problem(array, target, weights, 0.0, ignore_index, reduction, labels_only=True)
    impossible = (problem.counted.possible & (array == -np.inf)).any(axis=-1)
    return _reduced(problem.counted.losses(logs), impossible, reduction, problem.given)


def binary_cross_entropy_with_logits(
    logits: ArrayLike, target: ArrayLike, *, pos_weight: ArrayLike = 1.0, reduction: str = "mean"
) -> Any:
    """Cross-entropy of yes and no, from one logit for each question, in nats.

    Parameters
    ----------
    logits : array_like of any shape
        Real numbers: the logarithm of the odds of yes.
    target : array_like of the shape of logits
        Numbers from 0 to 1: 1 for yes, 0 for no, or a probability of yes.
    pos_weight : float or array_like, default 1.0
        How often a yes counts, not negative: one number, or an array that broadcasts to the shape of logits.
    reduction : {"mean", "sum", "none"}
        "none" keeps the losses, "sum" adds them, "mean" divides the sum by their number.

    Returns
    -------
    float or ndarray
        The loss, or one for each entry.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If logits are empty or not finite, target is of another shape or holds numbers outside [0, 1], pos_weight is
        negative or does not broadcast, or reduction is an unknown word.
    numpy.linalg.LinAlgError
        If the loss exceeds the range of its type.

    See Also
    --------
    softmax_cross_entropy : for classes that exclude each other.

    Notes
    -----
    w t softplus(-x) + (1 - t) softplus(x), where softplus(x) = log(1 + eˣ). It is the softmax loss of the logits
    (0, x), and as ``torch.nn.functional.binary_cross_entropy_with_logits``.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.2.

    Examples
    --------
    >>> round(binary_cross_entropy_with_logits([0, np.log(3)], [1, 0]), 12)
    1.03972077084
    >>> binary_cross_entropy_with_logits(1000, 0)
    1000.0
    """
    reduction = as_reduction(reduction)
    x, t = as_array(logits, "logits", real=True), as_array(target, "target", real=True)
    refuse_unequal_shapes(x, t, ("logits", "target"))
    t = as_share(t, "target")
    w = as_array(pos_weight, "pos_weight", real=True)
    if (w < 0).any():
        raise ValueError(f"pos_weight must not be negative, but it holds {w.min().item()}")
    try:
        wide = np.broadcast_to(in_double(w), x.shape)
    except ValueError:
        raise ValueError(f"pos_weight must broadcast to the shape {x.shape}, but its shape is {w.shape}") from None
    logs, share = in_double(x), in_double(t)
    size = x.size if reduction == "mean" else 1
    with np.errstate(over="ignore", under="ignore"):
        losses = softplus(-logs) / size * share * wide + softplus(logs) / size * (1 - share)
    given = (x, t, w) if w.ndim else (x, t)
    return _reduced(losses, np.zeros(losses.shape, dtype=bool), reduction, given)


def cross_entropy_gradient(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Array:
    """Gradient of the cross-entropy by the logits: probabilities minus target.

    Parameters
    ----------
    logits : array_like of at least one axis, finite or -inf
        Real numbers, shape (..., K): one for each class along the last axis, -inf for a class that is ruled out.
    target : array_like of labels, or of probabilities
        Labels, integers from 0 to K - 1, of shape (...); or class probabilities of shape (..., K), not negative, of
        sum 1 to within 1e-9 (float32: 1e-5).
    weights : array_like of shape (K,), optional
        One number for each class, not negative. By default each class counts once.
    label_smoothing : float, default 0.0
        Share ε from 0 to 1 of the uniform distribution that is mixed into the target.
    ignore_index : int or None, default None
        Label of rows that do not count; not with class probabilities.
    reduction : {"mean", "sum"}
        As in `softmax_cross_entropy`; "none" has no gradient of this shape.

    Returns
    -------
    ndarray of the shape of logits
        p Σₖ qₖ wₖ - q ∘ w for each row, divided as the mean is; 0 in rows that are ignored.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, for instance labels that are no integers.
    ValueError
        If logits hold NaN or +inf or only -inf in a row, target is neither labels nor class probabilities of that
        shape, an option is out of its range, or a mean would be over nothing.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    softmax_cross_entropy : the loss.

    Notes
    -----
    For a label y without weights it is p - e_y: each row adds up to 0, and no entry exceeds 1. Where the label is
    nearly certain its entry -(1 - p) is taken from the other exponentials. O(n K).

    References
    ----------
    Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.

    Examples
    --------
    >>> (6 * cross_entropy_gradient([0, np.log(2), np.log(3)], 2)).round(12)
    array([ 1.,  2., -3.])
    >>> cross_entropy_gradient([[0, 0], [5, 0]], [1, 0], weights=[1, 2], ignore_index=0)
    array([[ 0.5, -0.5],
           [ 0. ,  0. ]])
    """
    reduction = as_reduction(reduction, none=False)
    array = as_logits(logits, "logits")
    refuse_impossible(array, "logits")
    problem = _problem(array, target, weights, label_smoothing, ignore_index, reduction)
    result = problem.counted.gradient(Softmax(in_double(array)))
    return array_result(result, "each entry of the gradient by logits", *problem.given)


def cross_entropy_steps(logits: ArrayLike, target: int) -> Working:
    """How the loss of one label comes about, for pencil and paper.

    Parameters
    ----------
    logits : array_like of shape (n,), finite or -inf
        Real numbers, at most 5.
    target : int
        The label, from 0 to n - 1.

    Returns
    -------
    Working
        Exponentials, their sum, the probability and the loss: the last value is
        ``softmax_cross_entropy(logits, target)``. Where the largest logit is beyond 300 it is taken off first.

    Raises
    ------
    TypeError
        If logits hold no real numbers or target is no integer.
    ValueError
        If logits are no vector, too long to read, hold NaN or +inf, or only -inf; if target is no label.

    See Also
    --------
    softmax_cross_entropy : the number alone.

    Notes
    -----
    The loss is also log Σ exp(x) - x[target].

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.

    Examples
    --------
    >>> working = cross_entropy_steps([0, np.log(2), np.log(3)], 2)
    >>> print(working[2].text)
    p = 3 / 6 = 1/2
    """
    refuse_long(as_vector(logits, "logits", real=True, finite=False), "logits", rows=5)
    loss = softmax_cross_entropy(logits, target)
    array = as_logits(logits, "logits")
    label, _ = as_labels(target, "target", (), len(array))
    return cross_entropy_working(in_double(array), int(label), loss)
