import families
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.svd import low_rank_approximation, svd

EPS = np.finfo(float).eps
MATRICES = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(-8, 8).map(float))


def leading_components(U):
    """The component of largest modulus of each column; ties to 1e-9: the first."""
    moduli = np.abs(U)
    return U[np.argmax(moduli >= moduli.max(axis=0) * (1 - 1e-9), axis=0), np.arange(U.shape[1])]


@given(MATRICES)
def test_the_factors_give_the_matrix_and_are_orthonormal(A):
    U, s, Vh = svd(A)
    k = min(A.shape)
    assert U.shape == (len(A), k)
    assert s.shape == (k,)
    assert Vh.shape == (k, A.shape[1])
    np.testing.assert_allclose(U * s @ Vh, A, atol=1e-13)
    np.testing.assert_allclose(U.T @ U, np.eye(k), atol=1e-14)
    np.testing.assert_allclose(Vh @ Vh.T, np.eye(k), atol=1e-14)
    assert (np.diff(s) <= 0).all()
    assert (s >= 0).all()


@given(MATRICES)
def test_the_largest_component_of_each_left_vector_is_positive_also_for_zero_singular_values(A):
    assert (leading_components(svd(A).U) > 0).all()


@given(MATRICES)
def test_svd_agrees_with_numpy_up_to_signs(A):
    np.testing.assert_allclose(svd(A).s, np.linalg.svd(A, compute_uv=False), atol=1e-13)


def test_signs_of_a_large_matrix_are_fixed_like_those_of_a_small_one():
    A = families.well_conditioned(40)
    U, s, Vh = svd(A)
    assert (leading_components(U) > 0).all()
    np.testing.assert_allclose(U * s @ Vh, A, atol=1e-12)


def test_in_a_tie_the_first_component_decides():
    U, _, Vh = svd([[-1, -1], [1, 1]])
    np.testing.assert_allclose(U[:, 0], [np.sqrt(0.5), -np.sqrt(0.5)])
    np.testing.assert_allclose(Vh[0], [-np.sqrt(0.5), -np.sqrt(0.5)])


def test_complex_left_vectors_have_a_real_positive_largest_component():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((5, 3, 2)) @ [1, 1j]
    U, s, Vh = svd(A)
    np.testing.assert_allclose(U * s @ Vh, A, atol=1e-14)
    np.testing.assert_allclose(leading_components(U).imag, 0, atol=1e-16)
    assert (leading_components(U).real > 0).all()


@pytest.mark.parametrize("family", families.ALL)
def test_singular_values_err_by_rounding_of_the_largest(family):
    A = family(8)
    with mpmath.workdps(50):
        expected = np.array(mpmath.svd_r(mpmath.matrix(A.tolist()), compute_uv=False).tolist(), dtype=float).ravel()
    np.testing.assert_allclose(svd(A).s, expected, rtol=0, atol=10 * EPS * expected[0])


def test_singular_values_of_the_tutorial_matrix():
    A = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    # The eigenvalues of AᵀA are 0 and the roots of t² - 285 t + 324.
    larger = (285 + np.sqrt(285**2 - 4 * 324)) / 2
    np.testing.assert_allclose(svd(A).s, np.sqrt([larger, 324 / larger, 0]), rtol=1e-14, atol=1e-14)


def test_no_negative_zero_is_left():
    for factor in svd(np.diag([3.0, -2.0, 0.0])):
        assert not np.signbit(factor[factor == 0]).any()


def test_scales_near_the_ends_of_the_range_are_no_trouble():
    for scale in (1e-300, 1e300):
        np.testing.assert_allclose(svd(np.diag([3, 2]) * scale).s, np.array([3, 2]) * scale, rtol=1e-15)


def test_a_singular_value_beyond_the_range_of_doubles_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="each singular value must fit in doubles"):
        svd(np.full((4, 4), 1e308))


def test_svd_falls_back_on_the_qr_iteration(monkeypatch):
    def fail(*_, **__):
        raise np.linalg.LinAlgError("SVD did not converge")

    monkeypatch.setattr(np.linalg, "svd", fail)
    np.testing.assert_allclose(svd([[3, 0], [0, 2]]).s, [3, 2])
    with pytest.raises(ValueError, match=r"A must be finite, but entry \(0, 1\) of A is nan"):
        svd([[1, np.nan], [0, 1]])


@given(MATRICES)
def test_a_low_rank_approximation_errs_by_the_singular_values_left_out(A):
    s = np.append(np.linalg.svd(A, compute_uv=False), 0)
    for rank in range(min(A.shape) + 1):
        error = A - low_rank_approximation(A, rank)
        assert abs(np.linalg.norm(error, 2) - s[rank]) < 1e-12
        assert abs(np.linalg.norm(error) - np.linalg.norm(s[rank:])) < 1e-12


def test_the_approximation_of_rank_0_is_zero_and_of_full_rank_is_the_matrix():
    A = families.well_conditioned(5)[:, :3]
    np.testing.assert_array_equal(low_rank_approximation(A, 0), np.zeros((5, 3)))
    np.testing.assert_allclose(low_rank_approximation(A, 3), A, atol=1e-14)


@pytest.mark.parametrize("rank", [-1, 3])
def test_a_rank_out_of_range_is_refused(rank):
    with pytest.raises(ValueError, match=f"rank must be from 0 to 2, but it is {rank}"):
        low_rank_approximation([[1, 2, 3], [4, 5, 6]], rank)


def test_single_precision_stays_single():
    U, s, Vh = svd(np.array([[1, 2], [3, 4]], dtype=np.complex64))
    assert (U.dtype, s.dtype, Vh.dtype) == (np.complex64, np.float32, np.complex64)
    assert {factor.dtype for factor in svd(np.float32([[1, 2]]))} == {np.dtype(np.float32)}
    assert low_rank_approximation(np.float32([[1, 2]]), 1).dtype == np.float32
    np.testing.assert_allclose(svd(np.float32([[0.1, 0], [0, 0.3]])).s, np.float32([0.3, 0.1]), rtol=0)
