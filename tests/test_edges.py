"""Numbers at the ends of the range, in all public functions: what fits is right, what does not is refused.

Each function is computed again from the stored numbers with 1300 digits and unlimited exponents. NumPy raises at every
overflow and underflow meanwhile: none of them is the caller's.
"""

import inspect
import math
import pkgutil
import warnings
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import edges_of_beliefs
import edges_of_calculus
import edges_of_linear_algebra
import edges_of_moments
import mpmath
import numpy as np
import pytest
import scipy.linalg
from edges import CASES, ENTRY, EQUAL, mp, mp_norm, numbers

import mathref
from mathref import (
    bayes,
    determinant,
    entropy,
    factorization,
    gaussian,
    kl_divergence,
    matrix,
    maximum_likelihood,
    pseudoinverse,
)

FIELDS = [edges_of_linear_algebra, edges_of_moments, edges_of_beliefs, edges_of_calculus]
FUNCTIONS = {function: row for field in FIELDS for function, row in field.FUNCTIONS.items()}
ONE_SIZE = edges_of_linear_algebra.ONE_SIZE | edges_of_moments.ONE_SIZE
PYTHON_FLOATS = edges_of_linear_algebra.PYTHON_FLOATS
INFINITE = edges_of_linear_algebra.INFINITE | edges_of_beliefs.INFINITE
# No entries, whole numbers, or numbers of school size by their own documentation; and what is tried in another way. Of
# each module the functions, and a test of it or of another file, that tries them or shows what they take.
DERIVATIVES = "test_edges_of_derivatives", "test_a_slope_at_the_ends_of_the_range_is_right"
PROBABILITIES = "test_edges", "test_tiny_probabilities_count_for_what_they_are"
BELIEFS = "test_edges", "test_tiny_beliefs_count_for_what_they_are"
SOFTMAX = ("test_softmax", "test_probabilities_and_their_logarithms_are_right_entry_by_entry")
ACTIVATION = ("test_activation", "test_what_underflows_on_the_way_is_not_lost")
LIMITS = ("test_activation", "test_far_out_each_function_is_its_limit")
ATTENTION = ("test_attention", "test_weights_and_means_are_right_entry_by_entry_whatever_the_sizes")
LOSSES = ("test_cross_entropy", "test_losses_beyond_the_range_are_refused")
BALLS = "heavy_ball", "nesterov"
SCALED = "adam", "adamw", "rmsprop"
ELSEWHERE = {
    "determinant.det": ("test_edges", "test_the_determinant_is_right_and_infinite_beyond_the_largest_double"),
    "determinant.det_by_cofactors": ("test_determinant", "test_cofactors_stop_at_nine_rows"),
    "determinant.det_by_elimination": ("test_determinant", "test_elimination_refuses_a_product_that_leaves_the_range"),
    "matrix.rank": ("test_edges", "test_the_rank_does_not_depend_on_the_unit"),
    "matrix.rotation": ("test_matrix", "test_rotations_add_their_angles"),
    "matrix.scaling": ("test_matrix", "test_scaling_and_shear_are_what_their_columns_say"),
    "matrix.shear": ("test_matrix", "test_scaling_and_shear_are_what_their_columns_say"),
    "tensor.order": ("test_tensor", "test_the_order_is_the_number_of_axes"),
    "eigen.power_iteration": ("test_eigen", "test_power_iteration_refuses_what_its_plain_products_might_not_bear"),
    "entropy.information_gain": ("test_entropy", "test_information_gain_is_the_mutual_information_of_the_counts"),
    "entropy.empirical_distribution": ("test_entropy", "test_an_empirical_distribution_counts_sorted_outcomes"),
    **{f"entropy.{name}entropy": PROBABILITIES for name in ("", "cross_", "conditional_")},
    "entropy.mutual_information": PROBABILITIES,
    "kl_divergence.kl_divergence": PROBABILITIES,
    "kl_divergence.js_divergence": PROBABILITIES,
    **{f"bayes.{name}": BELIEFS for name in ("marginal", "conditional", "predictive")},
    "maximum_likelihood.bernoulli_log_likelihood": BELIEFS,
    "maximum_likelihood.fit_bernoulli": ("test_maximum_likelihood", "test_anything_but_zeros_and_ones_is_refused"),
    "maximum_likelihood.map_bernoulli": ("test_maximum_likelihood", "test_seven_heads_of_ten"),
    "gaussian.gaussian_pdf": ("test_edges", "test_a_density_is_right_as_far_as_its_logarithm_has_digits"),
    "scalar.ulp": ("test_scalar", "test_ulp_follows_from_the_exponent"),
    "scalar.relative_error": ("test_scalar", "test_relative_error_is_the_exact_quotient_rounded_once"),
    "scalar.is_close": ("test_scalar", "test_is_close_does_not_overflow"),
    **{f"softmax.{name}": SOFTMAX for name in ("logsumexp", "softmax", "log_softmax")},
    "softmax.softmax_jacobian": ("test_softmax", "test_a_jacobian_is_right_entry_by_entry"),
    "softmax.softmax_vjp": ("test_softmax", "test_a_backward_pass_does_not_overflow_on_its_way"),
    **{f"cross_entropy.{name}": LOSSES for name in ("softmax_cross_entropy", "binary_cross_entropy_with_logits")},
    "cross_entropy.nll_loss": ("test_cross_entropy", "test_the_loss_of_log_probabilities_is_that_of_logits"),
    "cross_entropy.cross_entropy_gradient": (
        "test_cross_entropy",
        "test_small_losses_and_small_gradients_keep_their_digits",
    ),
    **{f"activation.{name}": LIMITS for name in ("sigmoid", "log_sigmoid", "relu", "leaky_relu", "elu")},
    **{f"activation.{name}": ACTIVATION for name in ("gelu", "silu", "activation_derivative")},
    "activation.softplus": ("test_activation", "test_a_softplus_of_any_beta_is_right_or_refused"),
    **{
        f"initialization.{name}": ("test_initialization", "test_one_call_of_the_generator_draws_the_weights")
        for name in ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal")
    },
    "initialization.fan_in_out": (
        "test_initialization",
        "test_fans_are_channels_times_the_entries_of_a_kernel",
    ),
    "initialization.calculate_gain": (
        "test_initialization",
        "test_the_gain_of_a_leaky_relu_makes_up_for_what_it_keeps",
    ),
    "initialization.orthogonal": (
        "test_initialization",
        "test_orthogonal_weights_have_orthonormal_rows_or_columns",
    ),
    "initialization.propagate_variance": (
        "test_initialization",
        "test_what_underflows_between_the_layers_is_not_lost",
    ),
    "normalization.layer_norm_vjp": (
        "test_normalization",
        "test_a_backward_pass_is_right_to_a_share_of_its_largest_term",
    ),
    **{
        f"perplexity.{name}": ("test_perplexity", f"test_values_of_{name}_at_the_ends_of_the_range_are_right")
        for name in ("perplexity", "perplexity_from_logits", "token_nll", "combine_perplexity", "bits_per_byte")
    },
    "floating_point.finfo": ("test_floating_point", "test_a_format_is_what_its_numbers_are"),
    "floating_point.round_to": ("test_floating_point", "test_any_double_is_rounded_to_the_nearest_number"),
    "floating_point.spacing": ("test_floating_point", "test_there_is_no_spacing_beyond_the_largest_number"),
    "floating_point.to_bits": ("test_floating_point", "test_every_number_is_rounded_to_itself_and_has_its_code"),
    "floating_point.from_bits": ("test_floating_point", "test_every_code_stands_for_the_number_that_its_fields_say"),
    **{
        f"floating_point.{name}": ("test_floating_point", "test_sums_overflow_as_their_format_does")
        for name in ("running_sum", "pairwise_sum", "compensated_sum")
    },
    "broadcasting.broadcast_shapes": ("test_broadcasting", "test_the_common_shape_is_numpys_or_both_refuse"),
    "broadcasting.broadcast_axes": ("test_broadcasting", "test_axes_are_those_along_which_something_is_repeated"),
    "broadcasting.broadcast_to": ("test_broadcasting", "test_an_array_is_repeated_as_loops_repeat_it"),
    "broadcasting.unbroadcast": ("test_broadcasting", "test_sums_that_fit_are_not_lost_on_the_way"),
    "broadcasting.pairwise_differences": ("test_broadcasting", "test_differences_are_those_of_each_pair"),
    "convolution.conv2d": (
        "test_convolution",
        "test_a_layer_whose_products_overflow_agrees_with_fractions_group_by_group",
    ),
    "convolution.output_size": ("test_convolution", "test_the_size_is_the_number_of_places_that_are_counted"),
    "convolution.receptive_field": (
        "test_convolution",
        "test_the_field_holds_all_entries_on_which_one_depends_and_no_more",
    ),
    **{
        f"attention.{name}": ATTENTION
        for name in ("attention_weights", "scaled_dot_product_attention", "blockwise_attention")
    },
    "attention.online_softmax": ("test_attention", "test_the_softmax_of_blocks_is_that_of_the_whole"),
    "attention.causal_mask": ("test_attention", "test_a_causal_mask_ends_at_the_last_key_and_hides_what_comes_later"),
    **{
        f"attention.{name}_heads": ("test_attention", "test_heads_take_consecutive_features_and_give_them_back")
        for name in ("split", "merge")
    },
    **{f"derivative.{name}": DERIVATIVES for name in ("derivative", "finite_difference", "complex_step", "step_size")},
    "derivative.second_derivative": ("test_edges_of_derivatives", "test_a_second_derivative_at_the_ends_is_right"),
    **{
        f"gradient.{name}": DERIVATIVES
        for name in ("gradient", "directional_derivative", "check_gradient", "steepest_direction")
    },
    **{f"jacobian.{name}": DERIVATIVES for name in ("jacobian", "jvp", "vjp", "linearize", "jacobian_determinant")},
    **{
        f"chain_rule.{name}": DERIVATIVES
        for name in ("compose", "chain_derivative", "total_derivative", "inverse_derivative")
    },
    "chain_rule.accumulation_cost": ("test_chain_rule", "test_costs_are_counted_and_the_optimal_one_is_least"),
    "backpropagation.grad": DERIVATIVES,
    "backpropagation.value_and_grad": DERIVATIVES,
    "backpropagation.topological_order": (
        "test_backpropagation",
        "test_parents_come_before_children_each_once_and_the_output_last",
    ),
    "gradient_descent.numerical_gradient": (
        "test_gradient",
        "test_it_is_the_numerical_gradient_of_gradient_descent_bit_by_bit",
    ),
    **{
        f"gradient_descent.{name}": (
            "test_gradient_descent",
            "test_a_loss_beyond_all_numbers_is_a_divergence_far_away_and_an_error_nearby",
        )
        for name in ("gradient_descent", "stochastic_gradient_descent", "minibatch_gradient_descent")
    },
    "momentum.exponential_moving_average": ("test_momentum", "test_an_average_that_fits_is_not_lost_on_the_way"),
    "momentum.optimal_heavy_ball": ("test_momentum", "test_the_best_of_extreme_curvatures_is_right_or_refused"),
    **{f"momentum.{name}": ("test_momentum", "test_a_ball_that_leaves_the_range_has_diverged") for name in BALLS},
    "adam.bias_correction": ("test_adam", "test_the_sum_of_the_weights_has_all_digits"),
    **{f"adam.{name}": ("test_adam", "test_a_point_that_leaves_the_range_has_diverged") for name in SCALED},
}


def test_each_public_function_is_tried_at_the_edges_or_said_to_be_elsewhere():
    names = [name for _, name, package in pkgutil.iter_modules(mathref.__path__) if not package and name[0] != "_"]
    public = {
        f"{name}.{f}"
        for name in names
        for f, value in vars(import_module(f"mathref.{name}")).items()
        if inspect.isfunction(value) and value.__module__ == f"mathref.{name}" and f[0] != "_" and "_steps" not in f
    }
    tried = {f"{f.__module__.removeprefix('mathref.')}.{f.__name__}" for f in FUNCTIONS}
    assert public == tried | ELSEWHERE.keys()
    assert not tried & ELSEWHERE.keys()
    for function, (file, test) in ELSEWHERE.items():
        text = Path(__file__).with_name(f"{file}.py").read_text()
        assert f"def {test}(" in text, f"{function}: there is no {file}.{test}"
        assert function.split(".")[1] in text


@pytest.mark.parametrize(
    ("function", "case"),
    [(f, case) for f in FUNCTIONS for case in (EQUAL if f in ONE_SIZE else CASES)],
    ids=lambda x: x if isinstance(x, str) else f"{x.__module__.removeprefix('mathref.')}.{x.__name__}",
)
def test_what_fits_is_right_and_what_does_not_is_refused(function, case):
    A = CASES[case]
    call, right, scale = FUNCTIONS[function]
    with mpmath.workdps(1300):
        expected = [mpmath.mpf(x) for x in np.ravel(np.array(right(A), dtype=object)).tolist()]
        largest = max(map(abs, expected))
        single = A.dtype == np.float32
        kept = np.float32 if single and function not in PYTHON_FLOATS else np.float64
        beyond = np.finfo(float).max if function in INFINITE else 0
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            if " to " in case:  # a condition of 1e600 deserves one, though here each digit is right
                warnings.simplefilter("ignore", scipy.linalg.LinAlgWarning)
            if largest > np.finfo(kept).max and not largest > beyond > 0:
                with pytest.raises(np.linalg.LinAlgError):
                    call(A)
                return
            result = call(A)
        if isinstance(result, np.ndarray):
            assert result.dtype == A.dtype
        eps, least = np.finfo(kept).eps, float(np.finfo(kept).smallest_subnormal)
        for got, exact in zip(numbers(result), expected, strict=True):
            if abs(exact) > np.finfo(kept).max:
                assert got == math.copysign(math.inf, mpmath.sign(exact))
                continue
            assert abs(got - exact) <= 30 * eps * (abs(exact) if scale == ENTRY else largest) + 2 * least, (got, exact)


@pytest.mark.parametrize("case", CASES)
def test_the_determinant_is_right_and_infinite_beyond_the_largest_double(case):
    with mpmath.workdps(1300), np.errstate(all="raise"):
        exact = mpmath.det(mp(CASES[case]))
        result = determinant.det(CASES[case])
        assert result == math.inf if exact > np.finfo(float).max else abs(result - exact) <= 1e-14 * exact + 5e-324


@pytest.mark.parametrize("case", EQUAL)
def test_the_rank_does_not_depend_on_the_unit(case):
    with np.errstate(all="raise"):
        assert matrix.rank(CASES[case]) == 3
        assert matrix.rank(CASES[case][:, [0, 1, 0]]) == 2


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("factor", [factorization.qr, factorization.lu])
def test_the_factors_times_each_other_are_the_matrix(factor, case):
    A = CASES[case]
    with np.errstate(all="raise"):
        factors = factor(A)
    with mpmath.workdps(1300):
        product = math.prod((mp(x) for x in factors[1:]), start=mp(factors[0]))
        lengths = [mp_norm(column, 2) for column in A.T]
        eps, least = np.finfo(A.dtype).eps, float(np.finfo(A.dtype).smallest_subnormal)
        for i in range(3):
            for j in range(3):
                assert abs(product[i, j] - mpmath.mpf(float(A[i, j]))) <= 30 * eps * lengths[j] + 3 * least


def test_a_solution_at_the_edges_is_that_of_fractions():
    for scale, side in [(1e308, 1e308), (1e-308, 1e-308), (5e-324, 5e-324), (1e-300, 1e-5), (1e300, 1e-8)]:
        A, b = (
            np.array([[1.0, 1], [1, -0.5]]) * scale if scale != 5e-324 else np.array([[2.0, 1], [1, -1]]) * scale,
            [side, 0.0],
        )
        (p, q), (r, s) = [[Fraction(x) for x in row] for row in A.tolist()]
        expected = [float(s * Fraction(side) / (p * s - q * r)), float(-r * Fraction(side) / (p * s - q * r))]
        with np.errstate(all="raise"):
            solutions = matrix.solve(A, b), pseudoinverse.lstsq(A, b)
        np.testing.assert_allclose(solutions, [expected, expected], rtol=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match="the solution must fit in doubles"):
        matrix.solve([[1e-300]], [1e10])


@pytest.mark.parametrize("tiny", [1e-300, 1e-308, 5e-324])
def test_tiny_probabilities_count_for_what_they_are(tiny):
    p, q = [1 - tiny, tiny], [0.5, 0.5]
    with mpmath.workdps(400), np.errstate(all="raise"):
        t = mpmath.mpf(tiny)
        expected = -(t * mpmath.log(t, 2) + (1 - t) * mpmath.log(1 - t, 2))
        assert math.isclose(entropy.entropy(p), expected, rel_tol=1e-14, abs_tol=5e-324)
        assert entropy.cross_entropy(q, p) == pytest.approx(float(-mpmath.log(t, 2) / 2), rel=1e-14)
        assert kl_divergence.kl_divergence(q, p) == pytest.approx(float(-1 - mpmath.log(t, 2) / 2), rel=1e-14)
        assert kl_divergence.kl_divergence(p, q) == pytest.approx(1, rel=1e-14)
        assert 0 < kl_divergence.js_divergence(q, p) < 1
        joint = [[0.5, tiny], [tiny, 0.5]]
        assert entropy.mutual_information(joint) == pytest.approx(1, rel=1e-14)
        assert 0 <= entropy.conditional_entropy(joint) < 1e-296


@pytest.mark.parametrize("tiny", [1e-300, 1e-308, 5e-324])
def test_tiny_beliefs_count_for_what_they_are(tiny):
    joint, near, far = np.array([[0.5, tiny], [0.5, tiny]]), [1 - tiny, tiny], [0.5, 0.5]
    outcomes = [1, 1, 0], [0, 0, 0]
    with np.errstate(all="raise"):
        pairs = [
            (bayes.marginal(joint, 1), [1, 2 * tiny]),
            (bayes.conditional(joint, 1), [[0.5, 0.5], [0.5, 0.5]]),
            (bayes.conditional(joint, 0), [[1, 2 * tiny]] * 2),
            (bayes.predictive([1, 0], [near, far]), [1, tiny]),
            (bayes.predictive([0.25, 0.75], [near, [1, 0]]), [1, tiny * 0.25]),
            *((maximum_likelihood.bernoulli_log_likelihood(x, tiny), None) for x in outcomes),
        ]
    for x, (found, _) in zip(outcomes, pairs[-2:], strict=True):
        assert found == pytest.approx(sum(x) * math.log(tiny) - (3 - sum(x)) * tiny, rel=1e-15, abs=0)
    for found, expected in pairs[:-2]:
        np.testing.assert_allclose(found, expected, rtol=1e-15, atol=5e-324)


@pytest.mark.parametrize("case", CASES)
def test_a_density_is_right_as_far_as_its_logarithm_has_digits(case):
    A = CASES[case]
    with mpmath.workdps(1300), np.errstate(all="raise"):
        logarithm = edges_of_beliefs.mp_log_density(A[0], A[0], edges_of_beliefs.cov(A))
        exact, kept = mpmath.exp(logarithm), np.finfo(A.dtype)
        if exact > kept.max:
            with pytest.raises(np.linalg.LinAlgError):
                gaussian.gaussian_pdf(A[0], A[0], edges_of_beliefs.cov(A))
            return
        error = abs(gaussian.gaussian_pdf(A[0], A[0], edges_of_beliefs.cov(A)) - exact)
        assert error <= exact * (30 * 2.0**-52 * (1 + abs(logarithm)) + kept.eps) + kept.smallest_subnormal
