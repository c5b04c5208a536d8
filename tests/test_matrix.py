import math
import warnings
from fractions import Fraction

import families
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import LinAlgWarning

from mathref._numerics.singularity import is_exactly_singular
from mathref.matrix import inverse, matmul, rank, reflection, rotation, scaling, shear, solve, trace, transpose

EPS = np.finfo(float).eps
ENTRIES = st.integers(-8, 8).map(float)
SQUARES = st.integers(1, 5).flatmap(lambda n: arrays(float, (n, n), elements=ENTRIES))

SINGULAR = {
    "a multiple of a row": [[1, 2], [2, 4]],
    "equal steps": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "equal steps of size 4": np.arange(16).reshape(4, 4),
    "equal steps of size 60": np.arange(3600).reshape(60, 60),
    "zeros": np.zeros((3, 3)),
    "ones": np.ones((3, 3)),
    "fractions": [[0.1, 0.3], [0.2, 0.6]],
    "complex": [[1j, 2], [-1, 2j]],
    "complex steps": np.arange(9).reshape(3, 3) * (1 + 2j),
    "one entry": [[0]],
    "a product": families.rank_deficient(40, 39),
}


def exact_inverse(A):
    with mpmath.workdps(60):
        return np.array((mpmath.matrix(np.asarray(A).tolist()) ** -1).tolist(), dtype=float)


def quietly(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinAlgWarning)
        return function(*arguments)


def test_matmul_maps_a_vector_and_composes_matrices():
    np.testing.assert_array_equal(matmul([[1, 2], [3, 4]], [1, 1]), [3, 7])
    np.testing.assert_array_equal(matmul([[1, 2], [3, 4]], [[1, 1], [1, 2]]), [[3, 5], [7, 11]])


@given(arrays(float, (3, 2), elements=ENTRIES), arrays(float, (2, 4), elements=ENTRIES))
def test_matmul_is_row_times_column(A, B):
    np.testing.assert_array_equal(
        matmul(A, B), [[sum(a * b for a, b in zip(r, c, strict=True)) for c in B.T] for r in A]
    )


def test_matmul_is_right_where_partial_sums_overflow():
    huge, large = 2.0**1000, 2.0**50
    np.testing.assert_array_equal(matmul([[huge, huge]], [large, -large]), [0])
    np.testing.assert_array_equal(
        matmul([[huge, -huge, huge]], [[large, 0], [large, 0], [3, 2]]), [[3 * huge, 2 * huge]]
    )
    np.testing.assert_array_equal(matmul([[huge * 1j, huge]], [large, -large * 1j]), [0])


def test_matmul_says_when_the_product_is_too_large():
    with pytest.raises(np.linalg.LinAlgError, match="A B must fit in doubles"):
        matmul([[1e200]], [[1e200]])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_matmul_finds_what_is_not_finite_also_next_to_zeros(bad):
    with pytest.raises(ValueError, match=r"A must be finite, but entry \(0, 1\)"):
        matmul([[1, bad], [0, 1]], [1, 0])
    with pytest.raises(ValueError, match=r"B must be finite, but entry \(1, 0\)"):
        matmul([[1, 0], [0, 0]], [[1, 0], [bad, 1]])


def test_matmul_says_how_many_rows_fit():
    with pytest.raises(ValueError, match=r"B must be a vector or matrix with 2 rows.* but its shape is \(3,\)"):
        matmul([[1, 2]], [1, 2, 3])


def test_transpose_turns_rows_into_columns_and_is_a_new_array():
    A = np.array([[1.0, 2, 3], [4, 5, 6]])
    result = transpose(A)
    np.testing.assert_array_equal(result, [[1, 4], [2, 5], [3, 6]])
    assert not np.shares_memory(A, result)
    np.testing.assert_array_equal(transpose([[1j]]), [[1j]])


def test_a_trace_keeps_what_cancellation_would_lose():
    assert trace(np.diag([1e16, 1, -1e16])) == 1
    assert trace(np.diag([1e16, 1j, -1e16])) == 1j


@given(SQUARES)
def test_the_trace_of_a_commutator_is_zero(A):
    B = A.T + 1
    assert trace(A @ B - B @ A) == 0


@pytest.mark.parametrize("n", [3, 8, 20])
@pytest.mark.parametrize("deficit", [0, 1, 2])
def test_rank_counts_independent_columns(n, deficit):
    assert rank(families.rank_deficient(n, n - deficit)) == n - deficit


def test_rank_of_special_matrices():
    assert rank(np.zeros((2, 3))) == 0
    assert rank([[1, 2], [2, 4]]) == 1
    assert rank(families.lauchli(4)) == 4
    assert rank([[1, 0], [0, 1e-10]]) == 2
    assert rank([[1, 0], [0, 1e-10]], rtol=1e-8) == 1
    assert rank(np.float32([[0.1, 0.2], [0.3, 0.6]])) == 1


@pytest.mark.parametrize("A", SINGULAR.values(), ids=SINGULAR)
@pytest.mark.parametrize("call", [inverse, lambda A: solve(A, np.ones(len(A)))])
def test_an_exactly_singular_matrix_is_refused(A, call):
    with pytest.raises(np.linalg.LinAlgError, match=r"A must be invertible, but it is singular: .* mathref\.pseudo"):
        call(A)


@given(st.integers(2, 6).flatmap(lambda n: arrays(float, (n, n), elements=st.integers(-2, 2).map(float))))
def test_singular_is_what_has_determinant_zero_in_fractions(A):
    with mpmath.workdps(60):
        determinant = mpmath.det(mpmath.matrix(A.tolist()))
    assert is_exactly_singular(A) == (abs(determinant) < 0.5)


def test_nearly_singular_is_not_singular():
    assert not is_exactly_singular(families.hilbert(20))
    assert not is_exactly_singular(np.array([[0.1, 0.3], [0.3, 0.9]]))  # 0.3² differs from 0.1 × 0.9 in doubles
    assert Fraction(0.3) ** 2 != Fraction(0.1) * Fraction(0.9)


@pytest.mark.parametrize("call", [inverse, lambda A: solve(A, np.ones(len(A)))])
def test_the_warning_names_the_condition_number_and_the_line_of_the_caller(call):
    A = [[1, 1], [1, 1 + 2.0**-43]]  # eigenvalues about 2 and 2**-44
    with pytest.warns(LinAlgWarning, match=r"A is nearly singular: its condition number is 3\.5e\+13") as caught:
        call(A)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("call", [inverse, lambda A: solve(A, np.ones(len(A)))])
@pytest.mark.parametrize("n", [2, 40])
def test_the_warning_begins_at_the_limit(call, n):
    Q = np.linalg.qr(np.random.default_rng(n).standard_normal((n, n)))[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call(Q * np.geomspace(1, 1 / 4.4e12, n) @ Q.T)
    with pytest.warns(LinAlgWarning):
        call(Q * np.geomspace(1, 1 / 4.6e12, n) @ Q.T)


@pytest.mark.parametrize("family", families.INVERTIBLE)
@pytest.mark.parametrize("n", [4, 8])
def test_inverse_and_solve_err_by_condition_times_rounding_and_not_more_than_numpy(family, n):
    A, b = family(n), np.cos(np.arange(n))
    expected, condition = exact_inverse(A), np.linalg.cond(A)
    with mpmath.workdps(60):
        solution = mpmath.lu_solve(mpmath.matrix(A.tolist()), mpmath.matrix(b.tolist()))
        x = np.array([float(entry) for entry in solution])
    for actual, numpy, true in (
        (quietly(inverse, A), np.linalg.inv(A), expected),
        (quietly(solve, A, b), np.linalg.solve(A, b), x),
    ):
        error = np.linalg.norm(actual - true) / np.linalg.norm(true)
        assert error <= 10 * n * condition * EPS
        assert error <= 2 * np.linalg.norm(numpy - true) / np.linalg.norm(true) + 4 * EPS


@given(SQUARES)
def test_inverse_and_solve_undo_the_matrix(A):
    A = A + 50 * np.eye(len(A))
    np.testing.assert_allclose(inverse(A) @ A, np.eye(len(A)), atol=1e-14)
    np.testing.assert_allclose(solve(A, A @ np.arange(len(A))), np.arange(len(A)), atol=1e-13)
    np.testing.assert_allclose(solve(A, np.eye(len(A))), inverse(A), atol=1e-15)


def test_solve_takes_complex_matrices_and_several_columns():
    A = np.array([[1, 1j], [0, 2]])
    np.testing.assert_allclose(solve(A, [1 + 1j, 2]), [1, 1])
    np.testing.assert_allclose(solve([[2, 0], [0, 4]], [[2j, 2], [4, 8]]), [[1j, 1], [1, 2]])
    assert solve(A, np.ones((2, 1))).shape == (2, 1)


@pytest.mark.parametrize("scale", [1e-200, 1e-155, 1e160, 1e300])
def test_the_unit_of_the_entries_makes_no_matrix_singular(scale):
    A = np.array([[2, 1], [1, 1]]) * scale
    np.testing.assert_allclose(inverse(A) * scale, [[1, -1], [-1, 2]], rtol=1e-14)
    np.testing.assert_allclose(solve(A, [3 * scale, 2 * scale]), [1, 1], rtol=1e-14)


def test_extreme_scales_side_by_side_warn_and_are_right():
    with pytest.warns(LinAlgWarning, match="condition number is inf"):
        np.testing.assert_allclose(inverse(np.diag([1e-200, 1e200])), np.diag([1e200, 1e-200]))


def test_an_inverse_too_large_for_doubles_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="the inverse must fit in doubles"):
        inverse(np.eye(2) * 1e-310)
    with pytest.raises(np.linalg.LinAlgError, match="the solution must fit in doubles"):
        solve([[1e-200]], [1e200])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("call", [inverse, lambda A: solve(A, [1, 1])])
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_what_is_not_finite_is_named(bad, call, place):
    A = np.eye(2)
    A[place] = bad
    with pytest.raises(ValueError, match="A must be finite, but entry"):
        call(A)


def test_solve_sends_rectangular_matrices_to_least_squares():
    with pytest.raises(ValueError, match=r"for a least-squares solution use mathref\.pseudoinverse\.lstsq"):
        solve([[1, 2, 3], [4, 5, 6]], [1, 2])


def test_a_rotation_by_a_right_angle_maps_the_first_axis_to_the_second():
    np.testing.assert_allclose(rotation(math.pi / 2), [[0, -1], [1, 0]], atol=1e-16)
    assert not np.signbit(rotation(0)[0, 1])


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_rotations_add_their_angles(a, b):
    np.testing.assert_allclose(rotation(a) @ rotation(b), rotation(a + b), atol=1e-14)


def test_scaling_and_shear_are_what_their_columns_say():
    np.testing.assert_array_equal(scaling(2, -1, 0), [[2, 0, 0], [0, -1, 0], [0, 0, 0]])
    np.testing.assert_array_equal(shear(2), [[1, 2], [0, 1]])
    with pytest.raises(ValueError, match=r"factors must be at least one number.* write scaling\(2, 3\)"):
        scaling()
    with pytest.raises(TypeError, match=r"factors\[1\] must be a real number, but it is None"):
        scaling(2, None)


@given(arrays(float, 4, elements=ENTRIES).filter(np.any))
def test_a_reflection_keeps_its_line_and_reverses_what_is_perpendicular(d):
    R = reflection(d)
    np.testing.assert_allclose(R @ d, d, atol=1e-14)
    np.testing.assert_allclose(R @ R, np.eye(4), atol=1e-14)
    np.testing.assert_allclose(np.trace(R), -2, atol=1e-14)  # eigenvalues 1, -1, -1, -1


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_the_length_of_the_direction_does_not_matter(scale):
    np.testing.assert_allclose(reflection([scale, 2 * scale]), [[-0.6, 0.8], [0.8, 0.6]], rtol=1e-15)


def test_a_zero_direction_is_refused():
    with pytest.raises(ValueError, match="direction must not be zero"):
        reflection([0, 0])


def test_single_precision_stays_single_and_is_computed_in_double():
    A, b = np.float32([[2, 1], [1, 1]]), np.float32([3, 2])
    for result in (matmul(A, b), transpose(A), inverse(A), solve(A, b), reflection(b)):
        assert result.dtype == np.float32
    assert inverse(A * np.complex64(1j)).dtype == np.complex64
    assert solve(A, [3.0, 2.0]).dtype == np.float64
    assert matmul([[1]], [1]).dtype == np.float64
    H = families.hilbert(6).astype(np.float32)
    np.testing.assert_allclose(inverse(H), exact_inverse(H), rtol=1e-6)
    assert isinstance(trace(A), float)
    assert isinstance(rank(A), int)
