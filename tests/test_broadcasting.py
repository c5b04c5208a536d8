"""Shapes and arrays against repeating written out in loops, and NumPy's own rule; sums against fractions."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mathref.broadcasting import (
    broadcast_axes,
    broadcast_shapes,
    broadcast_shapes_steps,
    broadcast_to,
    pairwise_differences,
    unbroadcast,
)

shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
lengths = st.lists(st.integers(1, 4), max_size=4).map(tuple)
numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@st.composite
def stretchable(draw):
    """A shape, and one that it broadcasts to."""
    to = draw(lengths)
    shape = tuple(length if draw(st.booleans()) else 1 for length in to)
    return shape[draw(st.integers(0, len(shape))) :], to


def repeated(x, to):
    """An array repeated entry by entry: an index of the result picks index 0 where the array has length 1."""
    result = np.empty(to)
    for index in np.ndindex(*to):
        own = index[len(to) - x.ndim :]
        result[index] = x[tuple(0 if length == 1 else i for i, length in zip(own, x.shape, strict=True))]
    return result


@given(st.lists(shapes, max_size=3))
def test_the_common_shape_is_numpys_or_both_refuse(many):
    try:
        expected = np.broadcast_shapes(*many)
    except ValueError:
        with pytest.raises(ValueError, match="shapes must have equal lengths, or 1, on each axis"):
            broadcast_shapes(*many)
    else:
        found = broadcast_shapes(*many)
        assert found == expected
        assert all(type(length) is int for length in found)


@given(shapes)
def test_a_common_shape_has_on_each_axis_the_one_length_besides_1(shape):
    assert broadcast_shapes(shape) == broadcast_shapes(shape, ()) == broadcast_shapes((1,) * len(shape), shape) == shape


def test_a_number_stands_for_one_axis_and_nothing_for_no_shape():
    assert broadcast_shapes(3, (2, 1)) == (2, 3)
    assert broadcast_shapes(np.int64(3), [1]) == (3,)
    assert broadcast_shapes() == ()
    assert broadcast_shapes((0,), (1,)) == (0,)


@pytest.mark.parametrize(
    ("many", "message"),
    [
        (((3, 2), (3,)), r"on axis -1 \(3, 2\) and \(3,\) have 2 and 3"),
        (((2, 5), (3, 5), (1, 1)), r"on axis -2 \(2, 5\) and \(3, 5\) have 2 and 3"),
        (((0,), (2,)), "have 0 and 2"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_by_axis_and_length(many, message):
    with pytest.raises(ValueError, match=message):
        broadcast_shapes(*many)


@pytest.mark.parametrize("bad", [None, "3", 2.0, True, (True, 2), (2.0,), ("a",), {2}, (None,), np.ones(2)])
def test_a_shape_is_whole_numbers(bad):
    for call in (broadcast_shapes, broadcast_shapes_steps):
        with pytest.raises(TypeError, match="shapes must be a tuple of whole numbers"):
            call((2,), bad)
    with pytest.raises(TypeError, match="shape must be a tuple"):
        broadcast_axes(bad, (2,))
    with pytest.raises(TypeError, match="to must be a tuple"):
        broadcast_axes((2,), bad)
    for call in (broadcast_to, unbroadcast):
        with pytest.raises(TypeError, match="shape must be a tuple"):
            call([1.0], bad)


def test_lengths_are_positive_but_in_broadcast_shapes_where_0_is_one():
    with pytest.raises(ValueError, match="shapes must hold lengths of at least 0, but one is -1"):
        broadcast_shapes((2, -1))
    for call in (lambda s: broadcast_to([1.0], s), lambda s: unbroadcast([1.0], s), lambda s: broadcast_axes(s, (2,))):
        with pytest.raises(ValueError, match="shape must hold lengths of at least 1, but one is 0"):
            call((0, 2))


@given(stretchable())
def test_axes_are_those_along_which_something_is_repeated(pair):
    shape, to = pair
    axes = broadcast_axes(shape, to)
    padded = (0,) * (len(to) - len(shape)) + shape  # 0 where the axis is not there
    assert axes == tuple(i for i, (have, want) in enumerate(zip(padded, to, strict=True)) if have != want)
    assert math.prod(to) == math.prod(shape) * math.prod(to[i] for i in axes)


def test_an_axis_of_length_1_that_is_new_counts():
    assert broadcast_axes((3,), (1, 3)) == (0,)
    assert broadcast_axes((1, 3), (1, 3)) == ()


@given(shapes.filter(lambda s: 0 not in s), lengths)
def test_a_shape_that_does_not_become_the_other_is_refused(shape, to):
    try:
        fits = np.broadcast_shapes(shape, to) == to
    except ValueError:
        fits = False
    assume(not fits)
    x = np.ones(shape)
    with pytest.raises(ValueError, match="shape must broadcast to the shape"):
        broadcast_axes(shape, to)
    with pytest.raises(ValueError, match="x must broadcast to the shape"):
        broadcast_to(x, to)
    with pytest.raises(ValueError, match="gradient must have a shape that"):
        unbroadcast(np.ones(to), shape)


@given(stretchable())
def test_an_array_is_repeated_as_loops_repeat_it(pair):
    shape, to = pair
    x = np.arange(1.0, math.prod(shape) + 1).reshape(shape)
    np.testing.assert_array_equal(broadcast_to(x, to), repeated(x, to))


def test_a_copy_is_returned_and_it_owns_its_memory():
    x = np.ones(3)
    for shape in ((3,), (2, 3)):
        result = broadcast_to(x, shape)
        assert result.flags.owndata
        assert result.flags.writeable
        result[...] = 7
    assert x.tolist() == [1, 1, 1]
    assert broadcast_to(x.astype(np.float32), (2, 3)).dtype == np.float32
    assert broadcast_to([1, 2], (2,)).dtype == np.float64
    assert isinstance(broadcast_to(2, ()), float)
    assert broadcast_to(2, 3).tolist() == [2, 2, 2]


@given(stretchable(), st.data())
def test_the_sum_over_copies_is_the_exact_one_rounded(pair, data):
    shape, to = pair
    entries = data.draw(st.lists(st.floats(-1e300, 1e300), min_size=math.prod(to), max_size=math.prod(to)))
    G = np.array(entries).reshape(to)
    sums, sizes = {}, {}
    for index in np.ndindex(*to):
        own = index[len(to) - len(shape) :]
        own = tuple(0 if length == 1 else i for i, length in zip(own, shape, strict=True))
        sums[own] = sums.get(own, 0) + Fraction(G[index])
        sizes[own] = max(sizes.get(own, 0), abs(Fraction(G[index])))
    found = np.asarray(unbroadcast(G, shape))
    assert found.shape == shape
    for own, expected in sums.items():
        assert abs(Fraction(found[own].item()) - expected) <= Fraction(1, 2**52) * abs(expected) + sizes[own] / 2**90


def test_sums_that_fit_are_not_lost_on_the_way():
    assert unbroadcast([1e308, 1e308, -1e308], ()) == 1e308
    assert unbroadcast([1.0, 1e-17, -1.0], ()) == 1e-17
    with pytest.raises(np.linalg.LinAlgError, match="The sum of the gradient must fit"):
        unbroadcast([1e308, 1e308], ())
    assert unbroadcast(np.full((3, 10_000), 0.1), (3, 1)).tolist() == [[float(10_000 * Fraction(0.1))]] * 3


def test_gradients_keep_their_precision_and_own_their_memory():
    G = np.ones((2, 3), dtype=np.float32)
    assert unbroadcast(G, (3,)).dtype == np.float32
    same = unbroadcast(G, (2, 3))
    same[...] = 7
    assert G.max() == 1
    assert isinstance(unbroadcast(G, ()), float)
    assert unbroadcast([1, 2], 2).tolist() == [1, 2]


@given(st.integers(1, 3), st.integers(1, 3), lengths, st.data())
def test_differences_are_those_of_each_pair(m, n, rest, data):
    draw = lambda k: np.array(data.draw(st.lists(numbers, min_size=k, max_size=k)))  # noqa: E731
    a, b = (draw(k * math.prod(rest)).reshape(k, *rest) for k in (m, n))
    D = pairwise_differences(a, b)
    assert D.shape == (m, n, *rest)
    for i, j in itertools.product(range(m), range(n)):
        np.testing.assert_array_equal(D[i, j], a[i] - b[j])


def test_differences_of_other_points_or_numbers_are_refused():
    with pytest.raises(ValueError, match=r"a and b must have the same shape after the first axis.*\(2, 3\) and \(2,\)"):
        pairwise_differences(np.ones((2, 3)), np.ones(2))
    with pytest.raises(ValueError, match="b must hold examples along axis 0"):
        pairwise_differences([1.0], 2.0)
    with pytest.raises(np.linalg.LinAlgError, match="The difference of a and b must fit in doubles"):
        pairwise_differences([1e308], [-1e308])
    assert pairwise_differences(np.float32([1]), np.float32([2])).dtype == np.float32
    assert pairwise_differences(np.float32([1]), [2]).dtype == np.float64


@given(st.lists(shapes, max_size=4))
def test_the_working_takes_one_axis_after_the_other_from_the_right(many):
    try:
        expected = np.broadcast_shapes(*many)
    except ValueError:
        with pytest.raises(ValueError, match="shapes must"):
            broadcast_shapes_steps(*many)
        return
    values = [step.value for step in broadcast_shapes_steps(*many)]
    assert values == [*expected[::-1], expected]


def test_a_working_too_long_to_read_is_refused():
    assert broadcast_shapes_steps(*[(1,) * 5] * 4).result == (1,) * 5
    for many in ([(1,)] * 5, [(1,) * 6]):
        with pytest.raises(ValueError, match="shapes must be at most 4 of at most 5 axes"):
            broadcast_shapes_steps(*many)
