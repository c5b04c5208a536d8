import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.activation import leaky_relu, relu
from mathref.initialization import (
    FanInOut,
    calculate_gain,
    fan_in_out,
    kaiming_normal,
    kaiming_steps,
    kaiming_uniform,
    orthogonal,
    propagate_variance,
    xavier_normal,
    xavier_uniform,
)

SHAPES = [(40, 30), (30, 40), (1, 1), (6, 5, 3, 3), (5, 6, 2)]
GAINS = {"linear": 1, "sigmoid": 1, "tanh": Fraction(25, 9), "relu": 2, "selu": Fraction(9, 16)}  # squared
GAINS["leaky_relu"] = 2 / (1 + Fraction(0.01) ** 2)
VARIANCES = st.one_of(st.floats(0, 10), st.just(0.0), st.sampled_from([5e-324, 1e-300, 1e300]))


def generator():
    return np.random.default_rng(7)


def test_fans_are_channels_times_the_entries_of_a_kernel():
    assert fan_in_out((10, 20)) == FanInOut(20, 10)
    assert fan_in_out([64, 32, 3, 5]) == (32 * 15, 64 * 15)
    assert fan_in_out((np.int64(2), 3, 1)) == (3, 2)
    assert all(type(fan) is int for fan in fan_in_out((np.int64(2), 3)))


@pytest.mark.parametrize("shape", [3, (3,), (), (2, 0), (2, 3, -1)])
def test_weights_have_at_least_two_lengths_of_at_least_one(shape):
    for function in (fan_in_out, kaiming_steps, lambda shape: orthogonal(shape, generator())):
        with pytest.raises(ValueError, match="shape must"):
            function(shape)


@pytest.mark.parametrize("nonlinearity", GAINS)
def test_gains_are_the_documented_ones(nonlinearity):
    assert calculate_gain(nonlinearity) ** 2 == pytest.approx(float(GAINS[nonlinearity]), rel=1e-15)


@pytest.mark.parametrize("slope", [0.0, -0.3, math.sqrt(5), 1e200])
def test_the_gain_of_a_leaky_relu_makes_up_for_what_it_keeps(slope):
    with mpmath.workdps(60):
        exact = mpmath.sqrt(2 / (1 + mpmath.mpf(slope) ** 2))
        assert calculate_gain("leaky_relu", negative_slope=slope) == pytest.approx(float(exact), rel=1e-15, abs=0)
    assert calculate_gain("relu", negative_slope=slope) == math.sqrt(2)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_call_of_the_generator_draws_the_weights(shape):
    into, out = fan_in_out(shape)
    bound, deviation = math.sqrt(6 / (into + out)), math.sqrt(2 / (into + out))
    pairs = [
        (xavier_uniform(shape, generator(), gain=3), generator().uniform(-3 * bound, 3 * bound, shape)),
        (xavier_normal(shape, generator(), gain=3), generator().normal(0, 3 * deviation, shape)),
        (kaiming_uniform(shape, generator()), generator().uniform(-math.sqrt(6 / into), math.sqrt(6 / into), shape)),
        (kaiming_normal(shape, generator()), generator().normal(0, math.sqrt(2 / into), shape)),
        (kaiming_normal(shape, generator(), mode="fan_out"), generator().normal(0, math.sqrt(2 / out), shape)),
        (
            kaiming_uniform(shape, generator(), nonlinearity="leaky_relu", negative_slope=math.sqrt(5)),
            generator().uniform(-1 / math.sqrt(into), 1 / math.sqrt(into), shape),
        ),
        (
            kaiming_normal(shape, generator(), nonlinearity="tanh", negative_slope=3.0),
            generator().normal(0, 5 / 3 / math.sqrt(into), shape),
        ),
    ]
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        assert found.dtype == np.float64
        assert found.flags.owndata
        assert found.flags.writeable


def test_weights_have_the_variance_that_is_meant():
    n = 600  # 360,000 weights: a standard error of 0.24 % for normal ones, 0.15 % for uniform ones
    for function, right in [(xavier_uniform, 1), (xavier_normal, 1), (kaiming_uniform, 2), (kaiming_normal, 2)]:
        W = function((n, n), generator())
        assert W.var() * n == pytest.approx(right, rel=0.012)
        assert abs(W.mean()) < 5 * math.sqrt(right / n) / n


def test_weights_beyond_the_range_are_refused():
    for function in (xavier_uniform, xavier_normal):
        with pytest.raises(np.linalg.LinAlgError, match=r"gain must leave|each weight must fit"):
            function((1, 1), np.random.default_rng(3), gain=1.7e308)  # the first normal number of this seed is 2.04


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_orthogonal_weights_have_orthonormal_rows_or_columns(shape, gain):
    W = orthogonal(shape, generator(), gain=gain)
    assert W.shape == shape
    assert W.flags.owndata
    assert W.flags.c_contiguous
    flat = W.reshape(shape[0], -1) / gain
    short = flat @ flat.T if len(flat) <= flat.shape[1] else flat.T @ flat
    np.testing.assert_allclose(short, np.eye(len(short)), atol=1e-13)


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 2, 2)])
def test_no_sign_of_an_orthogonal_matrix_is_preferred(shape):
    rng = np.random.default_rng(0)
    first = np.array([orthogonal(shape, rng).flat[:3] for _ in range(2000)])
    # mean 0 and, in a direction of n axes, mean square 1/n: five standard errors
    n = max(shape[0], math.prod(shape[1:]))
    assert (abs(first.mean(axis=0)) < 5 / math.sqrt(2000 * n)).all()
    np.testing.assert_allclose((first**2).mean(axis=0), 1 / n, atol=5 * math.sqrt(2) / n / math.sqrt(2000))


@pytest.mark.parametrize("shape", [(5, 3), (4, 4)])
def test_an_orthogonal_matrix_is_q_with_a_positive_diagonal_of_r(shape):
    G = generator().normal(0, 1, shape)
    R = orthogonal(shape, generator()).T @ G
    np.testing.assert_allclose(np.tril(R, -1), 0, atol=1e-13)
    assert (R.diagonal() > 0).all()


@given(st.lists(st.tuples(st.integers(1, 10**6), VARIANCES), min_size=1, max_size=30), st.floats(0, 1e6))
def test_mean_squares_are_exact_products(layers, start):
    fans, variances = zip(*layers, strict=True)
    for kind, share in [("linear", 1), ("relu", Fraction(1, 2)), ("leaky_relu", (1 + Fraction(0.25) ** 2) / 2)]:
        exact = [Fraction(start)]
        for fan, variance in layers:
            exact.append(exact[-1] * fan * Fraction(variance) * share)
        if max(exact) > Fraction(np.finfo(float).max):
            with pytest.raises(np.linalg.LinAlgError, match="each mean square must fit in doubles"):
                propagate_variance(fans, variances, nonlinearity=kind, negative_slope=0.25, start=start)
            continue
        found = propagate_variance(fans, variances, nonlinearity=kind, negative_slope=0.25, start=start)
        for got, wanted in zip(found.tolist(), exact, strict=True):
            assert abs(Fraction(got) - wanted) <= wanted * Fraction(1, 10**13) + Fraction(5e-324)


@pytest.mark.parametrize("q", [1e-300, 1e-25, 1e-10, 0.01, 0.5, 1, 3.9, 4.1, 9, 100, 1e6, 1e300])
def test_the_mean_square_of_tanh_is_its_integral(q):
    with mpmath.workdps(40):
        s = mpmath.sqrt(mpmath.mpf(q))

        def density(t):
            return mpmath.exp(-t * t / 2) / mpmath.sqrt(2 * mpmath.pi)

        if q <= 4:
            exact = 2 * mpmath.quad(lambda t: mpmath.tanh(s * t) ** 2 * density(t), range(16))
        else:
            exact = 1 - 2 * mpmath.quad(lambda z: mpmath.sech(z) ** 2 * density(z / s) / s, [0, 1, 3, 8, 20, 60])
    assert propagate_variance([1], [q], nonlinearity="tanh")[1] == pytest.approx(float(exact), rel=1e-12, abs=0)


def test_known_courses():
    relus = propagate_variance([300] * 20, [1 / 300] * 20)
    np.testing.assert_allclose(relus, 0.5 ** np.arange(21), rtol=1e-13)
    kept = propagate_variance([64] * 9, [2 / (1 + 0.2**2) / 64] * 9, nonlinearity="leaky_relu", negative_slope=0.2)
    np.testing.assert_allclose(kept, 1, rtol=1e-13)
    assert propagate_variance([5, 5], [0, 3.0], nonlinearity="tanh").tolist() == [1, 0, 0]
    assert propagate_variance([5], [1], start=0).tolist() == [0, 0]


def test_what_underflows_between_the_layers_is_not_lost():
    found = propagate_variance([1, 1, 1], [1e-200, 1e-200, 1e300], nonlinearity="linear", start=1e-100)
    np.testing.assert_allclose(found, [1e-100, 1e-300, 0, 1e-200], rtol=1e-14)
    found = propagate_variance([1, 1, 1], [1e-200, 1e-200, 1e300], nonlinearity="tanh", start=1e-100)
    np.testing.assert_allclose(found, [1e-100, 1e-300, 0, 1e-200], rtol=1e-14)


@pytest.mark.parametrize(("kind", "f"), [("linear", lambda z: z), ("relu", relu), ("leaky_relu", leaky_relu)])
def test_a_random_network_does_on_average_what_is_propagated(kind, f):
    rng, widths, runs = np.random.default_rng(1), [20, 30, 25, 40], 400
    squares = np.zeros((runs, len(widths)))
    for run in range(runs):
        x = np.sqrt(2) * rng.normal(size=widths[0])
        squares[run, 0] = (x**2).mean()
        for layer, (fan, out) in enumerate(pairwise(widths), 1):
            x = f(rng.uniform(-0.3, 0.3, (out, fan)) @ x)
            squares[run, layer] = (x**2).mean()
    expected = propagate_variance(widths[:-1], [0.03] * 3, nonlinearity=kind, start=2)
    errors = squares.std(axis=0) / math.sqrt(runs)
    assert (abs(squares.mean(axis=0) - expected) < 5 * errors).all()


def test_a_wide_tanh_network_comes_near_its_limit():
    n, rng = 2000, np.random.default_rng(2)
    x = rng.normal(size=n)
    for _ in range(3):
        x = np.tanh(rng.normal(0, 1.5 / math.sqrt(n), (n, n)) @ x)
    limit = propagate_variance([n] * 3, [2.25 / n] * 3, nonlinearity="tanh")[-1]
    assert (x**2).mean() == pytest.approx(limit, rel=0.05)


def test_single_precision_is_kept():
    found = propagate_variance([10], np.float32([0.1]))
    assert found.dtype == np.float32
    assert found[1] == np.float32(float(np.float32(0.1)) * 5)
    with pytest.raises(np.linalg.LinAlgError, match="each mean square must fit in single precision"):
        propagate_variance([10, 10], np.float32([1e30, 1e30]))


@pytest.mark.parametrize("fan_in", [[2.0], [True], np.array([2.5]), [1.5, 2]])
def test_fans_are_whole_numbers(fan_in):
    with pytest.raises(TypeError, match="fan_in must"):
        propagate_variance(fan_in, [1.0] * len(fan_in))


def test_lengths_that_differ_are_refused_by_both_names():
    with pytest.raises(ValueError, match="fan_in and weight_variance must have one entry for each layer"):
        propagate_variance([1, 2], [1.0])


@pytest.mark.parametrize("nonlinearity", GAINS)
@pytest.mark.parametrize("mode", ["fan_in", "fan_out"])
def test_a_working_goes_over_the_fan_and_the_gain(nonlinearity, mode):
    working = kaiming_steps((6, 5, 3, 3), nonlinearity=nonlinearity, mode=mode)
    fan, gain, deviation = (step.value for step in working)
    assert fan == getattr(fan_in_out((6, 5, 3, 3)), mode)
    assert gain == calculate_gain(nonlinearity)
    assert deviation == pytest.approx(math.sqrt(GAINS[nonlinearity] / fan), rel=1e-14)


def test_a_convolution_of_64_channels_by_hand():
    assert [step.text for step in kaiming_steps((64, 64, 3, 3))] == [
        "n = 64 · 3 · 3 = 576",
        "gain = √2 ≈ 1.41421",
        "σ = gain / √n = √(2 / 576)\n   = √2/24 ≈ 0.0589256",
    ]
    assert kaiming_steps((3, 4), mode="fan_out")[0].text == "n = 3"
