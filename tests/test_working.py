import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mathref._workings.exact import Root, meant, rounded, square_root
from mathref._workings.steps import step
from mathref._workings.tex import equation, tex
from mathref._workings.text import plain
from mathref.adam import adam_steps
from mathref.bayes import posterior_steps
from mathref.broadcasting import broadcast_shapes_steps
from mathref.covariance import covariance_steps
from mathref.determinant import det, det_steps
from mathref.eigen import characteristic_polynomial, eig, eig_steps
from mathref.entropy import entropy, entropy_steps
from mathref.expectation import variance_steps
from mathref.factorization import cholesky, cholesky_steps, lu, lu_steps, qr, qr_steps
from mathref.floating_point import round_to_steps
from mathref.gaussian import gaussian_kl_steps
from mathref.gradient_descent import gradient_descent, gradient_descent_steps
from mathref.handbook.run.cache import Cache
from mathref.handbook.show.formulas import Formulas
from mathref.kl_divergence import kl_divergence, kl_steps
from mathref.maximum_likelihood import fit_bernoulli_steps
from mathref.momentum import heavy_ball, heavy_ball_steps
from mathref.svd import svd, svd_steps

# Whole numbers, halves, thirds and a decimal, small and with many ties, zeros and dependent rows.
ENTRIES = st.integers(-4, 4).map(float) | st.sampled_from([0.5, 1 / 3, -2 / 3, 0.1, -1.25, 1 / 7])
INTEGERS = st.integers(-4, 4).map(float)


def matrices(rows, columns, entries=ENTRIES):
    shapes = st.tuples(st.integers(1, rows), st.integers(1, columns))
    return shapes.flatmap(lambda shape: arrays(float, shape, elements=entries))


def squares(most, entries=ENTRIES):
    return st.integers(1, most).flatmap(lambda n: arrays(float, (n, n), elements=entries))


POSITIVE_DEFINITE = squares(5, st.integers(-8, 8).map(lambda k: k / 2)).map(lambda B: B @ B.T + np.eye(len(B)))
DISTRIBUTIONS = (
    st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any).map(lambda w: (np.array(w) / sum(w)).tolist())
)
PAIRS = (
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8)
    .map(lambda pairs: [list(weights) for weights in zip(*pairs, strict=True)])
    .filter(lambda two: any(two[0]) and any(two[1]))
    .map(lambda two: [(np.array(w) / sum(w)).tolist() for w in two])
)
MATRICES = {
    "two rows": [[1, 2], [3, 4]],
    "a row exchange": [[0, 2], [3, -4]],
    "thirds": [[1 / 3, 1], [2, -1 / 6]],
    "symmetric": [[2, 1], [1, 3]],
    "a rotation": [[0, -1], [1, 0]],
    "other complex roots": [[1, -2], [3, 1]],
    "too few eigenvectors": [[1, 1], [0, 1]],
    "a multiple of the identity": [[2, 0], [0, 2]],
    "zeros": [[0, 0], [0, 0]],
    "dependent rows": [[1, 2], [2, 4]],
    "decimals": [[0.123456789, 2.5], [math.pi, -1.0e-4]],
    "one entry": [[-5]],
    "three rows": [[2, 0, 1], [1, 3, 2], [1, -1, 4]],
    "no root that is a fraction": [[1, 2, 3], [4, 5, 6], [7, 8, 10]],
    "a double root": [[2, 1, 1], [1, 2, 1], [1, 1, 2]],
    "a cycle": [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
}
SQUARE_WORKINGS = [lu_steps, qr_steps, det_steps, eig_steps, svd_steps]


def examples():
    for name, A in MATRICES.items():
        for steps in SQUARE_WORKINGS:
            yield pytest.param(steps(A), id=f"{steps.__name__} of {name}")
    yield pytest.param(det_steps([[1, 2, 0, 1], [0, 1, 1, 2], [3, -1, 2, 2], [1, 1, 1, -1]]), id="det of four rows")
    yield pytest.param(lu_steps([[1, 2, 3, 4], [0, 0, 1, 1], [2, 4, 6, 9]]), id="lu of a wide matrix")
    yield pytest.param(svd_steps([[1, 2], [3, 4], [5, 6]]), id="svd of a tall matrix")
    yield pytest.param(svd_steps([[1, 0, 1], [0, 1, 1]]), id="svd of a wide matrix")
    yield pytest.param(cholesky_steps([[4, 2, 1], [2, 3, 1], [1, 1, 2]]), id="cholesky")
    yield pytest.param(entropy_steps([0.5, 0.25, 0.25, 0]), id="entropy in bits")
    yield pytest.param(entropy_steps([0.1] * 6 + [0.4], math.e), id="entropy in nats")
    yield pytest.param(kl_steps([0.5, 0.5, 0], [0.25, 0.5, 0.25]), id="kl")
    yield pytest.param(kl_steps([0.5, 0.5], [1, 0], base=10), id="infinite kl")
    yield pytest.param(variance_steps([1, 2, 3, 4, 5, 6, 7, 9], ddof=1), id="variance of eight")
    yield pytest.param(variance_steps([-1 / 3, 0.123456789, -1e5, 1e-5, math.pi, 2.5]), id="variance of decimals")
    yield pytest.param(variance_steps([-2, -2]), id="variance of equal numbers")
    yield pytest.param(covariance_steps([[1, 2], [3, 6], [5, 4]], ddof=1), id="covariance")
    yield pytest.param(
        covariance_steps([[0.1, 1 / 3, math.pi], [2, -5, 1e5], [0, 1e-5, 7]]), id="covariance of decimals"
    )
    yield pytest.param(posterior_steps([0.01, 0.99], [0.99, 0.05]), id="posterior")
    yield pytest.param(posterior_steps([1 / 6] * 6, [0, 0.5, math.pi, 1e-5, 2, 1 / 3]), id="posterior of six")
    yield pytest.param(gaussian_kl_steps(1, 1, 0, 4), id="kl of Gaussians")
    yield pytest.param(gaussian_kl_steps(-1 / 3, 0.123456789, -2, 1e5), id="kl of Gaussians of decimals")
    yield pytest.param(gaussian_kl_steps(-2, 3, -2, 3), id="kl of equal Gaussians")
    yield pytest.param(fit_bernoulli_steps([1, 0, 1, 1]), id="fit of a coin")
    yield pytest.param(broadcast_shapes_steps((8, 1, 6, 1), (7, 1, 5)), id="shapes")
    yield pytest.param(broadcast_shapes_steps(), id="no shapes")
    yield pytest.param(round_to_steps(0.1, "bfloat16"), id="a tenth in bfloat16")
    yield pytest.param(round_to_steps(-math.pi, "float64"), id="a double")
    yield pytest.param(round_to_steps(1e-320, "float8_e5m2"), id="underflow")
    yield pytest.param(round_to_steps(-1000, "float8_e4m3fn"), id="overflow")
    yield pytest.param(gradient_descent_steps(lambda x: 2 * (x - 3), 0.0, 0.1), id="descent of a number")
    yield pytest.param(gradient_descent_steps(lambda x: x * [2, 20], [1.0, -2e-7], 0.01), id="descent of a vector")
    yield pytest.param(heavy_ball_steps(lambda x: x, 1.0, 0.5, beta=0.5), id="heavy ball")
    yield pytest.param(adam_steps(lambda x: x * [2, -1e-9], [1.0, 1 / 3], 0.1, steps=2), id="Adam")
    yield pytest.param(heavy_ball_steps(lambda x: x * [1, -9], [1 / 3, 1e5], 1e-7), id="heavy ball of a vector")


EXAMPLES = list(examples())


def assert_near(found, expected, rtol=1e-12):
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=rtol * max(np.abs(expected).max(), 1e-300))


# The last step is the production function's result.


@given(matrices(5, 5))
def test_the_factors_of_the_last_lu_step_are_those_of_lu(A):
    P, L, U = lu_steps(A).result
    assert_near(P @ L @ U, A, 1e-12) if A.any() else None
    pivots = np.abs(U.diagonal())[: len(A) - 1]
    assume(pivots.all())  # otherwise lu may choose among rounding errors
    for found, expected in zip((P, L, U), lu(A), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * max(1, np.abs(A).max()))


@given(matrices(5, 5))
def test_each_lu_step_does_to_the_rows_what_its_caption_says(A):
    steps = list(lu_steps(A))[:-1]
    matrix = steps[0].value.copy()
    for taken in steps[1:]:
        if exchange := re.search(r"R(\d) ↔ R(\d)", taken.caption):
            i, k = (int(row) - 1 for row in exchange.groups())
            matrix[[i, k]] = matrix[[k, i]]
        else:
            i, again, sign, multiple, k = re.fullmatch(r"R(\d) ← R(\d) ([+-]) ([\d/.]+ )?R(\d)", taken.caption).groups()
            assert i == again
            matrix[int(i) - 1] += (
                float(Fraction((multiple or "1").strip())) * (1 if sign == "+" else -1) * matrix[int(k) - 1]
            )
        np.testing.assert_allclose(taken.value, matrix, atol=1e-4 * max(1, np.abs(A).max()))
        matrix = taken.value.copy()


@given(matrices(5, 5))
def test_the_factors_of_the_last_qr_step_are_those_of_qr(A):
    Q, R = qr_steps(A).result
    np.testing.assert_allclose(Q @ R, A, atol=1e-13 * max(1, np.abs(A).max()))
    np.testing.assert_allclose(Q.T @ Q, np.eye(Q.shape[1]), atol=1e-14)
    assert (R.diagonal() >= 0).all()
    leading = A[:, : min(A.shape)]
    assume(np.linalg.cond(leading) < 1e3)  # otherwise the factors are not unique, or rounding moves those of qr
    for found, expected in zip((Q, R), qr(A), strict=True):
        assert_near(found, expected, 1e-12)


@given(POSITIVE_DEFINITE)
def test_the_last_cholesky_step_is_the_result_of_cholesky(A):
    assert_near(cholesky_steps(A).result, cholesky(A), 1e-13 * np.linalg.cond(A))


@given(squares(4, INTEGERS))
def test_the_last_determinant_step_is_exactly_the_result_of_det(A):
    assert det_steps(A).result == det(A)


@given(squares(4))
def test_the_determinant_of_fractions_is_that_of_det_up_to_rounding(A):
    size = np.prod(np.linalg.norm(A, axis=1))
    assert det_steps(A).result == pytest.approx(det(A), abs=1e-14 * size + 1e-300)


def least_gap(numbers):
    return min((abs(a - b) for i, a in enumerate(numbers) for b in numbers[:i]), default=np.inf)


@given(squares(3))
def test_the_last_eigenvalue_step_is_the_result_of_eig(A):
    values, vectors = eig_steps(A).result
    size = max(1.0, np.abs(A).max())
    np.testing.assert_allclose(A @ vectors, vectors * values, atol=1e-12 * size)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1, rtol=1e-13)
    expected = eig(A)
    assume(least_gap(values) > 1e-2 and np.linalg.cond(expected.vectors) < 1e3)
    assert_near(values, expected.values, 1e-12)
    assert_near(vectors, expected.vectors, 1e-11)
    assert values.dtype == expected.values.dtype
    assert vectors.dtype == expected.vectors.dtype


@given(squares(3))
def test_repeated_eigenvalues_of_a_symmetric_matrix_get_orthonormal_vectors(B):
    for A in (B + B.T, np.outer(B[0], B[0]), np.eye(len(B)) * B[0, 0]):
        values, vectors = eig_steps(A).result
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(len(A)), atol=1e-10)
        np.testing.assert_allclose(values, eig(A).values, atol=1e-11 * max(1, np.abs(A).max()))


@given(squares(3))
def test_the_polynomial_of_the_steps_is_the_characteristic_polynomial(A):
    np.testing.assert_allclose(eig_steps(A)[1].value, characteristic_polynomial(A), atol=1e-12)


@given(matrices(5, 3))
def test_the_factors_of_the_last_svd_step_are_those_of_svd(A):
    U, s, Vh = svd_steps(A).result
    size = max(1e-3, np.abs(A).max())
    np.testing.assert_allclose(U * s @ Vh, A, atol=1e-10 * size)
    np.testing.assert_allclose(U.T @ U, np.eye(len(s)), atol=1e-9)
    np.testing.assert_allclose(Vh @ Vh.T, np.eye(len(s)), atol=1e-9)
    expected = svd(A)
    np.testing.assert_allclose(s, expected.s, atol=1e-14 * size * 10)
    assume(s[-1] > 1e-2 * s[0] and least_gap(s) > 1e-2 * s[0])
    assert_near(U, expected.U, 1e-11)
    assert_near(Vh, expected.Vh, 1e-11)


@given(DISTRIBUTIONS, st.sampled_from([2, math.e, 10, 1.5]))
def test_the_terms_of_the_entropy_add_up_to_its_last_step(p, base):
    *terms, last = entropy_steps(p, base)
    assert last.value == entropy(p, base)
    assert sum(term.value for term in terms) == pytest.approx(last.value, rel=1e-12, abs=1e-300)


@given(PAIRS, st.sampled_from([2, math.e, 10, 1.5]))
def test_the_terms_of_the_divergence_add_up_to_its_last_step(pair, base):
    *terms, last = kl_steps(*pair, base)
    assert last.value == kl_divergence(*pair, base)
    size = sum(abs(term.value) for term in terms)
    assert math.fsum(term.value for term in terms) == pytest.approx(last.value, abs=1e-14 * size + 1e-300)


@given(arrays(float, st.integers(1, 5), elements=INTEGERS), st.sampled_from([0.1, 0.5, 1.5]), st.integers(0, 6))
def test_the_steps_of_a_descent_are_those_of_the_optimiser(start, rate, steps):
    def gradient(x):
        return x * np.arange(1, len(x) + 1)

    for working, optimiser in [(gradient_descent_steps, gradient_descent), (heavy_ball_steps, heavy_ball)]:
        taken = working(gradient, start, rate, steps=steps)
        expected = optimiser(gradient, start, rate, steps=steps, tolerance=0)
        assert np.array([point.value for point in taken]).tolist() == expected.path.tolist()
        assert taken.result.tolist() == expected.x.tolist()


@pytest.mark.parametrize("h", [1e9, 1e300])
def test_a_descent_that_runs_away_stops_where_the_optimiser_stops(h):
    for working, optimiser in [(gradient_descent_steps, gradient_descent), (heavy_ball_steps, heavy_ball)]:
        taken = working(lambda x: h * x, 1.0, 1.0, steps=20)
        expected = optimiser(lambda x: h * x, 1.0, 1.0, steps=20, tolerance=0)
        assert expected.reason == "diverged"
        assert [point.value for point in taken] == expected.path.tolist()


@pytest.mark.parametrize("steps", [*SQUARE_WORKINGS, cholesky_steps])
def test_single_precision_in_gives_single_precision_out(steps):
    A = np.array([[4, 1], [1, 3]], dtype=np.float32)
    result = steps(A).result
    if steps is det_steps:
        assert result == 11.0
    else:
        for part in result if isinstance(result, tuple) else [result]:
            assert part.dtype == np.float32


# What is shown is true.


LEVEL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LOGARITHMS = {"log₂": "lb", "log₁₀": "lg", "ln": "ln"}


def evaluated(side):
    """The value of one side of a shown equation, or None where it holds a name or has no value."""
    if not side.strip() or re.search(r"[a-zA-Z⎡⎢⎣\[‖±∞λ]", re.sub(r"log₂|log₁₀|ln", "", side)):
        return None
    side = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"**{m[0].translate(LEVEL)}", side.replace("·", "*").replace("×", "*"))
    side = re.sub(r"(?<=[\d)])√", "*√", re.sub(r"√([\d.]+)", r"√(\1)", side)).replace("√", "sqrt")
    for name, function in LOGARITHMS.items():
        side = re.sub(rf"{name} (?=\()", function, side)
        side = re.sub(rf"{name} ([\d.]+)", rf"{function}(\1)", side)
    try:
        return eval(side, {"__builtins__": {}}, {"sqrt": math.sqrt, "lb": math.log2, "lg": math.log10, "ln": math.log})
    except (ZeroDivisionError, ValueError):
        return None


def equations(text):
    """Chains of numbers that are said to be equal; a line that begins with blanks continues the one above."""
    joined = re.sub(r"\n\s+(?=[-+=≈√])", " ", text)
    for line in joined.split("\n"):
        values = [value for side in re.split("[=≈]", line) if (value := evaluated(side)) is not None]
        if len(values) > 1:
            yield line, values


def reach_of_rounding(line):
    """By how much the sides may differ: ≈ shows six digits of the terms, = all of them."""
    sides = [evaluated(side.replace("-", "+")) for side in re.split("[=≈]", line)]  # the moduli of all terms
    return (3e-5 if "≈" in line else 1e-12) * max(1.0, *(abs(side) for side in sides if side is not None))


def wrong_equations(shown):
    return [
        line
        for taken in shown
        for line, values in equations(taken.text)
        if max(values) - min(values) > reach_of_rounding(line)
    ]


@pytest.mark.parametrize("shown", EXAMPLES)
def test_every_equation_between_numbers_that_is_shown_holds(shown):
    assert not wrong_equations(shown)


def test_a_wrong_equation_would_be_noticed():
    wrong = [r"a = 1 \cdot 4 - 2 \cdot 3 = -3", r"\sqrt{\tfrac{8}{2}} = 3", r"\tfrac{1}{2} \cdot \log_{2} 8 = 1"]
    for line in wrong:
        assert wrong_equations([step("", 0, line)]), line
    assert wrong_equations([step("", 0, r"a = 1 \cdot 4", r"\quad - 2 \cdot 3", r"\quad = 1")])


@given(squares(4))
def test_the_products_of_a_determinant_are_multiplied_out_rightly(A):
    shown = det_steps(A)
    assert not wrong_equations(shown)
    if len(A) > 1 and A[0].any():
        assert list(equations(shown[-1].text))


@given(squares(3, INTEGERS))
def test_the_equations_on_the_way_to_eigenvalues_and_orthonormal_columns_hold(A):
    for steps in (eig_steps, qr_steps, svd_steps):
        assert not wrong_equations(steps(A))


@given(POSITIVE_DEFINITE)
def test_the_equations_for_the_entries_of_a_cholesky_factor_hold(A):
    assert not wrong_equations(cholesky_steps(A))


@given(PAIRS)
def test_the_equations_for_the_terms_of_a_divergence_hold(pair):
    assert not wrong_equations(kl_steps(*pair))
    assert not wrong_equations(entropy_steps(pair[0]))


# How it is shown.


@pytest.fixture(scope="module")
def formulas():
    return Formulas(Cache())


@pytest.mark.parametrize("shown", EXAMPLES)
def test_every_formula_is_taken_by_katex(shown, formulas):
    for taken in shown:
        assert formulas.render(taken.tex, display=True)


@pytest.mark.parametrize("shown", EXAMPLES)
def test_a_terminal_shows_no_trace_of_tex_no_negative_zero_and_no_long_line(shown):
    for taken in shown:
        assert not re.search(r"[\\{}^_]|nan", taken.text), taken.text
        assert not re.search(r"-0(?![.\d/])|-0\.0\b", taken.text), taken.text
        assert max(map(len, taken.text.split("\n"))) <= 64, taken.text
        assert max(map(len, taken.caption.split("\n"))) <= 110, taken.caption


@pytest.mark.parametrize("shown", EXAMPLES)
def test_a_working_prints_all_its_captions_and_formulas_in_order(shown):
    printed = str(shown)
    assert repr(shown) == printed
    assert printed.startswith(shown.title)
    places = [printed.index(f"\n{i}. {taken.caption}\n") for i, taken in enumerate(shown, 1)]
    assert places == sorted(places)
    for taken in shown:
        assert taken.caption in repr(taken)
        for line in taken.text.split("\n"):
            assert line in printed


@pytest.mark.parametrize("shown", EXAMPLES)
def test_a_notebook_gets_each_formula_as_a_block_of_its_own(shown):
    markdown = shown._repr_markdown_()
    assert re.findall(r"\n\n\$\$\n(.+)\n\$\$", markdown) == [taken.tex for taken in shown]
    assert [int(i) for i in re.findall(r"^\*\*(\d+)\.\*\* ", markdown, re.MULTILINE)] == list(range(1, len(shown) + 1))


def test_a_working_is_a_sequence_of_steps():
    shown = lu_steps([[1, 2], [4, 2]])
    assert len(shown) == len(list(shown)) == 4
    assert shown[1:3] == shown.steps[1:3]
    assert shown[-1].value is shown.result
    assert shown[0] in shown
    with pytest.raises(AttributeError):
        shown.title = "another"


def test_an_elimination_looks_as_by_hand():
    assert str(lu_steps([[0, 1, 2], [3, -4, 1], [-3, 1, 1 / 3]])) == (
        "A = P L U by elimination with partial pivoting\n\n"
        "1. Start from A.\n"
        "       ⎡ 0   1    2⎤\n"
        "   A = ⎢ 3  -4    1⎥\n"
        "       ⎣-3   1  1/3⎦\n\n"
        "2. Column 1: its largest entry goes to the diagonal, R1 ↔ R2.\n"
        "   ⎡ 3  -4    1⎤\n"
        "   ⎢ 0   1    2⎥\n"
        "   ⎣-3   1  1/3⎦\n\n"
        "3. R3 ← R3 + R1\n"
        "   ⎡3  -4    1⎤\n"
        "   ⎢0   1    2⎥\n"
        "   ⎣0  -3  4/3⎦\n\n"
        "4. Column 2: its largest entry goes to the diagonal, R2 ↔ R3.\n"
        "   ⎡3  -4    1⎤\n"
        "   ⎢0  -3  4/3⎥\n"
        "   ⎣0   1    2⎦\n\n"
        "5. R3 ← R3 + 1/3 R2\n"
        "   ⎡3  -4     1⎤\n"
        "   ⎢0  -3   4/3⎥\n"
        "   ⎣0   0  22/9⎦\n\n"
        "6. U is what is left, L holds the multiples that were subtracted, P the exchanges.\n"
        "       ⎡0  0  1⎤\n"
        "   P = ⎢1  0  0⎥\n"
        "       ⎣0  1  0⎦\n"
        "       ⎡ 1     0  0⎤\n"
        "   L = ⎢-1     1  0⎥\n"
        "       ⎣ 0  -1/3  1⎦\n"
        "       ⎡3  -4     1⎤\n"
        "   U = ⎢0  -3   4/3⎥\n"
        "       ⎣0   0  22/9⎦"
    )


def test_equal_largest_entries_are_chosen_as_lu_chooses_also_where_rounding_decides():
    for A in ([[1, 2, 0], [3, 1, 1], [-3, 4, 2]], [[0.1, 0.3, -0.3], [0.1, 0.1, 0.2], [0, 0.2, 0.3]]):
        assert lu_steps(A).result.P.tolist() == lu(A).P.tolist()


NUMBERS = [
    (Fraction(3), "3", "3"),
    (Fraction(-1, 3), r"-\tfrac{1}{3}", "-1/3"),
    (Fraction(123456789, 1000000007), "0.123457", "0.123457"),
    (Fraction(10**12), r"1 \times 10^{12}", "1 × 10¹²"),
    (Root(Fraction(0), Fraction(2, 5), 5), r"\tfrac{2\sqrt{5}}{5}", "2√5/5"),
    (Root(Fraction(1, 2), Fraction(-1, 2), 5), r"\tfrac{1 - \sqrt{5}}{2}", "(1 - √5)/2"),
    (Root(Fraction(1), Fraction(2), -1), "1 + 2i", "1 + 2i"),
    (Root(Fraction(0), Fraction(-1), -6), r"-\sqrt{6}\,i", "-√6 i"),
    (Root(Fraction(1, 3), Fraction(1), 10007), "100.368", "100.368"),
    (0.1 + 0.2, "0.3", "0.3"),
    (-0.0, "0", "0"),
    (1.5e-7, r"1.5 \times 10^{-7}", "1.5 × 10⁻⁷"),
    (math.inf, r"\infty", "∞"),
    (-math.inf, r"-\infty", "-∞"),
    (0.5 - 1j, "0.5 - i", "0.5 - i"),
    (2.5j, "2.5i", "2.5i"),
]


@pytest.mark.parametrize(("number", "formula", "text"), NUMBERS)
def test_numbers_are_shown_as_short_as_they_are_exact(number, formula, text):
    assert tex(number) == formula
    assert plain(formula) == text


@given(st.fractions(-20, 20, max_denominator=50))
def test_a_square_root_squares_to_its_number(x):
    root = square_root(x)
    assert rounded(root) ** 2 == pytest.approx(float(x), rel=1e-15)
    if isinstance(root, Root):
        assert root.a == 0
        assert root.b**2 * root.n == x
        assert all(root.n % k**2 for k in range(2, 1000))


@given(st.fractions(-50, 50, max_denominator=1000), st.sampled_from([np.float64, np.float32]))
def test_the_double_nearest_to_a_short_fraction_means_the_fraction(x, kind):
    assume(kind is np.float64 or x.denominator <= 50)
    assert meant(kind(x.numerator / x.denominator)) == x


@given(st.floats(-10, 10))
def test_another_double_means_itself(x):
    assert float(meant(np.float64(x))) == pytest.approx(x, rel=2**-51, abs=0)


def test_a_sum_of_decimals_means_the_sum():
    assert meant(np.float64(0.1 + 0.2)) == Fraction(3, 10)
    assert det_steps([[0.1 + 0.2]]).result == 0.3


def test_eigenvectors_of_nearly_equal_eigenvalues_are_orthogonal():
    for gap in (1e-2, 1e-4, 1.234567e-5):
        A = np.array([[1, gap / 3, 0], [gap / 3, 1 + gap, gap / 7], [0, gap / 7, 1.0000000001]])
        vectors = eig_steps(A).result.vectors
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-9)
    vectors = eig_steps([[1, 1, 0.1], [1, 1, 0.1], [0.1, 0.1, 0.0100000000001]]).result.vectors
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-9)


def test_a_double_root_is_found_exactly_also_among_doubles_of_full_length():
    d, b = 0.7390851332151607, 0.12345678912345678
    shown = eig_steps([[d, b, b], [b, d, b], [b, b, d]])
    assert "numerically" not in shown[2].caption
    assert shown.result.values[1] == shown.result.values[2] == pytest.approx(d - b, rel=1e-15)


def test_rounding_error_beside_larger_entries_is_shown_as_zero_and_not_as_exact():
    (piece, rows) = equation("v", [1.0, -1e-17, complex(0.5, 1e-17)])
    assert rows == [[1.0], [0.0], [0.5]]
    assert piece == r"v \approx"


def test_the_sum_of_many_terms_is_broken_into_lines():
    text = entropy_steps([0.125] * 8)[-1].text
    assert text == "H(p) = 3/8 + 3/8 + 3/8 + 3/8\n   + 3/8 + 3/8 + 3/8 + 3/8\n   = 3"


def test_a_zero_probability_is_said_to_count_zero():
    shown = entropy_steps([1, 0])
    assert shown[1].caption == "Outcome 2: 0 log 0 counts 0, its limit."
    assert (shown[1].text, shown[1].value) == ("0 · log₂ 0 = 0", 0.0)


def test_a_root_with_too_few_eigenvectors_says_so():
    shown = eig_steps([[1, 1], [0, 1]])
    assert "repeated" in shown[3].caption
    assert shown.result.vectors.tolist() == [[1, 1], [0, 0]]


def test_a_dependent_column_says_that_its_q_is_free():
    shown = qr_steps([[1, 2, 1], [2, 4, 1], [0, 0, 1]])
    assert shown[1].caption == "Column 2 depends on those before it: any unit vector orthogonal to these serves as q₂."


def test_float_matrices_of_full_precision_are_worked_out_as_well():
    random = np.random.default_rng(7)
    for _ in range(30):
        A = random.standard_normal((3, 3))
        np.testing.assert_allclose(lu_steps(A).result.U, lu(A).U, atol=1e-13)
        np.testing.assert_allclose(qr_steps(A).result.Q, qr(A).Q, atol=1e-11)
        np.testing.assert_allclose(eig_steps(A).result.values, eig(A).values, atol=1e-12)
        np.testing.assert_allclose(svd_steps(A).result.s, svd(A).s, rtol=1e-11)
        np.testing.assert_allclose(det_steps(A).result, det(A), rtol=1e-11)


def test_eigenvalues_of_a_triangle_of_doubles_are_its_diagonal():
    A = np.array([[0.1234567, 2.3456789, 1.0], [0, 0.7654321, 3.3], [0, 0, 0.1234567]])
    assert sorted(eig_steps(A).result.values) == [0.1234567, 0.1234567, 0.7654321]


# What is refused.

REFUSALS = [
    (lambda: lu_steps(np.eye(6)), "A must have at most 5 rows and 5 columns for a working to be read"),
    (lambda: lu_steps(np.ones((2, 6))), r"but its shape is \(2, 6\)"),
    (lambda: qr_steps(np.eye(6)), "at most 5 rows"),
    (lambda: cholesky_steps(np.eye(6)), "at most 5 rows"),
    (lambda: det_steps(np.eye(5)), "at most 4 rows and 4 columns"),
    (lambda: eig_steps(np.eye(4)), "at most 3 rows and 3 columns"),
    (lambda: svd_steps(np.eye(4)), "at most 5 rows and 3 columns"),
    (lambda: entropy_steps([1 / 9] * 9), "p must have at most 8 entries"),
    (lambda: kl_steps([1 / 9] * 9, [1 / 9] * 9), "p must have at most 8 entries"),
    (lambda: gradient_descent_steps(lambda x: x, [1.0] * 6, 0.1), "start must have at most 5 entries"),
    (lambda: gradient_descent_steps(lambda x: x, np.ones((1, 1, 1)), 0.1), "start must be a number, a vector or a"),
    (lambda: gradient_descent_steps(lambda x: x, 1.0, 0.1, steps=21), "steps must be from 0 to 20"),
    (lambda: heavy_ball_steps(lambda x: x, [1.0] * 6, 0.1), "start must have at most 5 entries"),
    (lambda: heavy_ball_steps(lambda x: x, 1.0, 0.1, steps=21), "steps must be from 0 to 20"),
    (lambda: lu_steps([[1e7, 1], [1, 1]]), "one has modulus 1e\\+07; divide A by a power of 10"),
    (lambda: lu_steps([[1e-7, 1], [1, 1]]), "one has modulus 1e-07"),
    (lambda: cholesky_steps([[1, 2], [2, 1]]), "leading minor of order 2 is not positive"),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS)
def test_what_is_too_large_to_read_is_refused_and_the_limit_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("steps", [*SQUARE_WORKINGS, cholesky_steps])
def test_a_complex_matrix_is_refused(steps):
    with pytest.raises(TypeError, match="A must be real, but its entries are complex"):
        steps([[2, 1j], [-1j, 2]])


def test_a_matrix_that_only_its_fractions_show_to_be_singular_is_refused_by_cholesky():
    with pytest.raises(np.linalg.LinAlgError, match="order 2 is not positive"):
        cholesky_steps([[0.1, 0.3], [0.3, 0.9]])
