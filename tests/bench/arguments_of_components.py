"""What the functions of principal components are tried with: what a module fitted goes back to that module alone."""

from typing import Any

import numpy as np
from bench.arguments import DATA, FEW, HUGE, SINGLE, TINY, A, B, Call, V, spread


def fitted() -> dict[str, list[Call]]:
    round_cloud = [[1.0, 0], [-1, 0], [0, 1], [0, -1]]  # the same variance each way
    flat = np.column_stack([DATA[:, :2], np.full(7, 3.0)])  # a constant column
    dependent = np.column_stack([DATA[:, :2], DATA[:, 0] - DATA[:, 1]])
    thin = DATA * [1, 1e-9, 1e-14]
    data: list[Any] = [DATA, SINGLE, HUGE, TINY, DATA.T, DATA + 1e8, flat, dependent, thin, round_cloud, A, B[:2]]
    data += [DATA * [1e200, 1, 1e-200], DATA * [1e-160, 1, 1], FEW[:, np.newaxis], np.ones((3, 2)), DATA * 2.0**-535]
    small: list[Any] = [round_cloud, A[:, :2], [[1, 2], [3, 6], [5, 4]], [[1 / 3, 0], [0, 2]], [[0, 1], [0, 2]], DATA]

    def moved(name: str, X: Any, k: int | None, options: dict[str, bool]) -> Call:
        def call(m: Any) -> Any:
            fit = m.pca(X, k)
            other = np.cos(np.arange(2.0 * len(fit.components))).reshape(2, -1) if name[0] == "i" else X
            return getattr(m, name)(other, fit, **options)

        return call

    return {
        "pca": spread("pca", *((X,) for X in data), n_components=[1, 2]),
        **{
            name: [moved(name, X, k, options) for X in data for k in (None, 1) for options in ({}, {"whiten": True})]
            for name in ("transform", "inverse_transform")
        },
        "reconstruction_error": [
            lambda m, X=X, k=k: m.reconstruction_error(X, m.pca(X, k)) for X in data for k in (None, 1)
        ]
        + [
            lambda m: m.reconstruction_error(DATA, m.pca(DATA[:4], 2)),
            lambda m: m.transform(V, m.pca(DATA)),
            lambda m: m.inverse_transform(1.0, m.pca(DATA)),
        ],
        "pca_steps": spread("pca_steps", *((X,) for X in small)),
    }


CALLS: dict[str, list[Call]] = fitted()
