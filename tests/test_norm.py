"""Norms: against mpmath with 50 digits, over the whole range of doubles, and against NumPy."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.linalg import hilbert

from mathref.norm import condition_number, matrix_norm, vector_norm

EPS = np.finfo(float).eps
ORDERS = [0.3, 0.5, 1, 1.5, 2, 3, 10, 150.5, math.inf]
SCALES = [1.0, 1e200, 1e-200, 1e-160, 1e300, 5e-324, 2.0**-1040]
moderate = hnp.arrays(
    np.float64, st.integers(1, 8), elements=st.floats(-1e3, 1e3).filter(lambda x: x == 0 or abs(x) > 1e-3)
)


def exact(x, p):
    """The p-norm from the stored doubles, with 50 digits."""
    with mpmath.workdps(50):
        moduli = [mpmath.fabs(mpmath.mpmathify(entry)) for entry in np.asarray(x).tolist()]
        if p == math.inf:
            return float(max(moduli))
        return (
            float(mpmath.fsum(m ** mpmath.mpf(p) for m in moduli if m) ** (1 / mpmath.mpf(p))) if any(moduli) else 0.0
        )


@given(moderate, st.sampled_from(ORDERS))
def test_the_norm_is_right_to_the_last_digits(x, p):
    assert vector_norm(x, p) == pytest.approx(exact(x, p), rel=8 * EPS * max(1, 1 / p), abs=0)


@pytest.mark.parametrize("p", ORDERS)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("entries", [[3.0, -1.0, 2.0, 0.0], [1 + 2j, 3j, -1.0], [1.0], [1.0, 1e-30]])
def test_the_norm_neither_overflows_nor_underflows(entries, scale, p):
    x = np.array(entries) * scale
    assert vector_norm(x, p) == pytest.approx(exact(x, p), rel=8 * EPS * max(1, 1 / p), abs=5e-324)


@given(moderate, st.integers(-300, 290))
def test_the_euclidean_norm_does_not_depend_on_a_power_of_two(x, exponent):
    assert vector_norm(x * 2.0**exponent) == pytest.approx(vector_norm(x) * 2.0**exponent, rel=2 * EPS, abs=0)


@pytest.mark.parametrize(("smaller", "larger"), [(1e-150, 1e150), (1e-170, 1e-140), (1e130, 1e160)])
def test_entries_on_both_sides_of_the_safe_range_count(smaller, larger):
    for x in ([smaller] * 3, [larger] * 3, [smaller, larger], [1e-141] * 1000):
        assert vector_norm(x) == pytest.approx(exact(x, 2), rel=4 * EPS, abs=0)


def test_a_single_entry_is_its_own_norm():
    for p in (0.1, 1, 2, 3, 1000, math.inf):
        assert vector_norm([-5e-324], p) == 5e-324
        assert vector_norm([1.7e308], p) == 1.7e308


def test_the_norm_beyond_the_range_is_infinite():
    assert vector_norm([1.7e308, 1.7e308]) == math.inf
    assert vector_norm([1.7e308, 1.7e308], 1) == math.inf
    assert vector_norm([1.7e308, 1.7e308], 3) == math.inf
    assert vector_norm([1.7e308 + 1.7e308j], math.inf) == vector_norm([1.7e308 + 1.7e308j], 3) == math.inf
    assert vector_norm([1, 1], 1e-5) == vector_norm([1, 1], 1e-310) == math.inf
    assert matrix_norm([[1.7e308, 1.7e308]], "inf") == matrix_norm([[1.7e308], [1.7e308]], "one") == math.inf


def test_a_root_beyond_the_range_times_a_small_modulus_is_within():
    x, p = [1e-300] * 1000, 0.007
    assert vector_norm(x, p) == pytest.approx(exact(x, p), rel=1e-11)


def test_order_zero_counts_what_is_not_zero():
    assert vector_norm([0, -3, 5e-324, 0j], 0) == 2.0
    assert vector_norm([0.0], 0) == 0.0


@pytest.mark.parametrize("p", [0, *ORDERS])
def test_the_norm_of_zero_is_zero(p):
    assert vector_norm([0.0, -0.0], p) == 0.0


@pytest.mark.parametrize("p", [0, 1, 2, 3, math.inf])
def test_vector_norms_agree_with_numpy_on_long_vectors(p):
    x = np.random.default_rng(1).standard_normal(10_000)
    assert vector_norm(x, p) == pytest.approx(np.linalg.norm(x, p), rel=1e-14)


@given(moderate, st.floats(1, 20), st.data())
def test_the_triangle_inequality_holds_from_order_one(x, p, data):
    y = data.draw(hnp.arrays(np.float64, len(x), elements=st.floats(-1e3, 1e3)))
    assert vector_norm(x + y, p) <= (vector_norm(x, p) + vector_norm(y, p)) * (1 + 20 * EPS)


def test_the_triangle_inequality_fails_below_order_one():
    assert vector_norm([1, 1], 0.5) == 4.0 > vector_norm([1, 0], 0.5) + vector_norm([0, 1], 0.5)


def test_float32_is_computed_in_doubles():
    x = np.full(1000, 0.1, dtype=np.float32)
    assert vector_norm(x) == pytest.approx(math.sqrt(1000 * float(x[0]) ** 2), rel=4 * EPS)
    assert vector_norm(np.full(2, 3e38, dtype=np.float32), 1) == 2 * float(np.float32(3e38))
    assert type(vector_norm(x, 3)) is float


def test_an_order_may_be_any_real_number_from_zero():
    assert vector_norm([3, 4], 2.0) == vector_norm([3, 4], np.int64(2)) == vector_norm([3, 4], np.float32(2)) == 5.0
    assert vector_norm([3, 4], np.float32(np.inf)) == 4.0
    with pytest.raises(ValueError, match="p must be at least 0"):
        vector_norm([1], -1)
    with pytest.raises(ValueError, match="p must be finite, but it is nan"):
        vector_norm([1], math.nan)


@pytest.mark.parametrize("p", [0, *ORDERS])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_every_order_refuses_what_is_not_finite(p, bad):
    with pytest.raises(ValueError, match="entry 1 of x"):
        vector_norm([1.0, bad], p)


TUTORIAL = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])


def test_matrix_norms_are_those_of_the_formulas():
    with mpmath.workdps(50):
        spectral = mpmath.sqrt((285 + 3 * mpmath.sqrt(8881)) / 2)  # AᵀA has the eigenvalues (285 ± 3√8881)/2 and 0
        nuclear = spectral + mpmath.sqrt((285 - 3 * mpmath.sqrt(8881)) / 2)
    assert matrix_norm(TUTORIAL) == matrix_norm(TUTORIAL, "frobenius") == pytest.approx(math.sqrt(285), rel=EPS)
    assert matrix_norm(TUTORIAL, "spectral") == pytest.approx(float(spectral), rel=4 * EPS)
    assert matrix_norm(TUTORIAL, "nuclear") == pytest.approx(float(nuclear), rel=4 * EPS)
    assert matrix_norm(TUTORIAL, kind="one") == 18.0
    assert matrix_norm(TUTORIAL, kind="inf") == 24.0


KINDS = {"frobenius": "fro", "spectral": 2, "nuclear": "nuc", "one": 1, "inf": np.inf}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [1.0, 1e200, 1e-200, 1e-310])
def test_matrix_norms_scale_with_the_matrix(kind, scale):
    A = np.random.default_rng(2).standard_normal((4, 6)) * (1 - 2j)
    expected = np.linalg.norm(A, KINDS[kind]) * scale
    assert matrix_norm(A * scale, kind) == pytest.approx(expected, rel=1e-12)
    assert matrix_norm(np.asfortranarray(A.T) * scale, kind) == pytest.approx(
        np.linalg.norm(A.T, KINDS[kind]) * scale, rel=1e-12
    )


@pytest.mark.parametrize("kind", KINDS)
def test_matrix_norms_refuse_what_is_not_finite(kind):
    with pytest.raises(ValueError, match=r"entry \(0, 1\) of A is nan"):
        matrix_norm([[1.0, math.nan]], kind)


def test_an_unknown_kind_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="kind must be one of 'frobenius', 'spectral', 'nuclear', 'one', 'inf'"):
        matrix_norm([[1]], "fro")


# Fiedler's and Todd's tables give 1.4951e13 for n = 10; the others are computed with 60 digits below.
@pytest.mark.parametrize("n", [2, 4, 6, 8, 10])
def test_the_condition_number_of_hilbert_matrices_is_right_to_its_own_times_eps(n):
    H = hilbert(n)
    with mpmath.workdps(60):
        values = mpmath.eigsy(mpmath.matrix(H.tolist()), eigvals_only=True)
        expected = float(max(values) / min(values))
    assert condition_number(H) == pytest.approx(expected, rel=4 * EPS * expected)


def test_the_condition_number_of_graded_matrices_is_exact():
    assert condition_number(np.diag([1e200, 1.0, 1e-100])) == pytest.approx(1e300, rel=4 * EPS)
    assert condition_number(np.diag([3e-200, 1e-200])) == pytest.approx(3.0, rel=4 * EPS)
    assert condition_number(5 * np.eye(3)) == 1.0


@pytest.mark.parametrize(
    "singular",
    [
        [[1, 2], [2, 4]],
        TUTORIAL,
        [[0.0]],
        np.ones((40, 40)),
        np.outer([0.1, 0.2, 0.4], [1, 3, 7]),
        [[1, 1j], [1j, -1]],
        [[1, 3], [2, 6], [3, 9]],
        [[1, 2, 3], [3, 6, 9]],
        [[1e200, 3e200], [1e200, 3e200]],
    ],
)
def test_dependent_columns_have_an_infinite_condition_number(singular):
    assert condition_number(singular) == math.inf


@pytest.mark.parametrize("A", [[[1, 2], [2, 4 + 2**-50]], [[1, 3], [2, 6], [3, math.nextafter(9, 10)]], hilbert(13)])
def test_nearly_dependent_columns_have_a_finite_one(A):
    assert 1e14 < condition_number(A) < math.inf


def test_a_rectangular_matrix_has_the_ratio_of_its_singular_values():
    A = np.random.default_rng(3).standard_normal((5, 3))
    s = np.linalg.svd(A, compute_uv=False)
    assert condition_number(A) == pytest.approx(s[0] / s[-1], rel=1e-13)
    assert condition_number(A.T) == pytest.approx(s[0] / s[-1], rel=1e-13)


def test_a_float32_matrix_is_measured_in_doubles():
    H = hilbert(6).astype(np.float32)
    assert condition_number(H) == pytest.approx(np.linalg.cond(H.astype(float)), rel=1e-6)
