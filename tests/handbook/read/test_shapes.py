"""Stated shapes are checked with real arrays."""

import pytest

from mathref.handbook.read.page import PageError
from mathref.handbook.read.shapes import check, expect

SYMBOLS = {"A": "m × n", "B": "n × p", "x": "n", "c": "number"}


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("A @ B", "m × p"),
        ("A @ x", "m"),
        ("c * A", "m × n"),
        ("x @ x", "number"),
        ("outer(x, x)", "n × n"),
        ("A.T", "n × m"),
    ],
)
def test_a_right_shape_passes(expression, shape):
    expect(expression, shape, SYMBOLS)


def test_a_product_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match="the shapes in B @ A do not fit: A is m × n, B is n × p"):
        expect("B @ A", "n × n", SYMBOLS)


def test_another_shape_than_stated_is_named():
    with pytest.raises(ValueError, match=r"A @ B should be m × n, here \(2, 3\), but its shape is \(2, 5\)"):
        expect("A @ B", "m × n", SYMBOLS)


def test_a_check_stands_on_the_line_of_its_statement():
    text = "---\nshapes:\n  A: [m × n, a matrix]\n  A.T @ A: n × n\n---\n"
    [block] = check({"A": ["m × n", "a matrix"], "A.T @ A": "n × n"}, "docs/a.md", text)
    assert (block.line, block.kind) == (4, "shape")
    exec(block.source, {})


def test_a_symbol_without_a_meaning_is_refused():
    with pytest.raises(PageError, match=r"docs/a\.md:1: 'shapes' should give 'A' as \[shape, meaning\]"):
        check({"A": ["m × n"]}, "docs/a.md", "")
