"""Entries whose magnitudes differ by the whole range of doubles, in one call: each is right, or refused by its name."""

import math
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from mathref import (
    eigen,
    entropy,
    factorization,
    hadamard,
    kl_divergence,
    matrix,
    norm,
    pseudoinverse,
    scalar,
    svd,
    tensor,
    vector,
)
from mathref.determinant import det, slogdet

SIZES = [1e308, 1.5e308, 1e300, 1e155, 1e100, 1.0, 3e-20, 1e-100, 1e-155, 1e-162, 1e-300, 1e-308, 1e-320, 5e-324, 0.0]


@pytest.fixture(autouse=True)
def _nothing_is_signalled():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def complex_numbers(seed: int, count: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    with np.errstate(under="ignore"):
        parts = rng.choice(SIZES, (2, count)) * rng.choice([1, -1, 0.75, -0.9], (2, count))
    return np.array([complex(*part) for part in parts.T])


def exact(x: complex) -> mpmath.mpc:
    return mpmath.mpc(float(x.real), float(x.imag))


def check(call, right, least: float = 5e-324) -> None:
    """Right in both parts to a few ulps of the modulus, or refused where a part exceeds the largest double."""
    if max(abs(right.real), abs(right.imag)) > np.finfo(float).max:
        with pytest.raises(np.linalg.LinAlgError):
            call()
        return
    assert abs(exact(np.ravel(call())[0]) - right) <= 4 * 2.0**-53 * abs(right) + least


def assert_close(found, expected) -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(found, expected, rtol=1e-15, atol=5e-324)


@pytest.mark.parametrize("seed", range(4))
def test_complex_numbers_of_any_size_are_multiplied_divided_and_inverted(seed):
    with mpmath.workdps(1400):
        for a, b in complex_numbers(seed, 400).reshape(-1, 2):
            for function in (vector.multiply, hadamard.hadamard_product, tensor.outer):
                check(lambda f=function, a=a, b=b: f([a], [b]), exact(a) * exact(b))
            check(lambda a=a, b=b: vector.scale(complex(a), [b]), exact(a) * exact(b))
            check(lambda a=a: hadamard.hadamard_power([a], 2), exact(a) ** 2)
            if b:
                check(lambda a=a, b=b: vector.divide([a], [b]), exact(a) / exact(b))
                check(lambda b=b: hadamard.hadamard_inverse([b]), 1 / exact(b))
                check(lambda b=b: hadamard.hadamard_power([b], -1), 1 / exact(b))


def test_single_complex_numbers_are_divided_over_their_range():
    largest = np.complex64(2e38 + 2e38j)
    expected = np.complex64(1 / complex(largest))
    for quotient in (hadamard.hadamard_inverse([largest]), vector.divide(np.complex64([1]), [largest])):
        assert quotient.dtype == np.complex64
        assert abs(quotient[0] - expected) <= 2 * np.finfo("f").smallest_subnormal
        assert expected


@pytest.mark.parametrize(("c", "x"), [(1e-50, 1e38), (1e39, 1e-10), (1 / 3, 3.0), (0.1, 3e38)])
def test_a_factor_is_not_rounded_to_the_precision_of_the_vector(c, x):
    product = vector.scale(c, np.float32([x]))
    assert product.dtype == np.float32
    assert product[0] == np.float32(float(Fraction(c) * Fraction(float(np.float32(x)))))


def test_an_exponent_is_not_rounded_to_the_precision_of_the_entries():
    assert hadamard.hadamard_power(np.float32([-1]), 16777217).tolist() == [-1]
    assert hadamard.hadamard_power(np.float32([1e38]), 0.1)[0] == np.float32(float(np.float32(1e38)) ** 0.1)


@pytest.mark.parametrize("kind", ["one", "inf"])
def test_moduli_of_subnormal_complex_entries_are_not_rounded_before_they_are_added(kind):
    tiny = 5e-324 + 5e-324j  # of modulus √2 · 5e-324, four of which are nearest to 6 times 5e-324
    row = np.array([[tiny] * 4])
    assert norm.matrix_norm(row if kind == "inf" else row.T, kind) == norm.vector_norm(row[0], 1) == 6 * 5e-324


@pytest.mark.parametrize("onto", [[1.0, 0.0], [1e-200, 1e200], [1e-200, 1j], [3e-160, 1.0]])
@pytest.mark.parametrize("a", [[1e-300, 1e300], [1e300, 0.0], [1e300j, 1.0], [-1e160, 3.0]])
def test_a_projection_is_right_in_each_entry(a, onto):
    with mpmath.workdps(2000):
        u, v = ([exact(complex(x)) for x in vector_] for vector_ in (a, onto))
        share = sum(mpmath.conj(y) * x for x, y in zip(u, v, strict=True)) / sum(abs(y) ** 2 for y in v)
        for got, entry in zip(vector.project(a, onto).tolist(), v, strict=True):
            assert abs(exact(complex(got)) - share * entry) <= 2.0**-52 * abs(share * entry) + 5e-324


def test_terms_that_underflow_are_counted_beside_large_ones():
    tiny, small = [1e-162] * 1000, [2e-162] * 1000
    expected = float(1000 * Fraction(1e-162) * Fraction(2e-162))
    assert expected > 0
    assert matrix.matmul([tiny, [1e150] * 1000], small)[0] == expected
    assert matrix.matmul([tiny], small)[0] == expected
    assert tensor.contract("ij,j->i", [tiny, [1e150] * 1000], small)[0] == expected


def test_a_product_that_underflows_on_the_way_is_made_up_for_by_a_large_factor():
    assert tensor.contract("i,i,i->", [1e-200], [1e-200], [1e300]) == float(Fraction(1e-200) ** 2 * Fraction(1e300))
    numbers = [1e-200, 1.0], [1e-200, 1.0], [1e305, 1e-94]
    expected = float(sum(math.prod(map(Fraction, terms)) for terms in zip(*numbers, strict=True)))
    assert tensor.contract("i,i,i->", *numbers) == expected
    A, B, C = (np.diag(x) for x in numbers)
    chain = tensor.contract("ij,jk,kl->il", A, B, C)
    assert chain.tolist() == np.diag([float(math.prod(map(Fraction, x))) for x in zip(*numbers, strict=True)]).tolist()


@pytest.mark.parametrize("sides", [[1e300, 1e-300], [1e-320, 1e308], [[1e300, 1e-300], [1e-300, 1e300]]])
def test_a_right_hand_side_of_any_spread_is_solved_in_each_entry(sides):
    b = np.array(sides)
    for A, expected in (np.eye(2), b), (np.array([[0.0, 2.0], [-4.0, 0.0]]), np.array([-b[1] / 4, b[0] / 2])):
        assert_close(matrix.solve(A, sides), expected)
        assert_close(pseudoinverse.lstsq(A, sides), expected)
    tall = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    above = np.concatenate([sides, np.zeros_like(sides[:1])])
    np.testing.assert_array_equal(pseudoinverse.lstsq(tall, above), sides)


def test_nothing_is_signalled_where_small_entries_vanish_beside_large_ones():
    A = [[1, 1e-200], [1e-180, 1e-300]]
    assert_close(svd.low_rank_approximation(A, 1), [[1, 1e-200], [1e-180, 0]])
    assert_close(svd.low_rank_approximation(A, 2), A)
    assert_close(pseudoinverse.pinv(A), [[1, 1e-180], [1e-200, 0]])
    assert det(A) == float(Fraction(1e-300) - Fraction(1e-200) * Fraction(1e-180))


@pytest.mark.parametrize("call", [matrix.shear, matrix.scaling, scalar.ulp, lambda x: scalar.is_close(1, 1, rtol=x)])
def test_a_number_that_is_no_double_is_refused_by_its_name(call):
    with pytest.raises(
        ValueError, match=r"must hold numbers that are doubles, but it holds the integer 9007199254740993"
    ):
        call(2**53 + 1)
    if np.finfo(np.longdouble).eps < np.finfo(float).eps:
        with pytest.raises(TypeError, match=r"must be of at most double precision"):
            call(np.longdouble(1) / 3)


@pytest.mark.parametrize("labels", [[2**53, 2**53 + 1, 0.5], [2**63, 2**63 + 1, -1]])
def test_two_labels_are_not_made_one_by_rounding(labels):
    with pytest.raises(ValueError, match="samples must hold numbers that are doubles"):
        entropy.empirical_distribution(labels)
    whole = [label for label in labels if label != 0.5 and label > 0]
    assert entropy.empirical_distribution(whole).probabilities.tolist() == [0.5, 0.5]


def test_a_determinant_keeps_its_sign_where_no_scale_of_rows_and_columns_keeps_all_entries():
    A = np.array([[0.0, -2e-156, -9e-201], [-2e-100, 1e308, -5e-309], [0.0, 0.0, -9e-101]])
    p, q, r = (Fraction(float(A[place])) for place in ((0, 1), (1, 0), (2, 2)))
    with mpmath.workdps(30):
        logarithm = mpmath.log(mpmath.mpf((p * q).numerator) / (p * q).denominator) + mpmath.log(-float(r))
    sign, logabsdet = slogdet(A)
    assert sign == 1.0  # -p q r with p, q and r negative
    assert abs(logabsdet - logarithm) <= 4 * 2.0**-53 * abs(logarithm)
    assert slogdet(np.diag([1e308, 1e-308, 1.0])[[1, 0, 2]]).sign == -1.0
    A[1, 0] = 0.0
    assert slogdet(A) == (0.0, -math.inf)
    assert slogdet(A * (1 + 0j)) == (0.0, -math.inf)
    A[1, 0] = -2e-100
    with pytest.raises(np.linalg.LinAlgError, match="it is not singular and its pivots underflow"):
        slogdet(A * (1 + 0j))


@pytest.mark.parametrize("tiny", [5e-324, 1e-322])
def test_the_smallest_doubles_keep_their_digits_beside_a_sum_that_is_not_1(tiny):
    p, q = [0.5, 0.5 + 9e-10], [tiny, 1 - 9e-10]
    with mpmath.workdps(400):
        (a, b), (c, d) = ([mpmath.mpf(x) / sum(map(mpmath.mpf, each)) for x in each] for each in (p, q))
        expected = a * mpmath.log(a / c) + b * mpmath.log(b / d)
        assert abs(kl_divergence.kl_divergence(p, q, math.e) - expected) <= 4 * 2.0**-53 * expected


def test_probabilities_that_vanish_beside_others_signal_nothing():
    joint = np.array([[1e-301, 5e-324, 1.000000000001]])
    assert entropy.mutual_information(joint) == 0
    assert entropy.mutual_information(joint.T) == 0
    assert entropy.mutual_information([[5e-324, 0.9999999991010001], [0.0, 2.5e-301]]) == pytest.approx(0, abs=1e-297)
    assert 0 < entropy.conditional_entropy(joint) < 1.1e-298
    p, q = [0.5, 0.5, 0.0], [0.0, 5e-324, 1.0]
    with mpmath.workdps(400):
        small = mpmath.mpf(5e-324)
        expected = mpmath.mpf(1) / 4 + (mpmath.log(1 / (0.5 + small), 2) / 4 + mpmath.mpf(1) / 2) + small
    assert kl_divergence.js_divergence(p, q) == pytest.approx(float(expected), rel=1e-15)


@pytest.mark.parametrize("phase", [1.0, 1j, 0.6 + 0.8j])
@pytest.mark.parametrize("beside", [1e155, 1e250, 1e-30])
def test_an_indefinite_complex_matrix_is_refused_whatever_its_scale(phase, beside):
    A = np.array([[7.5e-101, beside * phase], [beside * np.conj(phase), 7.5e-101]])
    with pytest.raises(np.linalg.LinAlgError, match="its leading minor of order 2 is not positive"):
        factorization.cholesky(A)
    wider = np.zeros((3, 3), complex)
    wider[0, 0], wider[1:, 1:] = 1.0, A
    with pytest.raises(np.linalg.LinAlgError, match="its leading minor of order 3 is not positive"):
        factorization.cholesky(wider)


def test_complex_factors_signal_nothing_where_small_entries_vanish():
    A = np.array([[0.75 + 1j, 7.5e-201 + 5e-324j, 1e200 + 1e-200j], [-1e-308 + 1e-100j, 75e-5 + 1e-3j, 75e153 + 1e-3j]])
    assert svd.svd(A).s[0] == pytest.approx(1e200, rel=1e-15)
    np.testing.assert_array_equal(abs(svd.low_rank_approximation(A, 1)[0, 2]), abs(A[0, 2]))
    H = np.array([[1e308, -1e308 + 1j], [-1e308 - 1j, 1e-100]])
    golden = (1 + math.sqrt(5)) / 2
    assert eigen.eigh(H).values.tolist() == pytest.approx([(1 - golden) * 1e308, golden * 1e308], rel=1e-15)


def test_a_complex_product_beyond_the_largest_double_is_refused_by_its_name():
    with pytest.raises(np.linalg.LinAlgError, match="A B must fit in doubles"):
        matrix.matmul([[1e200j]], [[1e200]])
