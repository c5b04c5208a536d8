"""Gaussians in the three ways in which they are given: by a variance, by independent variances, by a matrix."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.precision import in_double
from mathref._arguments.shapes import as_hermitian

_OTHERWISE = "a covariance matrix C may be made so by (C + C.T) / 2"


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


def symmetric(cov: Array, name: str) -> Array:
    """A covariance matrix in double precision, made exactly symmetric."""
    A = in_double(as_hermitian(as_array(cov, name, real=True), name, otherwise=_OTHERWISE))
    with np.errstate(under="ignore"):
        return np.where(A == A.T, A, A / 2 + A.T / 2)
