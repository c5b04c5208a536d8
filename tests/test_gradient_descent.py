import math
import tracemalloc

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.gradient_descent import (
    gradient_descent,
    minibatch_gradient_descent,
    numerical_gradient,
    stochastic_gradient_descent,
)

A = np.array([[3.0, 1.0], [1.0, 2.0]])
B = np.array([1.0, -1.0])


def quadratic(x):
    return x @ A @ x / 2 - B @ x


def slope_of_quadratic(x):
    return A @ x - B


def test_a_quadratic_leads_to_the_solution_of_its_linear_system():
    descent = gradient_descent(slope_of_quadratic, [5, -3], 0.3, loss=quadratic)
    assert descent.converged
    assert descent.reason == "converged"
    np.testing.assert_allclose(descent.x, [0.6, -0.8], atol=1e-8)  # A [3, -4] = [5, -5]
    assert np.linalg.norm(slope_of_quadratic(descent.x)) <= 1e-8


def test_the_path_begins_at_the_start_and_obeys_the_update():
    descent = gradient_descent(slope_of_quadratic, [5, -3], 0.3, steps=7, loss=quadratic)
    assert descent.path.shape == (8, 2)
    assert descent.losses.shape == (8,)
    assert descent.path[0].tolist() == [5.0, -3.0]
    assert descent.path[-1].tolist() == descent.x.tolist()
    for before, after in zip(descent.path, descent.path[1:], strict=False):
        np.testing.assert_array_equal(after, before - 0.3 * slope_of_quadratic(before))
    np.testing.assert_allclose(descent.losses, [quadratic(x) for x in descent.path])
    assert (descent.converged, descent.reason) == (False, "steps")


@given(st.floats(0.01, 0.55), st.floats(-100, 100), st.floats(-100, 100))
def test_the_loss_falls_with_each_step_below_two_over_the_largest_eigenvalue(rate, x, y):
    losses = gradient_descent(slope_of_quadratic, [x, y], rate, steps=50, loss=quadratic).losses
    assert (np.diff(losses) <= 1e-12 * (1 + np.abs(losses[0]))).all()


def test_each_step_on_a_parabola_multiplies_the_distance_by_one_number():
    # x - 2 η x = (1 - 2 η) x
    assert gradient_descent(lambda x: 2 * x, 8.0, 0.25, steps=3).path.tolist() == [8, 4, 2, 1]
    assert gradient_descent(lambda x: 2 * x, [8], 0.5, steps=5).path.tolist() == [[8], [0]]


def test_without_a_loss_there_are_no_losses():
    assert gradient_descent(slope_of_quadratic, [0, 0], 0.3).losses.shape == (0,)


def test_a_number_as_start_gives_numbers():
    seen = []
    descent = gradient_descent(lambda x: seen.append(x) or 2 * (x - 1), np.array(4), 0.1, steps=2, loss=lambda x: x * x)
    assert isinstance(descent.x, float)
    assert all(type(x) is float for x in seen)
    assert descent.path.shape == descent.losses.shape == (3,)


def test_any_shape_of_start_is_kept():
    descent = gradient_descent(lambda x: x, np.ones((2, 3)), 0.5, steps=4)
    assert descent.x.shape == (2, 3)
    assert descent.path.shape == (5, 2, 3)


def test_float32_stays_float32():
    descent = gradient_descent(lambda x: x.astype(float), np.ones(2, np.float32), 0.5, steps=4)
    assert descent.x.dtype == descent.path.dtype == np.float32


def test_the_start_is_not_changed_and_the_path_cannot_be_rewritten():
    start = np.array([1.0, 2.0])
    gradient_descent(lambda x: x, start, 0.1, steps=3)
    assert start.tolist() == [1, 2]
    start += 1  # still writeable
    with pytest.raises(ValueError, match="read-only"):
        gradient_descent(lambda x: x.__iadd__(1), start, 0.1)


def test_no_steps_still_tell_whether_the_start_is_the_minimum():
    assert gradient_descent(lambda x: x, [0.0], 1, steps=0).converged
    assert gradient_descent(lambda x: x, [1.0], 1, steps=0).reason == "steps"


def test_a_step_into_the_minimum_counts_as_converged():
    assert gradient_descent(lambda x: x, [1.0], 1, steps=1).converged


@pytest.mark.parametrize(
    ("gradient", "start", "rate"),
    [
        (lambda x: 2 * x, [1.0], 1.1),
        (lambda x: 2 * x, [1.0], 1.01),
        (lambda x: 2 * x, np.float32([1.0]), 1.1),
        (lambda x: 4 * x**3, [3.0], 1.0),
        (np.sinh, [5.0], 1.0),
        (math.sinh, 5.0, 1.0),
        (lambda x: -x, [1.0, 0.0], 0.5),
        (lambda x: x * 1e200, [1.0], 1e200),
    ],
)
def test_iterates_that_grow_without_bound_end_as_diverged(gradient, start, rate):
    descent = gradient_descent(gradient, start, rate)  # a NumPy warning would fail the test
    assert (descent.converged, descent.reason) == (False, "diverged")
    assert np.isfinite(descent.path).all()


def test_a_loss_beyond_all_numbers_is_a_divergence_far_away_and_an_error_nearby():
    descent = gradient_descent(lambda x: -3 * x, [1.0], 1e7, steps=80, loss=lambda x: float(np.exp(x[0])))
    assert descent.reason == "diverged"
    assert not np.isnan(descent.losses).any()
    assert len(descent.losses) == len(descent.path)
    with pytest.raises(ValueError, match="loss must return a finite number, but after 0 steps"):
        gradient_descent(lambda x: x, [1.0], 0.1, loss=lambda x: math.nan)


def test_a_far_minimum_is_no_divergence():
    descent = gradient_descent(lambda x: x - 1e9, [0.0], 0.5, tolerance=1e-3)
    assert descent.converged


@pytest.mark.parametrize("start", [1e160, -1.7e308, np.float32([3e38, 1e20]), np.float32([2e-40])])
def test_a_start_anywhere_in_the_range_leads_to_the_minimum(start):
    descent = gradient_descent(lambda x: x * 0.5, start, 1.0, steps=4, tolerance=0)
    assert descent.reason == "steps"
    np.testing.assert_allclose(descent.x, np.asarray(start) / 16, rtol=1e-6, atol=1e-45)


def test_growth_by_a_million_from_a_far_start_is_a_divergence():
    for start in (1e160, np.float32(3e25)):
        descent = gradient_descent(lambda x: x * -10.0, start, 1.0, steps=100)
        assert descent.reason == "diverged"
        assert 1e4 < abs(descent.x / start) < 1e9


@pytest.mark.parametrize(
    ("gradient", "error", "message"),
    [
        (lambda x: x * np.nan, ValueError, r"gradient\(x\) must be finite, but entry 0 .* is nan after 0 steps"),
        (lambda x: x / 0, ValueError, r"gradient\(x\) must be finite, .* is inf after 0 steps.*learning_rate"),
        (lambda x: x[:, None], ValueError, r"gradient must return shape \(2,\), .* its shape is \(2, 1\)"),
        (lambda x: x.sum(), ValueError, r"gradient must return shape \(2,\), .* its shape is \(\)"),
        (lambda x: None, TypeError, r"gradient\(x\) must be numbers, but it is None"),
        (lambda x: x * 1j, TypeError, r"gradient\(x\) must be real"),
        (lambda x: [math.exp(1000), 0], ValueError, "gradient overflowed after 0 steps"),
    ],
)
def test_a_gradient_that_makes_no_sense_is_named(gradient, error, message):
    with pytest.raises(error, match=message):
        gradient_descent(gradient, [1.0, 2.0], 0.1)


@pytest.mark.parametrize("rate", [0, -0.1, math.nan, math.inf])
def test_a_learning_rate_is_greater_than_0(rate):
    with pytest.raises(ValueError, match="learning_rate must be"):
        gradient_descent(lambda x: x, [1.0], rate)


def test_a_late_step_allocates_no_more_than_an_early_one():
    """So that time is linear in the number of steps: a path that is copied in each one would allocate ever more."""
    allocated, held = [], 0

    def slope(x):
        nonlocal held
        allocated.append(tracemalloc.get_traced_memory()[1] - held)
        tracemalloc.reset_peak()
        held = tracemalloc.get_traced_memory()[0]
        return x

    tracemalloc.start()
    path = gradient_descent(slope, [1.0, 2.0], 1e-9, steps=2000, tolerance=0).path
    tracemalloc.stop()
    assert len(allocated) == len(path) == 2001
    # The median, since a list that grows is moved now and then.
    assert np.median(allocated[-500:]) <= np.median(allocated[1:501]) + 64


ROWS = np.arange(10.0)


def mean_slope(x, rows):
    return np.mean(x - rows)


def test_each_epoch_sees_each_row_once_in_a_new_order():
    seen = []
    minibatch_gradient_descent(lambda x, rows: seen.append(rows.tolist()) or 1.0, ROWS, 0.0, 0.1, 4, epochs=2)
    assert [len(batch) for batch in seen] == [4, 4, 2] * 2
    epochs = [*seen[0], *seen[1], *seen[2]], [*seen[3], *seen[4], *seen[5]]
    assert sorted(epochs[0]) == sorted(epochs[1]) == ROWS.tolist()
    assert epochs[0] != epochs[1]


def test_the_stochastic_descent_is_the_minibatch_descent_with_batches_of_one():
    one = stochastic_gradient_descent(mean_slope, ROWS, 0.0, 0.1, epochs=3, seed=4, loss=mean_slope)
    other = minibatch_gradient_descent(mean_slope, ROWS, 0.0, 0.1, 1, epochs=3, seed=4, loss=mean_slope)
    assert one.path.tolist() == other.path.tolist()
    assert one.losses.tolist() == other.losses.tolist()
    assert one.path.shape == one.losses.shape == (31,)


def test_a_batch_of_all_rows_is_plain_gradient_descent():
    full = minibatch_gradient_descent(mean_slope, ROWS, 0.0, 0.1, 10, epochs=20)
    plain = gradient_descent(lambda x: np.mean(x - ROWS), 0.0, 0.1, steps=20)
    np.testing.assert_allclose(full.path, plain.path, rtol=1e-14)


def test_the_seed_fixes_the_path():
    paths = [stochastic_gradient_descent(mean_slope, ROWS, 0.0, 0.1, seed=seed).path.tolist() for seed in (0, 0, 1)]
    assert paths[0] == paths[1] != paths[2]


def test_rows_keep_their_axes_and_data_is_not_changed():
    data = np.arange(12.0).reshape(4, 3)
    shapes = set()

    def gradient(x, rows):
        shapes.add(rows.shape)
        rows[:] = 0
        return np.zeros(2)

    minibatch_gradient_descent(gradient, data, [0.0, 0.0], 0.1, 2, epochs=1)
    assert shapes == {(2, 3)}
    assert data.tolist() == np.arange(12.0).reshape(4, 3).tolist()


def test_an_epoch_that_moves_less_than_the_tolerance_ends_the_descent():
    descent = minibatch_gradient_descent(mean_slope, ROWS, 0.0, 0.5, 10, epochs=1000, tolerance=1e-6)
    assert descent.converged
    assert descent.x == pytest.approx(4.5, abs=1e-5)
    assert stochastic_gradient_descent(mean_slope, ROWS, 0.0, 0.5, epochs=5).reason == "epochs"


def test_a_stochastic_descent_that_grows_ends_as_diverged():
    assert stochastic_gradient_descent(mean_slope, ROWS, 0.0, 3.0, epochs=100).reason == "diverged"


def test_least_squares_by_minibatches_comes_close_to_the_exact_solution():
    random = np.random.default_rng(2)
    X = random.normal(size=(200, 3))
    y = X @ [1.0, -2.0, 0.5]
    data = np.column_stack([X, y])

    def gradient(w, rows):
        return rows[:, :3].T @ (rows[:, :3] @ w - rows[:, 3]) / len(rows)

    descent = minibatch_gradient_descent(gradient, data, np.zeros(3), 0.1, 20, epochs=200)
    np.testing.assert_allclose(descent.x, [1, -2, 0.5], atol=1e-8)


@pytest.mark.parametrize("size", [0, -1, 11])
def test_a_batch_has_from_1_row_to_all(size):
    with pytest.raises(ValueError, match=f"batch_size must be from 1 to 10, but it is {size}"):
        minibatch_gradient_descent(mean_slope, ROWS, 0.0, 0.1, size)


def test_data_needs_an_axis_of_examples():
    with pytest.raises(ValueError, match=r"data must hold one example after another, .* write \[3.0\]"):
        stochastic_gradient_descent(mean_slope, 3.0, 0.0, 0.1)


SMOOTH = [
    (np.exp, mpmath.exp, [-30, -3, 0, 1, 10]),
    (np.sin, mpmath.cos, [0.1, 1, 22.5, 1e3, 1e6, 1e-8]),
    (np.log, lambda x: 1 / x, [1e-300, 1e-8, 1e-3, 1, 100, 1e8]),
    (lambda x: 1 / x, lambda x: -1 / x**2, [1e-3, 1, 1e5, -1e-10]),
    (lambda x: np.sin(100 * x), lambda x: 100 * mpmath.cos(100 * x), [0, 0.3, 1, 10]),
    (lambda x: np.sin(1e4 * x), lambda x: 10**4 * mpmath.cos(10**4 * x), [0, 0.3, 1]),
    (lambda x: np.exp(-((1000 * x) ** 2)), lambda x: -2 * 10**6 * x * mpmath.exp(-((1000 * x) ** 2)), [1e-3, 5e-4]),
    (np.tanh, lambda x: mpmath.sech(x) ** 2, [0, 1, 5, 15]),
    (np.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x)), [1e-6, 0.1, 1e6]),
    (math.log, lambda x: 1 / x, [0.1, 0.2]),
    (lambda x: x**2, lambda x: 2 * x, [1e-8, 1, 1e6, 1e150]),
    (lambda x: 1 / (1 + 25 * x * x), lambda x: -50 * x / (1 + 25 * x * x) ** 2, [0.2, 1]),
    (lambda x: math.sin(2 * math.pi * 64 * x), None, [0.01, 0.1, 0]),
    (lambda x: 3 * x + 1000.0, lambda x: mpmath.mpf(3), [0, 1, 7.3]),
]


@pytest.mark.parametrize(("f", "slope", "x"), [(f, slope, x) for f, slope, xs in SMOOTH for x in xs])
def test_numerical_derivatives_have_ten_digits_and_an_honest_error(f, slope, x):
    with mpmath.workdps(50):
        point = mpmath.mpf(x)
        turns = mpmath.mpf(2 * math.pi * 64)
        expected = turns * mpmath.cos(turns * point) if slope is None else slope(point)
        value, error = numerical_gradient(f, float(x), return_error=True)
        missed = abs(value - expected)
        assert missed <= 1e-10 * abs(expected)
        assert missed <= error + 2**-53 * abs(expected)


def test_a_numerical_gradient_has_the_shape_of_x():
    random = np.random.default_rng(1)
    W = random.normal(size=(3, 4))
    gradient = numerical_gradient(lambda X: np.sum(np.sin(X) * W), random.normal(size=(3, 4)))
    assert gradient.shape == (3, 4)
    np.testing.assert_allclose(numerical_gradient(quadratic, [1, 2]), slope_of_quadratic(np.array([1, 2])), rtol=1e-11)


def test_where_the_slope_is_0_the_error_says_so():
    for f, x in ((np.cos, 0.0), (lambda x: (x - 1) ** 2, 1.0), (lambda x: x**3 - 3 * x, 1.0), (lambda x: 5.0, 2.0)):
        value, error = numerical_gradient(f, x, return_error=True)
        assert abs(value) <= error + 1e-16
        assert error <= 1e-12


def test_a_kink_has_an_error_of_the_size_of_its_jump():
    assert numerical_gradient(abs, 0.0, return_error=True).error >= 1
    assert numerical_gradient(lambda x: max(0.0, x), 0.1) == pytest.approx(1, abs=1e-12)
    assert numerical_gradient(lambda x: abs(x) + 0 * x, -2.0) == pytest.approx(-1, abs=1e-12)


def test_a_function_that_is_not_analytic_is_not_trusted_with_complex_numbers():
    # Re(x)² has no imaginary part, and a complex step alone would say 0.
    assert numerical_gradient(lambda x: np.real(x) ** 2 + 1e6, 1.0) == pytest.approx(2, abs=1e-8)


def test_float32_gives_a_float32_gradient_from_float64_steps():
    gradient = numerical_gradient(lambda x: np.sum(np.exp(x)), np.float32([0.5, 1.5]))
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, np.exp(np.float64([0.5, 1.5])).astype(np.float32))


def test_the_point_is_not_changed_even_if_f_changes_its_argument():
    x = np.array([1.0, 2.0])

    def careless(x):
        x *= 2
        return x.sum()

    np.testing.assert_allclose(numerical_gradient(careless, x), [2, 2], rtol=1e-12)
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: math.nan, "f must return a finite number, but at x it returned nan"),
        (lambda x: x, r"f must return one real number, but at x it returned an array of shape \(2,\)"),
        (lambda x: x[:1], r"shape \(1,\); write .item\(\)"),
        (lambda x: None, "f must return one real number, but at x it returned None"),
        (lambda x: 1j, "f must return one real number, but at x it returned 1j"),
        (lambda x: 0.0 if x[0] == 1 else math.nan, "f must be finite on both sides of x, but near 1.0 it is not"),
    ],
)
def test_a_function_without_a_gradient_is_named(f, message):
    with pytest.raises(ValueError, match=message):
        numerical_gradient(f, [1.0, 2.0])
