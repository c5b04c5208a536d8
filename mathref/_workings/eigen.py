"""How eigenvalues and eigenvectors come about from the characteristic polynomial."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as
from mathref._numerics.signs_and_orders import eigenvalue_order, unit_phases
from mathref._workings.exact import (
    Exact,
    Number,
    Root,
    as_fractions,
    dot,
    orthogonal_part,
    plus,
    precise,
    refuse_long,
    rounded,
    rounded_array,
    square_root,
    times,
    unit,
)
from mathref._workings.steps import Step, Working, step
from mathref._workings.tex import added, equation, factor, tex, total
from mathref._workings.text import plain


def eig_working(array: Array, result: Callable[[Array, Array], Any]) -> Working:
    """Polynomial, roots, vectors; `result` is made of values and vectors."""
    refuse_long(array, "A", rows=3, columns=3)
    rows = as_fractions(array, "A")
    steps, values = eigenvalue_steps(rows, "A")
    vectors: list[list[Number]] = []
    for value in dict.fromkeys(values):
        done, units = eigenvector_step(rows, values, value, "A")
        vectors += (units + units[-1:] * len(rows))[: values.count(value)]
        steps.append(done)
    columns = [list(row) for row in zip(*vectors, strict=True)]
    found = result(*(as_precise_as(rounded_array(numbers), array) for numbers in (values, columns)))
    caption = "The eigenvalues, and their unit eigenvectors as columns in the same order."
    steps.append(step(caption, found, equation(r"\lambda", [values]), equation("V", columns)))
    return Working("A v = λ v by the characteristic polynomial", tuple(steps))


def eigenvalue_steps(rows: list[list[Fraction]], name: str) -> tuple[list[Step], list[Exact]]:
    """Steps to the eigenvalues of up to three rows, and these in the order of `eig`."""
    invariants, lines = _invariants(rows, name)
    p = [Fraction(1), *((-1) ** k * x for k, x in enumerate(invariants, 1))]
    roots, formulas = _roots(p, rows)
    values = [roots[i] for i in eigenvalue_order(rounded_array(roots))]
    lines_of_values = (equation(rf"\lambda_{i}", value) for i, value in enumerate(values, 1))
    numerically = len(p) == 4 and not formulas
    caption = "Its roots, by descending modulus" + "; none is a fraction, so they are found numerically" * numerically
    return [
        step(_INVARIANTS[len(rows)], rounded_array(invariants), *lines),
        step("The characteristic polynomial.", rounded_array(p), _SYMBOLS[len(rows)].replace("A", name), _equated(p)),
        step(f"{caption}.", rounded_array(values), *formulas, *lines_of_values),
    ], values


_INVARIANTS = {
    1: "The trace.",
    2: "Trace and determinant.",
    3: "The trace; the principal minors, which keep two rows and the same columns, and their sum M; the determinant.",
}


_SYMBOLS = {
    1: r"\lambda - \operatorname{tr} A = 0",
    2: r"\lambda^2 - (\operatorname{tr} A) \lambda + \det A = 0",
    3: r"\lambda^3 - (\operatorname{tr} A) \lambda^2 + M \lambda - \det A = 0",
}


def _invariants(rows: list[list[Fraction]], name: str) -> tuple[list[Fraction], list[Any]]:
    """Sums of the principal minors of one, two, ... rows: the trace first, the determinant last."""
    diagonal = [row[i] for i, row in enumerate(rows)]
    trace = sum(diagonal, Fraction(0))
    lines = [equation(rf"\operatorname{{tr}} {name} = {total(diagonal)}", trace)]
    if len(rows) == 1:
        return [trace], [rf"\operatorname{{tr}} {name} = {tex(trace)}"]
    pairs = list(combinations(range(len(rows)), 2))
    minors = [rows[i][i] * rows[j][j] - rows[i][j] * rows[j][i] for i, j in pairs]
    if len(rows) == 2:
        (a, b), (c, d) = rows
        products = rf"{factor(a)} \cdot {factor(d)} - {factor(b)} \cdot {factor(c)}"
        return [trace, minors[0]], [*lines, equation(rf"\det {name} = {products}", minors[0])]
    lines += [equation(f"M_{{{i + 1}{j + 1}}}", minor) for (i, j), minor in zip(pairs, minors, strict=True)]
    lines.append(equation(f"M = {total(minors)}", sum(minors)))
    (a, b, c), below, last = rows
    cofactors = _cross(below, last)
    determinant = dot((a, b, c), cofactors)
    terms = total([x * y for x, y in zip((a, b, c), cofactors, strict=True)])
    return [trace, sum(minors, Fraction(0)), determinant], [
        *lines,
        equation(rf"\det {name} = {terms}", determinant),
    ]


def _equated(p: Sequence[Fraction]) -> str:
    powers = [rf"\lambda^{k}" for k in range(len(p) - 1, 1, -1)] + [r"\lambda", ""]
    terms = (added(c, power) for c, power in zip(p[1:], powers[1:], strict=True) if c)
    return " ".join([powers[0], *terms, "= 0"])


def _roots(p: list[Fraction], rows: list[list[Fraction]]) -> tuple[list[Exact], list[str]]:
    """Roots of a polynomial of degree up to three, and the formulas that give them."""
    if len(p) == 2:
        return [-p[1]], []
    if len(p) == 3:
        _, b, c = p
        half = times(square_root(b * b - 4 * c), Fraction(1, 2))
        formula = rf"\lambda = ({tex(-b)} \pm \sqrt{{{factor(-b)}^2 - 4 \cdot {factor(c)}}}) / 2"
        return [plus(half, -b / 2), plus(times(half, Fraction(-1)), -b / 2)], [formula]
    exact = _fraction_root(p, rows)
    root = _refined_root(p) if exact is None else exact
    quadratic = [Fraction(1), p[1] + root, p[2] + root * (p[1] + root)]
    others, formulas = _roots(quadratic, rows)
    if exact is None:
        return [x if isinstance(x, Root) else Root(x, Fraction(0), 1) for x in (root, *others)], []
    linear = rf"\lambda {added(-root)}" if root else r"\lambda"
    return [root, *others], [f"({linear}) ({_equated(quadratic).removesuffix(' = 0')}) = 0", *formulas]


def _fraction_root(p: list[Fraction], rows: list[list[Fraction]]) -> Fraction | None:
    """A root that is a fraction: its denominator divides that of the matrix. A repeated root always is one."""
    _, b, c, d = p
    shared = math.lcm(*(entry.denominator for row in rows for entry in row))
    near = [Fraction(round(x * shared), shared) for x in np.roots([*map(float, p)]).real.tolist()]
    double = [(9 * d - b * c) / (2 * (b * b - 3 * c)) if b * b != 3 * c else -b / 3]
    candidates = [*near, *double, Fraction(0), *(row[i] for i, row in enumerate(rows))]
    return next((x for x in candidates if ((x + b) * x + c) * x + d == 0), None)


def _refined_root(p: list[Fraction]) -> Fraction:
    """The real root of a cubic that is best separated, by Newton's method far beyond double precision."""
    _, b, c, d = p
    roots = np.roots([*map(float, p)]).tolist()
    x = Fraction(min(roots, key=lambda root: abs(root.imag)).real)
    for _ in range(8):
        x -= (((x + b) * x + c) * x + d) / ((3 * x + 2 * b) * x + c)
        x = Fraction(round(x * 2**400), 2**400)
    return x


def eigenvector_step(
    rows: list[list[Fraction]], values: list[Exact], value: Exact, name: str
) -> tuple[Step, list[list[Number]]]:
    """The step to the unit eigenvectors of one eigenvalue, and these with the signs of `eig`."""
    first, multiplicity = values.index(value) + 1, values.count(value)
    shifted: list[list[Number]] = [[*row] for row in rows]
    for i, row in enumerate(rows):
        shifted[i][i] = plus(times(value, Fraction(-1)), row[i])
    vectors = _null_vectors(shifted, isinstance(value, Fraction))
    units = [with_sign(v) for v in vectors]
    lines = [equation(rf"{name} - \lambda_{first} I", shifted)]
    for i, (v, u) in enumerate(zip(vectors, units, strict=True), first):
        solved = v != u and not all(isinstance(x, (float, complex)) for x in v)
        lines += [equation(f"w_{i}", v)] * solved
        lines.append(equation(rf"v_{i} = w_{i} / \|w_{i}\|" if solved else f"v_{i}", u))
    caption = plain(rf"Solve ({name} - \lambda_{first} I) w = 0 and bring w to length 1.")
    if multiplicity > len(vectors):
        caption += f" A root of multiplicity {multiplicity} with fewer w: the last is repeated."
    return step(caption, rounded_array([list(row) for row in zip(*units, strict=True)]), *lines), units


def _null_vectors(M: list[list[Any]], exact: bool) -> list[list[Any]]:
    """Independent solutions of M v = 0; of a symmetric M orthogonal ones."""
    if not exact and len(M) == 2:
        return [[M[0][1], times(M[0][0], Fraction(-1))]]
    if not exact:
        real = not np.iscomplexobj(rounded_array(M))
        # Far more digits than a double has: where eigenvalues nearly agree, most of them cancel.
        numbers = [[precise(x) if real else rounded(x) for x in row] for row in M]
        products = [_cross(v, w) for v, w in combinations(numbers, 2)]
        longest = max(products, key=lambda v: max(map(abs, v)))
        return [with_sign([rounded(x / max(map(abs, longest))) for x in longest])]
    vectors = _null_basis(M)
    if all(M[i][j] == M[j][i] for i, j in combinations(range(len(M)), 2)):
        for i, v in enumerate(vectors):
            vectors[i] = _whole(orthogonal_part(v, vectors[:i]))
    return vectors


def _cross(v: list[Any], w: list[Any]) -> list[Any]:
    return [v[i] * w[j] - v[j] * w[i] for i, j in ((1, 2), (2, 0), (0, 1))]


def _null_basis(M: list[list[Fraction]]) -> list[list[Fraction]]:
    """One solution for each free variable, from the reduced row echelon form."""
    M = [row[:] for row in M]
    pivots: list[int] = []
    for column in range(len(M)):
        chosen = next((i for i in range(len(pivots), len(M)) if M[i][column]), None)
        if chosen is not None:
            i = len(pivots)
            M[i], M[chosen] = M[chosen], M[i]
            M[i] = [x / M[i][column] for x in M[i]]
            for k in range(len(M)):
                if k != i:
                    M[k] = [x - M[k][column] * y for x, y in zip(M[k], M[i], strict=True)]
            pivots.append(column)
    basis = []
    for free in (j for j in range(len(M)) if j not in pivots):
        v = [Fraction(j == free) for j in range(len(M))]
        for i, pivot in enumerate(pivots):
            v[pivot] = -M[i][free]
        basis.append(_whole(v))
    return basis


def _whole(v: list[Fraction]) -> list[Fraction]:
    """The multiple of v in the smallest whole numbers."""
    shared = math.lcm(*(x.denominator for x in v))
    return [x * shared / math.gcd(*(int(y * shared) for y in v)) for x in v]


def with_sign(v: list[Any]) -> list[Number]:
    """A vector of length 1, with the sign or phase of `eig`."""
    numbers = rounded_array(v)
    (phase,) = unit_phases(numbers[:, np.newaxis])
    if all(isinstance(x, Fraction) for x in v):
        return unit([x * int(phase) for x in v])
    return list((numbers * phase / np.linalg.norm(numbers) + 0.0).tolist())
