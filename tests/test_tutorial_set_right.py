"""Each fault of the tutorial is on its page alone, with a proof, and is a fault indeed."""

import ast
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from conftest import ROOT

from mathref.handbook.read.fences import fences
from mathref.handbook.read.page import read

DOCS = ROOT / "docs"
PAGE = DOCS / "tutorial-set-right.md"
CONCEPTS = sorted((DOCS / "concepts").glob("*.md"))
LEFT_OUT = {
    "d8": "the last digits of an output: they were printed as they were",
    "d9": "comments that name another matrix",
    "d38": "what is named and not shown is no error",
    "d40": "spelling, lost hyphens and unrelated links: neither mathematics nor code",
    "d47": "a notebook shows its last expression",
    "d49": "dimension for shape",
}
MAY_BE_THE_COPY = ["d1", "d2", "d3", "d4", "d5", "d7", "d16", "d29"]  # signs, spaces, exponents and formulas
ITEMS = [f"d{n}" for n in range(1, 50) if f"d{n}" not in LEFT_OUT]

_LINK = re.compile(r"\]\((?:concepts/([\w-]+)\.md)?#([\w-]+)\)")


def _sections() -> dict[str, str]:
    """Text below each heading of level 3, by its anchor."""
    body = read(PAGE.read_text(), PAGE.name).body
    parts = re.split(r"^(#{2,3} .*)$", body, flags=re.MULTILINE)
    found = {}
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        if heading.startswith("### "):
            anchor = re.search(r"\{ #([\w-]+) \}$", heading)
            assert anchor, heading
            assert anchor[1] not in found
            found[anchor[1]] = text
    return found


def _ids(path) -> set[str]:
    return set(read(path.read_text(), path.name).by_id)


SECTIONS = _sections()
IDS = {path.stem: _ids(path) for path in CONCEPTS}
OWN = _ids(PAGE)
ANCHORS = [anchor for anchor in SECTIONS if not anchor.startswith("example-")]


def test_each_item_about_mathematics_or_code_is_on_the_page_once():
    assert sorted(ANCHORS, key=lambda d: int(d[1:])) == ITEMS


def test_the_examples_are_there_in_order_each_with_its_quotation_and_a_snippet():
    examples = [anchor for anchor in SECTIONS if anchor.startswith("example-")]
    assert examples == [f"example-{n}" for n in range(1, 13)]
    for anchor in examples:
        kinds = [fence.info.split()[0] for fence in fences(SECTIONS[anchor].split("\n"))]
        assert kinds[:2] == ["text", "python"], anchor
        assert read(SECTIONS[anchor], anchor).blocks[0][1].kind == "snippet"


@pytest.mark.parametrize("anchor", ANCHORS)
def test_an_item_says_what_was_said_and_what_is_true_and_is_decided_by_something_executed(anchor):
    text = SECTIONS[anchor]
    assert re.findall(r"^- \*\*(It|True:|Decided by)", text, re.MULTILINE) == ["It", "True:", "Decided by"]
    decided = text.partition("**Decided by**")[2]
    assert read(text, anchor).blocks or any(id_ in IDS.get(page, ()) for page, id_ in _LINK.findall(decided))


def test_every_link_to_an_anchor_leads_somewhere():
    for page, target in _LINK.findall(PAGE.read_text()):
        assert target in (IDS[page] if page else {*SECTIONS, "what-may-be-the-copy"}), f"{page}#{target}"


def test_what_the_copy_may_have_lost_stands_apart_from_what_is_wrong():
    apart = read(PAGE.read_text(), PAGE.name).body.partition("\n## What may be the copy\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### .* \{ #([\w-]+) \}$", apart, re.MULTILINE) == MAY_BE_THE_COPY


@pytest.mark.parametrize("path", CONCEPTS, ids=lambda path: path.stem)
def test_a_concept_page_answers_nobody_whom_its_reader_has_not_met(path):
    assert not re.search(r"tutorial|\bD\d{1,2}\b", read(path.read_text(), path.name).body)


# What the tutorial printed, read from the page, against values that are computed here without the library.

A = np.array([[1, 2], [3, 4]])
M = np.array([[1, 3, 4], [5, 6, 9], [1, 2, 3], [7, 6, 8]])
N = np.arange(1, 10).reshape(3, 3)
SAMPLE = [1, 1, 2, 3, 1, 3, 4, 2, 5, 6, 3, 2, 4, 3]
OTHER = [1, 1, 3, 4, 2, 4, 5, 2, 5, 6, 3, 2, 4, 3]


def quoted(example: int) -> np.ndarray:
    """The numbers of the quotation in an example, in reading order."""
    fence = next(fences(SECTIONS[f"example-{example}"].split("\n")))
    assert fence.info == "text"
    return np.array([float(number) for number in re.findall(r"-?\d+(?:\.\d*)?", fence.source)])


def exact(matrix) -> list[list[Fraction]]:
    return [[Fraction(int(entry)) for entry in row] for row in matrix]


def det(matrix) -> Fraction:
    """Expansion along the first row."""
    if len(matrix) == 1:
        return matrix[0][0]
    minors = ([row[:j] + row[j + 1 :] for row in matrix[1:]] for j in range(len(matrix)))
    return sum((-1) ** j * matrix[0][j] * det(minor) for j, minor in enumerate(minors))


def product(left, right):
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


def inverse(matrix):
    """By cofactors."""
    n, whole = len(matrix), det(matrix)
    minor = lambda i, j: [row[:j] + row[j + 1 :] for k, row in enumerate(matrix) if k != i]  # noqa: E731
    return [[(-1) ** (i + j) * det(minor(j, i)) / whole for j in range(n)] for i in range(n)]


def densities(values) -> list[float]:
    weights = [math.exp(-(x**2) / 2) for x in values]
    return [w / math.fsum(weights) for w in weights]


def shares(values) -> list[float]:
    return [values.count(k) / len(values) for k in range(1, 7)]


def nats(p) -> float:
    return -math.fsum(x * math.log(x) for x in p)


def divergence(p, q) -> float:
    return math.fsum(x * math.log(x / y) for x, y in zip(p, q, strict=True) if x)


def test_d1_the_subtraction_without_its_operator_does_not_parse():
    with pytest.raises(SyntaxError):
        ast.parse("sub = a  b")


def test_examples_1_2_3_8_and_10_printed_the_right_numbers():
    v = np.arange(1, 6)
    assert quoted(1).tolist() == v.tolist()
    assert quoted(2).tolist() == [*(v + v), *(v - v), *(v * v), *(v / v)]
    assert quoted(3).tolist() == [*product(exact(A), exact(A))[0], *product(exact(A), exact(A))[1], 0, 0]
    assert quoted(8).tolist() == M.ravel().tolist()
    assert quoted(10).tolist() == (A**2).ravel().tolist()


def test_d2_the_determinant_is_minus_two_and_was_printed_without_its_sign():
    assert det(exact(A)) == -2
    assert quoted(4).tolist() == [2.0000000000000004]


def test_d3_the_printed_eigenpairs_are_none_and_their_product_agrees_with_the_printed_determinant():
    values, vectors = quoted(5)[:2], quoted(5)[2:].reshape(2, 2)
    assert np.abs(A @ vectors - vectors * values).max() == pytest.approx(4.526, abs=5e-4)
    assert values.prod() == pytest.approx(quoted(4)[0], abs=1e-7)
    assert values.sum() == pytest.approx(5.745, abs=5e-4)  # the trace is 5
    signed, turned = values * [-1, 1], vectors * [[-1, -1], [1, -1]]
    assert np.abs(A @ turned - turned * signed).max() < 1e-7
    roots = (5 + np.array([-1, 1]) * math.sqrt(33)) / 2  # t² - 5t - 2 = 0
    np.testing.assert_allclose(signed, roots, atol=1e-8)


def test_d4_the_printed_factors_are_right_but_for_their_signs_and_their_product_is_another_matrix():
    numbers = quoted(7)
    U, s, Vh = numbers[:12].reshape(4, 3), numbers[12:15], numbers[15:].reshape(3, 3)
    assert (numbers > 0).all()
    np.testing.assert_allclose((U * s @ Vh)[0], [3.586, 3.0, 4.293], atol=5e-4)
    assert np.abs(U.T @ U - np.eye(3)).max() == pytest.approx(0.862, abs=5e-4)
    squares = np.linalg.eigvalsh(M.T @ M)[::-1]
    np.testing.assert_allclose(s, np.sqrt(squares), atol=1e-7)
    signs = [[-1, -1, -1], [-1, -1, 1], [-1, -1, 1], [-1, 1, -1]], [[-1, -1, -1], [1, -1, -1], [1, -1, 1]]
    np.testing.assert_allclose(U * signs[0] * s @ (Vh * signs[1]), M, atol=1e-6)


def test_d5_the_printed_pseudoinverse_lost_six_signs_and_is_not_a_left_inverse():
    transposed = list(zip(*exact(M), strict=True))
    true = product(inverse(product(transposed, exact(M))), transposed)
    printed = quoted(9).reshape(3, 4)
    assert product(true, exact(M)) == exact(np.eye(3))
    assert sum(entry < 0 for row in true for entry in row) == 6
    np.testing.assert_allclose(printed, np.abs(np.array(true, float)), atol=1e-8)
    np.testing.assert_allclose((printed @ M)[0], [1.96, 2.67, 3.63], atol=5e-3)
    assert (printed @ M > 1).all()


def test_d6_the_zeros_of_the_cross_product_come_from_equal_inputs():
    def by_rows(left, right):
        return [det(exact(pair)) for pair in zip(left, right, strict=True)]

    assert by_rows(A, A) == [0, 0] == quoted(3)[4:].tolist()
    assert by_rows(A, [[1, 2], [3, 5]]) == [0, 3]


def test_d8_the_last_digits_vary_and_the_first_twelve_do_not():
    assert quoted(11)[0] == pytest.approx(nats(densities(SAMPLE)), rel=1e-12)
    assert quoted(12)[0] == pytest.approx(divergence(densities(SAMPLE), densities(OTHER)), rel=1e-12)


def test_d12_the_printed_norm_is_frobenius_and_the_largest_singular_value_is_smaller():
    assert quoted(6).tolist() == [pytest.approx(math.sqrt((N**2).sum()), rel=1e-15)]
    assert math.sqrt(np.linalg.eigvalsh(N.T @ N)[-1]) == pytest.approx(16.848103353, abs=1e-9)


def test_d13_the_triangle_inequality_fails_for_one_half():
    size = lambda x: sum(math.sqrt(abs(entry)) for entry in x) ** 2  # noqa: E731
    assert size([1, 1]) == 4 > size([1, 0]) + size([0, 1])


def test_d16_scaling_multiplies_by_a_power_and_the_printed_factor_is_wrong():
    assert det(exact(3 * A)) == 3**2 * det(exact(A)) == -18 != 3 * 2 * det(exact(A))


def test_d24_the_gram_matrix_of_independent_columns_rounds_to_a_singular_one():
    X = np.array([[1, 1], [1e-8, 0], [0, 1e-8]])
    assert np.linalg.matrix_rank(X) == 2
    assert (X.T @ X).tolist() == [[1, 1], [1, 1]]


def test_d27_entry_by_entry_is_neither_the_inverse_nor_the_square_of_the_map():
    assert inverse(exact(A)) == [[-2, 1], [Fraction(3, 2), Fraction(-1, 2)]] != (1 / A).tolist()
    assert product(exact(A), exact(A)) == [[7, 10], [15, 22]] != (A * A).tolist()


def test_d30_the_printed_entropy_is_of_densities_and_changes_with_a_shift_and_the_entropy_does_not():
    assert nats(shares(SAMPLE)) == pytest.approx(1.673118, abs=5e-7)
    assert nats(shares(SAMPLE)) / math.log(2) == pytest.approx(2.413800, abs=5e-7)
    assert math.fsum(math.exp(-(x**2) / 2) for x in SAMPLE) / math.sqrt(2 * math.pi) == pytest.approx(0.906, abs=5e-4)
    assert 3 * densities(SAMPLE)[0] == pytest.approx(0.80, abs=5e-3)
    assert nats(densities([x + 10 for x in SAMPLE])) == pytest.approx(1.0987, abs=5e-5)
    assert nats(densities([x / 100 for x in SAMPLE])) == pytest.approx(math.log(14), abs=1e-6)


def test_d32_the_printed_divergence_depends_on_the_order_of_a_sample():
    turned = divergence(densities(SAMPLE), densities(OTHER[::-1]))
    assert turned > 30 * quoted(12)[0]
    assert divergence(shares(SAMPLE), shares(OTHER)) == pytest.approx(0.061646, abs=5e-7)
    assert divergence(shares(OTHER), shares(SAMPLE)) == pytest.approx(0.066337, abs=5e-7)


def test_d33_the_triangle_inequality_fails_too_and_a_pair_may_be_symmetric():
    p, q, r = [0.5, 0.5], [0.25, 0.75], [0.1, 0.9]
    assert divergence(p, r) == pytest.approx(0.5108, abs=5e-5)
    assert divergence(p, r) > 2 * (divergence(p, q) + divergence(q, r))
    assert divergence(q, q[::-1]) == divergence(q[::-1], q) > 0


def test_d36_descent_ends_in_the_valley_it_starts_in_and_a_long_step_diverges():
    ends = []
    for x in (-2.0, 2.0):
        for _ in range(5000):
            x -= 0.01 * (4 * x**3 - 6 * x + 1)
        ends.append((x, x**4 - 3 * x**2 + x))
    np.testing.assert_allclose(ends, [(-1.3008, -3.514), (1.1309, -1.070)], atol=5e-4)
    assert abs((1 - 2 * 1.1) ** 20) == pytest.approx(38.3, abs=0.05)


def test_d39_the_example_of_the_norm_is_singular():
    assert det(exact(N)) == 0
    assert (2 * N[1] == N[0] + N[2]).all()
