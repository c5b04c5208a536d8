"""A false claim does not pass, and a true statement is no misconception."""

import numpy as np
import pytest

from mathref.handbook import claims
from mathref.handbook.cases import drawn
from mathref.handbook.claims import at_most, claim, misconception
from mathref.handbook.strategies import (
    distribution,
    integer,
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

    assert claims.said["cases"] == 500
    assert claims.said["sizes"] == "m from 1 to 5, n from 1 to 5"
    assert capsys.readouterr().out == "holds in 500 cases, error at most 1e-12 of the scale\n"


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

    assert claims.said["counterexample"].startswith("A = [[0., 0.], [0., 1.]], B = [[0., 0.], [1., 0.]]")


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


# A claim made blunt on purpose.


def test_an_equality_counts_what_it_would_notice():
    @claim(x=vector("n"))
    def twice(x):
        return x + x, 2 * x

    assert claims.said["kind"] == "equality"
    assert claims.said["noticed"] == claims.said["noticed_entry"] == claims.said["telling"]
    assert claims.said["telling"] + claims.said["idle"] == 500


def test_a_scale_so_large_that_nothing_would_be_noticed_fails():
    with pytest.raises(AssertionError, match=r"blunt: a side 0\.1 % off is noticed in 0"):

        @claim(x=vector("n"))
        def twice(x):
            return x + x, 2 * x, 1e10 * np.abs(x).max(initial=1)


def test_a_bound_that_is_reached_says_so_and_a_doubled_one_fails():
    @claim(x=vector("n"), y=vector("n"))
    def triangle(x, y):
        return at_most(np.linalg.norm(x + y), np.linalg.norm(x) + np.linalg.norm(y))

    assert claims.said["nearest"] == "reached"
    with pytest.raises(AssertionError, match=r"blunt: no case comes nearer than 0.5"):

        @claim(x=vector("n"), y=vector("n"))
        def doubled(x, y):
            return at_most(np.linalg.norm(x + y), 2 * (np.linalg.norm(x) + np.linalg.norm(y)))


def test_the_search_comes_nearer_to_a_bound_than_the_cases_drawn():
    @claim(x=scalar(0, 1), y=scalar(0, 1), z=scalar(0, 1), w=scalar(0, 1), cases=200)
    def bump(x, y, z, w):
        return at_most(np.exp(-100 * ((x - 0.3) ** 2 + (y - 0.6) ** 2 + (z - 0.1) ** 2 + (w - 0.7) ** 2)), 1)

    assert float(claims.said["nearest"].split()[1]) > 0.9


def test_a_loose_bound_passes_with_a_reason_only():
    with pytest.raises(ValueError, match="should say by loose"):
        claim(near=0.4, x=vector("n"))

    @claim(near=0.4, loose="both sides are halves", x=vector("n"))
    def doubled(x):
        return at_most(np.abs(x), 2 * np.abs(x))

    assert claims.said["nearest"] == "nearest: 0.5 of the bound"
    assert claims.said["loose"] == "both sides are halves"


def test_a_violated_bound_is_a_counterexample_even_if_only_the_search_finds_it():
    with pytest.raises(AssertionError, match="counterexample"):

        @claim(x=scalar(0, 1), y=scalar(0, 1), cases=200)
        def narrow(x, y):
            return at_most(np.exp(-50 * ((x - 0.3001) ** 2 + (y - 0.6001) ** 2)), 0.995)


def test_a_near_miss_that_holds_fails():
    @claim(x=vector("n"))
    def twice(x):
        return x + x, 2 * x

    @twice.near_miss("2.001 x instead of 2 x")
    def _(x):
        return x + x, 2.001 * x

    (miss,) = claims.said["near_misses"]
    assert miss["words"] == "2.001 x instead of 2 x"
    assert 50 < miss["failed"] <= miss["cases"] == 100
    with pytest.raises(AssertionError, match=r"the near miss 'x \+ x' fails in 0 of 100 cases"):

        @twice.near_miss("x + x")
        def _(x):
            return x + x, 2 * x


def test_cases_that_say_nothing_are_not_counted_and_most_must_say_something():
    with pytest.raises(AssertionError, match="500 of 500 cases say nothing"):

        @claim(x=vector("n"))
        def zero(x):
            return 0 * x, x - x

    with pytest.raises(AssertionError, match="cases say nothing"):

        @claim(A=matrix("m", "n"))
        def rank_is_at_most_n(A):
            return at_most(np.linalg.matrix_rank(A), A.shape[1], trivial=min(A.shape))

    with pytest.raises(AssertionError, match="cases say nothing"):

        @claim(c=scalar(0, 4))
        def only_where_c_is_large(c):
            return None if c < 3 else (c + 1 - 1, c)


def test_what_should_vanish_is_moved_by_a_part_of_its_scale():
    @claim(x=vector(2))
    def perpendicular(x):
        return x @ np.array([-x[1], x[0]]), 0.0, x @ x

    assert claims.said["vanishing"]
    assert claims.said["noticed"] == claims.said["telling"]


def test_infinite_sides_are_equal_and_say_nothing():
    with pytest.raises(AssertionError, match="cases say nothing"):

        @claim(x=vector(2))
        def infinite(x):
            return x * 0 + np.inf, x * 0 + np.inf


def test_a_failure_whose_sides_are_lists_is_shown():
    with pytest.raises(AssertionError, match=r"counterexample: x = \[0\.\]: left side \[0\., 0\.\], right"):

        @claim(x=vector(1))
        def lists(x):
            return [float(x[0]), 0.0], [float(x[0]), 1.0]


def test_the_cases_are_the_same_everywhere():
    kinds = {"A": matrix("m", "n"), "p": distribution("n"), "c": scalar(0, 1), "k": integer(0, 9)}
    case = list(drawn(kinds, (1, 4), 20, seed=1))[-1]
    assert case.arguments["A"].tolist() == [[1.0, 2.0, -2.0, -2.0]]
    assert case.arguments["p"].tolist() == [
        0.22727272727272727,
        0.18181818181818182,
        0.045454545454545456,
        0.5454545454545454,
    ]
    assert (case.arguments["c"], case.arguments["k"]) == (0.01171875, 1)


def test_awkward_matrices_are_always_among_the_cases():
    found = [case.arguments["A"] for case in drawn({"A": matrix("m", "n")}, (1, 5), 500, seed=3)]
    assert any(not A.any() for A in found)
    assert any((A == 1).all() for A in found)
    assert any(A.shape == (1, 1) for A in found)
    assert any(A.size > 4 and (A.flat[0] == A).all() and abs(A.flat[0]) not in (0, 1) for A in found)
    assert any(A.shape[1] > 1 and np.array_equal(A[:, 0], A[:, 1]) for A in found)
    assert any(min(A.shape) > 2 and np.linalg.matrix_rank(A) == 1 and len(set(A.ravel().tolist())) > 3 for A in found)
    assert any(A.size > 2 and np.count_nonzero(A) == 1 for A in found)
    assert any(A.size > 4 and (abs(A) == 1).all() and -1 in A and 1 in A for A in found)
