"""Covariance matrices as powers of 2 around a matrix with a diagonal near 1, and its Cholesky factor.

Taking the powers out rounds nothing, so that variances of very different size lose no digits.
"""

import math
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.linalg import LinAlgError
from scipy.linalg import lapack, solve_triangular

from mathref import _double_double as dd
from mathref._arguments import Array, as_array, as_hermitian, in_double
from mathref._conditioning import is_exactly_singular
from mathref._double_double import Pair
from mathref._likelihoods import LN2_HIGH, LN2_LOW

_OTHERWISE = "a covariance matrix C may be made so by (C + C.T) / 2"
# Below this share of the diagonal entry a pivot may be nothing but rounding error.
_SUSPECT_PIVOT = 1e-13
# Minors of up to this many rows are computed exactly in case of doubt, within a second.
_LARGEST_EXACT_SIDE = 60


class Factor:
    """Σ = 2**k L Lᵀ 2**k with a diagonal of L Lᵀ in [1/2, 2)."""

    def __init__(self, exponents: Array, L: Array) -> None:
        self.exponents, self.L = exponents, L

    @cached_property
    def log_det(self) -> Pair:
        """ln det Σ in two parts."""
        k = 2.0 * float(self.exponents.sum())
        logs = [2 * math.log(x) for x in self.L.diagonal().tolist()]
        terms = [*logs, k * LN2_HIGH, k * LN2_LOW]
        total = math.fsum(terms)
        return np.array(total), np.array(math.fsum([*terms, -total]))

    def whitened(self, differences: Array, doubled: Array) -> tuple[Array, Array]:
        """Rows L⁻¹ 2**-k (difference · 2**doubled), each divided by a power of 2, and the exponents of these."""
        mantissas, exponents = np.frexp(differences)
        exponents = np.where(mantissas != 0, exponents + doubled - self.exponents, -9999)
        largest = exponents.max(axis=-1, keepdims=True)
        rows = np.ldexp(mantissas, exponents - largest)
        solved = solve_triangular(self.L, rows.T, lower=True, check_finite=False).T
        return solved, largest[..., 0]


class Scaled(NamedTuple):
    """A covariance matrix as 2**k R 2**k; k = 0 where the variance is 0."""

    exponents: Array
    R: Array


def symmetric(cov: Array, name: str) -> Array:
    """A covariance matrix in double precision, made exactly symmetric."""
    A = in_double(as_hermitian(as_array(cov, name, real=True), name, otherwise=_OTHERWISE))
    return np.where(A == A.T, A, A / 2 + A.T / 2)


def scaled(A: Array) -> Scaled:
    """Powers of 2 taken out of rows and columns."""
    exponents = np.frexp(np.maximum(A.diagonal(), 0))[1] // 2
    with np.errstate(over="ignore"):
        return Scaled(exponents, np.ldexp(A, -(exponents[:, np.newaxis] + exponents)))


def factor(A: Array, name: str) -> Factor:
    """The factor of a symmetric matrix; raise if it is not positive definite."""
    diagonal = A.diagonal()
    if (diagonal <= 0).any():
        i = int((diagonal <= 0).argmax())
        raise LinAlgError(f"{name} must be positive definite, but the variance of entry {i} is {diagonal[i].item()}")
    exponents, R = scaled(A)
    order = 1
    if np.isfinite(R).all():
        L, order = lapack.dpotrf(R, lower=1, clean=1)
        if not order and (L.diagonal() ** 2 > _SUSPECT_PIVOT * R.diagonal()).all():
            return Factor(exponents, L)
        if len(A) <= _LARGEST_EXACT_SIDE and _is_positive_definite(R):
            return Factor(exponents, _factor_in_two(R))
        order = order or int(len(A) <= _LARGEST_EXACT_SIDE or is_exactly_singular(R))
    if order:
        raise LinAlgError(
            f"{name} must be positive definite, but it is not: some combination of the entries has no positive "
            "variance; if entries depend on each other, add a small multiple of the identity"
        )
    return Factor(exponents, L)


def _is_positive_definite(A: Array) -> bool:
    """Whether all leading minors are positive, by elimination in whole numbers (Bareiss)."""
    pairs = [[entry.as_integer_ratio() for entry in row] for row in A.tolist()]
    shared = max(denominator for row in pairs for _, denominator in row)
    rows, previous = [[number * (shared // denominator) for number, denominator in row] for row in pairs], 1
    while rows:
        (pivot, *top), *rest = rows
        if pivot <= 0:
            return False
        rows = [[(pivot * x - k * t) // previous for x, t in zip(row, top, strict=True)] for k, *row in rest]
        previous = pivot
    return True


def _factor_in_two(A: Array) -> Array:
    """Cholesky factor with twice the digits of doubles on the way."""
    rest, L = dd.pair(A), np.zeros_like(A)
    for j in range(len(A)):
        column = rest[0][:, j], rest[1][:, j]
        pivot = column[0][j : j + 1], column[1][j : j + 1]
        L[j:, j] = (column[0] / dd.square_root(pivot))[j:]
        rest = without(rest, j)
    return L


def without(A: Pair, j: int) -> Pair:
    """A - a aᵀ / aⱼⱼ for its column a = aⱼ: what one step of elimination leaves."""
    column = A[0][:, j : j + 1], A[1][:, j : j + 1]
    pivot = A[0][j : j + 1, j : j + 1], A[1][j : j + 1, j : j + 1]
    row = A[0][j : j + 1], A[1][j : j + 1]
    return dd.add(A, dd.negative(dd.multiply(dd.divide(column, pivot), row)))


def difference(x: Array, y: Array) -> tuple[Array, Array]:
    """x - y as doubles times 2**exponent, exponent 0 or 1, since the difference itself may leave the range."""
    with np.errstate(over="ignore"):
        plain = x - y
    over = np.isinf(plain)
    return np.where(over, x / 2 - y / 2, plain), over.astype(np.int32)
