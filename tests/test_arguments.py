"""Conversion of arguments: what does not change a number is done, what would is refused by name."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from mathref._arguments.arrays import as_array, as_integers, refuse_beyond
from mathref._arguments.examples import refuse_ddof
from mathref._arguments.features import as_fraction_of_one
from mathref._arguments.shapes import as_hermitian
from mathref._arguments.single import as_number
from mathref.attention import causal_mask
from mathref.broadcasting import broadcast_to
from mathref.convolution import conv2d, convolution_matrix
from mathref.gaussian import gaussian_sample
from mathref.initialization import kaiming_normal, kaiming_uniform, orthogonal, xavier_normal, xavier_uniform


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


@pytest.mark.parametrize("value", [[2**63, -1], [2**70, 1], np.array([2**63 - 1, 0]), np.uint64([2**64 - 1]), 10**400])
def test_integers_that_only_count_keep_all_their_digits(value):
    assert as_integers(value, "x").tolist() == (value.tolist() if isinstance(value, np.ndarray) else value)


@pytest.mark.parametrize("value", [[0, 1.0], [0.5], np.array([1, 2.0], dtype=object), [1, True], ["1"], [1j], None])
def test_what_are_no_integers_is_refused_by_its_name(value):
    with pytest.raises(TypeError, match="x must"):
        as_integers(value, "x")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: as_number(1.0000001, "x", below=1), "x must be less than 1, but it is 1.0000001"),
        (lambda: as_number(0.9999999, "x", least=1), "x must be at least 1, but it is 0.9999999"),
        (lambda: as_number(-0.25, "x", above=0), "x must be greater than 0, but it is -0.25"),
        (lambda: as_fraction_of_one(1 + 2**-52, "x"), "x must be from 0 to 1, but it is 1.0000000000000002"),
        (
            lambda: as_hermitian([[1, 0.5], [0.5000001, 1]], "x", otherwise="-"),
            r"is 0\.5 and entry \(1, 0\) is 0.5000001",
        ),
        (lambda: refuse_beyond(np.array([1000000.1]), "x", 1e-6, 1e6, "-"), "but one has modulus 1000000.1"),
        (lambda: refuse_ddof(3, 2.9999999), "number of examples, 2.9999999, but it is 3"),
    ],
)
def test_a_number_just_beyond_a_bound_is_shown_with_the_digits_that_tell(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("shape", [(1,) * 70, (2**40, 2**40), (10**30,)])
def test_shapes_that_no_array_has_are_refused_by_the_argument_that_asks_for_them(shape):
    rng = np.random.default_rng(0)
    calls = {"shape": [lambda: broadcast_to(1.0, shape)]}
    if len(shape) > 1:
        drawing = xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal, orthogonal
        calls["shape"] += [lambda f=f: f(shape, rng) for f in drawing]
    else:
        image, n = np.ones((1, 1, 2, 2)), shape[0]
        calls["n"] = [
            lambda: causal_mask(n),
            lambda: convolution_matrix([1.0], n),
            lambda: gaussian_sample(0, 1, n, rng),
        ]
        calls |= {"n_keys": [lambda: causal_mask(1, n)], "padding": [lambda: conv2d(image, image, padding=n)]}
    for name, refused in calls.items():
        for call in refused:
            with pytest.raises(ValueError, match=rf"^{name} must ask for an array of at most \d+ (axes|entries), but"):
                call()


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="longdouble is double here")
@pytest.mark.parametrize("kind", [np.longdouble, np.clongdouble])
def test_more_than_double_precision_is_refused(kind):
    for value in (np.array([1, 2], dtype=kind), [kind(1), 2], np.array([kind(1), 2], dtype=object)):
        with pytest.raises(TypeError, match=r"x must be of at most double precision.*\.astype"):
            as_array(value, "x")
