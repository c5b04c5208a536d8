"""Least squares to the last digit: residuals without rounding, and corrections until they no longer matter.

A correction needs the residual of the last solution to more digits than a double holds. Matrices are cut into slices
of so few bits that BLAS multiplies them without any rounding (Ozaki, Ogita, Oishi and Rump (2012), Error-free
transformations of matrix multiplication, Numer. Algorithms 59), so that the result does not depend on BLAS either.
"""

import numpy as np
from scipy.linalg import qr, solve_triangular

from mathref._arguments.arrays import Array
from mathref._numerics.rounding_errors import sum_and_error
from mathref._numerics.sums import sum_of_arrays, upper_part

_EPS = float(np.finfo(np.float64).eps)
_MOST_SLICES = 8  # more than 130 bits below the largest entry for up to 2**20 terms
_MOST_STEPS = 30
_PATIENCE = 3  # steps without a new smallest correction: corrections may grow once or twice before they shrink on


def shortest_least_squares(A: Array, B: Array, eps: float) -> Array:
    """The matrix X that minimizes ‖A X - B‖, and among those ‖X‖, for real double A and B.

    The entries of A are known to a relative eps, which decides what is dependent.
    A = C W with independent columns C, chosen from A, and independent rows W; then X = W⁺ C⁺ B.
    """
    rows, columns = A.shape
    if rows < columns and len(_independent_columns(A.T, eps)) == rows:
        return _solve_augmented(A.T, np.zeros((columns, B.shape[1])), B)[1]
    chosen = _independent_columns(A, eps)
    if len(chosen) == columns:
        return _solve_augmented(A, B, np.zeros((columns, B.shape[1])))[0]
    if not chosen:
        return np.zeros((columns, B.shape[1]))
    C = A[:, chosen]
    W, _ = _solve_augmented(C, A, np.zeros((len(chosen), columns)))
    coordinates, _ = _solve_augmented(C, B, np.zeros((len(chosen), B.shape[1])))
    W[:, chosen] = np.eye(len(chosen))
    return _solve_augmented(W.T, np.zeros((columns, B.shape[1])), coordinates)[1]


def _independent_columns(A: Array, eps: float) -> list[int]:
    """As many columns as A, its columns scaled, has singular values above max(m, n) eps of the largest."""
    scaled, _ = _scaled_columns(A)
    R, order = qr(scaled, mode="r", pivoting=True, check_finite=False)
    values = np.linalg.svd(R[: min(A.shape)], compute_uv=False)
    count = int(np.count_nonzero(values > max(A.shape) * eps * values[0]))
    return sorted(order[:count].tolist())


def _solve_augmented(A: Array, B: Array, G: Array) -> tuple[Array, Array]:
    """X and S with S + A X = B and Aᵀ S = G, for A with independent columns.

    With G = 0 it is least squares and S the residual; with B = 0, S is the shortest solution of Aᵀ S = G. Björck
    (1967), Iterative refinement of linear least squares solutions I, BIT 7. X and S are kept in two doubles each.
    """
    A, exponents = _scaled_columns(A)
    G = np.ldexp(G, -exponents[:, np.newaxis])
    _, unit = np.frexp(np.maximum(np.abs(B).max(axis=0), np.abs(G).max(axis=0)))
    B, G = np.ldexp(B, -unit), np.ldexp(G, -unit)
    Q, R = qr(A, mode="economic", check_finite=False)
    by_rows, by_columns = _slices(A, inner=A.shape[1]), _slices(A.T, inner=len(A))
    X, S = [np.zeros_like(G)] * 2, [np.zeros_like(B)] * 2
    smallest, waited = np.inf, 0
    for _ in range(_MOST_STEPS):
        F = sum_of_arrays([B, -S[0], -S[1], *_negative_products(by_rows, X)])
        H = solve_triangular(R, sum_of_arrays([G, *_negative_products(by_columns, S)]), trans="T", check_finite=False)
        D = Q.T @ F - H
        dX, dS = solve_triangular(R, D, check_finite=False), F - Q @ D
        size = max(np.abs(dX).max(), np.abs(dS).max())
        X, S = _added(X, dX), _added(S, dS)
        smallest, waited = (size, 0) if size < smallest else (smallest, waited + 1)
        if waited == _PATIENCE or (_negligible(dX, X[0], 0) and _negligible(dS, S[0], _EPS**3)):
            break
    return np.ldexp(X[0], unit - exponents[:, np.newaxis]), np.ldexp(S[0], unit)


def _negligible(change: Array, value: Array, least: float) -> bool:
    """Whether the last change is at most `least`, below the last digit of each entry, or far below a column's largest.

    A residual that should be 0 has no digits: with B or G near 1, a change of eps³ in it reaches no digit of X.
    """
    sizes = np.abs(value)
    return bool((np.abs(change) <= np.maximum(sizes * _EPS / 4, sizes.max(axis=0) * _EPS**2 + least)).all())


def _scaled_columns(A: Array) -> tuple[Array, Array]:
    """A with each column divided by a power of 2, which rounds nothing, and the exponents."""
    _, exponents = np.frexp(np.abs(A).max(axis=0))
    return np.ldexp(A, -exponents), exponents


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
