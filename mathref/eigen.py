"""Eigenvalues and eigenvectors: the directions that a matrix only stretches, and the factors of the stretch."""

import cmath
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from mathref._arguments import (
    Array,
    as_hermitian,
    as_integer,
    as_number,
    as_precise_as,
    as_square,
    as_vector,
    equals_its_mirror,
    in_double,
    refuse_nonfinite,
    refuse_overflow,
)
from mathref._conventions import eigenvalue_order, unit_phases
from mathref._polynomial import exact_coefficients
from mathref._working import (
    Exact,
    Number,
    Root,
    Step,
    Working,
    added,
    as_fractions,
    dot,
    equation,
    factor,
    orthogonal_part,
    plain,
    plus,
    precise,
    refuse_long,
    rounded,
    rounded_array,
    square_root,
    step,
    tex,
    times,
    total,
    unit,
)

_DIVIDE_AND_CONQUER = {"d": lapack.dsyevd, "D": lapack.zheevd}
_LARGEST_EXACT_SIDE = 32
_SVD = "only a square matrix has eigenvalues; for a rectangular one use mathref.svd.svd"


class Eigenpairs(NamedTuple):
    """Eigenvalues, and eigenvectors as columns in the same order."""

    values: Array
    vectors: Array


class PowerIteration(NamedTuple):
    """An eigenvalue of largest modulus, its unit eigenvector, and whether the iteration converged."""

    value: float | complex
    vector: Array
    converged: bool
    iterations: int


def eig(A: ArrayLike) -> Eigenpairs:
    """Eigenvalues and eigenvectors of any square matrix, A v = λ v.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    values : ndarray of shape (n,)
        By descending modulus, then real, then imaginary part (what differs by a relative 1e-9 counts as equal). Real if
        A is real and all its computed eigenvalues are; otherwise complex.
    vectors : ndarray of shape (n, n)
        Column j belongs to ``values[j]``: of length 1, its component of largest modulus real and positive (ties to
        1e-9: the first).

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.

    See Also
    --------
    eigh : for symmetric and Hermitian matrices, ascending.

    Notes
    -----
    The QR algorithm on a balanced Hessenberg form, about 25n³ operations; a matrix that is exactly symmetric or
    Hermitian goes to the faster and more accurate symmetric algorithm. Defective matrices, as [[1, 1], [0, 1]], have
    fewer than n independent eigenvectors, and rounding moves an eigenvalue of multiplicity k by about eps to the power
    1/k.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., chapter 7.

    Examples
    --------
    >>> values, vectors = eig([[2, 0], [0, 3]])
    >>> values
    array([3., 2.])
    >>> vectors
    array([[0., 1.],
           [1., 0.]])
    >>> eig([[0, -1], [1, 0]]).values
    array([0.+1.j, 0.-1.j])
    """
    A = as_square(A, "A", otherwise=_SVD, finite=False)
    values, vectors = _decomposed(A, _symmetric if equals_its_mirror(A) else np.linalg.eig)
    order = eigenvalue_order(values)
    values, vectors = values.take(order), vectors.take(order, axis=1)
    if A.dtype.kind == "c":
        values = values.astype(vectors.dtype)
    elif values.dtype.kind == "c" and not values.imag.any():  # NumPy 2.5 gives complex arrays in any case
        values, vectors = values.real, vectors.real
    return _phased(A, values, vectors)


def _decomposed(A: Array, decompose: Callable[[Array], tuple[Array, Array]]) -> tuple[Array, Array]:
    try:
        values, vectors = decompose(in_double(A))
    except np.linalg.LinAlgError:
        refuse_nonfinite(A, "A")
        raise
    if not cmath.isfinite(sum(values.tolist())):
        refuse_nonfinite(A, "A")
        refuse_overflow(values, "each eigenvalue")
    return values, vectors


def _symmetric(A: Array) -> tuple[Array, Array]:
    """LAPACK's routine without NumPy's wrapper, which takes twice its time for a 3 × 3 matrix."""
    values, vectors, failed = _DIVIDE_AND_CONQUER[A.dtype.char](A, lower=1)
    if failed:
        raise np.linalg.LinAlgError("the eigenvalues of A did not converge")
    return values, vectors


def _phased(A: Array, values: Array, vectors: Array) -> Eigenpairs:
    vectors *= unit_phases(vectors)
    vectors += 0.0  # turns -0.0 into 0.0
    return Eigenpairs(as_precise_as(values, A), as_precise_as(vectors, A))


def eigh(A: ArrayLike) -> Eigenpairs:
    """Eigenvalues and orthonormal eigenvectors of a symmetric or Hermitian matrix, A = V diag(λ) V*.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Symmetric (real) or Hermitian (complex) matrix; mirrored entries may differ by 1e-12 of the largest entry
        (float32: 1e-5), and then the lower triangle is used.

    Returns
    -------
    values : ndarray of shape (n,)
        Real, ascending.
    vectors : ndarray of shape (n, n)
        Orthonormal columns, the component of largest modulus of each real and positive (ties to 1e-9: the first).

    Raises
    ------
    ValueError
        If A is not square, not Hermitian, is empty, or holds NaN or infinity.

    See Also
    --------
    eig : for any square matrix.

    Notes
    -----
    Reduction to tridiagonal form and divide and conquer, about 9n³ operations. Each eigenvalue is right to about eps
    times the largest in modulus.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., chapter 8.

    Examples
    --------
    >>> values, vectors = eigh([[0, 2], [2, 3]])
    >>> values.round(12)
    array([-1.,  4.])
    """
    A = as_hermitian(A, "A", otherwise="for any square matrix use eig")
    return _phased(A, *_decomposed(A, _symmetric))


def characteristic_polynomial(A: ArrayLike) -> Array:
    """Coefficients of det(tI - A), highest power first.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.

    Returns
    -------
    ndarray of shape (n + 1,)
        1, -trace A, ..., (-1)ⁿ det A. For n at most 32 each is the exact coefficient for the stored numbers, rounded
        once; a coefficient beyond the range of a double is infinite.

    Raises
    ------
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If n exceeds 32 and a coefficient exceeds the range of a double.

    See Also
    --------
    eig : its roots. Computing eigenvalues as roots of this polynomial loses most digits already at n = 20.

    Notes
    -----
    Faddeev and LeVerrier's recursion in whole numbers, n⁴ multiplications; above n = 32 the product of (t - λ) over the
    computed eigenvalues.

    References
    ----------
    Horn and Johnson (2013), Matrix Analysis, 2nd ed., sections 1.2 and 2.4.
    Faddeev and Faddeeva (1963), Computational Methods of Linear Algebra, section 47.

    Examples
    --------
    >>> characteristic_polynomial([[1, 2], [3, 4]])
    array([ 1., -5., -2.])
    """
    A = as_square(A, "A", otherwise=_SVD)
    if len(A) <= _LARGEST_EXACT_SIDE:
        return as_precise_as(np.array(exact_coefficients(A)), A)
    with np.errstate(over="ignore", invalid="ignore"):
        coefficients = np.poly(eig(in_double(A)).values)
    refuse_overflow(coefficients, "each coefficient of the polynomial")
    return as_precise_as(coefficients if A.dtype.kind == "c" else coefficients.real, A)


def power_iteration(
    A: ArrayLike, *, start: ArrayLike | None = None, steps: int = 1000, tolerance: float = 1e-12
) -> PowerIteration:
    """Eigenvalue of largest modulus, by multiplying a vector by A again and again.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real or complex matrix.
    start : array_like of shape (n,), optional
        First vector, not zero; by default fixed random numbers, since a regular vector may happen to have no part along
        the eigenvector.
    steps : int
        Most multiplications by A.
    tolerance : float
        Converged when ‖A v - λ v‖ is at most this times ‖A v‖.

    Returns
    -------
    PowerIteration
        ``(value, vector, converged, iterations)``. The vector has length 1 and its component of largest modulus is real
        and positive. Without convergence value and vector are the last estimates.

    Raises
    ------
    ValueError
        If A is not square, start has not n entries or is zero, one is empty or holds NaN or infinity, steps is below 1,
        or tolerance is not positive.

    See Also
    --------
    eig : all eigenvalues, in a predictable time.

    Notes
    -----
    The error shrinks by |λ₂/λ₁| in each step, the moduli of the two largest eigenvalues. If these are equal with
    λ₁ ≠ λ₂ (1 and -1, or a complex pair, as for a rotation), the iteration does not converge.

    References
    ----------
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 7.3.1.

    Examples
    --------
    >>> result = power_iteration([[2, 1], [1, 2]])
    >>> round(result.value, 12), result.vector.round(6), result.converged
    (3.0, array([0.707107, 0.707107]), True)
    >>> power_iteration([[0, -1], [1, 0]]).converged
    False
    """
    A = as_square(A, "A", otherwise=_SVD)
    steps, tolerance = as_integer(steps, "steps", least=1), as_number(tolerance, "tolerance", above=0)
    v = _first_vector(A, start)
    scale = 2.0 ** int(np.frexp(np.abs(A).max())[1] // 2)  # applied twice, so that no product overflows or underflows
    M = in_double(A) / scale / scale
    converged = False
    for iteration in range(1, steps + 1):
        Mv = M @ v
        length = np.linalg.norm(Mv)
        value = np.vdot(v, Mv)
        converged = bool(np.linalg.norm(Mv - value * v) <= tolerance * length)
        if converged or iteration == steps:
            break
        v = Mv / length
    with np.errstate(over="ignore", invalid="ignore"):
        value = value * scale * scale
    refuse_overflow(np.asarray(value), "the eigenvalue")
    vector = v * unit_phases(v[:, np.newaxis])[0] + 0.0
    return PowerIteration(value.item(), as_precise_as(vector, A), converged, iteration)


def _first_vector(A: Array, start: ArrayLike | None) -> Array:
    if start is None:
        v = np.random.default_rng(0).standard_normal(len(A))
    else:
        v = in_double(as_vector(start, "start"))
        if len(v) != len(A):
            raise ValueError(f"start must have {len(A)} entries, as A has rows, but its shape is {v.shape}")
        if not v.any():
            raise ValueError("start must not be zero, but all its entries are 0")
    v = v / np.abs(v).max()
    unit: Array = v / np.linalg.norm(v)
    return unit


def eig_steps(A: ArrayLike) -> Working:
    """How eigenvalues and eigenvectors come about from the characteristic polynomial, for pencil and paper.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix, n at most 3. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.

    Returns
    -------
    Working
        Steps to the coefficients of the polynomial, its roots, and one step for each eigenvalue with a matrix of unit
        eigenvectors. The last value is the `Eigenpairs` ``(values, vectors)``, in the order and with the signs of
        `eig`.

    Raises
    ------
    TypeError
        If A is complex.
    ValueError
        If A is not square, is empty, holds NaN or infinity or numbers too large or small to read (beyond 1e6, or below
        1e-6 and not 0), or n exceeds 3.

    See Also
    --------
    eig : the same pairs by the QR algorithm, for any n.

    Notes
    -----
    The coefficients are sums of principal minors. Roots that are fractions are found exactly; a cubic polynomial
    without one is solved numerically. Eigenvectors of a repeated eigenvalue are not unique: `eig` may return others.
    Where there are too few of them the last one is repeated, and `eig` returns it twice up to rounding.

    References
    ----------
    Horn and Johnson (2013), Matrix Analysis, 2nd ed., section 1.2.

    Examples
    --------
    >>> working = eig_steps([[2, 1], [1, 2]])
    >>> print(working[1].text)
    λ² - (tr A) λ + det A = 0
    λ² - 4 λ + 3 = 0
    >>> working.result.values
    array([3., 1.])
    """
    array = as_square(A, "A", otherwise=_SVD, real=True)
    refuse_long(array, "A", rows=3, columns=3)
    rows = as_fractions(array, "A")
    steps, values = _eigenvalue_steps(rows, "A")
    vectors: list[list[Number]] = []
    for value in dict.fromkeys(values):
        done, units = _eigenvector_step(rows, values, value, "A")
        vectors += (units + units[-1:] * len(rows))[: values.count(value)]
        steps.append(done)
    columns = [list(row) for row in zip(*vectors, strict=True)]
    found = Eigenpairs(*(as_precise_as(rounded_array(numbers), array) for numbers in (values, columns)))
    caption = "The eigenvalues, and their unit eigenvectors as columns in the same order."
    steps.append(step(caption, found, equation(r"\lambda", [values]), equation("V", columns)))
    return Working("A v = λ v by the characteristic polynomial", tuple(steps))


def _eigenvalue_steps(rows: list[list[Fraction]], name: str) -> tuple[list[Step], list[Exact]]:
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


def _eigenvector_step(
    rows: list[list[Fraction]], values: list[Exact], value: Exact, name: str
) -> tuple[Step, list[list[Number]]]:
    """The step to the unit eigenvectors of one eigenvalue, and these with the signs of `eig`."""
    first, multiplicity = values.index(value) + 1, values.count(value)
    shifted: list[list[Number]] = [[*row] for row in rows]
    for i, row in enumerate(rows):
        shifted[i][i] = plus(times(value, Fraction(-1)), row[i])
    vectors = _null_vectors(shifted, isinstance(value, Fraction))
    units = [_unit(v) for v in vectors]
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
        return [_unit([rounded(x / max(map(abs, longest))) for x in longest])]
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


def _unit(v: list[Any]) -> list[Number]:
    """A vector of length 1, with the sign or phase of `eig`."""
    numbers = rounded_array(v)
    (phase,) = unit_phases(numbers[:, np.newaxis])
    if all(isinstance(x, Fraction) for x in v):
        return unit([x * int(phase) for x in v])
    return list((numbers * phase / np.linalg.norm(numbers) + 0.0).tolist())
