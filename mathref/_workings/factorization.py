"""How the factors of a matrix come about: by elimination, by Gram and Schmidt, entry by entry."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as
from mathref._numerics.singularity import refuse_indefinite
from mathref._workings.exact import (
    Number,
    as_fractions,
    dot,
    further_direction,
    orthogonal_part,
    refuse_long,
    rounded,
    rounded_array,
    square_root,
    times,
    unit,
)
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import Line, added, equation, factor, root_equation, tex
from mathref._workings.text import plain


def lu_working(array: Array, lu: Callable[[Array], Any]) -> Working:
    """Row operations, with the pivots that `lu` chooses."""
    refuse_long(array, "A", rows=5)
    U = as_fractions(array, "A")
    m, thin = len(U), min(array.shape)
    L = [[Fraction(i == j) for j in range(m)] for i in range(m)]
    found, order = lu(array), list(range(m))
    steps = [step("Start from A.", rounded_array(U), equation("A", U))]
    for k in range(thin):
        pivot = _pivot(U, k, order.index(found.P[:, k].argmax()))
        if pivot != k:
            _exchange(U, L, order, k, pivot)
            caption = f"Column {k + 1}: its largest entry goes to the diagonal, R{k + 1} ↔ R{pivot + 1}."
            steps.append(step(caption, rounded_array(U), ([*U],)))
        steps.extend(_eliminations(U, L, k))
    P = [[Fraction(row == column) for column in order] for row in range(m)]
    factors = {"P": P, "L": [row[:thin] for row in L], "U": U[:thin]}
    steps.append(
        step(
            "U is what is left, L holds the multiples that were subtracted, P the exchanges.",
            found._make(as_precise_as(rounded_array(rows), array) for rows in factors.values()),
            *(equation(name, rows) for name, rows in factors.items()),
        )
    )
    return Working("A = P L U by elimination with partial pivoting", tuple(steps))


def _pivot(U: list[list[Fraction]], k: int, favourite: int) -> int:
    """The row of the largest entry; among equal ones the row that `lu` chose, which rounding may have decided."""
    sizes = [abs(row[k]) for row in U]
    largest = max(sizes[k:])
    return k if not largest else favourite if sizes[favourite] == largest else sizes.index(largest, k)


def _exchange(U: list[list[Fraction]], L: list[list[Fraction]], order: list[int], k: int, pivot: int) -> None:
    U[k], U[pivot], order[k], order[pivot] = U[pivot], U[k], order[pivot], order[k]
    L[k][:k], L[pivot][:k] = L[pivot][:k], L[k][:k]


def _eliminations(U: list[list[Fraction]], L: list[list[Fraction]], k: int) -> list[Step]:
    """The row operations that make the entries below the diagonal of column k zero."""
    steps = []
    for i in range(k + 1, len(U)):
        if U[i][k]:
            multiple = L[i][k] = U[i][k] / U[k][k]
            U[i] = [x - multiple * y for x, y in zip(U[i], U[k], strict=True)]
            operation = plain(f"R{i + 1} ← R{i + 1} {added(-multiple, f'R{k + 1}')}")
            steps.append(step(operation, rounded_array(U), ([*U],)))
    return steps


def qr_working(array: Array, result: Callable[[Array, Array], Any]) -> Working:
    """One step for each column of Q; `result` is made of Q and R."""
    refuse_long(array, "A", rows=5)
    columns = as_fractions(array.T, "A")
    directions: list[list[Fraction]] = []
    steps = []
    for j in range(min(array.shape)):
        done, u = _orthogonalization(columns[j], directions)
        directions.append(u)
        steps.append(done)
    R: list[list[Number]] = [[Fraction(0)] * len(columns) for _ in directions]
    for i, u in enumerate(directions):
        for j in range(i, len(columns)):
            R[i][j] = times(square_root(dot(u, u)), dot(u, columns[j]) / dot(u, u))
    Q = [list(row) for row in zip(*map(unit, directions), strict=True)]
    factors = result(*(as_precise_as(rounded_array(rows), array) for rows in (Q, R)))
    steps.append(step("R has the entries q · a, zero below the diagonal.", factors, equation("Q", Q), equation("R", R)))
    return Working("A = Q R by the Gram-Schmidt process", tuple(steps))


def _orthogonalization(a: list[Fraction], before: list[list[Fraction]]) -> tuple[Step, list[Fraction]]:
    j = len(before) + 1
    shares = {f"u_{i}": dot(u, a) / dot(u, u) for i, u in enumerate(before, 1)}
    lines = [
        equation(rf"({u} \cdot a_{j}) / ({u} \cdot {u}) = {factor(dot(v, a))} / {factor(dot(v, v))}", share)
        for (u, share), v in zip(shares.items(), before, strict=True)
    ]
    difference = " ".join([f"a_{j}", *(added(-share, u) for u, share in shares.items() if share)])
    rest = orthogonal_part(a, before)
    lines.append(equation(f"u_{j} = {difference}" if any(rest) else difference, rest))
    caption = plain(f"Column {j} without its part{'s' * (j > 2)} along {', '.join(shares)}, brought to length 1.")
    if j == 1:
        caption = "Column 1, brought to length 1."
    if not any(rest):
        what = "depends on those before it" if before else "is zero"
        caption = plain(f"Column {j} {what}: any unit vector{' orthogonal to these' * (j > 1)} serves as q_{j}.")
        rest = further_direction(before, len(a))
        lines.append(equation(f"u_{j}", rest))
    length = square_root(dot(rest, rest))
    lines.append(root_equation(rf"\|u_{j}\|", tex(dot(rest, rest)), length))
    return step(caption, rounded_array(unit(rest)), *lines, equation(f"q_{j}", unit(rest))), rest


def cholesky_working(array: Array, cholesky: Callable[[Array], Array]) -> Working:
    """One step for each entry of L; `cholesky` refuses what has none."""
    refuse_long(array, "A", rows=5)
    cholesky(array)
    rows = as_fractions(np.triu(array).T, "A")
    # L has the entries C √d of unit triangular C and diagonal d, so that only the roots leave the fractions.
    C: list[list[Fraction]] = [[Fraction(0)] * len(rows) for _ in rows]
    L: list[list[Number]] = [[Fraction(0)] * len(rows) for _ in rows]
    d: list[Fraction] = []
    steps = []
    for j in range(len(rows)):
        for i in range(j, len(rows)):
            products = [C[i][k] * C[j][k] * d[k] for k in range(j)]
            rest = rows[i][j] - sum(products)
            if i == j:
                if rest <= 0:
                    refuse_indefinite(j + 1)
                d.append(rest)
            C[i][j] = rest / d[j]
            L[i][j] = times(square_root(d[j]), C[i][j])
            steps.append(_cholesky_entry(i, j, rows[i][j], products, L))
    result = as_precise_as(rounded_array(L), array)
    steps.append(step("All entries.", result, equation("L", L)))
    return Working("A = L Lᵀ by Cholesky's method, column by column", tuple(steps))


def _cholesky_entry(i: int, j: int, a: Fraction, products: list[Fraction], L: list[list[Number]]) -> Step:
    i1, j1 = i + 1, j + 1
    squares = (f"L_{{{i1}{k}}}^2" if i == j else f"L_{{{i1}{k}}} L_{{{j1}{k}}}" for k in range(1, j1))
    symbols = " - ".join([f"a_{{{i1}{j1}}}", *squares])
    numbers = " ".join([tex(a), *(added(-x) for x in products)])
    name, caption = f"L_{{{i1}{j1}}}", plain(f"L_{{{i1}{j1}}} from a_{{{i1}{j1}}}.")
    then: Line
    if i == j:
        first, then = rf"{name} = \sqrt{{{symbols}}}", root_equation(r"\quad", numbers, L[i][j])
    elif products:
        first = f"{name} = ({symbols}) / L_{{{j1}{j1}}}"
        then = equation(rf"\quad = ({numbers}) / {factor(L[j][j])}", L[i][j])
    else:
        first = f"{name} = {symbols} / L_{{{j1}{j1}}}"
        then = equation(rf"\quad = {factor(a)} / {factor(L[j][j])}", L[i][j])
    return step(caption, rounded(L[i][j]), first, then)
