"""Characteristic polynomials without rounding: Faddeev and LeVerrier's recursion in whole numbers."""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.whole_numbers import as_whole_numbers, whole_times_power_of_two


def exact_coefficients(A: Array) -> list[float] | list[complex]:
    """Coefficients of det(tI - A), each rounded once, for a real or complex matrix of doubles.

    Every double is a whole number times a power of 2, so A = W · 2**shift with W of whole numbers. From M = I,
    repeatedly c = -trace(W M) / k and M = W M + c I; the divisions leave no remainder.
    """
    parts = [A.real, A.imag] if A.dtype.kind == "c" else [A]
    numbers, shift = as_whole_numbers(np.stack(parts))
    n = len(A)
    W = list(np.array(numbers, dtype=object).reshape(-1, n, n))
    identity = np.array([[int(i == j) for j in range(n)] for i in range(n)], dtype=object)
    M = [identity, identity * 0][: len(W)]
    coefficients = [tuple(int(k == 0) for k in range(len(W)))]
    for k in range(1, n + 1):
        M = _product(W, M)
        c = tuple(-part.trace() // k for part in M)
        M = [part + number * identity for part, number in zip(M, c, strict=True)]
        coefficients.append(c)
    rounded = [[whole_times_power_of_two(number, shift * k) for number in c] for k, c in enumerate(coefficients)]
    return [complex(*c) for c in rounded] if len(W) == 2 else [c[0] for c in rounded]


def _product(A: list[Array], B: list[Array]) -> list[Array]:
    """A B for matrices given as [real] or [real, imaginary] parts."""
    if len(A) == 1:
        return [A[0] @ B[0]]
    return [A[0] @ B[0] - A[1] @ B[1], A[0] @ B[1] + A[1] @ B[0]]
