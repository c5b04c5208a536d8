"""The tape: each rule against differences and closed forms, generated graphs, kinks, long chains, and what it costs."""

import math
import sys
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.backpropagation import (
    Variable,
    backpropagation_steps,
    grad,
    mlp_gradients,
    topological_order,
    value_and_grad,
)
from mathref.gradient import gradient
from mathref.matrix_calculus import linear_layer_vjp

RANDOM = np.random.default_rng(0)
X = RANDOM.uniform(0.3, 2, (3, 4))
Y = RANDOM.uniform(0.3, 2, (3, 4))
ROW = RANDOM.uniform(0.3, 2, 4)
COLUMN = RANDOM.uniform(0.3, 2, (3, 1))
WEIGHTS = RANDOM.normal(size=(3, 4))

# Functions of variables and of arrays alike, and their arguments.
ALIKE = {
    "add": (lambda a, b: a + b, X, Y),
    "add a row": (lambda a, b: a + b, X, ROW),
    "subtract a column": (lambda a, b: a - b, X, COLUMN),
    "subtract from a number": (lambda a: 2 - a, X),
    "multiply": (lambda a, b: a * b, X, ROW),
    "outer by broadcasting": (lambda a, b: a * b, COLUMN, ROW),
    "divide": (lambda a, b: a / b, X, Y),
    "divide a number": (lambda a: 3 / a, X),
    "power of a number": (lambda a: a**3, X),
    "negative power": (lambda a: a**-1.5, X),
    "power by exponent": (lambda a, b: a**b, X, Y),
    "number to a power": (lambda a: 2.0**a, X),
    "negate": (lambda a: -a, X),
    "array on the left": (lambda a: Y * (Y - a), X),
    "matrix times matrix": (lambda a, b: a @ b, X, Y.T),
    "matrix times vector": (lambda a, b: a @ b, X, ROW),
    "vector times matrix": (lambda a, b: a @ b, ROW, X.T),
    "vector times vector": (lambda a, b: a @ b, ROW, Y[0]),
    "array times matrix": (lambda a: Y.T @ a, X),
    "stack times matrix": (lambda a, b: a @ b, np.stack([X, Y, X]), Y.T),
    "stack times stack": (lambda a, b: a @ b, np.stack([X, Y]), np.stack([Y.T, X.T])),
    "stack times vector": (lambda a, b: a @ b, np.stack([X, Y]), ROW),
    "vector times stack": (lambda a, b: a @ b, ROW, np.stack([X.T, Y.T])),
    "one times many": (lambda a, b: a @ b, X[np.newaxis], np.stack([Y.T, X.T])),
    "exp": (np.exp, X),
    "log": (np.log, X),
    "sqrt": (np.sqrt, X),
    "sin": (np.sin, X),
    "cos": (np.cos, X),
    "tanh": (np.tanh, X - 1),
    "absolute": (np.absolute, X - 1),
    "maximum": (np.maximum, X, Y),
    "maximum with a number": (lambda a: np.maximum(1.0, a), X),
    "np.sum": (lambda a: np.sum(a, axis=0), X),
    "np.mean": (lambda a: np.mean(a, axis=(0, 1)), X),
    "sum": (lambda a: a.sum(), X),
    "sum along an axis": (lambda a: a.sum(axis=-1, keepdims=True), X),
    "mean": (lambda a: a.mean(1), X),
    "max": (lambda a: a.max(axis=1), X),
    "max of all": (lambda a: a.max(keepdims=True), X),
    "reshape": (lambda a: a.reshape(2, -1), X),
    "reshape by a tuple": (lambda a: a.reshape((4, 3)), X),
    "transpose": (lambda a: a.transpose(), X),
    "T": (lambda a: a.T, X),
    "axes": (lambda a: a.transpose(2, 0, 1), np.stack([X, Y])),
    "axes in a tuple": (lambda a: a.transpose((1, 2, 0)), np.stack([X, Y])),
    "negative axes": (lambda a: a.transpose(-1, 0, 1), np.stack([X, Y])),
    "an entry": (lambda a: a[1, -1], X),
    "a row of it": (lambda a: a[1], X),
    "a slice": (lambda a: a[::2, 1:], X),
    "a new axis": (lambda a: a[:, None, ..., 1], X),
    "chosen rows": (lambda a: a[[2, 0, 2]], X),
    "chosen pairs": (lambda a: a[[0, 0, 2], [1, 1, 3]], X),
    "chosen by a mask": (lambda a: a[Y > 1], X),
}
METHODS = ["exp", "log", "sqrt", "sin", "cos", "tanh"]


@pytest.mark.parametrize("name", ALIKE)
def test_each_operation_has_the_value_of_numpy_and_the_slope_of_differences(name):
    f, *arrays = ALIKE[name]
    variables = [Variable(x) for x in arrays]
    output, wanted = f(*variables), f(*arrays)
    np.testing.assert_allclose(output.value, wanted, rtol=1e-15)
    assert output.shape == np.shape(wanted)
    upstream = np.random.default_rng(1).normal(size=output.shape)
    output.backward(upstream)
    for i, variable in enumerate(variables):

        def partly(x, i=i):
            return float(np.sum(f(*arrays[:i], x, *arrays[i + 1 :]) * upstream))

        np.testing.assert_allclose(variable.grad, gradient(partly, arrays[i]), rtol=1e-8, atol=1e-9)
        assert variable.grad.shape == variable.shape
    assert output.parents == tuple(x for x in output.operands if isinstance(x, Variable))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_its_numpy_function(name):
    for x in (X, 0.7):
        assert (getattr(Variable(x), name)().value == getattr(np, name)(x)).all()
        np.testing.assert_array_equal(
            grad(lambda v: getattr(v, name)().sum())(x), grad(lambda v: np.sum(getattr(np, name)(v)))(x)
        )


def test_sigmoid_and_relu_have_closed_slopes_and_do_not_overflow():
    x = np.array([-800.0, -30, -1, 0, 0.5, 40, 800])
    y = Variable(x).sigmoid().value
    np.testing.assert_allclose(y, [math.exp(t) / (1 + math.exp(t)) if t < 0 else 1 / (1 + math.exp(-t)) for t in x])
    slopes = [math.exp(-abs(t)) / (1 + math.exp(-abs(t))) ** 2 for t in x]
    np.testing.assert_allclose(grad(lambda v: v.sigmoid().sum())(x), slopes, rtol=1e-14)
    assert grad(lambda v: v.relu().sum())(x).tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert np.isfinite(grad(lambda v: v.tanh().sum())(x)).all()


def test_kinks_follow_the_rules():
    assert grad(lambda x: x.relu())(0.0) == 0
    assert grad(lambda x: x.abs())(0.0) == 0
    assert grad(lambda x: x.relu() - (-x).relu())(0.0) == 0  # although it is x, of slope 1
    assert grad(lambda x: x.max())([3.0, 1.0, 3.0, 3.0]).tolist() == [1 / 3, 0, 1 / 3, 1 / 3]
    np.testing.assert_array_equal(grad(lambda x: x.max(axis=0).sum())([[1.0, 2], [1, 0]]), [[0.5, 1], [0.5, 0]])
    assert grad(lambda a, b: a.maximum(b))(2.0, 2.0) == (0.5, 0.5)
    assert grad(lambda x: x.maximum(0.0))(0.0) == 0.5


def test_powers_at_0_follow_the_rules():
    assert grad(lambda x: x**0)(0.0) == 0
    assert grad(lambda x: x**1)(0.0) == 1
    assert grad(lambda x: x**2)(0.0) == 0
    assert grad(lambda x: (x ** np.array([0, 1, 2])).sum())([0.0, 0.0, 0.0]).tolist() == [0, 1, 0]
    assert grad(lambda w: Variable(0.0) ** w)(2.0) == 0
    assert grad(lambda w: 0.0**w)(2.0) == 0
    assert grad(lambda w: 3.0**w)(2.0) == pytest.approx(9 * math.log(3), rel=1e-15)


def test_inside_a_graph_infinities_pass_without_a_warning():
    x = Variable([0.0, 1.0])
    assert np.log(x).value.tolist() == [-math.inf, 0]
    assert (1 / x).value.tolist() == [math.inf, 1]
    (1 / x).sum().backward()
    assert x.grad.tolist() == [-math.inf, -1]


def test_a_value_used_twice_gets_the_sum_over_its_paths():
    assert grad(lambda x: x * x + x)(3.0) == 7
    assert grad(lambda x: x + x + x)(3.0) == 3
    x = Variable(2.0)
    y = x * x
    z = y * y * y  # x⁶
    z.backward()
    assert x.grad == 6 * 2**5
    assert y.grad == 3 * 4**2


def test_a_second_backward_replaces_the_first():
    x = Variable([1.0, 2.0])
    y = (x * x).sum()
    y.backward()
    y.backward()
    assert x.grad.tolist() == [2, 4]
    (3 * x).sum().backward()
    assert x.grad.tolist() == [3, 3]
    y.backward(10.0)
    assert x.grad.tolist() == [20, 40]


def test_gradients_are_arrays_of_their_own():
    a, b = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    (a + b).sum().backward()
    a.grad *= 100
    assert b.grad.tolist() == [1, 1]


def test_nothing_goes_back_through_detach():
    x = Variable(3.0)
    (x * x.detach()).backward()
    assert x.grad == 3
    assert x.detach().parents == ()


def test_values_are_not_changed():
    x = np.array([1.0, 2.0])
    v = Variable(x)
    ((v * 2 - 1).exp() @ np.ones(2)).backward()
    assert x.tolist() == v.value.tolist() == [1, 2]


def test_a_variable_tells_its_shape():
    v = Variable(X)
    assert (v.shape, v.ndim, v.size, len(v), v.dtype) == ((3, 4), 2, 12, 3, np.float64)
    assert v.grad is None
    assert v.parents == ()
    assert [row.value.tolist() for row in v] == X.tolist()
    assert repr(Variable([1.0, 2.0])) == "Variable([1., 2.])"
    assert v in [Variable(1.0), v]  # equal is who is the same


@pytest.mark.parametrize("name", sorted(set(ALIKE) - {"array on the left", "array times matrix", "chosen by a mask"}))
def test_float32_stays_float32(name):
    f, *arrays = ALIKE[name]
    variables = [Variable(np.float32(x)) for x in arrays]
    output = f(*variables)
    assert output.dtype == np.float32
    output.backward(np.ones(output.shape))
    assert all(v.grad.dtype == np.float32 for v in variables)


def test_a_chain_of_100000_needs_no_recursion():
    limit = sys.getrecursionlimit()
    x = Variable(1.0)
    y = x
    for _ in range(100_000):
        y = y + x * 1e-5
    assert len(topological_order(y)) == 200_001
    y.backward()
    assert x.grad == pytest.approx(2, rel=1e-9)
    assert sys.getrecursionlimit() == limit
    del y


def test_parents_come_before_children_each_once_and_the_output_last():
    a, b = Variable(2.0), Variable(3.0)
    c = a * b
    d = c + a
    e = d * c
    order = topological_order(e)
    assert order[-1] is e
    assert sorted(map(id, order)) == sorted(map(id, [a, b, c, d, e]))
    places = {id(v): i for i, v in enumerate(order)}
    assert all(places[id(parent)] < places[id(v)] for v in order for parent in v.parents)
    with pytest.raises(TypeError, match="output must be a Variable"):
        topological_order(3.0)


SMOOTH = [np.sin, np.tanh, lambda v: v * v, lambda v: 1 / (v * v + 1), np.exp, lambda v: -v]


def expression(choices):
    """A function of three numbers from a list of numbers: each adds a node made of earlier ones."""

    def f(*inputs):
        nodes = list(inputs)
        for kind, i, j in choices:
            a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
            nodes.append([a + b, a * b, a - b, *(g(a) for g in SMOOTH)][kind % (3 + len(SMOOTH))])
        return nodes[-1] + nodes[len(nodes) // 2]

    return f


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8),
    # a number so small that it is lost beside another has a slope that no difference sees
    st.lists(st.just(0.0) | st.floats(1e-3, 1) | st.floats(-1, -1e-3), min_size=3, max_size=3),
)
def test_generated_graphs_have_the_slopes_of_differences(choices, point):
    f = expression(choices)
    value, slopes = value_and_grad(f)(*point)
    with np.errstate(over="ignore"):
        assert value == pytest.approx(float(f(*map(np.float64, point))), rel=1e-12)
    wanted, error = gradient(lambda x: float(f(*x)), np.array(point), return_error=True)
    np.testing.assert_array_less(np.abs(np.array(slopes) - wanted), 10 * error + 1e-9 * np.abs(wanted) + 1e-12)


def test_one_function_serves_both_gradients():
    f = lambda x: np.mean(np.tanh(x @ WEIGHTS) ** 2)  # noqa: E731
    x = np.random.default_rng(2).normal(size=(5, 3))
    np.testing.assert_allclose(grad(f)(x), gradient(f, x), rtol=1e-9, atol=1e-12)


def test_shapes_and_kinds_of_gradients_are_those_of_the_arguments():
    assert type(grad(lambda x: x * x)(3)) is float
    assert type(grad(lambda x: x * x)(np.float32(3))) is float
    by_x, by_y = grad(lambda x, y: (x * y).sum())([[1, 2]], 3.0)
    assert (by_x.tolist(), by_y) == ([[3, 3]], 3)
    assert grad(lambda x: x.sum())(np.float32([1, 2])).dtype == np.float32
    assert grad(lambda x: 5)([1.0, 2.0]).tolist() == [0, 0]
    assert grad(lambda x, y: x)(1.0, 2.0) == (1.0, 0.0)
    assert value_and_grad(lambda x: x**3)(2.0) == (8.0, 12.0)
    assert grad(lambda x: x.sum() * x[0:1])([1.0, 2.0]).tolist() == [4, 1]


@pytest.mark.parametrize("value", [None, "ab", [1.0, 2.0], np.ones(2), math.nan, math.inf, 1j, object(), True])
def test_what_is_no_number_is_refused_by_the_name_of_f(value):
    for g in (grad(lambda x: value), value_and_grad(lambda x: value)):
        with pytest.raises((TypeError, ValueError), match=r"\bf must return"):
            g(1.0)


def test_results_without_one_finite_entry_are_refused():
    with pytest.raises(ValueError, match="f must return one number"):
        grad(lambda x: x * 2)([1.0, 2.0])
    with pytest.raises(ValueError, match="f must return a finite number, but it returned -inf"):
        grad(lambda x: x.log())(0.0)
    with pytest.raises(TypeError, match="f must be a function"):
        grad(3)
    with pytest.raises(TypeError, match="keyword"):
        grad(lambda x: x)(x=1.0)
    for bad in (None, "a", [[1.0], [1.0, 2.0]], [], math.nan, 1j, True):
        with pytest.raises((TypeError, ValueError), match=r"arrays\[0\] must"):
            grad(lambda x: x.sum())(bad)


@pytest.mark.parametrize("bad", [None, "a", [], [math.nan], [1j], [True], np.ma.array([1.0])])
def test_what_are_no_numbers_is_no_variable(bad):
    with pytest.raises((TypeError, ValueError), match=r"\bvalue must"):
        Variable(bad)


@pytest.mark.parametrize("upstream", [None, [1.0], [[1.0, 2.0]], "ab", [math.nan, 1.0], [1j, 1]])
def test_an_upstream_gradient_has_the_shape_of_the_variable(upstream):
    with pytest.raises((TypeError, ValueError), match=r"\bupstream must"):
        (Variable([1.0, 2.0]) * 2).backward(upstream)


@pytest.mark.parametrize(
    "call",
    [
        lambda v: np.arctan(v),
        lambda v: np.add.reduce(v),
        lambda v: np.dot(v, v),
        lambda v: np.concatenate([v, v]),
        lambda v: np.asarray(v),
        lambda v: v < 1,
        lambda v: math.sin(v),
        lambda v: np.add(v, 1, out=np.empty(2)),
        lambda v: np.less(v, 1),
    ],
)
def test_what_has_no_rule_is_refused_and_does_not_lose_its_history(call):
    with pytest.raises(TypeError):
        call(Variable([1.0, 2.0]))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda v: v + np.ones(3), ValueError, r"operands of numpy.add must .* fit, but they are \(2,\) and \(3,\)"),
        (lambda v: 1.0 @ v, ValueError, r"operands of numpy.matmul must .* they are \(\) and \(2,\)"),
        (lambda v: v.sum(axis=1), ValueError, "axis must be from -1 to 0"),
        (lambda v: v.mean(axis=0.0), TypeError, "axis must be an axis or a tuple of axes"),
        (lambda v: v.max(axis="rows"), TypeError, "axis must be an axis or a tuple of axes"),
        (lambda v: np.sum(v, axis=(0, 0)), ValueError, "axis must name each axis once"),
        (lambda v: grad(lambda x: [x])(v.value), TypeError, "f must return a Variable or a real number"),
    ],
)
def test_shapes_and_axes_that_do_not_fit_are_refused_in_words(call, error, message):
    with pytest.raises(error, match=message):
        call(Variable([1.0, 2.0]))


def test_a_variable_keeps_its_numbers_when_the_array_changes():
    x = np.array([1.0, 2.0])
    variable = Variable(x)
    square = (variable * variable).sum()
    x[:] = 7
    square.backward()
    assert variable.value.tolist() == [1, 2]
    assert variable.grad.tolist() == [2, 4]


def test_a_working_with_infinite_slopes_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert backpropagation_steps(lambda a: a.sqrt(), 0.0).result.tolist() == [math.inf]


# exp(b ln a), which is what a power is; comparisons are no arithmetic.
OPERATIONS = {"power": 3, "equal": 0, "greater": 0, "bitwise_and": 0, "sign": 0}


class Counting(np.ndarray):
    """An array that counts the operations on arrays of its size."""

    counted = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        Counting.counted += OPERATIONS.get(ufunc.__name__, 1)
        plain = [x.view(np.ndarray) if isinstance(x, Counting) else x for x in inputs]
        options.pop("out", None)
        return np.asarray(getattr(ufunc, method)(*plain, **options)).view(Counting)


@pytest.mark.parametrize("name", ALIKE)
def test_backwards_takes_at_most_five_times_the_operations_of_forwards(name):
    f, *arrays = ALIKE[name]
    variables = [Variable(x) for x in arrays]
    for variable in variables:
        variable.value = variable.value.view(Counting)
    Counting.counted = 0
    output = f(*variables)
    forwards = max(Counting.counted, 1)
    Counting.counted = 0
    output.backward(np.ones(output.shape))
    assert Counting.counted <= 5 * forwards


def network(layers, activation):
    def loss(x, y):
        h = x
        for number, (W, b) in enumerate(layers, 1):
            h = h @ W.T if b is None else h @ W.T + b
            if number < len(layers):
                h = np.tanh(h) if activation == "tanh" else np.maximum(h, 0)
        return 0.5 * float(((h - y) ** 2).sum()) / len(x)

    return loss


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_gradients_of_a_network_are_those_of_differences(activation, bias):
    rng = np.random.default_rng(5)
    sizes = [3, 4, 5, 2]
    layers = [(rng.normal(size=(b, a)), rng.normal(size=b) if bias else None) for a, b in pairwise(sizes)]
    x, y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    got = mlp_gradients(layers, x, y, activation=activation)
    assert got.loss == pytest.approx(network(layers, activation)(x, y), rel=1e-14)
    for i, (W, b) in enumerate(layers):
        for k, array in enumerate((W, b)):
            if array is None:
                assert got.layers[i][k] is None
                continue

            def moved(new, i=i, k=k):
                changed = [list(layer) for layer in layers]
                changed[i][k] = new
                return network(changed, activation)(x, y)

            np.testing.assert_allclose(got.layers[i][k], gradient(moved, array), rtol=1e-7, atol=1e-9)


def test_one_layer_is_a_linear_layer():
    rng = np.random.default_rng(6)
    x, W, b, y = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2), rng.normal(size=(4, 2))
    got = mlp_gradients([(W, b)], x, y)
    wanted = linear_layer_vjp(x, W, b, (x @ W.T + b - y) / 4)
    np.testing.assert_allclose(got.layers[0][0], wanted.W, rtol=1e-12)
    np.testing.assert_allclose(got.layers[0][1], wanted.b, rtol=1e-12)
    assert isinstance(mlp_gradients([(np.float32(W), np.float32(b))], np.float32(x), np.float32(y)).loss, float)


def test_a_small_network_learns_exclusive_or():
    rng = np.random.default_rng(3)
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    layers = [(rng.normal(size=(8, 2)), np.zeros(8)), (rng.normal(size=(1, 8)), np.zeros(1))]
    for _ in range(2000):
        steps = mlp_gradients(layers, x, y).layers
        layers = [(W - 0.3 * dW, b - 0.3 * db) for (W, b), (dW, db) in zip(layers, steps, strict=True)]
    assert mlp_gradients(layers, x, y).loss < 1e-3


@pytest.mark.parametrize(
    ("layers", "x", "y", "name"),
    [
        (None, [[1.0]], [[1.0]], "layers"),
        ([], [[1.0]], [[1.0]], "layers"),
        ([3], [[1.0]], [[1.0]], "layers"),
        ([([[1.0, 2.0]], None)], [[1.0]], [[1.0]], "layers"),
        ([([[1.0]], [1.0, 2.0])], [[1.0]], [[1.0]], "layers"),
        ([([[1.0]], None)], [1.0], [[1.0]], "x"),
        ([([[1.0]], None)], [[1.0]], [1.0], "y"),
        ([([[1.0]], None)], [[1.0]], [[1.0, 2.0]], "y"),
    ],
)
def test_a_network_that_does_not_fit_is_refused_by_name(layers, x, y, name):
    with pytest.raises((TypeError, ValueError), match=rf"\b{name}\b"):
        mlp_gradients(layers, x, y)


def test_a_network_that_overflows_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match="loss"):
        mlp_gradients([([[1e200]], None)], [[1.0]], [[0.0]])
    with pytest.raises(ValueError, match="activation"):
        mlp_gradients([([[1.0]], None)], [[1.0]], [[0.0]], activation="gelu")


def test_the_working_goes_forwards_and_backwards():
    working = backpropagation_steps(lambda a, b, c: (a * b + c) ** 2, 2, -3, 10)
    assert [step.value for step in working[:-1]] == [-6, 4, 16, 1, 8, 8]
    assert working.result.tolist() == [-24, 16, 8]
    assert len(working) == 7
    assert "∂v₃/∂a = ∂v₃/∂v₁ · ∂v₁/∂a\n      = 8 · (-3) = -24" in str(working)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5),
    # a number so small that it is lost beside another has a slope that no difference sees
    st.lists(st.just(0.0) | st.floats(1e-3, 1) | st.floats(-1, -1e-3), min_size=3, max_size=3),
)
def test_the_working_ends_with_the_gradient(choices, point):
    f = expression(choices)
    working = backpropagation_steps(f, *point)
    np.testing.assert_allclose(working.result, grad(f)(*point), rtol=1e-12, atol=1e-300)
    assert len(working) % 2


def test_a_working_of_nothing_or_too_much_is_refused():
    assert backpropagation_steps(lambda x: x, 3.0).result.tolist() == [1]
    with pytest.raises(ValueError, match="f must take at most 12 operations"):
        backpropagation_steps(lambda x: sum([x] * 14, x), 1.0)
    with pytest.raises(ValueError, match="values must be from 1 to 6"):
        backpropagation_steps(lambda *x: x[0] * 2, *range(7))
    with pytest.raises(ValueError, match="values must be from 1 to 6"):
        backpropagation_steps(lambda: 1)
    with pytest.raises(TypeError, match=r"values\[0\] must be a real number"):
        backpropagation_steps(lambda x: x, [1.0, 2.0])
    with pytest.raises(TypeError, match="f must return a Variable"):
        backpropagation_steps(lambda x: 3.0, 1.0)
    with pytest.raises(ValueError, match="f must compute with numbers"):
        backpropagation_steps(lambda x: (x * np.ones(3)).sum(), 1.0)
