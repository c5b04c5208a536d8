"""Matrix families on which algorithms are known to lose digits, as functions of their size.

Definitions after Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., chapter 28, and Golub and Van
Loan (2013), Matrix Computations, 4th ed.
"""

import math

import numpy as np


def hilbert(n: int) -> np.ndarray:
    """1/(i + j + 1): condition number about exp(3.5 n)."""
    return 1 / (np.arange(n)[:, np.newaxis] + np.arange(n) + 1.0)


def vandermonde(n: int) -> np.ndarray:
    """Powers of n equidistant points from 0 to 1."""
    return np.linspace(0, 1, n)[:, np.newaxis] ** np.arange(n)


def frank(n: int) -> np.ndarray:
    """Upper Hessenberg, determinant 1, small eigenvalues that are ill-conditioned; they come in pairs λ, 1/λ."""
    i, j = np.indices((n, n))
    return np.where(j >= i - 1, n - np.maximum(i, j), 0).astype(float)


def pascal(n: int) -> np.ndarray:
    """Binomial coefficients, symmetric positive definite, determinant 1."""
    return np.array([[float(math.comb(i + j, i)) for j in range(n)] for i in range(n)])


def wilkinson(n: int) -> np.ndarray:
    """Symmetric tridiagonal W+ for odd n: pairs of eigenvalues that nearly agree."""
    return np.diag(np.abs(np.arange(n) - (n - 1) / 2)) + np.eye(n, k=1) + np.eye(n, k=-1)


def wilkinson_growth(n: int) -> np.ndarray:
    """Elimination with partial pivoting lets its last column grow to 2**(n - 1)."""
    A = np.eye(n) - np.tril(np.ones((n, n)), -1)
    A[:, -1] = 1
    return A


def kahan(n: int, theta: float = 1.2) -> np.ndarray:
    """Triangular; its diagonal does not show how small the smallest singular value is."""
    s, c = math.sin(theta), math.cos(theta)
    return np.diag(s ** np.arange(n)) @ (np.eye(n) - c * np.triu(np.ones((n, n)), 1))


def lauchli(n: int, small: float = 1e-7) -> np.ndarray:
    """A row of ones over a small multiple of the identity, (n + 1) × n: the normal equations lose it."""
    return np.vstack([np.ones(n), small * np.eye(n)])


def rosser(n: int = 8) -> np.ndarray:
    """Rosser's 8 × 8 matrix: a double eigenvalue, nearly equal ones, 0, and opposite ones."""
    return np.array(
        [
            [611, 196, -192, 407, -8, -52, -49, 29],
            [196, 899, 113, -192, -71, -43, -8, -44],
            [-192, 113, 899, 196, 61, 49, 8, 52],
            [407, -192, 196, 611, 8, 44, 59, -23],
            [-8, -71, 61, 8, 411, -599, 208, 208],
            [-52, -43, 49, 44, -599, 411, 208, 208],
            [-49, -8, 8, 59, 208, 208, 99, -911],
            [29, -44, 52, -23, 208, 208, -911, 99],
        ],
        dtype=float,
    )


def graded(n: int, ratio: float = 1e-2) -> np.ndarray:
    """Random, with rows and columns that shrink from one to the next."""
    scales = ratio ** np.arange(n)
    return scales[:, np.newaxis] * _random(n) * scales


def nearly_singular(n: int, gap: float = 1e-10) -> np.ndarray:
    """Random, its last column a combination of the others but for a small rest."""
    A = _random(n)
    A[:, -1] = A[:, :-1].sum(axis=1) + gap * A[:, -1]
    return A


def rank_deficient(n: int, rank: int | None = None) -> np.ndarray:
    """A product of integer matrices, exactly of the rank given (by default n // 2)."""
    rank = n // 2 if rank is None else rank
    random = np.random.default_rng(n)
    left = np.vstack([np.eye(rank), random.integers(-3, 4, (n - rank, rank))])
    right = np.hstack([np.eye(rank), random.integers(-3, 4, (rank, n - rank))])
    return left @ right


def defective(n: int, eigenvalue: float = 2.0) -> np.ndarray:
    """One Jordan block: a single direction of eigenvectors."""
    return eigenvalue * np.eye(n) + np.eye(n, k=1)


def well_conditioned(n: int) -> np.ndarray:
    """Random, plus enough on the diagonal."""
    return _random(n) + 3 * math.sqrt(n) * np.eye(n)


def _random(n: int) -> np.ndarray:
    return np.random.default_rng(n).standard_normal((n, n))


INVERTIBLE = (
    hilbert, vandermonde, frank, pascal, wilkinson_growth, kahan, graded, nearly_singular, defective, well_conditioned,
)  # fmt: skip
SYMMETRIC = (hilbert, pascal, wilkinson, rosser)
ALL = (*INVERTIBLE, wilkinson, lauchli, rosser, rank_deficient)
