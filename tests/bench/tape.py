"""What the tape costs beside the NumPy of its forward pass: by hand, `python tests/bench/tape.py`.

Each loss is one function for arrays and for variables, over a batch of 10,000 examples of 100 features. The quotient of
a value with its gradient to a value alone is to stay below 6.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from mathref.backpropagation import Variable, value_and_grad

RANDOM = np.random.default_rng(0).standard_normal
X, Y = RANDOM((10_000, 100)), RANDOM(10_000)

LOSSES: dict[str, tuple[Callable[..., Any], ...]] = {
    "least squares": (lambda w: np.mean((X @ w - Y) ** 2), RANDOM(100)),
    "logistic": (lambda w: np.mean(np.log(1 + np.exp(-Y * (X @ w)))), RANDOM(100)),
    "tanh network": (
        lambda W, b, v: np.mean((np.tanh(X @ W + b) @ v - Y) ** 2),
        RANDOM((100, 50)),
        RANDOM(50),
        RANDOM(50),
    ),
    "relu network": (
        lambda W, b, v: np.mean((np.maximum(X @ W + b, 0) @ v - Y) ** 2),
        RANDOM((100, 50)),
        RANDOM(50),
        RANDOM(50),
    ),
    "entry by entry": (lambda x: np.sum(np.exp(x) * np.sin(x) + x**2), X),
}


def seconds(call: Callable[[], Any], repeat: int = 9) -> float:
    """The least time of several."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def chain(length: int) -> None:
    """Additions one after the other, forwards and backwards."""
    y = x = Variable(1.0)
    for _ in range(length):
        y = y + x
    y.backward()


if __name__ == "__main__":
    for name, (f, *arrays) in LOSSES.items():
        forwards, both = seconds(lambda: f(*arrays)), seconds(lambda: value_and_grad(f)(*arrays))  # noqa: B023
        print(f"{name:15} {1e3 * forwards:7.2f} ms {1e3 * both:7.2f} ms {both / forwards:5.2f}")
    for length in (5_000, 100_000):
        print(f"chain of {length:7,} {1e3 * seconds(lambda: chain(length), 1):7.0f} ms")  # noqa: B023
