import families
import mpmath
import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.factorization import cholesky, lu, qr

EPS = np.finfo(float).eps
MATRICES = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(-8, 8).map(float))


def complex_matrix(rows, columns):
    return np.random.default_rng(rows).standard_normal((rows, columns, 2)) @ [1, 1j]


@given(MATRICES)
def test_lu_gives_permutation_unit_lower_and_upper_factors_of_any_matrix(A):
    P, L, U = lu(A)
    k = min(A.shape)
    assert (P.shape, L.shape, U.shape) == ((len(A), len(A)), (len(A), k), (k, A.shape[1]))
    np.testing.assert_allclose(P @ L @ U, A, atol=1e-13)
    np.testing.assert_array_equal(P @ P.T, np.eye(len(A)))
    np.testing.assert_array_equal(np.tril(L), L)
    np.testing.assert_array_equal(L.diagonal(), np.ones(k))
    np.testing.assert_array_equal(np.triu(U), U)
    assert (np.abs(L) <= 1).all()


def test_lu_exchanges_rows_where_elimination_alone_would_fail():
    P, L, U = lu([[0, 1], [1, 0]])
    np.testing.assert_array_equal(P, [[0, 1], [1, 0]])
    np.testing.assert_array_equal(L, np.eye(2))
    np.testing.assert_array_equal(U, np.eye(2))


def test_lu_shows_the_growth_of_wilkinsons_matrix():
    assert lu(families.wilkinson_growth(20)).U[-1, -1] == 2.0**19


@given(MATRICES)
def test_qr_gives_orthonormal_columns_and_a_triangle_with_a_diagonal_not_negative(A):
    Q, R = qr(A)
    k = min(A.shape)
    assert (Q.shape, R.shape) == ((len(A), k), (k, A.shape[1]))
    np.testing.assert_allclose(Q @ R, A, atol=1e-13)
    np.testing.assert_allclose(Q.T @ Q, np.eye(k), atol=1e-14)
    np.testing.assert_array_equal(np.triu(R), R)
    assert (R.diagonal() >= 0).all()
    assert not np.signbit(R[R == 0]).any()
    assert not np.signbit(Q[Q == 0]).any()


@pytest.mark.parametrize("shape", [(5, 5), (5, 3), (3, 5), (1, 1)])
def test_complex_qr_has_a_real_diagonal(shape):
    A = complex_matrix(*shape)
    Q, R = qr(A)
    np.testing.assert_allclose(Q @ R, A, atol=1e-14)
    np.testing.assert_allclose(Q.conj().T @ Q, np.eye(min(shape)), atol=1e-14)
    assert (R.diagonal().real > 0).all()
    np.testing.assert_array_equal(R.diagonal().imag, 0)


def test_qr_agrees_with_the_cholesky_factor_of_the_gram_matrix():
    A = families.well_conditioned(6)
    np.testing.assert_allclose(qr(A).R, cholesky(A.T @ A).T, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("family", families.ALL)
def test_lu_and_qr_are_backward_stable_on_hard_families(family):
    A = family(10)
    size = np.abs(A).max()
    P, L, U = lu(A)
    np.testing.assert_allclose(P @ L @ U, A, atol=10 * EPS * size * np.abs(U).max() / min(size, np.abs(U).max()))
    Q, R = qr(A)
    np.testing.assert_allclose(Q @ R, A, atol=30 * EPS * size)
    np.testing.assert_allclose(Q.T @ Q, np.eye(Q.shape[1]), atol=30 * EPS)


def test_large_qr_uses_blocks_and_stays_orthonormal():
    A = np.random.default_rng(3).standard_normal((200, 150))
    Q, R = qr(A)
    np.testing.assert_allclose(Q @ R, A, atol=1e-13)
    np.testing.assert_allclose(Q.T @ Q, np.eye(150), atol=1e-13)


@given(arrays(float, (4, 4), elements=st.integers(-8, 8).map(float)))
def test_cholesky_factors_what_is_positive_definite(X):
    A = X @ X.T + np.eye(4)
    L = cholesky(A)
    np.testing.assert_allclose(L @ L.T, A, rtol=1e-13, atol=1e-12)
    np.testing.assert_array_equal(np.tril(L), L)
    assert (L.diagonal() > 0).all()
    np.testing.assert_allclose(L, np.linalg.cholesky(A), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("n", [3, 6, 9])
def test_cholesky_of_the_pascal_matrix_is_pascals_triangle(n):
    np.testing.assert_allclose(cholesky(families.pascal(n)), scipy.linalg.pascal(n, kind="lower"), rtol=1e-9, atol=1e-9)


def test_cholesky_errs_by_condition_times_rounding_on_the_hilbert_matrix():
    A = families.hilbert(9)
    with mpmath.workdps(50):
        expected = np.array(mpmath.cholesky(mpmath.matrix(A.tolist())).tolist(), dtype=float)
    assert np.abs(cholesky(A) - expected).max() <= 10 * EPS * np.linalg.cond(A)


def test_complex_cholesky_of_a_hermitian_matrix():
    X = complex_matrix(4, 4)
    A = X @ X.conj().T
    A = (A + A.conj().T) / 2
    L = cholesky(A)
    np.testing.assert_allclose(L @ L.conj().T, A, atol=1e-13)
    np.testing.assert_array_equal(L.diagonal().imag, 0)
    assert (L.diagonal().real > 0).all()


@pytest.mark.parametrize(
    ("A", "order"),
    [
        ([[1, 2], [2, 1]], 2),
        ([[-1, 0], [0, 1]], 1),
        ([[0, 0], [0, 0]], 1),
        ([[1, 1, 0], [1, 1, 0], [0, 0, 1]], 2),
        ([[4, 0, 0], [0, 1, 2], [0, 2, 3]], 3),
    ],
)
def test_cholesky_names_the_leading_minor_that_is_not_positive(A, order):
    with pytest.raises(np.linalg.LinAlgError, match=f"leading minor of order {order} is not positive"):
        cholesky(A)


def test_cholesky_refuses_a_singular_matrix_whose_last_pivot_rounds_to_something_positive():
    x = np.array([[1.0, 3.0], [7.0, 11.0], [13.0, 17.0]]) / 8
    A = x @ x.T  # exact in doubles, and of rank 2
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]):
        with pytest.raises(np.linalg.LinAlgError, match="leading minor of order 3 is not positive"):
            cholesky(A[np.ix_(order, order)])


def test_cholesky_says_which_entries_differ():
    with pytest.raises(ValueError, match=r"A must be symmetric, but entry \(0, 1\) is 2 and entry \(1, 0\) is 3"):
        cholesky([[4, 2], [3, 4]])
    with pytest.raises(ValueError, match=r"entry \(1, 1\) on its diagonal is 1\+1j, which is not real"):
        cholesky([[1, 0], [0, 1 + 1j]])
    with pytest.raises(ValueError, match="A must be Hermitian, but"):
        cholesky([[4, 1j], [1j, 4]])


def test_cholesky_forgives_rounding_and_uses_the_upper_triangle():
    A = np.array([[4, 2], [2 * (1 + 1e-14), 5]])
    np.testing.assert_array_equal(cholesky(A), [[2, 0], [1, 2]])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("place", [(0, 0), (1, 0), (1, 1)])
def test_what_is_not_finite_is_named(bad, place):
    A = np.eye(2)
    A[place] = A[place[::-1]] = bad
    for factorize in (lu, qr, cholesky):
        with pytest.raises(ValueError, match="A must be finite, but entry"):
            factorize(A)


def test_single_precision_stays_single():
    A = np.float32([[4, 2], [2, 5]])
    for factors in (lu(A), qr(A), (cholesky(A),)):
        assert {factor.dtype for factor in factors} == {np.dtype(np.float32)}
    assert {factor.dtype for factor in lu(A * np.complex64(1j))} == {np.dtype(np.float32), np.dtype(np.complex64)}
    assert cholesky(np.complex64([[4, 2j], [-2j, 5]])).dtype == np.complex64


def test_integers_give_doubles():
    assert cholesky([[1]]).dtype == np.float64
    assert qr([[1]]).Q.dtype == np.float64
