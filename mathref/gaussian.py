"""Gaussian: the bell-shaped density that mean and covariance determine, its conditionals and divergences."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.examples import as_indices, as_reduced_axes, as_rows
from mathref._arguments.gaussians import Given, as_covariance, as_gaussian, as_vector_gaussian
from mathref._arguments.generators import as_generator
from mathref._arguments.lengths import refuse_too_large
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.probabilities import as_base
from mathref._arguments.results import array_result, arrays_among, as_result, number_or_array, number_result
from mathref._arguments.shapes import as_matrix, as_vector, refuse_unequal_shapes
from mathref._arguments.single import as_integer, as_number
from mathref._numerics.column_products import mirrored
from mathref._numerics.covariances import balanced, factor, refuse_indefinite, refuse_nonpositive, root
from mathref._numerics.gaussian_densities import log_density, log_det
from mathref._numerics.gaussian_divergences import divergence, divergence_of_independent
from mathref._numerics.gaussian_parts import conditioned, mapped
from mathref._numerics.information import divergence_terms
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._workings.gaussian import gaussian_kl_working
from mathref._workings.steps import Working

_LOG_2PI_E = 2.8378770664093453  # ln(2πe)


class Gaussian(NamedTuple):
    """Mean and covariance of a Gaussian: two numbers, or a vector and a matrix."""

    mean: float | Array
    cov: float | Array


def gaussian_logpdf(x: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> Any:
    """Natural logarithm of the Gaussian density.

    Parameters
    ----------
    x : array_like of shape (d,) or (n, d), or of any shape
        Real points: one, or n as rows. If mean is a number, numbers in any shape.
    mean : array_like of shape (d,), or number
        Mean, real, in the units of x.
    cov : array_like of shape (d, d) or (d,), or number
        Covariance matrix, symmetric and positive definite, or the variances of independent entries; if mean is a
        number, the variance.

    Returns
    -------
    float or ndarray
        -½ (x - μ)ᵀ Σ⁻¹ (x - μ) - ½ ln det Σ - (d/2) ln 2π: a float for one point, of shape (n,) for n of them, of x's
        shape if mean is a number.

    Raises
    ------
    ValueError
        If shapes do not fit, cov is not symmetric, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If cov is not positive definite, also if a variance is 0.

    See Also
    --------
    gaussian_pdf : the density itself, which underflows in the tails.
    mathref.covariance.mahalanobis : the distance by which it falls.

    Notes
    -----
    By a Cholesky factor of the correlations, with the sizes of the entries as powers of 2 apart. -inf is returned only
    where the logarithm itself is below -1.8e308. O(d³ + n d²).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.

    Examples
    --------
    >>> round(gaussian_logpdf(0, 0, 1), 12)
    -0.918938533205
    >>> gaussian_logpdf([1e3, -1e8], 0, 1).round(3)
    array([-5.00000919e+05, -5.00000000e+15])
    >>> round(gaussian_logpdf([1, 2], [0, 0], [[2, 1], [1, 2]]), 12)
    -3.387183210743
    """
    points, given, arrays = _points_and_gaussian(x, mean, cov)
    return number_or_array(as_precise_as(log_density(points, given), *arrays))  # -inf far away


def gaussian_pdf(x: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> Any:
    """Gaussian density.

    Parameters
    ----------
    x : array_like of shape (d,) or (n, d), or of any shape
        Real points: one, or n as rows. If mean is a number, numbers in any shape.
    mean : array_like of shape (d,), or number
        Mean, real, in the units of x.
    cov : array_like of shape (d, d) or (d,), or number
        Covariance matrix, symmetric and positive definite, or the variances of independent entries; if mean is a
        number, the variance.

    Returns
    -------
    float or ndarray
        Density, in the units of 1/x to the power d; it may exceed 1, and far from the mean it underflows to 0. Of the
        shape that `gaussian_logpdf` has.

    Raises
    ------
    ValueError
        If shapes do not fit, cov is not symmetric, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If cov is not positive definite, also if a variance is 0, or the density exceeds the largest double.

    See Also
    --------
    gaussian_logpdf : its logarithm, for products of many densities.

    Notes
    -----
    exp(-½ (x - μ)ᵀ Σ⁻¹ (x - μ)) / √((2π)ᵈ det Σ). Its integral is 1. O(d³ + n d²).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.

    Examples
    --------
    >>> round(gaussian_pdf(0, 0, 0.01), 12)
    3.989422804014
    >>> gaussian_pdf([0, 1, 40], 0, 1).round(6)
    array([0.398942, 0.241971, 0.      ])
    >>> gaussian_pdf([[0, 0], [40, 0]], [0, 0], [[1, 0], [0, 1]]).round(6)
    array([0.159155, 0.      ])
    """
    points, given, arrays = _points_and_gaussian(x, mean, cov)
    with np.errstate(over="ignore", under="ignore"):
        return as_result(np.exp(log_density(points, given)), "The density", *arrays)


def gaussian_sample(mean: ArrayLike, cov: ArrayLike, n: int, rng: np.random.Generator) -> Array:
    """Random points from a Gaussian.

    Parameters
    ----------
    mean : array_like of shape (d,), or number
        Mean, real.
    cov : array_like of shape (d, d) or (d,), or number
        Covariance matrix, symmetric and positive semidefinite, or the variances of independent entries, which may be 0;
        if mean is a number, the variance.
    n : int
        How many points, at least 1.
    rng : numpy.random.Generator
        Source of randomness, as from ``numpy.random.default_rng(seed)``.

    Returns
    -------
    ndarray of shape (n, d), or (n,) if mean is a number
        Independent points, as rows.

    Raises
    ------
    TypeError
        If rng is no generator or n no whole number.
    ValueError
        If shapes do not fit, cov is not symmetric, n is less than 1, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If an eigenvalue of cov is below -1e-12 of the largest.

    See Also
    --------
    gaussian_affine : what makes any Gaussian out of the standard one.

    Notes
    -----
    μ + A z for standard normal z and A Aᵀ = Σ: the Cholesky factor, with pivoting where Σ is singular.
    O(d³ + n d²).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 11.1.

    Examples
    --------
    >>> x = gaussian_sample([0, 10], [[1, 0.5], [0.5, 1]], 5, np.random.default_rng(0))
    >>> x.shape
    (5, 2)
    >>> gaussian_sample(3, 0, 2, np.random.default_rng(0))
    array([3., 3.])
    """
    given, n, rng = as_gaussian(mean, cov), as_integer(n, "n", least=1), as_generator(rng)
    refuse_too_large((n, *given.mean.shape), "n")
    A = root(given)
    z = rng.standard_normal((n, *given.mean.shape))
    with np.errstate(over="ignore", under="ignore"):
        points = given.mean + (z @ A.T if given.is_matrix else z * A)
    return array_result(points, "The sample", *arrays_among(*given.arguments))


def gaussian_kl(mean0: ArrayLike, cov0: ArrayLike, mean1: ArrayLike, cov1: ArrayLike, *, base: float = math.e) -> float:
    """Kullback-Leibler divergence of one Gaussian from another.

    Parameters
    ----------
    mean0, mean1 : array_like of shape (d,), or numbers
        Means. Points come from the first Gaussian; the second stands in for it.
    cov0, cov1 : array_like of shape (d, d) or (d,), or numbers
        Covariance matrices, symmetric and positive definite, or variances of independent entries, one of them the one
        and one the other if you like; if the means are numbers, variances.
    base : float, default e
        Base of the logarithm, greater than 1: e for nats, 2 for bits.

    Returns
    -------
    float
        KL(N₀ ‖ N₁) in nats or units of log base: never negative, 0 only for equal Gaussians.

    Raises
    ------
    ValueError
        If shapes do not fit, a covariance is not symmetric, base is not greater than 1, or an argument is empty or
        holds NaN or infinity.
    numpy.linalg.LinAlgError
        If a covariance is not positive definite, or the divergence exceeds the largest double.

    See Also
    --------
    kl_to_standard_normal : the loss of a variational autoencoder.
    mathref.kl_divergence.kl_divergence : of discrete distributions.

    Notes
    -----
    ½ (tr Σ₁⁻¹Σ₀ - d - ln det Σ₁⁻¹Σ₀ + (μ₁ - μ₀)ᵀ Σ₁⁻¹ (μ₁ - μ₀)). The first three terms cancel where the two nearly
    agree; there they are ½ Σ (λ - ln(1 + λ)) over the eigenvalues of Σ₁⁻¹(Σ₀ - Σ₁), by a series. O(d³).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, exercise 2.13.

    Examples
    --------
    >>> round(gaussian_kl(1, 1, 0, 4), 12)
    0.44314718056
    >>> gaussian_kl([0, 0], [1, 1], [0, 0], [[1, 0], [0, 1]])
    0.0
    >>> round(gaussian_kl(0, 1, 0, 1 + 1e-10), 24)
    2.5e-21
    """
    one, other = as_gaussian(mean0, cov0, ("mean0", "cov0")), as_gaussian(mean1, cov1, ("mean1", "cov1"))
    base = as_base(base)
    refuse_unequal_shapes(one.mean, other.mean, ("mean0", "mean1"))
    independent = not (one.is_matrix or other.is_matrix)
    nats = divergence_of_independent(one, other) if independent else divergence(one, other)
    arrays = arrays_among(*one.arguments, *other.arguments)
    return number_result(max(nats, 0.0) / math.log(base), "The divergence", *arrays)


def kl_to_standard_normal(mean: ArrayLike, log_var: ArrayLike, *, axis: int | tuple[int, ...] | None = -1) -> Any:
    """Divergence of Gaussians with independent entries from the standard normal distribution, one for each example.

    Parameters
    ----------
    mean : array_like of any shape
        Real means, along the axis those of one example.
    log_var : array_like of any shape
        Natural logarithms of the variances, of mean's shape.
    axis : int, tuple of int or None, default -1
        Axes to sum over, None for all.

    Returns
    -------
    float or ndarray
        ½ Σ (μ² + e^l - 1 - l) in nats, never negative; a float if no axis is left. inf where it exceeds the largest
        double.

    Raises
    ------
    ValueError
        If the shapes differ, there is no such axis, or an argument is empty or holds NaN or infinity.

    See Also
    --------
    gaussian_kl : between any two Gaussians.

    Notes
    -----
    Summed over the entries of an example, not over the examples of a batch: whoever averages over entries as well
    divides the weight of this loss by their number. e^l - 1 - l is computed by a series near 0, where it cancels. O(n).

    References
    ----------
    Kingma and Welling (2014), Auto-encoding variational Bayes, ICLR, appendix B.

    Examples
    --------
    >>> kl_to_standard_normal([1, 2], [0, 0])
    2.5
    >>> kl_to_standard_normal([[0, 0], [1, 0]], [[0, 0], [0, 0]])
    array([0. , 0.5])
    """
    mean, log_var = as_array(mean, "mean", real=True), as_array(log_var, "log_var", real=True)
    refuse_unequal_shapes(mean, log_var, ("mean", "log_var"))
    axes = () if not mean.ndim and axis in (-1, 0) else as_reduced_axes(axis, mean.ndim)
    means, logs = as_rows(in_double(mean), axes), as_rows(in_double(log_var), axes)
    with np.errstate(over="ignore", under="ignore"):
        growth = np.expm1(np.minimum(logs, 700.0))
        terms = divergence_terms(np.ones_like(logs), 1 + growth, -growth, -logs)
        terms = np.where(logs < 700, terms / 2, np.exp(logs - math.log(2))) + means / 2 * means
        # Along a last axis NumPy adds by halves, whatever the number of terms.
        sums = np.add.reduce(np.ascontiguousarray(np.moveaxis(terms, 0, -1)), axis=-1)
    return number_or_array(as_precise_as(np.asarray(sums), mean, log_var))  # infinite beyond the range


def gaussian_entropy(cov: ArrayLike, *, base: float = math.e) -> float:
    """Differential entropy of a Gaussian.

    Parameters
    ----------
    cov : array_like of shape (d, d) or (d,), or number
        Covariance matrix, symmetric and positive definite, or the variances of independent entries, or one variance.
    base : float, default e
        Base of the logarithm, greater than 1: e for nats, 2 for bits.

    Returns
    -------
    float
        ½ ln det(2πe Σ) in nats or units of log base; it may be negative.

    Raises
    ------
    ValueError
        If cov is not symmetric, is empty or holds NaN or infinity, or base is not greater than 1.
    numpy.linalg.LinAlgError
        If cov is not positive definite.

    See Also
    --------
    mathref.entropy.entropy : of discrete distributions, which is never negative.

    Notes
    -----
    No density with the same covariance has more. It depends on the units: doubling all of d entries adds d ln 2.
    O(d³).

    References
    ----------
    Cover and Thomas (2006), Elements of Information Theory, 2nd ed., section 8.4.

    Examples
    --------
    >>> round(gaussian_entropy(1), 12)
    1.418938533205
    >>> round(gaussian_entropy([[2, 1], [1, 2]], base=2), 12)
    4.886672420722
    """
    array, base = as_array(cov, "cov", real=True), as_base(base)
    size = len(array) if array.ndim else 1
    nats = 0.5 * math.fsum([size * _LOG_2PI_E, log_det(as_covariance(array, "cov", None), "cov")])
    return number_result(nats / math.log(base), "The entropy", array)


def gaussian_affine(mean: ArrayLike, cov: ArrayLike, A: ArrayLike, b: ArrayLike) -> Gaussian:
    """Distribution of A x + b for a Gaussian x.

    Parameters
    ----------
    mean : array_like of shape (d,)
        Mean of x, real.
    cov : array_like of shape (d, d) or (d,)
        Covariance matrix of x, symmetric and positive semidefinite, or the variances of independent entries.
    A : array_like of shape (m, d)
        Real matrix.
    b : array_like of shape (m,)
        Real vector that is added.

    Returns
    -------
    Gaussian
        ``(mean, cov)`` = (Aμ + b, AΣAᵀ), of shapes (m,) and (m, m).

    Raises
    ------
    ValueError
        If shapes do not fit, cov is not symmetric, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If an eigenvalue of cov is below -1e-12 of the largest, or an entry exceeds the largest double.

    See Also
    --------
    gaussian_marginal : A picks entries.

    Notes
    -----
    If A has more rows than columns, or dependent ones, the new covariance is singular. O(m d² + m² d).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.

    Examples
    --------
    >>> gaussian_affine([1, 2], [1, 4], [[1, 1], [1, -1]], [0, 10])
    Gaussian(mean=array([3., 9.]), cov=array([[ 5., -3.],
           [-3.,  5.]]))
    """
    given, A, b = as_vector_gaussian(mean, cov), as_matrix(A, "A", real=True), as_vector(b, "b", real=True)
    if A.shape[1] != len(given.mean):
        raise ValueError(f"A must have {len(given.mean)} columns, as mean has entries, but its shape is {A.shape}")
    if len(b) != len(A):
        raise ValueError(f"b must have {len(A)} entries, as A has rows, but its shape is {b.shape}")
    root(given) if not given.is_matrix else refuse_indefinite(given.cov)
    centre = mapped(A, given.mean, b)
    exponents, R = balanced(given.matrix)
    mantissas, powers = np.frexp(in_double(A))
    powers = np.where(mantissas != 0, powers + exponents, -9999)
    rows = np.maximum(powers.max(axis=1), -2000)
    B = times_powers_of_two(mantissas, powers - rows[:, np.newaxis])
    with np.errstate(under="ignore"):  # beside the largest entry of its row, which is near 1
        product = mirrored(B @ R @ B.T)
    result = times_powers_of_two(product, rows[:, np.newaxis] + rows)
    arrays = (*given.arguments, A, b)
    return Gaussian(array_result(centre, "The mean", *arrays), array_result(result, "The covariance", *arrays))


def gaussian_marginal(mean: ArrayLike, cov: ArrayLike, keep: list[int]) -> Gaussian:
    """Distribution of some entries of a Gaussian, whatever the others are.

    Parameters
    ----------
    mean : array_like of shape (d,)
        Mean, real.
    cov : array_like of shape (d, d) or (d,)
        Covariance matrix, symmetric and positive definite, or the variances of independent entries.
    keep : list of int
        Indices from 0 to d - 1 of the entries that stay, each once, in the order wanted.

    Returns
    -------
    Gaussian
        ``(mean, cov)`` of these entries; cov is a matrix.

    Raises
    ------
    TypeError
        If keep is no list of whole numbers.
    ValueError
        If keep is empty, names an entry twice or one that is not there, shapes do not fit, cov is not symmetric, or an
        argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If cov is not positive definite.

    See Also
    --------
    gaussian_conditional : given the other entries.

    Notes
    -----
    Rows and columns are picked: no integral is left. O(d³), for the check of cov alone.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.2.

    Examples
    --------
    >>> gaussian_marginal([1, 2, 3], [[2, 1, 0], [1, 3, 1], [0, 1, 4]], [2, 0])
    Gaussian(mean=array([3., 1.]), cov=array([[4., 0.],
           [0., 2.]]))
    """
    given = _definite(mean, cov)
    chosen = as_indices(keep, "keep", len(given.mean))
    parts = given.mean[chosen], given.matrix[np.ix_(chosen, chosen)]
    return Gaussian(*(as_precise_as(part, *given.arguments) for part in parts))


def gaussian_conditional(mean: ArrayLike, cov: ArrayLike, observed: list[int], values: ArrayLike) -> Gaussian:
    """Distribution of the other entries of a Gaussian once some have been observed.

    Parameters
    ----------
    mean : array_like of shape (d,)
        Mean, real.
    cov : array_like of shape (d, d) or (d,)
        Covariance matrix, symmetric and positive definite, or the variances of independent entries.
    observed : list of int
        Indices from 0 to d - 1 of the entries that are known: some, but not all.
    values : array_like of shape (k,)
        Their values, real, in this order.

    Returns
    -------
    Gaussian
        ``(mean, cov)`` of the other entries in ascending order; cov is a matrix.

    Raises
    ------
    TypeError
        If observed is no list of whole numbers.
    ValueError
        If observed is empty, names all entries, one twice or one that is not there, values has another length, shapes
        do not fit, cov is not symmetric, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If cov is not positive definite, or a mean exceeds the largest double.

    See Also
    --------
    gaussian_marginal : with nothing observed.

    Notes
    -----
    With blocks a of the others and b of the observed, the mean is μₐ + Σₐᵦ Σᵦᵦ⁻¹ (values - μᵦ) and the covariance the
    Schur complement Σₐₐ - Σₐᵦ Σᵦᵦ⁻¹ Σᵦₐ, whatever the values are. Entries are observed one after another, as
    elimination goes, with twice the digits of doubles. Gaussian process regression is this. O(d² k).

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, section 2.3.1.
    Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, section 2.2.

    Examples
    --------
    >>> gaussian_conditional([0, 0], [[2, 1], [1, 2]], [1], [4])
    Gaussian(mean=array([2.]), cov=array([[1.5]]))
    """
    given = _definite(mean, cov)
    chosen, found = as_indices(observed, "observed", len(given.mean)), as_vector(values, "values", real=True)
    if len(chosen) == len(given.mean):
        raise ValueError(f"observed must leave an entry open, but it names all {len(chosen)}")
    if len(found) != len(chosen):
        raise ValueError(f"values must have {len(chosen)} entries, as observed has, but its shape is {found.shape}")
    centre, covariance = conditioned(given.mean, given.matrix, chosen, in_double(found))
    arrays = (*given.arguments, found)
    rest = array_result(mirrored(covariance), "The covariance", *arrays)
    return Gaussian(array_result(centre, "The mean", *arrays), rest)


def gaussian_kl_steps(mean0: float, var0: float, mean1: float, var1: float) -> Working:
    """How the divergence of two Gaussians of one variable comes about, for pencil and paper.

    Parameters
    ----------
    mean0, mean1 : float
        Means. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.
    var0, var1 : float
        Variances, greater than 0.

    Returns
    -------
    Working
        Steps: ½ ln(var1/var0), (var0 + (mean0 - mean1)²)/(2 var1), -½, and their sum, in nats.

    Raises
    ------
    TypeError
        If an argument is no real number.
    ValueError
        If a variance is not positive, or an argument is too large to read (beyond 1e6, or below 1e-6 and not 0), NaN or
        infinite.

    See Also
    --------
    gaussian_kl : the number alone, also where the terms cancel.

    Notes
    -----
    KL(N₀ ‖ N₁) = ½ ln(σ₁²/σ₀²) + (σ₀² + (μ₀ - μ₁)²)/(2σ₁²) - ½.

    References
    ----------
    Bishop (2006), Pattern Recognition and Machine Learning, exercise 2.13.

    Examples
    --------
    >>> gaussian_kl_steps(1, 1, 0, 4)
    KL divergence of two Gaussians
    <BLANKLINE>
    1. How much wider the second is.
       (1/2) · ln (4 / 1) ≈ 0.693147
    <BLANKLINE>
    2. Squared distance from the second mean on average, in its variances.
       (1 + (1 - 0)²) / (2 · 4) = 1/4
    <BLANKLINE>
    3. The same for the second Gaussian itself.
       -1/2
    <BLANKLINE>
    4. The sum, in nats.
       KL(N₀ ‖ N₁) ≈ 0.693147 + 1/4 - 1/2
          ≈ 0.443147
    """
    numbers = [as_number(x, name) for x, name in ((mean0, "mean0"), (mean1, "mean1"))]
    spreads = [as_number(x, name, above=0.0) for x, name in ((var0, "var0"), (var1, "var1"))]
    result = gaussian_kl(numbers[0], spreads[0], numbers[1], spreads[1])
    return gaussian_kl_working(numbers[0], spreads[0], numbers[1], spreads[1], result)


def _points_and_gaussian(x: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> tuple[Array, Given, tuple[Array, ...]]:
    """Points in double precision, the Gaussian, and the arguments that decide the precision."""
    given, points = as_gaussian(mean, cov), as_array(x, "x", real=True)
    if given.mean.ndim and (points.ndim not in (1, 2) or points.shape[-1] != len(given.mean)):
        d = len(given.mean)
        raise ValueError(f"x must have the shape ({d},) or (n, {d}), as mean has, but it is {points.shape}")
    return in_double(points), given, arrays_among(points, *given.arguments)


def _definite(mean: ArrayLike, cov: ArrayLike) -> Given:
    given = as_vector_gaussian(mean, cov)
    if given.is_matrix:
        factor(given.cov, "cov")
    else:
        refuse_nonpositive(given.cov, "cov")
    return given
