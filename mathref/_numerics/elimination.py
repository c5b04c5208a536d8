"""Elimination with partial pivoting as a product, without a matrix for the permutation until one is asked for."""

import numpy as np
from scipy.linalg import lapack

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import LEAST_MODERATE, MOST_MODERATE, scaled_columns, times_powers_of_two

_FACTORIZE = {"d": lapack.dgetrf, "D": lapack.zgetrf}


def lu_factors(A: Array) -> tuple[Array, Array, Array]:
    """The rows of A in the order in which they were chosen, L and U; U may be infinite where it does not fit."""
    exponents = None
    if not LEAST_MODERATE < np.abs(A).max() < MOST_MODERATE:
        A, exponents = scaled_columns(A)
    thin = min(A.shape)
    factors, exchanges, _ = _FACTORIZE[A.dtype.char](A)
    order = np.arange(len(A))
    for row, chosen in enumerate(exchanges.tolist()):
        if row != chosen:
            order[[row, chosen]] = order[[chosen, row]]
    U = np.triu(factors[:thin])
    L = factors[:, :thin]
    L[:thin] = np.tril(L[:thin], -1) + np.eye(thin)
    return order, L, U if exponents is None else times_powers_of_two(U, exponents)


def permutation_matrix(order: Array, kind: np.dtype[np.floating]) -> Array:
    """P with P[order[i], i] = 1; memory that holds nothing but zeros is only asked for, not filled."""
    n = len(order)
    try:
        P = np.zeros((n, n), kind)
    except MemoryError:
        raise ValueError(
            f"A must have so few rows that P fits in memory, but it has {n}; pass p_indices=True"
        ) from None
    P[order, np.arange(n)] = 1
    return P
