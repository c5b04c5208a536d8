"""Convolutions against polynomials, plain loops, exact fractions, SciPy and their own matrices."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy import linalg, signal

from mathref.convolution import (
    conv2d,
    convolution_matrix,
    convolve,
    convolve_steps,
    cross_correlate,
    output_size,
    receptive_field,
)

RNG = np.random.default_rng(0)
MODES = ["full", "same", "valid"]
SIZES = [(n, k) for n, k in itertools.product([1, 2, 3, 5, 8], repeat=2) if k <= n]


def looped(x, kernel, bias, stride, padding, dilation, groups):
    """The sum of the definition, in exact fractions, place by place."""
    (n, c, h, w), (o, i, k, m) = x.shape, kernel.shape
    (s, t), (p, q), (d, e) = stride, padding, dilation
    exact = {place: Fraction(float(entry)) for place, entry in np.ndenumerate(x)}
    rows, columns = (h + 2 * p - d * (k - 1) - 1) // s + 1, (w + 2 * q - e * (m - 1) - 1) // t + 1
    result = np.empty((n, o, rows, columns), dtype=object)
    for image, out, row, column in np.ndindex(result.shape):
        total = Fraction(float(bias[out])) if bias is not None else Fraction(0)
        for inside, a, b in np.ndindex(i, k, m):
            channel = out // (o // groups) * (c // groups) + inside
            place = (image, channel, s * row + d * a - p, t * column + e * b - q)
            total += Fraction(float(kernel[out, inside, a, b])) * exact.get(place, Fraction(0))
        result[image, out, row, column] = total
    return result


def test_the_kernel_is_turned_round_in_a_convolution_and_not_in_a_cross_correlation():
    assert convolve([1, 2, 3], [1, 1]).tolist() == [1, 3, 5, 3]
    assert convolve([1, 0, 0], [1, 2]).tolist() == [1, 2, 0, 0]
    assert convolve([1, 0, 0], [1, 2], mode="valid").tolist() == [2, 0]
    assert cross_correlate([1, 0, 0], [1, 2]).tolist() == [1, 0]
    assert conv2d([[[[1, 0, 0]]]], [[[[1, 2]]]]).tolist() == [[[[1, 0]]]]


@pytest.mark.parametrize(("n", "k"), SIZES)
def test_a_convolution_holds_the_coefficients_of_a_product_of_polynomials(n, k):
    x, kernel = RNG.integers(-9, 10, n), RNG.integers(-9, 10, k)
    expected = np.polynomial.polynomial.polymul(x, kernel)
    found = convolve(x, kernel)
    assert len(found) == n + k - 1
    np.testing.assert_array_equal(np.trim_zeros(found, "b"), np.trim_zeros(expected, "b"))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("n", "k"), [*SIZES, (2, 5), (3, 8)])
def test_modes_are_scipys_and_the_matrix_gives_the_same(n, k, mode):
    x, kernel = RNG.integers(-9, 10, n), RNG.integers(-9, 10, k)
    if mode == "valid" and k > n:
        for call in (convolve, cross_correlate):
            with pytest.raises(ValueError, match=f"kernel must fit into an input of length {n}, but its length is {k}"):
                call(x, kernel, mode=mode)
        with pytest.raises(ValueError, match="kernel must fit into"):
            convolution_matrix(kernel, n, mode=mode)
        return
    expected = signal.convolve(x, kernel, mode=mode, method="direct")
    np.testing.assert_array_equal(convolve(x, kernel, mode=mode), expected)
    np.testing.assert_array_equal(
        cross_correlate(x, kernel, mode=mode), signal.convolve(x, kernel[::-1], mode, "direct")
    )
    T = convolution_matrix(kernel, n, mode=mode)
    assert T.shape == (len(expected), n)
    np.testing.assert_array_equal(T @ x, expected)
    if k <= n:
        np.testing.assert_array_equal(T, linalg.convolution_matrix(kernel, n, mode))


def test_defaults_are_all_places_for_a_convolution_and_the_inner_ones_for_a_cross_correlation():
    assert len(convolve([1, 2, 3], [1, 1])) == 4
    assert len(cross_correlate([1, 2, 3], [1, 1])) == 2
    assert convolution_matrix([1, 1], 3).shape == (4, 3)


@pytest.mark.parametrize(("n", "k"), SIZES)
def test_the_transposed_matrix_goes_back_with_the_kernel_turned_round(n, k):
    kernel, y = RNG.integers(-9, 10, k), RNG.integers(-9, 10, n - k + 1)
    T = convolution_matrix(kernel, n, mode="valid")
    np.testing.assert_array_equal(T.T @ y, convolve(y, kernel[::-1]))


LAYERS = [
    # images, channels, height, width; kernels, their height and width; bias, stride, padding, dilation, groups
    ((1, 1, 3, 3), (1, 2, 2), False, (1, 1), (0, 0), (1, 1), 1),
    ((2, 3, 5, 4), (4, 3, 2), True, (1, 1), (0, 0), (1, 1), 1),
    ((2, 3, 5, 4), (2, 3, 3), True, (2, 1), (1, 2), (1, 1), 1),
    ((1, 2, 7, 6), (3, 3, 2), False, (2, 3), (0, 1), (2, 3), 1),
    ((2, 4, 5, 5), (6, 3, 3), True, (1, 2), (2, 1), (1, 2), 2),
    ((1, 3, 4, 4), (6, 2, 2), True, (3, 3), (1, 1), (1, 1), 3),
    ((1, 1, 1, 1), (1, 3, 3), False, (1, 1), (1, 1), (1, 1), 1),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_layer_is_the_sum_of_its_definition_and_exact_for_whole_numbers(layer):
    (n, c, h, w), (o, k, m), biased, stride, padding, dilation, groups = layer
    x, kernel = RNG.integers(-99, 100, (n, c, h, w)), RNG.integers(-99, 100, (o, c // groups, k, m))
    bias = RNG.integers(-99, 100, o) if biased else None
    found = conv2d(x, kernel, bias=bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    expected = looped(x, kernel, bias, stride, padding, dilation, groups)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected.astype(float))
    sizes = [
        output_size(*pair, stride=s, padding=p, dilation=d)
        for *pair, s, p, d in zip((h, w), (k, m), stride, padding, dilation, strict=True)
    ]
    assert found.shape == (n, o, *sizes)


def test_one_number_stands_for_height_and_width():
    x, kernel = RNG.normal(size=(1, 2, 7, 8)), RNG.normal(size=(3, 2, 3, 3))
    np.testing.assert_array_equal(
        conv2d(x, kernel, stride=2, padding=1, dilation=2),
        conv2d(x, kernel, stride=[2, 2], padding=(1, 1), dilation=(2, np.int64(2))),
    )


def test_one_channel_is_scipys_correlation_of_an_image_and_with_the_kernel_turned_its_convolution():
    x, kernel = RNG.integers(-9, 10, (6, 7)), RNG.integers(-9, 10, (3, 2))
    np.testing.assert_array_equal(conv2d([[x]], [[kernel]])[0, 0], signal.correlate2d(x, kernel, "valid"))
    np.testing.assert_array_equal(conv2d([[x]], [[kernel[::-1, ::-1]]])[0, 0], signal.convolve2d(x, kernel, "valid"))


def test_a_row_of_an_image_is_the_cross_correlation_of_vectors():
    x, kernel = RNG.integers(-9, 10, 9), RNG.integers(-9, 10, 4)
    np.testing.assert_array_equal(conv2d([[[x]]], [[[kernel]]])[0, 0, 0], cross_correlate(x, kernel))


def test_the_size_is_the_number_of_places_that_are_counted():
    for n, k, s, p, d in itertools.product(range(1, 8), range(1, 5), range(1, 4), range(3), range(1, 4)):
        fits = [start for start in range(0, n + 2 * p, s) if start + d * (k - 1) < n + 2 * p]
        if fits:
            assert output_size(n, k, stride=s, padding=p, dilation=d) == len(fits)
        else:
            with pytest.raises(ValueError, match="kernel must fit into an input"):
                output_size(n, k, stride=s, padding=p, dilation=d)


def test_the_refusal_of_a_large_kernel_counts_padding_and_dilation():
    message = "into an input of length 3 and padding of 1 on both sides, but its 3 entries span 7 with dilation 3"
    with pytest.raises(ValueError, match=message):
        output_size(3, 3, padding=1, dilation=3)
    with pytest.raises(ValueError, match="kernel must fit into an input of length 2, but"):
        conv2d(np.ones((1, 1, 9, 2)), np.ones((1, 1, 3, 3)))


@pytest.mark.parametrize(
    ("layers", "field"),
    [([(3, 1)] * 5, 11), ([(7, 2), (3, 2)], 11), ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], 15), ([(1, 2), (1, 3)], 1)],
)
def test_the_field_holds_all_entries_on_which_one_depends_and_no_more(layers, field):
    assert receptive_field(layers) == field
    n = 64
    seen = []
    for place in range(n):
        x = np.zeros((1, 1, 1, n))
        x[..., place] = 1
        for kernel, stride, *dilation in layers:
            x = conv2d(x, np.ones((1, 1, 1, kernel)), stride=(1, stride), dilation=(1, *dilation, 1)[:2])
        seen.append(x[0, 0, 0, 1] != 0)
    touched = np.flatnonzero(seen)
    assert touched[-1] - touched[0] + 1 == field


@pytest.mark.parametrize("scale", [1.0, 1e150, 1e-150, 1e-300])
def test_entries_are_right_to_the_last_digits_whatever_their_size(scale):
    x, kernel = scale * RNG.uniform(1, 2, 7), RNG.uniform(1, 2, 3) / scale**0.9
    exact = [float(sum(Fraction(x[j]) * Fraction(kernel[i - j]) for j in range(7) if 0 <= i - j < 3)) for i in range(9)]
    np.testing.assert_allclose(convolve(x, kernel), exact, rtol=1e-15, atol=0)


def test_results_that_fit_are_not_lost_to_terms_that_do_not():
    s = 1e155
    with np.errstate(all="raise"):
        assert convolve([s, s, 1], [5, -s, s], mode="valid").tolist() == [5]
        assert convolve([1e200, 1e200], [1e200, -1e200], mode="valid").tolist() == [0]
        assert cross_correlate([s, s, 1], [s, -s, 5]).tolist() == [5]
        assert conv2d([[[[s, s, 1]]]], [[[[s, -s, 5]]]], bias=[1]).item() == 6
        assert conv2d([[[[1.5e308]]]], [[[[2]]]], bias=[-1.5e308]).item() == 1.5e308
        x, kernel = np.full((2, 4, 1, 2), s), np.tile([s, -s], (2, 2, 1, 1))
        assert conv2d(x, kernel, bias=[3, 4], groups=2).reshape(2, 2).tolist() == [[3, 4], [3, 4]]
        for call in (convolve, cross_correlate):
            with pytest.raises(np.linalg.LinAlgError, match="each entry of the convolution must fit in doubles"):
                call([1e200], [1e200])
        with pytest.raises(np.linalg.LinAlgError, match="each entry of the layer must fit in doubles"):
            conv2d([[[[1e200]]]], [[[[1e200]]]])


def test_a_layer_whose_products_overflow_agrees_with_fractions_group_by_group():
    x, kernel = 2.0**530 * RNG.normal(size=(2, 4, 4, 3)), 2.0**510 * RNG.normal(size=(4, 2, 2, 2))
    x[:, 1::2], kernel[:, 1] = x[:, ::2], kernel[:, 0] * (2.0**-40 - 1)  # which leaves 2**1000
    options = {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2), "groups": 2}
    bias = [2.0**1000, 0, -(2.0**1001), 1]
    expected = looped(x, kernel, bias, *options.values())
    with np.errstate(all="raise"):
        found = conv2d(x, kernel, bias=bias, **options)
    np.testing.assert_array_equal(found, expected.astype(float))


def test_single_precision_is_computed_in_double_and_rounded_once():
    x, kernel = (RNG.normal(size=n).astype(np.float32) for n in (9, 4))
    for mode in MODES:
        found = convolve(x, kernel, mode=mode)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, convolve(x.astype(float), kernel, mode=mode).astype(np.float32))
    assert convolution_matrix(kernel, 5).dtype == np.float32
    assert convolution_matrix(kernel.astype(np.float16), 5).dtype == np.float32
    images, kernels = x[:8].reshape(1, 2, 2, 2), kernel.reshape(2, 2, 1, 1)
    assert conv2d(images, kernels).dtype == np.float32
    assert conv2d(images, kernels, bias=[1.0, 2.0]).dtype == np.float64
    with pytest.raises(np.linalg.LinAlgError, match="single precision"):
        convolve(np.float32([1e30]), np.float32([1e30]))


def test_results_own_their_memory_whatever_the_layout():
    x = np.asfortranarray(RNG.normal(size=(2, 2, 6, 6)))[:, :, ::2]
    x.flags.writeable = False
    kernel = RNG.normal(size=(4, 2, 2, 2))[::2]
    results = [conv2d(x, kernel), convolve(x[0, 0, 0], kernel[0, 0, 0], mode="same"), cross_correlate([1, 2], [3])]
    results += [convolution_matrix(kernel[:, 0, 0, 0], 3, mode="valid")]
    for found in results:
        assert found.flags.owndata
        assert found.flags.writeable
    np.testing.assert_array_equal(conv2d(x, kernel), conv2d(x.tolist(), kernel.copy()))


def test_channels_and_groups_that_do_not_fit_are_refused_by_the_argument_at_fault():
    x, kernel = np.ones((1, 4, 3, 3)), np.ones((6, 4, 2, 2))
    with pytest.raises(ValueError, match=r"kernel must have 2 channels in, as x has of each of 2 groups"):
        conv2d(x, kernel, groups=2)
    with pytest.raises(ValueError, match=r"kernel must have 4 channels in, as x has, but its shape is \(6, 3, 2, 2\)"):
        conv2d(x, kernel[:, :3])
    for groups in (3, 4):
        with pytest.raises(ValueError, match=f"groups must divide the 4 channels of x and the 6 of kernel.* {groups}$"):
            conv2d(x, kernel, groups=groups)
    with pytest.raises(ValueError, match=r"bias must have 6 entries"):
        conv2d(x, kernel, bias=np.ones(4))
    with pytest.raises(ValueError, match=r"write x\[None, None\] for one image of one channel"):
        conv2d(x[0, 0], kernel)
    with pytest.raises(ValueError, match=r"stride must be an integer or a pair .* 3 entries"):
        conv2d(x, kernel, stride=(1, 1, 1))


def test_a_working_goes_entry_by_entry_in_fractions():
    working = convolve_steps([1, 2, 3], [0.5, -1])
    assert [step.value for step in working][:-1] == [0.5, 0, -0.5, -3]
    np.testing.assert_array_equal(working.result, convolve([1, 2, 3], [0.5, -1]))
    assert "x₁ k₁" in working[2].text
    assert "2 · (-1) + 3 · (1/2)" in working[2].text
    for x, kernel, name in [(range(6), [1], "x"), ([1], range(6), "kernel")]:
        with pytest.raises(ValueError, match=f"{name} must have at most 5 entries"):
            convolve_steps(x, kernel)
