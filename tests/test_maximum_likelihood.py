import math
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.covariance import covariance
from mathref.expectation import mean, variance
from mathref.gaussian import gaussian_logpdf
from mathref.kl_divergence import kl_divergence
from mathref.maximum_likelihood import (
    bernoulli_log_likelihood,
    categorical_log_likelihood,
    fit_bernoulli,
    fit_bernoulli_steps,
    fit_categorical,
    fit_gaussian,
    fit_laplace,
    log_likelihood,
    map_bernoulli,
)

EPS = 2.0**-52
COINS = st.lists(st.integers(0, 1), min_size=1, max_size=20)
REALS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12)


def test_a_log_likelihood_sums_over_examples_as_floats_or_rows():
    seen = []
    assert log_likelihood(lambda x: seen.append(x) or -x, [1, 2.5]) == -3.5
    assert seen == [1.0, 2.5]
    assert all(type(x) is float for x in seen)
    data = np.arange(6.0).reshape(3, 2)
    assert log_likelihood(lambda row: row.__imul__(2).sum(), data) == 30
    np.testing.assert_array_equal(data, np.arange(6.0).reshape(3, 2))
    assert log_likelihood(lambda x: -math.inf if x > 1 else 0.0, [1, 2]) == -math.inf
    assert log_likelihood(lambda x: x, [1e16, 1, -1e16]) == 1
    assert log_likelihood(lambda x: x, [1.7e308, 1.7e308, -1.7e308]) == 1.7e308
    with pytest.raises(np.linalg.LinAlgError, match="log-likelihood must fit"):
        log_likelihood(lambda x: x, [-1.7e308, -1.7e308])


@pytest.mark.parametrize(
    ("value", "error"),
    [(math.nan, ValueError), (math.inf, ValueError), (np.ones(1), ValueError), (None, TypeError), ("1", TypeError),
     (1j, TypeError), (True, TypeError), (object(), TypeError)],
)  # fmt: skip
def test_a_logpdf_that_returns_no_number_is_refused(value, error):
    with pytest.raises(error, match=r"\blogpdf\b"):
        log_likelihood(lambda x: value, [1.0])


def test_what_logpdf_raises_is_passed_on():
    with pytest.raises(ZeroDivisionError):
        log_likelihood(lambda x: 1 / x, [0.0])


# Coins


@given(COINS, st.floats(0, 1))
def test_a_bernoulli_log_likelihood_is_that_of_the_exact_product(x, p):
    k, n = sum(x), len(x)
    found = bernoulli_log_likelihood(x, p)
    likelihood = Fraction(p) ** k * (1 - Fraction(p)) ** (n - k)
    if not likelihood:
        assert found == -math.inf
    else:
        with mpmath.workdps(60):
            p = mpmath.mpf(p)
            terms = (k * mpmath.log(p) if k else 0) + ((n - k) * mpmath.log1p(-p) if k < n else 0)
        assert found == pytest.approx(float(terms), rel=4 * EPS, abs=0)


def test_seven_heads_of_ten():
    x = [1] * 7 + [0] * 3
    assert fit_bernoulli(x) == 0.7
    assert bernoulli_log_likelihood(x, 0.7) == pytest.approx(-6.1086430205, abs=1e-10)
    assert map_bernoulli(x, 2, 2) == 8 / 12
    assert map_bernoulli(x, 1, 1) == 0.7
    assert map_bernoulli(x, 1e308, 1e308) == 0.5
    assert fit_bernoulli(np.array(x, dtype=bool)) == 0.7
    assert bernoulli_log_likelihood([True, False], 0.5) == -2 * math.log(2)


@given(COINS, st.floats(0, 1))
def test_no_other_probability_makes_a_coin_more_likely(x, p):
    assert bernoulli_log_likelihood(x, p) <= bernoulli_log_likelihood(x, fit_bernoulli(x)) * (1 - 1e-14)


def test_likelihoods_of_all_outcomes_add_up_to_1():
    total = sum(math.exp(bernoulli_log_likelihood(x, 0.3)) for x in product([0, 1], repeat=5))
    assert total == pytest.approx(1, rel=1e-14, abs=0)


@pytest.mark.parametrize("bad", [[0, 2], [0.5], [-1, 0]])
def test_anything_but_zeros_and_ones_is_refused(bad):
    for function in (
        lambda x: bernoulli_log_likelihood(x, 0.5),
        fit_bernoulli,
        lambda x: map_bernoulli(x, 1, 1),
        fit_bernoulli_steps,
    ):
        with pytest.raises(ValueError, match="x must hold zeros and ones"):
            function(bad)


def test_parameters_out_of_range_are_refused():
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match=r"\bp must be"):
            bernoulli_log_likelihood([1], p)
    with pytest.raises(ValueError, match="a must be at least 1"):
        map_bernoulli([1], 0.5, 1)
    with pytest.raises(ValueError, match="b must be at least 1"):
        map_bernoulli([1], 1, 0)


# Categories


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=6).filter(
        lambda w: any(q for _, q in w)
    )
)
def test_a_categorical_log_likelihood_is_that_of_the_exact_product(pairs):
    counts, weights = (np.array(part, float) for part in zip(*pairs, strict=True))
    p = weights / weights.sum()
    found = categorical_log_likelihood(counts, p)
    if ((counts > 0) & (p == 0)).any():
        assert found == -math.inf
    else:
        with mpmath.workdps(60):
            total = mpmath.fsum(map(mpmath.mpf, p.tolist()))
            expected = mpmath.fsum(
                c * mpmath.log(mpmath.mpf(q) / total) for c, q in zip(counts, p.tolist(), strict=True) if c
            )
            assert abs(found - expected) <= 4 * EPS * abs(expected)


def test_categorical_log_likelihoods_hold_at_the_edges():
    assert categorical_log_likelihood([0, 0], [0.5, 0.5]) == 0
    assert categorical_log_likelihood([3, 0], [1, 0]) == 0
    assert math.copysign(1, categorical_log_likelihood([3, 0], [1, 0])) == 1
    assert categorical_log_likelihood([1e307, 1e307], [0.5, 0.5]) == pytest.approx(
        -2e307 * math.log(2), rel=1e-15, abs=0
    )
    with pytest.raises(np.linalg.LinAlgError, match="log-likelihood must fit"):
        categorical_log_likelihood([1.7e308, 1.7e308], [1e-10, 1 - 1e-10])
    with pytest.raises(ValueError, match="counts must not be negative"):
        categorical_log_likelihood([-1, 2], [0.5, 0.5])
    with pytest.raises(ValueError, match="counts and p must have the same shape"):
        categorical_log_likelihood([1, 2, 3], [0.5, 0.5])


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=5).filter(any), st.lists(st.integers(1, 9), min_size=5, max_size=5)
)
def test_the_categorical_fit_is_most_likely_and_has_no_divergence_from_the_data(counts, weights):
    fit = fit_categorical(counts)
    other = np.array(weights[: len(counts)]) / sum(weights[: len(counts)])
    best = categorical_log_likelihood(counts, fit)
    assert categorical_log_likelihood(counts, other) <= best + 1e-12 * abs(best)
    gap = (best - categorical_log_likelihood(counts, other)) / sum(counts)
    assert kl_divergence(fit, other, base=math.e) == pytest.approx(gap, abs=1e-13)
    assert kl_divergence(np.array(counts) / sum(counts), fit) <= 1e-15


def test_smoothing_adds_to_each_count():
    np.testing.assert_allclose(fit_categorical([3, 0, 0], smoothing=1), [4 / 6, 1 / 6, 1 / 6], rtol=1e-15)
    np.testing.assert_allclose(fit_categorical([0, 0], smoothing=2), [0.5, 0.5])
    np.testing.assert_allclose(fit_categorical([1.7e308, 1.7e308]), [0.5, 0.5])
    np.testing.assert_allclose(fit_categorical([1.0, 1.0], smoothing=1.7e308), [0.5, 0.5])
    with pytest.raises(ValueError, match="counts must not all be 0"):
        fit_categorical([0, 0])
    with pytest.raises(ValueError, match="smoothing must be at least 0"):
        fit_categorical([1, 0], smoothing=-1)


# Real data


@given(REALS, st.floats(-1, 1), st.floats(0.8, 1.25))
def test_no_other_gaussian_makes_the_data_more_likely(x, shift, stretch):
    fit = fit_gaussian(x)
    assert fit == (mean(x), variance(x))
    if fit.cov > 1e-6:
        best = gaussian_logpdf(x, *fit).sum()
        assert gaussian_logpdf(x, fit.mean + shift, fit.cov * stretch).sum() <= best + 1e-10 * abs(best) + 1e-10


def test_a_gaussian_fit_of_rows_has_a_matrix_and_of_one_example_variance_0():
    X = np.random.default_rng(0).standard_normal((9, 2))
    centre, cov = fit_gaussian(X)
    np.testing.assert_array_equal(centre, mean(X))
    np.testing.assert_array_equal(cov, covariance(X))
    assert fit_gaussian([5.0]) == (5.0, 0.0)
    np.testing.assert_array_equal(fit_gaussian([[1.0, 2.0]]).cov, np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"x must have the shape \(n,\) or \(n, d\)"):
        fit_gaussian(np.ones((2, 2, 2)))
    assert isinstance(fit_gaussian([1, 2]).cov, float)
    assert fit_gaussian(X.astype(np.float32)).cov.dtype == np.float32


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=15))
def test_a_laplace_fit_is_the_median_and_the_exact_mean_distance_from_it(x):
    ordered = sorted(map(Fraction, x))
    n = len(x)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    distance = sum(abs(v - median) for v in ordered) / n
    location, scale = fit_laplace(x)
    assert abs(Fraction(location) - median) <= EPS * abs(median) + Fraction(5e-324)
    assert abs(Fraction(scale) - distance) <= EPS * distance + Fraction(5e-324)


def test_a_laplace_fit_holds_at_the_edge_of_the_range():
    assert fit_laplace([1.7e308, 1.7e308]) == (1.7e308, 0.0)
    assert fit_laplace([-1.7e308, 1.7e308]) == (0.0, 1.7e308)


def test_single_precision_in_gives_single_precision_out():
    assert fit_categorical(np.float32([1, 2])).dtype == np.float32
    assert fit_bernoulli(np.float32([1, 0, 0])) == float(np.float32(1 / 3))
    assert fit_laplace(np.float32([0.1, 0.2, 0.4])).scale == float(
        np.float32(fit_laplace(np.float32([0.1, 0.2, 0.4])).scale)
    )


@given(COINS)
def test_the_last_step_is_the_fit(x):
    steps = fit_bernoulli_steps(x)
    assert [step.value for step in steps] == [sum(x), len(x), fit_bernoulli(x)]
    assert all(type(step.value) is float for step in steps)


def test_a_working_of_more_than_20_outcomes_is_refused():
    with pytest.raises(ValueError, match="x must have at most 20 entries"):
        fit_bernoulli_steps([1] * 21)
