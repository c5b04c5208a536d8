"""What means, variances and covariances are for numbers at the ends of the range."""

import mpmath
import numpy as np
from edges import ENTRY, LARGEST, flat, like, mp, mp_dot, numbers

from mathref import covariance, expectation, normalization, pca

PRIOR = (0.5, 0.25, 0.25)


def cov(A):
    """A positive definite matrix of the sizes of A: A itself, or its diagonal where it is not symmetric."""
    return A if (A == A.T).all() else np.diag(A.diagonal())


def mp_mean(x, w=(1, 1, 1)):
    return mp_dot(x, w) / mpmath.fsum(numbers(w))


def mp_cov(x, y, w=(1, 1, 1)):
    pairs = [(a - mp_mean(x, w), b - mp_mean(y, w)) for a, b in zip(numbers(x), numbers(y), strict=True)]
    return mpmath.fsum(c * a * b for c, (a, b) in zip(numbers(w), pairs, strict=True)) / mpmath.fsum(numbers(w))


def mp_covs(X, Y):
    return [mp_cov(x, y) for x in X.T for y in Y.T]


def mp_moments(*rows):
    """Means of the columns, and sums of squares about them."""
    columns = list(zip(*map(numbers, rows), strict=True))
    ones = [1] * len(rows)
    return [mp_mean(x, ones) for x in columns] + [len(rows) * mp_cov(x, x, ones) for x in columns]


def mp_combined(A):
    """Moments of two examples with mean A₀ and M2 = A₁, and one with mean A₂ and M2 = A₀."""
    a = mp(A)
    means = [(2 * a[0, j] + a[2, j]) / 3 for j in range(3)]
    within = [a[1, j] + a[0, j] for j in range(3)]
    apart = [2 * (a[0, j] - means[j]) ** 2 + (a[2, j] - means[j]) ** 2 for j in range(3)]
    return means + [x + y for x, y in zip(within, apart, strict=True)]


def mp_running(A):
    parts = [mp_moments(*A[:k]) for k in (1, 2, 3)]
    return [x for part in parts for x in part[:3]] + [x for part in parts for x in part[3:]]


def mp_whitened(A):
    """Centred columns times L⁻ᵀ for the covariance L Lᵀ of the first two, and L⁻ᵀ itself."""
    X = A[:, :2]
    L = mpmath.cholesky(mpmath.matrix(2, 2) + mpmath.matrix([mp_covs(X, X)[:2], mp_covs(X, X)[2:]]))
    transform = (L**-1).T
    centred = mpmath.matrix([[mpmath.mpf(float(x)) - mp_mean(column) for x in column] for column in X.T]).T
    return [*(centred * transform), *transform]


def mp_distance(x, centre, C):
    """Squared distance in the covariance C."""
    gap = mp(x) - mp(centre)
    return (gap.T * mp(C) ** -1 * gap)[0]


def turned(A):
    """Principal components of the type and size of A that turn two of three axes."""
    C = like(A, 0.6, 0.8, 0.0, 0.8, -0.6, 0.0).reshape(2, 3)
    return pca.PrincipalComponents(C, like(A, 1, 1), like(A, 0.5, 0.5), A[1])


def mp_centred(A):
    return mp(A) - mp([A[1]] * 3)


def mp_principal(A):
    """Two components and their shares of the variance, and their variances."""
    S = mpmath.matrix([mp_covs(A, A)[i : i + 3] for i in (0, 3, 6)]) * 3 / 2
    values, Q = mpmath.eigsy(S)
    columns = [[Q[i, j] for i in range(3)] for j in (2, 1)]
    signed = [[x * mpmath.sign(max(column, key=abs)) for x in column] for column in columns]
    return signed[0] + signed[1] + [values[j] / mpmath.fsum(values) for j in (2, 1)] + [values[2], values[1]]


def mp_left_out(A):
    rows, C = mp_centred(A), mp(turned(A).components)
    rest = rows - rows * C.T * C
    return [mpmath.fsum(x * x for x in rest) / 2]


def mp_normalized(x, gamma=(1, 1, 1)):
    """γ (x - mean) / √variance."""
    mean, root = mp_mean(x), mpmath.sqrt(mp_cov(x, x))
    return [g * (v - mean) / root for v, g in zip(numbers(x), numbers(gamma), strict=True)]


def mp_over_root(x, gamma):
    root = mpmath.sqrt(mp_dot(x, x) / 3)
    return [mpmath.mpf(g) * v / root for v, g in zip(numbers(x), numbers(gamma), strict=True)]


FUNCTIONS = {
    expectation.mean: (
        lambda A: flat(expectation.mean(A * like(A, 1, -1, 1)[:, np.newaxis]), expectation.mean(A, A[:, 0])),
        lambda A: [mp_mean(x * [1, -1, 1]) for x in A.T] + [mp_mean(x, A[:, 0]) for x in A.T],
        ENTRY,
    ),
    expectation.variance: (
        lambda A: flat(expectation.variance(A), expectation.variance(A, A[:, 0])),
        lambda A: [mp_cov(x, x) for x in A.T] + [mp_cov(x, x, A[:, 0]) for x in A.T],
        ENTRY,
    ),
    expectation.standard_deviation: (
        lambda A: expectation.standard_deviation(A),
        lambda A: [mpmath.sqrt(mp_cov(x, x)) for x in A.T],
        ENTRY,
    ),
    expectation.standardize: (
        lambda A: expectation.standardize(A).T,
        lambda A: [(y - mp_mean(x)) / mpmath.sqrt(mp_cov(x, x)) for x in A.T for y in numbers(x)],
        ENTRY,
    ),
    expectation.expectation: (
        lambda A: expectation.expectation(A, like(A, *PRIOR)),
        lambda A: [mp_dot(x, PRIOR) for x in A.T],
        ENTRY,
    ),
    expectation.moments: (lambda A: flat(*expectation.moments(A)[1:]), lambda A: mp_moments(*A), ENTRY),
    expectation.combine_moments: (
        lambda A: flat(*expectation.combine_moments((2, A[0], A[1]), (1, A[2], A[0]))[1:]),
        mp_combined,
        ENTRY,
    ),
    expectation.running_moments: (lambda A: flat(*expectation.running_moments(A)[1:]), mp_running, ENTRY),
    covariance.covariance: (covariance.covariance, lambda A: mp_covs(A, A), ENTRY),
    covariance.cross_covariance: (
        lambda A: covariance.cross_covariance(A, A[:, :1]),
        lambda A: mp_covs(A, A[:, :1]),
        ENTRY,
    ),
    covariance.correlation: (
        covariance.correlation,
        lambda A: [mp_cov(x, y) / mpmath.sqrt(mp_cov(x, x) * mp_cov(y, y)) for x in A.T for y in A.T],
        ENTRY,
    ),
    covariance.whiten: (
        lambda A: flat(*covariance.whiten(A[:, :2], method="cholesky")[:2]),
        mp_whitened,
        ENTRY,
    ),
    covariance.mahalanobis: (
        lambda A: covariance.mahalanobis(A, A[1], cov(A)),
        lambda A: [mpmath.sqrt(mp_distance(x, A[1], cov(A))) for x in A],
        ENTRY,
    ),
    pca.pca: (
        lambda A: flat(
            *(getattr(pca.pca(A, 2), part) for part in ("components", "explained_variance_ratio")),
            pca.pca(A, 2).explained_variance,
        ),
        mp_principal,
        LARGEST,
    ),
    pca.transform: (
        lambda A: pca.transform(A, turned(A)),
        lambda A: mp_centred(A) * mp(turned(A).components).T,
        LARGEST,
    ),
    pca.inverse_transform: (
        lambda A: pca.inverse_transform(A[:, 1:], turned(A)),
        lambda A: mp(A[:, 1:]) * mp(turned(A).components) + mp([A[1]] * 3),
        LARGEST,
    ),
    pca.reconstruction_error: (lambda A: pca.reconstruction_error(A, turned(A)), mp_left_out, ENTRY),
    normalization.layer_norm: (
        lambda A: normalization.layer_norm(A, gamma=A[0], eps=0),
        lambda A: [y for x in A for y in mp_normalized(x, A[0])],
        ENTRY,
    ),
    normalization.rms_norm: (
        lambda A: normalization.rms_norm(A, gamma=A[0], eps=0),
        lambda A: [y for x in A for y in mp_over_root(x, A[0])],
        ENTRY,
    ),
    normalization.batch_norm: (
        lambda A: flat(*normalization.batch_norm(A, momentum=0.5, eps=0)[:2]),
        lambda A: (
            list(np.ravel(np.array([mp_normalized(x) for x in A.T], dtype=object).T)) + [mp_mean(x) / 2 for x in A.T]
        ),
        ENTRY,
    ),
    normalization.group_norm: (
        lambda A: normalization.group_norm(A, 1, gamma=A[0], eps=0),
        lambda A: [y for x in A for y in mp_normalized(x, A[0])],
        ENTRY,
    ),
}
# Of others columns depend on each other, or the variances are not of one size.
ONE_SIZE = {covariance.whiten, pca.pca}
