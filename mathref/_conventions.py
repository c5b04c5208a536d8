"""The one place where signs and orders are fixed, so that a result is the same on every machine."""

import numpy as np

from mathref._arguments import Array

# Two components whose moduli differ by less than this, relative to the larger, count as equally large: LAPACK builds
# differ in the last digits, and the choice between them must not.
TIE = 1e-9


def unit_phases(columns: Array) -> Array:
    """For each column the factor of modulus 1 that makes its component of largest modulus real and positive.

    Among components that tie to a relative 1e-9, the first decides. A column of zeros gets the factor 1.
    """
    moduli = np.abs(columns)
    leading = np.argmax(moduli >= moduli.max(axis=0) * (1 - TIE), axis=0)
    pivots = np.take_along_axis(columns, leading[np.newaxis], axis=0)[0]
    sizes = np.abs(pivots)
    return np.where(sizes > 0, pivots.conj() / np.where(sizes > 0, sizes, 1), 1).astype(columns.dtype)
