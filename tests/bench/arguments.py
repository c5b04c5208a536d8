"""What the functions of calculus and probability are tried with: for each a list of calls of a module."""

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Call = Callable[[Any], Any]  # of a module, to what one of its functions gives

A = np.array([[4, 1, 0.5], [1, 3, 1], [0.5, 1, 2]])
B = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 10]])
V, W = np.array([1.0, -2, 0.5]), np.array([3.0, 0.25, -1])
DATA = np.random.default_rng(2).standard_normal((7, 3)) @ B
WEIGHTS = np.array([1.0, 2, 0, 0.5, 1, 3, 1])
FEW = np.array([1.0, 2, 3, 6])
SINGLE, HUGE, TINY = DATA.astype("f"), DATA * 2.0**900, DATA * 2.0**-900
PRIOR, JOINT = np.array([0.5, 0.2, 0.3]), np.arange(1.0, 13).reshape(2, 3, 2) / 78
LIKELIHOODS = [[0.5, 0.1, 0.9], [0.2, 0.3, 0.1], [1e-300, 2e-300, 1.5]]


def spread(name: str, *arguments: Any, **options: list[Any]) -> list[Call]:
    """Calls of a function with each tuple of arguments, alone and with each value of each option."""
    more: list[dict[str, Any]] = [{}, *({key: value} for key, values in options.items() for value in values)]
    return [
        lambda module, given=given, keywords=keywords: getattr(module, name)(*given, **keywords)
        for given in arguments
        for keywords in more
    ]


def calculus() -> dict[str, list[Call]]:
    kink = lambda x: abs(x - 0.25) + x  # noqa: E731
    rounded = lambda x: float(np.float32(math.sin(x)))  # noqa: E731
    points = [0.25, 2.0, [0.0, 1.5, -3.0], np.array([[1.0, 2], [3, 4]], "f"), 1e10, 1e-10]
    smooth = [(f, x) for f in (math.sin, lambda x: x**3 - 2 * x, kink, rounded) for x in points]
    waves = lambda x: np.sum(np.sin(x) * np.arange(1, 1 + np.size(x)).reshape(np.shape(x)))  # noqa: E731
    square = lambda x: float(np.sum(np.asarray(x) ** 2))  # noqa: E731
    bent = lambda x: float(np.sum(np.abs(x)))  # noqa: E731
    places = [V, np.array([0.5, 2], "f"), np.array([[1.0, 2], [3, 4]]), 0.75, np.zeros(2), V * 1e9]
    several = [(f, x) for f in (waves, square, bent) for x in places]
    maps = [lambda x: [x[0] * x[1], x[0] + x[1] ** 2, 3.0], lambda x: np.outer(x, x), np.sin, lambda x: x[0] * x[1]]
    mapped = [(f, x) for f in maps for x in (V, V.astype("f"), V * 1e-5)] + [(math.exp, 0.5), (maps[1], np.ones(2))]
    schemes, sides = ["forward", "backward", "central", "five-point"], ["both", "left", "right"]
    polar = lambda p: [p[0] * np.cos(p[1]), p[0] * np.sin(p[1])]  # noqa: E731
    by_axes = [(lambda x: x, V), (polar, [2.0, 0.5]), (lambda x: x**2, 3.0), (lambda x: B @ x, V), (np.sin, [7.0])]
    return {
        "derivative": spread("derivative", *smooth, side=sides, return_error=[True, False]),
        "second_derivative": spread("second_derivative", *smooth, return_error=[True, False]),
        "finite_difference": [
            call
            for h in ((), (0.5,), (1e-3,), (1e-16,))
            for call in spread("finite_difference", *((*pair, *h) for pair in smooth), scheme=schemes)
        ],
        "step_size": spread("step_size", *((x,) for x in (*points, -7.0, 0)), scheme=schemes),
        "complex_step": spread(
            "complex_step",
            *((f, x, *h) for f in (cmath.sin, lambda z: z**3) for x in points for h in ((), (1e-3,), (1e-30,))),
            *((np.log, 1e-298), (abs, 1.0), (math.sin, 1.0), (lambda z: z * math.inf, 1.0)),
        ),
        "gradient": spread("gradient", *several, return_error=[True, False]),
        "directional_derivative": spread(
            "directional_derivative",
            *((f, x, np.cos(np.arange(np.size(x))).reshape(np.shape(x))) for f, x in several),
            *((square, V, 0 * V), (waves, V, V * 1e200), (waves, V.astype("f"), W.astype("f"))),
            normalize=[True, False],
        ),
        "check_gradient": spread(
            "check_gradient",
            *(
                (square, lambda x, c=c, d=d: c * np.asarray(x) + d, x)
                for c in (2, -2, 1)
                for d in (0, 1)
                for x in places
            ),
            (lambda x: 1.0, lambda x: 0 * x, V),
            (lambda x: x[0] * 1e-300, lambda x: [2e-300, 0.0, 0.0], V),
            rtol=[0.5, 0, 1, 2.0],
        ),
        "steepest_direction": spread(
            "steepest_direction", *several, (lambda x: 3e200 * x[0] - 4e200 * x[1], [1.0, 1]), (lambda x: 1.0, V)
        ),
        "jacobian": spread("jacobian", *mapped, return_error=[True, False]),
        "jvp": spread("jvp", *((f, x, V) for f, x in mapped[:12]), (math.exp, 0.5, -2.0), (np.sin, V, 0 * V)),
        "vjp": [
            lambda m, f=f, x=x: m.vjp(f, x, np.cos(1 + np.asarray(f(np.asarray(x, float)), float))) for f, x in mapped
        ],
        "linearize": [
            lambda m, f=f, x=x, d=d: (*(line := m.linearize(f, x)), line(np.asarray(x) + d))
            for f, x in mapped
            for d in (0.0, 0.5)
        ],
        "jacobian_determinant": spread("jacobian_determinant", *by_axes, (lambda x: 1e200 * x, [1.0, 2])),
        "compose": [
            lambda m: m.compose(lambda x: x**2, lambda x, y=1: x + y)(3.0),
            lambda m: m.compose(lambda x: x**2, lambda x, y=1: x + y)(3.0, y=5),
            lambda m: m.compose(math.exp, math.sin, lambda x, y: x * y)(3.0, 0.5),
            lambda m: m.compose(math.exp)(0.5),
        ],
        "chain_derivative": spread(
            "chain_derivative",
            ([math.exp, math.sin, lambda x: x**2], 0.5),
            ([math.sin], 2.0),
            ([lambda x: x * 1e-200, lambda x: x * 1e300], 0.5),
        )
        + spread(
            "chain_derivative", ([math.exp, math.sin], 0.5), derivatives=[[math.exp, math.cos], [abs, abs], [abs]]
        ),
        "chain_jacobians": spread(
            "chain_jacobians",
            *(([x, y],) for x, y in ((A, B), (B[:1], A), (A.astype("f"), B.astype("f")))),
            *(([x],) for x in (B, V)),
            ([B[:1], A, B, A[:, :2]],),
            ([A[:, :1], B[:1], A, B[:, :2]],),
            ([[[1e200]], [[1e200]], [[1e-300]]],),
            ([[[1e200]], [[1e200]]],),
            order=["reverse", "forward", "optimal"],
        ),
        "accumulation_cost": spread(
            "accumulation_cost",
            ([(1, 100), (100, 100), (100, 100)],),
            ([(2, 3), (3, 4), (4, 5), (5, 1)],),
            ([(5, 1), (1, 7), (7, 1), (1, 9), (9, 2)],),
            ([(30, 35), (35, 15), (15, 5), (5, 10), (10, 20), (20, 25)],),  # Cormen et al.: 15125
            ([(2, 3)],),
            ([(2, 3), (4, 5)],),
            order=["reverse", "forward", "optimal"],
        ),
        "total_derivative": spread(
            "total_derivative",
            (lambda x: x[0] * x[1], lambda t: [t, t], 3.0),
            (lambda x: x[0] ** 2 * x[1], lambda t: [math.sin(t), math.exp(t)], 0.5),
            (lambda x: np.sum(x**3), lambda t: np.array([t, 2 * t, t * t]), -1.5),
        ),
        "inverse_derivative": spread(
            "inverse_derivative",
            (lambda x: x**2, 3.0),
            (math.exp, 0.5),
            (math.cos, 0.0),
            (lambda x: x**3, 0.0),
            (lambda x: 1e-9 * x, 1.0),
            (lambda x: x * 1e-310, 1.0),
        ),
        "derivative_steps": spread(
            "derivative_steps", ([1, 0, -4], 3), ([2, -1, 0.5, 7], 1 / 3), ([5], 2), ([0, 1], 0)
        ),
        "gradient_steps": spread(
            "gradient_steps", ({(2, 1): 1, (0, 1): 3}, [2, 1]), ({(1, 2, 3): -0.5}, [1, 2, 3]), ({(3,): 2}, [4])
        ),
        "jacobian_steps": spread(
            "jacobian_steps",
            ([{(1, 1): 1}, {(1, 0): 1, (0, 1): 1}], [2, 3]),
            ([{(2,): 3}], [4]),
            ([{(1, 2, 0): 1 / 3}, {(0, 0, 1): 2}, {(0, 0, 0): 5}], [1, 2, 3]),
        ),
        "chain_rule_steps": spread(
            "chain_rule_steps", ([[1, 0, 0], [3, 1]], 1), ([[2, 1], [1, 0], [1, 1, 1]], 0.5), ([[1, 0, 0]], -2)
        ),
    }


def layers() -> dict[str, list[Call]]:
    single = [x.astype("f") for x in (B, A, V)]
    one, batch = (V, A, W, B[0]), (B, A, W, A)
    wide = np.random.default_rng(3).standard_normal((6, 6))
    sizes = (wide, wide * 1e60, np.diag([0.0, 1, 2, 3, 4, 5]), wide * 1e-60, np.zeros((6, 6)), wide[::-1], wide * 1e307)
    squares = (A, B, B * 1e200, np.diag([0.0, 2, 3]), np.ones((3, 3)), B.astype("f"), [[2.0]], [[0.0]], A * 1e-110)
    return {
        "linear_layer": spread(
            "linear_layer",
            *((x, A, *b) for x in (V, B, single[0]) for b in ((), (W,), (None,))),
            (single[0], single[1], single[2]),
            (V * 1e300, A * 1e300),
            (B, A[:2], W[:2]),
        ),
        "linear_layer_vjp": spread(
            "linear_layer_vjp",
            *(one, batch, (V, A, None, B[0]), (B, A[:2], None, B[:, :2]), (*single[:2], None, single[1])),
            (V * 1e300, A, W, V * 1e300),
        ),
        "matmul_vjp": spread(
            "matmul_vjp",
            (A, B, B.T),
            (A[:2], B[:, :1], [[1.0], [2]]),
            (A * 1e300, B, B * 1e300),
            (*single[:2], single[0]),
        ),
        "quadratic_form_gradient": spread(
            "quadratic_form_gradient", (A, V), (B, V), (single[0], single[2]), (B * 1e307, V)
        ),
        "least_squares_gradient": spread(
            "least_squares_gradient",
            *((B, V, b) for b in (W, B @ V, B @ V + 1e-14)),
            (B[:, :2], V[:2], W),
            (single[0], single[2], single[2]),
            (B * 1e300, V * 1e300, W),
            (B * 1e-200, V * 1e-150, W * 1e-310),
        ),
        "logdet_gradient": spread("logdet_gradient", *((x,) for x in squares)),
        "det_gradient": spread("det_gradient", *((x,) for x in (*squares, *sizes))),
        "inverse_vjp": spread(
            "inverse_vjp", *((x, U) for x in (A, B, np.ones((3, 3)), B * 1e-100) for U in (B, A * 1e250))
        ),
        "linear_layer_steps": spread(
            "linear_layer_steps",
            ([1, -1], [[1, 2], [3, 4]], None, [-1, -1]),
            ([1, 2], [[1, 0.5]], [3], [2]),
            (V, A, W, V),
        ),
    }


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


def moments() -> dict[str, list[Call]]:
    kinds = [(x,) for x in (DATA, SINGLE, HUGE, TINY, FEW, DATA + 1e8, [5.0, 5.0], [7], JOINT)]
    weighted = [
        (DATA, WEIGHTS),
        (HUGE, WEIGHTS),
        (SINGLE, WEIGHTS.astype("f")),
        (DATA[:, 0], WEIGHTS),
        (FEW, [1e300, 1, 0, 2]),
    ]
    all_axes = [None, 1, -1, (0, 1), (1,)]
    groups = [(4, 3.0, 14.0), (2, 10.0, 0.5), (0, 7.0, 1.0), (1, -2.0, 0.0)]
    columns = [(2, V, np.abs(W)), (3, W, np.abs(V)), (0, V, np.abs(V)), (1, V.astype("f"), np.abs(V).astype("f"))]
    measured = {
        name: spread(name, *kinds, *weighted, axis=all_axes, **more)
        + spread(name, (DATA, np.abs(DATA)), (JOINT, JOINT * JOINT), axis=[None, (0, 1)])
        for name, more in (("mean", {}), ("variance", {"ddof": [1, 2]}), ("standard_deviation", {"ddof": [1, 2]}))
    }
    return {
        **measured,
        "standardize": spread("standardize", *kinds[:6], kinds[8], axis=[*all_axes, (2, 0)], ddof=[1, 2, 7]),
        "expectation": spread(
            "expectation",
            *((x, PRIOR) for x in (FEW[:3], A, A.astype("f"), JOINT[0] * 1e300)),
            (A.astype("f"), PRIOR.astype("f")),
            (A[0], [0.5, 0.5, 1e-10]),
            (A[:2], PRIOR),
        ),
        "moments": [
            *spread("moments", *kinds),
            *(lambda m, d=d, x=x: m.moments(x).variance(d) for d in (0, 1, 4) for x in (FEW, DATA, SINGLE)),
        ],
        "combine_moments": spread(
            "combine_moments",
            *(
                groups,
                groups[:1],
                groups[2:3],
                columns,
                columns[3:],
                (),
                groups[1:3],
                columns[:2],
                [columns[0], groups[0]],
            ),
        ),
        "running_moments": [
            *spread("running_moments", *kinds),
            *(lambda m, d=d, x=x: m.running_moments(x).variance(d) for d in (0, 1) for x in (FEW, DATA)),
            lambda m: m.running_moments([1e300, 1.0, 1e-300, -1e300]),
        ],
        "variance_steps": spread("variance_steps", ([1, 2, 6],), ([0.5, 1 / 3],), (FEW,), ddof=[1]),
        "covariance": spread("covariance", *kinds[:4], kinds[5], *weighted[:3], ddof=[1, 2, 7]),
        "cross_covariance": spread(
            "cross_covariance", (DATA, DATA[:, :2] ** 2), (SINGLE, SINGLE), (HUGE, TINY), (DATA, DATA[:3]), ddof=[1, 7]
        ),
        "correlation": spread("correlation", *kinds[:4], (DATA * [1, 0, 1],), (np.outer(FEW, [1, -2]),)),
        "whiten": [
            call
            for method in ("zca", "pca", "cholesky")
            for call in spread(
                "whiten",
                *kinds[:4],
                *((DATA * [1, 0, 1],), (DATA[:3],), (DATA * [1e-200, 1, 1e200],), (-DATA[:, ::-1],)),
                method=[method],
                ddof=[1, 7],
            )
        ],
        "mahalanobis": spread(
            "mahalanobis",
            *(
                (x, m, C)
                for x in (DATA, V, V * 1e200)
                for m in (V, 0 * V)
                for C in (A, A * 1e-200, np.diag([1, 1e-9, 4.0]))
            ),
            (SINGLE, V.astype("f"), A.astype("f")),
            (V, V, B @ B.T - 1000 * A),
        ),
        "covariance_steps": spread("covariance_steps", ([[1, 2], [3, 6], [5, 4]],), ([[1.0], [2]],), (A,), ddof=[1]),
    }


def beliefs() -> dict[str, list[Call]]:
    logs = np.log(LIKELIHOODS)
    joints = [
        JOINT,
        JOINT * (1 + 3e-10),
        JOINT.astype("f"),
        [[0.25, 0.125], [0.5, 0.125]],
        [[0.5, 0], [0.5, 0]],
        [0.25, 0.75],
    ]
    axes = [0, 1, -1, (1, 0), (0, 1), (2, 0), (0, 2, 1), (0,)]
    seen = [
        LIKELIHOODS,
        LIKELIHOODS[0],
        [0.0, 2, 1],
        [[0.5, 0, 1], [0, 1, 1]],
        [[0.0, 1, 1], [1, 0, 0]],
        np.full((3000, 3), 0.01),
    ]
    priors = [PRIOR, np.array([0.0, 0.5, 0.5]), PRIOR * (1 + 3e-10), PRIOR.astype("f")]
    believed = [(p, y) for p in priors for y in (*seen, np.float32(LIKELIHOODS[0]))]
    in_logs = [
        logs,
        logs[0],
        [-1000.0, -1001, -999],
        [[-np.inf, -1, -2], [-1, -np.inf, 0]],
        [[-1e308] * 3] * 3,
        [-np.inf] * 3,
    ]
    in_logs += [[[-1e308, -1.1e308, -1.2e308]] * 3, np.float32(logs[0]), [800.0, 750, 700], [1e-20, 2e-20, 3e-20]]
    logged = [(p, y) for p in priors for y in in_logs]
    pairs = [
        (LIKELIHOODS[0], LIKELIHOODS[1]),
        (0.5, 0.25),
        ([0.0], [0.25]),
        ([0.25, 1], [0.0, 1]),
        ([0.0], [0.0]),
        ([3.0, 4], [5, 6]),
    ]
    pairs += [([1e300, 1e300], [1e-300, 1e-300]), ([1e-300] * 2, [1e300] * 2), (np.float32([2, 3]), np.float32([4, 5]))]
    pairs += [(1 + 1e-12, 1.0), (np.full(3000, 0.02), np.full(3000, 0.01))]
    in_pairs = [(logs[0], logs[1]), (-1.0, -2.0), ([-np.inf], [1.0]), ([1.0], [-np.inf]), ([-np.inf], [-np.inf])]
    in_pairs += [([-1e308] * 2, [1e308] * 2), ([1e308, -1e308], [0.0, 1.0]), (np.float32(logs[0]), np.float32(logs[1]))]
    return {
        "marginal": spread("marginal", *((p, k) for p in joints for k in axes)),
        "conditional": spread("conditional", *((p, k) for p in joints for k in axes)),
        **{
            name: spread(name, *believed) + [lambda m, name=name, g=g: getattr(m, name)(*g, log=True) for g in logged]
            for name in ("posterior", "log_evidence")
        },
        **{
            name: spread(name, *pairs) + [lambda m, name=name, g=g: getattr(m, name)(*g, log=True) for g in in_pairs]
            for name in ("log_bayes_factor", "bayes_factor")
        },
        "predictive": spread(
            "predictive",
            *((p, np.abs(B) / B.sum(axis=1, keepdims=True)) for p in priors),
            (PRIOR.astype("f"), np.full((3, 2), 0.5, "f")),
            ([0.25, 0.75], [[1, 0], [0.5, 0.5 + 4e-10]]),
            ([0.25, 0.75], [[1, 0]]),
        ),
        "posterior_steps": spread(
            "posterior_steps", ([1 / 10, 9 / 10], [9 / 10, 1 / 5]), (PRIOR, LIKELIHOODS[0]), ([0.5, 0.5], [0.0, 0.25])
        ),
    }


def gaussians() -> dict[str, list[Call]]:
    forms = [
        (V, A),
        (V, A.diagonal()),
        (0.5, 2.0),
        (V, A * 1e-300),
        (V * 1e300, A * 1e300),
        (V.astype("f"), A.astype("f")),
    ]
    forms += [(V, np.diag([1, 1e-12, 1e12])), (V, B @ B.T), (V, np.ones((3, 3))), (V, [1.0, 0, 1]), (V, -A)]
    points = [
        (x, *form) for form in forms for x in ((V, DATA, DATA * 1e200) if np.ndim(form[0]) else (0.25, DATA, [1e200]))
    ]
    points += [
        (SINGLE, V.astype("f"), A.astype("f")),
        (np.float32([0.5, 40]), np.float32(0), np.float32(1)),
        (1e308, -1e308, 1e308),
    ]
    near = [(V, A, V, A), (V, A, V + 1e-9, A * (1 + 1e-9)), (V, A.diagonal(), V, A.diagonal() * (1 + 1e-10))]
    apart = [(V, A, W, B @ B.T), (V, A, W, A.diagonal()), (V, A.diagonal(), W, [1.0, 2, 3]), (0.0, 1.0, 1.0, 4.0)]
    apart += [(V, A * 1e300, V, A), (V, A, V, A * 1e300), (V * 1e200, A, W, A), (0.0, 1e300, 0.0, 1e-300)]
    apart += [(V.astype("f"), A.astype("f"), W.astype("f"), A.diagonal().astype("f"))]
    losses = [
        (V, W),
        (DATA, DATA / 30),
        (V, [0.0, 1e-9, -1e-9]),
        (V * 1e200, W),
        (0.5, -1.0),
        (V, [720.0, 1, 0]),
        (V * 0, V * 0),
    ]
    losses += [(SINGLE, SINGLE / 30), (JOINT, -JOINT)]
    vectors = [form for form in forms if np.ndim(form[0])]
    observed: list[Any] = [([1], [4.0]), ([0, 2], [1.0, -1.0]), ([2, 0], [1.0, -1.0]), ([0, 1, 2], V)]
    large = np.cov(np.random.default_rng(4).standard_normal((120, 300)))
    return {
        "gaussian_logpdf": spread("gaussian_logpdf", *points),
        "gaussian_pdf": spread("gaussian_pdf", *points),
        "gaussian_sample": [
            lambda m, form=form, n=n: m.gaussian_sample(*form, n, np.random.default_rng(n))
            for form in forms
            for n in (1, 4)
        ],
        "gaussian_kl": spread("gaussian_kl", *near, *apart, base=[2, 10]),
        "kl_to_standard_normal": spread("kl_to_standard_normal", *losses, axis=[None, 0, -1, (0, 1)]),
        "gaussian_entropy": spread("gaussian_entropy", *((form[1],) for form in forms), base=[2, 10]),
        "gaussian_affine": spread(
            "gaussian_affine",
            *(
                (*form, M, b)
                for form in vectors
                for M, b in ((A, V), (B[:1], [2.0]), (np.zeros((2, 3)), [1.0, 2]), (A * 1e200, V))
            ),
            (V, A, [[1e-300, 0, 0], [0, 1e300, 0]], [0.0, 1]),
        ),
        "gaussian_marginal": spread(
            "gaussian_marginal", *((*form, keep) for form in vectors for keep in ([2, 0], [1], [0, 1, 2]))
        ),
        "gaussian_conditional": spread(
            "gaussian_conditional",
            *((*form, *pair) for form in vectors for pair in observed),
            (np.arange(120.0), large, list(range(100)), np.zeros(100)),
        ),
        "gaussian_kl_steps": spread("gaussian_kl_steps", (1, 1, 0, 4), (0.5, 2, 1 / 3, 1), (0, 1, 0, 1)),
    }


def fits() -> dict[str, list[Call]]:
    coins = [[1, 0, 1, 1], [1] * 7 + [0] * 3, [0, 0], [1, 1], [True, False], np.array([1, 0, 1], "f")]
    counts = [
        [3, 1, 0],
        [3.0, 1, 1],
        [0, 0, 0],
        [1e307, 1e307, 1e307],
        np.array([2, 1, 5], "f"),
        [1.7e308, 1.7e308, 1.7e308],
        [0.5, 0.25, 1e-300],
    ]
    shares: list[Any] = [PRIOR, [0.5, 0.5, 0.0], PRIOR * (1 + 3e-10), PRIOR.astype("f"), [1e-10, 1e-10, 1 - 2e-10]]
    columns = [FEW, DATA[:, 0], [5.0], [1.0, 9], [1.7e308, -1.7e308, 1.7e308], SINGLE[:, 0], [3, 1, 2, 5, 4]]
    densities: list[Any] = [
        lambda x: -np.sum(np.abs(x)),
        lambda x: -math.inf,
        lambda x: -0.5 * np.sum(np.square(x)) - 1,
    ]
    return {
        "log_likelihood": spread(
            "log_likelihood", *((f, x) for f in densities for x in (FEW, DATA, SINGLE, [1e308, -1e308]))
        ),
        "bernoulli_log_likelihood": spread(
            "bernoulli_log_likelihood", *((x, p) for x in coins for p in (0.7, 0, 1, 1e-300, 0.5))
        ),
        "categorical_log_likelihood": spread("categorical_log_likelihood", *((c, p) for c in counts for p in shares)),
        "fit_bernoulli": spread("fit_bernoulli", *((x,) for x in coins)),
        "fit_categorical": spread("fit_categorical", *((c,) for c in counts), smoothing=[1, 0.5, 1.7e308]),
        "fit_gaussian": spread("fit_gaussian", *((x,) for x in (DATA, SINGLE, HUGE, FEW, [5.0], JOINT))),
        "fit_laplace": spread("fit_laplace", *((x,) for x in columns)),
        "map_bernoulli": spread(
            "map_bernoulli", *((x, *ab) for x in coins for ab in ((2, 2), (1, 1), (1.5, 4), (1e308, 1e308)))
        ),
        "fit_bernoulli_steps": spread("fit_bernoulli_steps", *((x,) for x in coins), ([1] * 21,)),
    }


CALLS: dict[str, list[Call]] = {
    **calculus(),
    **layers(),
    **tape(),
    **moments(),
    **beliefs(),
    **gaussians(),
    **fits(),
}
