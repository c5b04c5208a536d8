import math
from fractions import Fraction

import families
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import distance

from mathref.covariance import (
    correlation,
    covariance,
    covariance_steps,
    cross_covariance,
    mahalanobis,
    whiten,
)
from mathref.expectation import mean, variance

EPS = 2.0**-52
SMALL = arrays(float, st.tuples(st.integers(2, 7), st.integers(1, 4)), elements=st.integers(-8, 8).map(float))


def exact_covariance(x, y, w=None, ddof=0):
    w = [1] * len(x) if w is None else w
    x, y, w = (list(map(Fraction, map(float, part))) for part in (x, y, w))
    total = sum(w)
    a, b = (sum(u * v for u, v in zip(part, w, strict=True)) / total for part in (x, y))
    return sum(u * (s - a) * (t - b) for s, t, u in zip(x, y, w, strict=True)) / (total - ddof)


def hard_data():
    random = np.random.default_rng(1)
    for n, d in ((2, 2), (5, 3), (300, 4), (1000, 2)):
        X = random.standard_normal((n, d)) @ random.standard_normal((d, d))
        yield X
        yield 1e8 + 1e-6 * X
        yield X * 10.0 ** np.linspace(-150, 140, d)
        yield X + 1e12 * np.arange(d)
    yield np.cumsum(random.standard_normal((500, 3)), axis=0)


HARD = list(hard_data())


@pytest.mark.parametrize("X", HARD, ids=lambda X: f"{X.shape} from {X[0, 0]:.3g}")
@pytest.mark.parametrize("ddof", [0, 1])
def test_covariances_are_right_to_1e_13_of_the_deviations_whatever_the_offset(X, ddof):
    found = covariance(X, ddof=ddof)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(found.diagonal(), variance(X, ddof=ddof))
    for i, j in np.ndindex(found.shape):
        gap = Fraction(found[i, j]) - exact_covariance(X[:, i], X[:, j], ddof=ddof)
        assert abs(gap) <= 1e-13 * math.sqrt(found[i, i]) * math.sqrt(found[j, j])
    other = cross_covariance(X, X[:, :1], ddof=ddof)
    sizes = np.sqrt(found.diagonal())
    assert (np.abs(other[:, 0] - found[:, 0]) <= 1e-13 * sizes * sizes[0]).all()


def test_weights_count_examples_and_reach_over_the_whole_range():
    X = np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 4.0]])
    repeated = X[[0, 0, 2, 2, 2]]
    np.testing.assert_allclose(covariance(X, [2, 0, 3], ddof=1), covariance(repeated, ddof=1), rtol=1e-14)
    for w in ([1e-320, 1.0, 1e-300], [1e308, 1e308, 1e300], [0.5, 0.25, 0.25]):
        found = covariance(X, w)
        for i, j in np.ndindex(2, 2):
            expected = exact_covariance(X[:, i], X[:, j], w)
            bound = 1e-13 * math.sqrt(found[i, i]) * math.sqrt(found[j, j])
            assert abs(Fraction(found[i, j]) - expected) <= bound
    with pytest.raises(ValueError, match="weights must have the shape"):
        covariance(X, [1.0, 2.0])


@given(SMALL, arrays(float, (4, 2), elements=st.integers(-3, 3).map(float)))
def test_a_linear_map_acts_on_covariances_from_both_sides(X, A):
    A = A[: X.shape[1]]
    np.testing.assert_allclose(covariance(X @ A), A.T @ covariance(X) @ A, atol=1e-10)
    np.testing.assert_allclose(cross_covariance(X @ A, X), A.T @ covariance(X), atol=1e-10)


@given(SMALL)
def test_correlations_are_symmetric_within_1_and_exactly_1_on_the_diagonal(X):
    X = X + 1e-3 * np.arange(len(X) * X.shape[1]).reshape(X.shape) ** 2
    if (np.ptp(X, axis=0) == 0).any():
        return
    R = correlation(X)
    np.testing.assert_array_equal(R, R.T)
    np.testing.assert_array_equal(R.diagonal(), 1.0)
    assert (np.abs(R) <= 1).all()
    s = np.sqrt(covariance(X).diagonal())
    np.testing.assert_allclose(R * s[:, np.newaxis] * s, covariance(X), rtol=1e-12, atol=1e-13)


def test_the_example_by_hand():
    X = [[1, 2], [3, 6], [5, 4]]
    np.testing.assert_array_equal(covariance(X, ddof=1), [[4, 2], [2, 4]])
    np.testing.assert_array_equal(correlation(X), [[1, 0.5], [0.5, 1]])


def test_uncorrelated_is_not_independent():
    X = np.array([[-1, 1], [0, 0], [1, 1]])
    assert covariance(X)[0, 1] == 0
    assert correlation(X)[0, 1] == 0


def test_proportional_columns_have_correlation_1_or_minus_1():
    x = np.random.default_rng(0).standard_normal(1000)
    np.testing.assert_allclose(correlation(np.stack([x, 3e200 * x, -1e-200 * x], axis=1))[0], [1, 1, -1], rtol=4 * EPS)


def test_a_constant_column_has_no_correlation():
    with pytest.raises(ValueError, match="X must have no constant column, but column 1"):
        correlation([[1, 2], [3, 2]])
    with pytest.raises(ValueError, match="X must have no constant column"):
        correlation([[1.0, 2.0]])


def test_covariances_agree_with_numpy():
    X = np.random.default_rng(3).standard_normal((50, 4))
    w = np.arange(50)
    np.testing.assert_allclose(covariance(X, ddof=1), np.cov(X.T), rtol=1e-12)
    np.testing.assert_allclose(covariance(X, w), np.cov(X.T, aweights=w, ddof=0), rtol=1e-12)
    np.testing.assert_allclose(correlation(X), np.corrcoef(X.T), rtol=1e-12)


def test_covariances_beyond_the_range_are_refused():
    X = [[1e200, 1.0], [-1e200, 2.0]]
    for call in (lambda: covariance(X), lambda: cross_covariance(X, X)):
        with pytest.raises(np.linalg.LinAlgError, match="covariance must fit in doubles"):
            call()
    assert correlation(X)[0, 1] == pytest.approx(-1, rel=4 * EPS, abs=0)


def test_ddof_below_the_number_of_examples_is_asked_for():
    X = np.eye(3)
    for call in (
        lambda: covariance(X, ddof=3),
        lambda: covariance(X, [0.1, 0.2, 0.3], ddof=1),
        lambda: cross_covariance(X, X, ddof=3),
        lambda: whiten(X, ddof=3),
        lambda: covariance_steps(X, ddof=3),
    ):
        with pytest.raises(ValueError, match="ddof must be less"):
            call()


# Whitening


@pytest.mark.parametrize("method", ["zca", "pca", "cholesky"])
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("condition", [1, 1e3, 1e5])
def test_whitened_data_have_the_identity_as_covariance(method, ddof, condition):
    random = np.random.default_rng(4)
    Q = np.linalg.qr(random.standard_normal((4, 4)))[0]
    X = 1e3 + random.standard_normal((200, 4)) * np.geomspace(1, 1 / condition, 4) @ Q
    data, transform, centre = whiten(X, method=method, ddof=ddof)
    np.testing.assert_allclose(covariance(data, ddof=ddof), np.eye(4), atol=1e-9)
    np.testing.assert_array_equal(centre, mean(X))
    np.testing.assert_allclose((X - centre) @ transform, data, atol=1e-9 * condition / 1e3 + 1e-9)
    S = covariance(X, ddof=ddof)
    np.testing.assert_allclose(transform.T @ S @ transform, np.eye(4), atol=1e-14 * condition**2 + 1e-12)
    if method == "zca":
        np.testing.assert_array_equal(transform, transform.T)
        assert np.linalg.eigvalsh(transform)[0] > 0
    if method == "pca":
        lengths = np.linalg.norm(transform, axis=0)
        assert (np.diff(lengths) > -1e-9 * lengths[0]).all()
        directions = transform / lengths
        np.testing.assert_allclose(directions.T @ directions, np.eye(4), atol=1e-12)
        assert (directions[np.abs(directions).argmax(axis=0), range(4)] > 0).all()
    if method == "cholesky":
        np.testing.assert_array_equal(np.triu(transform), transform)
        assert (transform.diagonal() > 0).all()


def test_whitening_by_cholesky_scales_with_columns_of_every_size():
    X = np.random.default_rng(5).standard_normal((20, 3)) * [1e-200, 1.0, 1e200]
    np.testing.assert_allclose(covariance(whiten(X, method="cholesky").data), np.eye(3), atol=1e-12)


@pytest.mark.parametrize("method", ["zca", "pca", "cholesky"])
def test_dependent_columns_cannot_be_whitened(method):
    x = np.random.default_rng(6).standard_normal((20, 3))
    for X in (x[:3], np.column_stack([x, x[:, 0] + x[:, 1]]), np.column_stack([x, np.ones(20)]), x[:1]):
        with pytest.raises(np.linalg.LinAlgError, match=r"\bX must have independent columns"):
            whiten(X, method=method)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method must be one of 'zca', 'pca', 'cholesky'"):
        whiten(np.eye(3), method="svd")


# Mahalanobis


def exact_distance(x, centre, cov):
    with mpmath.workdps(1500):
        gap = mpmath.matrix([mpmath.mpf(float(a)) - mpmath.mpf(float(b)) for a, b in zip(x, centre, strict=True)])
        return mpmath.sqrt((gap.T * mpmath.lu_solve(mpmath.matrix(np.asarray(cov).tolist()), gap))[0])


@pytest.mark.parametrize("scale", [1.0, 1e-150, 1e150])
@pytest.mark.parametrize("family", [families.hilbert, families.pascal])
def test_mahalanobis_distances_are_right(family, scale):
    A = family(5)
    S = A / A.max()
    scales = scale ** np.linspace(-1, 1, 5)
    cov = S * scales[:, np.newaxis] * scales
    cov = (cov + cov.T) / 2
    condition = np.linalg.cond(S / np.sqrt(np.outer(S.diagonal(), S.diagonal())))
    X = np.random.default_rng(7).standard_normal((3, 5)) * scales
    found = mahalanobis(X, np.ones(5) * scales, cov)
    for distance_found, x in zip(found, X, strict=True):
        expected = exact_distance(x, np.ones(5) * scales, cov)
        assert abs(distance_found - expected) <= 5e-15 * condition * expected
        assert mahalanobis(x, np.ones(5) * scales, cov) == pytest.approx(distance_found, rel=1e-14 * condition, abs=0)


def test_mahalanobis_agrees_with_scipy_and_does_not_overflow():
    S = np.array([[2.0, 1.0], [1.0, 3.0]])
    assert mahalanobis([1, 2], [0, 1], S) == pytest.approx(distance.mahalanobis([1, 2], [0, 1], np.linalg.inv(S)))
    assert mahalanobis([3e200, 4e200], [0, 0], np.eye(2)) == pytest.approx(5e200, rel=1e-15, abs=0)
    assert mahalanobis([3e-200, 4e-200], [0, 0], np.eye(2)) == pytest.approx(5e-200, rel=1e-15, abs=0)
    assert mahalanobis([1.7e308], [-1.7e308], [[1e300]]) == pytest.approx(3.4e158, rel=1e-15, abs=0)
    assert mahalanobis([1, 1], [0, 0], np.diag([1e-16, 1e16])) == pytest.approx(1e8, rel=1e-15, abs=0)
    assert mahalanobis([1, 1], [1, 1], S) == 0
    with pytest.raises(np.linalg.LinAlgError, match="distance must fit"):
        mahalanobis([1e300], [0], [[1e-300]])


def rank_two():
    x = np.array([[1.0, 3.0], [7.0, 11.0], [13.0, 17.0]]) / 8
    return x @ x.T


@pytest.mark.parametrize(
    "cov",
    [
        [[1, 1, 0], [1, 1, 0], [0, 0, 1]],
        [[1, 2, 0], [2, 1, 0], [0, 0, 1]],
        np.zeros((3, 3)),
        -np.eye(3),
        np.diag([1, 0, 1]),
        rank_two(),
        rank_two() * 1e-300,
        rank_two()[::-1, ::-1],
        rank_two() * np.outer([2.0**-400, 1, 2.0**400], [2.0**-400, 1, 2.0**400]),
    ],
)
def test_a_covariance_that_is_not_positive_definite_is_refused(cov):
    with pytest.raises(np.linalg.LinAlgError, match=r"\bcov must be positive definite"):
        mahalanobis(np.ones(3), np.zeros(3), cov)


def test_nearly_singular_covariances_are_taken_where_they_are_positive_definite():
    for n in (2, 6, 12):
        A = families.hilbert(n)
        exact = mpmath.mp.clone()
        exact.dps = 120
        x = np.ones(n)
        assert all(exact.det(exact.matrix(A[:k, :k].tolist())) > 0 for k in range(1, n + 1))
        expected = exact.sqrt((exact.matrix(x).T * exact.lu_solve(exact.matrix(A.tolist()), exact.matrix(x)))[0])
        assert mahalanobis(x, np.zeros(n), A) == pytest.approx(
            float(expected), rel=1e-15 * np.linalg.cond(A) + 1e-15, abs=0
        )


def test_what_rounding_would_call_indefinite_is_decided_exactly():
    A = np.array(
        [
            [2249787461633.0, 3083095497272.0, -2935801971438.0],
            [3083095497272.0, 4225086870073.0, -4021820636087.0],
            [-2935801971438.0, -4021820636087.0, 3892997086206.0],
        ]
    )
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(A)
    a, b, c = (list(map(Fraction, row)) for row in A.tolist())
    inner = b[1] * c[2] - b[2] * c[1]
    det = a[0] * inner - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    assert det > 0
    # The first entry of the inverse is a minor over the determinant.
    assert mahalanobis([1, 0, 0], [0, 0, 0], A) == pytest.approx(math.sqrt(inner / det), rel=1e-13, abs=0)
    A[2, 2] -= 1
    with pytest.raises(np.linalg.LinAlgError, match="cov must be positive definite"):
        mahalanobis([1, 0, 0], [0, 0, 0], A)


def test_a_covariance_may_miss_symmetry_by_1e_12_of_its_largest_entry():
    nearly = np.array([[4.0, 1.0], [1.0 + 3e-12, 3.0]])
    assert mahalanobis([1, 1], [0, 0], nearly) == pytest.approx(mahalanobis([1, 1], [0, 0], [[4, 1], [1, 3]]))
    with pytest.raises(ValueError, match="cov must be symmetric"):
        mahalanobis([1, 1], [0, 0], [[4, 1], [1 + 1e-11, 3]])
    single = np.array([[4, 1], [1 + 3e-5, 3]], dtype=np.float32)
    assert mahalanobis([1, 1], [0, 0], single) > 0


def test_shapes_that_do_not_fit_are_refused_by_name():
    with pytest.raises(ValueError, match="x must have the shape"):
        mahalanobis([1, 2, 3], [0, 0], np.eye(2))
    with pytest.raises(ValueError, match="cov must have the shape"):
        mahalanobis([1, 2], [0, 0], np.eye(3))
    with pytest.raises(ValueError, match="Y must have as many rows"):
        cross_covariance(np.eye(2), np.eye(3))
    with pytest.raises(ValueError, match="X must be a matrix"):
        covariance([1, 2, 3])


def test_single_precision_in_gives_single_precision_out():
    X = np.float32([[1, 2], [3, 5], [4, 4], [0, 1]])
    for result in (
        covariance(X),
        cross_covariance(X, X),
        correlation(X),
        *whiten(X),
        mahalanobis(X, X[0], np.eye(2, dtype="f")),
    ):
        assert result.dtype == np.float32
    assert covariance(X, np.ones(4)).dtype == np.float64
    assert mahalanobis(X, X[0], np.eye(2)).dtype == np.float64


@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 3)), elements=st.integers(-9, 9).map(lambda k: k / 3)))
def test_the_last_step_is_the_covariance(X):
    steps = covariance_steps(X)
    assert len(steps) == 3
    np.testing.assert_array_equal(steps.result, covariance(X))
    np.testing.assert_allclose(steps[0].value, X.mean(axis=0), atol=1e-14)
    np.testing.assert_allclose(steps[1].value, X - X.mean(axis=0), atol=1e-14)
    np.testing.assert_allclose(steps[1].value.T @ steps[1].value / len(X), steps.result, atol=1e-13)


def test_a_working_of_too_many_numbers_is_refused():
    for shape in ((7, 2), (2, 4)):
        with pytest.raises(ValueError, match="X must have at most 6 rows and 3 columns"):
            covariance_steps(np.ones(shape))
