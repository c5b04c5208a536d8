import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref._numerics import double_double
from mathref.expectation import (
    Moments,
    combine_moments,
    expectation,
    mean,
    moments,
    running_moments,
    standard_deviation,
    standardize,
    variance,
    variance_steps,
)

EPS = 2.0**-52
REALS = st.floats(-1e150, 1e150) | st.floats(-4, 4) | st.integers(-9, 9).map(float)
SAMPLES = st.lists(REALS, min_size=1, max_size=30)
WEIGHTED = st.lists(st.tuples(REALS, st.floats(0, 1e300) | st.integers(0, 3)), min_size=1, max_size=20).filter(
    lambda pairs: any(w for _, w in pairs)
)


def exact_mean(x, w=None):
    w = [1] * len(x) if w is None else w
    return sum(Fraction(v) * Fraction(u) for v, u in zip(x, w, strict=True)) / sum(map(Fraction, w))


def exact_variance(x, w=None, ddof=0):
    w, centre = [1] * len(x) if w is None else w, exact_mean(x, w)
    squares = sum(Fraction(u) * (Fraction(v) - centre) ** 2 for v, u in zip(x, w, strict=True))
    return squares / (sum(map(Fraction, w)) - ddof)


def near(found, expected, relative, absolute=0):
    return abs(Fraction(found) - expected) <= Fraction(relative) * abs(expected) + absolute + Fraction(5e-324)


def hard_samples():
    random = np.random.default_rng(1)
    for n in (2, 3, 10, 999):
        small = random.standard_normal(n)
        yield small
        yield 1e8 + 1e-6 * small
        yield 1e16 + np.round(4 * small)
        yield -1e300 + 1e285 * small
        yield 1e-150 * small
        yield 10.0 ** random.uniform(-140, 140, n)
        yield np.append(np.full(n, 0.1), 1e12)


HARD = list(hard_samples())


# Means


@given(SAMPLES)
def test_a_mean_is_right_to_its_last_digits_also_where_examples_cancel(x):
    size = exact_mean([abs(v) for v in x])
    assert near(mean(x), exact_mean(x), 4 * EPS, size / 10**30)


@given(WEIGHTED)
def test_a_weighted_mean_is_right_to_its_last_digits(pairs):
    x, w = zip(*pairs, strict=True)
    assert near(mean(x, w), exact_mean(x, w), 4 * EPS, exact_mean([abs(v) for v in x], w) / 10**30)


def test_a_mean_survives_cancellation_and_the_edge_of_the_range():
    assert mean([1e16, 1, -1e16]) == 1 / 3
    assert mean([1e308, 1e308]) == 1e308
    assert mean([1.7e308, -1.7e308, 3.0]) == 1.0
    assert mean([5e-324] * 3) == 5e-324
    assert mean([2.0, 4.0], [1e308, 1e308]) == 3.0
    assert mean([2.0, 4.0], [5e-324, 5e-324]) == 3.0


def test_a_million_terms_that_cancel_leave_the_one_that_does_not():
    x = np.concatenate([np.random.default_rng(0).uniform(-1e10, 1e10, 500_000), [1.0]])
    x = np.concatenate([x, -x[:-1]])
    assert mean(x) == pytest.approx(1 / len(x), rel=1e-9, abs=0)


def test_the_mean_of_means_is_not_the_mean():
    assert mean([mean([1]), mean([2, 3, 4])]) == 2.0
    assert mean([1, 2, 3, 4]) == 2.5
    assert mean([mean([1]), mean([2, 3, 4])], [1, 3]) == 2.5


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 4)), min_size=1, max_size=8), st.integers(0, 2))
def test_whole_weights_count_examples(pairs, ddof):
    x, w = zip(*pairs, strict=True)
    repeated = [v for v, count in pairs for _ in range(count)]
    if len(repeated) > ddof:
        assert mean(x, w) == mean(repeated)
        assert variance(x, w, ddof=ddof) == pytest.approx(variance(repeated, ddof=ddof), rel=1e-14, abs=0)


def test_axes_are_averaged_as_named():
    x = np.arange(24.0).reshape(2, 3, 4) ** 2
    for axis in (0, 1, -1, (0, 2), (2, 1), (0, 1, 2), None):
        np.testing.assert_allclose(mean(x, axis=axis), x.mean(axis=axis), rtol=1e-15)
        np.testing.assert_allclose(variance(x, axis=axis, ddof=1), x.var(axis=axis, ddof=1), rtol=1e-13)
        np.testing.assert_allclose(standard_deviation(x, axis=axis), x.std(axis=axis), rtol=1e-13)
        z = standardize(x, axis=axis)
        assert z.shape == x.shape
        np.testing.assert_allclose(mean(z, axis=axis), 0, atol=1e-15)
        np.testing.assert_allclose(variance(z, axis=axis), 1, rtol=1e-14)
    assert isinstance(mean(x, axis=None), float)
    assert mean(7.0, axis=None) == 7.0


def test_weights_lie_along_the_axis_or_have_the_shape_of_x():
    x, w = np.arange(6.0).reshape(2, 3), np.array([1.0, 0.0, 3.0])
    np.testing.assert_array_equal(mean(x, w, axis=1), [1.5, 4.5])
    np.testing.assert_array_equal(mean(x, w[:2], axis=0), x[0])
    full = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert mean(x, full, axis=None) == 2.5
    assert mean(x, full, axis=(1, 0)) == 2.5
    np.testing.assert_array_equal(mean(x, full, axis=(1,)), [0.0, 5.0])
    for bad, axis in ((w, 0), (w, None), (full, 0), (w, (1,)), (w[:, np.newaxis], 1)):
        with pytest.raises(ValueError, match="weights must have the shape"):
            mean(x, bad, axis=axis)
    with pytest.raises(ValueError, match="weights must have a positive sum"):
        mean(x, np.array([[1.0, 0, 0], [0.0, 0, 0]]), axis=(1,))
    with pytest.raises(ValueError, match="weights must not be negative"):
        variance(x, [1, -1])


@pytest.mark.parametrize("bad", [2, -3, (0, 0), (0, -2), (), (0, 5)])
def test_axes_that_are_not_there_or_named_twice_are_refused(bad):
    for function in (mean, variance, standard_deviation, standardize):
        with pytest.raises(ValueError, match="axis must"):
            function(np.ones((2, 2)) + np.eye(2), axis=bad)


# Spread


@pytest.mark.parametrize("x", HARD, ids=lambda x: f"{len(x)} from {x[0]:.3g}")
@pytest.mark.parametrize("ddof", [0, 1])
def test_a_variance_is_right_to_1e_13_whatever_the_offset(x, ddof):
    expected = exact_variance(x, ddof=ddof)
    if expected < Fraction(1.7e308):
        assert near(variance(x, ddof=ddof), expected, 1e-15)
    root = standard_deviation(x, ddof=ddof)
    assert near(Fraction(root) ** 2, expected, 1e-15)


@given(WEIGHTED)
def test_a_weighted_variance_is_right_to_1e_13(pairs):
    x, w = zip(*pairs, strict=True)
    expected = exact_variance(x, w)
    root = Fraction(standard_deviation(x, w))
    if expected > Fraction(1e-300):
        assert near(root**2, expected, 1e-14)


@given(REALS, st.integers(1, 20), st.floats(1e-3, 1e3))
def test_equal_entries_have_variance_exactly_0(x, n, w):
    assert variance([x] * n) == standard_deviation([x] * n) == 0.0
    assert variance([x] * n, np.linspace(w, 1, n)) == 0.0


def test_a_standard_deviation_neither_overflows_nor_underflows():
    assert standard_deviation([1e200, -1e200]) == 1e200
    assert standard_deviation([1e-200, -1e-200]) == 1e-200
    assert standard_deviation([1.7e308, -1.7e308]) == 1.7e308
    with pytest.raises(np.linalg.LinAlgError, match="variance must fit in doubles"):
        variance([1e200, -1e200])
    with pytest.raises(np.linalg.LinAlgError, match=r"3\.4e38"):
        variance(np.float32([1e30, -1e30]))


def test_weights_over_the_whole_range_keep_their_digits():
    for x, w in (
        ([0.0, 1.0], [1.0, 1e-80]),
        ([1.0, 0.0], [1.0, 1e-80]),
        ([1.0, 0.0, 3.0], [1e-300, 1e300, 1e-200]),
        ([0.0, 1e-160, 1.0], [1.0, 1.0, 1e-320]),
        ([1e300, 1e-300, 2e-300], [0.0, 1.0, 1.0]),
        ([3.0, 5.0], [1e308, 1.7e308]),
    ):
        expected = exact_variance(x, w)
        assert abs(Fraction(standard_deviation(x, w)) ** 2 - expected) <= Fraction(1e-14) * expected


def test_variance_divided_by_n_is_too_small_on_average_over_all_samples_of_a_coin():
    samples = list(product([0, 1], repeat=2))
    assert mean([variance(s) for s in samples]) == 1 / 8
    assert mean([variance(s, ddof=1) for s in samples]) == variance([0, 1]) == 1 / 4
    for n in (3, 4):
        samples = list(product([0, 1, 3], repeat=n))
        assert mean([variance(s, ddof=1) for s in samples]) == pytest.approx(variance([0, 1, 3]), rel=1e-15, abs=0)


def test_a_die_has_mean_7_halves_and_variance_35_twelfths():
    die = np.arange(1, 7)
    assert mean(die) == expectation(die, np.full(6, 1 / 6)) == 3.5
    assert variance(die) == 35 / 12


def test_ddof_below_the_sum_of_the_weights_is_asked_for():
    for call in (
        lambda: variance([1.0, 2.0], ddof=2),
        lambda: variance([1.0, 2.0], [0.25, 0.25], ddof=1),
        lambda: standard_deviation([1.0], ddof=1),
        lambda: standardize([1.0, 2.0], ddof=2),
        lambda: variance([1.0, 2.0], [1e-320, 1e-320], ddof=1),
        lambda: moments([1.0]).variance(1),
        lambda: variance_steps([1.0], ddof=1),
    ):
        with pytest.raises(ValueError, match="ddof must be less"):
            call()
    assert variance([1.0, 3.0], [0.75, 0.75], ddof=1) == 3.0
    assert near(variance([1.0, 3.0], [0.5, 0.5 + EPS], ddof=1), exact_variance([1, 3], [0.5, 0.5 + EPS], 1), 1e-15)


def test_a_constant_column_cannot_be_standardized():
    for x in ([1.0, 1.0], [[1, 2], [1, 3]], [5.0]):
        with pytest.raises(ValueError, match=r"x must vary .* constant"):
            standardize(x)


def test_standardizing_keeps_its_digits_beside_an_offset_and_at_the_edge():
    np.testing.assert_allclose(standardize(1e8 + np.arange(3.0)), standardize([0, 1, 2]), rtol=1e-15)
    np.testing.assert_allclose(standardize([1.7e308, 0, -1.7e308]), standardize([1, 0, -1]), rtol=1e-15)
    np.testing.assert_allclose(standardize([1e-320, 2e-320]), [-1, 1], rtol=1e-15)


def test_scores_of_examples_next_to_the_mean_keep_their_digits():
    assert standardize([-1, 1e-17, 1])[1] == pytest.approx(1e-17 * math.sqrt(2 / 3), rel=1e-15, abs=0)


@given(st.lists(st.floats(-1e100, 1e100), min_size=4, max_size=4), st.sampled_from([1, -1]))
def test_a_sum_in_two_doubles_is_off_by_three_squared_roundoffs_at_most(x, sign):
    one = double_double.renormalized(np.array(x[0]), np.array(x[1] * 2.0**-54 * (abs(x[0]) > abs(x[1]))))
    other = double_double.renormalized(np.array(sign * x[0]), np.array(x[2] * 2.0**-54 * (abs(x[0]) > abs(x[2]))))
    exact = sum(Fraction(part.item()) for part in (*one, *other))
    found = sum(Fraction(part.item()) for part in double_double.add(one, other))
    assert abs(found - exact) <= 3 * Fraction(2) ** -106 * abs(exact) * (1 + Fraction(2) ** -50)


# Expectation


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_expectation_is_linear(triples):
    x, y, w = (np.array(part, float) for part in zip(*triples, strict=True))
    if w.any():
        p = w / w.sum()
        assert expectation(2 * x - 3 * y, p) == pytest.approx(2 * expectation(x, p) - 3 * expectation(y, p), abs=1e-13)


def test_expectation_divides_probabilities_by_their_sum():
    assert expectation([1, 1], [0.5, 0.5 + 9e-10]) == 1.0
    assert expectation(np.float32([3, 3]), np.float32([0.5, 0.5 + 9e-6])) == 3.0
    with pytest.raises(ValueError, match="values must hold one value"):
        expectation([1, 2, 3], [0.5, 0.5])
    with pytest.raises(ValueError, match="values must hold examples"):
        expectation(1.0, [1.0])
    np.testing.assert_array_equal(expectation([[[1, 2]], [[3, 4]]], [0.5, 0.5]), [[2, 3]])


# Moments of groups and of beginnings


def assert_moments(found, x, relative=1e-13):
    assert found.count == len(x)
    assert near(found.mean, exact_mean(x), relative, exact_mean([abs(v) for v in x]) / 10**28)
    assert near(found.M2, exact_variance(x) * len(x), relative)


@pytest.mark.parametrize("x", [x for x in HARD if exact_variance(x) < 10**300], ids=lambda x: f"{len(x)} {x[0]:.3g}")
def test_moments_are_right_and_those_of_beginnings_are_too(x):
    assert_moments(moments(x), x, 1e-15)
    running = running_moments(x)
    assert running.count.tolist() == list(range(1, len(x) + 1))
    assert running.M2[0] == 0
    for k in {1, 2, 3, len(x) // 2, len(x)} - {0}:
        if k <= len(x):
            assert_moments(Moments(k, running.mean[k - 1], running.M2[k - 1]), x[:k], 1e-14)


@pytest.mark.parametrize("order", ["up", "down", "far first", "far last"])
def test_one_pass_is_as_good_as_two_whatever_the_order(order):
    x = 1e9 + np.random.default_rng(2).standard_normal(10_000)
    x = {"up": np.sort(x), "down": -np.sort(-x), "far first": np.append(1e14, x), "far last": np.append(x, 0.0)}[order]
    x = x[:10_000]
    running = running_moments(x)
    for k in (2, 17, 5000, len(x)):
        assert_moments(Moments(k, running.mean[k - 1], running.M2[k - 1]), x[:k], 1e-13)


def test_beginnings_of_columns_of_every_size_keep_their_digits():
    x = np.array([[1e-100, 5.0], [2e-100, 5.0], [1e140, 5.0], [-1e-290, 7.0]])
    running = running_moments(x)
    for j, k in product(range(2), range(1, 5)):
        assert_moments(Moments(k, running.mean[k - 1, j], running.M2[k - 1, j]), x[:k, j])


def test_the_variances_of_beginnings_follow_from_their_counts():
    x = np.random.default_rng(3).standard_normal((6, 2, 3))
    running = running_moments(x)
    np.testing.assert_allclose(running.variance()[3], x[:4].var(axis=0), rtol=1e-13)
    with pytest.raises(ValueError, match=r"ddof must be less .* 1, but it is 1"):
        running.variance(1)
    np.testing.assert_allclose(moments(x).variance(ddof=1), x.var(axis=0, ddof=1), rtol=1e-13)


@given(st.lists(st.lists(st.floats(0.5, 1e6), max_size=6), min_size=1, max_size=6))
def test_combined_moments_are_those_of_the_whole(groups):
    whole = [v for group in groups for v in group]
    parts = [moments(group) if group else (0, 3.0, 9.0) for group in groups]
    if whole:
        found = combine_moments(*parts)
        assert found.count == len(whole)
        assert found.mean == pytest.approx(float(exact_mean(whole)), rel=1e-13, abs=0)
        # The means of the groups are rounded, which changes the union's M2 by that much.
        rounding = len(whole) * (EPS * max(whole)) ** 2 * 4
        expected = float(exact_variance(whole) * len(whole))
        assert pytest.approx(expected, rel=1e-8, abs=rounding + 1e-9) == found.M2
    else:
        assert combine_moments(*parts) == (0, 0.0, 0.0)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**18), st.floats(0, 1e100), st.floats(0, 1e200, allow_subnormal=False)),
        min_size=1,
        max_size=6,
    )
)
def test_combined_moments_follow_the_formula_to_1e_13(groups):
    counts, means, M2 = zip(*groups, strict=True)
    if not sum(counts):
        return
    centre = exact_mean(means, counts)
    expected = sum(Fraction(m) for m, n in zip(M2, counts, strict=True) if n)
    expected += sum(n * (Fraction(m) - centre) ** 2 for n, m in zip(counts, means, strict=True))
    found = combine_moments(*groups)
    assert found.count == sum(counts)
    assert near(found.mean, centre, 1e-15)
    assert near(found.M2, expected, 1e-14)


def test_groups_may_be_arrays_and_empty_groups_have_any_finite_moments():
    x = np.random.default_rng(4).standard_normal((9, 2))
    found = combine_moments(moments(x[:2]), (0, 7.0, 1.0), moments(x[2:]), (0, [1e300, -5], [3, 4]))
    np.testing.assert_allclose(found.mean, x.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.M2, 9 * x.var(axis=0), rtol=1e-13)
    assert combine_moments((0, 5.0, 1.0)) == combine_moments() == (0, 0.0, 0.0)
    assert combine_moments((3, 1e308, 0.0), (0, -1e308, 1e308)) == (3, 1e308, 0.0)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ((1, 2.0), ValueError),
        ((-1, 2.0, 0.0), ValueError),
        ((1, 2.0, -1e-9), ValueError),
        ((1, math.nan, 0.0), ValueError),
        ((0, math.inf, 0.0), ValueError),
        ((1, [1.0], 0.0), ValueError),
        ((1, [1.0, 2.0], [0.0, 0.0]), ValueError),
        ((10**400, 1.0, 0.0), ValueError),
        ((1.0, 2.0, 0.0), TypeError),
        ((True, 2.0, 0.0), TypeError),
        ((1, None, 0.0), TypeError),
        (3, TypeError),
        ("abc", TypeError),
        (None, TypeError),
    ],
)
def test_groups_that_are_no_moments_are_refused(bad, error):
    with pytest.raises(error, match=r"\bgroups\b"):
        combine_moments((1, 1.0, 0.0), bad)


def test_moments_that_exceed_the_range_are_refused():
    for call in (
        lambda: moments([1e200, 0]),
        lambda: running_moments([1e200, 0]),
        lambda: combine_moments((1, 1e200, 0), (1, 0, 0)),
    ):
        with pytest.raises(np.linalg.LinAlgError, match="M2 must fit"):
            call()


# Precision, kinds of arrays, workings


def test_single_precision_in_gives_single_precision_out():
    x = np.float32([[1, 2], [3, 5], [4, 4]])
    for result in (mean(x), variance(x), standard_deviation(x), standardize(x), moments(x).M2, running_moments(x).mean):
        assert result.dtype == np.float32
    for result in (mean(x, [1.0, 2.0, 3.0]), expectation(x, [0.5, 0.25, 0.25]), variance(x, np.ones(3))):
        assert result.dtype == np.float64
    assert mean(x, np.float32([1, 2, 3])).dtype == np.float32
    tenths = mean(np.float32([0.1, 0.2]))
    assert isinstance(tenths, float)
    assert tenths == float(np.float32(tenths))


def test_lists_integers_views_and_foreign_byte_orders_are_taken():
    x = np.arange(12.0).reshape(3, 4)
    for other in (x.tolist(), x.astype(int), x[::-1], x.astype(">f8"), np.asfortranarray(x), tuple(map(tuple, x))):
        np.testing.assert_array_equal(mean(other), [4, 5, 6, 7])
        np.testing.assert_allclose(variance(other), 32 / 3)
    x.setflags(write=False)
    assert mean(x, axis=None) == 5.5


@given(st.lists(st.integers(-20, 20).map(lambda k: k / 4) | st.sampled_from([1 / 3, 0.1, 1e5]), min_size=1, max_size=8))
def test_the_last_step_is_the_variance(x):
    steps = variance_steps(x)
    assert len(steps) == 4
    assert steps.result == variance(x)
    np.testing.assert_allclose(steps[0].value, np.mean(x), atol=1e-9)
    np.testing.assert_allclose(steps[1].value, np.array(x) - np.mean(x), atol=1e-9)
    np.testing.assert_allclose(steps[2].value, steps[1].value ** 2, atol=1e-9)
    np.testing.assert_allclose(np.mean(steps[2].value), steps.result, rtol=1e-12, atol=1e-12)


def test_the_steps_of_a_longer_sample_are_broken_into_lines():
    shown = variance_steps([1, 2, 3, 4, 5, 6, 7, 9], ddof=1)
    assert "(1 + 2 + 3 + 4\n   + 5 + 6 + 7 + 9) / 8" in shown[0].text
    assert "n - 1 = 7" in shown[3].caption
    with pytest.raises(ValueError, match="x must have at most 8 entries"):
        variance_steps(range(9))
