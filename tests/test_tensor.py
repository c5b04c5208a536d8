"""Tensors: index by index against loops over whole numbers, and what einsum lets pass."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mathref.tensor import contract, order, outer, unfold


def whole(*shape):
    return hnp.arrays(np.float64, shape, elements=st.integers(-100, 100).map(float))


tensors = hnp.array_shapes(max_dims=4, max_side=4).flatmap(lambda shape: whole(*shape))


@pytest.mark.parametrize(("t", "expected"), [(5, 0), ([5], 1), ([[1, 2], [2, 4]], 2), (np.ones((2, 1, 3)), 3)])
def test_the_order_is_the_number_of_axes(t, expected):
    assert order(t) == expected


@given(whole(2, 3), whole(4))
def test_outer_multiplies_each_entry_with_each(a, b):
    product = outer(a, b)
    assert product.shape == (2, 3, 4)
    for i, j, k in np.ndindex(2, 3, 4):
        assert product[i, j, k] == a[i, j] * b[k]


def test_outer_conjugates_nothing_and_takes_scalars():
    assert outer([1j], [1j, 2]).tolist() == [[-1, 2j]]
    assert outer(2, [1, 2]).tolist() == [2, 4]
    assert outer(2, 3).shape == ()


@given(whole(3), whole(4))
def test_the_outer_product_of_vectors_has_at_most_rank_one(a, b):
    assert np.linalg.matrix_rank(outer(a, b)) == int(a.any() and b.any())


@given(whole(2, 3), whole(3, 4))
def test_contract_multiplies_matrices(A, B):
    assert (contract("ij,jk->ik", A, B) == A @ B).all()
    assert (contract(" i j , j k ", A, B) == A @ B).all()


@given(whole(2, 3, 2), whole(3, 2), whole(2))
def test_contract_sums_over_the_letters_that_are_not_kept(a, b, c):
    expected = np.zeros((2, 2))
    for i, j, k, m in itertools.product(range(2), range(3), range(2), range(2)):
        expected[k, i] += a[i, j, k] * b[j, m] * c[m]
    assert (contract("ijk,jm,m->ki", a, b, c) == expected).all()


def test_contract_without_an_axis_left_is_a_number():
    assert contract("i,i->", [1, 2, 3], [4, 5, 6]) == 32.0
    assert type(contract("ii", [[1, 2], [3, 4]])) is float
    assert contract("i,i->", [1j], [1j]) == -1
    assert contract(",->", 2, 3) == 6.0


def test_contract_without_an_arrow_keeps_single_letters_in_alphabetical_order():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert contract("ba", A).tolist() == [[1, 3], [2, 4]]


def test_contract_gives_an_array_of_its_own():
    A = np.ones((2, 2))
    contract("ij->ji", A)[0, 0] = 5
    contract("ij->ij", A)[0, 0] = 5
    unfold(A, 0)[0, 0] = 5
    assert (A == 1).all()


@pytest.mark.parametrize(
    ("subscripts", "operands", "message"),
    [
        ("ij,jk->ik", [np.ones((2, 3))], "must name one term for each tensor, but 2 stand for 1"),
        ("ij", [], "must name one term for each tensor, but 1 stand for 0"),
        ("ij->ij", [np.ones(2)], r"one letter for each axis, but 'ij' stands for the shape \(2,\)"),
        ("ij,jk->ik", [np.ones((2, 3)), np.ones((2, 3))], r"length of 'j', but it is 2 in tensors\[1\] and 3 before"),
        ("i,i->", [np.ones(1), np.ones(3)], "length of 'i'"),
        ("i->k", [np.ones(2)], "must keep letters of the tensors, each once, but the result in 'i->k' is 'k'"),
        ("i->ii", [np.ones(2)], "each once"),
        ("i...->i", [np.ones(2)], "must be letters, commas and one '->'"),
        ("i->i->i", [np.ones(2)], "must be letters, commas and one '->'"),
        ("i1", [np.ones((2, 2))], "must be letters, commas and one '->'"),
        ("iå", [np.ones((2, 2))], "must be letters, commas and one '->'"),
    ],
)
def test_contract_says_what_is_wrong_with_the_subscripts(subscripts, operands, message):
    with pytest.raises(ValueError, match=message):
        contract(subscripts, *operands)


def test_contract_asks_for_a_string():
    with pytest.raises(TypeError, match="subscripts must be a string such as"):
        contract([0, 1], np.ones((2, 2)))


def test_contract_names_the_tensor_that_is_not_finite():
    with pytest.raises(ValueError, match=r"tensors\[1\] must be finite"):
        contract("i,i->", [1], [np.nan])


@pytest.mark.parametrize(
    "overflowing",
    [lambda: contract("i,i->", [1e200, 1e200], [1e200, 1]), lambda: outer([1e200], [1e200])],
)
def test_a_result_beyond_the_range_is_refused(overflowing):
    with pytest.raises(np.linalg.LinAlgError, match=r"exceeds 1\.8e308"):
        overflowing()


@given(tensors, st.data())
def test_unfold_has_a_row_for_each_index_on_the_axis_and_the_last_other_axis_runs_fastest(t, data):
    axis = data.draw(st.integers(-t.ndim, t.ndim - 1))
    matrix = unfold(t, axis)
    assert matrix.shape == (t.shape[axis], t.size // t.shape[axis])
    others = [n for i, n in enumerate(t.shape) if i != axis % t.ndim]
    for column, place in enumerate(np.ndindex(*others)):
        index = [*place[: axis % t.ndim], slice(None), *place[axis % t.ndim :]]
        assert (matrix[:, column] == t[tuple(index)]).all()


@given(whole(2, 3, 4))
def test_each_unfolding_holds_the_same_numbers(t):
    for axis in range(3):
        assert sorted(unfold(t, axis).ravel()) == sorted(t.ravel())


def test_unfoldings_of_one_tensor_may_differ_in_rank():
    t = np.zeros((2, 2, 2))
    t[0, 0, 0] = t[0, 1, 1] = 1
    assert [np.linalg.matrix_rank(unfold(t, axis)) for axis in range(3)] == [1, 2, 2]


def test_unfold_refuses_an_axis_that_is_not_there():
    with pytest.raises(ValueError, match="axis must be from -2 to 1, but it is 2"):
        unfold(np.ones((2, 2)), 2)
    with pytest.raises(ValueError, match="t must have at least one axis"):
        unfold(3, 0)


@pytest.mark.parametrize(("given_type", "expected"), [("i8", "f8"), ("f4", "f4"), ("F", "F")])
def test_types_are_those_of_the_library(given_type, expected):
    t = np.ones((2, 2), dtype=given_type)
    for result in (outer(t, t), unfold(t, 0), contract("ij,jk", t, t), contract("ij,jk,kl", t, t, t)):
        assert result.dtype == expected


def test_products_beyond_the_range_that_cancel_leave_what_is_left():
    assert contract("i,i->", [1e200, 1e200], [1e200, -1e200]) == 0
    assert contract("i,i->", [1e200, 1e200, 3], [1e200, -1e200, 2]) == 6
