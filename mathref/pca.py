"""Principal component analysis: the directions in which data vary most, and the share of the variance along each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.precision import as_precise_as
from mathref._arguments.results import array_result, number_result
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_flag, as_integer, as_result_of
from mathref._numerics import weighted_moments
from mathref._numerics.column_products import columns
from mathref._numerics.gaussian_densities import difference
from mathref._numerics.powers_of_two import times_powers_of_two
from mathref._numerics.scaled_rows import scaled_rows, sum_with
from mathref._numerics.signs_and_orders import unit_phases
from mathref._numerics.singular_values import decomposed
from mathref._numerics.wide_numbers import Wide, wide, wide_product, wide_quotient, wide_sum
from mathref._workings.exact import refuse_long
from mathref._workings.pca import pca_working
from mathref._workings.steps import Working

_LEAST_WHITENED = 1e-24  # of the largest variance: a direction with less is rounding error


class PrincipalComponents(NamedTuple):
    """Directions as rows, the variances along them, their shares of the whole variance, and the mean of the data."""

    components: Array
    explained_variance: Array
    explained_variance_ratio: Array
    mean: Array


def pca(X: ArrayLike, n_components: int | None = None) -> PrincipalComponents:
    """Directions in which data vary most, by falling variance.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data: n examples as rows, at least 2 of them and not all equal, d quantities as columns.
    n_components : int or None, default None
        How many directions to keep, k: at least 1, at most min(n, d). By default as many as that.

    Returns
    -------
    components : ndarray of shape (k, d)
        Orthonormal rows, without units. In each the entry of largest modulus is positive (ties to 1e-9: the first).
    explained_variance : ndarray of shape (k,)
        Variance of the data along each, divided by n - 1, descending and not negative, in squared units of X.
    explained_variance_ratio : ndarray of shape (k,)
        Its share of the whole variance, that of the directions which are not kept included.
    mean : ndarray of shape (d,)
        Mean of the rows.

    Raises
    ------
    TypeError
        If X is complex or holds no numbers, or n_components is no integer.
    ValueError
        If X is no matrix, is empty, holds NaN or infinity, has one row or equal rows alone, or n_components is out of
        range.
    numpy.linalg.LinAlgError
        If a variance exceeds the range of its type.

    See Also
    --------
    mathref.covariance.covariance : the matrix whose eigenvectors and eigenvalues these are.
    mathref.covariance.whiten : scales the directions to variance 1.

    Notes
    -----
    The right singular vectors of the centred data, and sᵢ²/(n - 1). The covariance matrix is not formed: it would
    square the condition number. Deviations are formed with twice the digits of doubles, so that an offset costs none.
    Directions of equal variance, and those without any, are one choice of many. About 4nd² + 22d³ operations for n ≥ d.

    References
    ----------
    Jolliffe (2002), Principal Component Analysis, 2nd ed.
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 8.6.

    Examples
    --------
    >>> fitted = pca([[1, 2], [3, 6], [5, 4]])
    >>> fitted.components.round(4)
    array([[ 0.7071,  0.7071],
           [ 0.7071, -0.7071]])
    >>> fitted.explained_variance.round(4), fitted.explained_variance_ratio.round(4)
    (array([6., 2.]), array([0.75, 0.25]))
    >>> pca([[1, 2], [3, 6], [5, 4]], n_components=1).components.shape
    (1, 2)
    """
    X = as_matrix(X, "X", real=True)
    _refuse_one_row(X)
    k = min(X.shape) if n_components is None else as_integer(n_components, "n_components", least=1, most=min(X.shape))
    rows = X.astype(np.float64)
    D, exponents = columns(weighted_moments.deviations(rows))
    if not D.any():
        raise ValueError(f"X must have rows that differ, but all {len(X)} are equal: there is no direction of variance")
    common = exponents[D.any(axis=0)].max()
    _, s, Vh = decomposed(times_powers_of_two(D, exponents - common))
    mantissas, powers = np.frexp(s[:k])
    variances = times_powers_of_two(mantissas**2 / (len(X) - 1), 2 * (powers + common))
    with np.errstate(under="ignore"):  # of what is nothing beside the largest
        total = np.sum(s**2)
    shares = times_powers_of_two(mantissas**2 / total, 2 * powers)
    components = Vh[:k] * unit_phases(Vh[:k].T)[:, np.newaxis] + 0.0  # turns -0.0 into 0.0
    return PrincipalComponents(
        as_precise_as(components, X),
        array_result(variances, "each explained variance", X),
        as_precise_as(shares, X),
        as_precise_as(weighted_moments.mean(rows).rounded(), X),
    )


def _refuse_one_row(X: Array) -> None:
    if len(X) < 2:
        raise ValueError(f"X must have at least 2 rows, the examples, to vary, but its shape is {X.shape}")


def _parts(fitted: PrincipalComponents) -> PrincipalComponents:
    """The parts in double precision, of shapes that fit."""
    fitted = as_result_of(fitted, "fitted", PrincipalComponents, "pca")
    components = as_matrix(fitted.components, "fitted.components", real=True)
    others = [as_vector(getattr(fitted, name), f"fitted.{name}", real=True) for name in PrincipalComponents._fields[1:]]
    shapes = [part.shape for part in (components, *others)]
    k, d = components.shape
    if shapes[1:] != [(k,), (k,), (d,)]:
        raise ValueError(f"fitted must be what pca returns, but its parts have the shapes {shapes}")
    return PrincipalComponents(components, *others)


def _deviations(X: Array, fitted: PrincipalComponents) -> tuple[Array, Array]:
    """X less the mean as rows, each divided by a power of 2, and the exponents of these."""
    d = len(fitted.mean)
    if not X.ndim or X.shape[-1] != d:
        raise ValueError(
            f"X must have {d} entries in its last axis, as the data of fitted had, but its shape is {X.shape}"
        )
    return scaled_rows(*difference(X.astype(np.float64), fitted.mean.astype(np.float64)))


def _spreads(fitted: PrincipalComponents) -> Array:
    """Roots of the variances, refused where one is nothing but rounding error."""
    variances = fitted.explained_variance
    tiny = np.finfo(variances.dtype).tiny
    lost = (variances <= _LEAST_WHITENED * variances.max()) | (variances < tiny)
    if lost.any():
        most = max(_LEAST_WHITENED * variances.max().item(), float(tiny))  # what is left itself is rounding's
        raise ValueError(
            f"fitted must have variance along each component to be whitened, but along component {int(lost.argmax())} "
            f"it is at most {most:.2g}, nothing beside the largest or without its digits; keep fewer components, or "
            "scale X"
        )
    return np.sqrt(variances.astype(np.float64))


def transform(X: ArrayLike, fitted: PrincipalComponents, *, whiten: bool = False) -> Array:
    """Coordinates of data along principal components, their scores.

    Parameters
    ----------
    X : array_like of shape (..., d)
        Real data, new or old: d quantities in the last axis.
    fitted : PrincipalComponents
        What `pca` returned.
    whiten : bool, default False
        Whether to divide by the standard deviation along each component, so that the covariance becomes the identity.

    Returns
    -------
    ndarray of shape (..., k)
        (X - mean) componentsᵀ, in the units of X; without units if whitened.

    Raises
    ------
    TypeError
        If X is complex or holds no numbers, fitted is nothing that `pca` returned, or whiten is no flag.
    ValueError
        If X is empty, holds NaN or infinity, or has another last axis; if whiten is True and a variance is at most
        1e-24 of the largest, or too small to have all its digits.
    numpy.linalg.LinAlgError
        If a coordinate exceeds the range of its type.

    See Also
    --------
    inverse_transform : the way back.

    Notes
    -----
    The mean is that of the data which were fitted: new data are moved by the same vector, never by their own. O(d k)
    for an example.

    References
    ----------
    Jolliffe (2002), Principal Component Analysis, 2nd ed.

    Examples
    --------
    >>> X = [[1, 2], [3, 6], [5, 4]]
    >>> transform(X, pca(X, 1)).round(4)
    array([[-2.8284],
           [ 1.4142],
           [ 1.4142]])
    >>> transform([7, 6], pca(X), whiten=True).round(4)
    array([1.7321, 1.    ])
    """
    X, parts, whiten = as_array(X, "X", real=True), _parts(fitted), as_flag(whiten, "whiten")
    rows, exponents = _deviations(X, parts)
    with np.errstate(all="ignore"):
        scores = rows @ parts.components.T.astype(np.float64)
    if whiten:
        numbers, powers = np.frexp(_spreads(parts))
        scores, exponents = scores / numbers, exponents - powers
    return array_result(times_powers_of_two(scores, exponents), "each coordinate", X, *parts)


def inverse_transform(Z: ArrayLike, fitted: PrincipalComponents, *, whiten: bool = False) -> Array:
    """Points that have given coordinates along principal components.

    Parameters
    ----------
    Z : array_like of shape (..., k)
        Real coordinates, as `transform` gives them.
    fitted : PrincipalComponents
        What `pca` returned.
    whiten : bool, default False
        Whether Z was divided by standard deviations.

    Returns
    -------
    ndarray of shape (..., d)
        Z components + mean: of the points with these coordinates the one without any part along other directions.

    Raises
    ------
    TypeError
        If Z is complex or holds no numbers, fitted is nothing that `pca` returned, or whiten is no flag.
    ValueError
        If Z is empty, holds NaN or infinity, or has another last axis; if whiten is True and a variance is at most
        1e-24 of the largest, or too small to have all its digits.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    transform : undone by this up to what the components leave out.

    Notes
    -----
    ``inverse_transform(transform(X, fitted), fitted)`` is the projection of X onto the plane through the mean that the
    components span. O(d k) for an example.

    References
    ----------
    Jolliffe (2002), Principal Component Analysis, 2nd ed.

    Examples
    --------
    >>> X = [[1, 2], [3, 6], [5, 4]]
    >>> fitted = pca(X, 1)
    >>> inverse_transform(transform(X, fitted), fitted).round(4)
    array([[1., 2.],
           [4., 5.],
           [4., 5.]])
    >>> inverse_transform([0.0], fitted, whiten=True)
    array([3., 4.])
    """
    Z, parts, whiten = as_array(Z, "Z", real=True), _parts(fitted), as_flag(whiten, "whiten")
    k = len(parts.components)
    if not Z.ndim or Z.shape[-1] != k:
        raise ValueError(
            f"Z must have {k} entries in its last axis, one for each component of fitted, but its shape is {Z.shape}"
        )
    rows, exponents = scaled_rows(Z.astype(np.float64), factors=_spreads(parts) if whiten else 1.0)
    with np.errstate(all="ignore"):
        rows, exponents = sum_with(rows @ parts.components.astype(np.float64), exponents, parts.mean.astype(np.float64))
    return array_result(times_powers_of_two(rows, exponents), "each entry", Z, *parts)


def reconstruction_error(X: ArrayLike, fitted: PrincipalComponents) -> float:
    """Variance of data that principal components leave out.

    Parameters
    ----------
    X : array_like of shape (n, d)
        Real data: n examples as rows, at least 2, d quantities as columns.
    fitted : PrincipalComponents
        What `pca` returned.

    Returns
    -------
    float
        Σᵢ ‖xᵢ - x̂ᵢ‖² / (n - 1), in squared units of X, where x̂ is what `transform` and `inverse_transform` make of x.

    Raises
    ------
    TypeError
        If X is complex or holds no numbers, or fitted is nothing that `pca` returned.
    ValueError
        If X is no matrix, is empty, holds NaN or infinity, has one row or another number of columns.
    numpy.linalg.LinAlgError
        If the error exceeds the range of its type.

    See Also
    --------
    mathref.svd.low_rank_approximation : the reconstruction of centred data.

    Notes
    -----
    For the data that were fitted it is the sum of the discarded variances, and no other k directions leave less.
    O(n d k).

    References
    ----------
    Eckart and Young (1936), The approximation of one matrix by another of lower rank, Psychometrika 1.

    Examples
    --------
    >>> X = [[1, 2], [3, 6], [5, 4]]
    >>> round(reconstruction_error(X, pca(X, 1)), 12)
    2.0
    """
    X, parts = as_matrix(X, "X", real=True), _parts(fitted)
    _refuse_one_row(X)
    rows, exponents = _deviations(X, parts)
    C = parts.components.astype(np.float64)
    with np.errstate(all="ignore"):
        rest = wide(rows - (rows @ C.T) @ C)
    rest = Wide(rest.pair, rest.exponent + exponents)
    squares = wide_product(rest, rest)
    high, low = squares.pair
    total = wide_sum(Wide((high.ravel(), low.ravel()), squares.exponent.ravel()))
    return number_result(wide_quotient(Wide(*total), wide(np.array(len(X) - 1.0))).rounded(), "The error", X, *parts)


def pca_steps(X: ArrayLike) -> Working:
    """How principal components come about from the covariance matrix, for pencil and paper.

    Parameters
    ----------
    X : array_like of shape (n, 2)
        Real data of at most 6 rows, the examples, not all equal. Numbers that are the nearest double to a fraction, as
        1/3, are taken for it.

    Returns
    -------
    Working
        Steps: the mean, the deviations, the covariance matrix divided by n - 1, its eigenvalues, which are the
        explained variances, its eigenvectors, and ``pca(X).components``.

    Raises
    ------
    TypeError
        If X is complex or holds no numbers.
    ValueError
        If X is no matrix of two columns, is empty, too large to read (also entries beyond 1e6, or below 1e-6 and not
        0), holds NaN or infinity, has one row or equal rows alone.

    See Also
    --------
    pca : the components without the covariance matrix, in which rounding would lose small variances.

    Notes
    -----
    Where both variances are equal any two perpendicular directions serve; the last step shows those of `pca`.

    References
    ----------
    Jolliffe (2002), Principal Component Analysis, 2nd ed.

    Examples
    --------
    >>> working = pca_steps([[1, 2], [3, 6], [5, 4]])
    >>> print(working[2].text)
    Dᵀ D = ⎡8  4⎤
           ⎣4  8⎦
    S = Dᵀ D / 2 = ⎡4  2⎤
                   ⎣2  4⎦
    >>> working.result.round(4)
    array([[ 0.7071,  0.7071],
           [ 0.7071, -0.7071]])
    """
    array = as_matrix(X, "X", real=True)
    refuse_long(array, "X", rows=6, columns=2)
    if array.shape[1] != 2:
        raise ValueError(f"X must have 2 columns for a working to be read, but its shape is {array.shape}")
    return pca_working(array, pca(array).components)
