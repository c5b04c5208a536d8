from fractions import Fraction

import families
import mpmath
import nist
import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref._numerics import least_squares
from mathref.pseudoinverse import lstsq, pinv

EPS = np.finfo(float).eps
ENTRIES = st.integers(-8, 8).map(float)


def exact(A):
    return [[Fraction(entry) for entry in row] for row in np.asarray(A, float).tolist()]


def exact_lstsq(A, b):
    return np.array([float(x) for x in nist.solve_exactly(exact(A), [Fraction(y) for y in np.asarray(b).tolist()])])


def exact_pinv(A, rank):
    """Of a matrix whose first rank rows and columns are independent: A = C W, A⁺ = Wᵀ (Cᵀ A Wᵀ)⁻¹ Cᵀ, in 60 digits."""
    with mpmath.workdps(60):
        C, W = mpmath.matrix(A[:, :rank].tolist()), mpmath.matrix(A[:rank].tolist())
        middle = C.T * mpmath.matrix(A.tolist()) * W.T
        return np.array((W.T * middle**-1 * C.T).tolist(), dtype=float)


@pytest.mark.parametrize("data", nist.ALL, ids=lambda data: data.name)
def test_the_certified_coefficients_solve_the_data_exactly(data):
    solution = nist.solve_exactly(data.exact_rows, [row[0] for row in data.rows])
    np.testing.assert_allclose([float(x) for x in solution], data.certified, rtol=5.1e-15)


@pytest.mark.parametrize("data", nist.ALL, ids=lambda data: data.name)
def test_lstsq_is_the_exact_solution_for_the_stored_nist_data_to_the_last_digit(data):
    np.testing.assert_array_max_ulp(lstsq(data.X, data.y), exact_lstsq(data.X, data.y), 1)


@pytest.mark.parametrize("data", nist.ALL, ids=lambda data: data.name)
def test_lstsq_has_as_many_certified_digits_as_numpy_and_scipy(data):
    others = (np.linalg.lstsq(data.X, data.y, rcond=None)[0], scipy.linalg.lstsq(data.X, data.y)[0])
    best = max(nist.correct_digits(other, data.certified) for other in others)
    assert nist.correct_digits(lstsq(data.X, data.y), data.certified) >= best


def test_lstsq_has_the_digits_that_the_doubles_of_filip_and_longley_hold():
    filip, longley = nist.FILIP, nist.LONGLEY
    assert nist.correct_digits(lstsq(filip.X, filip.y), filip.certified) > 7.6
    assert nist.correct_digits(lstsq(longley.X, longley.y), longley.certified) > 14.6


@pytest.mark.parametrize(
    "A",
    [
        families.hilbert(8),
        families.vandermonde(9),
        families.frank(8),
        families.pascal(8),
        families.kahan(10),
        families.lauchli(5),
        families.graded(6),
        families.nearly_singular(6, 1e-10),
        families.nearly_singular(6, 1e-13),
        families.lauchli(4, 1e-14),
        families.hilbert(10),
        families.well_conditioned(8)[:, :3],
        families.vandermonde(12)[:, :6],
    ],
)
def test_lstsq_is_exact_to_the_last_digit_on_hard_families(A):
    b = np.cos(np.arange(len(A)))
    np.testing.assert_array_max_ulp(lstsq(A, b), exact_lstsq(A, b), 1)


@pytest.mark.parametrize(
    ("A", "b"),
    [
        ([[3, 3 - 2**-47], [3, 3 + 2**-47], [3, 3 + 3 * 2**-47], [2, 2 + 2**-46]], [0, 2, 5, 0]),
        ([[2, 2 + 3 * 2**-47], [2, 2 + 3 * 2**-47], [-3, -3 - 2**-47], [2, 2 + 3 * 2**-47]], [3, -5, -5, -2]),
        ([[0, -(2**-48)], [3, 3 - 2**-48], [1, 1], [-1, -1 - 3 * 2**-49]], [2, -5, -1, 2]),
    ],
)
def test_lstsq_goes_on_where_a_correction_is_larger_than_the_one_before(A, b):
    np.testing.assert_array_max_ulp(lstsq(A, b), exact_lstsq(A, b), 1)


@pytest.mark.parametrize(
    ("A", "most"),
    [
        (families.well_conditioned(8)[:, :3], 4),
        (families.frank(6), 6),  # the residual is 0, and has no digits to wait for
        (families.hilbert(8), 12),  # rounding corrects it for ever
    ],
)
def test_lstsq_stops_when_corrections_no_longer_matter(A, most, monkeypatch):
    solved = []
    solve = least_squares.solve_triangular
    monkeypatch.setattr(least_squares, "solve_triangular", lambda *a, **k: solved.append(a) or solve(*a, **k))
    lstsq(A, np.cos(np.arange(len(A))))
    assert len(solved) / 2 <= most  # two triangular systems in each step


def test_lstsq_does_not_lose_the_digits_that_normal_equations_lose():
    A, b = families.lauchli(2, 1e-9), np.array([2, 1e-9, 1e-9])
    np.testing.assert_array_max_ulp(lstsq(A, b), exact_lstsq(A, b), 1)


@pytest.mark.parametrize("shape", [(6, 6), (6, 4), (4, 6)])
def test_lstsq_of_dependent_columns_is_the_shortest_solution(shape):
    A = families.rank_deficient(6, 3)[: shape[0], : shape[1]]
    b = np.arange(1.0, len(A) + 1)
    np.testing.assert_allclose(lstsq(A, b), exact_pinv(A, 3) @ b, rtol=1e-13, atol=1e-14)


def test_lstsq_of_a_wide_matrix_is_the_shortest_solution():
    np.testing.assert_array_equal(lstsq([[3, 4]], [25]), [3, 4])


def test_lstsq_of_the_zero_matrix_is_zero():
    np.testing.assert_array_equal(lstsq(np.zeros((3, 2)), [1, 2, 3]), [0, 0])


def test_lstsq_does_not_take_a_small_unit_for_a_dependent_column():
    A = np.array([[1, 1e-20], [1, 2e-20], [1, 3e-20]])
    np.testing.assert_allclose(lstsq(A, [3, 5, 7]), [1, 2e20], rtol=1e-15)


def test_single_precision_decides_dependence_by_its_own_rounding():
    A = np.outer(np.cos(np.arange(5)), np.sin(np.arange(1, 4))).astype(np.float32)
    expected = np.linalg.lstsq(A.astype(float), np.ones(5), rcond=1e-6)[0]
    np.testing.assert_allclose(lstsq(A, np.ones(5, np.float32)), expected, rtol=1e-5)


def test_lstsq_solves_each_column_of_b():
    A, B = families.well_conditioned(6)[:, :3], families.hilbert(6)[:, :2]
    np.testing.assert_array_equal(lstsq(A, B), np.column_stack([lstsq(A, B[:, 0]), lstsq(A, B[:, 1])]))


def test_lstsq_of_complex_numbers_satisfies_the_normal_equations():
    rng = np.random.default_rng(1)
    A, b = rng.standard_normal((5, 3, 2)) @ [1, 1j], rng.standard_normal((5, 2)) @ [1, 1j]
    x = lstsq(A, b)
    np.testing.assert_allclose(A.conj().T @ (A @ x - b), 0, atol=1e-14)


def test_lstsq_of_a_real_matrix_and_a_complex_right_hand_side():
    np.testing.assert_array_equal(lstsq([[1], [1]], [1 + 1j, 3 + 1j]), [2 + 1j])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_lstsq_neither_overflows_nor_underflows(scale):
    np.testing.assert_allclose(lstsq(np.array([[1, 0], [1, 1], [1, 2]]) * scale, [1, 3, 5]), [1 / scale, 2 / scale])
    np.testing.assert_allclose(lstsq([[1, 0], [1, 1], [1, 2]], np.array([1, 3, 5]) * scale), [scale, 2 * scale])


def test_lstsq_names_b_where_its_rows_do_not_fit():
    with pytest.raises(ValueError, match=r"b must have 3 rows, as A has, but its shape is \(1, 3\); transpose it"):
        lstsq([[1], [2], [3]], [[1, 2, 3]])


def test_lstsq_says_when_the_solution_is_too_large_for_a_double():
    with pytest.raises(np.linalg.LinAlgError, match="the solution must fit in doubles"):
        lstsq([[1e-200]], [1e200])


@given(arrays(float, (4, 3), elements=ENTRIES), arrays(float, 4, elements=ENTRIES))
def test_lstsq_leaves_a_residual_perpendicular_to_the_columns(A, b):
    np.testing.assert_allclose(A.T @ (A @ lstsq(A, b) - b), 0, atol=1e-10)


@given(arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=ENTRIES))
def test_pinv_satisfies_the_four_penrose_conditions(A):
    P = pinv(A)
    scale = 1e-13 * (1 + np.abs(P).max()) ** 2 * (1 + np.abs(A).max()) ** 2
    for left, right in ((A @ P @ A, A), (P @ A @ P, P), ((A @ P).T, A @ P), ((P @ A).T, P @ A)):
        np.testing.assert_allclose(left, right, atol=scale)


@given(arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=ENTRIES))
def test_lstsq_and_pinv_agree(A):
    b = np.arange(1.0, len(A) + 1)
    np.testing.assert_allclose(lstsq(A, b), pinv(A) @ b, atol=1e-11 * (1 + np.abs(pinv(A)).max() ** 2))


@pytest.mark.parametrize("family", families.INVERTIBLE)
def test_pinv_errs_by_condition_times_rounding_and_not_more_than_numpy(family):
    A = family(6)
    with mpmath.workdps(60):
        expected = np.array((mpmath.matrix(A.tolist()) ** -1).tolist(), dtype=float)
    size, condition = np.linalg.norm(expected), np.linalg.cond(A)
    error = np.linalg.norm(pinv(A) - expected) / size
    assert error <= 20 * condition * EPS
    assert error <= np.linalg.norm(np.linalg.pinv(A, rcond=6 * EPS) - expected) / size + 10 * EPS


def test_pinv_of_a_rank_deficient_matrix_is_that_of_exact_arithmetic():
    A = families.rank_deficient(6, 3)
    np.testing.assert_allclose(pinv(A), exact_pinv(A, 3), atol=1e-14)


def test_pinv_takes_small_singular_values_for_zero_only_up_to_rtol():
    A = np.diag([1, 1e-3])
    np.testing.assert_allclose(pinv(A), np.diag([1, 1e3]), atol=1e-12)
    np.testing.assert_array_equal(pinv(A, rtol=1e-2), np.diag([1, 0]))


def test_pinv_of_the_zero_matrix_is_its_transpose():
    np.testing.assert_array_equal(pinv(np.zeros((2, 3))), np.zeros((3, 2)))


def test_pinv_of_a_complex_column_is_its_conjugate_row_over_its_squared_length():
    np.testing.assert_allclose(pinv([[3j], [4]]), [[-3j / 25, 4 / 25]], rtol=1e-15)


def test_single_precision_stays_single_and_complex_stays_complex():
    A = np.array([[1, 0], [1, 1], [1, 2]], dtype=np.float32)
    assert pinv(A).dtype == np.float32
    assert lstsq(A, np.float32([1, 3, 5])).dtype == np.float32
    assert lstsq(A, [1.0, 3, 5]).dtype == np.float64
    assert pinv(A * np.complex64(1j)).dtype == np.complex64
    np.testing.assert_allclose(lstsq(A / np.float32(3), np.float32([1, 3, 5])), [3, 6], rtol=2e-7)
