import math
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mathref.covariance import covariance, mahalanobis
from mathref.expectation import mean, standard_deviation
from mathref.gaussian import (
    gaussian_affine,
    gaussian_conditional,
    gaussian_entropy,
    gaussian_kl,
    gaussian_kl_steps,
    gaussian_logpdf,
    gaussian_marginal,
    gaussian_pdf,
    gaussian_sample,
    kl_to_standard_normal,
)

EPS = 2.0**-52
DIGITS = 700  # enough for variances from 1e-300 to 1e300
S = np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 1.0], [0.5, 1.0, 2.0]])
FRACTIONS = st.integers(-20, 20).map(lambda k: k / 4)


def covariances(d, condition, spread, seed=0):
    """A matrix whose correlations are about this ill-conditioned, and its entries' sizes spread over powers of 10."""
    random = np.random.default_rng(seed)
    Q = np.linalg.qr(random.standard_normal((d, d)))[0]
    scales = 10.0 ** np.linspace(-spread, spread, d)
    A = (Q * np.geomspace(1, 1 / condition, d)) @ Q.T * scales[:, np.newaxis] * scales
    return (A + A.T) / 2


def condition_of_correlations(A):
    s = np.sqrt(A.diagonal())
    return np.linalg.cond(A / s / s[:, np.newaxis])


def numbers(x):
    return [mpmath.mpf(float(v)) for v in x]


def exact_factor(A):
    n, L = len(A), mpmath.zeros(len(A))
    for i, j in product(range(n), range(n)):
        if i >= j:
            rest = mpmath.mpf(float(A[i, j])) - mpmath.fsum(L[i, k] * L[j, k] for k in range(j))
            L[i, j] = mpmath.sqrt(rest) if i == j else rest / L[j, j]
    return L


def substituted(L, b):
    y = []
    for i in range(L.rows):
        y.append((b[i] - mpmath.fsum(L[i, k] * y[k] for k in range(i))) / L[i, i])
    return y


def exact_logpdf(x, centre, A):
    L, gap = exact_factor(A), [a - b for a, b in zip(numbers(x), numbers(centre), strict=True)]
    squares = mpmath.fsum(v * v for v in substituted(L, gap))
    logs = mpmath.fsum(mpmath.log(L[i, i]) for i in range(L.rows))
    return -squares / 2 - logs - len(gap) * mpmath.log(2 * mpmath.pi) / 2


def exact_kl(m0, A0, m1, A1):
    L0, L1, d = exact_factor(A0), exact_factor(A1), len(A0)
    trace = mpmath.fsum(v * v for j in range(d) for v in substituted(L1, [L0[i, j] for i in range(d)]))
    gap = substituted(L1, [a - b for a, b in zip(numbers(m0), numbers(m1), strict=True)])
    logs = mpmath.fsum(mpmath.log(L1[i, i] / L0[i, i]) for i in range(d))
    return (trace - d + 2 * logs + mpmath.fsum(v * v for v in gap)) / 2


# Densities


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("condition", [1, 1e4, 1e12])
@pytest.mark.parametrize("spread", [0, 8, 140])
def test_log_densities_are_right_for_every_size_and_far_into_the_tails(d, condition, spread):
    A, random = covariances(d, condition, spread), np.random.default_rng(d)
    scales = np.sqrt(A.diagonal())
    centre = scales * random.standard_normal(d)
    X = centre + scales * random.standard_normal((4, d)) * np.array([[1e-3], [1], [1e3], [1e30]])
    found = gaussian_logpdf(X, centre, A)
    with mpmath.workdps(DIGITS):
        for value, x in zip(found, X, strict=True):
            expected = exact_logpdf(x, centre, A)
            assert abs(value - expected) <= 1e-13 * d * condition_of_correlations(A) * (1 + abs(expected))
            assert gaussian_logpdf(x, centre, A) == pytest.approx(value, rel=1e-10, abs=0)


@given(
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-3, 3), st.floats(-40, 40)), min_size=1, max_size=4),
    st.sampled_from([1.0, 1e5]),
)
def test_log_densities_of_independent_entries_keep_their_digits_where_terms_cancel(entries, far):
    variances = np.array([10.0**v for v, _, _ in entries])
    centre = np.array([m for _, m, _ in entries]) * np.sqrt(variances)
    x = centre + far * np.array([z for _, _, z in entries]) * np.sqrt(variances)
    with mpmath.workdps(DIGITS):
        expected = exact_logpdf(x, centre, np.diag(variances))
        assert abs(gaussian_logpdf(x, centre, variances) - expected) <= 1e-15 * len(x) * (1 + abs(expected)) * 4
        assert abs(gaussian_logpdf(x, centre, np.diag(variances)) - expected) <= 1e-13 * len(x) * (1 + abs(expected))
        if len(x) == 1:
            single = gaussian_logpdf(x[0], centre[0], variances[0])
            assert abs(single - expected) <= 4e-15 * (1 + abs(expected))


def test_a_log_density_is_minus_infinity_only_beyond_the_range():
    assert gaussian_logpdf(1.8e154, 0, 1) == pytest.approx(-1.62e308, rel=1e-14, abs=0)
    assert gaussian_logpdf(1.9e154, 0, 1) == -math.inf
    assert gaussian_logpdf([1.8e154, 0], [0, 0], np.eye(2)) == pytest.approx(-1.62e308, rel=1e-14, abs=0)
    assert gaussian_logpdf([1.5e154, 1.5e154], [0, 0], [1, 1]) == -math.inf
    assert gaussian_logpdf([1.2e154, 1.2e154], [0, 0], [1, 1]) == pytest.approx(-1.44e308, rel=1e-14, abs=0)
    # (3.4e308)² / (2 · 1.7e308) = 3.4e308
    assert gaussian_logpdf(1.7e308, -1.7e308, 1.7e308) == -math.inf
    assert gaussian_logpdf(1.7e308, -1e308, 1e308) == -math.inf
    assert gaussian_logpdf(1e308, -1e308, 1.7e308) == pytest.approx(-1e308 / 0.85, rel=1e-14, abs=0)
    assert gaussian_logpdf([[0.0, 1e300]], [0, 0], [[1, 0.5], [0.5, 1]])[0] == -math.inf


def test_a_density_may_exceed_1_and_underflows_to_0():
    assert gaussian_pdf(0, 0, 0.01) == pytest.approx(10 / math.sqrt(2 * math.pi), rel=4 * EPS, abs=0)
    assert gaussian_pdf(40, 0, 1) == 0
    with pytest.raises(np.linalg.LinAlgError, match="density must fit"):
        gaussian_pdf(np.zeros(3), np.zeros(3), np.full(3, 1e-300))


def test_densities_agree_with_scipy():
    X = np.random.default_rng(0).standard_normal((9, 3))
    np.testing.assert_allclose(gaussian_logpdf(X, np.ones(3), S), stats.multivariate_normal(np.ones(3), S).logpdf(X))
    np.testing.assert_allclose(gaussian_pdf(X, 1, 4), stats.norm(1, 2).pdf(X), rtol=1e-13)


def test_a_density_on_a_grid_adds_up_to_1():
    x = np.linspace(-12, 12, 241)
    points = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)
    assert gaussian_pdf(points, [0, 0], [[2, 1], [1, 2]]).sum() * 0.1**2 == pytest.approx(1, rel=1e-12, abs=0)


def test_the_exponent_is_half_the_squared_mahalanobis_distance():
    x, centre = np.array([1.0, -2.0, 0.5]), np.array([0.5, 0.0, 1.0])
    fall = gaussian_logpdf(centre, centre, S) - gaussian_logpdf(x, centre, S)
    assert fall == pytest.approx(mahalanobis(x, centre, S) ** 2 / 2, rel=1e-13, abs=0)


@pytest.mark.parametrize(
    ("x", "centre", "cov", "name"),
    [
        ([1, 2], 0, [1, 1], "cov"),
        ([1, 2], [0, 0], 1, "cov"),
        ([1, 2], [0, 0], np.eye(3), "cov"),
        ([1, 2, 3], [0, 0], [1, 1], "x"),
        (1, [0, 0], [1, 1], "x"),
        ([1, 2], [[0, 0]], [1, 1], "mean"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_by_name(x, centre, cov, name):
    for function in (gaussian_logpdf, gaussian_pdf):
        with pytest.raises(ValueError, match=rf"\b{name} must"):
            function(x, centre, cov)


@pytest.mark.parametrize("cov", [0, -1.0, [1, 0, 1], [1, -1, 1], np.ones((3, 3)), np.diag([1, 0, 1]), -S])
def test_a_density_needs_a_positive_definite_covariance(cov):
    centre = np.zeros(3) if np.ndim(cov) else 0.0
    for call in (
        lambda: gaussian_logpdf(centre, centre, cov),
        lambda: gaussian_pdf(centre, centre, cov),
        lambda: gaussian_entropy(cov),
    ):
        with pytest.raises(np.linalg.LinAlgError, match=r"\bcov must be positive definite"):
            call()
    for name, call in (
        ("cov0", lambda: gaussian_kl(centre, cov, centre, np.ones(np.shape(centre)))),
        ("cov1", lambda: gaussian_kl(centre, np.ones(np.shape(centre)), centre, cov)),
    ):
        with pytest.raises(np.linalg.LinAlgError, match=rf"\b{name} must be positive definite"):
            call()


# Divergences


@pytest.mark.parametrize("departure", [1e-13, 1e-10, 1e-5, 0.1, 0.5, 2, 30])
@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("spread", [0, 100])
def test_divergences_keep_nine_digits_also_where_the_two_nearly_agree(departure, d, spread):
    random = np.random.default_rng(d)
    for condition in (1, 1e2, 1e4):
        A = covariances(d, condition, spread, seed=d)
        scales = np.sqrt(A.diagonal())
        B = covariances(d, 10, 0, seed=d + 1)
        B = A + departure * B / B.max() * scales[:, np.newaxis] * scales
        B = (B + B.T) / 2
        m0 = random.standard_normal(d) * scales
        for m1 in (m0, m0 + departure * scales * random.standard_normal(d)):
            for one, other in (((m0, A), (m1, B)), ((m1, B), (m0, A))):
                with mpmath.workdps(DIGITS):
                    expected = exact_kl(*one, *other)
                    assert abs(gaussian_kl(*one, *other) - expected) <= 1e-10 * expected


@given(st.lists(st.tuples(FRACTIONS, st.integers(1, 20), FRACTIONS, st.integers(1, 20)), min_size=1, max_size=4))
def test_all_forms_of_independent_gaussians_have_the_same_divergence(entries):
    m0, v0, m1, v1 = (np.array(part, float) / 4 for part in zip(*entries, strict=True))
    expected = gaussian_kl(m0, v0, m1, v1)
    assert expected >= 0
    assert (expected == 0) == ((m0 == m1).all() and (v0 == v1).all())
    for a, b in product((v0, np.diag(v0)), (v1, np.diag(v1))):
        assert gaussian_kl(m0, a, m1, b) == pytest.approx(expected, rel=1e-12, abs=0)
    apart = sum(gaussian_kl(*entry) for entry in zip(m0, v0, m1, v1, strict=True))
    assert apart == pytest.approx(expected, rel=1e-14, abs=0)
    bits = gaussian_kl(m0, v0, m1, v1, base=2)
    assert bits == pytest.approx(expected / math.log(2), rel=1e-15, abs=0)


def test_divergences_hold_at_the_edges():
    assert gaussian_kl(1, 1, 0, 4) == pytest.approx(math.log(2) + 2 / 8 - 1 / 2, rel=1e-14, abs=0)
    assert gaussian_kl([1, 2, 3], S, [1, 2, 3], S) == 0.0
    assert gaussian_kl(0, 1e-300, 0, 1e300) == pytest.approx(0.5 * (600 * math.log(10) - 1), rel=1e-14, abs=0)
    assert gaussian_kl(0, 1e150, 0, 1e-150) == pytest.approx(5e299, rel=1e-14, abs=0)
    assert gaussian_kl([0], [[1e150]], [0], [1e-150]) == pytest.approx(5e299, rel=1e-14, abs=0)
    assert gaussian_kl([0, 0], np.diag([1e-16, 1e16]), [0, 0], np.eye(2)) == pytest.approx(5e15, rel=1e-14, abs=0)
    narrow = [[2e-20, 1e-20], [1e-20, 2e-20]]
    expected = 0.5 * (4e-20 - 2 - math.log(3) + 40 * math.log(10))
    assert gaussian_kl([0, 0], narrow, [0, 0], [1, 1]) == pytest.approx(expected, rel=1e-14, abs=0)
    for forms in ((1e300, 1e-300), ([1e300], [1e-300]), ([[1e300]], [[1e-300]])):
        centre = 0 if np.ndim(forms[0]) == 0 else [0]
        with pytest.raises(np.linalg.LinAlgError, match="divergence must fit"):
            gaussian_kl(centre, forms[0], centre, forms[1])
    with pytest.raises(np.linalg.LinAlgError, match="divergence must fit"):
        gaussian_kl(1e200, 1, 0, 1)
    with pytest.raises(ValueError, match="mean0 and mean1 must have the same shape"):
        gaussian_kl([0], [1], [0, 0], [1, 1])


@given(st.lists(st.tuples(FRACTIONS, st.floats(-5, 5)), min_size=1, max_size=5))
def test_the_loss_of_an_autoencoder_is_the_divergence_from_the_standard_normal(entries):
    m, logs = (np.array(part, float) for part in zip(*entries, strict=True))
    with mpmath.workdps(400):  # the logarithm of a variance may be as small as the smallest number
        terms = [mpmath.mpf(a) ** 2 + mpmath.expm1(mpmath.mpf(b)) - mpmath.mpf(b) for a, b in zip(m, logs, strict=True)]
        expected = mpmath.fsum(terms) / 2
        assert abs(kl_to_standard_normal(m, logs) - expected) <= max(2e-15 * expected, 1e-323)
    other = gaussian_kl(m, np.exp(logs), np.zeros_like(m), np.ones_like(m))
    assert other == pytest.approx(float(expected), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("size", [1e-150, 1e-12, 1e-8, 1e-3, 0.1, 0.4, 0.5, 3, 100, 700])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_loss_of_an_autoencoder_keeps_its_digits_near_0(size, sign):
    with mpmath.workdps(400):
        x = mpmath.mpf(sign * size)
        expected = (mpmath.exp(x) - 1 - x) / 2
        assert abs(kl_to_standard_normal(0.0, sign * size) - expected) <= 1e-13 * expected
        assert abs(kl_to_standard_normal([size], [0.0]) - x * x / 2) <= 1e-15 * x * x


def test_the_loss_of_an_autoencoder_is_one_number_an_example():
    m, logs = np.arange(24.0).reshape(2, 3, 4) / 10, np.linspace(-1, 1, 24).reshape(2, 3, 4)
    terms = np.vectorize(kl_to_standard_normal)(m, logs)
    for axis in (-1, 0, 1, (1, 2), None):
        np.testing.assert_allclose(kl_to_standard_normal(m, logs, axis=axis), terms.sum(axis=axis), rtol=1e-13)
    assert kl_to_standard_normal(m, logs).shape == (2, 3)
    assert isinstance(kl_to_standard_normal(m[0, 0], logs[0, 0]), float)
    assert kl_to_standard_normal(0.0, 1000.0) == kl_to_standard_normal([1e200, 0], [0.0, 0]) == math.inf
    assert kl_to_standard_normal(1.5e154, 0.0) == pytest.approx(1.125e308, rel=1e-14, abs=0)
    with pytest.raises(ValueError, match="mean and log_var must have the same shape"):
        kl_to_standard_normal(m, logs[0])
    with pytest.raises(ValueError, match="axis must be from"):
        kl_to_standard_normal(m, logs, axis=3)


def test_entropies_follow_from_determinants():
    half = 0.5 * math.log(2 * math.pi * math.e)
    assert gaussian_entropy(1) == pytest.approx(half, rel=1e-15, abs=0)
    assert gaussian_entropy([4, 1]) == gaussian_entropy(np.diag([4, 1])) == pytest.approx(2 * half + math.log(2))
    assert gaussian_entropy(S) == pytest.approx(3 * half + 0.5 * math.log(np.linalg.det(S)), rel=1e-14, abs=0)
    assert gaussian_entropy(1e-300) < 0
    assert gaussian_entropy(S, base=2) == pytest.approx(gaussian_entropy(S) / math.log(2), rel=1e-15, abs=0)
    np.testing.assert_allclose(gaussian_entropy([1e-300, 1e300]), 2 * half, rtol=1e-13)


# Maps, parts, conditions


@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.integers(-5, 5), min_size=4, max_size=4),
)
def test_an_affine_map_acts_on_mean_and_covariance(A, b):
    A, b = np.array(A, float), np.array(b[: len(A)], float)
    found = gaussian_affine([1, 2, 3], S, A, b)
    np.testing.assert_allclose(found.mean, A @ [1, 2, 3] + b, atol=1e-13)
    np.testing.assert_allclose(found.cov, A @ S @ A.T, atol=1e-13)
    np.testing.assert_array_equal(found.cov, found.cov.T)


def test_affine_maps_reach_over_the_whole_range_and_take_singular_covariances():
    found = gaussian_affine([1e16, 1, -1e16], [0, 0, 0], np.ones((1, 3)), [0])
    assert found.mean[0] == 1
    assert found.cov[0, 0] == 0
    found = gaussian_affine([0.0, 0], [1e200, 1e-200], [[1e50, 0], [0, 1e150]], [0, 0])
    np.testing.assert_allclose(found.cov, [[1e300, 0], [0, 1e100]], rtol=1e-14)
    singular = gaussian_affine([0, 0], [1, 1], [[1, 0], [0, 1], [1, 1]], np.zeros(3))
    np.testing.assert_array_equal(gaussian_affine(*singular, np.ones((1, 3)), [0]).cov, [[8]])
    with pytest.raises(np.linalg.LinAlgError, match="cov must be positive semidefinite"):
        gaussian_affine([0, 0], [[1, 2], [2, 1]], np.eye(2), [0, 0])
    with pytest.raises(np.linalg.LinAlgError, match="covariance must fit"):
        gaussian_affine([0.0], [1e200], [[1e60]], [0])
    for A, b, name in (([[1, 2, 3]], [0], "A"), ([[1, 2]], [0, 0], "b")):
        with pytest.raises(ValueError, match=rf"\b{name} must"):
            gaussian_affine([0, 0], [1, 1], A, b)


@given(st.permutations([0, 1, 2]), st.integers(1, 3))
def test_a_marginal_picks_entries_in_the_order_wanted(order, count):
    keep = order[:count]
    found = gaussian_marginal([1, 2, 3], S, keep)
    np.testing.assert_array_equal(found.mean, np.array([1, 2, 3])[keep])
    np.testing.assert_array_equal(found.cov, S[np.ix_(keep, keep)])
    np.testing.assert_array_equal(
        gaussian_marginal([1, 2, 3], [4, 5, 6], keep).cov, np.diag([4, 5, 6])[np.ix_(keep, keep)]
    )


def test_a_covariance_that_misses_symmetry_by_rounding_comes_back_symmetric():
    A = S + np.triu(np.full((3, 3), 1e-13), 1)
    for cov in (gaussian_marginal([1, 2, 3], A, [2, 0, 1]).cov, gaussian_conditional([1, 2, 3], A, [0], [1]).cov):
        np.testing.assert_array_equal(cov, cov.T)


@pytest.mark.parametrize("condition", [1, 1e6, 1e13])
@pytest.mark.parametrize("spread", [0, 100])
@pytest.mark.parametrize("d", [2, 3, 6])
def test_a_conditional_has_the_schur_complement_as_covariance(d, condition, spread):
    A = covariances(d, condition, spread)
    scales = np.sqrt(A.diagonal())
    centre, observed = scales * np.arange(1, d + 1), list(range(d))[::-2]
    values = centre[observed] + 3 * scales[observed]
    others = [i for i in range(d) if i not in observed]
    found = gaussian_conditional(centre, A, observed, values)
    np.testing.assert_array_equal(found.cov, found.cov.T)
    with mpmath.workdps(DIGITS * 2):
        exact = mpmath.matrix(A.tolist())
        inner = mpmath.matrix([[exact[i, j] for j in observed] for i in observed])
        cross = mpmath.matrix([[exact[i, j] for j in observed] for i in others])
        gain = cross * inner**-1
        shift = gain * mpmath.matrix([a - b for a, b in zip(numbers(values), numbers(centre[observed]), strict=True)])
        rest = mpmath.matrix([[exact[i, j] for j in others] for i in others]) - gain * cross.T
        for a, i in enumerate(others):
            expected = mpmath.mpf(float(centre[i])) + shift[a]
            assert abs(found.mean[a] - expected) <= 1e-14 * abs(expected)
            for b in range(len(others)):
                assert abs(found.cov[a, b] - rest[a, b]) <= 1e-14 * mpmath.sqrt(rest[a, a] * rest[b, b])


def test_conditions_by_hand_and_their_order():
    found = gaussian_conditional([0, 0], [[2, 1], [1, 2]], [1], [4])
    assert (found.mean.tolist(), found.cov.tolist()) == ([2.0], [[1.5]])
    found = gaussian_conditional([-1e308, 0], [[1, 0.5], [0.5, 1]], [0], [1e308])
    np.testing.assert_array_equal(found.mean, [1e308])
    a = gaussian_conditional([1, 2, 3], S, [2, 0], [5, 6])
    b = gaussian_conditional([1, 2, 3], S, [0, 2], [6, 5])
    np.testing.assert_allclose(a.mean, b.mean, rtol=1e-15)
    np.testing.assert_allclose(a.cov, b.cov, rtol=1e-15)
    joint = gaussian_logpdf([6, 4, 5], [1, 2, 3], S)
    known = gaussian_logpdf([6, 5], *gaussian_marginal([1, 2, 3], S, [0, 2]))
    assert joint == pytest.approx(known + gaussian_logpdf([4], *a), rel=1e-13, abs=0)


def test_observing_never_widens_and_independent_entries_do_not_move():
    found = gaussian_conditional([1, 2], [3, 4], [0], [1e9])
    assert (found.mean.tolist(), found.cov.tolist()) == ([2.0], [[4.0]])
    assert (gaussian_conditional([0, 0, 0], S, [0], [9]).cov.diagonal() < S.diagonal()[1:]).all()


def test_many_entries_are_conditioned_by_blocks_to_the_same_numbers():
    d = 140
    A = covariances(d, 1e3, 0)
    found = gaussian_conditional(np.zeros(d), A, list(range(60)), np.ones(60))
    gain = np.linalg.solve(A[:60, :60], A[:60, 60:]).T
    np.testing.assert_allclose(found.mean, gain.sum(axis=1), atol=1e-11)
    np.testing.assert_allclose(found.cov, A[60:, 60:] - gain @ A[:60, 60:], atol=1e-12)


@pytest.mark.parametrize(
    ("bad", "error"),
    [([], ValueError), ([0, 0], ValueError), ([3], ValueError), ([-1], ValueError), ([0.0], TypeError), (0, TypeError),
     ([True], TypeError), ("01", TypeError), (None, TypeError), ({0, 1}, TypeError)],
)  # fmt: skip
def test_indices_that_name_no_entries_are_refused(bad, error):
    with pytest.raises(error, match=r"\bkeep must"):
        gaussian_marginal([1, 2, 3], S, bad)
    with pytest.raises(error, match=r"\bobserved must"):
        gaussian_conditional([1, 2, 3], S, bad, [0.0] * (len(bad) if isinstance(bad, list) else 1) or [0.0])


def test_observing_all_or_other_numbers_of_values_is_refused():
    with pytest.raises(ValueError, match="observed must leave an entry open"):
        gaussian_conditional([0, 0], [1, 1], [0, 1], [0, 0])
    with pytest.raises(ValueError, match="values must have 1 entries"):
        gaussian_conditional([0, 0], [1, 1], [0], [0, 0])
    for call in (lambda: gaussian_marginal(0, 1, [0]), lambda: gaussian_affine(0, 1, [[1]], [0])):
        with pytest.raises(ValueError, match="mean must be a vector"):
            call()


# Samples


def test_samples_have_mean_and_covariance_within_five_standard_errors():
    n = 40_000
    x = gaussian_sample([1, 2, 3], S, n, np.random.default_rng(0))
    assert x.shape == (n, 3)
    assert (np.abs(mean(x) - [1, 2, 3]) <= 5 * np.sqrt(S.diagonal() / n)).all()
    errors = np.sqrt((np.outer(S.diagonal(), S.diagonal()) + S**2) / n)
    assert (np.abs(covariance(x) - S) <= 5 * errors).all()
    single = gaussian_sample(5, 4, n, np.random.default_rng(1))
    assert abs(mean(single) - 5) <= 5 * 2 / math.sqrt(n)
    assert abs(standard_deviation(single) - 2) <= 5 * 2 / math.sqrt(2 * n)


def test_samples_of_a_singular_covariance_stay_on_its_plane():
    B = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 1.0], [0.0, 0.0]])
    x = gaussian_sample([0, 0, 0, 7], B @ B.T, 1000, np.random.default_rng(2))
    np.testing.assert_allclose(x[:, 0] + x[:, 1], x[:, 2], atol=1e-12)
    np.testing.assert_array_equal(x[:, 3], 7)
    z = np.linalg.lstsq(B, x.T - np.array([[0], [0], [0], [7]]), rcond=None)[0]
    assert (np.abs(covariance(z.T) - np.eye(2)) <= 5 * np.sqrt(2 / 1000)).all()
    assert gaussian_sample(3, 0, 2, np.random.default_rng(0)).tolist() == [3, 3]
    assert gaussian_sample([3, 4], [0, 1], 2, np.random.default_rng(0))[:, 0].tolist() == [3, 3]
    nearly = np.diag([1.0, -1e-13])
    np.testing.assert_array_equal(gaussian_sample([0, 5], nearly, 3, np.random.default_rng(0))[:, 1], 5)


def test_equal_states_give_equal_samples_and_other_sources_are_refused():
    one, other = (gaussian_sample([0, 0], [[2, 1], [1, 2]], 3, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    for bad in (None, 0, np.random.RandomState(0), np.random, "seed"):
        with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator"):
            gaussian_sample(0, 1, 3, bad)
    with pytest.raises(ValueError, match="n must be at least 1"):
        gaussian_sample(0, 1, 0, np.random.default_rng(0))
    for cov in ([[1, 2], [2, 1]], [1, -1e-3]):
        with pytest.raises(np.linalg.LinAlgError, match="cov must be positive semidefinite"):
            gaussian_sample([0, 0], cov, 3, np.random.default_rng(0))
    with pytest.raises(np.linalg.LinAlgError, match="cov must be positive semidefinite"):
        gaussian_sample(0, -1, 3, np.random.default_rng(0))


# Precision, workings


def test_single_precision_in_gives_single_precision_out():
    m, A, v = np.float32([1, 2]), np.float32([[2, 1], [1, 2]]), np.float32([1, 2])
    results = [gaussian_logpdf(np.float32([[1, 2]]), m, A), gaussian_pdf(np.float32([0, 1]), 0, 1)]
    results += [gaussian_sample(m, A, 2, np.random.default_rng(0)), kl_to_standard_normal(A, A)]
    results += [*gaussian_affine(m, v, A, v), *gaussian_marginal(m, v, [0]), *gaussian_conditional(m, A, [0], m[:1])]
    assert {result.dtype for result in results} == {np.dtype(np.float32)}
    assert gaussian_logpdf(np.float32([[1, 2]]), [0.0, 0.0], A).dtype == np.float64
    divergence = gaussian_kl(m, A, m, v)
    assert divergence == float(np.float32(divergence))


@given(FRACTIONS, st.integers(1, 40), FRACTIONS, st.integers(1, 40))
def test_the_last_step_is_the_divergence(m0, v0, m1, v1):
    steps = gaussian_kl_steps(m0, v0 / 4, m1, v1 / 4)
    assert len(steps) == 4
    assert steps.result == gaussian_kl(m0, v0 / 4, m1, v1 / 4)
    assert steps[0].value == pytest.approx(math.log(v1 / v0) / 2, rel=1e-13, abs=0)
    assert steps[1].value == pytest.approx((v0 / 4 + (m0 - m1) ** 2) / (v1 / 2), rel=1e-13, abs=0)
    assert steps[2].value == -0.5
    assert sum(step.value for step in steps[:3]) == pytest.approx(steps.result, abs=1e-12 * (1 + steps[1].value))


def test_steps_need_positive_variances():
    for name, arguments in (("var0", (0, 0, 0, 1)), ("var1", (0, 1, 0, -1))):
        with pytest.raises(ValueError, match=rf"\b{name} must be greater than 0"):
            gaussian_kl_steps(*arguments)
