import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from mathref.backpropagation import Variable
from mathref.jacobian import vjp
from mathref.softmax import log_softmax, logsumexp, softmax, softmax_jacobian, softmax_steps, softmax_vjp

LOGITS = st.lists(st.one_of(st.floats(-800, 800), st.just(-math.inf)), min_size=1, max_size=8).filter(
    lambda x: max(x) > -math.inf
)
TEMPERATURES = st.floats(0.05, 50)
BOUND = 1e-12


def numbers(x, temperature=1.0):
    """The stored logits in 60 digits, over the temperature; None where -inf."""
    return [None if v == -math.inf else mpmath.mpf(float(v)) / mpmath.mpf(float(temperature)) for v in x]


def exact_logsumexp(x, temperature=1.0):
    return mpmath.log(mpmath.fsum(mpmath.exp(v) for v in numbers(x, temperature) if v is not None))


def exact_softmax(x, temperature=1.0):
    total = exact_logsumexp(x, temperature)
    return [mpmath.mpf(0) if v is None else mpmath.exp(v - total) for v in numbers(x, temperature)]


def near(found, expected, scale=0.0, factor=1.0):
    """Each number to a share of itself, or of a term that cancelled in it; subnormal ones, times a factor, to two."""
    pairs = zip(np.ravel(found).tolist(), expected, strict=True)
    return all(
        abs(mpmath.mpf(a) - b) <= BOUND * max(abs(b), mpmath.mpf(scale)) + factor * mpmath.mpf(1e-323) for a, b in pairs
    )


@given(LOGITS, TEMPERATURES)
def test_probabilities_and_their_logarithms_are_right_entry_by_entry(x, temperature):
    with mpmath.workdps(1000):
        p = exact_softmax(x, temperature)
        assert near(softmax(x, temperature=temperature), p)
        logs = log_softmax(x, temperature=temperature)
        possible = [i for i, v in enumerate(x) if v > -math.inf]
        # 1 - p of the others says what the logarithm of a probability near 1 is
        assert near(logs[possible], [mpmath.log1p(-mpmath.fsum(p[:i] + p[i + 1 :])) if p[i] > 0.5 else mpmath.log(p[i])
                                     for i in possible])  # fmt: skip
        assert (np.delete(logs, possible) == -math.inf).all()


@given(LOGITS)
def test_a_logsumexp_is_right_or_off_by_little_of_its_largest_entry(x):
    with mpmath.workdps(1000):
        assert near(logsumexp(x), [exact_logsumexp(x)], scale=abs(max(x)))


def test_what_hardly_counts_is_kept():
    assert log_softmax([0, -40]).tolist() == [-4.248354255291589e-18, -40]
    assert logsumexp([0, -40]) == pytest.approx(math.exp(-40), rel=1e-15, abs=0)
    assert softmax_jacobian([0, -40])[0, 0] == pytest.approx(math.exp(-40), rel=1e-15, abs=0)
    assert softmax_vjp([0, -40], [1, 0])[0] == pytest.approx(math.exp(-40), rel=1e-15, abs=0)


def test_softmax_by_hand():
    x = [0, math.log(2), math.log(3)]
    np.testing.assert_allclose(softmax(x), np.array([1, 2, 3]) / 6, rtol=1e-15)
    assert logsumexp(x) == pytest.approx(math.log(6), rel=1e-15)
    np.testing.assert_allclose(softmax_jacobian(x), np.array([[5, -2, -3], [-2, 8, -6], [-3, -6, 9]]) / 36, rtol=1e-15)


@pytest.mark.parametrize("shift", [1e300, -1e300, 1000, -1000, 2.0**60])
def test_a_shift_that_is_exact_changes_no_digit(shift):
    x = np.array([0.0, 0.0, -math.inf])
    np.testing.assert_array_equal(softmax(x + shift), softmax(x))
    np.testing.assert_array_equal(log_softmax(x + shift), log_softmax(x))
    assert logsumexp(x + shift) == shift + math.log(2)


def test_a_temperature_may_be_as_small_and_as_large_as_doubles_are():
    assert softmax([1, 0], temperature=5e-324).tolist() == [1, 0]
    assert softmax([1, 1, 0], temperature=5e-324).tolist() == [0.5, 0.5, 0]
    assert softmax([1e-323, 5e-324], temperature=5e-324) == pytest.approx(special.softmax([1, 0]), rel=1e-15)
    wide = [1.7e308, -1.7e308]
    assert softmax(wide, temperature=1e308) == pytest.approx(special.softmax([1.7, -1.7]), rel=1e-15)
    assert log_softmax(wide, temperature=1e308) == pytest.approx(special.log_softmax([1.7, -1.7]), rel=1e-15)
    assert softmax(wide).tolist() == [1, 0]
    assert softmax([3, -3], temperature=1e308).tolist() == [0.5, 0.5]


def test_logarithms_beyond_the_range_are_refused():
    for x, temperature in [([1.7e308, -1.7e308], 1), ([1, 0], 5e-324), (np.float32([3e38, -3e38]), 1)]:
        with pytest.raises(np.linalg.LinAlgError, match=r"each logarithm of softmax\(x\) must fit"):
            log_softmax(x, temperature=temperature)
    with pytest.raises(np.linalg.LinAlgError, match=r"each derivative of softmax\(x\) must fit"):
        softmax_jacobian([0, 0], temperature=5e-324)
    with pytest.raises(np.linalg.LinAlgError, match="gradient by x must fit"):
        softmax_vjp([0, 0], [1, 0], temperature=5e-324)


@given(LOGITS, TEMPERATURES)
def test_a_jacobian_is_right_entry_by_entry(x, temperature):
    with mpmath.workdps(1000):
        p, t = exact_softmax(x, temperature), mpmath.mpf(temperature)
        J = softmax_jacobian(x, temperature=temperature)
        rest = [mpmath.fsum(p[:i] + p[i + 1 :]) for i in range(len(p))]
        expected = [p[i] * (rest[i] if i == j else -p[j]) / t for i in range(len(p)) for j in range(len(p))]
        assert near(J, expected, factor=max(1, 1 / t))  # a probability that is subnormal was rounded, then divided
    np.testing.assert_array_equal(J, J.T)
    assert not np.signbit(J[J == 0]).any()


def test_a_jacobian_at_a_tiny_temperature_keeps_products_that_underflow():
    x, temperature = [0, -4.6e-298, -4.6e-298], 1e-300
    with mpmath.workdps(1000):
        p, t = exact_softmax(x, temperature), mpmath.mpf(temperature)
        assert near(softmax_jacobian(x, temperature=temperature)[1, 2], [-p[1] * p[2] / t])
        found = softmax_vjp(x, [0, 0, 1], temperature=temperature)
        assert near(found[:2], [-p[0] * p[2] / t, -p[1] * p[2] / t])


@given(
    LOGITS.flatmap(lambda x: st.tuples(st.just(x), st.lists(st.floats(-1e3, 1e3), min_size=len(x), max_size=len(x))))
)
def test_a_backward_pass_is_the_jacobian_times_upstream(pair):
    x, g = pair
    with mpmath.workdps(1000):
        p, w = exact_softmax(x), [mpmath.mpf(v) for v in g]
        found = softmax_vjp(x, g)
        for i, value in enumerate(found):
            terms = [p[i] * p[j] * (w[i] - w[j]) for j in range(len(p))]
            assert near(value, [mpmath.fsum(terms)], max(map(abs, terms)), 1 + max(map(abs, w)))


def test_a_backward_pass_does_not_overflow_on_its_way():
    g = np.array([1.7e308, -1.7e308])
    np.testing.assert_allclose(softmax_vjp([0, 0], g), [0.85e308, -0.85e308], rtol=1e-15)
    np.testing.assert_allclose(softmax_vjp([0, -700], g)[1], -2 * math.exp(-700) * 1.7e308, rtol=1e-12)
    assert softmax_vjp([1, 2, 3], [7, 7, 7]).tolist() == [0, 0, 0]
    assert softmax_vjp([1, 2], [0, 0]).tolist() == [0, 0]


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3, None])
def test_an_axis_is_the_one_that_is_summed_along(axis):
    x = np.random.default_rng(3).normal(size=(2, 3, 4))
    np.testing.assert_allclose(softmax(x, axis=axis), special.softmax(x, axis=axis), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(x, axis=axis), special.log_softmax(x, axis=axis), rtol=1e-14)
    for keepdims in (False, True):
        found = logsumexp(x, axis=axis, keepdims=keepdims)
        expected = special.logsumexp(x, axis=axis, keepdims=keepdims)
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        assert np.shape(found) == np.shape(expected)
    g = np.random.default_rng(4).normal(size=x.shape)
    expected = vjp(lambda v: special.softmax(v.reshape(x.shape) / 2, axis=axis).ravel(), x.ravel(), g.ravel())
    np.testing.assert_allclose(
        softmax_vjp(x, g, axis=axis, temperature=2), expected.reshape(x.shape), rtol=1e-7, atol=1e-8
    )
    assert type(logsumexp(x, axis=None)) is float
    assert type(logsumexp(x[0, 0])) is float


def test_the_tape_of_backpropagation_finds_the_same_gradient():
    x, g = np.array([[0.3, -1.2, 2.0], [0.0, 0.5, 0.5]]), np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 1.0]])
    logits = Variable(x)
    e = logits.exp()
    ((e / e.sum(axis=1, keepdims=True)) * g).sum().backward()
    np.testing.assert_allclose(softmax_vjp(x, g), logits.grad, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(np.einsum("bij,bj->bi", softmax_jacobian(x), g), logits.grad, rtol=1e-13, atol=1e-16)


def test_impossible_entries_count_nothing_and_an_impossible_row_is_refused():
    x = [[-math.inf, 1.0], [-math.inf, -math.inf]]
    assert logsumexp(x).tolist() == [1, -math.inf]
    assert logsumexp(np.full((2, 2), -math.inf), axis=None) == -math.inf
    assert softmax(x, axis=None).tolist() == [[0, 1], [0, 0]]
    assert log_softmax(x[0]).tolist() == [-math.inf, 0]
    for function in (softmax, log_softmax, softmax_jacobian):
        with pytest.raises(ValueError, match=r"x must have a finite entry .* at \(1\).*0/0"):
            function(x)
    with pytest.raises(ValueError, match="x must have a finite entry"):
        softmax_steps([-math.inf, -math.inf])


def test_single_precision_is_computed_in_double_and_rounded_once():
    x = np.random.default_rng(5).normal(scale=30, size=(7, 9)).astype(np.float32)
    for function in (logsumexp, softmax, log_softmax, softmax_jacobian):
        found = function(x)
        assert found.dtype == np.float32
        with np.errstate(under="ignore"):
            np.testing.assert_array_equal(found, function(x.astype(float)).astype(np.float32))
    assert softmax(x.astype(np.float16)).dtype == np.float32
    assert softmax(x, temperature=np.float64(2)).dtype == np.float32
    assert softmax_vjp(x, x).dtype == np.float32
    assert softmax_vjp(x, x.astype(float)).dtype == np.float64
    assert logsumexp(np.float32([0.1, 0.2])) == float(np.float32(logsumexp(np.float64(np.float32([0.1, 0.2])))))


def test_results_own_their_memory_whatever_the_layout():
    x = np.asfortranarray(np.arange(12.0).reshape(3, 4))[:, ::2]
    x.flags.writeable = False
    for axis in (0, 1, None):
        for found in (softmax(x, axis=axis), log_softmax(x, axis=axis), softmax_vjp(x, x, axis=axis),
                      logsumexp(x, axis=axis, keepdims=True)):  # fmt: skip
            assert found.flags.owndata
            assert found.flags.writeable
    np.testing.assert_array_equal(softmax(x), softmax(x.copy().tolist()))


def test_no_floating_point_warning_is_the_callers():
    x = np.array([[0, -700, -800, -math.inf], [1e308, -1e308, 5e-324, 0]])
    with np.errstate(all="raise"):
        for function in (logsumexp, softmax, softmax_jacobian, lambda x: softmax_vjp(x, np.ones((2, 4)))):
            function(x)
        log_softmax(x[0])
        softmax(x[0], temperature=1e-300)
        softmax_steps(x[0])


def test_a_working_goes_over_the_largest_entry_the_exponentials_and_their_sum():
    working = softmax_steps([0, math.log(2), math.log(3)])
    largest, exponentials, total, result = (step.value for step in working)
    assert largest == math.log(3)
    np.testing.assert_allclose(exponentials, [1 / 3, 2 / 3, 1], rtol=1e-15)
    assert total == 2
    np.testing.assert_array_equal(result, softmax([0, math.log(2), math.log(3)]))
    assert "1/6" in str(working)
    np.testing.assert_array_equal(softmax_steps([0, 1], temperature=2).result, softmax([0, 1], temperature=2))
    with pytest.raises(ValueError, match="x must have at most 5 entries"):
        softmax_steps(range(6))
