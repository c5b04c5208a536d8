import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.gradient_descent import gradient_descent
from mathref.momentum import (
    HeavyBall,
    exponential_moving_average,
    heavy_ball,
    heavy_ball_steps,
    nesterov,
    optimal_heavy_ball,
)

OPTIMISERS = [heavy_ball, nesterov]
A = np.array([[3.0, 1.0], [1.0, 2.0]])
B = np.array([1.0, -1.0])
BETAS = st.sampled_from([0.0, 0.25, 0.5, 0.9, 0.99, 0.999, 1 - 2.0**-40, 1e-3])
SERIES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60)


def slope_of_quadratic(x):
    return A @ x - B


def averages(x, beta, corrected=False):
    """Running averages by their weights, in exact arithmetic."""
    x, beta = [Fraction(float(v)) for v in x], Fraction(beta)
    for t in range(1, len(x) + 1):
        total = sum(((1 - beta) * beta ** (t - i) * x[i - 1] for i in range(1, t + 1)), Fraction(0))
        yield total / (1 - beta**t) if corrected else total


@pytest.mark.parametrize("corrected", [False, True])
@given(x=SERIES, beta=BETAS)
def test_an_average_weighs_each_number_by_its_age(corrected, x, beta):
    found = exponential_moving_average(x, beta, bias_correction=corrected)
    size = list(averages(np.abs(x), beta, corrected))
    for m, wanted, scale in zip(found, averages(x, beta, corrected), size, strict=True):
        assert abs(Fraction(float(m)) - wanted) <= Fraction(1e-14) * scale + Fraction(5e-324)


def test_columns_are_averaged_side_by_side_along_the_first_axis():
    x = np.random.default_rng(0).normal(size=(7, 2, 3))
    for corrected in (False, True):
        found = exponential_moving_average(x, 0.8, bias_correction=corrected)
        for i, j in np.ndindex(2, 3):
            alone = exponential_moving_average(x[:, i, j], 0.8, bias_correction=corrected)
            np.testing.assert_array_equal(found[:, i, j], alone)


@pytest.mark.parametrize("beta", [0.0, 1e-3, 0.5, 0.9, 1 - 2.0**-53])
def test_an_average_that_fits_is_not_lost_on_the_way(beta):
    most, least = np.finfo(float).max, 5e-324
    x = np.array([[most, -most, least, 1e-300, 1e308], [most, most, least, 1e300, 0], [most, -most, least, 1, 0]])
    with np.errstate(all="raise", under="ignore"):
        for corrected in (False, True):
            found = exponential_moving_average(x, beta, bias_correction=corrected)
            for column, m in zip(x.T, found.T, strict=True):
                scale = averages(np.abs(column), beta, corrected)
                for got, wanted, size in zip(m, averages(column, beta, corrected), scale, strict=True):
                    assert abs(Fraction(float(got)) - wanted) <= Fraction(1e-14) * size + Fraction(5e-324)


@given(st.floats(0, 0.99), st.sampled_from([1.0, -1.0]))
def test_an_average_of_the_largest_double_does_not_overflow(beta, sign):
    most = np.finfo(float).max
    found = exponential_moving_average([sign * most] * 30, beta, bias_correction=True)
    assert (np.abs(found) <= most).all()
    np.testing.assert_allclose(found, sign * most, rtol=1e-14)


def test_an_average_fades_over_the_whole_range():
    (first, *_, last) = exponential_moving_average([1e308, *[0] * 200], 1e-3)
    assert first == pytest.approx(0.999e308, rel=1e-15)
    assert last == pytest.approx(0.999e-292, rel=1e-13)


def test_single_precision_is_averaged_in_double_and_rounded_once():
    x = np.random.default_rng(1).normal(size=50).astype(np.float32)
    found = exponential_moving_average(x, 0.99)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, exponential_moving_average(x.astype(float), 0.99).astype(np.float32))
    assert exponential_moving_average(np.float16([1, 2]), 0.5).dtype == np.float32
    assert exponential_moving_average([1, 2], 0.5).dtype == np.float64


def test_a_result_owns_its_memory_and_the_numbers_are_not_changed():
    x = np.asfortranarray(np.arange(12.0).reshape(4, 3))[::2]
    before = x.copy()
    found = exponential_moving_average(x, 0.5)
    assert found.flags.owndata
    assert found.flags.writeable
    np.testing.assert_array_equal(x, before)


@given(st.floats(0.01, 1.2), st.sampled_from([0.0, 0.3, 0.9]), st.booleans())
def test_the_path_obeys_the_update(rate, beta, ahead):
    found = (nesterov if ahead else heavy_ball)(slope_of_quadratic, [5, -3], rate, beta=beta, steps=30, tolerance=0)
    x, v = np.array([5.0, -3.0]), np.zeros(2)
    for point in found.path[1:]:
        g = slope_of_quadratic(x)
        v = beta * v + g
        x = x - rate * (g + beta * v if ahead else v)
        np.testing.assert_array_equal(point, x)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_without_momentum_it_is_gradient_descent_bit_by_bit(optimiser):
    found = optimiser(slope_of_quadratic, [5, -3], 0.3, beta=0, steps=20, tolerance=0)
    plain = gradient_descent(slope_of_quadratic, [5, -3], 0.3, steps=20, tolerance=0)
    np.testing.assert_array_equal(found.path, plain.path)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_quadratic_leads_to_the_solution_of_its_linear_system(optimiser):
    descent = optimiser(slope_of_quadratic, [5, -3], 0.1, loss=lambda x: float(x @ A @ x / 2 - B @ x))
    assert (descent.converged, descent.reason) == (True, "converged")
    np.testing.assert_allclose(descent.x, [0.6, -0.8], atol=1e-8)  # A [3, -4] = [5, -5]
    assert len(descent.losses) == len(descent.path)


def test_the_example_by_hand():
    descent = heavy_ball(lambda x: x, 1, 0.5, beta=0.5, steps=3)
    assert descent.path.tolist() == [1, 0.5, 0, -0.25]  # at 0 the gradient is 0, and it rolls on
    assert descent.reason == "steps"
    assert type(descent.x) is float


def test_a_ball_is_at_rest_where_gradient_and_last_move_are_short_and_not_before():
    tolerance = 1e-3
    for beta in (0.0, 0.5, 0.9):
        descent = heavy_ball(lambda x: x, 1.0, 0.1, beta=beta, tolerance=tolerance)
        moves = np.abs(np.diff(descent.path))
        rests = (np.abs(descent.path[1:]) <= tolerance) & (moves <= 0.1 * tolerance)
        assert descent.converged
        assert np.flatnonzero(rests).tolist() == [len(moves) - 1]
    assert heavy_ball(lambda x: x, 0.0, 1, steps=0).converged  # no move yet
    assert heavy_ball(lambda x: x, 1.0, 1, steps=0).reason == "steps"


@given(st.floats(0.05, 4.2), st.floats(0, 0.97))
def test_on_a_parabola_the_path_is_a_power_of_a_matrix(rate, beta):
    found = heavy_ball(lambda x: x, 1.0, rate, beta=beta, steps=12, tolerance=0).path
    ahead = nesterov(lambda x: x, 1.0, rate, beta=beta, steps=12, tolerance=0).path
    b, r = mpmath.mpf(beta), mpmath.mpf(rate)
    for path, t, d in [(found, 1 + b - r, b), (ahead, (1 + b) * (1 - r), b * (1 - r))]:
        x = [mpmath.mpf(1), 1 - r * (1 + b) if path is ahead else 1 - r]
        while len(x) < len(path):
            x.append(t * x[-1] - d * x[-2])
        scale = max(map(abs, x))
        assert all(abs(mpmath.mpf(float(p)) - q) <= 1e-12 * scale for p, q in zip(path, x, strict=True))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_any_shape_and_single_precision_are_kept(optimiser):
    descent = optimiser(lambda x: x, np.ones((2, 3), np.float32), 0.5, steps=4)
    assert descent.path.shape == (5, 2, 3)
    assert descent.x.dtype == descent.path.dtype == np.float32
    assert isinstance(optimiser(lambda x: x, 1, 0.5, steps=4).x, float)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(
    ("gradient", "start", "rate"),
    [
        (lambda x: 2 * x, [1.0], 2.1),
        (lambda x: 2 * x, np.float32([1.0]), 2.1),
        (lambda x: -x, [1.0, 0.0], 0.5),
        (lambda x: x * 1e200, [1.0], 1e200),
        (lambda x: 1.5e308, 0.0, 1.0),
        (lambda x: 1e9, 0.0, 1e308),
    ],
)
def test_a_ball_that_leaves_the_range_has_diverged(optimiser, gradient, start, rate):
    with np.errstate(all="raise"):
        descent = optimiser(gradient, start, rate)
    assert (descent.converged, descent.reason) == (False, "diverged")
    assert np.isfinite(descent.path).all()


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_gradient_that_makes_no_sense_is_named(optimiser):
    with pytest.raises(ValueError, match=r"gradient must return shape \(2,\)"):
        optimiser(lambda x: x[:, None], [1.0, 2.0], 0.1)
    with pytest.raises(ValueError, match=r"gradient\(x\) must be finite, but entry 0 .* is nan after 0 steps"):
        optimiser(lambda x: x * np.nan, [1.0, 2.0], 0.1)


@given(st.floats(-300, 300), st.floats(0, 12))
def test_the_best_has_the_digits_of_doubles(exponent, spread):
    smallest = 10.0**exponent
    largest = min(smallest * (1 + 10.0 ** (spread - 6)), 1.7e308)
    with mpmath.workdps(60):
        low, high = mpmath.sqrt(mpmath.mpf(smallest)), mpmath.sqrt(mpmath.mpf(largest))
        wanted = (4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2, (high - low) / (high + low))
        for found, value in zip(optimal_heavy_ball(smallest, largest), wanted, strict=True):
            assert type(found) is float
            assert abs(mpmath.mpf(found) - value) <= 2e-15 * value


def test_the_best_of_extreme_curvatures_is_right_or_refused():
    assert optimal_heavy_ball(1.7e308, 1.7e308) == HeavyBall(pytest.approx(1 / 1.7e308, rel=1e-15), 0, 0)
    assert optimal_heavy_ball(5e-324, 1.7e308)[1:] == (1, 1)
    assert optimal_heavy_ball(1e-307, 1e-307).learning_rate == pytest.approx(1e307, rel=1e-15)
    with pytest.raises(np.linalg.LinAlgError, match="the learning rate must fit in doubles"):
        optimal_heavy_ball(5e-324, 5e-324)
    with pytest.raises(ValueError, match="smallest must be at most largest, but smallest is 2 and largest 1"):
        optimal_heavy_ball(2, 1)


@given(st.floats(0.01, 1), st.floats(0.01, 3.99), st.floats(0, 0.99))
def test_no_other_pair_of_numbers_is_faster_on_a_quadratic(smallest, rate, beta):
    best = optimal_heavy_ball(smallest, 1)
    moduli = [np.abs(np.roots([1, -(1 + beta - rate * h), beta])).max() for h in (smallest, 1)]
    assert best.rate <= max(moduli) * (1 + 1e-12)


@pytest.mark.parametrize("beta", [-0.1, 1, 1.5, math.nan, "0.9", None, True])
def test_a_share_is_at_least_0_and_less_than_1(beta):
    for call in (
        lambda: exponential_moving_average([1.0], beta),
        *(lambda f=f: f(lambda x: x, 1.0, 0.1, beta=beta) for f in (*OPTIMISERS, heavy_ball_steps)),
    ):
        with pytest.raises((TypeError, ValueError), match="beta must be"):
            call()


def test_the_working_stops_where_the_ball_rests():
    assert len(heavy_ball_steps(lambda x: 0 * x, [1.0, 2.0], 0.1)) == 1
    assert heavy_ball_steps(lambda x: x, 1, 0.5, beta=0.5).result == -0.25
