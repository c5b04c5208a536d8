"""The one place where signs and orders are fixed, so that a result is the same on every machine."""

from itertools import pairwise

import numpy as np

from mathref._arguments.arrays import Array

# Two components whose moduli differ by less than this, relative to the larger, count as equally large: LAPACK builds
# differ in the last digits, and the choice between them must not.
TIE = 1e-9


def unit_phases(columns: Array) -> Array:
    """For each column the factor of modulus 1 that makes its component of largest modulus real and positive.

    Among components that tie to a relative 1e-9, the first decides. A column of zeros gets the factor 1.
    """
    if columns.size <= 64:  # a loop over so few numbers is faster than calls of NumPy
        pivots = [_leading(column) for column in columns.T.tolist()]
    else:
        moduli = np.abs(columns)
        rows = (moduli >= np.maximum.reduce(moduli) * (1 - TIE)).argmax(axis=0).tolist()
        pivots = [columns.item(i, j) for j, i in enumerate(rows)]
    return np.array([pivot.conjugate() / abs(pivot) if pivot else 1.0 for pivot in pivots], columns.dtype)


def _leading(column: list[complex]) -> complex:
    least = max(map(abs, column)) * (1 - TIE)
    for entry in column:
        if abs(entry) >= least:
            return entry
    return 0.0  # only for NaN, which the caller has refused


def eigenvalue_order(values: Array) -> list[int]:
    """Indices by descending modulus, then real, then imaginary part, where what ties to a relative 1e-9 is equal."""
    numbers = values.tolist()
    moduli = [abs(number) for number in numbers]
    by_modulus = _places(moduli, moduli)
    if len(set(by_modulus)) == len(numbers):
        return sorted(range(len(numbers)), key=by_modulus.__getitem__)
    cosines = [number.real / modulus if modulus else 0.0 for number, modulus in zip(numbers, moduli, strict=True)]
    by_real_part = _places(cosines, [1.0] * len(cosines))
    return sorted(range(len(numbers)), key=lambda i: (by_modulus[i], by_real_part[i], -numbers[i].imag))


def _places(numbers: list[float], scales: list[float]) -> list[int]:
    """Place of each number in descending order; a number that ties with the one before it shares its place."""
    order = sorted(range(len(numbers)), key=numbers.__getitem__, reverse=True)
    places = [0] * len(numbers)
    for before, i in pairwise(order):
        places[i] = places[before] + (numbers[before] - numbers[i] > TIE * scales[before])
    return places
