"""Determinants: against fractions, mpmath with 60 digits and closed forms, over the whole range of doubles."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.linalg import hilbert, pascal

from mathref.determinant import det, det_by_cofactors, det_by_elimination, slogdet

EPS = np.finfo(float).eps
ALL = [det, det_by_cofactors, det_by_elimination]


def exact(A):
    """Leibniz's sum over permutations for small matrices, in fractions of the stored doubles."""
    rows = [[Fraction(x) for x in row] for row in np.asarray(A).tolist()]
    total = Fraction(0)
    for order in itertools.permutations(range(len(rows))):
        inversions = sum(i > j for i, j in itertools.combinations(order, 2))
        total += (-1) ** inversions * math.prod(rows[i][j] for i, j in enumerate(order))
    return total


def exact_by_elimination(A):
    """Gauss in fractions, for larger matrices."""
    rows = [[Fraction(x) for x in row] for row in np.asarray(A).tolist()]
    result = Fraction(1)
    while rows:
        k = next((i for i, row in enumerate(rows) if row[0]), None)
        if k is None:
            return Fraction(0)
        top = rows.pop(k)
        result *= (-1) ** k * top[0]
        rows = [[x - row[0] / top[0] * t for x, t in zip(row[1:], top[1:], strict=True)] for row in rows]
    return result


def squares(n, elements):
    return hnp.arrays(np.float64, (n, n), elements=elements)


whole = st.integers(1, 4).flatmap(lambda n: squares(n, st.integers(-50, 50).map(float)))
real = st.integers(1, 4).flatmap(lambda n: squares(n, st.floats(-100, 100, allow_subnormal=False)))


@given(whole)
def test_determinants_of_integer_matrices_are_exact(A):
    assert det(A) == float(exact(A))
    assert det_by_cofactors(A) == float(exact(A))


@given(st.integers(5, 12).flatmap(lambda n: squares(n, st.integers(-9, 9).map(float))))
@settings(max_examples=30)
def test_larger_integer_matrices_are_exact_too(A):
    assert det(A) == float(exact_by_elimination(A))


def reach_of_rounding(A, size):
    """By how much det A may change if each entry changes by 64 EPS times the size.

    The first order is the sum of all cofactors; elimination with partial pivoting is exact for a matrix that is off by
    less than n 2ⁿ EPS times its largest entry.
    """
    n, change = len(A), 64 * EPS * size
    minors = (np.delete(np.delete(A, i, axis=0), j, axis=1) for i in range(n) for j in range(n))
    first = sum(abs(float(exact(minor))) for minor in minors) if n > 1 else 1.0
    return change * first + math.factorial(n) * change**2 * size ** max(0, n - 2) + 1e-290


@given(real, st.sampled_from(ALL))
def test_determinants_are_right_to_the_rounding_of_the_entries(A, function):
    if function is not det:
        A = np.where(np.abs(A) < 1e-30, 0.0, A)
    assert abs(function(A) - float(exact(A))) <= reach_of_rounding(A, np.abs(A).max())


@given(real, real)
def test_the_determinant_of_a_product_is_the_product_of_determinants(A, B):
    n = min(len(A), len(B))
    A, B = A[:n, :n], B[:n, :n]
    of_a, of_b = reach_of_rounding(A, np.abs(A).max()), reach_of_rounding(B, np.abs(B).max())
    bound = reach_of_rounding(A @ B, (np.abs(A) @ np.abs(B)).max()) + of_a * abs(det(B)) + of_b * abs(det(A))
    assert abs(det(A @ B) - det(A) * det(B)) <= bound + of_a * of_b


@given(whole)
def test_transposing_keeps_and_exchanging_rows_negates(A):
    assert det(A.T) == det(A)
    if len(A) > 1:
        assert det(A[[1, 0, *range(2, len(A))]]) == -det(A)


@given(whole, st.integers(-9, 9))
def test_a_factor_comes_out_to_the_power_n(A, c):
    assert det(c * A) == c ** len(A) * det(A)


@pytest.mark.parametrize("function", ALL)
def test_the_determinants_of_the_tutorial(function):
    assert function([[1, 2], [3, 4]]) == pytest.approx(-2, rel=4 * EPS)
    assert function([[1, 2], [2, 4]]) == 0
    assert function([[0, -1], [1, 0]]) == pytest.approx(1, rel=EPS)
    assert function([[7]]) == 7
    assert type(function([[1, 2], [3, 4]])) is float


def test_exact_integers_have_no_rounding_tail():
    assert det([[1, 2], [3, 4]]) == -2.0
    assert det([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) == 0.0
    assert slogdet([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) == (0.0, -math.inf)
    assert [det(pascal(n)) for n in (5, 10, 15)] == [1.0] * 3
    assert det([[2**26 + 1, 2**26], [2**26, 2**26 - 1]]) == -1.0


# Families with a determinant in closed form, not exact integers unless noted


def hilbert_determinant(n):
    factorials = [math.prod(math.factorial(i) for i in range(m)) for m in (n, 2 * n)]
    return Fraction(factorials[0] ** 4, factorials[1])


FAMILIES = {
    "hilbert 5": hilbert(5),
    "hilbert 9": hilbert(9),
    "vandermonde": np.vander(np.linspace(0.1, 2.3, 7)),
    "frank": 1.1 * np.triu(8 - np.maximum.outer(np.arange(8.0), np.arange(8.0)), -1),
    "kahan": np.diag(0.8 ** np.arange(12.0)) @ (np.eye(12) - 0.6 * np.triu(np.ones((12, 12)), 1)),
    "laeuchli": np.array([[1, 1, 1], [1e-7, 0, 0], [0, 1e-7, 1.5e-7]]),
    "nearly singular": np.array([[1.1, 2.2], [3.3, 6.6 * (1 + 1e-10)]]),
    "graded": np.random.default_rng(1).standard_normal((8, 8)) * np.logspace(0, -70, 8)[:, np.newaxis],
    "graded both ways": np.multiply.outer(np.logspace(150, -150, 6), np.logspace(-120, 120, 6))
    * np.random.default_rng(2).standard_normal((6, 6)),
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("function", ALL)
def test_families_are_right_to_condition_times_eps(name, function):
    A = FAMILIES[name]
    if function is not det and name.startswith("graded"):
        with pytest.raises(ValueError, match=r"A must hold zeros and numbers from 1e-30 to 1e\+30 in modulus here"):
            function(A)
        return
    if function is det_by_cofactors:
        A = A[:6, :6]
    expected = exact_by_elimination(A)
    # Powers of two taken out of columns and rows change nothing but the condition number.
    scaled = A / 2.0 ** np.round(np.log2(np.abs(A).max(axis=1, keepdims=True)))
    scaled = scaled / 2.0 ** np.round(np.log2(np.abs(scaled).max(axis=0)))
    error = abs(Fraction(function(A)) / expected - 1)
    assert error <= 8 * len(A) * EPS * np.linalg.cond(scaled)
    sign, logabsdet = slogdet(A)
    with mpmath.workdps(60):
        logarithm = float(mpmath.log(abs(mpmath.mpf(expected.numerator) / expected.denominator)))
    assert sign == (1 if expected > 0 else -1)
    assert abs(logabsdet - logarithm) <= 8 * len(A) * EPS * (np.linalg.cond(scaled) + abs(logarithm))


def test_the_exact_inputs_of_closed_forms():
    with mpmath.workdps(60):
        expected = float(mpmath.mpf(hilbert_determinant(5).numerator) / hilbert_determinant(5).denominator)
    # The stored entries are Hilbert's to one rounding, which the condition number 4.8e5 magnifies.
    assert det(hilbert(5)) == pytest.approx(expected, rel=4.8e5 * EPS)


# Range


@pytest.mark.parametrize(
    ("A", "expected"),
    [
        (np.diag([1e200, 1e200, 1e-200, 1e-200]), 1.0),
        (np.diag([1e-200, 1e-200, 1e200, 1e200]), 1.0),
        (np.diag([1e200j, -1e200j, 1e-200j, -1e-200j]), 1.0),
        ([[1e200, 1e-200], [1, 0]], -1e-200),
        ([[1e200, 2e200], [3e-200, 4e-200]], -2.0),
        ([[3e200, 1e200], [1e200, 1e200]], math.inf),
        ([[1e200, 3e200], [1e200, 1e200]], -math.inf),
        ([[1e-200, 0], [0, 1e-200]], 0.0),
        ([[5e-324, 0], [0, 1e300]], 5e-324 * 1e300),
        ([[5e-324, 5e-324], [0, 1e300]], 5e-324 * 1e300),
        ([[1, 1e-200, 0], [1e-200, 0, 0], [0, 0, 1e300]], -1e-100),
        ([[1e200, 1e200], [1e200, 1e200]], 0.0),
        ([[1.7e308, 1.7e308], [-1.7e308, 1.7e308]], math.inf),
    ],
)
def test_a_determinant_within_the_range_is_right_whatever_its_factors(A, expected):
    assert det(A) == pytest.approx(expected, rel=1e-14, abs=0)
    for function in (det_by_cofactors, det_by_elimination):  # these two are there to be read
        with pytest.raises(ValueError, match=r"but one has modulus .*; det and slogdet take numbers of any size"):
            function(A)


@pytest.mark.parametrize(("factor", "n"), [(1e25, 13), (1e-26, 12)])
def test_elimination_refuses_a_product_that_leaves_the_range(factor, n):
    assert det_by_elimination(factor * np.eye(n - 1)) == pytest.approx(float(Fraction(factor) ** (n - 1)), rel=n * EPS)
    with pytest.raises(np.linalg.LinAlgError, match=r"each product of pivots must be within .*; use slogdet"):
        det_by_elimination(factor * np.eye(n))


@pytest.mark.parametrize("factor", [0.1, 1e-3, 1e3, 1e-300])
@pytest.mark.parametrize("n", [40, 150])
def test_large_matrices_with_factors_of_all_sizes(n, factor):
    Q, _ = np.linalg.qr(np.random.default_rng(n).standard_normal((n, n)))
    rows = np.where(np.arange(n) % 2, factor, 1 / factor)[:, np.newaxis]
    for function in (det, det_by_elimination)[: 1 if factor < 1e-30 else 2]:
        assert abs(function(Q * rows)) == pytest.approx(1, rel=n * 16 * EPS)
    sign, logabsdet = slogdet(Q * factor)
    assert sign == np.sign(np.linalg.det(Q)) * np.sign(factor) ** n
    assert logabsdet == pytest.approx(n * math.log(factor), rel=n * EPS)


def test_the_logarithm_goes_beyond_the_range():
    assert slogdet(0.1 * np.eye(400)) == (1.0, pytest.approx(400 * math.log(0.1), rel=4 * EPS))
    assert slogdet(-10.0 * np.eye(401)) == (-1.0, pytest.approx(401 * math.log(10), rel=4 * EPS))
    assert slogdet(1000 * np.eye(32)[::-1]) == (1.0, pytest.approx(32 * math.log(1000), rel=4 * EPS))
    sign, logabsdet = slogdet([[1, 1e-200], [1e-200, 0]])
    assert (sign, logabsdet) == (-1.0, pytest.approx(-400 * math.log(10), rel=4 * EPS))


@pytest.mark.parametrize("function", ALL)
def test_a_singular_matrix_has_the_determinant_zero_without_a_sign(function):
    for A in ([[0]], [[0, 1], [0, 2]], [[2, 1, 0], [2, 1, 0], [0, 0, 1.5]], [[-1.0, -1.0], [-1.0, -1.0]]):
        result = function(A)
        assert result == 0
        assert math.copysign(1, result) == 1
    assert function([[0, 1j], [0, 1]]) == 0
    assert slogdet([[0.5, 1.0], [0.5, 1.0]]) == (0.0, -math.inf)


# Complex matrices and types


@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_complex_determinants_are_right(n):
    rng = np.random.default_rng(n)
    A = rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n))
    with mpmath.workdps(60):
        expected = complex(mpmath.det(mpmath.matrix(A.tolist())))
    for function in ALL:
        assert function(A) == pytest.approx(expected, rel=1e-13)
        assert type(function(A)) is complex
    assert det(A * 1e-60) == pytest.approx(expected * 10.0 ** (-60 * n), rel=1e-12, abs=1e-323)
    sign, logabsdet = slogdet(A)
    assert sign == pytest.approx(expected / abs(expected), rel=1e-13)
    assert logabsdet == pytest.approx(math.log(abs(expected)), abs=1e-13)


def test_complex_entries_near_the_largest_double_count():
    assert det([[1.7e308 + 1.7e308j, 0], [0, 1e-308]]) == pytest.approx(1.7 + 1.7j, rel=4 * EPS)


def test_float32_is_computed_in_doubles():
    A = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32)
    assert det(A) == pytest.approx(float(exact(A)), rel=32 * EPS)
    assert slogdet(A)[1] == pytest.approx(math.log(-float(exact(A))), rel=32 * EPS)
    assert det(np.diag(np.array([1e30, 1e30], dtype=np.float32))) == pytest.approx(
        float(np.float32(1e30)) ** 2, rel=EPS
    )


def test_any_order_in_memory_gives_the_same_and_nothing_is_modified():
    A = np.random.default_rng(5).standard_normal((5, 5))
    before = A.copy()
    for B in (np.asfortranarray(A), A.repeat(2, axis=0)[::2]):
        assert det(B) == pytest.approx(det(A), rel=1e-14)
    for function in (*ALL, slogdet):
        function(A)
        function(np.asfortranarray(A))
    assert (before == A).all()


def test_products_of_whole_numbers_do_not_wrap():
    assert det(np.array([[2**40, 0], [0, 2**40]])) == 2.0**80


@pytest.mark.parametrize("n", [33, 100])
def test_determinants_agree_with_numpy(n):
    A = np.random.default_rng(n).standard_normal((n, n))
    assert det(A) == pytest.approx(np.linalg.det(A), rel=1e-11)
    assert det_by_elimination(A) == pytest.approx(np.linalg.det(A), rel=1e-11)
    assert slogdet(A) == pytest.approx(tuple(np.linalg.slogdet(A)), rel=1e-12)


# Refusals


@pytest.mark.parametrize("function", [*ALL, slogdet])
def test_what_is_not_a_finite_square_matrix_is_refused(function):
    with pytest.raises(ValueError, match=r"A must be a square matrix, but its shape is \(2, 3\); only a square matrix"):
        function(np.ones((2, 3)))
    with pytest.raises(
        ValueError, match=r"A must be a square matrix, but its shape is \(3,\); write \[A\] for one row"
    ):
        function([1, 2, 3])
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match=r"entry \(0, 1\) of A is"):
            function([[1, bad], [0, 1]])
        with pytest.raises(ValueError, match=r"entry \(0, 1\) of A is"):
            function([[1.5, bad], [0, 1]])


def test_cofactors_stop_at_nine_rows():
    with pytest.raises(ValueError, match=r"A must have at most 9 rows here, but its shape is \(10, 10\)"):
        det_by_cofactors(np.eye(10))
