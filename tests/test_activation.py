import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathref import activation
from mathref.activation import (
    activation_derivative,
    elu,
    gelu,
    leaky_relu,
    log_sigmoid,
    relu,
    sigmoid,
    sigmoid_steps,
    silu,
    softplus,
)
from mathref.derivative import derivative

NUMBERS = st.one_of(st.floats(-45, 45), st.floats(-800, 800), st.floats(-1e-3, 1e-3))
SMALLEST = mpmath.mpf(5e-324)


def exact_sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def below(x):
    """Φ(x)."""
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def tanh_argument(x):
    return 2 * mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf(0.044715) * x**3)


def exact_gelu(x):
    return x * below(x)


def exact_gelu_tanh(x):
    return x * exact_sigmoid(tanh_argument(x))


EXACT = {
    "sigmoid": exact_sigmoid,
    "log_sigmoid": lambda x: -mpmath.log1p(mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else mpmath.mpf(0.01) * x,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "gelu": exact_gelu,
    "silu": lambda x: x * exact_sigmoid(x),
}


def bell(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def tanh_slope(x):
    v, slope = tanh_argument(x), 2 * mpmath.sqrt(2 / mpmath.pi) * (1 + 3 * mpmath.mpf(0.044715) * x**2)
    return exact_sigmoid(v), x * slope * exact_sigmoid(v) * exact_sigmoid(-v)


TERMS = {  # of the derivatives
    "sigmoid": lambda x: [exact_sigmoid(x) * exact_sigmoid(-x)],
    "log_sigmoid": lambda x: [exact_sigmoid(-x)],
    "tanh": lambda x: [mpmath.sech(x) ** 2],
    "softplus": lambda x: [exact_sigmoid(x)],
    "relu": lambda x: [1 if x > 0 else 0],
    "leaky_relu": lambda x: [1 if x > 0 else mpmath.mpf(0.01)],
    "elu": lambda x: [1 if x > 0 else mpmath.exp(x)],
    "gelu": lambda x: [below(x), x * bell(x)],
    "gelu_tanh": tanh_slope,
    "silu": lambda x: [exact_sigmoid(x), x * exact_sigmoid(x) * exact_sigmoid(-x)],
}


def near(found, terms, share=1e-12):
    """To a share of the largest term, or of the sum where its terms have one sign; subnormal results to a unit."""
    terms = [mpmath.mpf(term) for term in terms]
    total = mpmath.fsum(terms)
    scale = abs(total) if all(term * total >= 0 for term in terms) else max(map(abs, terms))
    return abs(mpmath.mpf(float(found)) - total) <= share * scale + SMALLEST


@pytest.mark.parametrize("name", EXACT)
@given(x=NUMBERS)
def test_each_function_is_right_wherever_its_value_is_a_normal_number(name, x):
    with mpmath.workdps(60):
        assert near(getattr(activation, name)(x), [EXACT[name](mpmath.mpf(x))])


@given(x=NUMBERS)
def test_the_tanh_form_of_gelu_is_right_for_negative_numbers_too(x):
    with mpmath.workdps(60):
        assert near(gelu(x, approximate="tanh"), [exact_gelu_tanh(mpmath.mpf(x))])


@pytest.mark.parametrize("name", TERMS)
@given(x=NUMBERS)
def test_each_derivative_is_right_or_off_by_little_of_what_cancels_in_it(name, x):
    with mpmath.workdps(60):
        assert near(activation_derivative(name, x), TERMS[name](mpmath.mpf(x)))


@pytest.mark.parametrize("name", [name for name in TERMS if name != "gelu_tanh"])
@pytest.mark.parametrize("x", [-3.0, -0.7, 0.4, 2.5])
def test_each_derivative_is_that_of_its_function(name, x):
    function = np.tanh if name == "tanh" else getattr(activation, name)
    assert activation_derivative(name, x) == pytest.approx(derivative(lambda x: float(function(x)), x), rel=1e-9)


@pytest.mark.parametrize("x", [-37.0, -37.6, -38.4, -720.0, -744.0, -710.5])
def test_what_underflows_on_the_way_is_not_lost(x):
    with mpmath.workdps(60):
        exact = mpmath.mpf(x)
        assert near(gelu(x), [exact_gelu(exact)])
        assert near(silu(x), [exact * exact_sigmoid(exact)])
        for name in ("gelu", "silu"):
            assert near(activation_derivative(name, x), TERMS[name](exact))
        v = -21.1 + (x + 37) / 100
        assert near(gelu(v, approximate="tanh"), [exact_gelu_tanh(mpmath.mpf(v))])
        assert near(activation_derivative("gelu_tanh", v), tanh_slope(mpmath.mpf(v)))


def test_small_results_keep_their_digits():
    assert sigmoid(-700) == pytest.approx(math.exp(-700), rel=1e-15, abs=0)
    assert log_sigmoid(40) == pytest.approx(-math.exp(-40), rel=1e-15, abs=0)
    assert softplus(-40) == pytest.approx(math.exp(-40), rel=1e-15, abs=0)
    assert elu(1e-20) == 1e-20
    assert elu(-1e-20) == -1e-20
    assert log_sigmoid(-1000) == -1000
    for name in ("sigmoid", "log_sigmoid"):
        assert activation_derivative(name, 40) == pytest.approx(math.exp(-40), rel=1e-15, abs=0)


@given(x=NUMBERS, beta=st.one_of(st.floats(1e-3, 1e3), st.floats(5e-324, 1e308)))
def test_a_softplus_of_any_beta_is_right_or_refused(x, beta):
    with mpmath.workdps(60):
        t = mpmath.mpf(beta) * mpmath.mpf(x)
        rest = mpmath.log1p(mpmath.exp(-abs(t))) / mpmath.mpf(beta)
        exact = max(mpmath.mpf(x), 0) + rest
        if exact > np.finfo(float).max:
            with pytest.raises(np.linalg.LinAlgError, match=r"softplus\(x\) must fit in doubles"):
                softplus(x, beta=beta)
        else:
            assert near(softplus(x, beta=beta), [exact])


@pytest.mark.parametrize(("x", "beta"), [(-7400.0, 0.1), (-7.3e12, 1e-10), (-1420.0 * 2.0**900, 2.0**-900)])
def test_a_softplus_is_not_lost_where_its_exponential_underflows_before_the_division(x, beta):
    with mpmath.workdps(700):
        exact = mpmath.log1p(mpmath.exp(mpmath.mpf(beta) * mpmath.mpf(x))) / mpmath.mpf(beta)
        assert near(softplus(x, beta=beta), [exact])


def test_a_sharp_softplus_is_a_relu():
    x = np.array([-2.0, -0.5, 0.25, 3.0])
    np.testing.assert_allclose(softplus(x, beta=1e6), relu(x), atol=1e-300)
    assert softplus([1e308, -1e308], beta=1e308).tolist() == [1e308, 0]


def test_known_values():
    assert sigmoid(math.log(3)) == pytest.approx(3 / 4, rel=1e-15)
    assert activation_derivative("sigmoid", math.log(3)) == pytest.approx(3 / 16, rel=1e-15)
    assert gelu(1) == pytest.approx(0.8413447460685429, rel=1e-15)
    assert softplus(0) == math.log(2)
    assert silu(math.log(3)) == pytest.approx(0.75 * math.log(3), rel=1e-15)
    assert leaky_relu(-2, negative_slope=-3) == 6
    assert elu(-math.log(2), alpha=4) == pytest.approx(-2, rel=1e-15)


def test_far_out_each_function_is_its_limit():
    for function in (relu, gelu, silu, softplus, elu, leaky_relu, lambda x: gelu(x, approximate="tanh")):
        assert function(1e308) == 1e308
    for function in (relu, gelu, silu, softplus, sigmoid, lambda x: gelu(x, approximate="tanh")):
        assert function(-1e308) == 0
    assert [sigmoid(1e308), log_sigmoid(-1e308), elu(-1e308), leaky_relu(-1e308)] == [1, -1e308, -1, -1e306]
    limits = {"sigmoid": (0, 0), "log_sigmoid": (1, 0), "tanh": (0, 0), "leaky_relu": (0.01, 1)}
    for name in TERMS:
        assert [activation_derivative(name, x) for x in (-1e308, 1e308)] == list(limits.get(name, (0, 1)))


def test_at_a_corner_a_derivative_is_the_slope_to_the_left():
    found = [activation_derivative(name, 0) for name in ("relu", "leaky_relu", "elu")]
    assert found == [0, 0.01, 1]


def test_the_least_value_of_silu_is_where_its_derivative_is_zero():
    low = -1.2784645427610738
    assert activation_derivative("silu", low) == pytest.approx(0, abs=1e-15)
    assert silu(low) == pytest.approx(low + 1, rel=1e-15)


def test_a_leaky_result_beyond_the_range_is_refused():
    with pytest.raises(np.linalg.LinAlgError, match=r"leaky_relu\(x\) must fit in doubles"):
        leaky_relu(-1e300, negative_slope=1e10)
    with pytest.raises(np.linalg.LinAlgError, match=r"leaky_relu\(x\) must fit in single precision"):
        leaky_relu(np.float32([-1e30]), negative_slope=1e10)


FUNCTIONS = [sigmoid, log_sigmoid, softplus, relu, leaky_relu, elu, gelu, silu]
FUNCTIONS += [lambda x, name=name: activation_derivative(name, x) for name in TERMS]
FUNCTIONS += [lambda x: gelu(x, approximate="tanh")]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_single_precision_is_computed_in_double_and_rounded_once(function):
    x = np.random.default_rng(5).normal(scale=30, size=(7, 9)).astype(np.float32)
    found = function(x)
    assert found.dtype == np.float32
    with np.errstate(under="ignore"):
        np.testing.assert_array_equal(found, function(x.astype(float)).astype(np.float32))
    assert function(x.astype(np.float16)).dtype == np.float32
    assert type(function(np.float32(0.1))) is float


@pytest.mark.parametrize("function", FUNCTIONS)
def test_results_are_new_arrays_of_the_same_shape_without_negative_zeros_or_warnings(function):
    x = np.asfortranarray(np.array([[0.0, -0.0, 5e-324], [-5e-324, 1e308, -1e308], [-745.0, 745.0, 3.0]]))[:, ::-1]
    x.flags.writeable = False
    with np.errstate(all="raise"):
        found = function(x)
    assert found.shape == x.shape
    assert found.flags.owndata
    assert found.flags.writeable
    assert not np.signbit(found[found == 0]).any()
    assert np.isfinite(found).all()
    assert type(function(1)) is float


@given(st.one_of(NUMBERS, st.floats(allow_nan=False, allow_infinity=False)))
def test_a_working_goes_over_the_exponential_to_the_quotient(x):
    working = sigmoid_steps(x)
    power, below_it, result = (step.value for step in working)
    assert result == sigmoid(x)
    assert power == pytest.approx(math.exp(x if x < -700 else -x), rel=1e-13)
    assert below_it == pytest.approx(1 + power, rel=1e-15)
    assert "σ(x)" in working[2].text


def test_a_working_of_a_logarithm_has_fractions():
    assert [step.text for step in sigmoid_steps(math.log(3))] == [
        "exp(-x) = 1/3",
        "1 + exp(-x) = 4/3",
        "σ(x) = 1 / (4/3) = 3/4",
    ]
