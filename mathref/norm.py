"""Norm: the size of a vector or a matrix, as one number that is zero for zero alone."""

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, refuse_nonfinite
from mathref._arguments.precision import in_double
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_choice, as_number
from mathref._numerics.powers_of_two import float_times_power_of_two, moderate, scaled
from mathref._numerics.singularity import is_exactly_singular

_KINDS = ("frobenius", "spectral", "nuclear", "one", "inf")
# A sum of squares between these holds no square that overflowed, and those that underflowed do not reach its digits.
_SMALLEST_SAFE, _LARGEST_SAFE = 1e-280, 1e300


def vector_norm(x: ArrayLike, p: float = 2) -> float:
    """Length of a vector in the p-norm.

    Parameters
    ----------
    x : array_like of shape (n,)
        Vector, real or complex.
    p : float, default 2
        2 for the Euclidean length, 1 for the sum of the moduli, `math.inf` for the largest modulus, 0 for the number
        of entries other than zero, or any other number, at least 0.

    Returns
    -------
    float
        The norm, in the units of x (for p = 0 a count); infinite if it is beyond the range of a double.

    Raises
    ------
    ValueError
        If p is negative or NaN, or x is not a vector, is empty, or holds NaN or infinity.
    TypeError
        If p is not a real number.

    See Also
    --------
    matrix_norm : sizes of a matrix.

    Notes
    -----
    (Σ |xᵢ|ᵖ)^(1/p), and its limit for p = inf. It is a norm for p ≥ 1: below, the triangle inequality fails, and p = 0
    does not even scale. Entries near 1e200 or 1e-200, whose squares leave the range of doubles, are scaled first.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 2.2.
    Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 27.8.

    Examples
    --------
    >>> vector_norm([3, 4]), vector_norm([3, 4], 1), vector_norm([3, 4], math.inf), vector_norm([3, 0, 4], 0)
    (5.0, 7.0, 4.0, 2.0)
    >>> vector_norm([1e200, 1e-200])
    1e+200
    """
    x = as_vector(x, "x", finite=False)
    if type(p) is not int or p != 2:
        p = math.inf if _is_infinite(p) else as_number(p, "p", least=0)
    if p == 2:
        return _length(x, "x")
    if p == 0:
        refuse_nonfinite(x, "x")
        return float(np.count_nonzero(x))
    return _within_digits(lambda x: _from_moduli(np.abs(x), p), x, "x")


def matrix_norm(A: ArrayLike, kind: str = "frobenius") -> float:
    """Size of a matrix.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Matrix, real or complex.
    kind : {"frobenius", "spectral", "nuclear", "one", "inf"}, default "frobenius"
        With the singular values σ of A: "frobenius" is √Σ|Aᵢⱼ|² = √Σσ², "spectral" the largest σ, "nuclear" the sum of
        the σ. "one" is the largest column sum of moduli, "inf" the largest row sum.

    Returns
    -------
    float
        The norm, in the units of A; infinite if it is beyond the range of a double.

    Raises
    ------
    ValueError
        If the kind is none of these, or A is not a matrix, is empty, or holds NaN or infinity.

    See Also
    --------
    vector_norm : of a vector; "spectral", "one" and "inf" are the most that its 2, 1 and inf norm grow by A.

    Notes
    -----
    Each satisfies ‖A B‖ ≤ ‖A‖ ‖B‖. "frobenius", "one" and "inf" cost one pass over A, the others its singular values,
    about 4mn² operations for m ≥ n.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 2.3.
    Horn and Johnson (2013), Matrix Analysis, 2nd ed., section 5.6.

    Examples
    --------
    >>> A = [[3, 0], [4, 5]]
    >>> matrix_norm(A, "one"), matrix_norm(A, "inf")
    (7.0, 9.0)
    >>> round(matrix_norm(A) ** 2, 12), round(matrix_norm(A, "spectral") ** 2, 12)
    (50.0, 45.0)
    """
    A = as_matrix(A, "A", finite=False)
    if as_choice(kind, "kind", _KINDS) == "frobenius":
        return _length(A, "A")
    if kind in ("one", "inf"):
        return _within_digits(lambda x: float(_sum(np.abs(x), axis=0 if kind == "one" else 1).max()), A, "A")
    refuse_nonfinite(A, "A")
    matrix, exponent = moderate(A)
    values = np.linalg.svd(matrix, compute_uv=False)
    return float_times_power_of_two(float(values[0] if kind == "spectral" else _sum(values)), exponent)


def condition_number(A: ArrayLike) -> float:
    """Largest factor by which relative errors of the data grow in the solution of A x = b.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Matrix, real or complex; for a rectangular one the factor is that of least squares without a residual.

    Returns
    -------
    float
        σ₁ / σₖ, the largest singular value over the last, k = min(m, n), without units; from 1 (multiples of orthogonal
        matrices) to inf (dependent columns, and rows).

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity.

    See Also
    --------
    matrix_norm : ‖A‖ ‖A⁻¹‖ in the spectral norm is this number.

    Notes
    -----
    Of the 16 digits of a double about log₁₀ of it are lost. The singular values are right to σ₁ · 2.2e-16, so that a
    result near 1e16 or above is only an order of magnitude. Whether the stored columns are exactly dependent (σₖ = 0)
    is decided in whole numbers, for up to 500 rows and columns.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 2.6.
    Trefethen and Bau (1997), Numerical Linear Algebra, lecture 12.

    Examples
    --------
    >>> condition_number([[1, 0], [0, 100]])
    100.0
    >>> condition_number([[1, 2], [2, 4]])
    inf
    """
    A = in_double(as_matrix(A, "A"))
    values = np.linalg.svd(scaled(A)[0], compute_uv=False)
    largest, smallest = float(values[0]), float(values[-1])
    if smallest == 0 or (smallest < largest * 1e-13 * max(A.shape) and _has_dependent_columns(A)):
        return math.inf
    return largest / smallest


def _has_dependent_columns(A: Array) -> bool:
    """Exactly, for the taller of A and its transpose; columns of random numbers make it square."""
    tall = A if A.shape[0] >= A.shape[1] else A.T
    missing = tall.shape[0] - tall.shape[1]
    columns = np.random.default_rng(0).standard_normal((len(tall), missing)) if missing else tall[:, :0]
    return is_exactly_singular(np.concatenate([tall, columns], axis=1))


def _is_infinite(p: Any) -> bool:
    return isinstance(p, Real) and p == math.inf


def _length(x: Array, name: str) -> float:
    """Euclidean length by BLAS; only where its squares leave the safe range, once more with x scaled."""
    squares = _sum_of_squares(in_double(x))
    if _SMALLEST_SAFE < squares < _LARGEST_SAFE:
        return math.sqrt(squares)
    refuse_nonfinite(x, name)
    x, exponent = scaled(x)
    return float_times_power_of_two(math.sqrt(_sum_of_squares(x)), exponent)


def _sum_of_squares(x: Array) -> float:
    flat = x.ravel(order="K")
    return float(np.vdot(flat, flat).real)


def _sum(moduli: Array, axis: int | None = None) -> Any:
    with np.errstate(all="ignore"):
        return moduli.sum(axis=axis)


@np.errstate(all="ignore")
def _within_digits(norm: Callable[[Array], float], x: Array, name: str) -> float:
    """A norm from moduli; once more with x scaled where subnormal parts have a modulus that has been rounded.

    A finite norm proves finite entries; from finite entries it is infinite only beyond the largest double.
    """
    size = norm(in_double(x))
    if not math.isfinite(size):
        refuse_nonfinite(x, name)
    elif size < _SMALLEST_SAFE and x.dtype.kind == "c":
        x, exponent = scaled(x)
        return float_times_power_of_two(norm(x), exponent)
    return size


@np.errstate(all="ignore")
def _from_moduli(moduli: Array, p: float) -> float:
    """(Σ xᵢᵖ)^(1/p), in place, with the largest modulus taken out: each power is at most 1, their sum at least 1."""
    if p == 1:
        return float(_sum(moduli))
    largest = float(moduli.max())
    if p == math.inf or not 0 < largest < math.inf:
        return largest
    moduli /= largest
    moduli **= p
    total = float(moduli.sum())
    try:
        return largest * math.pow(total, 1 / p)
    except OverflowError:  # the root alone leaves the range; times a small modulus it may not
        logarithm = math.log2(total) / p
        return float_times_power_of_two(largest * 2.0 ** (logarithm % 1), math.floor(min(logarithm, 4096)))
