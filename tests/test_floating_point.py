"""Formats: every number of the small ones against fractions made from the bits, rounding against a search."""

import bisect
import itertools
import math
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.floating_point import (
    compensated_sum,
    finfo,
    from_bits,
    pairwise_sum,
    round_to,
    round_to_steps,
    running_sum,
    spacing,
    to_bits,
)
from mathref.scalar import ulp

# Exponent bits, fraction bits: IEEE 754-2019, table 3.5; for 8 bits Micikevicius et al. (2022), table 1.
FIELDS = {
    "float64": (11, 52),
    "float32": (8, 23),
    "float16": (5, 10),
    "bfloat16": (8, 7),
    "float8_e4m3fn": (4, 3),
    "float8_e5m2": (5, 2),
}
SMALL = ["float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"]
finite = st.floats(allow_nan=False, allow_infinity=False)


def value(code, name):
    """The number of a code as a fraction, or "inf" or "nan", read off its fields."""
    exponent_bits, fraction_bits = FIELDS[name]
    sign = -1 if code >> exponent_bits + fraction_bits else 1
    stored, fraction = code >> fraction_bits & (1 << exponent_bits) - 1, code & (1 << fraction_bits) - 1
    bias = 2 ** (exponent_bits - 1) - 1
    if name == "float8_e4m3fn":
        if (stored, fraction) == (15, 7):
            return "nan"
    elif stored == 2**exponent_bits - 1:
        return "nan" if fraction else "inf" if sign > 0 else "-inf"
    if stored == 0:
        return sign * Fraction(fraction, 2**fraction_bits) * Fraction(2) ** (1 - bias)
    return sign * (1 + Fraction(fraction, 2**fraction_bits)) * Fraction(2) ** (stored - bias)


def numbers(name):
    """All finite numbers from 0 on, by their codes."""
    values = (value(code, name) for code in range(2 ** sum(FIELDS[name])))
    return [x for x in values if isinstance(x, Fraction)]


NUMBERS = {name: numbers(name) for name in SMALL}


def nearest(x, name):
    """The nearest number of a small format by a search among all of them; ties to the even code."""
    known, size = NUMBERS[name], abs(Fraction(x))
    beyond = 2 * known[-1] - known[-2]  # the next number, if there were one
    below = bisect.bisect_right(known, size) - 1
    above = known[below + 1] if below + 1 < len(known) else beyond
    middle = (known[below] + above) / 2
    code = below + (size > middle or (size == middle and below % 2 == 1))
    if code == len(known):
        return math.nan if name == "float8_e4m3fn" else math.copysign(math.inf, x)
    return math.copysign(float(known[code]), x)


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


@pytest.mark.parametrize("name", SMALL)
def test_every_code_stands_for_the_number_that_its_fields_say(name):
    bits = 1 + sum(FIELDS[name])
    found = from_bits(np.arange(2**bits), name)
    for code, x in enumerate(found.tolist()):
        expected = value(code, name)
        assert same(x, math.copysign(float(expected), -1 if code >> bits - 1 else 1)) or math.isnan(x)
        assert math.isnan(x) == (expected == "nan")


@pytest.mark.parametrize("name", SMALL)
def test_every_number_is_rounded_to_itself_and_has_its_code(name):
    bits = 1 + sum(FIELDS[name])
    codes = np.arange(2**bits)
    values = from_bits(codes, name)
    np.testing.assert_array_equal(round_to(values, name), values)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(to_bits(values, name)[known], codes[known])
    assert set(to_bits(values, name)[~known].tolist()) == {to_bits(math.nan, name)}


@pytest.mark.parametrize("name", SMALL)
def test_halfway_between_neighbours_the_even_code_wins_and_beside_it_the_nearer_one(name):
    known = NUMBERS[name]
    for code, (low, high) in enumerate(itertools.pairwise(known)):
        middle = float((low + high) / 2)
        assert to_bits(middle, name) == code + code % 2
        assert to_bits(math.nextafter(middle, 0), name) == code
        assert to_bits(math.nextafter(middle, math.inf), name) == code + 1
        if code > 300:  # beyond, the 16-bit formats repeat themselves
            break


@pytest.mark.parametrize("name", SMALL)
@given(x=finite)
def test_any_double_is_rounded_to_the_nearest_number(name, x):
    assert same(round_to(x, name), nearest(x, name))


@pytest.mark.parametrize("name", SMALL)
@given(m=st.integers(-(2**54), 2**54), e=st.integers(-220, 80))
def test_numbers_of_the_size_of_the_format_are_rounded_to_the_nearest(name, m, e):
    x = float(m) * 2.0**e
    assert same(round_to(x, name), nearest(x, name))


@given(finite)
def test_single_precision_is_that_of_the_processor(x):
    with np.errstate(over="ignore"):
        assert same(round_to(x, "float32"), float(np.float32(x)))
    assert to_bits(round_to(x, "float32"), "float32") == int(np.array(round_to(x, "float32"), "f4").view("u4"))


@given(st.floats())
def test_a_double_is_kept_and_its_code_is_that_in_memory(x):
    assert same(round_to(x, "float64"), x)
    if not math.isnan(x):
        (memory,) = struct.unpack("<Q", struct.pack("<d", x))
        assert to_bits(x, "float64") == memory
        assert same(from_bits(memory, "float64"), x)


@given(st.floats(width=32, allow_nan=False))
def test_codes_of_single_precision_are_those_in_memory(x):
    (memory,) = struct.unpack("<I", struct.pack("<f", x))
    assert to_bits(x, "float32") == memory
    assert same(from_bits(memory, "float32"), x)


@pytest.mark.parametrize(
    ("name", "last", "beyond"),
    [
        ("float16", 65504, 65520),
        ("bfloat16", (2 - 2**-7) * 2.0**127, (2 - 2**-8) * 2.0**127),
        ("float8_e5m2", 57344, 61440),
    ],
)
def test_half_a_spacing_above_the_largest_number_is_infinite(name, last, beyond):
    assert finfo(name).max == last
    assert round_to(math.nextafter(beyond, 0), name) == last
    assert round_to(beyond, name) == math.inf
    assert round_to(-beyond, name) == -math.inf
    assert round_to([beyond, -math.inf], name, saturate=True).tolist() == [last, -last]
    assert math.isnan(round_to(math.nan, name, saturate=True))


def test_e4m3fn_has_no_infinity_and_gives_nan_beyond_464():
    name = "float8_e4m3fn"
    assert round_to(464, name) == 448
    assert math.isnan(round_to(math.nextafter(464, 465), name))
    assert math.isnan(round_to(math.inf, name))
    assert round_to([math.inf, -1e300, 465], name, saturate=True).tolist() == [448, -448, 448]
    assert math.isnan(round_to(math.nan, name, saturate=True))


def test_doubles_next_to_the_end_of_the_range_overflow_without_a_word():
    with np.errstate(all="raise"):
        for name in SMALL:
            for x in (1.7976931348623157e308, 5e-324, -5e-324):
                assert same(round_to(x, name), nearest(x, name))
            assert running_sum([1e308, 1e-320], format=name) == math.inf or name == "float8_e4m3fn"


def test_a_number_is_rounded_once_and_not_to_single_precision_first():
    x = 1 + 2.0**-8 + 2.0**-30
    assert float(np.float32(x)) == 1 + 2.0**-8  # a tie, which would go to 1
    assert round_to(x, "bfloat16") == 1.0078125


def test_subnormal_numbers_and_the_sign_of_zero_are_kept():
    assert round_to([2.0**-24, 2.0**-25, -(2.0**-25), 1.5 * 2.0**-24], "float16").tolist() == [2.0**-24, 0, 0, 2.0**-23]
    assert math.copysign(1, round_to(-0.0, "float8_e5m2")) == -1
    assert math.copysign(1, round_to(-1e-30, "float8_e4m3fn")) == -1
    assert to_bits(-0.0, "bfloat16") == 0x8000


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("float8_e4m3fn", 0x7F),
        ("float8_e5m2", 0x7E),
        ("float16", 0x7E00),
        ("bfloat16", 0x7FC0),
        ("float32", 0x7FC00000),
        ("float64", 0x7FF8000000000000),
    ],
)
def test_nan_has_the_code_of_the_positive_quiet_one(name, code):
    assert to_bits(math.nan, name) == to_bits(-math.nan, name) == code
    assert math.isnan(from_bits(code, name))


@pytest.mark.parametrize("name", ["float64", "float32", "float16"])
def test_what_numpy_knows_of_a_format_is_said_here_too(name):
    ours, known = finfo(name), np.finfo(name)
    assert (ours.bits, ours.exponent_bits, ours.fraction_bits) == (known.bits, known.iexp, known.nmant)
    assert (ours.eps, ours.max) == (known.eps, known.max)
    assert (ours.smallest_normal, ours.smallest_subnormal) == (known.smallest_normal, known.smallest_subnormal)
    assert ours.bias == known.maxexp - 1
    assert ours.has_infinity


@pytest.mark.parametrize("name", SMALL)
def test_a_format_is_what_its_numbers_are(name):
    known, form = NUMBERS[name], finfo(name)
    assert Fraction(form.max) == known[-1]
    assert Fraction(form.smallest_subnormal) == known[1]
    assert Fraction(form.smallest_normal) == known[2**form.fraction_bits]
    assert Fraction(form.eps) == known[known.index(Fraction(1)) + 1] - 1
    assert form.bits == 1 + form.exponent_bits + form.fraction_bits
    assert form.has_infinity == (name != "float8_e4m3fn")


def test_the_ends_of_both_formats_of_8_bits_are_those_of_the_paper():
    # Micikevicius et al. (2022), table 1
    assert (finfo("float8_e5m2").max, finfo("float8_e4m3fn").max) == (57344, 448)
    assert (finfo("float8_e5m2").smallest_normal, finfo("float8_e4m3fn").smallest_normal) == (2.0**-14, 2.0**-6)
    assert (finfo("float8_e5m2").smallest_subnormal, finfo("float8_e4m3fn").smallest_subnormal) == (2.0**-16, 2.0**-9)


@pytest.mark.parametrize("name", SMALL)
def test_the_spacing_leads_to_the_next_number(name):
    known = [float(x) for x in NUMBERS[name]]
    steps = spacing(known, name)
    assert (np.array(known) + steps)[:-1].tolist() == known[1:]
    assert steps[-1] == known[-1] - known[-2]
    between = [(a + b) / 2 for a, b in itertools.pairwise(known)]
    np.testing.assert_array_equal(spacing(np.negative(between), name), steps[:-1])


@given(finite)
def test_the_spacing_of_doubles_is_the_ulp(x):
    assert spacing(x, "float64") == ulp(x)


def test_there_is_no_spacing_beyond_the_largest_number():
    assert spacing(65504, "float16") == 32
    with pytest.raises(
        ValueError, match="x must be at most 65504 in modulus, the largest number of float16, but one entry"
    ):
        spacing([1.0, -65505.0], "float16")


def test_kinds_of_arrays_and_numbers_are_kept():
    assert isinstance(round_to(1, "float16"), float)
    assert isinstance(round_to(np.float32(1), "float16"), float)
    assert round_to(np.ones((2, 1), np.float32), "float16").dtype == np.float32
    assert round_to(np.ones((2, 1), np.float16), "float16").dtype == np.float32
    assert round_to([[1], [2]], "float16").dtype == np.float64
    assert spacing(np.ones(2, np.float32), "float16").dtype == np.float64
    assert isinstance(to_bits(1, "float16"), int)
    assert [to_bits([1.0], name).dtype.itemsize for name in FIELDS] == [8, 4, 2, 2, 1, 1]
    assert all(to_bits([1.0], name).dtype.kind == "u" for name in FIELDS)
    assert isinstance(from_bits(np.uint8(1), "float8_e5m2"), float)
    assert from_bits(np.array([[1]], np.int16), "float16").shape == (1, 1)
    x = np.ones(3)
    round_to(x, "float64")[0] = 7
    assert x[0] == 1


@pytest.mark.parametrize(
    ("bits", "name", "error", "message"),
    [
        (-1, "float16", ValueError, r"bits must be from 0 to 2\*\*16 - 1, but bits is -1"),
        ([0, 256], "float8_e5m2", ValueError, r"bits must be from 0 to 2\*\*8 - 1, but entry 1 of bits is 256"),
        ([2**64 - 1, -1], "float64", ValueError, r"bits must be from 0 to 2\*\*64 - 1, but entry 1 of bits is -1"),
        (2**64, "float64", ValueError, "bits must be from 0"),
        ([1.0], "float16", TypeError, "bits must be whole numbers"),
        (True, "float16", TypeError, "bits must be whole numbers"),
        (np.array([True]), "float16", TypeError, "bits must be whole numbers"),
        ("7F", "float8_e4m3fn", TypeError, "bits must be whole numbers"),
        (None, "float16", TypeError, "bits must be whole numbers"),
        ([], "float16", ValueError, "bits must not be empty"),
        ([[1, 2], [3]], "float16", ValueError, "bits must be a regular array"),
    ],
)
def test_what_is_no_code_is_refused(bits, name, error, message):
    with pytest.raises(error, match=message):
        from_bits(bits, name)


def test_the_largest_codes_pass():
    assert math.isnan(from_bits([2**64 - 1, 0], "float64")[0])
    assert from_bits(np.array([2**63], dtype=np.uint64), "float64").tolist() == [0.0]


@pytest.mark.parametrize("bad", ["float8_e4m3", "half", "FLOAT16", ""])
def test_another_format_is_refused_by_name(bad):
    for call in (finfo, lambda f: round_to(1, f), lambda f: running_sum([1], format=f), lambda f: from_bits(1, f)):
        with pytest.raises(ValueError, match="format must be one of 'float64', 'float32'"):
            call(bad)


def exact(x, name, order):
    """A sum in the arithmetic of a small format, each step by fractions and the search among its numbers."""
    if len(x) == 1:
        return nearest(x[0], name)
    middle = len(x) - 1 if order == "running" else len(x) // 2
    parts = exact(x[:middle], name, order), exact(x[middle:], name, order)
    if not all(map(math.isfinite, parts)):
        return parts[0] + parts[1]
    total = sum(map(Fraction, parts))
    return nearest(total, name) if total else parts[0] + parts[1]


@pytest.mark.parametrize("name", SMALL)
@given(x=st.lists(st.floats(-100, 100), min_size=1, max_size=12))
def test_sums_are_rounded_at_each_step(name, x):
    assert same(running_sum(x, format=name), exact(x, name, "running"))
    assert same(pairwise_sum(x, format=name), exact(x, name, "pairwise"))


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=30))
def test_running_sums_of_single_and_double_precision_are_numpys(x):
    assert running_sum(x) == np.add.accumulate(x)[-1]
    assert running_sum(x, format="float32") == float(np.add.accumulate(np.float32(x))[-1])


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=30))
def test_a_compensated_sum_errs_as_little_as_its_bound_says(x):
    size, u = sum(abs(Fraction(a)) for a in x), Fraction(1, 2**53)
    right = sum(map(Fraction, x))
    assert abs(Fraction(compensated_sum(x)) - right) <= u * abs(right) + 3 * len(x) * u**2 * size + 2**-1074


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=25))
def test_a_compensated_sum_of_whole_numbers_in_bfloat16_is_the_sum_rounded_once(x):
    # Every partial sum of errors is a whole number of few digits, so that nothing but the end is rounded.
    assert compensated_sum(x, format="bfloat16") == round_to(sum(x), "bfloat16")


def test_compensation_does_not_stop_where_what_was_lost_is_as_large_as_the_sum():
    tenth = Fraction(round_to(0.1, "bfloat16"))
    assert compensated_sum([0.1] * 1000, format="bfloat16") == nearest(1000 * tenth, "bfloat16")
    assert compensated_sum([1] * 20_000, format="bfloat16") == nearest(20_000, "bfloat16")


def test_compensation_saves_what_a_running_sum_loses():
    assert compensated_sum([1, 1e100, 1, -1e100]) == 2.0
    assert compensated_sum([1.0] * 4096, format="float16") == 4096
    assert compensated_sum([0.1] * 10) == 1.0


def test_sums_overflow_as_their_format_does():
    assert running_sum([60000, 60000], format="float16") == math.inf
    assert running_sum([60000, 60000, -60000], format="float16") == math.inf
    assert math.isnan(running_sum([70000, -70000], format="float16"))
    assert math.isnan(running_sum([300, 300], format="float8_e4m3fn"))
    assert pairwise_sum([1e308, 1e308]) == math.inf
    assert compensated_sum([1e308, 1e308, -1e308]) == math.inf
    assert compensated_sum([70000], format="float16") == math.inf


def test_halves_are_those_of_the_definition():
    # 1 + (2048 + 1) in float16: the second half is rounded to 2048 first, and 2049 is a tie that goes to 2048 again
    assert pairwise_sum([1, 2048, 1], format="float16") == 2048
    assert pairwise_sum([1, 1, 2048], format="float16") == 2048
    assert pairwise_sum([1, 1, 1, 2048], format="float16") == 2050


@pytest.mark.parametrize("name", list(FIELDS))
@given(x=finite)
def test_the_working_ends_with_the_rounded_number(name, x):
    steps = round_to_steps(x, name)
    assert same(steps.result, round_to(x, name))
    exponent, scaled, whole, _ = (step.value for step in steps)
    form = finfo(name)
    unit = Fraction(2) ** (exponent - form.fraction_bits)
    assert Fraction(scaled) * unit == Fraction(x)
    assert abs(whole - Fraction(scaled)) <= Fraction(1, 2)
    if math.isfinite(steps.result):
        assert whole * unit == Fraction(steps.result)


def test_the_working_of_a_tenth_is_the_one_by_hand():
    assert [step.value for step in round_to_steps(0.1, "bfloat16")] == [-4, 204.8, 205, 0.10009765625]
    assert "NaN, since there is no infinity" in str(round_to_steps(-1000, "float8_e4m3fn"))
    assert "share" in round_to_steps(2.0**-20, "float16")[0].caption
