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

import edges_of_data
import edges_of_linear_algebra
import mpmath
import numpy as np
import pytest
import scipy.linalg
from edges import CASES, ENTRY, EQUAL, mp, mp_norm, numbers

import mathref
from mathref import determinant, entropy, factorization, kl_divergence, matrix, pseudoinverse

FUNCTIONS = edges_of_linear_algebra.FUNCTIONS | edges_of_data.FUNCTIONS
ONE_SIZE = edges_of_linear_algebra.ONE_SIZE | edges_of_data.ONE_SIZE
PYTHON_FLOATS = edges_of_linear_algebra.PYTHON_FLOATS | edges_of_data.PYTHON_FLOATS
INFINITE = edges_of_linear_algebra.INFINITE | edges_of_data.INFINITE
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
    assert public - descent == tried | ELSEWHERE | TESTED_BELOW


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
        beyond = np.finfo(float).max if function in INFINITE else 0
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            if " to " in case:  # a condition of 1e600 deserves one, though here each digit is right
                warnings.simplefilter("ignore", scipy.linalg.LinAlgWarning)
            if largest > np.finfo(kept).max and not largest > beyond > 0:
                with pytest.raises(np.linalg.LinAlgError):
                    call(A)
                return
            result = call(A)
        if isinstance(result, np.ndarray):
            assert result.dtype == A.dtype
        eps, least = np.finfo(kept).eps, float(np.finfo(kept).smallest_subnormal)
        for got, exact in zip(numbers(result), expected, strict=True):
            if abs(exact) > np.finfo(kept).max:
                assert got == math.copysign(math.inf, mpmath.sign(exact))
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
