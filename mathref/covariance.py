"""Covariance: how two quantities vary together, and the matrix that gives a cloud of data its shape."""

from typing import Any, NamedTuple

import numpy as np
from numpy.linalg import LinAlgError
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.examples import as_ddof, as_weights, refuse_ddof
from mathref._arguments.gaussians import symmetric
from mathref._arguments.precision import as_precise_as
from mathref._arguments.results import array_result, as_result
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_choice
from mathref._numerics import weighted_moments
from mathref._numerics.column_products import columns, gram, mirrored
from mathref._numerics.covariances import factor
from mathref._numerics.gaussian_densities import difference
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.signs_and_orders import unit_phases
from mathref._numerics.wide_numbers import Wide, wide_quotient
from mathref._workings.covariance import covariance_working
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working

_METHODS = ("zca", "pca", "cholesky")


class Whitened(NamedTuple):
    """Whitened data (X - mean) @ transform."""

    data: Array
    transform: Array
    mean: Array


def covariance(X: ArrayLike, weights: ArrayLike | None = None, *, ddof: int = 0) -> Array:
    """Covariance matrix of the columns of X.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data: n examples as rows, d quantities as columns.
    weights : array_like of shape (n,), optional
        How often each example counts: not negative, not all 0. By default each counts once.
    ddof : int, default 0
        Degrees of freedom to take from the sum of the weights, at least 0: 0 divides by n, 1 by n - 1.

    Returns
    -------
    ndarray of shape (d, d)
        Σᵢⱼ = Σₖ wₖ (xₖᵢ - meanᵢ)(xₖⱼ - meanⱼ) / (Σ wₖ - ddof), exactly symmetric; its diagonal holds the variances.

    Raises
    ------
    ValueError
        If X is no matrix, is empty or holds NaN or infinity, the weights are negative, all 0 or of another shape, or
        ddof is not below the sum of the weights.
    numpy.linalg.LinAlgError
        If an entry exceeds the largest double.

    See Also
    --------
    correlation : the same for columns scaled to standard deviation 1.
    mathref.expectation.variance : the diagonal.

    Notes
    -----
    ``numpy.cov`` and ``torch.cov`` take the transpose and divide by n - 1. Deviations are formed with twice the digits
    of doubles, so that an offset of 1e8 costs none. O(n d²).

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37.

    Examples
    --------
    >>> covariance([[1, 2], [3, 6], [5, 4]], ddof=1)
    array([[4., 2.],
           [2., 4.]])
    >>> covariance([[1, 2], [3, 6], [5, 4]], weights=[1, 0, 1])
    array([[4., 2.],
           [2., 1.]])
    """
    X = as_matrix(X, "X", real=True)
    w, ddof = as_weights(weights, X, 0, "X"), as_ddof(ddof)
    rows = X.astype(np.float64)
    size = _divisor(len(X), w, ddof)
    deviations = weighted_moments.deviations(rows, w)
    D, exponents = columns(deviations, w)
    products = mirrored(gram(D, D)) / size.pair[0]
    result = times_powers_of_two(products, exponents[:, np.newaxis] + exponents - size.exponent)
    variances = wide_quotient(weighted_moments.sum_of_squares(deviations, w), size)
    np.fill_diagonal(result, variances.rounded())
    return array_result(result, "The covariance", X, w)


def cross_covariance(X: ArrayLike, Y: ArrayLike, *, ddof: int = 0) -> Array:
    """Covariances of each column of X with each column of Y.

    Parameters
    ----------
    X : array_like of shape (n, p)
        Real data: n examples as rows.
    Y : array_like of shape (n, q)
        Other quantities of the same examples, real.
    ddof : int, default 0
        Degrees of freedom to take from the number of examples, at least 0: 0 divides by n, 1 by n - 1.

    Returns
    -------
    ndarray of shape (p, q)
        Σₖ (xₖᵢ - meanᵢ)(yₖⱼ - meanⱼ) / (n - ddof).

    Raises
    ------
    ValueError
        If X or Y is no matrix, is empty or holds NaN or infinity, their numbers of rows differ, or ddof is not below
        it.
    numpy.linalg.LinAlgError
        If an entry exceeds the largest double.

    See Also
    --------
    covariance : of the columns of one matrix with each other.

    Notes
    -----
    The upper right block of the covariance of ``numpy.hstack([X, Y])``. Cov(XA, YB) = Aᵀ Cov(X, Y) B. O(n p q).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 3.1.

    Examples
    --------
    >>> cross_covariance([[1], [3], [5]], [[2, 1], [6, 1], [4, 4]], ddof=1)
    array([[2., 3.]])
    """
    X, Y, ddof = as_matrix(X, "X", real=True), as_matrix(Y, "Y", real=True), as_ddof(ddof)
    if len(X) != len(Y):
        raise ValueError(f"Y must have as many rows as X, {len(X)}, but it has {len(Y)}")
    size = _divisor(len(X), None, ddof)
    (D, d), (E, e) = (columns(weighted_moments.deviations(Z.astype(np.float64))) for Z in (X, Y))
    result = times_powers_of_two(gram(D, E) / size.pair[0], d[:, np.newaxis] + e - size.exponent)
    return array_result(result, "The covariance", X, Y)


def correlation(X: ArrayLike) -> Array:
    """Correlations of the columns of X.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data: n examples as rows, d quantities as columns, none of them constant.

    Returns
    -------
    ndarray of shape (d, d)
        Rᵢⱼ = Σᵢⱼ / (σᵢ σⱼ), from -1 to 1 and without units; exactly symmetric, its diagonal exactly 1.

    Raises
    ------
    ValueError
        If a column of X is constant, X is no matrix, is empty or holds NaN or infinity.

    See Also
    --------
    covariance : with units.

    Notes
    -----
    Whether one divides by n or n - 1 does not matter. 0 means that no line helps to predict one quantity from the
    other; a curve still may. O(n d²).

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 3.1.

    Examples
    --------
    >>> correlation([[1, 2], [3, 6], [5, 4]])
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    X = as_matrix(X, "X", real=True)
    D, _ = columns(weighted_moments.deviations(X.astype(np.float64)))
    if not D.any(axis=0).all():
        column = int(np.argmin(D.any(axis=0)))
        raise ValueError(f"X must have no constant column, but column {column} is: its standard deviation is 0")
    products = mirrored(gram(D, D))
    sizes = products.diagonal()
    result = np.clip(products / np.sqrt(sizes[:, np.newaxis] * sizes), -1, 1)
    np.fill_diagonal(result, 1.0)
    return as_precise_as(result, X)


def whiten(X: ArrayLike, *, method: str = "zca", ddof: int = 0) -> Whitened:
    """Data moved and mapped so that their covariance is the identity.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data: n examples as rows, d quantities as columns, n > d.
    method : {"zca", "pca", "cholesky"}, default "zca"
        Which of the transforms, that differ by a rotation: the symmetric one, which changes the data least, the one
        onto principal axes, or the triangular one.
    ddof : int, default 0
        Degrees of freedom to take from the number of examples, at least 0: 0 divides by n, 1 by n - 1.

    Returns
    -------
    data : ndarray of shape (n, d)
        (X - mean) @ transform.
    transform : ndarray of shape (d, d)
        "zca": Σ^(-1/2). "pca": eigenvectors of Σ by falling eigenvalue, the largest entry of each positive, over the
        roots of the eigenvalues. "cholesky": upper triangular L⁻ᵀ for Σ = L Lᵀ.
    mean : ndarray of shape (d,)
        Mean of the rows.

    Raises
    ------
    TypeError
        If method is no string.
    ValueError
        If method is another word, X is no matrix, is empty or holds NaN or infinity, or ddof is not below n.
    numpy.linalg.LinAlgError
        If columns of X depend on each other, also because n - 1 < d.

    See Also
    --------
    mathref.expectation.standardize : scales each column alone.

    Notes
    -----
    From the singular value decomposition or QR factorization of the centred data, which does not square their
    condition number. O(n d²).

    References
    ----------
    Kessy, Lewin and Strimmer (2018), Optimal whitening and decorrelation, The American Statistician 72.

    Examples
    --------
    >>> data, transform, mean = whiten([[1, 0], [3, 0], [2, 4], [2, -4]])
    >>> covariance(data).round(12)
    array([[1., 0.],
           [0., 1.]])
    >>> transform.round(4) + 0.0
    array([[1.4142, 0.    ],
           [0.    , 0.3536]])
    """
    X, method, ddof = as_matrix(X, "X", real=True), as_choice(method, "method", _METHODS), as_ddof(ddof)
    n = len(X)
    if n <= ddof:
        refuse_ddof(ddof, n)
    rows = X.astype(np.float64)
    D, exponents = columns(weighted_moments.deviations(rows))
    _refuse_dependent(D, n - 1)
    # The triangular transform follows each column's power of 2; the others turn the axes, so that all share one.
    common = exponents if method == "cholesky" else np.full_like(exponents, exponents.max())
    data, transform = _whitening(times_powers_of_two(D, exponents - common), method)
    root = np.sqrt(float(n - ddof))
    transform = times_powers_of_two(transform * root, -common[:, np.newaxis])
    centre = as_precise_as(weighted_moments.mean(rows).rounded(), X)
    return Whitened(as_precise_as(data * root, X), array_result(transform, "The transform", X), centre)


def _refuse_dependent(D: Array, most: int) -> None:
    """Raise if columns of deviations, made equally long, depend on each other up to rounding."""
    lengths = np.sqrt((D * D).sum(axis=0))
    columns = D.shape[1]
    values = np.linalg.svd(D / np.where(lengths > 0, lengths, 1), compute_uv=False)
    if columns > most or values[-1] <= max(D.shape) * np.finfo(float).eps * values[0]:
        raise LinAlgError(
            f"X must have independent columns to be whitened, but its {columns} columns depend on each other about "
            "their means; leave columns out, or give more examples than columns"
        )


def _whitening(D: Array, method: str) -> tuple[Array, Array]:
    """Orthonormal data and the transform that gives them."""
    if method == "cholesky":
        Q, R = np.linalg.qr(D)
        signs = np.where(R.diagonal() < 0, -1.0, 1.0)
        inverse = solve_triangular(R * signs[:, np.newaxis], np.eye(len(R)), check_finite=False)
        return Q * signs, inverse
    U, s, Vh = np.linalg.svd(D, full_matrices=False)
    if not s[-1] > 0:
        raise LinAlgError("X must have columns of sizes within 1e300 of each other, but they differ more; scale them")
    if method == "zca":
        with np.errstate(under="ignore"):
            return U @ Vh, mirrored((Vh.T / s) @ Vh)
    signs = unit_phases(Vh.T)
    return U * signs, Vh.T * signs / s


def mahalanobis(x: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> Any:
    """Distance of points from a mean, in standard deviations along the direction in which they lie.

    Parameters
    ----------
    x : array_like of shape (d,) or (n, d)
        One real point, or n as rows.
    mean : array_like of shape (d,)
        Mean, real, in the units of x.
    cov : array_like of shape (d, d)
        Covariance matrix: symmetric and positive definite.

    Returns
    -------
    float or ndarray of shape (n,)
        √((x - mean)ᵀ cov⁻¹ (x - mean)), without units.

    Raises
    ------
    ValueError
        If shapes do not fit, cov is not symmetric, or an argument is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If cov is not positive definite, or the distance exceeds the largest double.

    See Also
    --------
    mathref.gaussian.gaussian_logpdf : falls with half its square.

    Notes
    -----
    The length of L⁻¹(x - mean) for cov = L Lᵀ: what whitening makes of it. ``scipy.spatial.distance.mahalanobis``
    takes the inverse of cov. Powers of 2 are taken out, so that squares do not overflow. O(d³ + n d²).

    References
    ----------
    Mahalanobis (1936), On the generalised distance in statistics, Proc. Natl. Inst. Sci. India 2.

    Examples
    --------
    >>> mahalanobis([3, 4], [0, 0], [[9, 0], [0, 4]])
    2.23606797749979
    """
    x, mean = as_array(x, "x", real=True), as_vector(mean, "mean", real=True)
    cov = as_matrix(cov, "cov", real=True)
    if x.ndim not in (1, 2) or x.shape[-1] != len(mean):
        raise ValueError(f"x must have the shape ({len(mean)},) or (n, {len(mean)}), as mean has, but it is {x.shape}")
    if cov.shape != 2 * mean.shape:
        raise ValueError(f"cov must have the shape {2 * mean.shape}, as mean has entries, but it is {cov.shape}")
    R = factor(symmetric(cov, "cov"), "cov")
    squares, exponents = R.squared(*difference(np.atleast_2d(x).astype(np.float64), mean.astype(np.float64)))
    distances = times_powers_of_two(np.sqrt(squares), exponents)
    return as_result(distances if x.ndim == 2 else distances[0], "The distance", x, mean, cov)


def _divisor(n: int, weights: Array | None, ddof: int) -> Wide:
    size = weighted_moments.divisor(n, weights, ddof)
    if not (size.pair[0] > 0).all():
        refuse_ddof(ddof, weighted_moments.divisor(n, weights, 0).rounded().min().item())
    return size


def covariance_steps(X: ArrayLike, *, ddof: int = 0) -> Working:
    """How the covariance matrix comes about from the deviations, for pencil and paper.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data of at most 6 rows, the examples, and 3 columns. Numbers that are the nearest double to a fraction, as
        1/3, are taken for it.
    ddof : int, default 0
        Degrees of freedom to take from the number of examples, at least 0: 0 divides by n, 1 by n - 1.

    Returns
    -------
    Working
        Steps: the mean, of shape (d,), the deviations, of shape (n, d), and the covariance matrix.

    Raises
    ------
    ValueError
        If X is no matrix, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not 0), holds NaN or
        infinity, or ddof is not below its number of rows.

    See Also
    --------
    covariance : the matrix alone.

    Notes
    -----
    Σ = Dᵀ D / (n - ddof), where D holds the deviations from the mean.

    References
    ----------
    Murphy (2022), Probabilistic Machine Learning: An Introduction, section 3.1.

    Examples
    --------
    >>> covariance_steps([[1, 2], [3, 6], [5, 4]], ddof=1)
    Covariance from the deviations
    <BLANKLINE>
    1. The mean of each column.
       mean = [3  4]
    <BLANKLINE>
    2. D: each row less the mean.
           ⎡-2  -2⎤
       D = ⎢ 0   2⎥
           ⎣ 2   0⎦
    <BLANKLINE>
    3. Products of columns of D, summed and divided by n - 1 = 2.
       Dᵀ D = ⎡8  4⎤
              ⎣4  8⎦
       Dᵀ D / 2 = ⎡4  2⎤
                  ⎣2  4⎦
    """
    array = as_matrix(X, "X", real=True)
    refuse_long(array, "X", rows=6, columns=3)
    ddof = as_ddof(ddof)
    return covariance_working(array, ddof, covariance(array, ddof=ddof))
