"""Chain rule: the derivative of functions put one into another is the product of their derivatives."""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double, refuse_overflow
from mathref._arguments.results import array_result
from mathref._arguments.returned import checked_value
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_choice, as_function, as_integer, as_number
from mathref._numerics.chains import Times, chained
from mathref._numerics.determinants import product
from mathref._numerics.powers_of_two import number_times_power_of_two
from mathref._numerics.sampling import Sampled
from mathref._workings.chain_rule import chain_rule_working
from mathref._workings.derivative import refuse_high_degree
from mathref._workings.exact import as_fractions
from mathref._workings.steps import Working

_ORDERS = ("reverse", "forward", "optimal")


class Chain(NamedTuple):
    """A derivative by the chain rule, the values on the way, and the factors in the order in which functions act."""

    derivative: float
    values: tuple[float, ...]
    factors: tuple[float, ...]


def compose(*functions: Callable[..., Any]) -> Callable[..., Any]:
    """Functions put one into another, as they are written: the last acts first.

    Parameters
    ----------
    *functions : callable
        At least one, the outermost first.

    Returns
    -------
    callable
        ``compose(f1, f2)(x)`` is ``f1(f2(x))``; the last of the functions takes any arguments.

    Raises
    ------
    TypeError
        If one of the functions cannot be called.
    ValueError
        If there are none.

    See Also
    --------
    chain_derivative : the derivative of such a function.

    Notes
    -----
    (f₁ ∘ f₂)(x) = f₁(f₂(x)). It is associative and in general not commutative.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 4.1.

    Examples
    --------
    >>> square_of_next = compose(lambda x: x**2, lambda x: x + 1)
    >>> square_of_next(3)
    16
    """
    inner, *outer = reversed(_functions(functions))
    return lambda *arguments, **options: reduce(lambda value, f: f(value), outer, inner(*arguments, **options))


def _functions(functions: Any, name: str = "functions") -> list[Callable[..., Any]]:
    if not isinstance(functions, (list, tuple)):
        raise TypeError(f"{name} must be a list of functions, but it is {functions!r:.40}")
    if not functions:
        raise ValueError(f"{name} must hold at least one function, but there are none")
    return [as_function(f, f"{name}[{i}]") for i, f in enumerate(functions)]


def chain_derivative(
    functions: Sequence[Callable[[float], float]],
    x: float,
    *,
    derivatives: Sequence[Callable[[float], float]] | None = None,
) -> Chain:
    """Derivative of functions of one number put one into another.

    Parameters
    ----------
    functions : list of callable
        The outermost first: the last acts on x. Each maps a float to a real number.
    x : float
        Where to take the derivative.
    derivatives : list of callable, optional
        The derivative of each function, in the order of functions. None takes them from values, as
        `mathref.derivative.derivative`.

    Returns
    -------
    Chain
        ``(derivative, values, factors)``: values are x, what the last function makes of it, and so on to the result;
        factors are the derivatives at these values, in the order in which the functions act; derivative is their
        product.

    Raises
    ------
    TypeError
        If functions or derivatives is no list of functions, or x is no real number.
    ValueError
        If there is no function, derivatives are not as many, x is not finite, or a function returns NaN, infinity or
        not one real number.
    numpy.linalg.LinAlgError
        If the product exceeds the range of a double.

    See Also
    --------
    chain_jacobians : for functions of vectors.

    Notes
    -----
    (f₁ ∘ f₂)'(x) = f₁'(f₂(x)) f₂'(x): each derivative is taken where its function is applied, not at x.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 4.1.

    Examples
    --------
    >>> square, shift = (lambda x: x**2), (lambda x: 3 * x + 1)
    >>> chain_derivative([square, shift], 1.0, derivatives=[lambda x: 2 * x, lambda x: 3.0])
    Chain(derivative=24.0, values=(1.0, 4.0, 16.0), factors=(3.0, 8.0))
    """
    called, point = _functions(functions), as_number(x, "x")
    given = None if derivatives is None else _functions(derivatives, "derivatives")
    if given is not None and len(given) != len(called):
        raise ValueError(f"derivatives must be as many as functions, but they are {len(given)} and {len(called)}")
    values, factors = [point], []
    for i in reversed(range(len(called))):
        sampled = Sampled(called[i], np.array(values[-1]), f"functions[{i}]")
        if given is None:
            factors.append(float(sampled.derivative_by_entry(0)[0]))
        else:
            with np.errstate(all="ignore"):
                slope = given[i](values[-1])
            factors.append(float(checked_value(slope, f"derivatives[{i}]", (), f"at {values[-1]!r}")))
        values.append(float(sampled.value))
    whole = float(number_times_power_of_two(*product(1, 0, factors)).real)
    refuse_overflow(np.array(whole), "the derivative")
    return Chain(whole, tuple(values), tuple(factors))


def chain_jacobians(jacobians: Sequence[ArrayLike], *, order: str = "reverse") -> Array:
    """Product of the Jacobians of functions put one into another.

    Parameters
    ----------
    jacobians : list of array_like
        Real matrices J₁, J₂, …, J_k, of the outermost function first; each has as many columns as the next has rows.
    order : {"reverse", "forward", "optimal"}, default "reverse"
        Where to begin: "reverse" from the left, as backpropagation does, "forward" from the right, "optimal" so that
        the multiplications are fewest.

    Returns
    -------
    ndarray of shape (m, n)
        J₁ J₂ … J_k, the Jacobian of the whole.

    Raises
    ------
    TypeError
        If jacobians is no list, or a matrix is complex or holds no numbers.
    ValueError
        If there is no matrix, one is empty, not finite or no matrix, their sizes do not fit, or order is unknown.
    numpy.linalg.LinAlgError
        If an entry of the product exceeds the range of its type.

    See Also
    --------
    accumulation_cost : how many multiplications each order takes.

    Notes
    -----
    J of f₁ ∘ f₂ at x is J₁(f₂(x)) J₂(x). The product of matrices is associative, so that the order changes the cost and
    the rounding, not the result.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 3.

    Examples
    --------
    >>> chain_jacobians([[[1, 2]], [[3, 0], [0, 4]], [[1], [1]]])
    array([[11.]])
    """
    if not isinstance(jacobians, (list, tuple)):
        raise TypeError(f"jacobians must be a list of matrices, but it is {jacobians!r:.40}")
    matrices = [as_matrix(J, f"jacobians[{i}]", real=True) for i, J in enumerate(jacobians)]
    sizes = _fitting([J.shape for J in matrices], "jacobians")
    order = as_choice(order, "order", _ORDERS)
    whole = chained([in_double(J) for J in matrices], lambda factors, times: _product(factors, sizes, order, times))
    return array_result(np.array(whole), "the product", *matrices)  # a copy: of one matrix it is that itself


def accumulation_cost(shapes: Sequence[tuple[int, int]], *, order: str = "reverse") -> int:
    """Number of multiplications that the product of a chain of matrices takes.

    Parameters
    ----------
    shapes : list of (int, int)
        Rows and columns of each matrix, from left to right, as in `chain_jacobians`.
    order : {"reverse", "forward", "optimal"}, default "reverse"
        Where to begin: from the left, from the right, or so that the multiplications are fewest.

    Returns
    -------
    int
        The number, exact. A single matrix costs 0.

    Raises
    ------
    TypeError
        If shapes is no list of pairs of whole numbers.
    ValueError
        If there is no shape, a number is less than 1, the shapes do not fit, or order is unknown.

    See Also
    --------
    chain_jacobians : multiplies in that order.

    Notes
    -----
    The product of (a, b) and (b, c) takes abc multiplications. A loss has one row, so that "reverse" passes a row
    vector from layer to layer. The least cost of all bracketings is found by dynamic programming, in O(k³).

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 10.

    Examples
    --------
    >>> layers = [(1, 100), (100, 100), (100, 100)]
    >>> accumulation_cost(layers), accumulation_cost(layers, order="forward")
    (20000, 1010000)
    """
    if not isinstance(shapes, (list, tuple)):
        raise TypeError(f"shapes must be a list of pairs (rows, columns), but it is {shapes!r:.40}")
    pairs = []
    for i, shape in enumerate(shapes):
        if not isinstance(shape, (list, tuple)) or len(shape) != 2:
            raise TypeError(f"shapes[{i}] must be a pair (rows, columns), but it is {shape!r:.40}")
        rows, columns = (as_integer(size, f"shapes[{i}]", least=1) for size in shape)
        pairs.append((rows, columns))
    sizes, order = _fitting(pairs, "shapes"), as_choice(order, "order", _ORDERS)
    if order == "reverse":
        return sum(sizes[0] * rows * columns for rows, columns in pairs[1:])
    if order == "forward":
        return sum(rows * columns * sizes[-1] for rows, columns in pairs[:-1])
    return _least_costs(sizes)[0, len(pairs)][0]


def _fitting(shapes: Sequence[tuple[int, ...]], name: str) -> list[int]:
    """The sizes a₀, a₁, …, a_k of matrices (a₀, a₁), (a₁, a₂), …"""
    if not shapes:
        raise ValueError(f"{name} must hold at least one matrix, but there are none")
    for i, (left, right) in enumerate(pairwise(shapes)):
        if left[1] != right[0]:
            raise ValueError(
                f"{name} must fit: number {i} has {left[1]} columns, but number {i + 1} has {right[0]} rows"
            )
    return [shapes[0][0], *(shape[1] for shape in shapes)]


def _least_costs(sizes: list[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each part i:j of a chain of matrices the least cost of its product, and where to cut it for that."""
    count = len(sizes) - 1
    least = {(i, i + 1): (0, i) for i in range(count)}
    for length in range(2, count + 1):
        for i in range(count - length + 1):
            j = i + length
            cuts = ((least[i, k][0] + least[k, j][0] + sizes[i] * sizes[k] * sizes[j], k) for k in range(i + 1, j))
            least[i, j] = min(cuts)
    return least


def _product(matrices: Sequence[Array], sizes: list[int], order: str, times: Times) -> Array:
    if order == "reverse":
        return reduce(times, matrices)
    if order == "forward":
        return reduce(lambda product, J: times(J, product), reversed(matrices))
    least = _least_costs(sizes)

    def part(i: int, j: int) -> Array:
        cut = least[i, j][1]
        return matrices[i] if j == i + 1 else times(part(i, cut), part(cut, j))

    return part(0, len(matrices))


def total_derivative(f: Callable[[Any], float], curve: Callable[[float], ArrayLike], t: float) -> float:
    """How fast a function changes along a curve.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number for a vector x.
    curve : callable
        ``curve(t)`` returns the vector x for a float t.
    t : float
        Where on the curve.

    Returns
    -------
    float
        d/dt f(curve(t)) = ∇f(x)·x'(t).

    Raises
    ------
    TypeError
        If f or curve is no function, or t is no real number.
    ValueError
        If t is not finite, curve(t) is no vector of finite real numbers, f is NaN, infinite or not one real number
        there, or f along the curve has no finite values on both sides of t.

    See Also
    --------
    mathref.gradient.directional_derivative : along a line.

    Notes
    -----
    Each variable contributes (∂f/∂xᵢ)(dxᵢ/dt), also where the same t enters in several places: for f(u, v) = uv on
    the curve (t, t) the sum is t + t. It is taken as the derivative of t ↦ f(curve(t)), in about 45 calls.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 13.5.

    Examples
    --------
    >>> round(total_derivative(lambda x: x[0] * x[1], lambda t: [t, t], 3.0), 9)
    6.0
    """
    f, curve, t = as_function(f, "f"), as_function(curve, "curve"), as_number(t, "t")
    with np.errstate(all="ignore"):
        point = checked_value(curve(t), "curve", None, f"at {t!r}")
    if point.ndim != 1:
        raise ValueError(f"curve must return a vector, but at {t!r} it returned an array of shape {point.shape}")

    def along(t: float) -> Any:
        return f(np.array(curve(t), dtype=np.float64))

    return float(Sampled(along, np.array(t)).derivative_by_entry(0)[0])


def inverse_derivative(f: Callable[[float], float], x: float) -> float:
    """Derivative of the inverse of a function, at f(x).

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number for a float.
    x : float
        Where f is taken; the inverse is taken at f(x).

    Returns
    -------
    float
        (f⁻¹)'(f(x)) = 1 / f'(x).

    Raises
    ------
    TypeError
        If f is no function, or x is no real number.
    ValueError
        If x is not finite, f(x) is NaN, infinite or not one real number, f has no finite values on both sides of x, or
        f'(x) is 0 to within its estimated error.
    numpy.linalg.LinAlgError
        If the result exceeds the range of a double.

    See Also
    --------
    mathref.derivative.derivative : f' itself.

    Notes
    -----
    f⁻¹(f(x)) = x; by the chain rule the product of both derivatives is 1.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 4.3.

    Examples
    --------
    >>> round(inverse_derivative(lambda x: x**2, 3.0), 9)  # of the square root at 9: 1 / (2 √9)
    0.166666667
    """
    slope, error = Sampled(as_function(f, "f"), np.array(as_number(x, "x"))).derivative_by_entry(0)
    if abs(slope) <= error:
        raise ValueError(f"f must have a derivative other than 0 at x, but it is 0 to within {float(error):.1e}")
    with np.errstate(over="ignore", under="ignore"):
        result = 1 / slope
    refuse_overflow(result, "the derivative of the inverse")
    return float(result)


def chain_rule_steps(polynomials: Sequence[ArrayLike], x: float) -> Working:
    """How the derivative of polynomials put one into another comes about, for pencil and paper.

    Parameters
    ----------
    polynomials : list of array_like
        From 1 to 4 lists of real coefficients, highest power first, degrees at most 4; the outermost polynomial first:
        ``[[1, 0, 0], [3, 1]]`` is (3x + 1)².
    x : float
        Where to take the derivative.

    Returns
    -------
    Working
        One step for each polynomial, the innermost first, whose value is its derivative at its argument, and the
        product.

    Raises
    ------
    TypeError
        If polynomials is no list, or x or a coefficient is no real number.
    ValueError
        If there are none or more than 4, one is empty or of higher degree than 4, or a number is not finite, or too
        large or small to read (beyond 1e6, or below 1e-6 and not 0), or one on the way exceeds 1.8e308.

    See Also
    --------
    chain_derivative : of any functions.

    Notes
    -----
    (f₁ ∘ f₂)'(x) = f₁'(f₂(x)) f₂'(x). All is computed in fractions.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 4.1.

    Examples
    --------
    >>> chain_rule_steps([[1, 0, 0], [3, 1]], 1)
    Chain rule for 2 functions
    <BLANKLINE>
    1. Function 2, which acts first, at x.
       f₂(x) = 3 x + 1,   f₂(1) = 4
       f₂'(1) = 3
    <BLANKLINE>
    2. Function 1, at what came out before.
       f₁(x) = x²,   f₁(4) = 16
       f₁'(4) = 2 x = 2 · 4 = 8
    <BLANKLINE>
    3. The derivative of the whole is the product.
       8 · 3 = 24
    """
    if not isinstance(polynomials, (list, tuple)):
        raise TypeError(f"polynomials must be a list of lists of coefficients, but it is {polynomials!r:.40}")
    if not 1 <= len(polynomials) <= 4:
        raise ValueError(f"polynomials must be from 1 to 4 for a working to be read, but there are {len(polynomials)}")
    lists = []
    for i, given in enumerate(polynomials):
        coefficients = as_vector(given, f"polynomials[{i}]", real=True)
        refuse_high_degree(coefficients, f"polynomials[{i}]", 4)
        lists.append(as_fractions(coefficients, f"polynomials[{i}]"))
    return chain_rule_working(lists, as_fractions(np.array([as_number(x, "x")]), "x")[0])
