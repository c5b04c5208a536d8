"""What the functions of linear algebra give for numbers at the ends of the range, and what is right."""

import mpmath
import numpy as np
from edges import ENTRY, LARGEST, mp, mp_dot, mp_norm, mp_norm_of, numbers

from mathref import (
    convolution,
    determinant,
    eigen,
    factorization,
    hadamard,
    matrix,
    norm,
    pseudoinverse,
    svd,
    tensor,
    vector,
)


def mp_cross(a, b):
    (a0, a1, a2), (b0, b1, b2) = ([mpmath.mpf(x) for x in numbers(v)] for v in (a, b))
    return [a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0]


def mp_values(A):
    return [mpmath.sqrt(x) for x in sorted(mpmath.eigsy(mp(A).T * mp(A), eigvals_only=True), reverse=True)]


def mp_eigenvalues(A):
    return sorted(mpmath.eigsy((mp(A) + mp(A).T) / 2, eigvals_only=True), reverse=True)


def mp_polynomial(A):
    a = mp(A)
    trace = a[0, 0] + a[1, 1] + a[2, 2]
    square = a * a
    return [1, -trace, (trace**2 - square[0, 0] - square[1, 1] - square[2, 2]) / 2, -mpmath.det(a)]


def mp_gram_schmidt(A):
    columns, rows = [mp(A)[:, j] for j in range(3)], mpmath.matrix(3)
    units = []
    for j, column in enumerate(columns):
        for i, unit in enumerate(units):
            rows[i, j] = (unit.T * column)[0]
            column = column - unit * rows[i, j]
        rows[j, j] = mpmath.sqrt((column.T * column)[0])
        units.append(column / rows[j, j])
    return rows


def powers(A, exponent):
    return [mpmath.mpf(x) ** exponent for x in numbers(A)]


def permuted(A):
    return mp(A[factorization.lu(A).P.argmax(axis=0)])


def mp_convolved(x, kernel):
    """The three numbers of one times the three of the other, summed by their places."""
    return [mp_dot(x[max(0, i - 2) : i + 1], kernel[max(0, i - 2) : i + 1][::-1]) for i in range(5)]


# Of each function: what is called, what is right, and the share of the right entry, or of the largest, that may err.
FUNCTIONS = {
    vector.add: (lambda A: vector.add(A[0], A[1]), lambda A: [mp(A)[0, j] + mp(A)[1, j] for j in range(3)], ENTRY),
    vector.subtract: (
        lambda A: vector.subtract(A[0], A[1]),
        lambda A: [mp(A)[0, j] - mp(A)[1, j] for j in range(3)],
        ENTRY,
    ),
    vector.scale: (lambda A: vector.scale(3.0, A[1]), lambda A: [3 * mp(A)[1, j] for j in range(3)], ENTRY),
    vector.multiply: (
        lambda A: vector.multiply(A[0], A[1]),
        lambda A: [mp(A)[0, j] * mp(A)[1, j] for j in range(3)],
        ENTRY,
    ),
    vector.divide: (
        lambda A: vector.divide(A[1], np.where(A[0] == 0, 1, A[0]).astype(A.dtype)),
        lambda A: [mp(A)[1, j] / (mp(A)[0, j] or 1) for j in range(3)],
        ENTRY,
    ),
    vector.dot: (lambda A: vector.dot(A[0], A[1]), lambda A: mp_dot(A[0], A[1]), ENTRY),
    vector.cross: (lambda A: vector.cross(A[0], A[1]), lambda A: mp_cross(A[0], A[1]), ENTRY),
    vector.angle: (
        lambda A: vector.angle(A[0], A[1]),
        lambda A: mpmath.atan2(mp_norm_of(mp_cross(A[0], A[1])), mp_dot(A[0], A[1])),
        ENTRY,
    ),
    vector.project: (
        lambda A: vector.project(A[0], A[1]),
        lambda A: [mp_dot(A[0], A[1]) / mp_dot(A[1], A[1]) * x for x in numbers(A[1])],
        LARGEST,
    ),
    vector.normalize: (
        lambda A: vector.normalize(A[1]),
        lambda A: [x / mp_norm(A[1], 2) for x in numbers(A[1])],
        ENTRY,
    ),
    norm.vector_norm: (
        lambda A: [norm.vector_norm(A[1], p) for p in (1, 2, 3)],
        lambda A: [mp_norm(A[1], p) for p in (1, 2, 3)],
        ENTRY,
    ),
    norm.matrix_norm: (
        lambda A: [norm.matrix_norm(A, kind) for kind in ("frobenius", "spectral", "nuclear", "one", "inf")],
        lambda A: [
            mp_norm(A, 2),
            mp_values(A)[0],
            mpmath.fsum(mp_values(A)),
            max(mp_norm(column, 1) for column in A.T),
            max(mp_norm(row, 1) for row in A),
        ],
        ENTRY,
    ),
    norm.condition_number: (norm.condition_number, lambda A: mp_values(A)[0] / mp_values(A)[-1], LARGEST),
    matrix.matmul: (lambda A: matrix.matmul(A, A.T), lambda A: mp(A) * mp(A).T, ENTRY),
    convolution.convolve: (
        lambda A: convolution.convolve(A[0], A[1]),
        lambda A: mp_convolved(A[0], A[1]),
        ENTRY,
    ),
    convolution.cross_correlate: (
        lambda A: convolution.cross_correlate(A[0], A[1], mode="full"),
        lambda A: mp_convolved(A[0], A[1][::-1]),
        ENTRY,
    ),
    convolution.convolution_matrix: (
        lambda A: convolution.convolution_matrix(A[0], 2, mode="same"),
        lambda A: numbers(A[0, [1, 0, 2, 1]]),
        ENTRY,
    ),
    matrix.trace: (matrix.trace, lambda A: mpmath.fsum(numbers(A.diagonal())), ENTRY),
    matrix.transpose: (matrix.transpose, lambda A: mp(A).T, ENTRY),
    matrix.inverse: (matrix.inverse, lambda A: mp(A) ** -1, ENTRY),
    matrix.solve: (lambda A: matrix.solve(A, A[:, 0]), lambda A: mpmath.matrix([1, 0, 0]), LARGEST),
    matrix.reflection: (
        lambda A: matrix.reflection(A[1, :2]),
        lambda A: [
            2 * mpmath.mpf(x) * y / mp_dot(A[1, :2], A[1, :2]) - (i == j)
            for i, x in enumerate(numbers(A[1, :2]))
            for j, y in enumerate(numbers(A[1, :2]))
        ],
        LARGEST,
    ),
    determinant.slogdet: (
        lambda A: determinant.slogdet(A),
        lambda A: [mpmath.sign(mpmath.det(mp(A))), mpmath.log(abs(mpmath.det(mp(A))))],
        ENTRY,
    ),
    factorization.qr: (lambda A: factorization.qr(A).R, mp_gram_schmidt, ENTRY),
    factorization.lu: (
        lambda A: factorization.lu(A).U,
        lambda A: mpmath.lu(permuted(A))[2],
        ENTRY,
    ),
    factorization.cholesky: (lambda A: factorization.cholesky(A), lambda A: mpmath.cholesky(mp(A)), ENTRY),
    pseudoinverse.pinv: (lambda A: pseudoinverse.pinv(A), lambda A: mp(A) ** -1, LARGEST),
    pseudoinverse.lstsq: (
        lambda A: pseudoinverse.lstsq(A, A[:, 0], rtol=0),
        lambda A: mpmath.matrix([1, 0, 0]),
        LARGEST,
    ),
    svd.svd: (lambda A: svd.svd(A).s, mp_values, LARGEST),
    svd.low_rank_approximation: (lambda A: svd.low_rank_approximation(A, 3), lambda A: mp(A), LARGEST),
    eigen.eig: (lambda A: eigen.eig(A).values, mp_eigenvalues, LARGEST),
    eigen.eigh: (lambda A: eigen.eigh(A).values, lambda A: mp_eigenvalues(A)[::-1], LARGEST),
    eigen.characteristic_polynomial: (eigen.characteristic_polynomial, mp_polynomial, ENTRY),
    hadamard.hadamard_product: (lambda A: hadamard.hadamard_product(A, A), lambda A: powers(A, 2), ENTRY),
    hadamard.hadamard_inverse: (
        lambda A: hadamard.hadamard_inverse(A[:2, :2]),
        lambda A: powers(A[:2, :2], -1),
        ENTRY,
    ),
    hadamard.hadamard_power: (lambda A: hadamard.hadamard_power(A, 1.5), lambda A: powers(A, 1.5), ENTRY),
    tensor.outer: (
        lambda A: tensor.outer(A[0], A[1]),
        lambda A: [mpmath.mpf(x) * y for x in numbers(A[0]) for y in numbers(A[1])],
        ENTRY,
    ),
    tensor.contract: (lambda A: tensor.contract("ij,kj->ik", A, A), lambda A: mp(A) * mp(A).T, ENTRY),
    tensor.unfold: (lambda A: tensor.unfold(A, 1), lambda A: mp(A).T, ENTRY),
}
# Entries of one size only: of others the small results are far below the rounding errors of the large ones, or the
# function takes only symmetric matrices.
ONE_SIZE = {
    norm.condition_number,
    matrix.solve,
    pseudoinverse.pinv,
    pseudoinverse.lstsq,
    svd.svd,
    svd.low_rank_approximation,
    eigen.eig,
    eigen.eigh,
    eigen.characteristic_polynomial,
    factorization.cholesky,
    factorization.qr,
    factorization.lu,
}
# Functions that return numbers of Python, which are doubles whatever the argument.
PYTHON_FLOATS = {
    vector.dot,
    vector.angle,
    norm.vector_norm,
    norm.matrix_norm,
    norm.condition_number,
    matrix.trace,
    determinant.slogdet,
}
# Of these the documentation says that they are infinite beyond the largest double.
INFINITE = {vector.dot, norm.vector_norm, norm.matrix_norm, matrix.trace}
