"""Vectors: against exact fractions and mpmath with 60 digits, at all scales."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mathref.norm import vector_norm
from mathref.vector import add, angle, cross, divide, dot, multiply, normalize, project, scale, subtract

EPS = np.finfo(float).eps
SCALES = [1.0, 1e200, 1e-200, 1e300, 1e-310]


def vectors(n, bound=1e3):
    return hnp.arrays(np.float64, n, elements=st.floats(-bound, bound, allow_subnormal=False))


def exact_dot(a, b):
    return sum((Fraction(x) * Fraction(y) for x, y in zip(a.tolist(), b.tolist(), strict=True)), Fraction(0))


def exact_angle(a, b):
    """From the squares of the sine's and cosine's numerators as fractions, and one arctangent of 60 digits."""
    product, squares = exact_dot(a, b), exact_dot(a, a) * exact_dot(b, b)
    with mpmath.workdps(60):
        sine, cosine = squares - product**2, product
        root = mpmath.sqrt(mpmath.mpf(sine.numerator) / sine.denominator)
        return float(mpmath.atan2(root, mpmath.mpf(cosine.numerator) / cosine.denominator))


@given(vectors(3), vectors(3), st.floats(-1e3, 1e3, allow_subnormal=False))
def test_entries_are_those_of_the_operations(a, b, c):
    assert add(a, b).tolist() == [x + y for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert subtract(a, b).tolist() == [x - y for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert multiply(a, b).tolist() == [x * y for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert scale(c, a).tolist() == [c * x for x in a.tolist()]


def test_division_goes_entry_by_entry():
    assert divide([10, 20, 30], [1, 2, 4]).tolist() == [10, 10, 7.5]
    with pytest.raises(ValueError, match="b must not hold zeros, but entry 1 of b is 0"):
        divide([1, 2], [1, 0])


@pytest.mark.parametrize(("given_type", "expected"), [("i8", "f8"), ("f4", "f4"), ("F", "F"), ("D", "D")])
def test_types_are_those_of_the_library(given_type, expected):
    a = np.array([1, 2, 2], dtype=given_type)
    for result in (add(a, a), subtract(a, a), multiply(a, a), divide(a, a), scale(2, a), scale(np.int64(2), a)):
        assert result.dtype == expected
    for result in (cross(a, a[::-1]), normalize(a), project(a, a)):
        assert result.dtype == expected
    assert scale(2j, np.ones(2, dtype="f4")).dtype == "F"
    assert type(dot(a, a)) is (complex if expected in "FD" else float)
    assert type(angle(a, a)) is float


@pytest.mark.parametrize(
    "overflowing",
    [
        lambda: add([1.7e308], [1.7e308]),
        lambda: subtract([-1.7e308], [1.7e308]),
        lambda: scale(1e200, [1e200]),
        lambda: multiply([1e200 + 1e200j], [1e200 + 1e200j]),
        lambda: divide([1e200], [1e-200]),
        lambda: cross([1e200, 0, 0], [0, 1e200, 0]),
        lambda: scale(2, np.array([3e38], dtype="f4")),
    ],
)
def test_a_result_beyond_the_range_is_refused(overflowing):
    with pytest.raises(np.linalg.LinAlgError, match=r"exceeds (1\.8e308|3\.4e38)"):
        overflowing()


def test_mismatched_lengths_are_named():
    for function in (add, subtract, multiply, divide, dot, cross, angle):
        with pytest.raises(ValueError, match=r"a and b must have the same shape, but they are \(2,\) and \(3,\)"):
            function([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="a and onto must have the same shape"):
        project([1, 2], [1, 2, 3])


# Dot product


wide = st.floats(allow_nan=False, allow_infinity=False)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(*[hnp.arrays(np.float64, n, elements=wide)] * 2)))
def test_the_dot_product_is_the_exact_one_rounded_once(pair):
    a, b = pair
    exact = exact_dot(a, b)
    try:
        assert dot(a, b) == float(exact)
    except OverflowError:
        assert dot(a, b) == (math.inf if exact > 0 else -math.inf)


def ill_conditioned(n, digits, seed):
    """Vectors whose products cancel all but 1 part in 10**digits, and their exact dot product."""
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((2, n)) * 10.0 ** rng.uniform(-digits / 2, digits / 2, (2, n))
    a, b = np.append(a, a), np.append(b, -b)
    b[: n // 2] *= 1 + 2 * EPS
    order = rng.permutation(2 * n)
    return a[order], b[order], float(exact_dot(a, b))


@pytest.mark.parametrize("n", [4, 50, 3000])
@pytest.mark.parametrize("digits", [0, 5, 10])
def test_the_dot_product_survives_cancellation(n, digits):
    a, b, expected = ill_conditioned(n, digits, seed=n + digits)
    # Up to 2048 entries the sum is exact; beyond, the bound of Ogita, Rump and Oishi, its n² lowered to n.
    beyond = n * EPS**2 * float(np.abs(a) @ np.abs(b)) if n > 1000 else 0
    assert dot(a, b) == pytest.approx(expected, rel=EPS, abs=beyond)


def test_plain_summation_loses_what_compensation_keeps():
    half = np.random.default_rng(0).standard_normal((50, 20))
    lost = 0
    for row in half:  # the exact result is 1; in which order BLAS adds decides what is lost, not whether
        a, b = np.concatenate([row, [1], -row[::-1]]), np.concatenate([row, [1], row[::-1]])
        assert dot(a, b) == 1.0
        lost += dot(a, b, compensated=False) != 1.0
    assert lost > 25


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(vectors(n), vectors(n))))
def test_the_plain_dot_product_is_right_to_the_size_of_its_terms(pair):
    a, b = pair
    bound = len(a) * EPS * float(np.abs(a) @ np.abs(b)) + 1e-300
    assert abs(dot(a, b, compensated=False) - float(exact_dot(a, b))) <= bound


def test_the_dot_product_conjugates_its_first_vector():
    a, b = [1 + 2j, 3j], [2 - 1j, 1 + 1j]
    assert dot(a, b) == (1 - 2j) * (2 - 1j) - 3j * (1 + 1j) == dot(a, b, compensated=False)
    assert dot(a, a) == 14
    assert dot([1j], [1]) == -1j
    assert dot([1], [1j]) == 1j


def test_no_partial_sum_overflows_or_underflows():
    assert dot([1e200, 1e200], [1e200, -1e200]) == 0.0 == dot([1e200, 1e200], [1e200, -1e200], compensated=False)
    assert dot([1e308, 1e308, -1e308], [10, 1, 10]) == 1e308
    assert dot([1e200, 1e-200, -1e200], [1, 1, 1]) == 1e-200
    assert dot([2.0**-600, 1], [2.0**-440, 2.0**-1060]) == 2.0**-1040 + 2.0**-1060
    assert dot([1.7e308], [10]) == math.inf == dot([1.7e308], [10], compensated=False)
    assert dot([1e200j, 1e200], [1e200j, -1e200], compensated=False) == 0


def test_rounding_errors_below_the_smallest_double_add_up():
    # (1 + 2⁻³⁰)² 2⁻¹⁰²⁰ loses 2⁻¹⁰⁸⁰ to rounding, less than any double; 256 of them are 2⁻¹⁰⁷².
    a = np.repeat([1 + 2.0**-30, -1 - 2.0**-29], 256)
    b = np.repeat([(1 + 2.0**-30) * 2.0**-1020, 2.0**-1020], 256)
    assert dot(a, b) == 2.0**-1072


@pytest.mark.parametrize("zeros", [0, 40])
@pytest.mark.parametrize("small", [1e-170, -1e-170])
def test_a_product_below_the_smallest_double_decides_where_the_rest_is_halfway_between_two_doubles(small, zeros):
    a, b = np.zeros((2, 2 + zeros))
    a[:2], b[:2] = [1.5, small], [1 + EPS, 1e-175]
    assert dot(a, b) == (1.5 + 2 * EPS if small > 0 else 1.5 + EPS)


@pytest.mark.parametrize("n", [16, 2049, 20_000])
def test_long_dot_products_are_the_exact_ones_rounded_once(n):
    a, b = np.random.default_rng(n).standard_normal((2, n))
    whole = np.arange(n) % 100 - 50.0
    for x, y in [(a, b), (a, a), (a * 1e150, b * 1e-150), (a, whole), (whole + 1, whole), (a[::-1], b)]:
        assert dot(x, y) == float(exact_dot(x, y))
    assert dot(a + 1j * b, b) == complex(float(exact_dot(a, b)), -float(exact_dot(b, b)))


def test_the_dot_product_does_not_depend_on_the_order_of_long_vectors():
    a, b = np.random.default_rng(0).standard_normal((2, 90_000))
    assert dot(a, b) == dot(a[::-1], b[::-1]) == dot(b, a)


@pytest.mark.parametrize("compensated", [True, False])
@pytest.mark.parametrize("n", [2, 100])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_the_dot_product_refuses_what_is_not_finite(bad, n, compensated):
    x = np.zeros(n)
    x[1] = bad
    with pytest.raises(ValueError, match="entry 1 of a"):
        dot(x, np.zeros(n), compensated=compensated)
    with pytest.raises(ValueError, match="entry 1 of b"):
        dot(np.ones(n), x, compensated=compensated)
    with pytest.raises(ValueError, match="entry 1 of b"):
        dot(np.full(n, 1j), x, compensated=compensated)


def test_the_dot_product_takes_true_or_false():
    with pytest.raises(TypeError, match="compensated must be True or False, but it is 'no'"):
        dot([1], [1], compensated="no")


def test_products_of_whole_numbers_do_not_wrap():
    a = np.array([2**40, 1], dtype=np.int64)
    assert dot(a, a) == 2.0**80


def test_float32_products_are_summed_in_doubles():
    a = np.array([1e8, 1, -1e8], dtype=np.float32)
    assert dot(a, np.ones(3, dtype=np.float32)) == 1.0


# Cross product


@given(vectors(3), vectors(3))
def test_the_cross_product_is_the_exact_one_rounded_once(a, b):
    x, y = ([Fraction(entry) for entry in v.tolist()] for v in (a, b))
    exact = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
    assert cross(a, b).tolist() == [float(component) for component in exact]
    assert cross(a[:2], b[:2]) == float(exact[2])


def test_the_cross_product_of_unit_vectors_is_right_handed():
    x, y, z = np.eye(3)
    assert cross(x, y).tolist() == z.tolist()
    assert cross(y, z).tolist() == x.tolist()
    assert cross(z, x).tolist() == y.tolist()
    assert (cross(y, x) == -z).all()


def test_the_cross_product_in_the_plane_is_the_determinant():
    assert cross([1, 2], [3, 4]) == -2.0
    assert type(cross([1, 2], [3, 4])) is float
    assert cross([1j, 2], [3, 4]) == 4j - 6


def test_the_cross_product_takes_two_or_three_entries():
    for v in ([1], [1, 2, 3, 4]):
        with pytest.raises(ValueError, match="a and b must have 3 entries, or 2 for the z-component"):
            cross(v, v)


# Angle


@pytest.mark.parametrize("n", [2, 3, 30, 100])
@pytest.mark.parametrize("size", [1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1.0, 10.0])
def test_small_and_large_angles_are_right_to_the_last_digits(n, size):
    rng = np.random.default_rng(n)
    a = rng.standard_normal(n)
    b = 0.7 * a + size * rng.standard_normal(n)
    assert angle(a, b) == pytest.approx(exact_angle(a, b), rel=8 * EPS, abs=0)
    assert angle(a, -b) == pytest.approx(exact_angle(a, -b), rel=2 * EPS)


@given(vectors(3), vectors(3))
def test_any_angle_is_right_and_does_not_depend_on_the_order(a, b):
    assume(a.any() and b.any())
    few = 1e-321  # below 2.2e-308 doubles have fewer digits
    assert angle(a, b) == pytest.approx(exact_angle(a, b), rel=16 * EPS, abs=few)
    assert angle(b, a) == pytest.approx(angle(a, b), rel=16 * EPS, abs=few)


@pytest.mark.parametrize("first", SCALES)
@pytest.mark.parametrize("second", SCALES)
def test_the_angle_does_not_depend_on_the_lengths(first, second):
    assert angle([first, 0], [second, second]) == pytest.approx(math.pi / 4, rel=2 * EPS)
    assert angle([first, 2 * first], [-3 * second, -6 * second]) == pytest.approx(math.pi, rel=EPS)


def test_the_angle_at_its_ends_is_exact():
    a = np.array([0.1, 0.2, 0.7])
    assert angle(a, a) == angle(a, 2 * a) == 0.0
    assert angle(a, -a) == math.pi
    assert angle([1, 0], [1, 1e-300]) == 1e-300
    assert angle([2.0], [5.0]) == 0.0


@pytest.mark.parametrize("n", [2, 3, 50])
def test_parallel_vectors_enclose_no_angle_whatever_their_ratio(n):
    direction = np.arange(1.0, n + 1)
    assert angle(301 * direction, 927 * direction) == 0.0
    assert angle(301 * direction, -927 * direction) == math.pi


def test_the_arccosine_would_have_lost_the_angle():
    a, b = np.array([1.0, 0.0]), np.array([1.0, 1e-9])
    assert angle(a, b) == pytest.approx(1e-9, rel=2 * EPS)
    assert np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) == 0.0


def test_complex_vectors_enclose_the_angle_of_their_real_and_imaginary_parts():
    assert angle([1], [1j]) == math.pi / 2
    assert angle([1 + 1j], [1]) == pytest.approx(math.pi / 4, rel=2 * EPS)
    a, b = np.array([1 + 2j, 3.0]), np.array([2 - 1j, 1j])
    cosine = np.vdot(a, b).real / np.linalg.norm(a) / np.linalg.norm(b)
    assert angle(a, b) == pytest.approx(math.acos(cosine), rel=1e-14)


@pytest.mark.parametrize("function", [angle, project])
def test_the_zero_vector_has_no_direction(function):
    with pytest.raises(ValueError, match="must not be the zero vector, which has no direction"):
        function([1, 2], [0, 0])
    with pytest.raises(ValueError, match="v must not be the zero vector"):
        normalize([0.0, -0.0])
    with pytest.raises(ValueError, match="a must not be the zero vector"):
        angle([0, 0], [1, 2])


# Projection and normalization


@given(vectors(4), vectors(4))
def test_the_rest_of_a_projection_is_perpendicular(a, onto):
    assume(vector_norm(onto) > 1e-100)
    rest = a - project(a, onto)
    assert abs(dot(rest, onto)) <= 8 * EPS * vector_norm(a) * vector_norm(onto)


@pytest.mark.parametrize("first", SCALES)
@pytest.mark.parametrize("second", SCALES)
def test_projections_neither_overflow_nor_underflow(first, second):
    result = project([3 * first, 4 * first], [second, second])
    assert result == pytest.approx([3.5 * first] * 2, rel=1e-13)


def test_the_projection_of_complex_vectors_conjugates():
    a, onto = np.array([1 + 2j, 3.0]), np.array([1j, 1 + 1j])
    assert project(a, onto) == pytest.approx(np.vdot(onto, a) / np.vdot(onto, onto) * onto, rel=1e-15)
    assert project([0, 0], [1, 2]).tolist() == [0, 0]


@given(vectors(4))
def test_a_normalized_vector_has_length_one_and_the_same_direction(v):
    assume(v.any())
    direction = normalize(v)
    assert vector_norm(direction) == pytest.approx(1, rel=4 * EPS)
    assert angle(direction, v) <= 4 * EPS


@pytest.mark.parametrize("size", SCALES)
def test_vectors_of_any_length_are_normalized(size):
    assert normalize([3 * size, 4 * size]) == pytest.approx([0.6, 0.8], rel=1e-13)
    assert normalize([3j * size, 4 * size]) == pytest.approx([0.6j, 0.8], rel=1e-13)


def test_the_largest_and_the_smallest_double_are_normalized():
    assert normalize([5e-324]).tolist() == normalize([1.7e308]).tolist() == [1.0]


def test_no_argument_is_modified():
    a, b = np.array([3.0, 4.0]), np.array([1.0, 2.0])
    for function in (add, subtract, multiply, divide, dot, cross, angle, project):
        function(a, b)
    normalize(a)
    scale(2, a)
    assert a.tolist() == [3, 4]
    assert b.tolist() == [1, 2]


def test_of_complex_vectors_the_conjugate_of_the_cross_product_is_perpendicular_to_both():
    a, b = np.array([1, 1j, 0]), np.array([0, 1, 1j])
    np.testing.assert_array_equal(cross(a, b), [-1, -1j, 1])
    assert dot(a, cross(a, b).conj()) == dot(b, cross(a, b).conj()) == 0
    assert dot(a, cross(a, b)) == -2
