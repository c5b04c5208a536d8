"""Hadamard product, inverse and power: entry by entry against Python's own numbers."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mathref.hadamard import hadamard_inverse, hadamard_power, hadamard_product

whole = hnp.arrays(np.float64, (2, 3), elements=st.integers(-1000, 1000).map(float))
moderate = hnp.arrays(np.float64, (2, 3), elements=st.floats(1e-3, 1e3))


@given(whole, whole, whole)
def test_the_product_is_commutative_associative_and_distributive(A, B, C):
    assert (hadamard_product(A, B) == hadamard_product(B, A)).all()
    assert (hadamard_product(A, hadamard_product(B, C)) == hadamard_product(hadamard_product(A, B), C)).all()
    assert (hadamard_product(A, B + C) == hadamard_product(A, B) + hadamard_product(A, C)).all()


@given(moderate)
def test_each_reciprocal_is_rounded_once(A):
    assert hadamard_inverse(A).tolist() == [[float(1 / Fraction(x)) for x in row] for row in A.tolist()]


@given(moderate)
def test_the_second_power_is_the_product_with_itself(A):
    assert (hadamard_power(A, 2) == hadamard_product(A, A)).all()


@given(moderate, st.floats(-3, 3))
def test_the_power_is_that_of_each_entry(A, exponent):
    expected = [[math.pow(x, exponent) for x in row] for row in A.tolist()]
    np.testing.assert_allclose(hadamard_power(A, exponent), expected, rtol=4e-16)


def test_it_is_neither_the_matrix_product_nor_the_matrix_inverse():
    B = np.array([[1, 2], [3, 4]])
    assert hadamard_product(B, B).tolist() == [[1, 4], [9, 16]] != (B @ B).tolist()
    assert hadamard_inverse(B).tolist() == [[1, 0.5], [1 / 3, 0.25]]


def test_the_product_of_positive_semidefinite_matrices_is_positive_semidefinite():
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((2, 5, 3))
    values = np.linalg.eigvalsh(hadamard_product(X @ X.T, Y @ Y.T))
    assert values.min() >= -1e-13 * values.max()


def test_zero_to_the_power_zero_is_one():
    assert hadamard_power([[0, 2]], 0).tolist() == [[1, 1]]
    assert hadamard_power([0j], 0).tolist() == [1]


def test_a_negative_entry_has_whole_powers():
    assert hadamard_power([-2, 3], 3).tolist() == [-8, 27]
    assert hadamard_power([-2.0, 4.0], -1).tolist() == [-0.5, 0.25]


def test_complex_entries_have_principal_powers():
    np.testing.assert_allclose(hadamard_power([-1 + 0j, 4], 0.5), [1j, 2], atol=1e-15)
    assert hadamard_product([1j], [1j]).tolist() == [-1]
    assert hadamard_inverse([2j]).tolist() == [-0.5j]


@pytest.mark.parametrize("shape", [(), (2,), (2, 2), (2, 1, 2)])
def test_arrays_of_any_order_keep_their_shape(shape):
    A = np.full(shape, 2.0)
    for result in (hadamard_product(A, A), hadamard_inverse(A), hadamard_power(A, 2)):
        assert isinstance(result, np.ndarray)
        assert result.shape == shape


@pytest.mark.parametrize(("given_type", "expected"), [("i4", "f8"), ("f4", "f4"), ("F", "F"), ("f8", "f8")])
def test_types_are_those_of_the_library(given_type, expected):
    A = np.array([[1, 2]], dtype=given_type)
    for result in (hadamard_product(A, A), hadamard_inverse(A), hadamard_power(A, 0.5), hadamard_power(A, 2)):
        assert result.dtype == expected


def test_large_whole_numbers_are_not_wrapped():
    assert hadamard_product(np.array([2**40]), np.array([2**40])).tolist() == [2.0**80]
    assert hadamard_power(np.array([2**40]), 3).tolist() == [2.0**120]


def test_a_zero_has_no_reciprocal():
    with pytest.raises(ValueError, match=r"A must not hold zeros, but entry \(0, 1\) of A is 0"):
        hadamard_inverse([[1, 0]])
    with pytest.raises(ValueError, match=r"entry 1 of A is 0: 0 has no power -0\.5"):
        hadamard_power([1, 0], -0.5)


def test_a_negative_entry_has_no_fractional_power():
    with pytest.raises(ValueError, match=r"A must not be negative for the fractional exponent 0\.5, .* is -4"):
        hadamard_power([1, -4], 0.5)


def test_shapes_are_not_broadcast():
    with pytest.raises(ValueError, match=r"A and B must have the same shape, but they are \(2, 2\) and \(2,\)"):
        hadamard_product([[1, 2], [3, 4]], [1, 2])


@pytest.mark.parametrize(
    "overflowing",
    [
        lambda: hadamard_product([1e200], [1e200]),
        lambda: hadamard_product([1e200 + 1e200j], [1e200 + 1e200j]),
        lambda: hadamard_inverse([5e-324]),
        lambda: hadamard_power([1e200], 2),
        lambda: hadamard_power([1e-200j], -2),
    ],
)
def test_a_result_beyond_the_range_is_refused(overflowing):
    with pytest.raises(np.linalg.LinAlgError, match=r"exceeds 1\.8e308"):
        overflowing()
