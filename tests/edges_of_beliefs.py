"""What Bayes' rule, Gaussians and likelihoods give for numbers at the ends of the range, and what is right."""

import mpmath
import numpy as np
from edges import ENTRY, LARGEST, flat, like, mp, mp_dot, numbers
from edges_of_moments import mp_covs, mp_mean

from mathref import bayes, gaussian, maximum_likelihood

PRIOR = (0.5, 0.25, 0.25)


def cov(A):
    """A positive definite matrix of the sizes of A: A itself, or its diagonal where it is not symmetric."""
    return A if (A == A.T).all() else np.diag(A.diagonal())


def mp_cov(x, y, w=(1, 1, 1)):
    pairs = [(a - mp_mean(x, w), b - mp_mean(y, w)) for a, b in zip(numbers(x), numbers(y), strict=True)]
    return mpmath.fsum(c * a * b for c, (a, b) in zip(numbers(w), pairs, strict=True)) / mpmath.fsum(numbers(w))


def mp_distance(x, centre, C):
    """Squared distance in the covariance C."""
    gap = mp(x) - mp(centre)
    return (gap.T * mp(C) ** -1 * gap)[0]


def mp_log_density(x, centre, C):
    return -(mp_distance(x, centre, C) + mpmath.log(mpmath.det(mp(C))) + 3 * mpmath.log(2 * mpmath.pi)) / 2


def mp_divergence(m0, C0, m1, C1):
    product = mp(C1) ** -1 * mp(C0)
    trace = mpmath.fsum(product[i, i] for i in range(3))
    return (trace - 3 - mpmath.log(mpmath.det(product)) + mp_distance(m1, m0, C1)) / 2


def mp_loss(means, logs):
    """Divergence of each row from the standard normal distribution."""
    pairs = zip(map(numbers, means), map(numbers, logs), strict=True)
    terms = [[m**2 + mpmath.exp(s) - 1 - s for m, s in zip(map(mpmath.mpf, ms), ls, strict=True)] for ms, ls in pairs]
    return [mpmath.fsum(row) / 2 for row in terms]


def mp_sample(A):
    z = mp(np.random.default_rng(0).standard_normal((4, 3)))
    points = z * mpmath.cholesky(mp(cov(A))).T
    return [points[i, j] + mpmath.mpf(float(A[0, j])) for i in range(4) for j in range(3)]


def mp_conditional(A):
    """Mean and covariance of entries 0 and 2 given that entry 1 is A₂₁."""
    C, m = mp(cov(A)), [mpmath.mpf(x) for x in numbers(A[0])]
    gap = (mpmath.mpf(float(A[2, 1])) - m[1]) / C[1, 1]
    means = [m[i] + C[i, 1] * gap for i in (0, 2)]
    return means + [C[i, j] - C[i, 1] * C[1, j] / C[1, 1] for i in (0, 2) for j in (0, 2)]


def mp_product(rows):
    return [mpmath.fprod(column) for column in zip(*map(numbers, rows), strict=True)]


def mp_posterior(prior, likelihoods):
    terms = [p * x for p, x in zip(prior, likelihoods, strict=True)]
    return [x / mpmath.fsum(terms) for x in terms]


def mp_exps(A):
    """Likelihoods whose logarithms are the sums of the columns of -A."""
    return [mpmath.exp(-mpmath.fsum(numbers(column))) for column in A.T]


def mp_shares(counts, more=0.0):
    total = mpmath.fsum(numbers(counts)) + 3 * mpmath.mpf(float(more))
    return [(mpmath.mpf(x) + mpmath.mpf(float(more))) / total for x in numbers(counts)]


def mp_laplace(x):
    low, middle, high = sorted(numbers(x))
    return [middle, (mpmath.mpf(high) - low) / 3]


FUNCTIONS = {
    bayes.posterior: (
        lambda A: flat(bayes.posterior(like(A, *PRIOR), A), bayes.posterior(like(A, *PRIOR), -A, log=True)),
        lambda A: mp_posterior(PRIOR, mp_product(A)) + mp_posterior(PRIOR, mp_exps(A)),
        ENTRY,
    ),
    bayes.log_evidence: (
        lambda A: bayes.log_evidence(like(A, *PRIOR), A),
        lambda A: mpmath.log(mpmath.fdot(PRIOR, mp_product(A))),
        ENTRY,
    ),
    bayes.log_bayes_factor: (
        lambda A: [bayes.log_bayes_factor(A[0], A[1]), bayes.log_bayes_factor(-A[0], -A[1], log=True)],
        lambda A: [
            mpmath.log(mpmath.fprod(numbers(A[0])) / mpmath.fprod(numbers(A[1]))),
            mpmath.fsum(numbers(A[1])) - mpmath.fsum(numbers(A[0])),
        ],
        ENTRY,
    ),
    bayes.bayes_factor: (
        lambda A: bayes.bayes_factor(A[0], A[1]),
        lambda A: mpmath.fprod(numbers(A[0])) / mpmath.fprod(numbers(A[1])),
        ENTRY,
    ),
    gaussian.gaussian_logpdf: (
        lambda A: flat(gaussian.gaussian_logpdf(A, A[1], cov(A)), gaussian.gaussian_logpdf(A, A[1], A.diagonal())),
        lambda A: [mp_log_density(x, A[1], C) for C in (cov(A), np.diag(A.diagonal())) for x in A],
        ENTRY,
    ),
    gaussian.gaussian_sample: (
        lambda A: gaussian.gaussian_sample(A[0], cov(A), 4, np.random.default_rng(0)),
        mp_sample,
        LARGEST,
    ),
    gaussian.gaussian_kl: (
        lambda A: [
            gaussian.gaussian_kl(A[0], cov(A), A[1], A.diagonal()),
            gaussian.gaussian_kl(A[0], A.diagonal(), A[1], A.diagonal()[::-1]),
        ],
        lambda A: [
            mp_divergence(A[0], cov(A), A[1], np.diag(A.diagonal())),
            mp_divergence(A[0], np.diag(A.diagonal()), A[1], np.diag(A.diagonal()[::-1])),
        ],
        ENTRY,
    ),
    gaussian.kl_to_standard_normal: (
        lambda A: gaussian.kl_to_standard_normal(A, -A),
        lambda A: mp_loss(A, -A),
        ENTRY,
    ),
    gaussian.gaussian_entropy: (
        lambda A: gaussian.gaussian_entropy(cov(A)),
        lambda A: (mpmath.log(mpmath.det(mp(cov(A)))) + 3 * mpmath.log(2 * mpmath.pi * mpmath.e)) / 2,
        ENTRY,
    ),
    gaussian.gaussian_affine: (
        lambda A: flat(*gaussian.gaussian_affine(A[0], cov(A), A, A[2])),
        lambda A: [*(mp(A) * mp(A[0]) + mp(A[2])), *(mp(A) * mp(cov(A)) * mp(A).T)],
        ENTRY,
    ),
    gaussian.gaussian_marginal: (
        lambda A: flat(*gaussian.gaussian_marginal(A[0], cov(A), [2, 0])),
        lambda A: [*(mp(A[0])[i] for i in (2, 0)), *(mp(cov(A))[i, j] for i in (2, 0) for j in (2, 0))],
        ENTRY,
    ),
    gaussian.gaussian_conditional: (
        lambda A: flat(*gaussian.gaussian_conditional(A[0], cov(A), [1], A[2, 1:2])),
        mp_conditional,
        ENTRY,
    ),
    maximum_likelihood.log_likelihood: (
        lambda A: maximum_likelihood.log_likelihood(lambda x: -x, A[0]),
        lambda A: -mpmath.fsum(numbers(A[0])),
        ENTRY,
    ),
    maximum_likelihood.categorical_log_likelihood: (
        lambda A: maximum_likelihood.categorical_log_likelihood(A[0], like(A, *PRIOR)),
        lambda A: mp_dot(A[0], [mpmath.log(p) for p in PRIOR]),
        ENTRY,
    ),
    maximum_likelihood.fit_categorical: (
        lambda A: flat(
            maximum_likelihood.fit_categorical(A[0]),
            maximum_likelihood.fit_categorical(A[0], smoothing=float(A[1, 0])),
        ),
        lambda A: mp_shares(A[0]) + mp_shares(A[0], A[1, 0]),
        ENTRY,
    ),
    maximum_likelihood.fit_gaussian: (
        lambda A: flat(*maximum_likelihood.fit_gaussian(A)),
        lambda A: [mp_mean(x) for x in A.T] + mp_covs(A, A),
        ENTRY,
    ),
    maximum_likelihood.fit_laplace: (
        lambda A: list(maximum_likelihood.fit_laplace(A[:, 0])),
        lambda A: mp_laplace(A[:, 0]),
        ENTRY,
    ),
}
# Of these the documentation says that they are infinite beyond the largest double, or for what is impossible.
INFINITE = {bayes.bayes_factor, bayes.log_bayes_factor, gaussian.gaussian_logpdf, gaussian.kl_to_standard_normal}
