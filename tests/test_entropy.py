import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mathref.entropy import (
    conditional_entropy,
    cross_entropy,
    empirical_distribution,
    entropy,
    information_gain,
    mutual_information,
)

DIGITS = 700  # enough for 1 - 1e-300
ULP = 2.0**-52

weights = st.floats(0, 1e6, allow_subnormal=False)
distributions = (
    st.lists(weights, min_size=1, max_size=40).filter(lambda w: sum(w) > 1e-3).map(lambda w: np.array(w) / sum(w))
)
joints = (
    st.integers(1, 5)
    .flatmap(lambda n: st.lists(st.lists(weights, min_size=n, max_size=n), min_size=1, max_size=5))
    .filter(lambda rows: sum(map(sum, rows)) > 1e-3)
    .map(lambda rows: np.array(rows) / np.sum(rows))
)


def exact(p):
    with mpmath.workdps(DIGITS):
        numbers = [mpmath.mpf(float(x)) for x in np.ravel(p)]
        return [x / mpmath.fsum(numbers) for x in numbers]


def exact_cross_entropy(p, q, base=2):
    with mpmath.workdps(DIGITS):
        return -mpmath.fsum(x * mpmath.log(y, base) for x, y in zip(exact(p), exact(q), strict=True) if x)


def exact_conditional_entropy(joint):
    with mpmath.workdps(DIGITS):
        cells = iter(exact(joint))
        rows = [[next(cells) for _ in row] for row in joint]
        return -mpmath.fsum(x * mpmath.log(x / mpmath.fsum(row), 2) for row in rows for x in row if x)


def exact_mutual_information(joint):
    with mpmath.workdps(DIGITS):
        columns = mpmath.matrix(np.asarray(joint).shape[1], 1)
        cells = exact(joint)
        width = len(columns)
        column_sums = [mpmath.fsum(cells[j::width]) for j in range(width)]
        return exact_cross_entropy_of(column_sums) - exact_conditional_entropy(joint)


def exact_cross_entropy_of(p):
    return -mpmath.fsum(x * mpmath.log(x, 2) for x in p if x)


def relative_error(actual, expected):
    with mpmath.workdps(DIGITS):
        return float(abs(mpmath.mpf(actual) - expected) / expected) if expected else abs(actual)


def families():
    random = np.random.default_rng(5)
    for n in (2, 3, 30, 100):
        yield random.dirichlet(np.ones(n))
        yield random.dirichlet(np.full(n, 0.05))
        yield np.append(1.0, np.full(n - 1, 1e-300))
        yield np.append(1e-300, np.full(n - 1, 1 / (n - 1)))
        yield np.append(1 - 1e-10, np.full(n - 1, 1e-30))  # sums to 1 within 1e-9 only
        tail = 10.0 ** -random.uniform(1 + math.log10(n), 250, n - 1)
        yield np.append(tail, 1 - tail.sum())
        yield np.full(n, 1 / n) * (1 + 3e-10)


@pytest.mark.parametrize("p", list(families()), ids=lambda p: f"{len(p)} from {p[0]:.3g}")
def test_entropy_is_right_to_its_last_digits(p):
    assert relative_error(entropy(p), exact_cross_entropy(p, p)) <= 2 * ULP
    assert relative_error(entropy(p, math.e), exact_cross_entropy(p, p, mpmath.e)) <= 3 * ULP
    assert relative_error(entropy(p, 10), exact_cross_entropy(p, p, 10)) <= 3 * ULP


@pytest.mark.parametrize("p", list(families()), ids=lambda p: f"{len(p)} from {p[0]:.3g}")
def test_cross_entropy_is_right_to_its_last_digits(p):
    for q in (p, p[::-1], np.full(len(p), 1 / len(p))):
        assert relative_error(cross_entropy(p, q), exact_cross_entropy(p, q)) <= 3 * ULP


def test_powers_of_two_give_exact_bits():
    assert entropy([0.5, 0.25, 0.125, 0.125]) == 1.75
    assert entropy(np.full(1024, 1 / 1024)) == 10
    assert entropy([1, 0, 0]) == 0
    assert entropy([1]) == 0
    assert not math.copysign(1, entropy([1.0])) < 0
    assert cross_entropy([0.5, 0.5], [0.25, 0.75]) == cross_entropy([0.5, 0.5], [0.75, 0.25])


def test_a_million_outcomes_are_summed_to_the_last_digits():
    n = 10**6
    k = np.arange(1, n + 1)
    p = k / (n * (n + 1) / 2)
    with mpmath.workdps(40):
        # p = k/S has H = log S - (Σ k log k)/S, where Σ k log k comes from the derivative of Hurwitz's zeta function.
        total = mpmath.mpf(n) * (n + 1) / 2
        expected = mpmath.log(total) - (mpmath.zeta(-1, n + 1, 1) - mpmath.zeta(-1, 1, 1)) / total
    assert relative_error(entropy(p, math.e), expected) <= 4 * ULP


@pytest.mark.parametrize("n", [5, 64, 65, 1000, 16384, 16385, 10**6])
def test_the_order_of_outcomes_changes_no_digit(n):
    random = np.random.default_rng(n)
    p, q = random.dirichlet(np.ones(n)), random.dirichlet(np.ones(n))
    order = random.permutation(n)
    assert entropy(p) == entropy(p[order])
    assert cross_entropy(p, q) == cross_entropy(p[order], q[order])


def test_the_order_of_rows_and_columns_changes_no_digit():
    random = np.random.default_rng(3)
    joint = random.dirichlet(np.ones(90)).reshape(9, 10)
    shuffled = joint[random.permutation(9)][:, random.permutation(10)]
    assert mutual_information(joint) == mutual_information(shuffled) == mutual_information(joint.T)
    assert conditional_entropy(joint) == pytest.approx(conditional_entropy(shuffled), rel=2 * ULP)


@given(distributions)
def test_entropy_lies_between_0_and_that_of_the_uniform_distribution(p):
    assert 0 <= entropy(p) <= math.log2(len(p)) * (1 + 2 * ULP)


@given(distributions)
def test_entropy_agrees_with_scipy(p):
    assert entropy(p) == pytest.approx(stats.entropy(p, base=2), rel=1e-12, abs=1e-14)


@given(distributions)
def test_cross_entropy_with_itself_is_entropy(p):
    assert cross_entropy(p, p.copy()) == pytest.approx(entropy(p), rel=4 * ULP)


@given(distributions, st.floats(1.01, 100))
def test_a_base_divides_by_its_logarithm(p, base):
    assert entropy(p, base) == pytest.approx(entropy(p, math.e) / math.log(base), rel=4 * ULP)


def test_cross_entropy_is_infinite_only_where_q_is_0_below_p():
    assert cross_entropy([0.5, 0.5], [1, 0]) == math.inf
    assert cross_entropy([1, 0], [1, 0]) == 0
    assert cross_entropy([1, 0], [0.5, 0.5]) == 1


@given(joints)
def test_joint_measures_are_never_negative_and_add_up(joint):
    column = entropy(joint.sum(axis=0) / joint.sum())
    assert mutual_information(joint) >= 0
    assert conditional_entropy(joint) >= 0
    assert mutual_information(joint) + conditional_entropy(joint) == pytest.approx(column, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("departure", [0, 1e-15, 1e-12, 1e-8, 1e-3, 0.5])
def test_mutual_information_of_nearly_independent_variables_keeps_its_digits(departure):
    random = np.random.default_rng(8)
    joint = np.outer(random.dirichlet(np.ones(4)), random.dirichlet(np.ones(5)))
    joint *= 1 + departure * random.uniform(-1, 1, joint.shape)
    joint /= joint.sum()
    assert relative_error(mutual_information(joint), exact_mutual_information(joint)) <= 20 * ULP


@pytest.mark.parametrize(
    "joint",
    [np.diag([1, 1e-300]), np.diag([0.5, 0.5]), [[0.25, 0.25], [0.5, 0]], [[1e-300, 0.5], [0.5, 0]], [[1.0]]],
    ids=str,
)
def test_joint_measures_hold_at_the_edges(joint):
    joint = np.asarray(joint)
    assert relative_error(mutual_information(joint), exact_mutual_information(joint)) <= 8 * ULP
    assert relative_error(conditional_entropy(joint), exact_conditional_entropy(joint)) <= 8 * ULP


def test_conditional_entropy_is_of_the_column_given_the_row():
    assert conditional_entropy([[0.5, 0.5]]) == 1
    assert conditional_entropy([[0.5], [0.5]]) == 0
    assert conditional_entropy([[0, 0], [0.5, 0.5]]) == 1


def test_independence_has_no_mutual_information():
    assert mutual_information(np.outer([0.25, 0.75], [0.5, 0.5])) == 0


def test_information_gain_of_the_weather_data_is_quinlans():
    # Quinlan (1986), table 1: 9 of 14 days suit; gain(outlook) = 0.246 bits, printed from rounded parts.
    outlook = ["sunny"] * 5 + ["overcast"] * 4 + ["rain"] * 5
    suits = [False] * 3 + [True] * 2 + [True] * 4 + [True] * 3 + [False] * 2
    h = {k: -sum(float(f) * math.log2(f) for f in (k, 1 - k)) for k in (Fraction(9, 14), Fraction(2, 5))}
    expected = h[Fraction(9, 14)] - 10 / 14 * h[Fraction(2, 5)]
    assert information_gain(suits, outlook) == pytest.approx(expected, rel=1e-14)
    assert information_gain(suits, outlook) == pytest.approx(0.247, abs=1e-3)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), min_size=1, max_size=60))
def test_information_gain_is_the_mutual_information_of_the_counts(pairs):
    labels, groups = zip(*pairs, strict=True)
    counts = np.array([[pairs.count((i, g)) for g in "abc"] for i in range(4)])
    expected = exact_mutual_information(counts)
    assert information_gain(labels, groups) >= 0
    assert float(abs(information_gain(labels, groups) - expected)) <= 1e-14
    assert information_gain(labels, groups) == pytest.approx(information_gain(groups, labels), rel=1e-13, abs=1e-16)


def test_information_gain_of_serial_numbers_needs_no_table_of_all_pairs():
    n = 50_000
    assert information_gain(np.arange(n), np.arange(n)[::-1]) == pytest.approx(math.log2(n), rel=1e-14)


def test_an_empirical_distribution_counts_sorted_outcomes():
    outcomes, probabilities = empirical_distribution([3, 1, 1, 2])
    assert outcomes.tolist() == [1, 2, 3]
    assert probabilities.tolist() == [0.5, 0.25, 0.25]
    assert empirical_distribution(list("banana")).outcomes.tolist() == ["a", "b", "n"]
    assert empirical_distribution([True, False, True, True]).probabilities.tolist() == [0.25, 0.75]
    assert empirical_distribution(np.array(["x", "y"], dtype=object)).outcomes.tolist() == ["x", "y"]


def test_lists_integers_and_float32_are_taken():
    assert entropy([0, 1]) == 0
    thirds = np.full(3, 1 / 3, dtype=np.float32)
    assert isinstance(entropy(thirds), float)
    assert entropy(thirds) == math.log2(3)
    assert entropy(np.float32([0.1] * 10)) == pytest.approx(math.log2(10), rel=4 * ULP)


def test_counts_are_refused_with_the_way_to_divide_them():
    with pytest.raises(
        ValueError, match=r"p must sum to 1 .* it sums to 10.0; .* p / np.sum\(p\).*empirical_distribution"
    ):
        entropy([3, 5, 2])
    with pytest.raises(ValueError, match=r"joint must sum to 1 .* joint / np.sum\(joint\)$"):
        mutual_information([[3, 5], [1, 1]])


def test_a_sum_may_miss_1_by_1e_9_and_by_1e_5_in_float32():
    assert entropy([0.5, 0.5 + 9e-10]) == pytest.approx(1, abs=1e-15)
    with pytest.raises(ValueError, match="to within 1e-09"):
        entropy([0.5, 0.5 + 2e-9])
    assert entropy(np.float32([0.5, 0.5 + 9e-6])) == pytest.approx(1, abs=1e-9)
    with pytest.raises(ValueError, match="to within 1e-05"):
        entropy(np.float32([0.5, 0.5 + 2e-5]))


@pytest.mark.parametrize("n", [3, 300])
def test_negative_probabilities_are_refused_by_their_place(n):
    p = np.full(n, 1 / n)
    p[0], p[2] = p[0] + 0.5 + p[2], -0.5
    with pytest.raises(ValueError, match=r"p must hold probabilities, but entry 2 of p is negative: -0.5"):
        entropy(p)


@pytest.mark.parametrize("base", [0, 1, -2, 0.5])
def test_a_base_is_greater_than_1(base):
    with pytest.raises(ValueError, match="base must be greater than 1"):
        entropy([1.0], base)


def test_mixed_kinds_of_labels_are_refused():
    with pytest.raises(TypeError, match="samples must be labels of one kind, but it mixes int and str"):
        empirical_distribution([1, "a"])
    with pytest.raises(
        TypeError, match=r"labels must be a sequence of labels, but it is one string; write list\(labels\)"
    ):
        information_gain("abc", [1, 2, 3])
    with pytest.raises(ValueError, match="labels and groups must have the same shape"):
        information_gain([1, 2], [1, 2, 3])
