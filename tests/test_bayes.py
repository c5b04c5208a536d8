import math
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.bayes import (
    bayes_factor,
    conditional,
    log_bayes_factor,
    log_evidence,
    marginal,
    posterior,
    posterior_steps,
    predictive,
)

EPS = 2.0**-52
WEIGHTS = st.integers(0, 9).map(float) | st.floats(1e-300, 1e3)
SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)
JOINTS = SHAPES.flatmap(lambda shape: arrays(float, shape, elements=WEIGHTS)).filter(lambda p: p.sum() > 1e-3)
JOINTS = JOINTS.map(lambda p: p / p.sum())
CASES = st.integers(1, 4).flatmap(
    lambda k: st.tuples(
        arrays(float, k, elements=WEIGHTS).filter(lambda p: p.sum() > 1e-3).map(lambda p: p / p.sum()),
        arrays(float, st.tuples(st.integers(1, 6), st.just(k)), elements=WEIGHTS),
    )
)


def exact_posterior(prior, rows):
    weights = [Fraction(p) for p in prior.tolist()]
    for row in np.atleast_2d(rows).tolist():
        weights = [w * Fraction(y) for w, y in zip(weights, row, strict=True)]
    return [w / sum(weights) for w in weights] if sum(weights) else None


# Joint distributions


@given(JOINTS, st.randoms())
def test_a_marginal_is_the_exact_sum_in_the_order_wanted(joint, random):
    keep = tuple(random.sample(range(joint.ndim), random.randint(1, joint.ndim)))
    found = marginal(joint, keep)
    assert found.shape == tuple(joint.shape[k] for k in keep)
    total = sum(map(Fraction, joint.ravel().tolist()))
    for index in np.ndindex(found.shape):
        where = [slice(None)] * joint.ndim
        for k, i in zip(keep, index, strict=True):
            where[k] = i
        expected = sum(map(Fraction, np.ravel(joint[tuple(where)]).tolist())) / total
        assert abs(Fraction(found[index]) - expected) <= EPS * expected + Fraction(5e-324)


@given(JOINTS, st.randoms())
def test_conditional_times_marginal_is_the_joint_distribution(joint, random):
    given_axes = tuple(sorted(random.sample(range(joint.ndim), random.randint(1, joint.ndim))))
    others = tuple(k for k in range(joint.ndim) if k not in given_axes)
    known = marginal(joint, given_axes)
    if not known.all():
        with pytest.raises(ValueError, match="joint must give each outcome"):
            conditional(joint, given_axes)
        return
    found = conditional(joint, given_axes)
    assert found.shape == joint.shape
    np.testing.assert_allclose(found.sum(axis=others), 1, rtol=1e-14)
    np.testing.assert_allclose(found * np.expand_dims(known, others), joint / joint.sum(), rtol=1e-12, atol=1e-307)


def test_joint_distributions_are_divided_by_their_sum():
    joint = [[0.5, 0.25], [0.25, 9e-10]]
    assert marginal(joint, 0).sum() == pytest.approx(1, rel=2 * EPS, abs=0)
    np.testing.assert_allclose(conditional(joint, 0).sum(axis=1), 1, rtol=2 * EPS)


def test_given_everything_each_outcome_is_certain():
    np.testing.assert_array_equal(conditional([[0.25, 0.25], [0.125, 0.375]], (0, 1)), np.ones((2, 2)))
    np.testing.assert_array_equal(marginal([0.25, 0.75], 0), [0.25, 0.75])


def test_conditionals_of_rare_outcomes_keep_their_digits():
    found = conditional([[1 - 3e-320, 0], [1e-320, 2e-320]], 0)
    small = np.array([1e-320, 2e-320])
    np.testing.assert_allclose(found[1], (small / 5e-324) / (small / 5e-324).sum(), rtol=1e-15)


def test_bits_may_be_independent_in_pairs_and_not_together():
    joint = np.zeros((2, 2, 2))
    for a, b in product(range(2), repeat=2):
        joint[a, b, a ^ b] = 1 / 4
    for pair in ((0, 1), (0, 2), (1, 2)):
        np.testing.assert_array_equal(marginal(joint, pair), np.full((2, 2), 1 / 4))
    assert conditional(joint, (0, 1)).max() == 1


@pytest.mark.parametrize("bad", [2, -3, (0, 0), (0, -2), (), (0, 5)])
def test_axes_that_are_not_there_or_named_twice_are_refused(bad):
    with pytest.raises(ValueError, match="keep must"):
        marginal(np.full((2, 2), 0.25), bad)
    with pytest.raises(ValueError, match="given must"):
        conditional(np.full((2, 2), 0.25), bad)


# Posteriors


def test_a_good_test_for_a_rare_disease_is_wrong_five_times_out_of_six():
    assert posterior([0.01, 0.99], [0.99, 0.05])[0] == pytest.approx(1 / 6, rel=4 * EPS, abs=0)


@given(CASES)
def test_a_posterior_is_the_exact_share_of_each_hypothesis(case):
    prior, rows = case
    expected = exact_posterior(prior, rows)
    if expected is None:
        with pytest.raises(ValueError, match="likelihood must be positive"):
            posterior(prior, rows)
        assert log_evidence(prior, rows) == -math.inf
        return
    found = posterior(prior, rows)
    for x, y in zip(found.tolist(), expected, strict=True):
        assert abs(Fraction(x) - y) <= 1e-15 * y + Fraction(5e-324)
    assert found.sum() == pytest.approx(1, rel=1e-14, abs=0)


@given(CASES)
def test_one_by_one_gives_the_same_posterior_as_all_at_once(case):
    prior, rows = case
    rows = rows + 0.5
    beliefs = prior
    for row in rows:
        beliefs = posterior(beliefs, row)
    np.testing.assert_allclose(beliefs, posterior(prior, rows), rtol=1e-13, atol=1e-300)


@given(CASES)
def test_logarithms_give_the_same_posterior_and_evidence(case):
    prior, rows = case
    if exact_posterior(prior, rows) is None:
        return
    with np.errstate(divide="ignore"):
        logs = np.log(rows)
    size = np.abs(np.where(np.isfinite(logs), logs, 0)).sum()
    np.testing.assert_allclose(
        posterior(prior, logs, log=True), posterior(prior, rows), rtol=1e-12 + 4 * EPS * size, atol=1e-307
    )
    assert log_evidence(prior, logs, log=True) == pytest.approx(log_evidence(prior, rows), rel=1e-13, abs=1e-13)


def test_a_hundred_thousand_observations_neither_underflow_nor_lose_digits():
    n = 100_000
    rows = np.tile([0.3, 0.30001], (n, 1))
    with mpmath.workdps(60):
        odds = (mpmath.mpf(0.3) / mpmath.mpf(0.30001)) ** n
        expected = odds / (1 + odds)
        evidence = mpmath.log((mpmath.mpf(0.3) ** n + mpmath.mpf(0.30001) ** n) / 2)
        by_logs = posterior([0.5, 0.5], np.log(rows), log=True)
        l0, l1 = (mpmath.mpf(float(x)) * n for x in np.log(rows[0]))
        expected_by_logs = 1 / (1 + mpmath.exp(l1 - l0))
        assert abs(by_logs[0] - expected_by_logs) <= 1e-12 * expected_by_logs
    assert posterior([0.5, 0.5], rows)[0] == pytest.approx(float(expected), rel=1e-13, abs=0)
    assert log_evidence([0.5, 0.5], rows) == pytest.approx(float(evidence), rel=1e-14, abs=0)


def test_what_is_impossible_does_not_disturb_many_observations():
    rows = np.full((3000, 3), 0.01)
    np.testing.assert_array_equal(posterior([0.0, 0.5, 0.5], rows), [0, 0.5, 0.5])
    rows[7, 2] = 0
    np.testing.assert_array_equal(posterior([0.25, 0.25, 0.5], rows), [0.5, 0.5, 0])
    assert log_evidence([0.0, 0.0, 1.0], rows) == -math.inf
    assert log_evidence([0.0, 1.0, 0.0], rows) == pytest.approx(3000 * math.log(0.01), rel=1e-15)


def test_small_priors_and_small_likelihoods_balance():
    found = posterior([1e-300, 1.0], [1.0, 1e-300])
    np.testing.assert_allclose(found, [0.5, 0.5], rtol=1e-14)
    found = posterior([1e-300, 1.0], [0.0, -800.0], log=True)
    expected = mpmath.exp(-800) / (mpmath.exp(-800) + mpmath.mpf(1e-300))
    assert found[1] == pytest.approx(float(expected), rel=1e-12, abs=0)
    np.testing.assert_array_equal(posterior([0.0, 1.0], [[5.0, 1e-300]] * 4), [0, 1])
    np.testing.assert_array_equal(posterior([0.5, 0.5], [[-1e308, -1e308]] * 3, log=True), [0.5, 0.5])
    np.testing.assert_array_equal(posterior([0.5, 0.5], [[-1e308, -1.1e308]] * 3, log=True), [1, 0])


def test_evidence_near_1_keeps_its_digits():
    assert log_evidence([0.5, 0.5], [1.0, 1.0]) == 0
    small = log_evidence([0.5, 0.5], [1.0, 1 - 2.0**-50])
    assert small == pytest.approx(math.log1p(-(2.0**-51)), rel=1e-15, abs=0)
    assert log_evidence([0.25, 0.75], [1e300, 1e300]) == pytest.approx(300 * math.log(10), rel=1e-15, abs=0)


def test_a_log_evidence_beyond_the_range_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="evidence must fit"):
        log_evidence([0.5, 0.5], [[-1e308, -1e308]] * 3, log=True)


@pytest.mark.parametrize("log", [False, True])
def test_likelihoods_are_refused_by_what_they_say(log):
    with pytest.raises(ValueError, match="likelihood must"):
        posterior([0.5, 0.5], [0.5, math.inf], log=log)
    with pytest.raises(ValueError, match="likelihood must"):
        posterior([0.5, 0.5], [0.5, math.nan], log=log)
    with pytest.raises(ValueError, match=r"likelihood must have the shape \(2,\) or \(n, 2\)"):
        posterior([0.5, 0.5], [[0.5], [0.5]], log=log)
    if not log:
        with pytest.raises(ValueError, match="say log=True"):
            posterior([0.5, 0.5], [0.5, -1])
    with pytest.raises(TypeError, match="log must be True or False"):
        posterior([0.5, 0.5], [0.5, 0.5], log=1)


# Bayes factors


@given(st.lists(st.tuples(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300)), min_size=1, max_size=8))
def test_a_bayes_factor_is_the_exact_ratio_of_the_products(pairs):
    first, second = zip(*pairs, strict=True)
    expected = math.prod(map(Fraction, first)) / math.prod(map(Fraction, second))
    with mpmath.workdps(80):
        logarithm = mpmath.log(mpmath.mpf(expected.numerator)) - mpmath.log(mpmath.mpf(expected.denominator))
        assert abs(log_bayes_factor(first, second) - logarithm) <= 4 * EPS * abs(logarithm)
    found = bayes_factor(first, second)
    if 1e-300 < expected < 1e300:
        assert abs(Fraction(found) - expected) <= EPS * expected
        assert log_bayes_factor(second, first) == pytest.approx(-log_bayes_factor(first, second), rel=1e-15, abs=0)
    elif expected > Fraction(1.797e308):
        assert found == math.inf
    logs = bayes_factor(np.log(first), np.log(second), log=True)
    if 1e-300 < expected < 1e300:
        assert logs == pytest.approx(found, rel=1e-11, abs=0)


def test_a_bayes_factor_of_impossible_observations_is_0_or_infinite():
    assert bayes_factor([0.0, 1], [1, 1]) == 0.0
    assert bayes_factor([1, 1], [0, 1.0]) == math.inf
    assert log_bayes_factor([0.0, 1], [1, 1]) == -math.inf
    assert log_bayes_factor(0.0, -math.inf, log=True) == math.inf
    assert log_bayes_factor(0.5, 0.25) == pytest.approx(math.log(2), rel=1e-15, abs=0)
    for log, none in ((False, 0.0), (True, -math.inf)):
        with pytest.raises(ValueError, match="first and second must not both be impossible"):
            bayes_factor([none], [none], log=log)
    with pytest.raises(ValueError, match="first and second must have the same shape"):
        bayes_factor([0.5], 0.5)


def test_posterior_odds_are_prior_odds_times_the_bayes_factor():
    rows = np.array([[0.2, 0.7], [0.9, 0.3], [0.4, 0.4]])
    odds = np.divide(*posterior([0.25, 0.75], rows))
    assert odds == pytest.approx(bayes_factor(*rows.T) / 3, rel=1e-14, abs=0)


# Predictions, precision, workings


def test_a_prediction_averages_over_hypotheses():
    np.testing.assert_allclose(predictive([0.25, 0.75], [[1, 0], [0.5, 0.5]]), [0.625, 0.375], rtol=1e-15)
    np.testing.assert_allclose(predictive([1.0], [[0.5, 0.5 + 9e-10]]).sum(), 1, rtol=1e-15)
    with pytest.raises(ValueError, match=r"table\[1\] must sum to 1"):
        predictive([0.5, 0.5], [[1, 0], [0.5, 0.4]])
    with pytest.raises(ValueError, match="table must have 2 rows, one for each"):
        predictive([0.5, 0.5], [[1, 0]])


def test_single_precision_in_gives_single_precision_out():
    half, joint = np.float32([0.5, 0.5]), np.full((2, 2), 0.25, dtype=np.float32)
    for result in (marginal(joint, 0), conditional(joint, 0), posterior(half, half), predictive(half, 2 * joint)):
        assert result.dtype == np.float32
    assert posterior(half, [0.5, 0.5]).dtype == np.float64
    third = bayes_factor(np.float32([1]), np.float32([3]))
    assert third == float(np.float32(1 / 3))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6).filter(
        lambda pairs: any(p * y for p, y in pairs)
    )
)
def test_the_last_step_is_the_posterior(pairs):
    w, y = (np.array(part, float) for part in zip(*pairs, strict=True))
    steps = posterior_steps(w / w.sum(), y / 10)
    assert len(steps) == len(pairs) + 2
    np.testing.assert_array_equal(steps.result, posterior(w / w.sum(), y / 10))
    products = [step.value for step in steps[:-2]]
    np.testing.assert_allclose(products, w / w.sum() * y / 10, rtol=1e-13)
    assert steps[-2].value == pytest.approx(sum(products), rel=1e-13, abs=0)
    np.testing.assert_allclose(steps.result, np.array(products) / steps[-2].value, rtol=1e-12)


def test_a_working_is_of_one_observation_and_up_to_6_hypotheses():
    with pytest.raises(ValueError, match="prior must have at most 6 entries"):
        posterior_steps(np.full(7, 1 / 7), np.ones(7))
    with pytest.raises(ValueError, match="likelihood must have the shape"):
        posterior_steps([0.5, 0.5], [[0.5, 0.5]])
