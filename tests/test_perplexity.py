import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.cross_entropy import softmax_cross_entropy
from mathref.perplexity import (
    bits_per_byte,
    combine_perplexity,
    perplexity,
    perplexity_from_logits,
    perplexity_steps,
    token_nll,
)

BOUND = 1e-12
RNG = np.random.default_rng(11)
LOGS = st.lists(st.floats(-600, 0), min_size=1, max_size=9)


def exact_nll(row, label):
    """-log softmax of the stored logits, in many digits; the other exponentials say it where it is near 0."""
    others = mpmath.fsum(mpmath.exp(mpmath.mpf(float(v)) - mpmath.mpf(float(row[label]))) for i, v in enumerate(row)
                         if i != label and v > -math.inf)  # fmt: skip
    return mpmath.log1p(others)


def close(found, exact):
    return abs(mpmath.mpf(found) - exact) <= BOUND * abs(exact) + mpmath.mpf(5e-324)


@given(LOGS, st.sampled_from([math.e, 2.0, 10.0, 1.5]))
def test_it_is_the_geometric_mean_of_reciprocals_whatever_the_base(logs, base):
    with mpmath.workdps(400):
        exact = mpmath.exp(mpmath.fsum(-mpmath.mpf(v) for v in logs) / len(logs))
        assert close(perplexity(logs), exact)
        b = mpmath.mpf(base) if base != math.e else mpmath.e
        powered = mpmath.power(b, mpmath.fsum(-mpmath.mpf(v) for v in logs) / len(logs))
        found = perplexity(logs, base=base)
        assert found == math.inf if powered > mpmath.mpf(np.finfo(float).max) else close(found, powered)


def test_perplexity_by_hand():
    assert perplexity(np.log([0.5, 0.25, 0.25])) == pytest.approx(32 ** (1 / 3), rel=1e-15)
    assert perplexity([-1, -2, -2], base=2) == 32 ** (1 / 3)
    assert perplexity(np.log(1 / 7)) == pytest.approx(7, rel=1e-15)
    assert perplexity([0, 0, 0]) == 1
    assert type(perplexity(np.float32([-1, -2]))) is float


@given(st.lists(st.lists(st.floats(-800, 800), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(0, 2))
def test_surprises_are_right_entry_by_entry(rows, label):
    with mpmath.workdps(1000):
        found = token_nll(rows, [label] * len(rows))
        assert all(close(a, exact_nll(row, label)) for a, row in zip(found.tolist(), rows, strict=True))


def test_what_is_nearly_certain_keeps_its_surprise():
    assert token_nll([0, -40], 0) == pytest.approx(math.exp(-40), rel=1e-15, abs=0)
    assert type(token_nll([0, -40], 0)) is float
    assert token_nll([0, -math.inf], 0) == 0
    assert not np.signbit(token_nll([[0, -math.inf]], [0]))[0]


def test_surprises_are_the_losses_of_cross_entropy():
    logits, targets = RNG.normal(scale=5, size=(3, 4, 6)), RNG.integers(0, 6, size=(3, 4))
    mask = RNG.integers(0, 2, size=(3, 4)).astype(bool)
    each = softmax_cross_entropy(logits, targets, reduction="none")
    np.testing.assert_allclose(token_nll(logits, targets), each, rtol=1e-14)
    np.testing.assert_array_equal(token_nll(logits, targets, mask=mask), np.where(mask, token_nll(logits, targets), 0))
    mean = softmax_cross_entropy(logits, np.where(mask, targets, -100), ignore_index=-100)
    assert perplexity_from_logits(logits, targets, mask=mask) == pytest.approx(math.exp(mean), rel=1e-13)
    assert perplexity_from_logits(logits, targets) == pytest.approx(math.exp(each.mean()), rel=1e-13)


def test_one_mean_over_all_tokens_not_a_mean_of_rows():
    logits = np.log([[[1, 1]] * 4, [[1, 7]] * 4])
    targets, mask = np.zeros((2, 4), dtype=int), np.array([[1, 1, 1, 1], [1, 0, 0, 0]], dtype=bool)
    assert perplexity_from_logits(logits, targets, mask=mask) == pytest.approx((2**4 * 8) ** (1 / 5), rel=1e-14)


def test_what_lies_under_false_is_not_looked_at():
    logits = np.array([[0.0, 0.0], [math.nan, math.inf], [-math.inf, -math.inf]])
    mask = [True, False, False]
    for targets in ([1, -100, 7], np.array([1, -(2**40), 2**40])):
        assert token_nll(logits, targets, mask=mask).tolist() == [math.log(2), 0, 0]
        assert perplexity_from_logits(logits, targets, mask=mask) == pytest.approx(2, rel=1e-15)
    assert perplexity([math.log(0.5), math.nan, 3, math.inf], mask=[True, False, False, False]) == pytest.approx(2)
    assert token_nll(logits, [1, 1, 1], mask=[False] * 3).tolist() == [0, 0, 0]
    for call in (lambda m: perplexity_from_logits(logits, [0, 0, 0], mask=m), lambda m: perplexity([-1] * 3, mask=m)):
        with pytest.raises(ValueError, match="mask must be True for at least one token"):
            call([False] * 3)
        with pytest.raises(TypeError, match=r"mask must hold booleans.*int64"):
            call([1, 0, 0])
        with pytest.raises(
            ValueError, match=r"mask must have the shape of the tokens, \(3,\), but its shape is \(1,\)"
        ):
            call([True])


def test_what_counts_is_looked_at():
    for bad, message in [([0.0, math.nan], "logits must hold finite numbers or -inf"),
                         ([-math.inf, -math.inf], "logits must have a finite entry")]:  # fmt: skip
        with pytest.raises(ValueError, match=message):
            token_nll([bad, [0, 0]], [0, 0], mask=[True, False])
    with pytest.raises(
        ValueError, match=r"targets must hold labels from 0 to 1, but entry 0 of targets is -100; leave"
    ):
        token_nll([[0, 0]], [-100])
    with pytest.raises(TypeError, match="targets must hold labels, which are integers"):
        token_nll([[0, 0]], [1.0])
    with pytest.raises(ValueError, match=r"targets must hold one label for each row, shape \(2,\)"):
        token_nll([[0, 0], [0, 0]], [0], mask=[True, True])
    with pytest.raises(ValueError, match=r"log_probs must hold logarithms of probabilities.*0\.5"):
        perplexity([0.5, 0.25])


def test_roundings_of_certain_tokens_are_forgiven():
    assert perplexity([1e-10, -1]) == pytest.approx(math.exp(0.5), rel=1e-9)
    assert perplexity(np.float32([1e-6, -1])) == pytest.approx(math.exp(0.5), rel=1e-5)
    assert combine_perplexity([perplexity([1e-10]), 2], [1, 1]) == pytest.approx(math.sqrt(2), rel=1e-9)
    for bad in (1e-8, math.nan, math.inf):
        with pytest.raises(ValueError, match="log_probs must hold logarithms of probabilities"):
            perplexity([-1, bad])


def test_integers_of_any_size_are_padding_and_counts():
    assert token_nll([[0, 0], [0, 0]], [0, 2**63 - 1], mask=[True, False]).tolist() == [math.log(2), 0]
    assert combine_perplexity([2, 8], [2**53 + 1, 0]) == pytest.approx(2, rel=1e-15)
    assert combine_perplexity([2, 8], [10**400, 10**400]) == pytest.approx(4, rel=1e-15)


def test_parts_weighted_by_tokens_give_the_whole():
    logs = -RNG.exponential(size=60)
    parts = np.split(logs, [1, 9, 10, 40])
    whole = combine_perplexity([perplexity(part) for part in parts], [len(part) for part in parts])
    assert whole == pytest.approx(perplexity(logs), rel=1e-13)
    assert combine_perplexity([2, 8], [1, 3]) == pytest.approx(2**2.5, rel=1e-15)
    assert combine_perplexity([2, math.inf], [1, 0]) == 2
    for counts, kind, message in [
        ([1, -1], ValueError, "counts must not be negative"),
        ([0, 0], ValueError, "counts must hold a positive number"),
        ([1.0, 2.0], TypeError, "counts must hold integers"),
        ([1], ValueError, "counts must be as many as perplexities"),
    ]:
        with pytest.raises(kind, match=message):
            combine_perplexity([2, 8], counts)
    with pytest.raises(ValueError, match=r"perplexities must be at least 1, but entry 1 of perplexities is 0\.5"):
        combine_perplexity([2, 0.5], [1, 1])


def test_bits_per_byte_do_not_ask_how_the_text_was_cut():
    text = 8 * math.log(2)  # of probability 1/256
    for tokens in (4, 8):
        assert perplexity(np.full(tokens, -text / tokens)) == pytest.approx(2 ** (8 / tokens), rel=1e-15)
    assert bits_per_byte(text, 16) == pytest.approx(0.5, rel=1e-15)
    assert bits_per_byte(0, 3) == 0
    assert bits_per_byte(1.0, 3) == pytest.approx(float(Fraction(1, 3)) / math.log(2), rel=1e-15)


def test_values_of_perplexity_at_the_ends_of_the_range_are_right():
    assert perplexity([-1.7e308, -1.7e308]) == math.inf
    assert perplexity([-0.5, -math.inf]) == math.inf
    assert perplexity(np.float32([-100, -100])) == pytest.approx(math.exp(100), rel=1e-13)
    assert perplexity([-5e-324, 0]) == 1
    assert perplexity([-709.0]) == pytest.approx(float(mpmath.exp(709)), rel=1e-13)
    assert perplexity([-1e-7], base=1 + 1e-7) == pytest.approx(1, rel=1e-12)
    with np.errstate(all="raise"):
        perplexity([-5e-324, -1e308, -1e-308])


def test_values_of_token_nll_at_the_ends_of_the_range_are_right():
    assert token_nll([[1e308, 0], [-math.inf, 0]], [1, 0]).tolist() == [1e308, math.inf]
    for logits in ([1.7e308, -1.7e308], np.float32([3e38, -3e38])):
        with pytest.raises(np.linalg.LinAlgError, match="each surprise by logits must fit"):
            token_nll(logits, 1)
    assert token_nll(np.float32([[0, -math.inf]]), [1]).tolist() == [math.inf]
    with np.errstate(all="raise"):
        token_nll([[0, -700, -800, -math.inf]], [0])


def test_values_of_perplexity_from_logits_at_the_ends_of_the_range_are_right():
    assert perplexity_from_logits([[1.7e308, -1.7e308], [0, 0]], [1, 0]) == math.inf
    assert perplexity_from_logits([[0, -math.inf], [0, 0]], [1, 0]) == math.inf
    assert perplexity_from_logits([[1e308, 0]], [0]) == 1
    with np.errstate(all="raise"):
        perplexity_from_logits([[0, -700, -800, -math.inf]], [1])


def test_values_of_combine_perplexity_at_the_ends_of_the_range_are_right():
    assert combine_perplexity([1e308, 1e308], [2**62, 2**62]) == pytest.approx(1e308, rel=1e-12)
    assert combine_perplexity([1e308, 1], [1, 1]) == pytest.approx(1e154, rel=1e-13)
    assert combine_perplexity([1, math.inf], [10**6, 1]) == math.inf
    assert combine_perplexity([1 + 2.0**-52], [3]) == 1 + 2.0**-52


def test_values_of_bits_per_byte_at_the_ends_of_the_range_are_right():
    assert bits_per_byte(1.7e308, 1) == math.inf
    assert bits_per_byte(1e308, 10**400) == pytest.approx(1e-92 / math.log(2), rel=1e-14, abs=0)
    assert bits_per_byte(1, 10**400) == 0
    assert bits_per_byte(1e308, 10**308) == pytest.approx(1 / math.log(2), rel=1e-15)


def test_single_precision_stays_for_surprises():
    logits, targets = RNG.normal(size=(4, 5)).astype(np.float32), RNG.integers(0, 5, size=4)
    found = token_nll(logits, targets)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, token_nll(logits.astype(float), targets).astype(np.float32))
    assert token_nll(logits.astype(np.float16), targets).dtype == np.float32
    assert perplexity_from_logits(logits, targets) == perplexity_from_logits(logits.astype(float), targets)


def test_a_working_goes_over_the_product_and_its_root():
    working = perplexity_steps([0.5, 0.25, 0.25])
    assert [step.value for step in working] == [32, pytest.approx(32 ** (1 / 3), rel=1e-15)]
    assert working.result == perplexity(np.log([0.5, 0.25, 0.25]))
    assert perplexity_steps([0.1]).result == pytest.approx(10, rel=1e-15)
    for bad, message in [([0.5, 0], "greater than 0"), ([1.5], "at most 1"), ([0.5] * 6, "at most 5 entries")]:
        with pytest.raises(ValueError, match=f"probabilities must .*{message}"):
            perplexity_steps(bad)
