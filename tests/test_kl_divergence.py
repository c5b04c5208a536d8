import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mathref.entropy import cross_entropy, entropy
from mathref.kl_divergence import js_divergence, kl_divergence

DIGITS = 700  # enough for 1 - 1e-300
ULP = 2.0**-52

weights = st.floats(1e-9, 1e6)
pairs = (
    st.lists(st.tuples(weights, weights), min_size=1, max_size=40)
    .map(np.array)
    .map(lambda table: (table[:, 0] / table[:, 0].sum(), table[:, 1] / table[:, 1].sum()))
)


def exact(p):
    with mpmath.workdps(DIGITS):
        numbers = [mpmath.mpf(float(x)) for x in p]
        return [x / mpmath.fsum(numbers) for x in numbers]


def divergence(p, q):
    return mpmath.fsum(x * mpmath.log(x / y, 2) for x, y in zip(p, q, strict=True) if x)


def exact_kl(p, q):
    with mpmath.workdps(DIGITS):
        return divergence(exact(p), exact(q))


def exact_js(p, q):
    with mpmath.workdps(DIGITS):
        p, q = exact(p), exact(q)
        middle = [(x + y) / 2 for x, y in zip(p, q, strict=True)]
        return (divergence(p, middle) + divergence(q, middle)) / 2


def relative_error(actual, expected):
    with mpmath.workdps(DIGITS):
        # Below the least normal number, digits are lost whatever is done.
        return float(abs(mpmath.mpf(actual) - expected) / max(expected, mpmath.mpf(2) ** -960))


def families():
    random = np.random.default_rng(6)
    for n in (2, 3, 30, 100):
        yield random.dirichlet(np.ones(n))
        yield random.dirichlet(np.full(n, 0.05)) + 1e-300
        yield np.append(1.0, np.full(n - 1, 1e-300))
        yield np.append(1 - 1e-10, np.full(n - 1, 1e-30))
        tail = 10.0 ** -random.uniform(1 + math.log10(n), 250, n - 1)
        yield np.append(tail, 1 - tail.sum())


@pytest.mark.parametrize("p", list(families()), ids=lambda p: f"{len(p)} from {p[0]:.3g}")
@pytest.mark.parametrize("departure", [0, 1e-15, 1e-12, 1e-8, 1e-4, 0.1, 1])
def test_nearly_equal_distributions_keep_their_digits(p, departure):
    random = np.random.default_rng(7)
    moved = p * (1 + departure * random.uniform(-1, 1, len(p)))
    for q in (moved / moved.sum(), p * (1 + 5e-10), p[::-1].copy()):
        assert relative_error(kl_divergence(p, q), exact_kl(p, q)) <= 16 * ULP
        assert relative_error(js_divergence(p, q), exact_js(p, q)) <= 16 * ULP


def test_float32_sums_are_normalised_before_they_are_compared():
    random = np.random.default_rng(9)
    p = random.dirichlet(np.ones(50)).astype(np.float32)
    q = np.nextafter(p, np.float32(1))
    assert relative_error(kl_divergence(p, q), exact_kl(p, q)) <= 16 * ULP


def test_known_values():
    assert kl_divergence([1, 0], [0.5, 0.5]) == 1
    assert kl_divergence([1, 0, 0, 0], [0.25] * 4) == 2
    # log 2 - log(3)/2, from ½ log(½ / ¼) + ½ log(½ / ¾)
    assert kl_divergence([0.5, 0.5], [0.25, 0.75], math.e) == pytest.approx(math.log(2) - math.log(3) / 2, rel=4 * ULP)
    assert kl_divergence([0.5, 0.5], [0.25, 0.75], math.e) != kl_divergence([0.25, 0.75], [0.5, 0.5], math.e)


def test_the_divergence_is_infinite_where_q_is_0_below_p():
    assert kl_divergence([0.5, 0.5], [1, 0]) == math.inf
    assert kl_divergence([1, 0], [1, 0]) == 0
    assert kl_divergence([1, 0, 0], [0.5, 0.5, 0]) == 1


def test_extreme_ratios_stay_finite():
    assert relative_error(kl_divergence([1, 5e-324], [5e-324, 1]), exact_kl([1, 5e-324], [5e-324, 1])) <= 4 * ULP
    assert relative_error(js_divergence([1, 5e-324], [5e-324, 1]), exact_js([1, 5e-324], [5e-324, 1])) <= 4 * ULP


@given(pairs)
def test_divergences_are_never_negative_and_0_for_equal_distributions(pair):
    p, q = pair
    assert kl_divergence(p, q) >= 0
    assert 0 <= js_divergence(p, q) <= 1
    assert kl_divergence(p, p) == js_divergence(p, p) == 0


@given(pairs)
def test_divergence_is_what_cross_entropy_has_above_entropy(pair):
    p, q = pair
    assert kl_divergence(p, q) == pytest.approx(cross_entropy(p, q) - entropy(p), abs=1e-12)


@given(pairs)
def test_kl_divergence_agrees_with_scipy(pair):
    p, q = pair
    assert kl_divergence(p, q) == pytest.approx(stats.entropy(p, q, base=2), rel=1e-9, abs=1e-13)


@given(pairs)
def test_js_divergence_is_the_entropy_of_the_middle_above_the_mean_entropy(pair):
    p, q = pair
    assert js_divergence(p, q) == pytest.approx(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2, abs=1e-12)


@given(pairs)
def test_js_divergence_is_symmetric_to_the_last_digit(pair):
    p, q = pair
    assert js_divergence(p, q) == js_divergence(q, p)


def test_js_divergence_reaches_1_bit_where_nothing_is_shared():
    assert js_divergence([1, 0], [0, 1]) == 1
    assert js_divergence([0.5, 0.5, 0, 0], [0, 0, 0.1, 0.9]) == 1
    assert js_divergence([1, 0], [0, 1], math.e) == math.log(2)


@pytest.mark.parametrize("n", [5, 1000, 10**5])
def test_the_order_of_outcomes_changes_no_digit(n):
    random = np.random.default_rng(n)
    p, q = random.dirichlet(np.ones(n)), random.dirichlet(np.ones(n))
    order = random.permutation(n)
    assert kl_divergence(p, q) == kl_divergence(p[order], q[order])
    assert js_divergence(p, q) == js_divergence(p[order], q[order])


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"p and q must have the same shape, but they are \(2,\) and \(3,\)"):
        kl_divergence([0.5, 0.5], [0.25, 0.25, 0.5])
