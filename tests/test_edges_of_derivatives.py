"""Functions that take functions, at the ends of the range: a value that is right or an error that says why."""

import math
import sys
import warnings

import numpy as np
import pytest

from mathref.backpropagation import Variable, backpropagation_steps, grad, value_and_grad
from mathref.chain_rule import chain_derivative, compose, inverse_derivative, total_derivative
from mathref.derivative import complex_step, derivative, finite_difference, second_derivative, step_size
from mathref.gradient import check_gradient, directional_derivative, gradient, steepest_direction
from mathref.jacobian import jacobian, jacobian_determinant, jvp, linearize, vjp

LARGEST = sys.float_info.max
ENDS = [1e300, -1e300, LARGEST / 2, -LARGEST / 2, 1e-298, -1e-298, 1e-300, 5e-324]
HALF = 1 / math.sqrt(2)


def quarter(x):
    return x / 4


def quarters(x):
    return [x[0] / 4, x[0] / 4 + x[1] / 4]


def sum_of_quarters(x):
    return x[0] / 4 + x[1] / 4


# Of each function: what is called at x, and what is right.
RIGHT = {
    derivative: (lambda x: derivative(quarter, x), lambda x: 0.25),
    finite_difference: (lambda x: finite_difference(quarter, x), lambda x: 0.25),
    step_size: (step_size, lambda x: 2 ** (-52 / 3) * max(1, abs(x))),
    complex_step: (lambda x: complex_step(lambda z: z / 3, x), lambda x: 1 / 3),
    gradient: (lambda x: gradient(sum_of_quarters, [x, x]), lambda x: [0.25, 0.25]),
    directional_derivative: (lambda x: directional_derivative(sum_of_quarters, [x, x], [x, x]), lambda x: x / 2),
    check_gradient: (
        lambda x: check_gradient(sum_of_quarters, lambda y: [0.25, x], [x, x]).relative_error,
        lambda x: abs(0.25 - x) / max(0.25, abs(x)),
    ),
    steepest_direction: (lambda x: steepest_direction(sum_of_quarters, [x, x]), lambda x: [HALF, HALF]),
    jacobian: (lambda x: jacobian(quarters, [x, x]), lambda x: [[0.25, 0], [0.25, 0.25]]),
    jvp: (lambda x: jvp(quarters, [x, x], [x, x]), lambda x: [x / 4, x / 2]),
    vjp: (lambda x: vjp(quarters, [x, x], [x, -x]), lambda x: [0, -x / 4]),
    linearize: (lambda x: linearize(quarters, [x, x])([x / 2, 0]), lambda x: [x / 8, x / 8]),
    jacobian_determinant: (lambda x: jacobian_determinant(quarters, [x, x]), lambda x: 1 / 16),
    chain_derivative: (lambda x: chain_derivative([quarter, quarter], x).derivative, lambda x: 1 / 16),
    total_derivative: (
        lambda x: total_derivative(sum_of_quarters, lambda t: [t / 2, t / 2], x),
        lambda x: 0.25,
    ),
    inverse_derivative: (lambda x: inverse_derivative(quarter, x), lambda x: 4),
    compose: (lambda x: compose(quarter, quarter)(x), lambda x: x / 16),
    grad: (lambda x: grad(lambda v: (v / 4).sum())([x, x]), lambda x: [0.25, 0.25]),
    value_and_grad: (lambda x: value_and_grad(lambda v: v * 0.25)(x), lambda x: (x / 4, 0.25)),
}


@pytest.mark.parametrize("function", RIGHT, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", ENDS)
def test_a_slope_at_the_ends_of_the_range_is_right(function, x):
    call, right = RIGHT[function]
    if function is complex_step and 0 < abs(x) < 1e-299:
        with pytest.raises(ValueError, match="x must be 0 or at least 1e-299 in modulus where no h is given"):
            call(x)
        return
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        found = call(x)
    expected = np.array(right(x))
    # A quarter of the smallest double is no double.
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max() + 5e-324)


def test_a_second_derivative_at_the_ends_is_right():
    assert second_derivative(lambda x: x * x, 1e-300) == pytest.approx(2, rel=1e-9)
    assert second_derivative(lambda x: x * 1e-150 * x, 1e149) == pytest.approx(2e-150, rel=1e-7, abs=0)
    assert second_derivative(lambda x: 3 * x, 1e150) == pytest.approx(0, abs=1e-140)
    with pytest.raises(ValueError, match=r"x must hold zeros and numbers from .* to 1e\+150 in modulus here"):
        second_derivative(lambda x: 3 * x, 1e300)


OVERFLOWING = {
    "at x": [
        lambda f: derivative(f, 800.0),
        lambda f: second_derivative(f, 800.0),
        lambda f: finite_difference(f, 800.0),
        lambda f: complex_step(f, 800.0),
        lambda f: gradient(lambda x: f(x[0]), [800.0]),
        lambda f: directional_derivative(lambda x: f(x[0]), [800.0], [1.0]),
        lambda f: check_gradient(lambda x: f(x[0]), lambda x: [1.0], [800.0]),
        lambda f: check_gradient(lambda x: x[0], lambda x: [f(x[0])], [800.0]),
        lambda f: steepest_direction(lambda x: f(x[0]), [800.0]),
        lambda f: jacobian(f, [1.0, 800.0]),
        lambda f: jvp(f, [1.0, 800.0], [1.0, 0.0]),
        lambda f: vjp(f, [1.0, 800.0], [1.0, 0.0]),
        lambda f: linearize(f, [1.0, 800.0]),
        lambda f: jacobian_determinant(f, [1.0, 800.0]),
        lambda f: chain_derivative([f], 800.0),
        lambda f: chain_derivative([abs], 800.0, derivatives=[f]),
        lambda f: total_derivative(lambda x: f(x[0]), lambda t: [t], 800.0),
        lambda f: total_derivative(lambda x: x[0], lambda t: [f(t)], 800.0),
        lambda f: inverse_derivative(f, 800.0),
        lambda f: grad(f)(800.0),
        lambda f: backpropagation_steps(f, 800.0),
    ],
    "of the slope": [
        lambda f: derivative(lambda x: 1e300 * f(x), 20.0),
        lambda f: derivative(lambda x: 1e300 * math.sin(1e10 * x), 0.0),
        lambda f: directional_derivative(lambda x: 10 * x[0], [1.0], [LARGEST]),
        lambda f: jvp(lambda x: 10 * x, [1.0], [LARGEST]),
        lambda f: vjp(lambda x: 10 * x, [1.0], [LARGEST]),
        lambda f: jacobian_determinant(lambda x: 1e200 * x, [1.0, 1.0]),
        lambda f: linearize(lambda x: 10 * x, 1.0)(LARGEST),
        lambda f: linearize(lambda x: x, -LARGEST)(LARGEST),
        lambda f: chain_derivative([lambda x: x, lambda x: x], 1.0, derivatives=[lambda x: 1e200, lambda x: 1e200]),
        lambda f: inverse_derivative(lambda x: x * 1e-310, 1.0),
    ],
}


@pytest.mark.parametrize("call", [call for calls in OVERFLOWING.values() for call in calls])
def test_what_overflows_in_f_or_by_it_is_refused(call):
    with pytest.raises((ValueError, np.linalg.LinAlgError), match=r"must (return|fit|be|have)"):
        call(np.exp)


def test_factors_beyond_the_range_whose_product_fits_are_multiplied():
    factors = [1e200, 1e200, 1e-300]
    for order in (factors, factors[::-1]):
        slopes = [lambda x, slope=slope: slope for slope in order]
        assert chain_derivative([abs, abs, abs], 1.0, derivatives=slopes).derivative == pytest.approx(1e100, rel=1e-15)


def test_a_tape_carries_what_leaves_the_range_and_warns_of_nothing():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert grad(lambda x: x.sigmoid())(-1000.0) == 0
        assert grad(lambda x: 1 / x)(1e200) == 0
        assert grad(lambda x: (x * x).sqrt())(1e-170) == math.inf
        assert (Variable(1e200) * 1e200).value == math.inf
