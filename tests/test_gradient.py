"""Gradients from values: against closed forms, and bit by bit the numerical gradient of gradient descent."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.gradient import check_gradient, directional_derivative, gradient, gradient_steps, steepest_direction
from mathref.gradient_descent import numerical_gradient

POINTS = arrays(float, st.integers(1, 5), elements=st.floats(-3, 3))
A = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 1.0], [0.0, -1.0, 1.0]])


def waves(x):
    return math.fsum(math.sin(k * entry) for k, entry in enumerate(np.ravel(x), 1))


def slope_of_waves(x):
    k = np.arange(1, np.size(x) + 1).reshape(np.shape(x))
    return k * np.cos(k * x)


@given(POINTS)
def test_the_gradient_of_a_sum_of_sines_has_ten_digits(x):
    np.testing.assert_allclose(gradient(waves, x), slope_of_waves(x), rtol=1e-10, atol=1e-11)


@given(POINTS)
def test_it_is_the_numerical_gradient_of_gradient_descent_bit_by_bit(x):
    for return_error in (False, True):
        one, other = (
            gradient(waves, x, return_error=return_error),
            numerical_gradient(waves, x, return_error=return_error),
        )
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


@pytest.mark.parametrize("size", [1e-8, 1e-4, 1.0, 1e4, 1e8])
def test_entries_of_any_size_have_nine_digits(size):
    x = size * np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(gradient(lambda x: float(x @ A @ x), x), (A + A.T) @ x, rtol=1e-9)
    np.testing.assert_allclose(
        gradient(lambda x: math.log(x[0] / size) + (x[1] / size) ** 3 + math.sqrt(x[2] / size), x),
        [1 / x[0], 3 * x[1] ** 2 / size**3, 0.5 / math.sqrt(x[2] * size)],
        rtol=1e-9,
    )


def test_entries_of_different_sizes_each_have_nine_digits():
    x = np.array([1e-8, 1.0, 1e8])
    np.testing.assert_allclose(gradient(lambda x: sum(map(math.log, x)), x), 1 / x, rtol=1e-9)


@given(arrays(float, (2, 3), elements=st.floats(-2, 2)), st.floats(-3, 3), st.floats(-3, 3))
def test_the_gradient_is_linear_in_f(x, a, b):
    f, g = waves, lambda x: float(np.exp(x).sum())
    whole = gradient(lambda x: a * f(x) + b * g(x), x)
    assert whole.shape == (2, 3)
    np.testing.assert_allclose(whole, a * gradient(f, x) + b * gradient(g, x), rtol=1e-9, atol=1e-9)


def test_a_number_gives_a_float_and_float32_stays():
    seen = []
    assert type(gradient(lambda x: seen.append(x) or x**2, np.array(3))) is float
    assert type(seen[0]) is float
    single = gradient(lambda x: float(np.sum(x**3)), np.float32([0.1, 2]))
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, (3 * np.float64(np.float32([0.1, 2])) ** 2).astype(np.float32))


def test_complex_steps_leave_no_warning_and_no_trace():
    def cast(x):  # complex numbers lose their imaginary part here, with a warning
        return float(np.sum(np.asarray(x).astype(float) ** 2))

    np.testing.assert_allclose(gradient(cast, [1.0, 2.0]), [2, 4], rtol=1e-9)
    np.testing.assert_allclose(gradient(lambda x: float(np.abs(x[0])) + x[1].real ** 2, [1.5, 2.0]), [1, 4], rtol=1e-9)


def test_a_kink_along_one_axis_shows_in_its_error_alone():
    estimate = gradient(lambda x: abs(x[0]) + x[1], [0.0, 1.0], return_error=True)
    assert estimate.error[0] >= 0.5
    assert estimate.error[1] <= 1e-9
    assert estimate.gradient[1] == pytest.approx(1, abs=1e-10)


@given(POINTS, st.integers(0, 2**32 - 1))
def test_a_directional_derivative_is_the_gradient_times_the_direction(x, seed):
    v = np.random.default_rng(seed).normal(size=len(x))
    wanted = float(slope_of_waves(x) @ v)
    assert directional_derivative(waves, x, v) == pytest.approx(wanted, rel=1e-9, abs=1e-10 * np.linalg.norm(v))
    unit = directional_derivative(waves, x, v, normalize=True)
    assert unit * np.linalg.norm(v) == pytest.approx(wanted, rel=1e-9, abs=1e-10 * np.linalg.norm(v))


def test_a_direction_costs_no_more_calls_for_a_large_x():
    calls = []
    x, v = np.linspace(0, 1, 1000), np.ones(1000)
    slope = directional_derivative(lambda x: calls.append(1) or math.fsum(np.sin(x)), x, v)
    assert slope == pytest.approx(math.fsum(np.cos(x)), rel=1e-9)
    assert len(calls) <= 400


@pytest.mark.parametrize("x", [[1e8, 1e8], [1e8, -3e7], [1.0, 1e8], [2e10, 1e3]])
@pytest.mark.parametrize("v", [[1.0, 1.0], [1.0, -2.0], [0.3, 0.7]])
def test_beside_large_entries_the_rounding_of_steps_does_not_matter(x, v):
    calls = []

    def f(x):  # refuses complex numbers
        calls.append(1)
        return math.sin(x[0]) * math.cos(x[1])

    a, b = x
    wanted = v[0] * math.cos(a) * math.cos(b) - v[1] * math.sin(a) * math.sin(b)
    # The spacing of 2e10 is 4e-6: 1000 of them are the shortest step.
    assert directional_derivative(f, x, v) == pytest.approx(wanted, rel=1e-9, abs=2e-9 if a < 1e9 else 1e-3)
    assert len(calls) <= 400


@pytest.mark.parametrize("length", [1e-200, 1e-8, 1.0, 1e8, 1e200])
def test_the_length_of_a_direction_counts(length):
    slope = directional_derivative(lambda x: math.sin(x[0]) + x[1], [0.3, 2.0], [length, 0.0])
    assert slope == pytest.approx(length * math.cos(0.3), rel=1e-10)


def test_no_direction_gives_0_and_has_no_unit_vector():
    assert directional_derivative(waves, [1.0, 2.0], [0.0, 0.0]) == 0.0
    with pytest.raises(ValueError, match="v must not be 0"):
        directional_derivative(waves, [1.0, 2.0], [0.0, 0.0], normalize=True)
    with pytest.raises(np.linalg.LinAlgError):
        directional_derivative(lambda x: 10 * x[0], [1.0], [1e308])


def test_among_unit_vectors_none_climbs_faster_than_the_steepest():
    x = np.array([0.3, -0.2, 1.0])
    steepest = steepest_direction(waves, x)
    assert np.linalg.norm(steepest) == pytest.approx(1, rel=1e-15)
    length = np.linalg.norm(slope_of_waves(x))
    assert directional_derivative(waves, x, steepest) == pytest.approx(length, rel=1e-10)
    for seed in range(50):
        v = np.random.default_rng(seed).normal(size=3)
        assert directional_derivative(waves, x, v, normalize=True) <= length * (1 + 1e-10)


def test_the_steepest_way_down_does_not_lead_to_the_minimum():
    downhill = -steepest_direction(lambda x: x[0] ** 2 + 10 * x[1] ** 2, [1.0, 1.0])
    # (2, 20)·(1, 1) / (√404 √2)
    assert downhill @ [-1, -1] / math.sqrt(2) == pytest.approx(22 / math.sqrt(808), rel=1e-10)


def test_where_the_gradient_is_0_no_direction_is_steepest():
    for f, x in ((lambda x: x[0] ** 2 + x[1] ** 2, [0.0, 0.0]), (lambda x: 3.0, [1.0, 2.0]), (abs, 0.0)):
        with pytest.raises(ValueError, match="f must have a gradient other than 0"):
            steepest_direction(f, x)
    assert steepest_direction(lambda x: -3 * x, 1.0) == -1.0
    np.testing.assert_allclose(
        steepest_direction(lambda x: 1e-200 * (3 * x[0] + 4 * x[1]), [1, 1]), [0.6, 0.8], rtol=1e-9
    )


def test_a_right_gradient_passes_and_a_wrong_sign_is_found():
    x = np.array([[0.5, 1.0], [2.0, -1.0]])
    good = check_gradient(waves, slope_of_waves, x)
    assert good.ok
    assert good.relative_error <= 1e-9
    assert good.numerical.shape == good.given.shape == (2, 2)

    def wrong(x):
        slopes = slope_of_waves(x)
        slopes[1, 0] *= -1
        return slopes

    bad = check_gradient(waves, wrong, x)
    largest = np.abs(slope_of_waves(x)).max()
    assert (bad.ok, bad.worst) == (False, (1, 0))
    assert bad.relative_error == pytest.approx(2 * abs(slope_of_waves(x)[1, 0]) / largest, rel=1e-8)
    assert check_gradient(waves, wrong, x, rtol=3).ok


def test_a_check_of_two_zeros_is_right_and_of_a_number_has_no_place():
    assert check_gradient(lambda x: 1.0, lambda x: 0.0, 2.0) == (True, 0.0, (), 0.0, 0.0)
    assert check_gradient(lambda x: x * x, lambda x: 1.0, 1.0)[1:3] == (pytest.approx(0.5), ())


@pytest.mark.parametrize("given", [1.0, [1.0], [[1.0, 2.0]], None, "ab", [math.nan, 1.0], [1j, 1]])
def test_what_is_no_gradient_is_refused_by_the_name_of_grad(given):
    with pytest.raises((ValueError, TypeError), match=r"\bgrad\b"):
        check_gradient(waves, lambda x: given, [1.0, 2.0])


EXPONENTS = st.tuples(st.integers(0, 3), st.integers(0, 3))


@given(
    st.dictionaries(EXPONENTS, st.integers(-9, 9), min_size=1, max_size=4),
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
)
def test_the_working_of_a_polynomial_is_exact(terms, x):
    working = gradient_steps(terms, x)

    def by(i):
        return sum(c * k[i] * x[i] ** (k[i] - 1) * x[1 - i] ** k[1 - i] for k, c in terms.items() if k[i])

    assert [step.value for step in working[:-1]] == [by(0), by(1)]
    assert working.result.tolist() == [by(0), by(1)]


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ([1, 2], TypeError),
        (None, TypeError),
        ({}, ValueError),
        ({(1,): 1}, ValueError),
        ({(1, -1): 1}, ValueError),
        ({(1, 0.5): 1}, TypeError),
        ({1: 1}, TypeError),
        ({(1, True): 1}, TypeError),
        ({(1, 1): math.nan}, ValueError),
        ({(1, 1): "2"}, TypeError),
    ],
)
def test_what_is_no_polynomial_in_two_variables_is_refused_by_the_name_of_terms(terms, error):
    with pytest.raises(error, match=r"\bterms\b"):
        gradient_steps(terms, [1, 2])


def test_the_error_of_a_hard_gradient_is_right_beside_sixty_digits():
    def hard(x):
        return math.exp(math.sin(50 * x[0])) / (1e-3 + x[1] ** 2)

    with mpmath.workdps(60):
        a, b = mpmath.mpf(0.3), mpmath.mpf(0.01)
        top, bottom = mpmath.exp(mpmath.sin(50 * a)), mpmath.mpf(1e-3) + b**2
        wanted = [50 * mpmath.cos(50 * a) * top / bottom, -2 * b * top / bottom**2]
        value, error = gradient(hard, [0.3, 0.01], return_error=True)
        for got, estimate, exact in zip(value, error, wanted, strict=True):
            assert abs(got - exact) <= min(10 * estimate, 1e-9 * abs(exact))
