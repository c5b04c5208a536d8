import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.covariance import covariance, whiten
from mathref.eigen import eigh
from mathref.expectation import mean
from mathref.pca import (
    PrincipalComponents,
    inverse_transform,
    pca,
    pca_steps,
    reconstruction_error,
    transform,
)
from mathref.svd import low_rank_approximation

EPS = 2.0**-52
BY_HAND = [[2, 1], [-1, 1], [-1, -2], [0, 0]]  # its covariance, divided by n - 1 = 3, is [[2, 1], [1, 2]]


def exact_deviations(X):
    columns = [[Fraction(float(x)) for x in column] for column in np.transpose(X)]
    return [[x - sum(column) / len(column) for x in column] for column in columns]


def exact_covariance(X):
    D = exact_deviations(X)
    return [[sum(a * b for a, b in zip(u, v, strict=True)) / (len(u) - 1) for v in D] for u in D]


def exact_variances(X):
    """Eigenvalues of the exact covariance matrix, falling, from 200 digits."""
    with mpmath.workdps(200):
        S = mpmath.matrix([[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in exact_covariance(X)])
        return sorted(mpmath.eigsy(S, eigvals_only=True), reverse=True)


def hard_data():
    random = np.random.default_rng(1)
    for n, d in ((2, 2), (2, 5), (5, 3), (4, 6), (300, 4)):
        X = random.standard_normal((n, d))
        yield X @ random.standard_normal((d, d))
        yield X @ np.diag(10.0 ** -np.arange(d))
        yield 1e8 + 1e-3 * X
        yield X + 1e12 * np.arange(d)
        yield X * 1e140


HARD = list(hard_data())
EACH = pytest.mark.parametrize("X", HARD, ids=lambda X: f"{X.shape} from {X[0, 0]:.3g}")


@EACH
def test_explained_variances_are_eigenvalues_of_the_covariance_right_to_rounding_of_the_deviations(X):
    fitted = pca(X)
    exact = exact_variances(X)
    assert (np.diff(fitted.explained_variance) <= 0).all()
    assert (fitted.explained_variance >= 0).all()
    for found, share, right in zip(fitted.explained_variance, fitted.explained_variance_ratio, exact, strict=False):
        # A singular value is off by a few units of rounding of the largest one.
        bound = 40 * EPS * (mpmath.sqrt(exact[0] * abs(right)) + 40 * EPS * exact[0])
        assert abs(found - right) <= bound
        assert abs(share - right / mpmath.fsum(exact)) <= bound / exact[0]
    np.testing.assert_array_equal(fitted.mean, mean(X))


@EACH
def test_components_are_orthonormal_eigenvectors_of_the_covariance(X):
    fitted = pca(X)
    C = fitted.components
    np.testing.assert_allclose(C @ C.T, np.eye(len(C)), atol=20 * EPS)
    S = exact_covariance(X)
    total = sum(row[i] for i, row in enumerate(S))
    S = np.array([[float(x / total) for x in row] for row in S])
    residual = S @ C.T - C.T * fitted.explained_variance_ratio
    assert np.abs(residual).max() <= 100 * EPS
    assert (C[np.arange(len(C)), np.abs(C).argmax(axis=1)] > 0).all()


def test_of_entries_that_tie_the_first_is_positive():
    np.testing.assert_allclose(pca(BY_HAND).components, np.array([[1, 1], [1, -1]]) / math.sqrt(2), rtol=4 * EPS)
    tied = np.array([[-1.0, 1 + 1e-11], [1, -1 - 1e-11], [0, 0]])
    assert min(pca(tied, 1).components[0, 0], pca(-tied, 1).components[0, 0]) > 0
    assert pca([[-1.0, 1.001], [1, -1.001]], 1).components[0].tolist() == pytest.approx([-0.7067533, 0.7074601])


def test_the_example_by_hand():
    fitted = pca(BY_HAND)
    np.testing.assert_allclose(fitted.explained_variance, [3, 1], rtol=8 * EPS)
    np.testing.assert_allclose(fitted.explained_variance_ratio, [0.75, 0.25], rtol=8 * EPS)
    assert fitted.mean.tolist() == [0, 0]


@pytest.mark.parametrize("small", [1e-4, 1e-8, 1e-12])
def test_small_variances_are_kept_that_the_covariance_matrix_loses(small):
    # Exact deviations along (3, 4)/5 and (4, -3)/5, of standard deviations √(4/3) · 5 and that times `small`.
    small = 2.0 ** round(math.log2(small))
    along, across = np.array([1.0, 1, -1, -1]), np.array([1.0, -1, 1, -1])
    X = np.outer(along, [3, 4]) + small * np.outer(across, [4, -3])
    variances = 25 * 4 / 3 * np.array([1, small**2])
    error = np.abs(pca(X).explained_variance / variances - 1)
    assert error[0] <= 8 * EPS
    assert error[1] <= 8 * EPS / small
    by_covariance = eigh(covariance(X, ddof=1)).values[0]
    assert abs(by_covariance / variances[1] - 1) >= error[1]
    assert small > 1e-7 or abs(by_covariance / variances[1] - 1) > 1e-3


def test_an_offset_of_1e8_costs_no_digits():
    X = np.array(BY_HAND) / 1024
    near, far = pca(X), pca(X + 1e8)
    np.testing.assert_allclose(far.explained_variance, near.explained_variance, rtol=8 * EPS)
    np.testing.assert_allclose(far.components, near.components, rtol=8 * EPS)


@pytest.mark.parametrize("power", [-1000, -530, -480, 0, 490])
def test_the_unit_of_the_data_is_that_of_the_variances_and_nothing_overflows_or_underflows_on_the_way(power):
    X = np.random.default_rng(2).integers(-99, 99, (7, 3)).astype(float)
    near, far = pca(X), pca(np.ldexp(X, power))
    with pytest.raises(np.linalg.LinAlgError, match="each explained variance must fit in doubles"):
        pca(np.ldexp(X, 512))
    np.testing.assert_array_equal(far.components, near.components)
    np.testing.assert_array_equal(far.explained_variance_ratio, near.explained_variance_ratio)
    np.testing.assert_array_equal(far.mean, np.ldexp(near.mean, power))
    np.testing.assert_array_equal(far.explained_variance, np.ldexp(near.explained_variance, 2 * power))
    np.testing.assert_array_equal(transform(np.ldexp(X, power), far), np.ldexp(transform(X, near), power))


def test_a_large_constant_column_hides_no_small_variance():
    X = np.column_stack([np.full(4, 1e300), [1e-10, 2e-10, 3e-10, 5e-10]])
    fitted = pca(X)
    np.testing.assert_allclose(fitted.explained_variance, [2.91666666666666667e-20, 0], rtol=1e-14)
    np.testing.assert_allclose(fitted.components, [[0, 1], [1, 0]], rtol=2 * EPS)


def test_variances_left_out_count_as_part_of_the_whole():
    X = np.random.default_rng(3).standard_normal((9, 4))
    whole = pca(X)
    for k in range(1, 5):
        for part, of_whole in zip(pca(X, k)[:3], whole[:3], strict=True):
            np.testing.assert_array_equal(part, of_whole[:k])
    assert math.fsum(whole.explained_variance_ratio) == pytest.approx(1, rel=4 * EPS)


def test_fewer_examples_than_columns_leave_directions_without_variance_that_are_orthonormal_too():
    X = np.random.default_rng(4).standard_normal((3, 6))
    fitted = pca(X)
    assert fitted.explained_variance[2] <= 1e-30
    np.testing.assert_allclose(fitted.components @ fitted.components.T, np.eye(3), atol=8 * EPS)
    np.testing.assert_allclose(np.abs(transform(X, fitted)[:, 2]), 0, atol=1e-14)


def test_data_without_variance_are_refused():
    for X in (np.ones((3, 2)), np.full((5, 1), 0.1), [[1e300, -3.0], [1e300, -3.0]]):
        with pytest.raises(ValueError, match="X must have rows that differ"):
            pca(X)
    for call in (lambda: pca([[1.0, 2.0]]), lambda: reconstruction_error([[1.0, 2.0]], pca(BY_HAND))):
        with pytest.raises(ValueError, match="X must have at least 2 rows"):
            call()


def test_the_number_of_components_is_a_whole_number_up_to_the_smaller_side():
    for k in (0, 3, -1):
        with pytest.raises(ValueError, match="n_components must be from 1 to 2"):
            pca(BY_HAND, k)
    for k in (1.0, 0.95, "mle", True):
        with pytest.raises(TypeError, match="n_components must be an integer"):
            pca(BY_HAND, k)


# There and back


def exact_scores(X, fitted):
    with mpmath.workdps(700):
        C = mpmath.matrix(fitted.components.astype(float).tolist())
        rows = mpmath.matrix(np.atleast_2d(X).astype(float).tolist())
        mean = mpmath.matrix([fitted.mean.astype(float).tolist()] * rows.rows)
        return (rows - mean) * C.T


@EACH
def test_scores_are_dot_products_of_deviations_with_components(X):
    fitted = pca(X)
    found, exact = transform(X, fitted), exact_scores(X, fitted)
    sizes = np.abs(X - fitted.mean).max(axis=1)
    for i, j in np.ndindex(found.shape):
        assert abs(found[i, j] - exact[i, j]) <= 4 * X.shape[1] * EPS * sizes[i]


@EACH
def test_scores_have_the_explained_variances_and_are_uncorrelated(X):
    fitted = pca(X)
    scores = transform(X, fitted)
    if np.abs(X).max() > 1e139:
        scores, fitted = scores * 1e-140, fitted._replace(explained_variance=fitted.explained_variance * 1e-280)
    bound = 1e-13 * fitted.explained_variance[0] + (1e-13 * np.abs(X - fitted.mean).max() if X[0, 0] == 1e8 else 0)
    np.testing.assert_allclose(covariance(scores, ddof=1), np.diag(fitted.explained_variance), atol=bound)


@EACH
@pytest.mark.parametrize("k", [1, 2])
def test_there_and_back_is_the_projection_and_all_components_lose_nothing(X, k):
    fitted = pca(X, k)
    back = inverse_transform(transform(X, fitted), fitted)
    size = np.abs(X).max()
    nearest = fitted.mean + low_rank_approximation(X - fitted.mean, k)
    np.testing.assert_allclose(back / size, nearest / size, atol=1e-14)
    if k <= min(X.shape) and len(X) > X.shape[1]:
        whole = pca(X)
        np.testing.assert_allclose(inverse_transform(transform(X, whole), whole) / size, X / size, atol=1e-14)


@EACH
def test_whitened_scores_have_the_identity_as_covariance(X):
    if len(X) <= X.shape[1]:
        X = X[:, : max(1, len(X) - 1)]
    fitted = pca(X)
    white = transform(X, fitted, whiten=True)
    condition = math.sqrt(fitted.explained_variance[0] / fitted.explained_variance[-1])
    bound = 1e-14 * condition
    np.testing.assert_allclose(covariance(white, ddof=1), np.eye(len(fitted.components)), atol=bound)
    back = inverse_transform(white, fitted, whiten=True)
    np.testing.assert_allclose(back / np.abs(X).max(), X / np.abs(X).max(), atol=1e-14)
    if X.shape[1] > 1:
        expected = whiten(X, method="pca", ddof=1).data
        gap = np.abs(white - mean(white)) - np.abs(expected)
        assert np.abs(gap).max() <= 1e-12 * condition


def test_a_direction_without_variance_is_not_whitened():
    flat = pca([[1, 2, 0], [2, 4, 0], [3, 6, 0.0]])
    nearly = pca(BY_HAND)._replace(explained_variance=np.array([1, 1e-24]))
    tiny = pca(np.array(BY_HAND) * 1e-155)
    for fitted in (flat, nearly, tiny):
        d, k = len(fitted.mean), len(fitted.components)
        with pytest.raises(ValueError, match="fitted must have variance along each component to be whitened"):
            transform(np.ones(d), fitted, whiten=True)
        with pytest.raises(ValueError, match="fitted must have variance along each component to be whitened"):
            inverse_transform(np.ones(k), fitted, whiten=True)
    just = nearly._replace(explained_variance=np.array([1, 2e-24]))
    assert transform([1, -1], just, whiten=True)[1] == pytest.approx(math.sqrt(2) / math.sqrt(2e-24), rel=8 * EPS)


def test_any_axes_may_come_before_the_last_one():
    fitted = pca(np.random.default_rng(5).standard_normal((20, 3)), 2)
    X = np.random.default_rng(6).standard_normal((2, 4, 3))
    found = transform(X, fitted, whiten=True)
    assert found.shape == (2, 4, 2)
    assert inverse_transform(found, fitted).shape == (2, 4, 3)
    for i, j in np.ndindex(2, 4):
        np.testing.assert_allclose(found[i, j], transform(X[i, j], fitted, whiten=True), rtol=1e-13, atol=1e-15)
    with pytest.raises(ValueError, match=r"X must have 3 entries in its last axis.*\(4,\)"):
        transform(np.ones(4), fitted)
    with pytest.raises(ValueError, match=r"Z must have 2 entries in its last axis.*\(3,\)"):
        inverse_transform(np.ones(3), fitted)
    for call in (lambda: transform(1.0, fitted), lambda: inverse_transform(1.0, fitted)):
        with pytest.raises(ValueError, match="entries in its last axis"):
            call()


def test_coordinates_that_fit_are_not_lost_on_the_way():
    one = PrincipalComponents(np.array([[0.6, 0.8]]), np.array([4.0]), np.array([1.0]), np.array([-1.5e308, 1.5e308]))
    # The deviations are 3e308 and -2.25e308, which no double is.
    assert transform([1.5e308, -0.75e308], one)[0] == pytest.approx(0, abs=1e294)
    assert transform([1.5e308, -0.5e308], one)[0] == pytest.approx(2e307, rel=1e-14)
    assert transform([1.5e308, 1e308], one, whiten=True)[0] == pytest.approx(7e307, rel=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="each coordinate must fit"):
        transform([1.5e308, 1.5e308], one)
    np.testing.assert_allclose(inverse_transform([-0.4e308], one), [-1.74e308, 1.18e308], rtol=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="each entry must fit"):
        inverse_transform([1e308], one)
    # Twice the spread of 2 in whitened coordinates, which alone is beyond the range.
    far = one._replace(mean=np.array([-1.5e308, -1.5e308]))
    np.testing.assert_allclose(inverse_transform([1.2e308], far, whiten=True), [-0.06e308, 0.42e308], rtol=1e-13)


def test_rows_of_every_size_keep_their_digits():
    fitted = PrincipalComponents(np.array([[0.6, 0.8], [0.8, -0.6]]), np.ones(2), np.ones(2) / 2, np.zeros(2))
    sizes = np.array([1e300, 1.0, 1e-300, 5e-310])[:, np.newaxis]
    X = sizes * [1.0, 0.5]
    np.testing.assert_allclose(transform(X, fitted), sizes * [1.0, 0.5], rtol=1e-13)
    np.testing.assert_allclose(inverse_transform(X, fitted), sizes * [1.0, 0.5], rtol=1e-13)
    small = fitted._replace(explained_variance=np.array([1e-300, 1e-300]))
    x = 4e-320
    np.testing.assert_allclose(transform([0, x], small, whiten=True), [0.8e150 * x, -0.6e150 * x], rtol=1e-14)
    axis = fitted._replace(components=np.eye(2), mean=np.array([0.0, 1e-300]))
    np.testing.assert_array_equal(inverse_transform([1e300, 0], axis), [1e300, 1e-300])
    wide = fitted._replace(explained_variance=np.array([1e300, 1e280]))
    np.testing.assert_allclose(transform(X[0], wide, whiten=True), [1e150, 0.5e160], rtol=1e-13)
    np.testing.assert_allclose(inverse_transform(X[2], wide, whiten=True), [0.6e-150, 0.8e-150], rtol=1e-9)


# What is left out


@EACH
@pytest.mark.parametrize("k", [1, 2])
def test_the_error_of_a_reconstruction_is_the_sum_of_the_discarded_variances(X, k):
    fitted = pca(X, k)
    exact = exact_variances(X)
    rounded = mpmath.fsum(mpmath.mpf(np.spacing(x)) ** 2 for x in fitted.mean)  # of the mean, which is a double
    assert abs(reconstruction_error(X, fitted) - mpmath.fsum(exact[k:])) <= 1e-13 * exact[0] + rounded


def test_the_error_of_other_data_is_their_mean_square_distance_from_the_plane():
    fitted = pca(BY_HAND, 1)  # the line along (1, 1) through 0
    X = [[3, 1], [0, 2], [5, 5]]
    assert reconstruction_error(X, fitted) == pytest.approx((2 + 2 + 0) / 2, rel=1e-14)
    assert type(reconstruction_error(X, fitted)) is float
    assert reconstruction_error(np.array(X) * 1e-150, fitted) == pytest.approx(2e-300, rel=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="The error must fit"):
        reconstruction_error(np.array(X) * 1e160, fitted)


def test_only_what_pca_returned_is_taken():
    good = pca(BY_HAND)
    calls = transform, inverse_transform, reconstruction_error
    for bad in (tuple(good), good.components, None, {"components": good.components}):
        for call in calls:
            with pytest.raises(TypeError, match="fitted must be what pca returns, a PrincipalComponents"):
                call(BY_HAND, bad)
    for part, wrong in (("mean", np.zeros(3)), ("explained_variance", np.ones(1)), ("components", np.eye(3))):
        for call in calls:
            with pytest.raises(ValueError, match="fitted must be what pca returns, but its parts have the shapes"):
                call(BY_HAND, good._replace(**{part: wrong}))
    with pytest.raises(ValueError, match=r"fitted\.mean must be finite"):
        transform(BY_HAND, good._replace(mean=np.array([math.nan, 0])))


def test_single_precision_is_computed_in_double_and_rounded_once():
    X = np.random.default_rng(7).standard_normal((9, 3)).astype(np.float32)
    fitted, double = pca(X), pca(X.astype(float))
    for part, right in zip(fitted, double, strict=True):
        assert part.dtype == np.float32
        np.testing.assert_array_equal(part, right.astype(np.float32))
    assert transform(X, fitted).dtype == inverse_transform(X, fitted).dtype == np.float32
    assert transform(X, double).dtype == transform(X.astype(float), fitted).dtype == np.float64
    with pytest.raises(np.linalg.LinAlgError, match="each explained variance must fit in single precision"):
        pca(X * np.float32(1e25))
    assert pca(X.astype(np.float16)).components.dtype == np.float32
    assert pca([[1, 2], [3, 5]]).components.dtype == np.float64


def test_results_own_their_memory_whatever_the_layout():
    X = np.asfortranarray(np.random.default_rng(8).standard_normal((8, 6)))[:, ::2]
    X.flags.writeable = False
    fitted = pca(X, 2)
    for found in (*fitted, transform(X, fitted), inverse_transform(transform(X, fitted), fitted)):
        assert found.flags.owndata
        assert found.flags.writeable
    for part, same in zip(fitted, pca(X.copy().tolist(), 2), strict=True):
        np.testing.assert_array_equal(part, same)


def test_no_floating_point_warning_is_the_callers():
    X, tiny = np.array([[1e150, 1e-300], [-1e150, 3e-310], [0, 0]]), np.array([[5e-324, 0], [0, 0], [0, 1e-310]])
    with np.errstate(all="raise"):
        fitted = pca(X)
        inverse_transform(transform(X, fitted), fitted)
        reconstruction_error(X, pca(X, 1))
        pca(tiny)


# By hand

SMALL = arrays(float, st.tuples(st.integers(2, 6), st.just(2)), elements=st.integers(-9, 9).map(float))


@given(SMALL)
def test_the_steps_are_the_mean_the_covariance_its_eigenvalues_and_the_components(X):
    if not np.ptp(X, axis=0).any():
        return
    steps = pca_steps(X)
    values = [step.value for step in steps]
    np.testing.assert_allclose(values[0], X.mean(axis=0), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(values[1], X - X.mean(axis=0), atol=1e-14)
    np.testing.assert_allclose(values[2], covariance(X, ddof=1), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(values[5], pca(X).explained_variance, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(steps.result, pca(X).components)
    if len(steps) == 9:  # otherwise both variances are equal
        np.testing.assert_allclose(np.hstack(values[6:8]).T, steps.result, atol=1e-12)


def test_the_working_by_hand_ends_in_roots():
    text = str(pca_steps(BY_HAND))
    assert "λ₁ = 3" in text
    assert "λ₂ = 1" in text
    assert "√2/2" in text
    round_cloud = pca_steps([[1, 0], [-1, 0], [0, 1], [0, -1]])
    assert "any two perpendicular directions serve" in round_cloud[-1].caption


def test_a_working_takes_two_columns_of_at_most_six_examples():
    for shape in ((7, 2), (3, 3)):
        with pytest.raises(ValueError, match="X must have at most 6 rows and 2 columns"):
            pca_steps(np.eye(*shape))
    with pytest.raises(ValueError, match="X must have 2 columns"):
        pca_steps([[1], [2]])
