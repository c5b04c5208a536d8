"""What the functions of backpropagation are tried with."""

from typing import Any

import numpy as np
from bench.arguments import A, B, Call, V, W, spread


def tape() -> dict[str, list[Call]]:
    C = np.array([[1.0, -2, 0.5], [0.25, 3, -1]])
    S = np.stack([C, C[:, ::-1] + 0.5])
    of_one: list[Any] = [
        *(lambda x, f=f: f(x).sum() for f in (np.exp, np.sin, np.cos, np.tanh, np.abs, np.negative)),
        lambda x: (np.log(x * x + 0.5) + np.sqrt(np.abs(x) + 0.1)).sum(),
        lambda x: (x.sigmoid() * x.relu() + x.maximum(0.3) + np.maximum(0.5, x)).sum(),
        lambda x: (x.abs() - x.exp() + x.sin() * x.cos() / (2 + x.tanh()) + (x * x).log() + (x * x).sqrt()).sum(),
        lambda x: (x**3 + 2.0**x - x**0 + (x * x) ** 0.5 + 1 / x - x / 3 + (1 - x) * x - (-x)).mean(),
        lambda x: (x.sum(0) * 2).max() + np.sum(x, -1).sum() * 3 + np.max(x),
        lambda x: (x - x.mean(-1, keepdims=True)).max(-1).sum() + np.mean(x) + (x.max(0, keepdims=True) * x).sum(),
        lambda x: (x.reshape(-1) * np.arange(x.size)).sum() + (x.T * C.T if x.shape == C.shape else x * x).sum(),
        lambda x: (x[..., 0] * x[..., -1]).sum() + x[0].sum() * 2 + (x[[0, 0, -1]] ** 2).sum(),
        lambda x: (x.detach() * x).sum(),
        lambda x: (x * np.ones((2, *x.shape)) + x).sum(),
        lambda x: x.relu().max() + np.maximum(x, x).sum(),
        lambda x: 3.0,
    ]
    inputs = [C, C.astype("f"), V, np.array([1.0, 0, 2, 2]), S]
    products: list[Any] = [
        ((lambda a, b: (a @ b * np.cos(np.arange((a @ b).size)).reshape((a @ b).shape)).sum()), pair)
        for pair in ((C, A), (V, A), (A, V), (V, W), (S, A), (S, V), (C, np.stack([A, B])), (V, np.stack([A, B])))
    ]
    products += [(lambda a, b: (a**b).sum(), (np.abs(C) + 0.5, V)), (lambda a, b: (a / b - b).sum(), (C, V))]
    products += [(lambda a, b: (a**b).sum(), ([0.0, 0, 2], [0.0, 2, 0])), (lambda a, b: a.maximum(b).sum(), (C, V))]
    products += [(lambda a, b: (a @ C.T + C[0] @ b).sum(), (A[:2], A)), (lambda a, b: (a * b).sum(), (C[:, :1], V))]
    moved = lambda x: x.transpose(1, 0, 2) @ A + x.transpose((-2, 0, 2))  # noqa: E731
    gradients = [lambda m, f=f, x=x: m.grad(f)(x) for f in of_one for x in inputs]
    gradients += [lambda m, f=f, pair=pair: m.grad(f)(*pair) for f, pair in products]
    gradients += [
        lambda m: m.grad(lambda x: (moved(x) * np.arange(12.0).reshape(2, 2, 3)).sum())(S),
        lambda m: m.grad(lambda x: x.log())(0.0),
        lambda m: m.grad(lambda x: np.exp(x, dtype=float))(1.0),
        lambda m: m.grad(lambda x: np.add.reduce(x))(V),
        lambda m: m.grad(lambda x: np.floor(x))(1.0),
        lambda m: m.grad(lambda x: np.prod(x))(V),
        lambda m: m.grad(lambda x: x * 2)(V),
        lambda m: m.grad(lambda x: x.sigmoid().sum())([-800.0, 800, 0]),
        lambda m: m.grad(lambda x: np.array(x))(V),
        lambda m: m.grad(lambda a, b: a * 2)(1.0, 2.0),
    ]
    network = [(C[:, :2], V[:2]), (C.T, V), (B[:1], [0.5])]
    few = np.sin(np.arange(8.0)).reshape(4, 2)
    return {
        "grad": gradients,
        "value_and_grad": [lambda m, f=f: m.value_and_grad(f)(C) for f in of_one],
        "topological_order": [
            _values_in_order,
            lambda m: tuple(v.operation for v in m.topological_order(np.sin(m.Variable(2.0)).sigmoid() * 3)),
            lambda m: tuple(len(v.parents) for v in m.topological_order(m.Variable(C).T @ C)),
            lambda m: repr(m.Variable(V).relu()) + str(len(m.Variable(C))) + str(m.Variable(C).dtype),
            lambda m: _after_backward(m, None),
            lambda m: _after_backward(m, 2.0),
            lambda m: _twice(m),
        ],
        "mlp_gradients": spread(
            "mlp_gradients",
            (network, few, np.cos(np.arange(4.0)).reshape(4, 1)),
            ([(C[:, :2], None), (C.T, None)], few, np.ones((4, 3))),
            ([(C[:, :2].astype("f"), None)], few.astype("f"), np.ones((4, 2), "f")),
            ([([[1e200]], None)], [[1.0]], [[0.0]]),
            activation=["tanh", "relu"],
        ),
        "backpropagation_steps": spread(
            "backpropagation_steps",
            (lambda a, b, c: (a * b + c) ** 2, 2.0, -3.0, 10.0),
            (lambda x: np.sin(x) / x - x.sigmoid(), 0.5),
            (lambda v, w: v * w, 1.0, 2.0),
            (lambda x1, x2: (-x1).exp() + x2 * x2, 1.0, 2.0),
            (lambda x: x, 1.0),
            (lambda *x: x[0] * x[1], 3.0, 4.0),
        ),
    }


def _values_in_order(m: Any) -> Any:
    a = m.Variable(2.0)
    return tuple(v.value for v in m.topological_order(a * a + m.Variable(3.0) * a))


def _after_backward(m: Any, upstream: Any) -> Any:
    x = m.Variable([1.0, 2.0])
    y = (x * x).sum()
    y.backward(upstream)
    return x.grad, y.grad


def _twice(m: Any) -> Any:
    """Two backward passes, and a gradient that is changed in place, which changes no other."""
    x, y = m.Variable(V), m.Variable(W)
    z = x + y
    z.backward(W)
    first = x.grad
    z.backward(V)
    x.grad *= 2
    return first, x.grad, y.grad, z.grad


CALLS: dict[str, list[Call]] = tape()
