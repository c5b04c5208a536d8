import math
import tracemalloc

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref import entropy
from mathref.backpropagation import Variable
from mathref.cross_entropy import (
    binary_cross_entropy_with_logits,
    cross_entropy_gradient,
    cross_entropy_steps,
    nll_loss,
    softmax_cross_entropy,
)
from mathref.gradient import gradient
from mathref.softmax import log_softmax, softmax

BOUND = 1e-12
CLASSES = 4
ROWS = st.lists(st.lists(st.floats(-800, 800), min_size=CLASSES, max_size=CLASSES), min_size=1, max_size=4)
WEIGHTS = st.lists(st.floats(0.125, 8), min_size=CLASSES, max_size=CLASSES)
SHARES = st.lists(st.integers(0, 9), min_size=CLASSES, max_size=CLASSES).filter(any)


def exact_logs(row):
    """Log-softmax of the stored logits, also of probabilities near 1 by what the others leave."""
    e = [mpmath.exp(mpmath.mpf(x)) for x in row]
    total = mpmath.fsum(e)
    return [-mpmath.log1p(mpmath.fsum(e[:i] + e[i + 1 :]) / e[i]) if 2 * e[i] > total else mpmath.log(e[i] / total)
            for i in range(len(e))]  # fmt: skip


def exact_losses(logits, q, weights):
    return [
        -mpmath.fsum(mpmath.mpf(a) * mpmath.mpf(w) * log for a, w, log in zip(p, weights, exact_logs(row), strict=True))
        for row, p in zip(logits, q, strict=True)
    ]


def near(found, expected, bound=BOUND):
    pairs = zip(np.ravel(found).tolist(), expected, strict=True)
    return all(abs(mpmath.mpf(a) - b) <= bound * abs(b) + mpmath.mpf(1e-320) for a, b in pairs)


@given(ROWS, WEIGHTS, st.data())
def test_losses_of_labels_are_right_in_every_reduction(logits, weights, data):
    labels = data.draw(st.lists(st.integers(0, CLASSES - 1), min_size=len(logits), max_size=len(logits)))
    with mpmath.workdps(800):
        losses = exact_losses(logits, np.eye(CLASSES)[labels], weights)
        assert near(softmax_cross_entropy(logits, labels, weights=weights, reduction="none"), losses)
        assert near(softmax_cross_entropy(logits, labels, weights=weights, reduction="sum"), [mpmath.fsum(losses)])
        divisor = mpmath.fsum(mpmath.mpf(weights[y]) for y in labels)
        assert near(softmax_cross_entropy(logits, labels, weights=weights), [mpmath.fsum(losses) / divisor])


@given(ROWS, WEIGHTS, st.floats(0, 1), st.data())
def test_losses_of_class_probabilities_are_right_with_smoothing(logits, weights, smoothing, data):
    counts = data.draw(st.lists(SHARES, min_size=len(logits), max_size=len(logits)))
    target = np.array(counts, float) / np.sum(counts, axis=1, keepdims=True)
    with mpmath.workdps(800):
        eps = mpmath.mpf(smoothing)
        q = [[(1 - eps) * mpmath.mpf(x) + eps / CLASSES for x in row] for row in target.tolist()]
        losses = exact_losses(logits, q, weights)
        options = {"weights": weights, "label_smoothing": smoothing}
        assert near(softmax_cross_entropy(logits, target, reduction="none", **options), losses)
        assert near(softmax_cross_entropy(logits, target, **options), [mpmath.fsum(losses) / len(logits)])


@given(ROWS, WEIGHTS, st.floats(0, 1), st.data())
def test_a_gradient_is_probabilities_minus_target(logits, weights, smoothing, data):
    labels = data.draw(st.lists(st.integers(0, CLASSES - 1), min_size=len(logits), max_size=len(logits)))
    found = cross_entropy_gradient(logits, labels, weights=weights, label_smoothing=smoothing)
    with mpmath.workdps(800):
        divisor = mpmath.fsum(mpmath.mpf(weights[y]) for y in labels)
        eps = mpmath.mpf(smoothing)
        for row, y, entries in zip(logits, labels, found.tolist(), strict=True):
            p = [mpmath.exp(log) for log in exact_logs(row)]
            a = [((1 - eps) * (k == y) + eps / CLASSES) * mpmath.mpf(w) for k, w in enumerate(weights)]
            for k, entry in enumerate(entries):
                terms = [p[k] * a[j] - p[j] * a[k] for j in range(CLASSES) if j != k]
                scale = max(abs(term) for term in terms) + max(p[k] * sum(a), a[k]) * (smoothing > 0)
                assert abs(entry - mpmath.fsum(terms) / divisor) <= BOUND * scale / divisor + mpmath.mpf(1e-320)


def test_small_losses_and_small_gradients_keep_their_digits():
    assert softmax_cross_entropy([0, -40], 0) == pytest.approx(4.248354255291589e-18, rel=1e-15, abs=0)
    assert cross_entropy_gradient([0, -40], 0) == pytest.approx(np.array([-1, 1]) * math.exp(-40), rel=1e-15, abs=0)
    assert binary_cross_entropy_with_logits(40, 1) == pytest.approx(math.exp(-40), rel=1e-15, abs=0)


def test_cross_entropy_by_hand():
    logits = [0, math.log(2), math.log(3)]
    assert softmax_cross_entropy(logits, 2) == pytest.approx(math.log(2), rel=1e-15)
    np.testing.assert_allclose(cross_entropy_gradient(logits, 2), [1 / 6, 1 / 3, -1 / 2], rtol=1e-15)


@given(ROWS, st.data())
def test_the_loss_of_log_probabilities_is_that_of_logits(logits, data):
    labels = data.draw(st.lists(st.integers(0, CLASSES - 1), min_size=len(logits), max_size=len(logits)))
    logs = log_softmax(logits)
    for reduction in ("none", "sum", "mean"):
        options = {"weights": [1, 2, 3, 4], "reduction": reduction}
        np.testing.assert_allclose(
            nll_loss(logs, labels, **options), softmax_cross_entropy(logits, labels, **options), rtol=1e-12
        )


def test_the_loss_is_the_cross_entropy_of_two_distributions():
    logits, p = np.array([0.3, -1.0, 2.0]), [0.5, 0.25, 0.25]
    expected = entropy.cross_entropy(p, softmax(logits), base=math.e)
    assert softmax_cross_entropy(logits, p) == pytest.approx(expected, rel=1e-14)


@given(st.lists(st.tuples(st.floats(-800, 800), st.floats(0, 1)), min_size=1, max_size=5), st.floats(0, 9))
def test_the_binary_loss_is_right_and_that_of_the_logits_0_and_x(pairs, weight):
    x, t = (np.array(part) for part in zip(*pairs, strict=True))
    with mpmath.workdps(800):
        plus = [mpmath.log1p(mpmath.exp(mpmath.mpf(v))) for v in x]
        minus = [mpmath.log1p(mpmath.exp(-mpmath.mpf(v))) for v in x]
        losses = [mpmath.mpf(weight) * mpmath.mpf(s) * b + (1 - mpmath.mpf(s)) * a for s, a, b in
                  zip(t.tolist(), plus, minus, strict=True)]  # fmt: skip
        options = {"pos_weight": weight}
        assert near(binary_cross_entropy_with_logits(x, t, reduction="none", **options), losses)
        assert near(binary_cross_entropy_with_logits(x, t, **options), [mpmath.fsum(losses) / len(x)])
    two = softmax_cross_entropy(np.stack([0 * x, x], axis=1), np.stack([1 - t, t], axis=1), reduction="none")
    np.testing.assert_allclose(binary_cross_entropy_with_logits(x, t, reduction="none"), two, rtol=1e-12, atol=1e-320)


def test_a_weight_of_yes_may_be_one_for_each_question():
    x, t = np.zeros((2, 3)), np.ones((2, 3))
    found = binary_cross_entropy_with_logits(x, t, pos_weight=[1, 2, 3], reduction="none")
    np.testing.assert_allclose(found, math.log(2) * np.array([[1, 2, 3]] * 2), rtol=1e-15)
    with pytest.raises(ValueError, match=r"pos_weight must broadcast to the shape \(2, 3\)"):
        binary_cross_entropy_with_logits(x, t, pos_weight=[1, 2])
    with pytest.raises(ValueError, match="pos_weight must not be negative"):
        binary_cross_entropy_with_logits(x, t, pos_weight=-1)
    with pytest.raises(ValueError, match="logits and target must have the same shape"):
        binary_cross_entropy_with_logits(x, [1, 1, 1])
    with pytest.raises(ValueError, match="target must hold numbers from 0 to 1"):
        binary_cross_entropy_with_logits([0.0], [1.5])


def test_rows_that_are_ignored_count_nothing_and_get_no_gradient():
    logits, labels = np.array([[1.0, 2.0], [3.0, 0.0], [0.0, 0.5]]), [0, -100, 1]
    options = {"ignore_index": -100, "weights": [1, 3], "label_smoothing": 0.1}
    kept = {"weights": [1, 3], "label_smoothing": 0.1}
    assert softmax_cross_entropy(logits, labels, reduction="none", **options)[1] == 0
    assert softmax_cross_entropy(logits, labels, **options) == pytest.approx(
        softmax_cross_entropy(logits[[0, 2]], [0, 1], **kept), rel=1e-15
    )
    found = cross_entropy_gradient(logits, labels, **options)
    assert found[1].tolist() == [0, 0]
    np.testing.assert_allclose(found[[0, 2]], cross_entropy_gradient(logits[[0, 2]], [0, 1], **kept), rtol=1e-14)
    assert softmax_cross_entropy(logits, [1, 0, 1], ignore_index=0, reduction="none")[1] == 0
    none = {"ignore_index": 7, "reduction": "sum"}
    assert softmax_cross_entropy(logits, [7, 7, 7], **none) == 0
    assert cross_entropy_gradient(logits, [7, 7, 7], **none).tolist() == [[0, 0]] * 3
    assert nll_loss(log_softmax(logits), [7, 7, 7], ignore_index=7, reduction="none").tolist() == [0, 0, 0]


def test_a_mean_over_nothing_is_refused():
    for function in (
        softmax_cross_entropy,
        cross_entropy_gradient,
        lambda x, *a, **b: nll_loss(log_softmax(x), *a, **b),
    ):
        with pytest.raises(ValueError, match="target must have a label that counts for a mean"):
            function([[0, 1.0]], [5], ignore_index=5)
        with pytest.raises(ValueError, match="weights must not all be 0 for the labels"):
            function([[0, 1.0]], [1], weights=[1, 0])
    assert softmax_cross_entropy([[0, 1.0]], [[0.5, 0.5]], weights=[0, 0]) == 0


def test_an_impossible_class_costs_infinitely_much_if_it_counts():
    logits = [[0, -math.inf, 0], [-math.inf, 1, -math.inf]]
    assert softmax_cross_entropy(logits, [1, 1], reduction="none").tolist() == [math.inf, 0]
    assert softmax_cross_entropy(logits, [1, 1]) == math.inf
    assert softmax_cross_entropy(logits, [0, 1], reduction="none") == pytest.approx([math.log(2), 0])
    assert softmax_cross_entropy(logits, [0, 1], label_smoothing=0.1) == math.inf
    assert softmax_cross_entropy(logits, [0, 1], label_smoothing=0.1, weights=[1, 0, 1], reduction="none")[0] < 1
    assert softmax_cross_entropy([0, -math.inf], [1, 0]) == 0
    assert softmax_cross_entropy([0, -math.inf], [0.5, 0.5], weights=[1e300, 5e-324], reduction="sum") == math.inf
    assert nll_loss([0, -math.inf], 1) == math.inf
    assert cross_entropy_gradient(logits, [0, 1], reduction="sum").tolist() == [[-0.5, 0, 0.5], [0, 0, 0]]
    assert softmax_cross_entropy(np.float32(logits), [1, 1], reduction="none").tolist() == [math.inf, 0]


def test_weights_may_be_as_large_and_as_small_as_doubles_are():
    row, two = math.log1p(math.exp(-1)), [[0.0, 1.0], [0.0, 1.0]]
    for weights in ([1, 5e-324], [1e300, 1e-300], [1.7e308, 1.7e308], [5e-324, 5e-324], [0, 1e-320]):
        assert softmax_cross_entropy(two, [1, 1], weights=weights) == pytest.approx(row, rel=1e-14)
        found = cross_entropy_gradient(two, [1, 1], weights=weights)
        np.testing.assert_allclose(found, cross_entropy_gradient(two, [1, 1]), rtol=1e-14)
    total = softmax_cross_entropy(two, [1, 1], weights=[0, 1e308], reduction="sum")
    assert total == pytest.approx(2 * row * 1e308, rel=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="each loss of logits must fit"):
        softmax_cross_entropy([0, 9], 0, weights=[1e308, 1], reduction="sum")


def test_losses_beyond_the_range_are_refused():
    with pytest.raises(np.linalg.LinAlgError, match="each loss of logits must fit in doubles"):
        softmax_cross_entropy([1.7e308, -1.7e308], 1)
    with pytest.raises(np.linalg.LinAlgError, match="each loss of logits must fit in single"):
        softmax_cross_entropy(np.float32([[3e38, -3e38]]), [1])
    assert softmax_cross_entropy([1.7e308, 0], 1) == 1.7e308
    assert binary_cross_entropy_with_logits([1.7e308, 1.7e308], [0, 0]) == 1.7e308


def test_gradients_agree_with_the_tape_and_with_finite_differences():
    random = np.random.default_rng(6)
    x, labels = random.normal(size=(3, 4)), np.array([1, 3, 0])
    logits = Variable(x)
    e = logits.exp()
    losses = -(e / e.sum(axis=1, keepdims=True)).log()[np.arange(3), labels]
    losses.mean().backward()
    np.testing.assert_allclose(cross_entropy_gradient(x, labels), logits.grad, rtol=1e-13, atol=1e-16)
    target = random.dirichlet(np.ones(4), size=3)
    for options in ({}, {"weights": [1, 2, 0, 4]}, {"label_smoothing": 0.3, "reduction": "sum"}):
        for to in (labels, target):
            expected = gradient(lambda v, to=to, o=options: softmax_cross_entropy(v.reshape(3, 4), to, **o), x.ravel())
            found = cross_entropy_gradient(x, to, **options).ravel()
            np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-8)


def test_axes_before_the_classes_are_rows():
    x = np.random.default_rng(7).normal(size=(2, 3, 5))
    labels = np.arange(6).reshape(2, 3) % 5
    flat = softmax_cross_entropy(x.reshape(6, 5), labels.ravel(), reduction="none")
    np.testing.assert_array_equal(softmax_cross_entropy(x, labels, reduction="none"), flat.reshape(2, 3))
    assert softmax_cross_entropy(x, labels) == pytest.approx(flat.mean(), rel=1e-14)
    assert cross_entropy_gradient(x, labels).shape == x.shape
    assert type(softmax_cross_entropy(x[0, 0], 3, reduction="none")) is float


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        ([0.0, 1.0], TypeError, "target must hold labels, which are integers"),
        ([True, False], TypeError, "target must be numbers"),
        ([0, 3], ValueError, "target must hold labels from 0 to 2, but entry 1 of target is 3"),
        ([-1, 0], ValueError, "target must hold labels .* is -1; name labels that do not count by ignore_index"),
        ([[0], [1]], ValueError, r"target must be labels of shape \(2,\) or class probabilities of shape \(2, 3\)"),
        (0, ValueError, r"target must be labels of shape \(2,\)"),
        ([[0.5, 0.5, 0.5], [1, 0, 0]], ValueError, "target must have rows of sum 1"),
        ([[1.5, -0.5, 0], [1, 0, 0]], ValueError, "target must hold probabilities, but .* is negative"),
        ([[math.nan, 1, 0], [1, 0, 0]], ValueError, "target must be finite"),
    ],
)
def test_a_target_is_labels_or_class_probabilities(target, error, message):
    for function in (softmax_cross_entropy, cross_entropy_gradient):
        with pytest.raises(error, match=message):
            function([[0, 1, 2], [0, 0, 0]], target)


@pytest.mark.parametrize("ignored", [-100, 2**63 - 1, 2**64 - 1, 2**70])
def test_any_integer_may_stand_for_what_is_ignored(ignored):
    logits = [[0.0, -1.0], [1.0, 2.0]]
    assert softmax_cross_entropy(logits, [1, ignored], ignore_index=ignored) == softmax_cross_entropy(logits[0], 1)
    with pytest.raises(ValueError, match=f"target must hold labels from 0 to 1, but entry 1 of target is {ignored}"):
        softmax_cross_entropy(logits, [1, ignored])


def test_a_large_vocabulary_takes_no_more_than_some_copies_of_its_logits():
    logits = np.zeros((2, 5000))
    for loss in (softmax_cross_entropy, cross_entropy_gradient, lambda x, y: nll_loss(x - math.log(5000), y)):
        tracemalloc.start()
        loss(logits, [1, 4999])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20 * logits.nbytes


def test_options_out_of_range_are_refused():
    for options, message in [
        ({"label_smoothing": -0.1}, "label_smoothing must be at least 0"),
        ({"label_smoothing": 1.1}, "label_smoothing must be from 0 to 1"),
        ({"reduction": "average"}, "reduction must be one of"),
        ({"weights": [1, 2]}, "weights must have 3 entries"),
        ({"weights": [1, 2, -1]}, "weights must not be negative"),
    ]:
        with pytest.raises(ValueError, match=message):
            softmax_cross_entropy([0, 1, 2], 1, **options)
    with pytest.raises(ValueError, match="ignore_index must be None for class probabilities"):
        softmax_cross_entropy([0, 1], [0.5, 0.5], ignore_index=-100)
    with pytest.raises(TypeError, match="ignore_index must be an integer or None"):
        softmax_cross_entropy([0, 1], 0, ignore_index=True)
    with pytest.raises(ValueError, match="reduction must be one of 'mean', 'sum', but it is 'none'"):
        cross_entropy_gradient([0, 1], 0, reduction="none")
    with pytest.raises(ValueError, match="logits must have a finite entry"):
        softmax_cross_entropy([[0, 1], [-math.inf, -math.inf]], [0, 1])


def test_logits_and_probabilities_are_no_log_probabilities():
    for wrong in ([2.0, 1.0, 0.0], [0.7, 0.2, 0.1], [-math.inf, -math.inf, -math.inf]):
        with pytest.raises(ValueError, match="log_probs must"):
            nll_loss(wrong, 0)
    with pytest.raises(ValueError, match="target must hold one label for each row"):
        nll_loss(np.log([[0.5, 0.5]]), [[1, 0]])
    assert nll_loss(np.float32(np.log([0.3, 0.7])), 0) == pytest.approx(-math.log(0.3), rel=1e-6)


def test_single_precision_stays_and_labels_and_numbers_change_no_type():
    x, labels = np.random.default_rng(8).normal(size=(2, 3)).astype(np.float32), [1, 2]
    assert softmax_cross_entropy(x, labels, reduction="none").dtype == np.float32
    assert softmax_cross_entropy(x, labels, label_smoothing=0.1, reduction="none").dtype == np.float32
    assert softmax_cross_entropy(x, labels, weights=np.ones(3), reduction="none").dtype == np.float64
    assert softmax_cross_entropy(x, np.eye(3)[labels], reduction="none").dtype == np.float64
    assert cross_entropy_gradient(x, labels).dtype == np.float32
    assert binary_cross_entropy_with_logits(x, np.abs(x) * 0, pos_weight=2.0, reduction="none").dtype == np.float32
    double = softmax_cross_entropy(x.astype(float), labels, reduction="none")
    np.testing.assert_array_equal(softmax_cross_entropy(x, labels, reduction="none"), double.astype(np.float32))
    third = np.full((2, 3), 1 / 3, dtype=np.float32)
    assert softmax_cross_entropy(x, third, reduction="none").dtype == np.float32


def test_a_working_goes_from_exponentials_to_the_loss():
    logits = [0, math.log(2), math.log(3)]
    exponentials, total, p, loss = (step.value for step in cross_entropy_steps(logits, 2))
    np.testing.assert_allclose(exponentials, [1, 2, 3], rtol=1e-15)
    assert (total, p, loss) == (6, 0.5, softmax_cross_entropy(logits, 2))
    far = cross_entropy_steps([1000, 0], 1)
    assert [step.value for step in far[::4]] == [1000, 1000]
    assert cross_entropy_steps([0, -math.inf], 1).result == math.inf
    for logits, target, error in [(range(6), 0, ValueError), ([0, 1], 2, ValueError), ([0, 1], 0.0, TypeError),
                                  ([0, 1], [0, 1], ValueError)]:  # fmt: skip
        with pytest.raises(error):
            cross_entropy_steps(logits, target)


def test_no_floating_point_warning_is_the_callers():
    x = np.array([[0, -700, -800, -math.inf], [1e308, 0, 5e-324, 0]])
    with np.errstate(all="raise"):
        for target in ([1, 0], [[0.5, 0.5, 0, 0], [1, 0, 0, 0]]):
            for function in (softmax_cross_entropy, cross_entropy_gradient):
                function(x, target, weights=[1, 1e-300, 0, 0])
        nll_loss(log_softmax(x), [1, 0])
        binary_cross_entropy_with_logits([800.0, -800.0], [1.0, 1e-300])
        cross_entropy_steps(x[0], 1)
