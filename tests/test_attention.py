import itertools
import math
import tracemalloc

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref.attention import (
    attention_steps,
    attention_weights,
    blockwise_attention,
    causal_mask,
    merge_heads,
    online_softmax,
    scaled_dot_product_attention,
    split_heads,
)
from mathref.softmax import softmax

BOUND = 1e-12
SIZES = (1e-320, 1e-170, 1e-3, 1.0, 30.0, 1e4, 1e160, 1e308)


def exact(Q, K, V=None, mask=None, scale=None):
    """Weights, and means of the values with the largest term of each, of single matrices in 1500 digits."""
    Q, K = (mpmath.matrix(np.asarray(x, dtype=float).tolist()) for x in (Q, K))
    factor = 1 / mpmath.sqrt(Q.cols) if scale is None else mpmath.mpf(scale)
    scores = Q * K.T * factor
    kept = np.broadcast_to(True if mask is None else mask, (Q.rows, K.rows))
    weights, means, terms = [], [], []
    for i in range(Q.rows):
        seen = [j for j in range(K.rows) if kept[i, j]]
        top = max((scores[i, j] for j in seen), default=0)
        powers = [mpmath.exp(scores[i, j] - top) if j in seen else mpmath.mpf(0) for j in range(K.rows)]
        row = [x / (mpmath.fsum(powers) or 1) for x in powers]
        weights.append(row)
        if V is not None:
            parts = [[w * mpmath.mpf(float(x)) for w, x in zip(row, column, strict=True)] for column in np.transpose(V)]
            means.append([mpmath.fsum(part) for part in parts])
            terms.append([max(map(abs, part)) for part in parts])
    return weights, means, terms


def near(found, expected, scales=None):
    numbers, sizes = (itertools.chain.from_iterable(rows) for rows in (expected, scales or expected))
    pairs = zip(np.ravel(found).tolist(), numbers, sizes, strict=True)
    return all(abs(mpmath.mpf(a) - b) <= BOUND * abs(s) + mpmath.mpf(1e-322) for a, b, s in pairs)


@st.composite
def problems(draw):
    """Q, K, V and a mask; entries of one size each, or with huge ones among them."""
    n, m, d, v = (draw(st.integers(1, 4)) for _ in range(4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))

    def matrix(rows, columns):
        sizes = draw(st.lists(st.sampled_from(SIZES), min_size=1, max_size=2))
        return np.clip(rng.normal(size=(rows, columns)), -1.5, 1.5) * rng.choice(sizes, size=(rows, 1))

    mask = draw(st.sampled_from([None, rng.random((n, m)) < 0.6]))
    scale = draw(st.sampled_from([None, 1.0, -2.0, 0.0, 1e-300, 1e308]))
    return matrix(n, d), matrix(m, d), matrix(m, v), mask, scale


@given(problems(), st.integers(1, 5))
def test_weights_and_means_are_right_entry_by_entry_whatever_the_sizes(problem, block_size):
    Q, K, V, mask, scale = problem
    with mpmath.workdps(1500), np.errstate(all="raise"):
        weights, means, terms = exact(Q, K, V, mask, scale)
        assert near(attention_weights(Q, K, mask=mask, scale=scale), weights)
        assert near(scaled_dot_product_attention(Q, K, V, mask=mask, scale=scale), means, terms)
        assert near(blockwise_attention(Q, K, V, block_size=block_size, mask=mask, scale=scale), means, terms)


def test_attention_by_hand():
    e = math.exp(1 / math.sqrt(2))
    weights = attention_weights([[1, 0]], np.eye(2))
    np.testing.assert_allclose(weights, [[e / (e + 1), 1 / (e + 1)]], rtol=1e-15)
    assert weights.round(4).tolist() == [[0.6698, 0.3302]]
    assert scaled_dot_product_attention([[1, 0]], np.eye(2), [[1], [3]]).round(3).tolist() == [[1.66]]


def test_scores_that_differ_in_their_last_digits_alone_are_told_apart():
    big = 2.0**60
    K = np.array([[big, 1], [big, 0], [big, -700]])
    for weights in (attention_weights([[big, 1.0]], K, scale=1.0), attention_weights([[-big, 1.0]], K, scale=1.0)):
        np.testing.assert_allclose(weights[0], softmax([1.0, 0, -700]), rtol=1e-14)
    assert attention_weights([[1e308, 1e308]], [[1e308, 1e308]] * 3, scale=1e308)[0] == pytest.approx([1 / 3] * 3)
    assert attention_weights([[1e308]], [[1e307], [1e308], [-1e308]]).tolist() == [[0, 1, 0]]
    assert attention_weights([[-1e308]], [[1e307], [1e308], [1e307]]).tolist() == [[0.5, 0, 0.5]]


def test_weights_below_all_doubles_count_beside_huge_values():
    K, V = np.array([[0.0], [-1000.0], [-1450.0]]), np.array([[0.0], [1e308], [1e308]])
    expected = float(mpmath.exp(-1000) * mpmath.mpf(1e308))
    for block_size in (1, 2, 3):  # and the other way round, where the largest score comes last
        for found in (
            blockwise_attention([[1.0]], K, V, block_size=block_size),
            blockwise_attention([[1.0]], K[::-1], V[::-1], block_size=block_size),
            blockwise_attention([[1e-3]], K / 1e-3, V, block_size=block_size),
        ):
            np.testing.assert_allclose(found, [[expected]], rtol=1e-12)


def test_tiny_queries_and_keys_with_a_huge_scale_are_no_zeros():
    weights = attention_weights([[1e-165]], [[1e150], [-1e150]], scale=1e15)
    np.testing.assert_allclose(weights[0], softmax([1.0, -1.0]), rtol=1e-12)
    K = [[1.0000000000000002e150], [1e150], [-1e150]]
    with mpmath.workdps(1500):
        assert near(attention_weights([[1e-165]], K, scale=1e30), exact([[1e-165]], K, scale=1e30)[0])


def test_a_mean_of_the_largest_doubles_does_not_overflow():
    largest = np.finfo(float).max
    Q, K = np.random.default_rng(0).normal(size=(5, 3)), np.random.default_rng(1).normal(size=(7, 3))
    for V in (np.full((7, 2), largest), np.full((7, 2), -largest)):
        for block_size in (1, 3, 7):
            found = blockwise_attention(Q, K, V, block_size=block_size)
            np.testing.assert_allclose(found, np.broadcast_to(V[0], (5, 2)), rtol=1e-15)


def test_a_query_that_may_attend_nothing_gets_nothing():
    Q, K, V = np.ones((2, 2)), np.ones((3, 2)), np.ones((3, 4))
    mask = np.array([[True, False, True], [False, False, False]])
    for factor in (1.0, 1e200):
        weights = attention_weights(factor * Q, factor * K, mask=mask)
        np.testing.assert_allclose(weights, [[0.5, 0, 0.5], [0, 0, 0]], rtol=1e-15)
        for block_size in (1, 2, 3):
            found = blockwise_attention(factor * Q, factor * K, V, block_size=block_size, mask=mask)
            np.testing.assert_allclose(found, [[1] * 4, [0] * 4], rtol=1e-15)
    assert scaled_dot_product_attention(Q, K, V, mask=[[False]]).tolist() == [[0] * 4] * 2


def test_keys_that_are_masked_out_have_no_influence_however_large():
    rng = np.random.default_rng(2)
    Q, K, V = (rng.normal(size=(4, 3)) for _ in range(3))
    mask = np.array([True, False, True, True])
    seen = scaled_dot_product_attention(Q, K[mask], V[mask])
    for size in (1.0, 1e10, 1e308):
        K[1], V[1] = size, -size
        np.testing.assert_allclose(scaled_dot_product_attention(Q, K, V, mask=mask), seen, rtol=1e-13)
        np.testing.assert_allclose(blockwise_attention(Q, K, V, mask=mask, block_size=2), seen, rtol=1e-13)


def test_batch_axes_broadcast_as_those_of_matmul():
    rng = np.random.default_rng(3)
    Q, K, V = rng.normal(size=(2, 1, 3, 4)), rng.normal(size=(5, 6, 4)), rng.normal(size=(2, 1, 6, 2))
    mask = rng.random((5, 3, 6)) < 0.7
    for factor in (1.0, 1e6):  # and where scores are computed with more digits
        weights = attention_weights(factor * Q, K, mask=mask)
        out = scaled_dot_product_attention(factor * Q, K, V, mask=mask)
        blocks = blockwise_attention(factor * Q, K, V, mask=mask, block_size=4)
        assert (weights.shape, out.shape) == ((2, 5, 3, 6), (2, 5, 3, 2))
        for b, c in np.ndindex(2, 5):
            single = attention_weights(factor * Q[b, 0], K[c], mask=mask[c])
            np.testing.assert_allclose(weights[b, c], single, rtol=1e-13)
            np.testing.assert_allclose(out[b, c], single @ V[b, 0], rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(blocks[b, c], out[b, c], rtol=1e-12, atol=1e-15)
    values_alone = scaled_dot_product_attention(
        Q[0, 0], K[0], rng.normal(size=(7, 6, 2)), mask=np.ones((7, 1, 6), bool)
    )
    assert values_alone.shape == (7, 3, 2)


def test_a_causal_mask_ends_at_the_last_key_and_hides_what_comes_later():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert causal_mask(2, 4).tolist() == [[True, True, True, False], [True] * 4]
    assert causal_mask(1, 5).all()
    rng = np.random.default_rng(4)
    Q, K, V = (rng.normal(size=(6, 3)) for _ in range(3))
    whole = scaled_dot_product_attention(Q, K, V, mask=causal_mask(6))
    for t in range(1, 7):  # what comes later changes nothing, so positions may be computed one by one, with a cache
        first = scaled_dot_product_attention(Q[:t], K[:t], V[:t], mask=causal_mask(t))
        np.testing.assert_allclose(first, whole[:t], rtol=1e-13)
        one = scaled_dot_product_attention(Q[t - 1 : t], K[:t], V[:t], mask=causal_mask(1, t))
        np.testing.assert_allclose(one, whole[t - 1 : t], rtol=1e-13)
    with pytest.raises(ValueError, match="n_keys must be at least 3, but it is 2"):
        causal_mask(3, 2)


LOGITS = st.lists(
    st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(-math.inf)), min_size=1, max_size=4), min_size=1, max_size=4
).filter(lambda blocks: max(map(max, blocks)) > -math.inf)


@given(LOGITS)
def test_the_softmax_of_blocks_is_that_of_the_whole(blocks):
    np.testing.assert_allclose(online_softmax(blocks), softmax(np.concatenate(blocks)), rtol=1e-12, atol=1e-322)


def test_blocks_are_joined_along_the_last_axis_and_a_row_needs_one_finite_entry():
    x = np.random.default_rng(5).normal(scale=300, size=(2, 3, 7))
    np.testing.assert_allclose(online_softmax(np.split(x, [1, 4], axis=-1)), softmax(x), rtol=1e-12)
    x[0, 1, :4] = -np.inf
    np.testing.assert_allclose(online_softmax(np.split(x, [1, 4], axis=-1)), softmax(x), rtol=1e-12)
    assert online_softmax([[1.7e308], [-1.7e308, 1.7e308]]).tolist() == [0.5, 0, 0.5]
    with pytest.raises(ValueError, match=r"blocks must have a finite entry .* 0/0"):
        online_softmax([[-np.inf], [-np.inf, -np.inf]])
    with pytest.raises(ValueError, match=r"blocks must have equal axes before the last.*\(1, 2\) and \(2,\)"):
        online_softmax([[[1.0, 2.0]], [1.0, 2.0]])
    with pytest.raises(TypeError, match="blocks must be a list of arrays"):
        online_softmax(block for block in x)


def test_blocks_need_memory_for_one_block_of_weights():
    n = 2000
    Q, K, V = np.random.default_rng(6).normal(size=(3, n, 4))
    peaks = []
    for block_size in (20, n):
        tracemalloc.start()
        blockwise_attention(Q, K, V, block_size=block_size)
        peaks.append(tracemalloc.get_traced_memory()[1] / 8)
        tracemalloc.stop()
    assert peaks[0] < n * n / 4
    assert peaks[1] > n * n


def test_heads_take_consecutive_features_and_give_them_back():
    x = np.random.default_rng(7).normal(size=(2, 5, 6))
    heads = split_heads(x, 3)
    assert heads.shape == (2, 3, 5, 2)
    for h in range(3):
        np.testing.assert_array_equal(heads[:, h], x[:, :, 2 * h : 2 * h + 2])
    np.testing.assert_array_equal(merge_heads(heads), x)
    np.testing.assert_array_equal(merge_heads(heads[1]), x[1])
    for found in (heads, merge_heads(heads), split_heads(x, 1)):
        assert found.flags.owndata
        assert found.flags.writeable
    assert not np.shares_memory(split_heads(x, 1), x)
    with pytest.raises(ValueError, match="heads must divide the 6 features of x, but it is 4"):
        split_heads(x, 4)


def test_single_precision_is_computed_in_double_and_rounded_once():
    rng = np.random.default_rng(8)
    Q, K, V = (rng.normal(scale=20, size=(5, 4)).astype(np.float32) for _ in range(3))
    doubles = [x.astype(float) for x in (Q, K, V)]
    for function, count in ((attention_weights, 2), (scaled_dot_product_attention, 3)):
        found = function(*(Q, K, V)[:count])
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, function(*doubles[:count]).astype(np.float32))
        assert function(*(Q, K.astype(float), V)[:count]).dtype == np.float64
    assert blockwise_attention(Q, K, V, block_size=2, scale=np.float64(0.3)).dtype == np.float32
    assert online_softmax([Q, K]).dtype == np.float32
    assert split_heads(Q.astype(np.float16), 2).dtype == np.float32


def test_results_own_their_memory_and_any_layout_is_taken():
    Q = np.asfortranarray(np.arange(24.0).reshape(4, 6))[:, ::2]
    Q.flags.writeable = False
    for found in (attention_weights(Q, Q), scaled_dot_product_attention(Q, Q, Q), online_softmax([Q, Q])):
        assert found.flags.owndata
        assert found.flags.writeable
        assert found.flags.c_contiguous
    np.testing.assert_array_equal(attention_weights(Q, Q), attention_weights(Q.tolist(), Q.copy()))


def test_what_does_not_fit_is_refused_by_both_names():
    Q, K, V = np.ones((2, 3)), np.ones((4, 3)), np.ones((4, 5))
    for bad, message in [
        ((Q, K[:, :2], V), r"Q and K must have as many columns, but their shapes are \(2, 3\) and \(4, 2\)"),
        ((Q, K, V[:3]), r"K and V must have as many rows"),
        ((np.ones((2, 2, 3)), np.ones((3, 4, 3)), V), "Q and K must have batch axes that broadcast"),
        ((np.ones((2, 2, 3)), K, np.ones((3, 4, 5))), "Q and V must have batch axes that broadcast"),
        ((Q[0], K, V), r"Q must have at least two axes, .* its shape is \(3,\)"),
    ]:
        for function, options in ((scaled_dot_product_attention, {}), (blockwise_attention, {"block_size": 2})):
            with pytest.raises(ValueError, match=message):
                function(*bad, **options)
    for mask, error, message in [
        (np.ones((2, 4)), TypeError, "mask must hold booleans, .* float64; write mask == 1"),
        ([[True, None]], TypeError, "mask must hold booleans"),
        (np.ma.array([True], mask=[True]), TypeError, "mask must be an array of booleans, but it is masked"),
        (np.ones((4, 2), bool), ValueError, r"mask must broadcast to the shape \(2, 4\)"),
        (np.ones((3, 2, 4), bool), ValueError, r"mask must broadcast to the shape \(2, 4\)"),
        ([], ValueError, "mask must not be empty"),
    ]:
        with pytest.raises(error, match=message):
            attention_weights(Q, K, mask=mask)


def test_a_working_goes_over_scores_and_weights_to_the_output():
    working = attention_steps([1, 0], [[1, 0], [0, 1]], [[1], [3]])
    scores, scaled, weights, output = (step.value for step in working)
    assert scores.tolist() == [1, 0]
    np.testing.assert_allclose(scaled, [math.sqrt(0.5), 0], rtol=1e-15)
    np.testing.assert_array_equal(weights, attention_weights([[1, 0]], np.eye(2))[0])
    np.testing.assert_array_equal(output, scaled_dot_product_attention([[1, 0]], np.eye(2), [[1], [3]])[0])
    assert "√2/2" in str(working)
    assert attention_steps(np.ones(4), np.ones((5, 4)), np.ones((5, 5)))[1].value.tolist() == [2] * 5
    with pytest.raises(ValueError, match="K must have at most 5 rows and 5 columns"):
        attention_steps(np.ones(2), np.ones((6, 2)), np.ones((6, 2)))
