"""Arrays that functions of calculus and probability are tried with, and how calls of a module are listed."""

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
