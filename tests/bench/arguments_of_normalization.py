"""What the functions of normalization are tried with."""

from typing import Any

import numpy as np
from bench.arguments import DATA, HUGE, SINGLE, TINY, Call, V, W, spread


def normalized() -> dict[str, list[Call]]:
    images = np.cos(np.arange(48.0)).reshape(2, 3, 4, 2) * [1, 1e3]
    rows: list[Any] = [DATA, SINGLE, HUGE, TINY, DATA + 1e8, V, images.swapaxes(1, 3), np.ones((2, 3)), V * 1e-4]
    batches: list[Any] = [DATA, SINGLE, HUGE, TINY, DATA + 1e8, images, DATA[:1], np.ones((2, 3)), DATA * 1e-3]
    spoiled = {"eps": [0.0, 1e-2], "gamma": [W, W.astype("f"), W * 1e300]}
    shifted = {**spoiled, "beta": [V, V.astype("f")]}
    channels = np.cos(np.arange(24.0)).reshape(2, 4, 3), images.swapaxes(1, 2), (images.swapaxes(1, 2)).astype("f")
    wide = {"gamma": [np.arange(1.0, 5)], "beta": [np.arange(4.0)], "eps": [0.0, 1e-2]}
    stored = {"running_mean": V, "running_var": np.abs(W)}
    running = [
        lambda m, x=x, more=more, change=change: m.batch_norm(x, **more, **change)
        for x in batches
        for more in (stored, {**stored, "running_var": [0.0, 1, 2]}, {**stored, "running_mean": V.astype("f")})
        for change in ({}, {"training": False}, {"training": False, "eps": 0.0}, {"momentum": 1.0})
    ]
    scaled = {"running_var": [np.abs(W), W * W * 1e307], "running_mean": [V], "training": [False]}
    return {
        "layer_norm": spread("layer_norm", *((x,) for x in rows), **shifted),
        "rms_norm": spread("rms_norm", *((x,) for x in (*rows, 0 * V)), **spoiled),
        "batch_norm": running
        + spread("batch_norm", *((x,) for x in batches), momentum=[0.3, 0, 1], **scaled, **shifted),
        "group_norm": spread("group_norm", *((x, n) for x in channels for n in (1, 2, 4)), **wide)
        + spread("group_norm", *((x, n) for x in batches for n in (1, 3)), **shifted),
        "layer_norm_vjp": spread(
            "layer_norm_vjp", *((x, np.cos(np.arange(x.size)).reshape(x.shape)) for x in rows), **spoiled
        )
        + spread("layer_norm_vjp", (SINGLE, SINGLE[::-1]), (DATA, DATA * 1e250)),
        "layer_norm_steps": spread("layer_norm_steps", ([1, 2, 3],), (V,), ([5, 5],), ([1 / 3, 4],), eps=[1e-5, 1.0]),
    }


CALLS: dict[str, list[Call]] = normalized()
