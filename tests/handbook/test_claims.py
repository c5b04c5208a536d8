"""A false claim does not pass, and a true statement is no misconception."""

import numpy as np
import pytest

from mathref.handbook import report
from mathref.handbook.claims import claim, misconception
from mathref.handbook.strategies import (
    distribution,
    invertible,
    joint_distribution,
    matrix,
    nonzero_matrix,
    orthogonal,
    positive_definite,
    scalar,
    symmetric,
    vector,
)


def test_a_true_claim_reports_how_much_was_tried(capsys):
    @claim(A=matrix("m", "n"), x=vector("n"), c=scalar())
    def linear(A, x, c):
        return A @ (c * x), c * (A @ x), max(1, np.abs(A).sum() * np.abs(c * x).sum())

    assert report.said["cases"] == 200
    assert report.said["sizes"] == "m from 1 to 5, n from 1 to 5"
    assert capsys.readouterr().out == "holds in 200 cases, error at most 1e-12 of the scale\n"


def test_a_false_claim_fails_with_the_smallest_counterexample():
    with pytest.raises(AssertionError, match=r"counterexample: x = \[0\.\]: left side \[0\.\], right side \[1\.\]"):

        @claim(x=vector("n"))
        def wrong(x):
            return x, x + 1


def test_an_error_above_the_tolerance_is_a_counterexample():
    with pytest.raises(AssertionError, match="counterexample"):

        @claim(x=vector("n", nonzero=True), tolerance=1e-12)
        def slightly_wrong(x):
            return x, x * (1 + 1e-11)


def test_sides_of_different_shapes_are_not_equal():
    with pytest.raises(AssertionError, match="counterexample"):

        @claim(A=matrix(2, 3))
        def shapes(A):
            return A @ A.T, A.T @ A


def test_nan_is_not_equal_to_anything():
    with pytest.raises(AssertionError, match="counterexample"):

        @claim(x=vector(2))
        def nan(x):
            return x * np.nan, x * np.nan


def test_a_misconception_is_shown_with_its_smallest_counterexample():
    @misconception(A=matrix(2, 2), B=matrix(2, 2))
    def commutative(A, B):
        return A @ B, B @ A

    assert report.said["counterexample"].startswith("A = [[0., 0.], [0., 1.]], B = [[0., 0.], [1., 0.]]")


def test_a_true_statement_is_no_misconception():
    with pytest.raises(AssertionError, match="no counterexample was found"):

        @misconception(A=matrix(2, 2), B=matrix(2, 2))
        def true(A, B):
            return A + B, B + A


def test_too_few_cases_are_not_enough(monkeypatch):
    monkeypatch.setenv("MATHREF_CLAIM_CASES", "20")
    with pytest.raises(AssertionError, match="only 20 cases"):

        @claim(x=vector("n"))
        def true(x):
            return True


def test_a_property_cannot_change_what_it_is_shown_with():
    with pytest.raises(AssertionError, match=r"x = \[0\.\]"):

        @claim(x=vector(1))
        def wrong(x):
            x += 5
            return False


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        (symmetric("n"), lambda A: np.array_equal(A, A.T)),
        (orthogonal("n"), lambda Q: np.allclose(Q @ Q.T, np.eye(len(Q)))),
        (positive_definite("n", complex=True), lambda A: np.linalg.eigvalsh(A)[0] > 0.9),
        (invertible("n"), lambda A: np.linalg.cond(A) < 1e3),
        (nonzero_matrix("m", "n"), lambda A: bool(A.all())),
        (distribution("n"), lambda p: p.min() >= 0 and abs(p.sum() - 1) < 1e-12),
        (distribution("n", positive=True), lambda p: p.min() > 0),
        (joint_distribution("m", "n"), lambda P: P.ndim == 2 and abs(P.sum() - 1) < 1e-12),
        (scalar(0, 1), lambda c: 0 <= c <= 1),
    ],
)
def test_each_kind_is_what_it_is_called(kind, holds):
    @claim(value=kind)
    def named(value):
        return bool(holds(value))
