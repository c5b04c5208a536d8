"""What the optimisers that divide by averages of squares are tried with."""

from typing import Any

import numpy as np
from bench.arguments import Call, spread


def valley(x: Any) -> Any:
    return np.asarray(x) * [1.0, 50.0]


def slow(x: float) -> float:
    return 1.5e-8


def scaled() -> dict[str, list[Call]]:
    walks = [
        (valley, [1.0, -2.0], 0.1),
        (lambda x: 2 * (x - 3), 0.0, 0.1),
        (np.sin, np.float32([1, 2, 3]), 0.05),
        (lambda x: [2e-8, -1e-8, 0.0], [1, 1, 1], 0.5),  # as small as ε
        (lambda x: 1 - 0.3 * x, 1.0, 2.5),
    ]
    usual = {"eps": [0.0, 1e-3], "steps": [0, 3], "tolerance": [0.5], "loss": [lambda x: float(np.sum(x * x))]}
    betas = {"beta1": [0.0, 0.5], "beta2": [0.0, 0.9]}
    more = {"adam": betas, "adamw": {**betas, "weight_decay": [0.0, 0.5]}, "rmsprop": {"beta": [0.0, 0.9]}}
    found = {name: spread(name, *walks[:2], **usual, **options) for name, options in more.items()}
    for name in found:  # the last hardly moves, so that the tolerance decides
        found[name] += spread(name, *walks[2:]) + spread(name, (slow, 1.0, 1.0), eps=[1e8])
    found["adam_steps"] = spread("adam_steps", *walks[:2], *walks[3:], **betas, eps=[0.0, 1e-3], steps=[0, 2])
    return found


CALLS: dict[str, list[Call]] = scaled()
