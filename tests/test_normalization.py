import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.backpropagation import Variable
from mathref.jacobian import vjp
from mathref.normalization import batch_norm, group_norm, layer_norm, layer_norm_steps, layer_norm_vjp, rms_norm

BOUND = 1e-12
RNG = np.random.default_rng(7)
SIZES = st.integers(1, 5)
EPSILONS = st.sampled_from([0.0, 1e-5, 1.0, 5e-324, 1e300])


def numbers(size, largest=1e6):
    return st.lists(st.floats(-largest, largest), min_size=size, max_size=size)


def far_and_near(size):
    """Features of any size, or next to each other and far from 0."""
    near = st.tuples(st.sampled_from([1e8, -1e15, 1e200, 0.0]), numbers(size, 1.0)).map(
        lambda p: [p[0] + v for v in p[1]]
    )
    return st.one_of(numbers(size), numbers(size, 1e300), near, numbers(size, 1e-300))


def exact(x):
    return [mpmath.mpf(float(v)) for v in np.ravel(x)]


def exact_moments(x):
    mean = mpmath.fsum(x) / len(x)
    return mean, mpmath.fsum((v - mean) ** 2 for v in x) / len(x)


def exact_norm(x, gamma, beta, eps, centred=True):
    """γ (x - mean) / √(variance + ε) and β, in many digits; None where that is 0/0."""
    x = exact(x)
    mean, spread = exact_moments(x) if centred else (0, mpmath.fsum(v * v for v in x) / len(x))
    root = mpmath.sqrt(spread + mpmath.mpf(eps))
    return [(g * (v - mean) / root, b) for v, g, b in zip(x, exact(gamma), exact(beta), strict=True)] if root else None


def near(found, terms):
    """Each number to a share of its largest term, or as far as the smallest double reaches."""
    return all(
        abs(mpmath.mpf(float(a)) - mpmath.fsum(t)) <= BOUND * max(map(abs, t)) + mpmath.mpf(1e-323)
        for a, t in zip(np.ravel(found), terms, strict=True)
    )


@given(SIZES.flatmap(lambda n: st.tuples(far_and_near(n), numbers(n), numbers(n))), EPSILONS)
def test_layer_norm_is_right_entry_by_entry_wherever_the_data_lie(arrays, eps):
    x, gamma, beta = arrays
    with mpmath.workdps(1300):
        terms = exact_norm(x, gamma, beta, eps)
        if terms is None:
            with pytest.raises(ValueError, match="x must not have a variance of 0 if eps is 0"):
                layer_norm(x, gamma=gamma, beta=beta, eps=eps)
        else:
            assert near(layer_norm(x, gamma=gamma, beta=beta, eps=eps), terms)


@given(SIZES.flatmap(lambda n: st.tuples(far_and_near(n), numbers(n))), EPSILONS)
def test_rms_norm_is_right_entry_by_entry_wherever_the_data_lie(arrays, eps):
    x, gamma = arrays
    with mpmath.workdps(1300):
        terms = exact_norm(x, gamma, [0] * len(x), eps, centred=False)
        if terms is None:
            with pytest.raises(ValueError, match="x must not have a mean square of 0 if eps is 0"):
                rms_norm(x, gamma=gamma, eps=eps)
        else:
            assert near(rms_norm(x, gamma=gamma, eps=eps), terms)


def test_a_layer_norm_by_hand():
    np.testing.assert_allclose(layer_norm([1, 2, 3, 6], eps=0), np.array([-2, -1, 0, 3]) / math.sqrt(3.5), rtol=1e-15)
    np.testing.assert_allclose(layer_norm([1, 2, 3, 6], eps=0.5), [-1, -0.5, 0, 1.5], rtol=1e-15)  # 3.5 + 0.5 = 2²
    np.testing.assert_allclose(rms_norm([1, 7, 5, 5], eps=0), [0.2, 1.4, 1, 1], rtol=1e-15)


def test_data_far_from_zero_and_squares_out_of_range_change_nothing():
    x = np.array([[1.0, 2.0, 3.0, 6.0], [0.0, 0.0, 4.0, -1.0]])
    right = layer_norm(x, eps=0)
    for near_by in (x + 1e8, x - 2.0**50, x * 2.0**660, x * 2.0**-660, x * 2.0**1020, x * 5e-324):
        np.testing.assert_array_equal(layer_norm(near_by, eps=0), right)
        np.testing.assert_array_equal(group_norm(near_by, 1, eps=0), right)
        np.testing.assert_array_equal(batch_norm(near_by.T, eps=0, momentum=0).y, right.T)
    for factor in (2.0**660, 2.0**-660, 2.0**1020, 5e-324):
        np.testing.assert_array_equal(rms_norm(x * factor, eps=0), rms_norm(x, eps=0))
    np.testing.assert_array_equal(rms_norm(x * 2.0**660), rms_norm(x, eps=0))


def test_a_product_with_gamma_that_leaves_the_range_is_not_lost_in_a_sum():
    x, n = [0.0, 0.0, 3.0], math.sqrt(2)  # n is the largest entry of the result
    y = layer_norm(x, gamma=[1, 1, 1.7e308], beta=[0, 0, -1.5e308], eps=0)[2]
    assert y == pytest.approx((1.7 * n - 1.5) * 1e308, rel=1e-12)
    tiny = layer_norm([0.0, 3e-310], gamma=[1e300, 1e300], eps=1e-10)  # 1.5e-310 / 1e-5 alone is subnormal
    np.testing.assert_allclose(tiny, np.array([-1, 1]) * 1.5e-305 * 1e300, rtol=1e-12)
    with pytest.raises(np.linalg.LinAlgError, match="each entry of the result must fit in doubles"):
        layer_norm(x, gamma=[1, 1, 1.7e308], eps=0)
    with pytest.raises(np.linalg.LinAlgError, match="float32"):
        rms_norm(np.float32([0, 0, 3]), gamma=np.float32([1, 1, 3e38]))


def test_where_all_are_equal_epsilon_leaves_beta_and_without_it_there_is_no_result():
    x, beta = np.full((2, 3), 7.25), [1.0, -2.0, 0.0]
    assert layer_norm(x, beta=beta).tolist() == [beta, beta]
    assert group_norm(x, 1, beta=beta).tolist() == [beta, beta]
    assert batch_norm(x, beta=beta).y.tolist() == [beta, beta]
    assert rms_norm([0, 0, 0]).tolist() == [0, 0, 0]
    for call in (lambda: layer_norm([[1, 2], [3, 3]], eps=0), lambda: group_norm([[1, 2], [3, 3]], 1, eps=0)):
        with pytest.raises(ValueError, match=r"x must not have a variance of 0 at \(1"):
            call()
    with pytest.raises(ValueError, match=r"x must not have a variance of 0 at \(2\)"):
        batch_norm([[1, 2, 3], [2, 3, 3]], eps=0)
    with pytest.raises(ValueError, match="running_var must be positive if eps is 0, since x"):
        batch_norm([[1, 2]], running_mean=[0, 0], running_var=[1, 0], training=False, eps=0)


def by_axes(x, axes, eps):
    """Normalised over some axes, in loops over the others and exact moments."""
    y = np.empty_like(x)
    others = [range(1) if axis in axes else range(size) for axis, size in enumerate(x.shape)]
    for place in itertools.product(*others):
        part = tuple(slice(None) if axis in axes else index for axis, index in enumerate(place))
        mean, variance = exact_moments(exact(x[part]))
        for index in np.ndindex(x[part].shape):
            y[part][index] = (mpmath.mpf(x[part][index]) - mean) / mpmath.sqrt(variance + mpmath.mpf(eps))
    return y


@pytest.mark.parametrize("eps", [0.0, 1e-3])
def test_each_kind_averages_over_its_own_axes(eps):
    x = RNG.normal(size=(3, 4, 2, 5))
    np.testing.assert_allclose(layer_norm(x, eps=eps), by_axes(x, {3}, eps), rtol=1e-12)
    np.testing.assert_allclose(batch_norm(x, eps=eps).y, by_axes(x, {0, 2, 3}, eps), rtol=1e-12)
    np.testing.assert_allclose(group_norm(x, 1, eps=eps), by_axes(x, {1, 2, 3}, eps), rtol=1e-12)
    np.testing.assert_allclose(group_norm(x, 4, eps=eps), by_axes(x, {2, 3}, eps), rtol=1e-12)
    two = np.concatenate([by_axes(half, {1, 2, 3}, eps) for half in np.split(x, 2, axis=1)], axis=1)
    np.testing.assert_allclose(group_norm(x, 2, eps=eps), two, rtol=1e-12)


def test_scale_and_shift_belong_to_a_feature_or_to_a_channel():
    x, per_channel, per_feature = RNG.normal(size=(3, 4, 2, 5)), np.arange(1.0, 5), np.arange(1.0, 6)
    of_channels = per_channel[:, None, None]
    both = {"gamma": per_channel, "beta": -per_channel}
    np.testing.assert_allclose(group_norm(x, 2, **both), group_norm(x, 2) * of_channels - of_channels, atol=1e-14)
    np.testing.assert_allclose(batch_norm(x, **both).y, batch_norm(x).y * of_channels - of_channels, atol=1e-14)
    found = layer_norm(x, gamma=per_feature, beta=-per_feature)
    np.testing.assert_allclose(found, layer_norm(x) * per_feature - per_feature, atol=1e-14)
    np.testing.assert_allclose(rms_norm(x, gamma=per_feature), rms_norm(x) * per_feature, atol=1e-14)
    for function in (lambda g: layer_norm(x, gamma=g), lambda g: rms_norm(x, gamma=g)):
        with pytest.raises(ValueError, match=r"gamma must have 5 entries, one for each feature of x"):
            function(per_channel)
    with pytest.raises(ValueError, match=r"gamma must have 4 entries, one for each channel of x"):
        group_norm(x, 2, gamma=per_feature)


def test_training_divides_by_one_variance_and_keeps_another():
    y, mean, variance = batch_norm([[1], [2], [3], [4]], eps=0, momentum=1)
    np.testing.assert_allclose(y.ravel(), (np.arange(1, 5) - 2.5) / math.sqrt(1.25), rtol=1e-15)
    assert (mean, variance) == (2.5, pytest.approx(5 / 3, rel=1e-15))
    known = {"running_mean": [10, 20], "running_var": [4, 9]}
    x = RNG.normal(size=(5, 2, 3))
    values = x.transpose(1, 0, 2).reshape(2, -1)
    for momentum in (0, 0.1, 0.25, 1):
        found = batch_norm(x, momentum=momentum, **known)
        np.testing.assert_array_equal(found.y, batch_norm(x).y)
        expected = (1 - momentum) * np.array([10, 20]) + momentum * values.mean(axis=1)
        np.testing.assert_allclose(found.running_mean, expected, rtol=1e-13)
        expected = (1 - momentum) * np.array([4, 9]) + momentum * values.var(axis=1, ddof=1)
        np.testing.assert_allclose(found.running_var, expected, rtol=1e-13)
    defaults = batch_norm(x)
    np.testing.assert_allclose(defaults.running_mean, 0.1 * values.mean(axis=1), rtol=1e-13)
    np.testing.assert_allclose(defaults.running_var, 0.9 + 0.1 * values.var(axis=1, ddof=1), rtol=1e-13)


def test_evaluation_takes_the_running_values_and_leaves_them():
    x = RNG.normal(size=(4, 2, 3))
    mean, variance = np.array([1.0, -2.0]), np.array([4.0, 0.0])
    found = batch_norm(x, running_mean=mean, running_var=variance, training=False, eps=0.25)
    expected = (x - mean[:, None]) / np.sqrt(variance + 0.25)[:, None]
    np.testing.assert_allclose(found.y, expected, rtol=1e-14)
    for kept, given_ in ((found.running_mean, mean), (found.running_var, variance)):
        np.testing.assert_array_equal(kept, given_)
        assert not np.shares_memory(kept, given_)
    one = batch_norm(x[:1, :, :1], running_mean=mean, running_var=variance, training=False, eps=0.25)
    np.testing.assert_array_equal(one.y, found.y[:1, :, :1])
    huge = batch_norm([[1.7e308]], running_mean=[-1.7e308], running_var=[1.7e308], training=False, eps=1e308)
    assert huge.y[0, 0] == pytest.approx(3.4 / math.sqrt(2.7) * 1e154, rel=1e-14)


def test_evaluation_needs_what_training_has_seen():
    for given_, missing in [({}, "running_mean and running_var"), ({"running_mean": [0]}, "running_var"),
                            ({"running_var": [1]}, "running_mean")]:  # fmt: skip
        with pytest.raises(ValueError, match=f"^{missing} must be given where training is False"):
            batch_norm([[1.0]], training=False, **given_)
    for x in ([[1, 2]], [[[1], [2]]]):
        with pytest.raises(ValueError, match="x must have at least two values a channel in training"):
            batch_norm(x)
    assert batch_norm([[[1, 3]]], eps=0).y.tolist() == [[[-1, 1]]]
    with pytest.raises(ValueError, match="running_var must not be negative, but one is -1"):
        batch_norm([[1], [2]], running_var=[-1])
    with pytest.raises(ValueError, match=r"momentum must be from 0 to 1, but it is 1\.5"):
        batch_norm([[1], [2]], momentum=1.5)


def test_a_running_variance_beyond_the_range_is_infinite_and_of_no_use_in_evaluation():
    for x in (np.array([[1.0], [2.0]]) * 1e200, np.float32([[1], [2]]) * np.float32(1e30)):
        y, mean, variance = batch_norm(x)
        np.testing.assert_array_equal(y, [[-1], [1]])
        assert variance == math.inf
        assert y.dtype == mean.dtype == variance.dtype == x.dtype
        with pytest.raises(ValueError, match="running_var must be finite"):
            batch_norm(x, running_mean=mean, running_var=variance, training=False)
        assert batch_norm(x, momentum=0).running_var == 1


def test_groups_are_neighbours_that_divide_the_channels():
    x = RNG.normal(size=(2, 6, 3))
    np.testing.assert_array_equal(group_norm(x, 3)[:, 2:4], group_norm(x[:, 2:4], 1))
    np.testing.assert_array_equal(group_norm(x, 1), layer_norm(x.reshape(2, 18)).reshape(2, 6, 3))
    np.testing.assert_array_equal(group_norm(x, 6), layer_norm(x))
    with pytest.raises(ValueError, match="groups must divide the number of channels of x, 6, but it is 4"):
        group_norm(x, 4)
    with pytest.raises(ValueError, match="x must have an axis of examples and one of channels"):
        group_norm([1, 2], 1)


@given(SIZES.flatmap(lambda n: st.tuples(far_and_near(n), numbers(n), numbers(n))), EPSILONS)
def test_a_backward_pass_is_right_to_a_share_of_its_largest_term(arrays, eps):
    x, gamma, upstream = arrays
    with mpmath.workdps(1300):
        v, g = exact(x), [a * b for a, b in zip(exact(gamma), exact(upstream), strict=True)]
        mean, variance = exact_moments(v)
        root = mpmath.sqrt(variance + mpmath.mpf(eps))
        if not root:
            return
        n = [(a - mean) / root for a in v]
        shift, along = mpmath.fsum(g) / len(g), mpmath.fsum(a * b for a, b in zip(g, n, strict=True)) / len(g)
        terms = [[a / root, -shift / root, -b * along / root] for a, b in zip(g, n, strict=True)]
        if max(abs(mpmath.fsum(t)) for t in terms) > 1e308:
            return
        found = layer_norm_vjp(x, upstream, gamma=gamma, eps=eps)
        assert near(found.x, terms)
        assert near(found.gamma, [[a * b] for a, b in zip(exact(upstream), n, strict=True)])
        assert found.beta.tolist() == upstream


def test_a_backward_pass_is_that_of_differences_and_of_the_tape():
    x, upstream, gamma = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(2, 3, 4)), RNG.normal(size=4)
    found = layer_norm_vjp(x, upstream, gamma=gamma)
    flat = vjp(lambda v: layer_norm(v.reshape(x.shape), gamma=gamma).ravel(), x.ravel(), upstream.ravel())
    np.testing.assert_allclose(found.x.ravel(), flat, rtol=1e-7, atol=1e-8)
    flat = vjp(lambda v: layer_norm(x, gamma=v).ravel(), gamma, upstream.ravel())
    np.testing.assert_allclose(found.gamma, flat, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(found.beta, upstream.sum(axis=(0, 1)), rtol=1e-14)
    leaf, scale = Variable(x), Variable(gamma)
    deviations = leaf - leaf.mean(axis=-1, keepdims=True)
    y = scale * deviations / ((deviations**2).mean(axis=-1, keepdims=True) + 1e-5) ** 0.5
    (y * upstream).sum().backward()
    np.testing.assert_allclose(found.x, leaf.grad, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(found.gamma, scale.grad, rtol=1e-12)


def test_what_layer_norm_does_not_see_does_not_come_back():
    x, upstream = RNG.normal(size=(5, 6)), RNG.normal(size=(5, 6))
    back = layer_norm_vjp(x, upstream, eps=0).x
    np.testing.assert_allclose(back.sum(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose((back * layer_norm(x, eps=0)).sum(axis=1), 0, atol=1e-14)
    assert layer_norm_vjp([1, 2], [5, -7], eps=0).x.tolist() == [0, 0]  # two features are ±1, whatever they are
    assert layer_norm_vjp([3, 3], [1, 0]).x.tolist() == pytest.approx([0.5 / math.sqrt(1e-5), -0.5 / math.sqrt(1e-5)])


def test_gradients_beyond_the_range_are_refused():
    with pytest.raises(np.linalg.LinAlgError, match="each entry of the result must fit"):
        layer_norm_vjp([0, 1e-300, 0], [1e10, 0, 0], eps=0)
    both = layer_norm_vjp([[0, 1], [1, 0], [0, 1]], [[1.7e308, 0], [1.7e308, 0], [-1.7e308, 0]], eps=0)
    assert both.beta.tolist() == [1.7e308, 0]  # the sum fits, though not that of the first two


def test_single_precision_is_computed_in_double_and_rounded_once():
    x = RNG.normal(loc=3, size=(4, 6)).astype(np.float32)
    scale = np.arange(1, 7, dtype=np.float32)
    calls = [
        lambda x, g: [layer_norm(x, gamma=g, beta=g)],
        lambda x, g: [rms_norm(x, gamma=g)],
        lambda x, g: [group_norm(x, 2, gamma=g)],
        lambda x, g: batch_norm(x, gamma=g),
        lambda x, g: batch_norm(x, gamma=g, running_mean=g, running_var=g, training=False),
        lambda x, g: layer_norm_vjp(x, x, gamma=g),
    ]
    for call in calls:
        for single, double in zip(call(x, scale), call(x.astype(float), scale.astype(float)), strict=True):
            assert single.dtype == np.float32
            np.testing.assert_array_equal(single, double.astype(np.float32))
        assert {found.dtype for found in call(x, scale.astype(float))} == {np.dtype(float)}
        assert {found.dtype for found in call(x.astype(np.float16), scale)} == {np.dtype(np.float32)}
    assert layer_norm(x, eps=np.float64(1e-3)).dtype == np.float32
    assert layer_norm([1, 2]).dtype == np.float64


def test_results_own_their_memory_whatever_the_layout():
    x = np.asfortranarray(RNG.normal(size=(4, 4, 6)))[:, ::2, ::3]
    x.flags.writeable = False
    results = [layer_norm(x), rms_norm(x), group_norm(x, 2), *batch_norm(x), *layer_norm_vjp(x, x)]
    for found, again in zip(results, [layer_norm(x.copy()), rms_norm(x.copy()), group_norm(x.copy(), 2)], strict=False):
        np.testing.assert_array_equal(found, again)
    for found in results:
        assert found.flags.owndata
        assert found.flags.writeable
        assert found.flags.c_contiguous


def test_no_floating_point_warning_is_the_callers():
    x = np.array([[1e300, -1e300, 5e-324], [1e-300, 0, 1e-308]])
    with np.errstate(all="raise"):
        for eps in (0, 5e-324, 1e-5):
            layer_norm(x, eps=eps, gamma=[1e-300, 1, 1])
            rms_norm(x, eps=eps)
            batch_norm(x, eps=eps)
            batch_norm(x, running_mean=x[0], running_var=[1e300, 1, 5e-324], training=False, eps=eps)
            group_norm(x, 3 if eps else 1, eps=eps)
            layer_norm_vjp(x[:1], x[1:], eps=eps)


def test_a_working_goes_over_mean_variance_and_root():
    working = layer_norm_steps([1, 2, 3, 6])
    assert [step.value for step in working[:3]] == [3, 3.5, pytest.approx(math.sqrt(3.5), rel=1e-15)]
    np.testing.assert_array_equal(working.result, layer_norm([1, 2, 3, 6], eps=0))
    assert "7/2" in str(working)
    with_eps = layer_norm_steps([0, 2], eps=3)
    assert [step.value for step in with_eps[:3]] == [1, 1, 2]
    np.testing.assert_array_equal(layer_norm_steps([0.1, 0.4, 0.4], eps=1e-5).result, layer_norm([0.1, 0.4, 0.4]))
    exactly = [Fraction(v) / 3 for v in (-4, 2, 2)]  # of (0, 3, 3) with root √2
    np.testing.assert_allclose(layer_norm_steps([0, 3, 3]).result, [float(v) * 1.5 / math.sqrt(2) for v in exactly])
    with pytest.raises(ValueError, match="x must have at most 5 entries"):
        layer_norm_steps(range(6))
    with pytest.raises(ValueError, match="x must not have a variance of 0"):
        layer_norm_steps([2, 2])
