"""Numbers at the ends of the range, in all public functions: what fits is right, what does not is refused.

Each function is computed again from the stored numbers with 1300 digits and unlimited exponents. NumPy raises at every
overflow and underflow meanwhile: none of them is the caller's.
"""

import inspect
import math
import pkgutil
import warnings
from fractions import Fraction
from importlib import import_module

import mpmath
import numpy as np
import pytest
import scipy.linalg

import mathref
from mathref import (
    determinant,
    eigen,
    entropy,
    factorization,
    hadamard,
    kl_divergence,
    matrix,
    norm,
    pseudoinverse,
    svd,
    tensor,
    vector,
)

M = np.array([[4, 1, 0.5], [1, 3, 1], [0.5, 1, 2]])  # symmetric, positive definite, of condition 3.3
WIDE = np.array([1e300, 1, 1e-300])
HALF = np.array([1e150, 1, 1e-150])
CASES = {
    "the largest": M * 4e307,
    "1e308": M * 2.5e307,
    "1e-308": M * 1e-308,
    "5e-324": M * 5e-324,
    "rows from 1e300 to 1e-300": WIDE[:, np.newaxis] * M,
    "columns from 1e300 to 1e-300": M * WIDE,
    "both from 1e300 to 1e-300": HALF[:, np.newaxis] * M * HALF,
    "the largest of single precision": np.float32(M * 8e37),
    "1e-38 in single precision": np.float32(M * 1e-38),
    "the smallest of single precision": np.float32(M * 1.5e-45),
}
EQUAL = [name for name in CASES if " to " not in name]  # all entries of about one size


def mp(x):
    return mpmath.matrix(np.asarray(x).astype(float).tolist())


def numbers(x):
    return [float(entry) for entry in np.ravel(x)]


def mp_dot(a, b):
    return mpmath.fsum(mpmath.mpf(x) * y for x, y in zip(numbers(a), numbers(b), strict=True))


def mp_norm(x, p):
    return mpmath.fsum(mpmath.mpf(abs(entry)) ** p for entry in numbers(x)) ** (mpmath.mpf(1) / p)


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


# Of each function: what is called, what is right, and the share of the right entry, or of the largest, that may err.
ENTRY, LARGEST = "its entry", "the largest entry"
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
# In tests of their own.
NETWORKS = {f"softmax.{name}" for name in ("logsumexp", "softmax", "log_softmax", "softmax_jacobian", "softmax_vjp")}
NETWORKS |= {f"cross_entropy.{name}" for name in ("softmax_cross_entropy", "nll_loss", "cross_entropy_gradient")}
NETWORKS |= {"cross_entropy.binary_cross_entropy_with_logits"}
# No entries, whole numbers, or numbers of school size by their own documentation.
ELSEWHERE = {
    "determinant.det_by_cofactors",
    "determinant.det_by_elimination",
    "matrix.rotation",
    "matrix.scaling",
    "matrix.shear",
    "tensor.order",
    "entropy.information_gain",
    "entropy.empirical_distribution",
    "eigen.power_iteration",
}
# Numbers of other formats, whose ends their own tests hold.
ELSEWHERE |= {
    f"floating_point.{name}"
    for name in (
        "finfo",
        "round_to",
        "spacing",
        "to_bits",
        "from_bits",
        "running_sum",
        "pairwise_sum",
        "compensated_sum",
    )
}
ELSEWHERE |= {
    f"broadcasting.{name}"
    for name in ("broadcast_shapes", "broadcast_axes", "broadcast_to", "unbroadcast", "pairwise_differences")
}
TESTED_BELOW = {
    "determinant.det",
    "matrix.rank",
    "entropy.entropy",
    "entropy.cross_entropy",
    "entropy.conditional_entropy",
    "entropy.mutual_information",
    "kl_divergence.kl_divergence",
    "kl_divergence.js_divergence",
    "scalar.ulp",
    "scalar.relative_error",
    "scalar.is_close",
}


def mp_norm_of(x):
    return mpmath.sqrt(mpmath.fsum(entry**2 for entry in x))


def powers(A, exponent):
    return [mpmath.mpf(x) ** exponent for x in numbers(A)]


def permuted(A):
    return mp(A[factorization.lu(A).P.argmax(axis=0)])


def test_each_public_function_is_tried_at_the_edges_or_said_to_be_elsewhere():
    names = [name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_"]
    public = {
        f"{name}.{f}"
        for name in names
        for f, value in vars(import_module(f"mathref.{name}")).items()
        if inspect.isfunction(value) and value.__module__ == f"mathref.{name}" and f[0] != "_" and "_steps" not in f
    }
    tried = {f"{f.__module__.removeprefix('mathref.')}.{f.__name__}" for f in FUNCTIONS}
    descent = {name for name in public if name.startswith("gradient_descent.")}  # takes functions, has its own tests
    assert public - descent == tried | ELSEWHERE | TESTED_BELOW | NETWORKS


@pytest.mark.parametrize(
    ("function", "case"),
    [(f, case) for f in FUNCTIONS for case in (EQUAL if f in ONE_SIZE else CASES)],
    ids=lambda x: x if isinstance(x, str) else f"{x.__module__.removeprefix('mathref.')}.{x.__name__}",
)
def test_what_fits_is_right_and_what_does_not_is_refused(function, case):
    A = CASES[case]
    call, right, scale = FUNCTIONS[function]
    with mpmath.workdps(1300):
        expected = [mpmath.mpf(x) for x in np.ravel(np.array(right(A), dtype=object)).tolist()]
        largest = max(map(abs, expected))
        single = A.dtype == np.float32
        kept = np.float32 if single and function not in PYTHON_FLOATS else np.float64
        if largest > np.finfo(kept).max and function not in INFINITE:
            with pytest.raises(np.linalg.LinAlgError), np.errstate(all="raise"):
                call(A)
            return
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            if " to " in case:  # a condition of 1e600 deserves one, though here each digit is right
                warnings.simplefilter("ignore", scipy.linalg.LinAlgWarning)
            result = call(A)
        if isinstance(result, np.ndarray):
            assert result.dtype == A.dtype
        eps, least = np.finfo(kept).eps, float(np.finfo(kept).smallest_subnormal)
        for got, exact in zip(numbers(result), expected, strict=True):
            if exact > np.finfo(kept).max:
                assert got == math.inf
                continue
            assert abs(got - exact) <= 30 * eps * (abs(exact) if scale == ENTRY else largest) + 2 * least, (got, exact)


@pytest.mark.parametrize("case", CASES)
def test_the_determinant_is_right_and_infinite_beyond_the_largest_double(case):
    with mpmath.workdps(1300), np.errstate(all="raise"):
        exact = mpmath.det(mp(CASES[case]))
        result = determinant.det(CASES[case])
        assert result == math.inf if exact > np.finfo(float).max else abs(result - exact) <= 1e-14 * exact + 5e-324


@pytest.mark.parametrize("case", EQUAL)
def test_the_rank_does_not_depend_on_the_unit(case):
    with np.errstate(all="raise"):
        assert matrix.rank(CASES[case]) == 3
        assert matrix.rank(CASES[case][:, [0, 1, 0]]) == 2


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("factor", [factorization.qr, factorization.lu])
def test_the_factors_times_each_other_are_the_matrix(factor, case):
    A = CASES[case]
    with np.errstate(all="raise"):
        factors = factor(A)
    with mpmath.workdps(1300):
        product = math.prod((mp(x) for x in factors[1:]), start=mp(factors[0]))
        lengths = [mp_norm(column, 2) for column in A.T]
        eps, least = np.finfo(A.dtype).eps, float(np.finfo(A.dtype).smallest_subnormal)
        for i in range(3):
            for j in range(3):
                assert abs(product[i, j] - mpmath.mpf(float(A[i, j]))) <= 30 * eps * lengths[j] + 3 * least


def test_a_solution_at_the_edges_is_that_of_fractions():
    for scale, side in [(1e308, 1e308), (1e-308, 1e-308), (5e-324, 5e-324), (1e-300, 1e-5), (1e300, 1e-8)]:
        A, b = (
            np.array([[1.0, 1], [1, -0.5]]) * scale if scale != 5e-324 else np.array([[2.0, 1], [1, -1]]) * scale,
            [side, 0.0],
        )
        (p, q), (r, s) = [[Fraction(x) for x in row] for row in A.tolist()]
        expected = [float(s * Fraction(side) / (p * s - q * r)), float(-r * Fraction(side) / (p * s - q * r))]
        with np.errstate(all="raise"):
            solutions = matrix.solve(A, b), pseudoinverse.lstsq(A, b)
        np.testing.assert_allclose(solutions, [expected, expected], rtol=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="the solution must fit in doubles"):
        matrix.solve([[1e-300]], [1e10])


@pytest.mark.parametrize("tiny", [1e-300, 1e-308, 5e-324])
def test_tiny_probabilities_count_for_what_they_are(tiny):
    p, q = [1 - tiny, tiny], [0.5, 0.5]
    with mpmath.workdps(400), np.errstate(all="raise"):
        t = mpmath.mpf(tiny)
        expected = -(t * mpmath.log(t, 2) + (1 - t) * mpmath.log(1 - t, 2))
        assert math.isclose(entropy.entropy(p), expected, rel_tol=1e-14, abs_tol=5e-324)
        assert entropy.cross_entropy(q, p) == pytest.approx(float(-mpmath.log(t, 2) / 2), rel=1e-14)
        assert kl_divergence.kl_divergence(q, p) == pytest.approx(float(-1 - mpmath.log(t, 2) / 2), rel=1e-14)
        assert kl_divergence.kl_divergence(p, q) == pytest.approx(1, rel=1e-14)
        assert 0 < kl_divergence.js_divergence(q, p) < 1
        joint = [[0.5, tiny], [tiny, 0.5]]
        assert entropy.mutual_information(joint) == pytest.approx(1, rel=1e-14)
        assert 0 <= entropy.conditional_entropy(joint) < 1e-296
