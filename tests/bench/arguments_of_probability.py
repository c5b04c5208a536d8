"""What the functions of probability are tried with."""

import math
from typing import Any

import numpy as np
from bench.arguments import DATA, FEW, HUGE, JOINT, LIKELIHOODS, PRIOR, SINGLE, TINY, WEIGHTS, A, B, Call, V, W, spread


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


CALLS: dict[str, list[Call]] = moments() | beliefs() | gaussians() | fits()
