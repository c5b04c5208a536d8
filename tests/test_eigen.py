import itertools
import math
from fractions import Fraction

import families
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.eigen import characteristic_polynomial, eig, eigh, power_iteration

EPS = np.finfo(float).eps
ENTRIES = st.integers(-8, 8).map(float)
SQUARES = st.integers(1, 6).flatmap(lambda n: arrays(float, (n, n), elements=ENTRIES))


def leading_components(V):
    moduli = np.abs(V)
    return V[np.argmax(moduli >= moduli.max(axis=0) * (1 - 1e-9), axis=0), np.arange(V.shape[1])]


def exact_polynomial(A):
    """Faddeev and LeVerrier in fractions, written for clarity."""
    n = len(A)
    A = [[Fraction(entry) for entry in row] for row in np.asarray(A, float).tolist()]
    M, coefficients = [[Fraction(0)] * n for _ in range(n)], [Fraction(1)]
    for k in range(1, n + 1):
        M = [
            [sum(A[i][m] * M[m][j] for m in range(n)) + (i == j) * coefficients[-1] for j in range(n)] for i in range(n)
        ]
        coefficients.append(-sum(A[i][m] * M[m][i] for i in range(n) for m in range(n)) / k)
    return [float(c) for c in coefficients]


@given(SQUARES)
def test_each_eigenvector_is_only_stretched(A):
    values, vectors = eig(A)
    np.testing.assert_allclose(A @ vectors, vectors * values, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-14)


@given(SQUARES)
def test_eigenvalues_descend_in_modulus_then_real_then_imaginary_part(A):
    values = eig(A).values
    for a, b in itertools.pairwise(values):
        if abs(a) - abs(b) <= 1e-9 * abs(a) and abs(a) > 1e-6:
            assert a.real >= b.real - 1e-8 * abs(a)
            if abs(a.real - b.real) <= 1e-9 * abs(a):
                assert a.imag >= b.imag - 1e-8 * abs(a)
        else:
            assert abs(a) >= abs(b) * (1 - 1e-9)


@given(SQUARES)
def test_the_largest_component_of_each_eigenvector_is_real_and_positive(A):
    for vectors in (eig(A).vectors, eigh(A + A.T).vectors):
        leading = leading_components(vectors)
        assert (leading.real > 0).all()
        np.testing.assert_allclose(leading.imag, 0, atol=1e-15)


@given(SQUARES)
def test_eigenvalues_agree_with_numpy(A):
    for actual, expected in (
        (eig(A).values, np.linalg.eigvals(A)),
        (eigh(A + A.T).values, np.linalg.eigvalsh(A + A.T)),
    ):
        # Defective matrices move their eigenvalues by eps**(1/n), so that the polynomials are compared.
        scale = (1 + np.abs(expected).max()) ** len(A)
        np.testing.assert_allclose(np.poly(actual), np.poly(expected), atol=1e-12 * scale)


def test_conjugate_pairs_come_with_the_positive_imaginary_part_first():
    values, vectors = eig([[0, -1], [1, 0]])
    np.testing.assert_allclose(values, [1j, -1j])
    np.testing.assert_allclose(vectors, [[math.sqrt(0.5)] * 2, [-1j * math.sqrt(0.5), 1j * math.sqrt(0.5)]], atol=1e-16)


@pytest.mark.parametrize("noise", [0.0, 1e-15, -1e-15])
def test_rounding_does_not_decide_the_order_of_equal_moduli(noise):
    values = [
        2j,
        -2 * (1 + noise),
        2 * (1 - noise),
        1,
        -2j * (1 + noise),
        2 * np.exp(1j),
        2 * np.exp(-1j) * (1 + noise),
    ]
    expected = [2, 2 * np.exp(1j), 2 * np.exp(-1j), 2j, -2j, -2, 1]
    np.testing.assert_allclose(eig(np.diag(values)).values, expected, rtol=1e-14)


def test_the_roots_of_unity_come_by_descending_real_part():
    C = np.roll(np.eye(6), 1, axis=0)
    h = math.sqrt(0.75)
    np.testing.assert_allclose(
        eig(C).values, [1, 0.5 + h * 1j, 0.5 - h * 1j, -0.5 + h * 1j, -0.5 - h * 1j, -1], atol=1e-14
    )


def test_a_real_matrix_with_real_eigenvalues_gives_real_arrays():
    values, vectors = eig([[1, 2], [3, 4]])
    assert values.dtype == vectors.dtype == np.float64
    root = math.sqrt(33)
    np.testing.assert_allclose(values, [(5 + root) / 2, (5 - root) / 2], rtol=1e-15)


def test_arrays_are_real_also_where_numpy_gives_complex_ones(monkeypatch):
    original = np.linalg.eig
    monkeypatch.setattr(np.linalg, "eig", lambda A: tuple(part.astype(complex) for part in original(A)))
    values, vectors = eig([[1, 2], [3, 4]])
    assert values.dtype == vectors.dtype == np.float64
    np.testing.assert_allclose([[1, 2], [3, 4]] @ vectors, vectors * values, atol=1e-14)
    assert eig([[0, -1], [2, 0]]).values.dtype == np.complex128


def test_a_complex_matrix_gives_complex_arrays_also_when_it_is_hermitian():
    A = np.array([[2, 1j], [-1j, 2]])
    values, vectors = eig(A)
    assert values.dtype == vectors.dtype == np.complex128
    np.testing.assert_allclose(values, [3, 1], atol=1e-15)
    assert eigh(A).values.dtype == np.float64
    np.testing.assert_allclose(A @ vectors, vectors * values, atol=1e-15)


def test_a_shear_has_one_direction_only():
    values, vectors = eig(families.defective(2, 1.0))
    np.testing.assert_array_equal(values, [1, 1])
    assert np.linalg.matrix_rank(vectors) == 1


@pytest.mark.parametrize("family", families.SYMMETRIC)
def test_eigh_errs_by_rounding_of_the_largest_eigenvalue(family):
    A = family(9)
    with mpmath.workdps(50):
        expected = np.array(mpmath.eigsy(mpmath.matrix(A.tolist()), eigvals_only=True).tolist(), dtype=float).ravel()
    values, vectors = eigh(A)
    n = len(A)
    np.testing.assert_allclose(values, np.sort(expected), rtol=0, atol=10 * EPS * np.abs(expected).max())
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(n), atol=10 * n * EPS)
    np.testing.assert_allclose(vectors * values @ vectors.T, A, atol=10 * n * EPS * np.abs(expected).max())
    np.testing.assert_allclose(np.sort(eig(A).values), values, rtol=0, atol=10 * EPS * np.abs(expected).max())


def test_eigenvalues_of_the_frank_matrix_err_no_more_than_numpys():
    A = families.frank(9)
    with mpmath.workdps(60):
        expected = np.array(
            sorted((float(mpmath.re(x)) for x in mpmath.eig(mpmath.matrix(A.tolist()))[0]), reverse=True)
        )
    error = np.abs(eig(A).values - expected)
    other = np.abs(np.sort(np.linalg.eigvals(A))[::-1] - expected)
    assert (error <= other + 4 * EPS * expected[0]).all()
    np.testing.assert_allclose(eig(A).values * eig(A).values[::-1], 1, rtol=1e-6)  # they come in pairs λ, 1/λ


def test_rossers_matrix_has_its_published_eigenvalues():
    r, s = math.sqrt(10405), math.sqrt(26)
    expected = [10 * r, 1020, 510 + 100 * s, 1000, 1000, 510 - 100 * s, 0, -10 * r]
    np.testing.assert_allclose(eigh(families.rosser()).values[::-1], expected, atol=1e-12)


@given(SQUARES)
def test_eigh_ascends_and_diagonalizes(A):
    A = A + A.T
    values, vectors = eigh(A)
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(vectors * values @ vectors.T, A, atol=1e-13)


def test_eigh_refuses_what_is_not_hermitian():
    with pytest.raises(ValueError, match=r"A must be symmetric, but entry \(0, 1\) is 2 and .* is 3; .* use eig"):
        eigh([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="A must be Hermitian"):
        eigh([[1, 1j], [1j, 1]])


def test_eigh_forgives_rounding():
    np.testing.assert_allclose(eigh([[1, 1e-14], [0, 2]]).values, [1, 2])
    np.testing.assert_allclose(eigh(np.float32([[1, 1e-6], [0, 2]])).values, [1, 2])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 1)])
def test_what_is_not_finite_is_named(bad, place):
    A = np.eye(2)
    A[place] = A[place[::-1]] = bad
    for function in (eig, eigh, characteristic_polynomial, power_iteration):
        with pytest.raises(ValueError, match="A must be finite, but entry"):
            function(A)


def test_an_eigenvalue_too_large_for_doubles_is_refused():
    for function in (eig, eigh):
        with pytest.raises(np.linalg.LinAlgError, match="eigenvalue must fit in doubles"):
            function(np.full((4, 4), 1e308))


def test_no_negative_zero_is_left():
    for vectors in (eig(np.diag([2.0, -3.0])).vectors, eigh(np.diag([2.0, -3.0])).vectors):
        assert not np.signbit(vectors).any()


def test_signs_of_many_vectors_are_fixed_like_those_of_few():
    A = families.well_conditioned(30)
    values, vectors = eigh(A + A.T)
    assert (leading_components(vectors) > 0).all()
    values, vectors = eig(A)
    assert (leading_components(vectors).real > 0).all()
    np.testing.assert_allclose(A @ vectors, vectors * values, atol=1e-12)


@given(SQUARES)
def test_the_characteristic_polynomial_of_integers_is_exact(A):
    np.testing.assert_array_equal(characteristic_polynomial(A), exact_polynomial(A))


@pytest.mark.parametrize("family", [*families.INVERTIBLE, families.wilkinson, families.rosser, families.rank_deficient])
def test_the_characteristic_polynomial_of_doubles_is_rounded_once(family):
    A = family(8)
    np.testing.assert_array_equal(characteristic_polynomial(A), exact_polynomial(A))


def test_a_complex_characteristic_polynomial():
    np.testing.assert_array_equal(characteristic_polynomial([[1j, 2], [3, 4]]), [1, -4 - 1j, -6 + 4j])
    np.testing.assert_array_equal(characteristic_polynomial(np.diag([0.5j, 0.25])), [1, -0.25 - 0.5j, 0.125j])


def test_the_polynomial_of_a_companion_matrix_is_its_last_column():
    np.testing.assert_array_equal(characteristic_polynomial([[0, 0, 6], [1, 0, -11], [0, 1, 6]]), [1, -6, 11, -6])


def test_coefficients_beyond_the_range_of_doubles_are_infinite():
    t = 2.0**300
    np.testing.assert_array_equal(characteristic_polynomial(np.eye(4) * t), [1, -4 * t, 6 * t**2, -4 * t**3, np.inf])


def test_a_large_matrix_takes_the_product_over_its_eigenvalues():
    values = np.linspace(0.5, 1.5, 40)
    np.testing.assert_allclose(characteristic_polynomial(np.diag(values)), np.poly(values[::-1]), rtol=1e-9)
    with pytest.raises(np.linalg.LinAlgError, match="each coefficient of the polynomial must fit"):
        characteristic_polynomial(np.eye(40) * 1e30)


@given(SQUARES)
def test_power_iteration_that_converges_has_found_an_eigenpair(A):
    value, vector, converged, iterations = power_iteration(A, steps=200)
    assert np.isfinite(value)
    assert np.isfinite(vector).all()
    assert 1 <= iterations <= 200
    if converged:
        np.testing.assert_allclose(A @ vector, value * vector, atol=1e-11 * (1 + abs(value)))


def test_power_iteration_finds_the_largest_eigenvalue():
    result = power_iteration([[2, 1], [1, 2]])
    assert result.converged
    assert abs(result.value - 3) < 1e-14
    np.testing.assert_allclose(result.vector, [math.sqrt(0.5)] * 2, rtol=1e-11)
    negative = power_iteration([[-5, 0], [0, 1]])
    assert negative.value == pytest.approx(-5, rel=1e-14)
    np.testing.assert_allclose(negative.vector, [1, 0], atol=1e-11)


@pytest.mark.parametrize("A", [[[0, -1], [1, 0]], [[0, 1], [1, 0]], np.diag([1, 1j]), [[1, 1], [0, 1]]])
def test_power_iteration_says_when_it_does_not_converge(A):
    result = power_iteration(A, steps=100)
    assert not result.converged
    assert result.iterations == 100
    assert np.isfinite(result.value)
    assert np.isfinite(result.vector).all()


def test_power_iteration_of_the_zero_matrix_and_of_a_nilpotent_one_finds_zero():
    assert power_iteration(np.zeros((3, 3)))[0] == 0
    assert power_iteration([[0, 1], [0, 0]])[:3:2] == (0, True)


def test_power_iteration_starts_where_it_is_told():
    assert power_iteration(np.diag([1, 2]), start=[1, 0])[0] == 1
    assert power_iteration(np.diag([1, 2]), start=[1e-100, 1e-100]).value == pytest.approx(2)
    with pytest.raises(ValueError, match=r"start must have 2 entries, as A has rows, but its shape is \(3,\)"):
        power_iteration(np.eye(2), start=[1, 2, 3])
    with pytest.raises(ValueError, match="start must not be zero"):
        power_iteration(np.eye(2), start=[0, 0])


@pytest.mark.parametrize("scale", [1e-101, 1e101])
def test_power_iteration_refuses_what_its_plain_products_might_not_bear(scale):
    with pytest.raises(ValueError, match=r"A must have a largest entry from 1e-100 to 1e\+100 .*; eig takes numbers"):
        power_iteration(np.eye(2) * scale)
    with pytest.raises(ValueError, match=r"start must have a largest entry .*; its length does not matter"):
        power_iteration(np.eye(2), start=[scale, 0])


@pytest.mark.parametrize("scale", [1e-100, 3e99])
def test_power_iteration_does_not_depend_on_the_unit(scale):
    result = power_iteration(np.array([[2, 1], [1, 2]]) * scale)
    assert result.converged
    assert result.value == pytest.approx(3 * scale, rel=1e-14)


def test_power_iteration_of_a_complex_matrix():
    result = power_iteration([[2j, 0], [0, 1]])
    assert result.converged
    assert result.value == pytest.approx(2j)


def test_single_precision_stays_single():
    A = np.float32([[2, 1], [1, 2]])
    assert {part.dtype for part in (*eig(A), *eigh(A), characteristic_polynomial(A), power_iteration(A).vector)} == {
        np.dtype(np.float32)
    }
    assert isinstance(power_iteration(A).value, float)
    assert {part.dtype for part in eig(np.float32([[0, -1], [1, 0]]))} == {np.dtype(np.complex64)}
    values, vectors = eigh(np.complex64([[2, 1j], [-1j, 2]]))
    assert (values.dtype, vectors.dtype) == (np.float32, np.complex64)


def test_no_input_is_modified():
    A = np.array([[4.0, 1], [1, 3]])
    before = A.copy()
    for function in (eig, eigh, characteristic_polynomial, power_iteration):
        function(A)
    np.testing.assert_array_equal(A, before)
