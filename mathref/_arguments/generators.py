"""Sources of random numbers."""

from typing import Any

import numpy as np


def as_generator(rng: Any) -> np.random.Generator:
    """A source of random numbers."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, but it is of type {type(rng).__name__}; "
            "make one with numpy.random.default_rng(seed)"
        )
    return rng
