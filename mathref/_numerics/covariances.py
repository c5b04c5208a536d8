"""Covariance matrices as powers of 2 around a matrix with a diagonal near 1, and its Cholesky factor.

Taking the powers out rounds nothing, so that variances of very different size lose no digits.
"""

import math
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.linalg import LinAlgError
from scipy.linalg import lapack, solve_triangular

from mathref._arguments.arrays import Array
from mathref._arguments.gaussians import Given
from mathref._numerics import double_double as dd
from mathref._numerics.double_double import Pair
from mathref._numerics.likelihoods import LN2_HIGH, LN2_LOW
from mathref._numerics.powers_of_two import float_times_power_of_two, times_powers_of_two
from mathref._numerics.singularity import is_exactly_singular
from mathref._numerics.whole_numbers import as_whole_rows, leading_minors

# Below this share of the diagonal entry a pivot may be nothing but rounding error.
_SUSPECT_PIVOT = 1e-13
# Minors of up to this many rows are computed exactly in case of doubt, within a second.
_LARGEST_EXACT_SIDE = 60
_LEAST_EIGENVALUE = -1e-12  # of the largest: what rounding may make of 0 in a semidefinite matrix


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
        rows = times_powers_of_two(mantissas, exponents - largest)
        solved = solve_triangular(self.L, rows.T, lower=True, check_finite=False).T
        return solved, largest[..., 0]

    def squared(self, differences: Array, doubled: Array) -> tuple[Array, Array]:
        """Squared lengths of these rows, each divided by a power of 4, and the exponents of the powers of 2."""
        rows, exponents = self.whitened(differences, doubled)
        with np.errstate(under="ignore"):
            return np.add.reduce(rows * rows, axis=1), exponents


class Balanced(NamedTuple):
    """A covariance matrix as 2**k R 2**k; k = 0 where the variance is 0."""

    exponents: Array
    R: Array


def balanced(A: Array) -> Balanced:
    """Powers of 2 taken out of rows and columns."""
    exponents = np.frexp(np.maximum(A.diagonal(), 0))[1] // 2
    return Balanced(exponents, times_powers_of_two(A, -(exponents[:, np.newaxis] + exponents)))


def factor(A: Array, name: str) -> Factor:
    """The factor of a symmetric matrix; raise if it is not positive definite."""
    diagonal = A.diagonal()
    if (diagonal <= 0).any():
        i = int((diagonal <= 0).argmax())
        raise LinAlgError(f"{name} must be positive definite, but the variance of entry {i} is {diagonal[i].item()}")
    exponents, R = balanced(A)
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
    return all(minor > 0 for minor in leading_minors(as_whole_rows(A)[0]))


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


def refuse_nonpositive(variances: Array, name: str) -> None:
    """Raise unless all variances are positive."""
    if not (variances > 0).all():
        raise LinAlgError(f"{name} must be positive definite, but a variance is {variances.min().item()}")


def refuse_indefinite(A: Array) -> None:
    """Raise if an eigenvalue is negative by more than rounding may make it."""
    exponent = int(np.frexp(np.abs(A).max())[1])
    values = np.linalg.eigvalsh(times_powers_of_two(A, -exponent))
    if values[0] < _LEAST_EIGENVALUE * max(values[-1], 0) or values[-1] < 0:
        least = float_times_power_of_two(float(values[0]), exponent)
        raise LinAlgError(f"cov must be positive semidefinite, but its least eigenvalue is {least:.3g}")


def semidefinite_root(A: Array) -> Array:
    refuse_indefinite(A)
    exponents, R = balanced(A)
    L, order, rank, _ = lapack.dpstrf(R, lower=1)
    L = np.tril(L)
    L[:, rank:] = 0
    rows = np.empty_like(L)
    rows[order - 1] = L
    result: Array = times_powers_of_two(rows, exponents[:, np.newaxis])
    return result


def root(given: Given) -> Array:
    """A with A Aᵀ = cov, which may be semidefinite; for variances, their roots."""
    A = given.cov
    if not given.is_matrix:
        if A.min() < min(0.0, _LEAST_EIGENVALUE * float(A.max())):
            raise LinAlgError(f"cov must be positive semidefinite, but a variance is {A.min().item()}")
        return np.sqrt(np.maximum(A, 0))
    try:
        R = factor(A, "cov")
    except LinAlgError:
        return semidefinite_root(A)
    L: Array = times_powers_of_two(R.L, R.exponents[:, np.newaxis])
    return L
