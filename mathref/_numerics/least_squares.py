"""Least squares to the last digit: residuals without rounding, and corrections until they no longer matter.

A correction needs the residual of the last solution to more digits than a double holds. Matrices are cut into slices
of so few bits that BLAS multiplies them without any rounding (Ozaki, Ogita, Oishi and Rump (2012), Error-free
transformations of matrix multiplication, Numer. Algorithms 59), so that the result does not depend on BLAS either.
"""

import numpy as np
from scipy.linalg import lapack, qr

from mathref._arguments.arrays import Array
from mathref._numerics.powers_of_two import (
    bands,
    moderate,
    scaled_columns,
    spans_the_range,
    times_power_of_two,
    times_powers_of_two,
)
from mathref._numerics.rounding_errors import residuals, sum_and_error
from mathref._numerics.singular_values import count, decomposed
from mathref._numerics.sums import sum_of_arrays, upper_part
from mathref._numerics.tall_least_squares import tall_least_squares

_EPS = float(np.finfo(np.float64).eps)
_MOST_SLICES = 8  # more than 130 bits below the largest entry for up to 2**20 terms
_MOST_STEPS = 30
_FEW = 1000  # products that Python adds sooner than BLAS multiplies slices
_TALL = 30  # so many times as many rows as columns make passes over the rows dear
_PATIENCE = 3  # steps without a new smallest correction: corrections may grow once or twice before they shrink on


def shortest_least_squares(A: Array, B: Array, share: float, rounding: float) -> Array:
    """The matrix X that minimizes ‖A X - B‖, and among those ‖X‖, for real double A and B.

    Singular values up to `share` of the largest count as 0; up to `rounding` they may be nothing but rounding errors.
    Then A = C W with independent columns C, chosen from A, and independent rows W, and X = W⁺ C⁺ B.
    """
    if spans_the_range(B):
        parts = [times_powers_of_two(_shortest(A, part, share, rounding), unit) for part, unit in bands(B)]
        total: Array = np.add.reduce(parts)
        return total
    return _shortest(A, B, share, rounding)


def _shortest(A: Array, B: Array, share: float, rounding: float) -> Array:
    rows, columns = A.shape
    if rows > _TALL * columns and (X := tall_least_squares(A, B, share)) is not None:
        return X
    matrix, _ = moderate(A)
    R: Array = np.linalg.qr(matrix, mode="r") if rows > columns else matrix  # type: ignore[assignment]
    values = np.linalg.svd(R, compute_uv=False)
    rank = count(values, share)
    least = max(A.shape) * _EPS
    if rank == len(values) and share < least:  # small units are told from dependent columns
        by_length, _ = scaled_columns(A if rows > columns else A.T)
        rank = count(np.linalg.svd(by_length, compute_uv=False), least)
    if rank == columns:
        return _solve_augmented(A, B, np.zeros((columns, B.shape[1])))[0]
    if rank == rows:
        return _solve_augmented(A.T, np.zeros((columns, B.shape[1])), B)[1]
    if not rank:
        return np.zeros((columns, B.shape[1]))
    if values[rank] > rounding * values[0]:
        return _truncated(A, B, rank)
    _, order = qr(R, mode="r", pivoting=True, check_finite=False)
    chosen = sorted(order[:rank].tolist())
    C = A[:, chosen]
    W, _ = _solve_augmented(C, A, np.zeros((rank, columns)))
    coordinates, _ = _solve_augmented(C, B, np.zeros((rank, B.shape[1])))
    W[:, chosen] = np.eye(rank)
    return _solve_augmented(W.T, np.zeros((columns, B.shape[1])), coordinates)[1]


def _truncated(A: Array, B: Array, rank: int) -> Array:
    """A⁺ B from the largest singular values alone."""
    (matrix, exponent), (right, unit) = moderate(A), moderate(B)
    U, s, Vh = decomposed(matrix)
    return times_power_of_two(Vh[:rank].T @ ((U[:, :rank].T @ right) / s[:rank, np.newaxis]), unit - exponent)


def _solve_augmented(A: Array, B: Array, G: Array) -> tuple[Array, Array]:
    """X and S with S + A X = B and Aᵀ S = G, for A with independent columns.

    With G = 0 it is least squares and S the residual; with B = 0, S is the shortest solution of Aᵀ S = G. Björck
    (1967), Iterative refinement of linear least squares solutions I, BIT 7. X and S are kept in two doubles each.
    """
    A, exponents = scaled_columns(A)
    G = np.ldexp(G, -exponents[:, np.newaxis])
    _, unit = np.frexp(np.maximum(np.abs(B).max(axis=0), np.abs(G).max(axis=0)))
    B, G = np.ldexp(B, -unit), np.ldexp(G, -unit)
    Q, R = np.linalg.qr(A)
    inverse, _ = lapack.dtrtri(R)
    few = A.size * B.shape[1] <= _FEW
    by_rows, by_columns = ([], []) if few else (_slices(A, inner=A.shape[1]), _slices(A.T, inner=len(A)))
    X, S = [np.zeros_like(G)] * 2, [np.zeros_like(B)] * 2
    smallest, waited = np.inf, 0
    for _ in range(_MOST_STEPS):
        if few:
            F, rest = _by_fsum([B, -S[0], -S[1]], A, X), _by_fsum([G], A.T, S)
        else:
            F = sum_of_arrays([B, -S[0], -S[1], *_negative_products(by_rows, X)])
            rest = sum_of_arrays([G, *_negative_products(by_columns, S)])
        H = inverse.T @ rest
        D = Q.T @ F - H
        dX, dS = inverse @ D, F - Q @ D
        size = max(np.abs(dX).max(), np.abs(dS).max())
        X, S = _added(X, dX), _added(S, dS)
        smallest, waited = (size, 0) if size < smallest else (smallest, waited + 1)
        if waited == _PATIENCE or (_negligible(dX, X[0], 0) and _negligible(dS, S[0], _EPS**3)):
            break
    return np.ldexp(X[0], unit - exponents[:, np.newaxis]), np.ldexp(S[0], unit)


def _by_fsum(terms: list[Array], A: Array, pair: list[Array]) -> Array:
    """The sum of the terms without A (high + low)."""
    twice, numbers = np.concatenate([A, A], axis=1), np.concatenate(pair)
    sums = [residuals(np.array([term[:, k] for term in terms]).T, twice, x) for k, x in enumerate(numbers.T)]
    return np.array(sums).T


def _negligible(change: Array, value: Array, least: float) -> bool:
    """Whether the last change is at most `least`, below the last digit of each entry, or far below a column's largest.

    A residual that should be 0 has no digits: with B or G near 1, a change of eps³ in it reaches no digit of X.
    """
    sizes = np.abs(value)
    return bool((np.abs(change) <= np.maximum(sizes * _EPS / 4, sizes.max(axis=0) * _EPS**2 + least)).all())


def _slices(A: Array, inner: int) -> list[Array]:
    """A as a sum of matrices whose rows hold so few bits that a product over `inner` terms is exact."""
    spare = int(np.ceil((53 + np.log2(inner)) / 2))
    parts: list[Array] = []
    while A.any() and len(parts) < _MOST_SLICES:
        _, exponents = np.frexp(np.abs(A).max(axis=1, keepdims=True))
        shift = np.ldexp(0.75, exponents + spare)
        parts.append(upper_part(A, shift))
        A = A - parts[-1]
    return parts


def _negative_products(parts: list[Array], pair: list[Array]) -> list[Array]:
    """Exact terms whose sum is -A (high + low), the largest first."""
    others = [part.T for number in pair for part in _slices(number.T, inner=len(number))]
    terms = [(i + j, -(part @ other)) for i, part in enumerate(parts) for j, other in enumerate(others)]
    return [term for _, term in sorted(terms, key=lambda term: term[0])]


def _added(pair: list[Array], change: Array) -> list[Array]:
    high, low = sum_and_error(pair[0], change)
    return list(sum_and_error(high, low + pair[1]))
