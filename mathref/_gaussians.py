"""Gaussians in the three ways in which they are given: by a variance, by independent variances, by a matrix."""

import math
from typing import NamedTuple

import numpy as np
from numpy.linalg import LinAlgError
from numpy.typing import ArrayLike
from scipy.linalg import lapack, solve_triangular

from mathref import _double_double as dd
from mathref import _moments
from mathref._arguments import Array, as_array, in_double
from mathref._careful import divergence_terms
from mathref._double_double import Pair
from mathref._likelihoods import LN2_HIGH, LN2_LOW
from mathref._moments import Wide
from mathref._positive_definite import Factor, difference, factor, scaled, symmetric, without

_HALF_LOG_2PI = 0.9189385332046728  # ln(2π)/2
_LEAST_EIGENVALUE = -1e-12  # of the largest: what rounding may make of 0 in a semidefinite matrix
_NEAR = 0.5
_LARGEST_IN_TWO = 100  # entries of a Gaussian that are conditioned in two doubles within a fraction of a second


class Given(NamedTuple):
    """Mean and covariance in double precision, and as they were given."""

    mean: Array
    cov: Array
    arguments: tuple[Array, ...]

    @property
    def is_matrix(self) -> bool:
        """Whether the covariance is a matrix, and no number or vector of variances."""
        return self.cov.ndim == 2

    @property
    def matrix(self) -> Array:
        """The covariance as a matrix."""
        return self.cov if self.is_matrix else np.diag(np.atleast_1d(self.cov))


def as_gaussian(mean: ArrayLike, cov: ArrayLike, names: tuple[str, str] = ("mean", "cov")) -> Given:
    """Mean and covariance of fitting shapes; whether the covariance is definite is not asked here."""
    centre = as_array(mean, names[0], real=True)
    if centre.ndim > 1:
        raise ValueError(f"{names[0]} must be a number or a vector, but its shape is {centre.shape}")
    return Given(
        in_double(centre), as_covariance(cov, names[1], centre.shape, names[0]), (centre, as_array(cov, names[1]))
    )


def as_vector_gaussian(mean: ArrayLike, cov: ArrayLike) -> Given:
    """The same for a mean that must be a vector."""
    given = as_gaussian(mean, cov) if np.ndim(as_array(mean, "mean", real=True)) else None
    if given is None:
        raise ValueError("mean must be a vector here, but it is a number; write [mean] and [[cov]]")
    return given


def as_covariance(cov: ArrayLike, name: str, shape: tuple[int, ...] | None, mean: str = "mean") -> Array:
    """Variances or a symmetric matrix that fits a mean of this shape and name."""
    array = as_array(cov, name, real=True)
    if shape is not None:
        wanted = [shape, 2 * shape] if shape else [shape]
        if array.shape not in wanted:
            what = " or ".join(map(str, wanted)) if shape else "of one number, the variance"
            raise ValueError(f"{name} must have the shape {what}, as {mean} asks for, but it is {array.shape}")
    elif array.ndim > 2:
        raise ValueError(f"{name} must be a number, variances or a matrix, but its shape is {array.shape}")
    return symmetric(array, name) if array.ndim == 2 else in_double(array)


def refuse_nonpositive(variances: Array, name: str) -> None:
    """Raise unless all variances are positive."""
    if not (variances > 0).all():
        raise LinAlgError(f"{name} must be positive definite, but a variance is {variances.min().item()}")


def halved_squares(differences: Array, doubled: Array, variances: Array) -> Wide:
    """(difference · 2**doubled)² / (2 variance) entry by entry."""
    terms = _moments.wide(differences)
    squares = _moments.wide_product(terms, terms)
    return _moments.wide_quotient(Wide(squares.pair, squares.exponent + 2 * doubled - 1), _moments.wide(variances))


def log_density(x: Array, given: Given, names: tuple[str, str] = ("mean", "cov")) -> Array:
    """Logarithm of the density at each point."""
    if not given.is_matrix:
        return _log_density_of_independent(x, given, names[1])
    R = factor(given.cov, names[1])
    rows, exponents = R.whitened(*difference(np.atleast_2d(x), given.mean))
    with np.errstate(over="ignore"):
        distances = np.ldexp(-0.5 * np.add.reduce(rows * rows, axis=1), 2 * exponents)
    constant = -0.5 * R.log_det[0] - len(given.mean) * _HALF_LOG_2PI
    result: Array = distances + constant
    return result if x.ndim == 2 else result[0]


def _log_density_of_independent(x: Array, given: Given, name: str) -> Array:
    """The exact squares less the logarithms, summed in two doubles so that they may cancel."""
    refuse_nonpositive(given.cov, name)
    halves = halved_squares(*difference(x, given.mean), given.cov)
    with np.errstate(over="ignore"):
        squares = halves.rounded()
        within = np.isfinite(squares)
        less = np.where(within, np.ldexp(halves.pair[1], halves.exponent), 0.0)
        logs = dd.add(half_log(given.cov), dd.pair(np.full(given.cov.shape, _HALF_LOG_2PI)))
        high, low = dd.add((np.where(within, squares, 0.0), less), logs)
        if given.mean.ndim:
            entries = np.moveaxis(high, -1, 0) / 2**10, np.moveaxis(low, -1, 0) / 2**10  # their sum may overflow
            within, high = np.logical_and.reduce(within, axis=-1), dd.total(entries)[0] * 2**10
        return np.where(within, -high, -np.inf)


def half_log(variances: Array) -> tuple[Array, Array]:
    """½ ln of variances in two parts."""
    mantissas, exponents = np.frexp(variances)
    high, error = dd.renormalized(exponents * (LN2_HIGH / 2), 0.5 * np.log(mantissas) + exponents * (LN2_LOW / 2))
    return high, error


def log_det(cov: Array, name: str) -> float:
    """Logarithm of the determinant of a covariance."""
    if cov.ndim == 2:
        return float(factor(cov, name).log_det[0])
    refuse_nonpositive(cov, name)
    high, low = half_log(np.atleast_1d(cov))
    return 2 * math.fsum([*high.tolist(), *low.tolist()])


def root(given: Given) -> Array:
    """A with A Aᵀ = cov, which may be semidefinite; for variances, their roots."""
    A = given.cov
    if not given.is_matrix:
        if A.min() < min(0.0, _LEAST_EIGENVALUE * A.max()):
            raise LinAlgError(f"cov must be positive semidefinite, but a variance is {A.min().item()}")
        return np.sqrt(np.maximum(A, 0))
    try:
        R = factor(A, "cov")
    except LinAlgError:
        return _semidefinite_root(A)
    L: Array = np.ldexp(R.L, R.exponents[:, np.newaxis])
    return L


def refuse_indefinite(A: Array) -> None:
    """Raise if an eigenvalue is negative by more than rounding may make it."""
    exponent = int(np.frexp(np.abs(A).max())[1])
    values = np.linalg.eigvalsh(np.ldexp(A, -exponent))
    if values[0] < _LEAST_EIGENVALUE * max(values[-1], 0) or values[-1] < 0:
        raise LinAlgError(
            f"cov must be positive semidefinite, but its least eigenvalue is {np.ldexp(values[0], exponent).item():.3g}"
        )


def _semidefinite_root(A: Array) -> Array:
    refuse_indefinite(A)
    exponents, R = scaled(A)
    L, order, rank, _ = lapack.dpstrf(R, lower=1)
    L = np.tril(L)
    L[:, rank:] = 0
    rows = np.empty_like(L)
    rows[order - 1] = L
    return np.ldexp(rows, exponents[:, np.newaxis])


def divergence_of_independent(one: Given, other: Given) -> float:
    """KL divergence of Gaussians with independent entries, in nats; infinite beyond the range."""
    v0, v1 = np.atleast_1d(one.cov), np.atleast_1d(other.cov)
    m0, m1 = np.atleast_1d(one.mean), np.atleast_1d(other.mean)
    refuse_nonpositive(v0, "cov0")
    refuse_nonpositive(v1, "cov1")
    apart = halved_squares(*difference(m0, m1), v1).rounded()
    exponent = np.frexp(v1)[1]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        a, b = np.ldexp(v1, -exponent), np.ldexp(v0, -exponent)
        b = np.where(np.isfinite(b), b, 1.0)
        terms = divergence_terms(a, b, a - b, np.log(v1) - np.log(v0)) / a
        far = np.ldexp(v0, -exponent) / a
        terms = np.where(far < 1e300, terms, far)
    return _sum([*apart.tolist(), *(terms / 2).tolist()])


def divergence(one: Given, other: Given) -> float:
    """KL divergence in nats, right to most digits also where the two nearly agree; infinite beyond the range."""
    R0, R1 = factor(one.matrix, "cov0"), factor(other.matrix, "cov1")
    rows, exponents = R1.whitened(*difference(np.atleast_2d(one.mean), other.mean))
    with np.errstate(over="ignore"):
        apart = float(np.ldexp(0.5 * (rows * rows).sum(), 2 * int(exponents[0])))
        return _sum([apart, _divergence_of_matrices(one.matrix, other.matrix, R0, R1)])


def _divergence_of_matrices(A: Array, B: Array, R0: Factor, R1: Factor) -> float:
    """½ Σ (λ - ln(1 + λ)) for the eigenvalues λ of B⁻¹ (A - B) where all are small; trace and determinants else."""
    k = R1.exponents
    change = np.ldexp(A - B, -(k[:, np.newaxis] + k))
    if np.abs(change).max() < 4:
        half = solve_triangular(R1.L, change, lower=True, check_finite=False)
        relative = solve_triangular(R1.L, half.T, lower=True, check_finite=False)
        if np.linalg.norm(relative) <= _NEAR:
            values = np.linalg.eigvalsh((relative + relative.T) / 2)
            ones = np.ones_like(values)
            return 0.5 * math.fsum(divergence_terms(ones, ones + values, -values, -np.log1p(values)).tolist())
    shift = R0.exponents - k
    largest = int(shift.max())
    if largest > 500:
        return math.inf
    rows = np.ldexp(R0.L, shift[:, np.newaxis] - max(largest, 0))
    spread = solve_triangular(R1.L, rows, lower=True, check_finite=False)
    trace = math.ldexp(float((spread * spread).sum()), 2 * max(largest, 0))
    (h0, l0), (h1, l1) = R0.log_det, R1.log_det
    return 0.5 * math.fsum([trace, -float(len(A)), float(h1), float(l1), -float(h0), -float(l0)])


def _sum(terms: list[float]) -> float:
    return math.fsum(terms) if all(map(math.isfinite, terms)) and sum(terms) < math.inf else math.inf


def conditioned(mean: Array, A: Array, observed: list[int], values: Array) -> tuple[Array, Array]:
    """Mean and covariance of the other entries once entries are observed, one after another."""
    exponents, R = scaled(A)
    less = difference(values, mean[observed])
    mantissas, powers = np.frexp(less[0])
    powers = np.where(mantissas != 0, powers + less[1] - exponents[observed], -9999)
    common = int(powers.max())  # the shift is linear in the gaps, so that a power of 2 may be taken out
    gap = np.ldexp(mantissas, powers - common)
    others = [i for i in range(len(mean)) if i not in set(observed)]
    large = len(mean) > _LARGEST_IN_TWO
    shift, rest = (_seen_at_once if large else _seen_in_turn)(R, observed, others, gap)
    k = exponents[others]
    with np.errstate(over="ignore"):
        cov = np.ldexp(rest, k[:, np.newaxis] + k)
        return _moved(mean[others], shift, k + common), cov


def _seen_in_turn(R: Array, observed: list[int], others: list[int], gap: Array) -> tuple[Pair, Array]:
    """How the other entries move and how they still vary, by elimination in two doubles."""
    rest, shift = dd.pair(R), dd.pair(np.zeros(len(R)))
    for j, value in zip(observed, gap.tolist(), strict=True):
        column = rest[0][:, j], rest[1][:, j]
        gain = dd.divide(column, (column[0][j : j + 1], column[1][j : j + 1]))
        wanted = dd.add(dd.pair(np.array([value])), (-shift[0][j : j + 1], -shift[1][j : j + 1]))
        shift = dd.add(shift, dd.multiply(gain, wanted))
        rest = without(rest, j)
    return (shift[0][others], shift[1][others]), rest[0][np.ix_(others, others)]


def _seen_at_once(R: Array, observed: list[int], others: list[int], gap: Array) -> tuple[Pair, Array]:
    """The same for many entries, by blocks of a Cholesky factor in doubles."""
    order, k = [*observed, *others], len(observed)
    L = lapack.dpotrf(R[np.ix_(order, order)], lower=1, clean=1)[0]
    return dd.pair(L[k:, :k] @ solve_triangular(L[:k, :k], gap, lower=True)), L[k:, k:] @ L[k:, k:].T


def _moved(mean: Array, shift: tuple[Array, Array], exponents: Array) -> Array:
    high, low = np.ldexp(shift[0], exponents), np.ldexp(shift[1], exponents)
    result: Array = mean + high
    with np.errstate(invalid="ignore"):
        rest = dd.add(dd.pair(mean), (high, low))[0]
    return np.where(np.isfinite(rest), rest, result)


def mapped(A: Array, x: Array, b: Array) -> Array:
    """A x + b, with products and sums in twice the digits of doubles."""
    terms = _moments.wide_product(_moments.wide(A.T), _moments.wide(np.broadcast_to(x[:, np.newaxis], A.T.shape)))
    last = _moments.wide(in_double(b)[np.newaxis])
    high, low, exponents = (
        np.concatenate(parts) for parts in zip((*terms.pair, terms.exponent), (*last.pair, last.exponent), strict=True)
    )
    return _moments.wide_sum(Wide((high, low), exponents)).rounded()
