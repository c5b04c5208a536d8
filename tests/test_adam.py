import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.adam import adam, adam_steps, adamw, bias_correction, rmsprop

OPTIMISERS = [adam, adamw, rmsprop]
SCALES = np.array([1.0, 30.0, 1000.0])
BETAS = st.sampled_from([0.0, 0.5, 0.9, 0.999, 1 - 2.0**-40])


def slope(x):
    return SCALES * (x - [1, -2, 0.5])


def exact_path(gradients, x, rate, betas=(0.9, 0.999), eps=1e-8, decay=0.0, corrected=True):
    """The rule as it is written, in 60 digits, for the gradients that were met."""
    with mpmath.workdps(60):
        b, c, rate, eps, decay = (mpmath.mpf(float(value)) for value in (*betas, rate, eps, decay))
        x, m, v = mpmath.mpf(float(x)), mpmath.mpf(0), mpmath.mpf(0)
        path = [x]
        for t, g in enumerate(gradients, 1):
            g = mpmath.mpf(float(g))
            m, v = b * m + (1 - b) * g, c * v + (1 - c) * g * g
            fair_m, fair_v = (m / (1 - b**t), v / (1 - c**t)) if corrected else (m, v)
            size = mpmath.sqrt(fair_v) + eps
            x = (1 - rate * decay) * x - (rate * fair_m / size if size else 0)
            path.append(x)
        return path


def close(found, wanted, bound=1e-12):
    size = max(1e-300, *map(abs, wanted))
    return all(abs(mpmath.mpf(float(a)) - b) <= bound * size for a, b in zip(found, wanted, strict=True))


@given(BETAS, BETAS, st.sampled_from([0.0, 1e-8, 1.0]), st.sampled_from([0.0, 0.01, 2.0]))
def test_the_path_is_that_of_the_rule(beta1, beta2, eps, decay):
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(60, 2)) * [1, 1e-3]
    met = iter(noise)
    more = {"beta1": beta1, "beta2": beta2, "eps": eps, "steps": 60, "tolerance": 0, "weight_decay": decay}
    run = adamw(lambda x: next(met, np.ones(2)), [1.0, -2.0], 0.1, **more)
    for i in range(2):
        assert close(run.path[:, i], exact_path(noise[:, i], run.path[0, i], 0.1, (beta1, beta2), eps, decay))


@given(BETAS, st.sampled_from([0.0, 1e-8]))
def test_the_path_of_rmsprop_is_that_of_the_rule(beta, eps):
    met = iter(noise := np.random.default_rng(8).normal(size=60))
    run = rmsprop(lambda x: float(next(met, 1.0)), 1.0, 0.1, beta=beta, eps=eps, steps=60, tolerance=0)
    assert close(run.path, exact_path(noise, 1.0, 0.1, (0.0, beta), eps, corrected=False))


def test_on_a_valley_a_hundred_steps_are_right_to_twelve_digits():
    run = adam(slope, [0, 0, 0], 0.05, steps=100, tolerance=0)
    gradients = np.array([slope(x) for x in run.path[:-1]])
    for i in range(3):
        assert close(run.path[:, i], exact_path(gradients[:, i], 0, 0.05))


def test_the_example_by_hand():
    start, m, v, fair_m, fair_v, x = (step.value for step in adam_steps(lambda x: 2.0, 1.0, 0.1, eps=0))
    assert [start, m, v, fair_m, fair_v, x] == pytest.approx([1, 0.2, 0.004, 2, 4, 0.9], rel=1e-15)


FADING = st.floats(0, 1, exclude_max=True)


@given(st.floats(0.01, 1e3), st.sampled_from([1, -1]), FADING, FADING)
def test_the_first_step_is_the_learning_rate_whatever_the_gradient(size, sign, beta1, beta2):
    for g in (size, size * 1e-310, size * 1e304):
        x = adam(lambda x, g=g: sign * g, 0.0, 0.25, beta1=beta1, beta2=beta2, eps=0, steps=1, tolerance=0).x
        assert x == pytest.approx(-sign * 0.25, rel=1e-15)


@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-200, 1e-3, 1e3, 1e160, 1e300])
def test_without_epsilon_the_scale_of_the_gradients_changes_nothing(scale):
    signs = np.array([1, 1, -1, 1, 1, 1, -1, -1, 1, 1.0])
    paths = []
    for factor in (1, scale):
        met = iter(factor * signs)
        with np.errstate(all="raise"):
            run = adam(lambda x, met=met: float(next(met, 1)), 0.0, 0.1, eps=0, steps=10, tolerance=0)
        paths.append(run.path)
    # A subnormal average has few digits; the smallest of all has none.
    np.testing.assert_allclose(*paths, rtol=0, atol=1e-13 if scale > 1e-300 else 1e-3 if scale > 1e-320 else 2)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_an_entry_without_gradient_does_not_move(optimiser):
    for eps in (0, 1e-8):
        more = {"weight_decay": 0} if optimiser is adamw else {}
        run = optimiser(lambda x: [0, 1], [3.0, 3.0], 0.1, eps=eps, steps=5, tolerance=0, **more)
        assert run.path[:, 0].tolist() == [3.0] * 6
        assert run.path[-1, 1] < 3


@given(st.floats(0, 5), st.integers(1, 20))
def test_an_entry_without_gradient_decays_by_one_factor(decay, k):
    run = adamw(lambda x: [0, 1], [1.0, 1.0], 0.1, weight_decay=decay, steps=k, tolerance=0)
    np.testing.assert_allclose(run.path[:, 0], (1 - 0.1 * decay) ** np.arange(k + 1), rtol=1e-12, atol=1e-15)


def test_without_decay_adamw_is_adam_bit_by_bit():
    one = adam(slope, [0, 0, 0], 0.05, steps=50)
    np.testing.assert_array_equal(one.path, adamw(slope, [0, 0, 0], 0.05, weight_decay=0, steps=50).path)


def test_a_penalty_in_the_loss_is_not_decay():
    assert adam(lambda x: 0.01 * x, 1.0, 0.1, eps=0, steps=1).x == pytest.approx(0.9, rel=1e-15)
    decayed = adamw(lambda x: [0, 1], [1.0, 1.0], 0.1, weight_decay=0.01, steps=1, eps=0).x
    np.testing.assert_allclose(decayed, [0.999, 0.899], rtol=1e-15)


def test_the_first_step_of_rmsprop_is_too_long_by_the_missing_correction():
    run = rmsprop(lambda x: 7.0, 0.0, 0.1, beta=0.99, eps=0, steps=1)
    assert run.x == pytest.approx(-1, rel=1e-15)


@pytest.mark.parametrize("C", [2.5, 3, 10])
def test_on_reddis_problem_adam_goes_to_the_wrong_end(C):
    # The slope is C in each third step and -1 in the others: on average (C - 2)/3 > 0, so that -1 is best on [-1, 1].
    t = iter(range(10**6))

    def gradient(x):
        return float(C if next(t) % 3 == 0 else -1)

    run = adam(gradient, 0.0, 0.01, beta1=0, beta2=1 / (1 + C * C), steps=3000, tolerance=0)
    thirds = np.diff(run.path[3::3])
    assert (thirds > 0).all()
    assert run.x > 5


@given(st.one_of(BETAS, st.floats(0, 1, exclude_max=True)), st.integers(1, 10**6))
def test_the_sum_of_the_weights_has_all_digits(beta, t):
    with mpmath.workdps(400):
        wanted = 1 - mpmath.mpf(beta) ** t
        assert abs(mpmath.mpf(bias_correction(beta, t)) - wanted) <= 4e-16 * wanted


def test_the_sum_of_the_weights_at_the_ends():
    assert bias_correction(0, 1) == 1
    assert bias_correction(0.9, 10**400) == 1
    least = bias_correction(1 - 2.0**-53, 1)
    assert (least, type(least)) == (2.0**-53, float)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_it_converges_on_a_quadratic_and_keeps_shape_and_precision(optimiser):
    more = {"weight_decay": 0} if optimiser is adamw else {"eps": 1e-3} if optimiser is rmsprop else {}
    run = optimiser(slope, [0, 0, 0], 0.001 if optimiser is rmsprop else 0.05, steps=40_000, **more)
    assert run.reason == "converged"
    np.testing.assert_allclose(run.x, [1, -2, 0.5], atol=1e-7)
    single = optimiser(lambda x: x, np.ones((2, 3), np.float32), 0.07, steps=4)
    assert single.path.shape == (5, 2, 3)
    assert single.x.dtype == single.path.dtype == np.float32
    assert type(optimiser(lambda x: x, 1, 0.1, steps=4).x) is float


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(
    ("gradient", "start", "rate"),
    [
        (lambda x: -x, [1.0, 2.0], 1e4),
        (lambda x: 1.0, 0.0, 1e308),
        (lambda x: x, np.float32([1.0]), 1e30),
    ],
)
def test_a_point_that_leaves_the_range_has_diverged(optimiser, gradient, start, rate):
    with np.errstate(all="raise"):
        run = optimiser(gradient, start, rate)
    assert (run.converged, run.reason) == (False, "diverged")
    assert np.isfinite(run.path).all()


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_bad_options_are_named(optimiser):
    names = {"eps": [-1e-9, math.nan], "learning_rate": [0, -1], "tolerance": [-1], "steps": [-1]}
    names |= {"beta": [1, -0.1]} if optimiser is rmsprop else {"beta1": [1, -0.1], "beta2": [1, 1.5]}
    names |= {"weight_decay": [-1e-9]} if optimiser is adamw else {}
    for name, values in names.items():
        for value in values:
            with pytest.raises(ValueError, match=f"{name} must be"):
                optimiser(lambda x: x, 1.0, **{"learning_rate": 0.1, name: value})
    with pytest.raises(ValueError, match=r"gradient must return shape \(2,\)"):
        optimiser(lambda x: x[:, None], [1.0, 2.0], 0.1)


@given(st.integers(0, 5))
def test_the_last_step_of_the_working_is_the_point_of_adam(steps):
    taken = adam_steps(slope, [0, 0, 0], 0.05, steps=steps)
    expected = adam(slope, [0, 0, 0], 0.05, steps=steps, tolerance=0)
    assert len(taken) == 1 + 5 * steps
    np.testing.assert_array_equal([step.value for step in taken][::5], expected.path)
    for t in range(1, steps + 1):
        m, v, fair_m, fair_v, _ = (step.value for step in taken[5 * t - 4 : 5 * t + 1])
        np.testing.assert_allclose(fair_m, m / (1 - 0.9**t), rtol=1e-12)
        np.testing.assert_allclose(fair_v, v / (1 - 0.999**t), rtol=1e-12)


def test_a_working_refuses_what_is_too_long_and_what_has_no_square():
    with pytest.raises(ValueError, match="steps must be from 0 to 5"):
        adam_steps(lambda x: x, 1.0, 0.1, steps=6)
    with pytest.raises(ValueError, match="start must have at most 5 entries"):
        adam_steps(lambda x: x, np.ones(6), 0.1)
    with pytest.raises(np.linalg.LinAlgError, match="the average of the squares of gradient"):
        adam_steps(lambda x: 1e200, 1.0, 0.1)
    assert len(adam_steps(lambda x: 0.0, 1.0, 0.1)) == 1
