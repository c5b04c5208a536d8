"""What the functions of calculus are tried with."""

import cmath
import math

import numpy as np
from bench.arguments import A, B, Call, V, W, spread


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


CALLS: dict[str, list[Call]] = calculus() | layers()
