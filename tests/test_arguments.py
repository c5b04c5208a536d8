"""Conversion of arguments: what does not change a number is done, what would is refused by name."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from mathref._arguments.arrays import as_array


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (np.array([3, 2**60], dtype=object), [3, 2.0**60]),
        (np.array([1.5, np.float32(2)], dtype=object), [1.5, 2]),
        (np.array([1, 2j], dtype=object), [1, 2j]),
        ([2**60, 1], [2.0**60, 1]),
        ([np.int8(3), 2.5], [3, 2.5]),
        (np.array([2**63, 1], dtype=np.uint64), [2.0**63, 1]),
        (range(2), [0, 1]),
    ],
)
def test_what_conversion_does_not_change_is_taken_for_what_it_is(value, right):
    np.testing.assert_array_equal(as_array(value, "x"), right)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([2**53 + 1, 0], "the integer 9007199254740993, which is rounded"),
        (np.array([2**53 + 1, 0]), "the integer 9007199254740993"),
        ([2**53 + 1, 0.5], "the integer 9007199254740993"),
        ([np.array([2**53 + 1, 0]), np.array([0.5, 1])], "the integer 9007199254740993"),
        (np.array([2**63 + 1], dtype=np.uint64), "the integer 9223372036854775809"),
        ([10**400, 1], "an integer of 401 digits"),
        ([1, True], "booleans; convert them with"),
        ([[1, 2], np.array([True, False])], "booleans"),
        (np.array([1, True], dtype=object), "booleans"),
        ([1, "2"], "strings"),
        ([1, np.ma.masked], "masked entries"),
        ([Fraction(1, 3), 1], r"Fraction, int objects; convert them with \.astype\(float\)"),
        ([Decimal("0.1"), 1.0], "Decimal, float objects"),
        (np.array([1, 2], dtype="m8[s]"), "timedelta64 objects$"),
    ],
)
def test_what_conversion_would_change_is_refused_by_its_name(value, message):
    with pytest.raises((TypeError, ValueError), match=f"x must .*{message}"):
        as_array(value, "x")


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="longdouble is double here")
@pytest.mark.parametrize("kind", [np.longdouble, np.clongdouble])
def test_more_than_double_precision_is_refused(kind):
    for value in (np.array([1, 2], dtype=kind), [kind(1), 2], np.array([kind(1), 2], dtype=object)):
        with pytest.raises(TypeError, match=r"x must be of at most double precision.*\.astype"):
            as_array(value, "x")
