"""Chain rule: against exact products of fractions, brute force over bracketings, and closed forms."""

import math
from fractions import Fraction
from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.chain_rule import (
    accumulation_cost,
    chain_derivative,
    chain_jacobians,
    chain_rule_steps,
    compose,
    inverse_derivative,
    total_derivative,
)

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=7)


def test_the_last_function_acts_first():
    assert compose(lambda x: x**2, lambda x: x + 1)(3) == 16
    assert compose(lambda x: x + 1, lambda x: x**2)(3) == 10
    assert compose(math.sqrt)(4.0) == 2.0
    assert compose(str, lambda a, b=0: a - b)(5, b=2) == "3"


def test_composing_is_associative():
    f, g, h = (lambda x: 2 * x), (lambda x: x + 3), (lambda x: x**2)
    for x in range(-3, 4):
        assert compose(f, compose(g, h))(x) == compose(compose(f, g), h)(x) == compose(f, g, h)(x)


def test_functions_are_refused_by_name():
    with pytest.raises(ValueError, match="functions must hold at least one"):
        compose()
    for bad in ((3,), (math.sin, None), ("sin",)):
        with pytest.raises(TypeError, match=r"functions\[\d\] must be a function"):
            compose(*bad)
    for bad, error in ((None, TypeError), (math.sin, TypeError), ([], ValueError), ([3], TypeError)):
        with pytest.raises(error, match=r"\bfunctions\b"):
            chain_derivative(bad, 1.0)
    with pytest.raises(ValueError, match="derivatives must be as many as functions"):
        chain_derivative([math.sin, math.sin], 1.0, derivatives=[math.cos])


def test_factors_stand_in_the_order_in_which_the_functions_act():
    chain = chain_derivative([lambda x: x**2, lambda x: 3 * x + 1], 1, derivatives=[lambda x: 2 * x, lambda x: 3])
    assert chain == (24.0, (1.0, 4.0, 16.0), (3.0, 8.0))
    # (f∘f)'(2) for the square is 4 x³, not f'(f'(x)).
    assert chain_derivative([lambda x: x**2] * 2, 2.0).derivative == pytest.approx(32, rel=1e-10)


def square_plus_one(x):
    return x * x + 1


@given(st.floats(-2, 2))
def test_numerical_factors_agree_with_those_given(x):
    functions = [math.sin, square_plus_one, math.exp]
    derivatives = [math.cos, lambda x: 2 * x, math.exp]
    given_ones, numerical = chain_derivative(functions, x, derivatives=derivatives), chain_derivative(functions, x)
    y = math.exp(x) ** 2 + 1
    assert given_ones.derivative == pytest.approx(2 * math.exp(2 * x) * math.cos(y), rel=1e-12)
    np.testing.assert_allclose(numerical.factors, given_ones.factors, rtol=1e-9, atol=1e-9)
    u = math.exp(x)
    v = square_plus_one(u)  # the same operations: u ** 2 and u * u may differ by a rounding
    assert numerical.values == given_ones.values == (x, u, v, math.sin(v))


def test_bad_values_on_the_way_are_named():
    with pytest.raises(ValueError, match=r"functions\[1\] must return a finite number"):
        chain_derivative([math.sin, lambda x: math.nan], 1.0)
    with pytest.raises(ValueError, match=r"derivatives\[0\] must return"):
        chain_derivative([math.sin], 1.0, derivatives=[lambda x: None])
    with pytest.raises(np.linalg.LinAlgError):
        chain_derivative([lambda x: x] * 2, 1.0, derivatives=[lambda x: 1e200] * 2)


def test_a_working_whose_numbers_leave_the_range_is_refused():
    with pytest.raises(ValueError, match="polynomials must lead to numbers that fit in doubles"):
        chain_rule_steps([[1e6, 0, 0, 0, 0]] * 4, 1e6)


@given(SIZES, st.integers(0, 99), st.sampled_from(["reverse", "forward", "optimal"]))
def test_each_order_gives_the_exact_product(sizes, seed, order):
    rng = np.random.default_rng(seed)
    matrices = [rng.integers(-3, 4, (a, b)) for a, b in pairwise(sizes)]
    exact = reduce(np.matmul, [M.astype(object) for M in matrices])
    assert (chain_jacobians(matrices, order=order) == exact).all()


def brute(sizes):
    """The least number of multiplications over all bracketings, by trying them."""
    if len(sizes) <= 2:
        return 0
    cuts = range(1, len(sizes) - 1)
    return min(brute(sizes[: k + 1]) + brute(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1] for k in cuts)


@given(SIZES)
def test_costs_are_counted_and_the_optimal_one_is_least(sizes):
    shapes = list(pairwise(sizes))

    def cost(shapes):
        total, (rows, inner) = 0, shapes[0]
        for _, columns in shapes[1:]:
            total, inner = total + rows * inner * columns, columns
        return total

    assert accumulation_cost(shapes) == cost(shapes)
    assert accumulation_cost(shapes, order="forward") == cost([(b, a) for a, b in reversed(shapes)])
    assert accumulation_cost(shapes, order="optimal") == brute(sizes)


def test_a_loss_is_cheap_in_reverse_and_one_input_is_cheap_forward():
    layers = [(1000, 1000)] * 3
    assert accumulation_cost([(1, 1000), *layers]) == 3 * 10**6
    assert accumulation_cost([*layers, (1000, 1)], order="forward") == 3 * 10**6
    assert accumulation_cost([(1, 1000), *layers], order="forward") == 2 * 10**9 + 10**6
    assert accumulation_cost([(10**9, 10**9), (10**9, 10**9)]) == 10**27
    assert accumulation_cost([(3, 4)], order="optimal") == 0


@pytest.mark.parametrize(
    ("shapes", "error"),
    [
        (None, TypeError),
        ([], ValueError),
        ([(1, 2), (3, 4)], ValueError),
        ([(1, 2, 3)], TypeError),
        ([(0, 1)], ValueError),
        ([(1.0, 2)], TypeError),
        ([3], TypeError),
    ],
)
def test_what_are_no_shapes_is_refused_by_name(shapes, error):
    with pytest.raises(error, match=r"\bshapes\b"):
        accumulation_cost(shapes)


def test_jacobians_that_do_not_fit_are_refused_by_name():
    for bad, error in ((None, TypeError), ([], ValueError), ([[[1, 2]], [[1, 2]]], ValueError), ([[1, 2]], ValueError)):
        with pytest.raises(error, match=r"\bjacobians\b"):
            chain_jacobians(bad)
    with pytest.raises(ValueError, match=r"\border\b"):
        chain_jacobians([np.eye(2)], order="backward")
    with pytest.raises(np.linalg.LinAlgError):
        chain_jacobians([[[1e200]], [[1e200]]])
    assert chain_jacobians([np.eye(2, dtype=np.float32)] * 2).dtype == np.float32


@given(arrays(float, 3, elements=st.floats(-2, 2)), st.floats(-2, 2))
def test_a_total_derivative_is_gradient_times_velocity(a, t):
    f = lambda x: x[0] * x[1] + math.sin(x[2])  # noqa: E731
    curve = lambda t: [a[0] * t, a[1] * t**2, a[2] + t]  # noqa: E731
    x, y, z = curve(t)
    wanted = y * a[0] + x * 2 * a[1] * t + math.cos(z)
    assert total_derivative(f, curve, t) == pytest.approx(wanted, rel=1e-9, abs=1e-10)


def test_a_variable_in_two_places_counts_twice():
    assert total_derivative(lambda x: x[0] * x[1], lambda t: [t, t], 3) == pytest.approx(6, rel=1e-10)


@pytest.mark.parametrize("value", [None, 1.0, [[1.0]], [math.nan], "ab", [1j]])
def test_what_is_no_curve_is_refused_by_name(value):
    with pytest.raises((ValueError, TypeError), match=r"\bcurve\b"):
        total_derivative(lambda x: x[0], lambda t: value, 1.0)
    with pytest.raises(ValueError, match=r"\bf must return"):
        total_derivative(lambda x: math.nan, lambda t: [t], 1.0)


@pytest.mark.parametrize("x", [1e-8, 0.3, 2.0, 1e8])
def test_the_derivative_of_the_inverse_is_one_over_the_derivative(x):
    assert inverse_derivative(lambda x: x**3, x) == pytest.approx(1 / (3 * x**2), rel=1e-9)
    assert inverse_derivative(math.log, x) == pytest.approx(x, rel=1e-9)


def test_a_flat_place_has_no_inverse_derivative():
    for f, x in ((lambda x: x**2, 0.0), (lambda x: 4.0, 1.0), (abs, 0.0), (math.cos, 0.0)):
        with pytest.raises(ValueError, match="f must have a derivative other than 0"):
            inverse_derivative(f, x)


POLYNOMIALS = st.lists(st.lists(st.integers(-3, 3), min_size=1, max_size=4), min_size=1, max_size=3)


@given(POLYNOMIALS, st.integers(-2, 2))
def test_the_working_multiplies_exact_slopes(polynomials, x):
    working = chain_rule_steps(polynomials, x)
    point, slopes = Fraction(x), []
    for p in reversed(polynomials):
        slopes.append(sum(k * a * point ** (k - 1) for k, a in zip(range(len(p) - 1, 0, -1), p, strict=False)))
        point = sum(a * point**k for k, a in zip(range(len(p) - 1, -1, -1), p, strict=True))
    assert [step.value for step in working[:-1]] == pytest.approx([float(s) for s in slopes], rel=1e-15)
    assert working.result == pytest.approx(float(math.prod(slopes)), rel=1e-15)


def test_the_working_by_hand():
    assert [step.value for step in chain_rule_steps([[1, 0, 0], [3, 1]], 1)] == [3, 8, 24]
    for bad, error in ((None, TypeError), ([], ValueError), ([[1]] * 5, ValueError), ([[1] * 6], ValueError)):
        with pytest.raises(error, match=r"\bpolynomials\b"):
            chain_rule_steps(bad, 1)
