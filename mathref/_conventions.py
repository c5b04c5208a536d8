"""The one place where signs and orders are fixed, so that a result is the same on every machine."""

from itertools import pairwise

import numpy as np

from mathref._arguments import Array

# Two components whose moduli differ by less than this, relative to the larger, count as equally large: LAPACK builds
# differ in the last digits, and the choice between them must not.
TIE = 1e-9


def unit_phases(columns: Array) -> Array:
    """For each column the factor of modulus 1 that makes its component of largest modulus real and positive.

    Among components that tie to a relative 1e-9, the first decides. A column of zeros gets the factor 1.
    """
    if columns.dtype.kind != "c" and columns.size <= 64:  # a loop over so few numbers is faster than calls of NumPy
        return np.array([_leading_sign(column) for column in columns.T.tolist()], columns.dtype)
    moduli = np.abs(columns)
    leading = (moduli >= np.maximum.reduce(moduli) * (1 - TIE)).argmax(axis=0)
    pivots: Array = columns[leading, np.arange(len(leading))]
    if pivots.dtype.kind != "c":
        return np.where(pivots < 0, -1, 1).astype(columns.dtype)
    sizes = np.abs(pivots)
    return np.where(sizes > 0, pivots.conj() / np.where(sizes > 0, sizes, 1), 1).astype(columns.dtype)


def _leading_sign(column: list[float]) -> float:
    above, below = max(column), -min(column)
    if abs(above - below) > TIE * max(above, below):
        return 1.0 if above > below else -1.0
    least = max(above, below) * (1 - TIE)
    return next(-1.0 if entry < 0 else 1.0 for entry in column if abs(entry) >= least)


def eigenvalue_order(values: Array) -> list[int]:
    """Indices by descending modulus, then real, then imaginary part, where what ties to a relative 1e-9 is equal."""
    numbers = values.tolist()
    moduli = [abs(number) for number in numbers]
    cosines = [number.real / modulus if modulus else 0.0 for number, modulus in zip(numbers, moduli, strict=True)]
    by_modulus = _places(moduli, [modulus * TIE for modulus in moduli])
    by_real_part = _places(cosines, [TIE] * len(cosines))
    return sorted(range(len(numbers)), key=lambda i: (by_modulus[i], by_real_part[i], -numbers[i].imag))


def _places(numbers: list[float], tolerances: list[float]) -> list[int]:
    """Place of each number in descending order; a number that ties with the one before it shares its place."""
    order = sorted(range(len(numbers)), key=lambda i: -numbers[i])
    places = [0] * len(numbers)
    for before, i in pairwise(order):
        places[i] = places[before] + (numbers[before] - numbers[i] > tolerances[before])
    return places
