"""Gradients of matrix expressions: against exact fractions, finite differences and mpmath."""

import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import LinAlgWarning, hilbert

from mathref.determinant import det, slogdet
from mathref.gradient import gradient
from mathref.matrix_calculus import (
    det_gradient,
    inverse_vjp,
    least_squares_gradient,
    linear_layer,
    linear_layer_steps,
    linear_layer_vjp,
    logdet_gradient,
    matmul_vjp,
    quadratic_form_gradient,
)

WHOLE = st.integers(-9, 9).map(float)


def squares(least, most):
    return st.integers(least, most).flatmap(lambda n: arrays(float, (n, n), elements=WHOLE))


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 4), st.booleans(), st.integers(0, 99))
@settings(max_examples=30)
def test_a_linear_layer_and_its_backward_pass_agree_with_differences(inputs, outputs, examples, bias, seed):
    rng = np.random.default_rng(seed)
    shape = (examples,) if examples else ()
    x, W = rng.normal(size=(*shape, inputs)), rng.normal(size=(outputs, inputs))
    b, u = rng.normal(size=outputs) if bias else None, rng.normal(size=(*shape, outputs))
    y = np.array([[sum(w * c for w, c in zip(row, e, strict=True)) for row in W] for e in np.atleast_2d(x)])
    np.testing.assert_allclose(np.atleast_2d(linear_layer(x, W, b)), y if b is None else y + b, rtol=1e-12, atol=1e-13)
    got = linear_layer_vjp(x, W, b, u)
    np.testing.assert_allclose(got.x, gradient(lambda x: float((linear_layer(x, W, b) * u).sum()), x), atol=1e-9)
    np.testing.assert_allclose(got.W, gradient(lambda W: float((linear_layer(x, W, b) * u).sum()), W), atol=1e-9)
    if b is None:
        assert got.b is None
    else:
        np.testing.assert_allclose(got.b, gradient(lambda b: float((linear_layer(x, W, b) * u).sum()), b), atol=1e-9)


def test_each_gradient_has_the_shape_of_its_argument():
    got = linear_layer_vjp(np.ones((5, 3)), np.ones((2, 3)), np.ones(2), np.ones((5, 2)))
    assert (got.x.shape, got.W.shape, got.b.shape) == ((5, 3), (2, 3), (2,))
    assert got.b.tolist() == [5, 5]


def test_float32_stays_and_is_rounded_once():
    x, W = np.float32([[0.1, 0.2]]), np.float32([[0.3, 0.4]])
    assert linear_layer(x, W)[0, 0] == np.float32(np.float64(x[0]) @ np.float64(W[0]))
    assert linear_layer_vjp(x, W, None, np.float32([[1.0]])).W.dtype == np.float32
    assert linear_layer_vjp(x, W, None, [[1.0]]).W.dtype == np.float64


@given(
    arrays(float, (2, 3), elements=WHOLE), arrays(float, (3, 4), elements=WHOLE), arrays(float, (2, 4), elements=WHOLE)
)
def test_the_backward_pass_of_a_product_balances(A, B, U):
    got = matmul_vjp(A, B, U)
    dA, dB = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    assert (U * (dA @ B + A @ dB)).sum() == (got.A * dA).sum() + (got.B * dB).sum()  # whole numbers: exact


@given(squares(1, 4), st.integers(0, 99))
def test_the_gradient_of_a_quadratic_form_is_exact_for_whole_numbers(A, seed):
    x = np.random.default_rng(seed).integers(-9, 10, len(A)).astype(float)
    assert quadratic_form_gradient(A, x).tolist() == (A @ x + A.T @ x).tolist()
    np.testing.assert_allclose(quadratic_form_gradient(A, x), gradient(lambda x: float(x @ A @ x), x), atol=1e-8)


def test_a_matrix_that_is_not_symmetric_counts_with_its_transpose():
    assert quadratic_form_gradient([[0, 1], [0, 0]], [1, 2]).tolist() == [2, 1]  # 2 A x would be (4, 0)


def test_least_squares_agree_with_differences_and_vanish_at_the_solution():
    A, x, b = random(5, 3), random(3, seed=1), random(5, seed=2)
    got = least_squares_gradient(A, x, b)
    np.testing.assert_allclose(got, gradient(lambda x: 0.5 * float(((A @ x - b) ** 2).sum()), x), atol=1e-9)
    assert least_squares_gradient([[1, 2], [3, 4]], [1, 1], [3, 7]).tolist() == [0, 0]


@given(st.integers(0, 99), st.sampled_from([1e-6, 1e-12, 1e-15]))
def test_the_residual_near_the_solution_keeps_its_digits(seed, off):
    rng = np.random.default_rng(seed)
    A, x = rng.normal(size=(4, 3)), rng.normal(size=3)
    b = A @ x * (1 + off)
    exact = [
        sum((Fraction(a) * Fraction(c) for a, c in zip(row, x, strict=True)), -Fraction(e))
        for row, e in zip(A.tolist(), b.tolist(), strict=True)
    ]
    residual = least_squares_gradient(np.eye(4), np.zeros(4), -np.array([float(r) for r in exact]))
    got = least_squares_gradient(A, x, b)
    sizes = np.abs(A).T @ np.abs(residual)
    assert (np.abs(got - A.T @ residual) <= 1e-14 * sizes + 1e-29 * np.abs(A).T @ np.abs(b)).all()


@given(squares(1, 4))
def test_cofactors_of_whole_numbers_are_exact(A):
    n = len(A)

    def minor(i, j):
        rows = [[Fraction(int(A[r, c])) for c in range(n) if c != j] for r in range(n) if r != i]
        total = Fraction(0)
        for order in itertools.permutations(range(n - 1)):
            odd = sum(a > b for a, b in itertools.combinations(order, 2)) % 2
            total += (-1) ** odd * math.prod(rows[r][order[r]] for r in range(n - 1))
        return total

    wanted = [[(-1) ** (i + j) * minor(i, j) if n > 1 else 1 for j in range(n)] for i in range(n)]
    assert det_gradient(A).tolist() == [[float(x) for x in row] for row in wanted]


@pytest.mark.parametrize("n", [2, 5, 6, 9, 12])
@pytest.mark.parametrize("kind", ["regular", "singular", "rank two less", "graded", "tiny"])
def test_cofactors_agree_with_sixty_digits_also_of_singular_matrices(n, kind):
    A = random(n, n, seed=n)
    if kind == "singular":
        A[-1] = A[0]
    elif kind == "rank two less":
        A[-2:] = A[0] if n > 2 else 0
    elif kind == "graded":
        A *= 10.0 ** -np.arange(n)
    elif kind == "tiny":
        A *= 2.0 ** (-1000 / n)
    with mpmath.workdps(60):
        wanted = np.empty((n, n))
        for i, j in itertools.product(range(n), repeat=2):
            rest = np.delete(np.delete(A, i, axis=0), j, axis=1)
            wanted[i, j] = float((-1) ** (i + j) * mpmath.det(mpmath.matrix(rest.tolist()))) if n > 1 else 1.0
    allowed = 1e-13 * n * float(np.linalg.norm(A, 2)) ** (n - 1)
    np.testing.assert_allclose(det_gradient(A), wanted, rtol=0, atol=allowed)


def test_the_cofactors_are_the_slope_of_the_determinant_and_one_entry_has_slope_1():
    A = random(3, 3)
    np.testing.assert_allclose(det_gradient(A), gradient(det, A), rtol=1e-8, atol=1e-9)
    assert det_gradient([[7.0]]).tolist() == [[1.0]]
    assert det_gradient(np.zeros((3, 3))).tolist() == np.zeros((3, 3)).tolist()
    assert det_gradient(np.zeros((8, 8))).tolist() == np.zeros((8, 8)).tolist()
    with pytest.raises(np.linalg.LinAlgError):
        det_gradient(1e200 * np.eye(7))
    assert det_gradient(np.eye(7, dtype=np.float32)).dtype == np.float32


@pytest.mark.parametrize("n", [1, 2, 5])
def test_the_gradient_of_the_log_determinant_is_the_transposed_inverse(n):
    A = random(n, n, seed=3) + 2 * np.eye(n)
    np.testing.assert_allclose(logdet_gradient(A) @ A.T, np.eye(n), atol=1e-13)
    np.testing.assert_allclose(logdet_gradient(A), gradient(lambda A: slogdet(A).logabsdet, A), rtol=1e-8, atol=1e-9)
    symmetric = A + A.T
    entrywise = gradient(lambda A: slogdet(A).logabsdet, symmetric)
    np.testing.assert_allclose(logdet_gradient(symmetric), entrywise, rtol=1e-7, atol=1e-8)


def test_the_backward_pass_of_the_inverse_agrees_with_differences():
    A, U = random(3, 3) + 2 * np.eye(3), random(3, 3, seed=5)
    np.testing.assert_allclose(inverse_vjp(A, U), gradient(lambda A: float((np.linalg.inv(A) * U).sum()), A), atol=1e-8)


@pytest.mark.parametrize("call", [logdet_gradient, lambda A: inverse_vjp(A, np.eye(len(A)))])
def test_a_singular_matrix_is_refused_and_a_nearly_singular_one_warns(call):
    with pytest.raises(np.linalg.LinAlgError, match="A must be invertible"):
        call([[1.0, 2.0], [2.0, 4.0]])
    with pytest.warns(LinAlgWarning, match="A is nearly singular"):
        call(hilbert(11))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: linear_layer([1.0, 2.0], [[1.0]]), "W"),
        (lambda: linear_layer([1.0], [[1.0]], [1.0, 2.0]), "b"),
        (lambda: linear_layer(np.ones((1, 1, 1)), [[1.0]]), "x"),
        (lambda: linear_layer_vjp([1.0], [[1.0]], None, [1.0, 2.0]), "upstream"),
        (lambda: matmul_vjp([[1.0]], [[1.0], [2.0]], [[1.0]]), "B"),
        (lambda: matmul_vjp([[1.0]], [[1.0]], [[1.0, 2.0]]), "upstream"),
        (lambda: matmul_vjp([1.0], [[1.0]], [[1.0]]), "A"),
        (lambda: quadratic_form_gradient([[1.0, 2.0]], [1.0]), "A"),
        (lambda: quadratic_form_gradient([[1.0]], [1.0, 2.0]), "x"),
        (lambda: least_squares_gradient([[1.0]], [1.0, 2.0], [1.0]), "x"),
        (lambda: least_squares_gradient([[1.0]], [1.0], [1.0, 2.0]), "b"),
        (lambda: inverse_vjp([[1.0]], [[1.0, 2.0]]), "upstream"),
        (lambda: linear_layer_steps([1.0] * 5, [[1.0] * 5], None, [1.0]), "x"),
        (lambda: linear_layer_steps([1.0], [[1.0]], None, [1.0, 2.0]), "upstream"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_by_name(call, name):
    with pytest.raises(ValueError, match=rf"\b{name}\b must"):
        call()


def test_what_overflows_is_refused():
    for call in (
        lambda: linear_layer([1e200], [[1e200]]),
        lambda: linear_layer_vjp([1e200], [[1.0]], None, [1e200]),
        lambda: matmul_vjp([[1e200]], [[1e200]], [[1e200]]),
        lambda: quadratic_form_gradient([[1e200]], [1e200]),
        lambda: least_squares_gradient([[1e200]], [1e200], [1.0]),
        lambda: inverse_vjp([[1e-200]], [[1.0]]),
    ):
        with pytest.raises(np.linalg.LinAlgError):
            call()


def test_the_working_by_hand():
    working = linear_layer_steps([1, -1], [[1, 2], [3, 4]], None, [-1, -1])
    assert [step.value.tolist() for step in working] == [[-1, -1], [-1, -1], [[-1, 1], [-1, 1]], [-4, -6]]
    with_bias = linear_layer_steps([1, -1], [[1, 2], [3, 4]], [0.5, 0], [1, 2])
    assert with_bias[0].value.tolist() == [-0.5, -1]
