"""Divergences of Gaussians, with their digits also where the two nearly agree."""

import math

import numpy as np
from scipy.linalg import solve_triangular

from mathref._arguments.arrays import Array
from mathref._arguments.gaussians import Given
from mathref._numerics.covariances import Factor, factor, refuse_nonpositive
from mathref._numerics.gaussian_densities import difference, halved_squares
from mathref._numerics.information import divergence_terms
from mathref._numerics.powers_of_two import times_powers_of_two

_NEAR = 0.5


def divergence_of_independent(one: Given, other: Given) -> float:
    """KL divergence of Gaussians with independent entries, in nats; infinite beyond the range."""
    v0, v1 = np.atleast_1d(one.cov), np.atleast_1d(other.cov)
    m0, m1 = np.atleast_1d(one.mean), np.atleast_1d(other.mean)
    refuse_nonpositive(v0, "cov0")
    refuse_nonpositive(v1, "cov1")
    apart = halved_squares(*difference(m0, m1), v1).rounded()
    exponent = np.frexp(v1)[1]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        a, b = times_powers_of_two(v1, -exponent), times_powers_of_two(v0, -exponent)
        terms = divergence_terms(a, b, a - b, np.log(v1) - np.log(v0)) / a
        far = times_powers_of_two(v0, -exponent) / a
        terms = np.where(far < 1e300, terms, far)
    return _sum([*apart.tolist(), *(terms / 2).tolist()])


def divergence(one: Given, other: Given) -> float:
    """KL divergence in nats, right to most digits also where the two nearly agree; infinite beyond the range."""
    R0, R1 = factor(one.matrix, "cov0"), factor(other.matrix, "cov1")
    squares, exponents = R1.squared(*difference(np.atleast_2d(one.mean), other.mean))
    with np.errstate(over="ignore"):
        apart = float(times_powers_of_two(0.5 * squares[0], 2 * int(exponents[0])))
        return _sum([apart, _divergence_of_matrices(one.matrix, other.matrix, R0, R1)])


def _divergence_of_matrices(A: Array, B: Array, R0: Factor, R1: Factor) -> float:
    """½ Σ (λ - ln(1 + λ)) for the eigenvalues λ of B⁻¹ (A - B) where all are small; trace and determinants else."""
    k = R1.exponents
    change = times_powers_of_two(A - B, -(k[:, np.newaxis] + k))
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
    rows = times_powers_of_two(R0.L, shift[:, np.newaxis] - max(largest, 0))
    spread = solve_triangular(R1.L, rows, lower=True, check_finite=False)
    with np.errstate(under="ignore"):  # of what is nothing beside the number of entries
        trace = math.ldexp(float((spread * spread).sum()), 2 * max(largest, 0))
    (h0, l0), (h1, l1) = R0.log_det, R1.log_det
    return 0.5 * math.fsum([trace, -float(len(A)), float(h1), float(l1), -float(h0), -float(l0)])


def _sum(terms: list[float]) -> float:
    return math.fsum(terms) if all(map(math.isfinite, terms)) and sum(terms) < math.inf else math.inf
