"""Derivatives from values: against mpmath and closed forms, over sixteen orders of magnitude, with noise and kinks."""

import cmath
import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.derivative import (
    complex_step,
    derivative,
    derivative_steps,
    finite_difference,
    second_derivative,
    step_size,
)

EPS = 2.0**-52
SIZES = [1e-8, 1e-5, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e5, 1e8]

# f for doubles, the same for mpmath, its domain's lower end. At each size its length of change is at least 1e-3 |x|.
SMOOTH = {
    "square": (lambda x: x * x, lambda x: x * x),
    "cube": (lambda x: x**3, lambda x: x**3),
    "logarithm": (math.log, mpmath.log),
    "square root": (math.sqrt, mpmath.sqrt),
    "reciprocal": (lambda x: 1 / x, lambda x: 1 / x),
    "sine": (math.sin, mpmath.sin),
    "arctangent": (math.atan, mpmath.atan),
    "bell": (lambda x: math.exp(-x * x), lambda x: mpmath.exp(-x * x)),
    "steep sine": (lambda x: math.sin(30 * x), lambda x: mpmath.sin(30 * x)),
    "far sine": (lambda x: math.sin(x / 1e6), lambda x: mpmath.sin(x / mpmath.mpf(10**6))),
    "three halves": (lambda x: x * math.sqrt(x), lambda x: x * mpmath.sqrt(x)),
    "rational": (lambda x: x / (1 + x * x), lambda x: x / (1 + x * x)),
}


def exact(f, x, order=1):
    with mpmath.workdps(60):
        return mpmath.diff(f, mpmath.mpf(x), order, h=mpmath.mpf(x) * mpmath.mpf(10) ** -25)


# Beyond 10 the bell is 0 to all digits.
@pytest.mark.parametrize(("name", "x"), [(name, x) for name in SMOOTH for x in SIZES if name != "bell" or x <= 10])
def test_a_smooth_function_has_nine_digits_at_any_size_of_x(name, x):
    f, precise = SMOOTH[name]
    value, error = derivative(f, x, return_error=True)
    # f(x) is rounded, and 30 x before its sine: what that costs over a length of 1 or x is inevitable.
    length = {"sine": 1.0, "steep sine": 1 / 30, "bell": 1.0, "arctangent": max(1, x), "rational": max(1, x)}.get(
        name, x
    )
    inevitable = 1e-12 * max(abs(f(x)), abs(f(x + length)) if name != "bell" else 1) / length
    if name == "steep sine":
        inevitable += 40 * EPS * 30 * x / length
    assert abs(value - exact(precise, x)) <= 1e-9 * abs(exact(precise, x)) + inevitable
    assert abs(value - exact(precise, x)) <= 10 * error


@pytest.mark.parametrize("name", sorted(set(SMOOTH) - {"bell", "steep sine"}))
@pytest.mark.parametrize("x", [1e-8, 1e-3, 0.5, 30.0, 1e4])
def test_a_second_derivative_has_seven_digits(name, x):
    f, precise = SMOOTH[name]
    length = {"sine": 1.0, "arctangent": max(1, x), "rational": max(1, x), "far sine": 1e6}.get(name, x)
    value, error = second_derivative(f, x, return_error=True)
    wanted = exact(precise, x, 2)
    assert abs(value - wanted) <= 1e-7 * abs(wanted) + 1e-9 * max(abs(f(x)), abs(f(x + length))) / length**2
    assert abs(value - wanted) <= 10 * error


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", ["square", "logarithm", "reciprocal", "sine", "three halves", "rational"])
@pytest.mark.parametrize("x", [1e-8, 1e-3, 0.5, 30.0, 1e6])
def test_a_one_sided_derivative_has_six_digits(name, x, side):
    f, precise = SMOOTH[name]
    length = {"sine": 1.0, "rational": max(1, x)}.get(name, x)
    value = derivative(f, x, side=side)
    inevitable = 1e-9 * max(abs(f(x)), abs(f(x + length))) / length
    assert abs(value - exact(precise, x)) <= 1e-6 * abs(exact(precise, x)) + inevitable


def test_one_side_asks_for_nothing_on_the_other():
    seen = []
    derivative(lambda x: seen.append(x) or math.sin(x), 1.0, side="right")
    assert min(seen) == 1.0
    seen.clear()
    derivative(lambda x: seen.append(x) or math.sin(x), 1.0, side="left")
    assert max(seen) == 1.0


def test_no_derivative_takes_more_than_200_calls():
    hard = [math.sin, lambda x: 5.0, lambda x: x / 1e12, lambda x: abs(x - 1), lambda x: math.sin(1e9 * x)]
    hard += [lambda x: math.asin(x / 1.000000001), lambda x: round(x, 3), lambda x: float(np.float32(x)) ** 2]
    for f in hard:
        for x in (1.0, 1e-8, 1e8) if f is not hard[5] else (1.0,):
            seen = []
            derivative(lambda t, f=f, seen=seen: seen.append(t) or f(t), x)
            assert len(seen) <= 200


def random_smooth(rng):
    a, b, c = rng.normal(size=3)
    w = 10 ** rng.uniform(-1, 1)
    return [
        (lambda x: a * math.sin(w * x + b), lambda x: a * w * math.cos(w * x + b)),
        (lambda x: a * math.exp(b * x), lambda x: a * b * math.exp(b * x)),
        (lambda x: a / (1 + w * x * x), lambda x: -2 * a * w * x / (1 + w * x * x) ** 2),
        (lambda x: a * x**3 + b * x * x + c * x, lambda x: 3 * a * x * x + 2 * b * x + c),
        (lambda x: a * math.log(1 + x * x) + c * x, lambda x: 2 * a * x / (1 + x * x) + c),
    ][rng.integers(5)]


def _unrounded(f, rng):
    return f


def _single_inside(f, rng):
    return lambda x: float(np.float32(f(float(np.float32(x)))))


def _single_result(f, rng):
    return lambda x: np.float32(f(x))


def _single_argument(f, rng):
    return lambda x: f(float(np.float32(x)))


def _three_decimals(f, rng):
    return lambda x: round(f(x), 3)


def _six_decimals(f, rng):
    return lambda x: round(f(x), 6)


def _table(f, rng):
    width = 10 ** rng.uniform(-5, -3)
    return lambda x: f(round(x / width) * width)


def _noise(f, rng):
    coin, size = random.Random(int(rng.integers(1 << 30))), 10 ** rng.uniform(-10, -3)
    return lambda x: f(x) + size * coin.uniform(-1, 1)


def _cancelled(f, rng):
    return lambda x: (f(x) + 1e6) - 1e6


def _half(f, rng):
    return lambda x: np.float16(f(x))


COARSE = [_unrounded, _single_inside, _single_result, _single_argument, _three_decimals, _six_decimals]
COARSE += [_table, _noise, _cancelled, _half]


@pytest.mark.parametrize("kind", COARSE)
def test_the_error_covers_the_truth_for_99_of_100_functions_also_coarse_ones(kind):
    rng = np.random.default_rng(7)
    missed = 0
    for _ in range(200):
        f, slope = random_smooth(rng)
        x = float(rng.normal())
        value, error = derivative(kind(f, rng), x, return_error=True)
        missed += not abs(value - slope(x)) <= error + 4 * EPS * abs(slope(x))
    assert missed <= 2


@pytest.mark.parametrize("size", [1e-10, 1e-7, 1e-4, 1e-2])
def test_noise_costs_no_more_than_a_thousand_times_its_size(size):
    for seed in range(20):
        coin = random.Random(seed)
        value = derivative(lambda x, coin=coin: math.sin(x) + size * coin.uniform(-1, 1), 0.7)
        assert abs(value - math.cos(0.7)) <= 1000 * size


@pytest.mark.parametrize("digits", [2, 3, 4, 6, 9])
def test_rounding_costs_no_more_than_a_thousand_times_its_size(digits):
    for x in np.random.default_rng(5).uniform(-3, 3, 300).tolist():
        value = derivative(lambda t: round(math.sin(t), digits), x)
        assert abs(value - math.cos(x)) <= 1000 * 10.0**-digits / 2


@pytest.mark.parametrize("left", [-2.0, 0.0, 1.0])
@pytest.mark.parametrize("right", [3.0, 0.0, -1.0])
@pytest.mark.parametrize("x", [0.0, 1.0, 1e-6, 1e5])
def test_at_a_kink_the_result_lies_between_the_slopes_and_the_error_tells_the_jump(left, right, x):
    def bent(t):
        return (right if t > x else left) * (t - x) + math.sin(t - x)

    value, error = derivative(bent, x, return_error=True)
    low, high = sorted([left + 1, right + 1])
    assert low - 1e-9 <= value <= high + 1e-9
    assert error >= abs(right - left) / 4
    assert derivative(bent, x, side="right") == pytest.approx(right + 1, abs=1e-6)
    assert derivative(bent, x, side="left") == pytest.approx(left + 1, abs=1e-6)


@pytest.mark.parametrize("f", [lambda x: abs(x) ** 0.5, lambda x: x * math.sin(1 / x) if x else 0.0, np.cbrt])
def test_slopes_that_run_away_or_swing_have_a_large_error(f):
    assert derivative(f, 0.0, return_error=True).error >= 0.5


@pytest.mark.parametrize("distance", [1e-3, 0.01, 0.1, 0.5])
def test_a_kink_beside_x_does_not_disturb(distance):
    for side in ("both", "left", "right"):
        for sign in (1, -1):
            assert derivative(lambda x: max(0.0, x), sign * distance, side=side) == pytest.approx(
                float(sign > 0), abs=1e-12
            )


def test_outside_the_domain_is_passed_over():
    def root(x):
        if x < 0:
            raise ValueError("negative")
        return math.sqrt(x)

    assert derivative(root, 1e-4) == pytest.approx(50, rel=1e-10)
    assert derivative(lambda x: x**0.5, 0.01) == pytest.approx(5, rel=1e-10)  # complex to the left of 0
    assert derivative(lambda x: 1 / (x - 2), 1.9) == pytest.approx(-100, rel=1e-10)
    assert derivative(lambda x: x**1.5, 0.0, side="right") == pytest.approx(0, abs=1e-3)
    with pytest.raises(ValueError, match=r"f must be finite on both sides of x, but near 0.0 it is not"):
        derivative(root, 0.0)
    with pytest.raises(ValueError, match=r"f must be finite to the left of x"):
        derivative(root, 0.0, side="left")


def test_the_largest_and_smallest_doubles_are_no_trouble():
    assert derivative(lambda x: x / 4, 1e308) == pytest.approx(0.25, rel=1e-10)
    assert derivative(lambda x: 3 * x, 5e-324) == pytest.approx(3, rel=1e-10)
    assert derivative(math.exp, 709.0) == pytest.approx(math.exp(709), rel=1e-10)
    with pytest.raises(np.linalg.LinAlgError, match="f must have a derivative that fits in doubles"):
        derivative(lambda x: 1e300 * math.sin(1e10 * x), 0.0)


def test_what_f_raises_at_x_is_passed_on():
    with pytest.raises(ZeroDivisionError):
        derivative(lambda x: 1 / x, 0.0)
    with pytest.raises(KeyError):
        derivative(lambda x: {}[x], 1.0)


def test_an_array_is_taken_entry_by_entry():
    kinds = set()
    slopes = derivative(lambda x: kinds.add(type(x)) or x**2, np.array([[1, 2], [3, 4]]))
    np.testing.assert_allclose(slopes, [[2, 4], [6, 8]], rtol=1e-12)
    assert kinds == {float}
    assert isinstance(derivative(math.sin, np.array(1.0)), float)
    single = derivative(math.exp, np.float32([0.5, 1.5]), return_error=True)
    assert single.derivative.dtype == np.float32
    assert (single.error >= np.abs(single.derivative - np.exp([0.5, 1.5]))).all()


@pytest.mark.parametrize("scheme", ["forward", "backward", "central", "five-point"])
@given(st.integers(-8, 8), st.sampled_from([0.5, 0.25, 2.0]))
def test_a_finite_difference_is_its_formula(scheme, x, h):
    def cubic(x):
        return x**3 - 2 * x

    p, m, pp, mm = (cubic(Fraction(x) + k * Fraction(h)) for k in (1, -1, 2, -2))
    c, h_exact = cubic(Fraction(x)), Fraction(h)
    wanted = {
        "forward": (p - c) / h_exact,
        "backward": (c - m) / h_exact,
        "central": (p - m) / (2 * h_exact),
        "five-point": (mm - 8 * m + 8 * p - pp) / (12 * h_exact),
    }[scheme]
    assert finite_difference(cubic, x, h, scheme=scheme) == pytest.approx(float(wanted), rel=1e-13, abs=1e-13)


def test_a_step_that_x_swallows_gives_0():
    assert finite_difference(math.sin, 1, 1e-16, scheme="forward") == 0.0


def test_the_step_is_the_power_of_eps_at_which_both_errors_are_equal():
    assert step_size(0.5, scheme="forward") == step_size(0.5, scheme="backward") == 2.0**-26
    assert step_size(-4.0) == pytest.approx(4 * 2 ** (-52 / 3), rel=1e-15)
    np.testing.assert_allclose(step_size([1.0, 100.0], scheme="five-point"), [2**-10.4, 100 * 2**-10.4], rtol=1e-14)
    h = step_size(1.0)
    assert finite_difference(math.sin, 1.0) == finite_difference(math.sin, 1.0, h)
    assert abs(finite_difference(math.sin, 1.0) - math.cos(1)) < 1e-10


def test_a_step_whose_multiples_are_no_doubles_is_refused():
    with pytest.raises(ValueError, match="h must be less than 1e"):
        finite_difference(math.atan, 0.0, 1.5e308)


def test_a_finite_difference_outside_the_domain_is_refused():
    with pytest.raises(ValueError, match=r"f must return a finite number, but at -0\.5 it returned nan"):
        finite_difference(np.sqrt, 0.0, 0.5)
    with pytest.raises(np.linalg.LinAlgError, match="difference quotient"):
        finite_difference(lambda x: 1e10 * (x > 0), 0.0, 1e-300, scheme="forward")


@pytest.mark.parametrize(
    ("f", "slope"), [(cmath.exp, cmath.exp), (cmath.sin, cmath.cos), (lambda z: z**5, lambda z: 5 * z**4)]
)
@pytest.mark.parametrize("x", [1e-8, -0.3, 1.0, 30.0])
def test_a_complex_step_has_all_digits(f, slope, x):
    assert complex_step(f, x) == pytest.approx(slope(x).real, rel=1e-14)
    assert complex_step(f, x, 1e-20 * abs(x)) == pytest.approx(slope(x).real, rel=1e-14)


def test_a_complex_step_keeps_tiny_and_large_x():
    for x in (1e-299, 1e-8, 1e8, 1e200):
        assert complex_step(np.log, x) == pytest.approx(1 / x, rel=1e-14)
    assert complex_step(lambda z: z, 0.0) == 1.0
    assert complex_step(np.log, 1e-300, 1e-310) == pytest.approx(1e300, rel=1e-13)


@pytest.mark.parametrize(
    ("f", "message"),
    [(math.sin, "f must take complex numbers"), (abs, "f must return a complex number"), (lambda z: z.real, "f must")],
)
def test_a_function_of_real_numbers_alone_is_refused(f, message):
    with pytest.raises(TypeError, match=message):
        complex_step(f, 1.0)


@given(st.lists(st.integers(-9, 9).map(float), min_size=1, max_size=7), st.integers(-4, 4))
def test_the_working_of_a_polynomial_is_exact(coefficients, x):
    working = derivative_steps(coefficients, x)
    highest = len(coefficients) - 1
    terms = [(k, int(a)) for k, a in zip(range(highest, 0, -1), coefficients, strict=False) if a]
    assert [step.value for step in working[:-1]] == [k * a * x ** (k - 1) for k, a in terms]
    assert working.result == sum(k * a * x ** (k - 1) for k, a in terms)
    assert isinstance(working.result, float)


def test_the_working_refuses_a_high_degree():
    with pytest.raises(ValueError, match="coefficients must be at most 7"):
        derivative_steps([1] * 8, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "3", 1j, [1.0], True])
def test_what_is_no_number_at_x_is_refused_by_the_name_of_f(value):
    for function in (derivative, second_derivative, finite_difference):
        with pytest.raises((ValueError, TypeError), match=r"\bf must return"):
            function(lambda x: value, 1.0)


def test_a_sum_of_one_slope_is_written_once():
    assert derivative_steps([1, 0, -4], 3)[-1].text == "f'(3) = 6"
