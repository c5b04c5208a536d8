"""Jacobians from values: of linear, element-wise and mixed functions, and their products with vectors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref.gradient import gradient
from mathref.jacobian import jacobian, jacobian_determinant, jacobian_steps, jvp, linearize, vjp

MATRICES = arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(-9, 9).map(float))


def mixed(x):
    return [x[0] * x[1], math.sin(x[0]), x[1] ** 3, 1.0]


def jacobian_of_mixed(x):
    return np.array([[x[1], x[0]], [math.cos(x[0]), 0], [0, 3 * x[1] ** 2], [0, 0]])


@given(MATRICES, st.integers(0, 99))
def test_of_a_linear_map_it_is_the_matrix(A, seed):
    x = np.random.default_rng(seed).normal(size=A.shape[1])
    np.testing.assert_allclose(jacobian(lambda x: A @ x, x), A, atol=1e-11)


def test_of_an_element_wise_map_it_is_diagonal():
    x = np.array([0.1, -1.0, 2.0])
    np.testing.assert_allclose(jacobian(np.tanh, x), np.diag(1 / np.cosh(x) ** 2), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8])
def test_entries_at_any_size_of_x_have_nine_digits(size):
    x = size * np.array([1.0, 3.0])
    J = jacobian(lambda x: [math.log(x[0]) - math.log(x[1]), x[0] * x[1]], x)
    np.testing.assert_allclose(J, [[1 / x[0], -1 / x[1]], [x[1], x[0]]], rtol=1e-9)


@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
@pytest.mark.parametrize("outputs", [(), (2,), (2, 3)])
def test_its_shape_is_that_of_the_output_and_then_that_of_the_input(shape, outputs):
    weights = np.random.default_rng(0).normal(size=outputs + shape)
    x = np.linspace(0.1, 1, math.prod(shape)).reshape(shape)

    def f(x):
        result = np.tensordot(weights, np.sin(x), axes=len(shape))
        return float(result) if outputs == () else result

    J, error = jacobian(f, x, return_error=True)
    assert np.shape(J) == np.shape(error) == outputs + shape
    np.testing.assert_allclose(J, weights * np.cos(x), rtol=1e-9, atol=1e-12)
    if outputs == ():
        assert np.asarray(J).tobytes() == np.asarray(gradient(f, x)).tobytes()
    assert (type(J) is float) == (outputs == shape == ())


def test_many_outputs_cost_no_more_calls():
    for outputs in (1, 1000):
        calls = []
        jacobian(
            lambda x, n=outputs, calls=calls: calls.append(1) or np.sin(x[0] * np.arange(n) / n + x[1]), [1.0, 2.0]
        )
        assert len(calls) <= 2 * 200


def test_each_output_keeps_its_own_accuracy_beside_a_bad_one():
    def f(x):
        return [math.sin(x[0]), round(x[0], 2), abs(x[0] - 0.5), 1e-12 * x[0]]

    J, error = jacobian(f, [0.5], return_error=True)
    assert J[0, 0] == pytest.approx(math.cos(0.5), rel=1e-10)
    assert abs(J[1, 0] - 1) <= error[1, 0]
    assert error[2, 0] >= 0.5
    assert J[3, 0] == pytest.approx(1e-12, rel=1e-9)
    assert error[0, 0] <= 1e-9


def test_an_output_that_leaves_its_domain_does_not_disturb_the_others():
    J = jacobian(lambda x: [np.sqrt(x[0]), np.sin(30 * x[0])], [0.01])
    np.testing.assert_allclose(J[:, 0], [5, 30 * math.cos(0.3)], rtol=1e-10)


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2))
def test_jvp_and_vjp_are_products_with_the_jacobian_and_fit_together(a, b, c, d):
    x, v, w = [a, b], np.array([c, d]), np.array([d, -c, 1.0, c])
    J = jacobian_of_mixed(x)
    forward, backward = jvp(mixed, x, v), vjp(mixed, x, w)
    np.testing.assert_allclose(forward, J @ v, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(backward, J.T @ w, rtol=1e-9, atol=1e-10)
    assert w @ forward == pytest.approx(backward @ v, rel=1e-8, abs=1e-9)


def test_a_jvp_costs_no_more_calls_for_a_large_input():
    calls, x = [], np.linspace(0, 1, 500)
    product = jvp(lambda x: calls.append(1) or np.array([math.fsum(x**2), math.fsum(x)]), x, np.ones(500))
    np.testing.assert_allclose(product, [2 * math.fsum(x), 500], rtol=1e-10)
    assert len(calls) <= 400


def test_arrays_of_any_shape_go_through_jvp_and_vjp():
    W = np.arange(6.0).reshape(2, 3)
    f = lambda X: np.exp(X / 10) @ W  # noqa: E731
    X, V, U = np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 2)), np.ones((2, 3))
    np.testing.assert_allclose(jvp(f, X, V), np.exp(X / 10) / 10 @ W, rtol=1e-10)
    np.testing.assert_allclose(vjp(f, X, U), np.exp(X / 10) / 10 * W.sum(axis=1), rtol=1e-10)
    assert jvp(math.sin, 0.3, 2.0) == pytest.approx(2 * math.cos(0.3), rel=1e-10)
    assert type(vjp(math.sin, 0.3, 2.0)) is float
    with pytest.raises(ValueError, match=r"w must have the shape of f\(x\), \(4,\), but its shape is \(2,\)"):
        vjp(mixed, [1.0, 2.0], [1.0, 2.0])


def test_a_linearization_is_right_to_second_order():
    x, step = np.array([1.0, 2.0]), np.array([0.3, -0.2])
    tangent = linearize(mixed, x)
    np.testing.assert_allclose(tangent(x), mixed(x), rtol=1e-15)
    errors = [np.abs(tangent(x + t * step) - mixed(x + t * step)).max() for t in (1e-2, 1e-3)]
    assert errors[1] <= errors[0] / 90
    assert linearize(math.exp, 0.0)(1.0) == pytest.approx(2, rel=1e-10)
    with pytest.raises(ValueError, match="y and point must have the same shape"):
        tangent([1.0])


def test_polar_coordinates_scale_areas_by_the_radius():
    polar = lambda p: [p[0] * math.cos(p[1]), p[0] * math.sin(p[1])]  # noqa: E731
    J = jacobian(polar, [2.0, math.pi / 2])
    np.testing.assert_allclose(J, [[0, -2], [1, 0]], atol=1e-11)
    for r in (1e-6, 1.0, 1e6):
        assert jacobian_determinant(polar, [r, 0.7]) == pytest.approx(r, rel=1e-9)
    assert jacobian_determinant(lambda x: x**3, 2.0) == pytest.approx(12, rel=1e-10)
    with pytest.raises(ValueError, match=r"f must return the shape of x, \(2,\)"):
        jacobian_determinant(mixed, [1.0, 2.0])


def test_float32_gives_float32():
    J = jacobian(lambda x: x**2, np.float32([0.1, 3]))
    assert J.dtype == np.float32
    np.testing.assert_array_equal(np.diag(J), np.float32([2, 2]) * np.float32([0.1, 3]))
    assert jvp(lambda x: x**2, np.float32([1, 2]), np.float32([1, 1])).dtype == np.float32
    assert vjp(lambda x: x**2, np.float32([1, 2]), np.float32([1, 1])).dtype == np.float32
    assert jvp(lambda x: x**2, np.float32([1, 2]), [1, 1]).dtype == np.float64


def test_the_working_has_a_row_for_each_output():
    working = jacobian_steps([{(1, 1): 1}, {(1, 0): 1, (0, 1): 1}, {(0, 0): 5}], [2, 3])
    assert [step.value.tolist() for step in working] == [[3, 2], [1, 1], [0, 0], [[3, 2], [1, 1], [0, 0]]]
    for bad, error in ((None, TypeError), ([], ValueError), ([{(1,): 1}], ValueError), ([3], TypeError)):
        with pytest.raises(error, match=r"\bcomponents\b"):
            jacobian_steps(bad, [2, 3])


@pytest.mark.parametrize("value", [None, "ab", [math.nan, 1.0], [1j], [], [[1.0], [1.0, 2.0]]])
def test_what_is_no_array_of_numbers_is_refused_by_the_name_of_f(value):
    for call in (lambda f: jacobian(f, [1.0]), lambda f: jvp(f, [1.0], [1.0]), lambda f: linearize(f, [1.0])):
        with pytest.raises((ValueError, TypeError), match=r"\bf must return"):
            call(lambda x: value)


def test_outputs_that_are_computed_in_parts_have_the_derivatives_that_they_have_alone():
    slopes, some = np.arange(1.0, 2501), [0, 999, 1000, 1999, 2000, 2499]
    whole = jacobian(lambda x: slopes * x**2, 3.0, return_error=True)
    alone = jacobian(lambda x: slopes[some] * x**2, 3.0, return_error=True)
    for part, expected in zip(whole, alone, strict=True):
        assert part.shape == (2500,)
        np.testing.assert_array_equal(part[some], expected)
