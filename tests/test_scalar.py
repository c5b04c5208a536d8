"""Scalars: against exact fractions, and the standard library's own ulp and isclose."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.scalar import is_close, relative_error, ulp

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_ulp_is_that_of_the_standard_library(x):
    assert ulp(x) == math.ulp(x)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0, 2.0**-1074), (-1.0, 2.0**-52), (2**53, 2.0), (sys.float_info.max, 2.0**971), (2.0**-1022, 2.0**-1074)],
)
def test_ulp_follows_from_the_exponent(x, expected):
    assert ulp(x) == expected


@given(st.floats(width=32, allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) < 3e38))
def test_ulp_of_a_float32_leads_to_the_next_float32(x):
    assert ulp(np.float32(x)) == float(np.nextafter(np.float32(abs(x)), np.float32(np.inf))) - abs(x)


def test_ulp_of_a_float32_is_that_of_its_own_grid():
    assert ulp(np.float32(1)) == 2.0**-23
    assert ulp(np.array(1, dtype=np.float32)) == 2.0**-23
    assert ulp(np.float16(1)) == 2.0**-10


def test_ulp_takes_every_kind_of_real_number():
    assert ulp(np.int64(1)) == ulp(Fraction(1)) == ulp(np.array(1)) == 2.0**-52


def test_ulp_refuses_a_whole_number_beyond_the_doubles():
    with pytest.raises(ValueError, match="x must fit in a double"):
        ulp(10**400)


def test_relative_error_of_a_tenth_is_its_rounding_alone():
    assert relative_error(0.1, Fraction(1, 10)) == float((Fraction(0.1) - Fraction(1, 10)) * 10)


@given(finite, finite.filter(bool))
def test_relative_error_is_the_exact_quotient_rounded_once(actual, expected):
    exact = abs((Fraction(actual) - Fraction(expected)) / Fraction(expected))
    if exact < sys.float_info.max:
        assert relative_error(actual, expected) == float(exact)
    else:
        assert relative_error(actual, expected) == math.inf


def test_relative_error_to_zero_is_zero_or_infinite():
    assert relative_error(0.0, 0) == 0.0
    assert relative_error(5e-324, 0) == math.inf


def test_relative_error_of_complex_numbers_is_that_of_the_modulus():
    assert relative_error(3 + 4j, 0.0 + 5j) == pytest.approx(math.sqrt(10) / 5, rel=1e-15)
    assert relative_error(2e300 + 2e300j, 1e300 + 1e300j) == 1.0
    assert relative_error(np.complex64(2j), 1j) == 1.0


def test_relative_error_takes_whole_numbers_of_any_length():
    assert relative_error(10**400 + 10**390, 10**400) == 1e-10


@pytest.mark.parametrize("bad", [[1.0, 2.0], math.nan, math.inf])
def test_relative_error_refuses_what_is_not_one_finite_number(bad):
    with pytest.raises(ValueError, match="expected must be"):
        relative_error(1.0, bad)


@given(finite, finite)
def test_is_close_does_not_depend_on_the_order(a, b):
    assert is_close(a, b) == is_close(b, a)


@given(finite, st.floats(-1e-8, 1e-8))
def test_is_close_agrees_with_the_standard_library_but_for_its_rounding(a, change):
    b = a * (1 + change)
    if math.isfinite(b) and abs(abs(change) - 1e-9) > 1e-15 and abs(a) > 1e-300:
        assert is_close(a, b) == math.isclose(a, b)


def test_is_close_holds_at_its_bounds():
    assert is_close(1.0, 0.75, rtol=0.25)
    assert not is_close(1.0, math.nextafter(0.75, 0), rtol=0.25)
    assert is_close(0.0, 0.5, atol=0.5)
    assert not is_close(0.0, math.nextafter(0.5, 1), atol=0.5)


def test_is_close_does_not_overflow():
    assert not is_close(1.7e308, -1.7e308, rtol=1.5)
    assert is_close(1.7e308, -1.7e308, rtol=2)


def test_is_close_has_a_relative_tolerance_by_default():
    assert is_close(0.1 + 0.2, 0.3)
    assert not is_close(1e-9, 2e-9)
    assert not is_close(0.0, 1e-300)
    assert is_close(1.0, 1 + 5e-10)
    assert not is_close(1.0, 1 + 2e-9)


def test_is_close_measures_complex_numbers_by_their_modulus():
    assert is_close(3 + 4j, 0, atol=5)
    assert not is_close(3 + 4j, 0, atol=4.9)
    assert is_close(1 + 1e-12j, 1)


def test_is_close_refuses_a_negative_tolerance():
    with pytest.raises(ValueError, match="rtol must be at least 0"):
        is_close(1, 1, rtol=-1e-9)
    with pytest.raises(ValueError, match="atol must be at least 0"):
        is_close(1, 1, atol=-1)
