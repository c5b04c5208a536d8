"""Jacobian: the matrix of all partial derivatives, which is the best linear map near a point."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.precision import in_double, refuse_overflow
from mathref._arguments.results import as_result, number_or_array, number_result
from mathref._arguments.shapes import refuse_unequal_shapes
from mathref._arguments.single import as_flag, as_function
from mathref._numerics.products import product_within_range
from mathref._numerics.sampling import Sampled, direction_and_length, rounded_estimate
from mathref._workings.jacobian import jacobian_working
from mathref._workings.steps import Working
from mathref._workings.terms import as_point, as_terms
from mathref.determinant import det


class JacobianEstimate(NamedTuple):
    """A Jacobian, and an estimate of the absolute error of each of its entries."""

    jacobian: Any
    error: Any


class Linearization(NamedTuple):
    """The linear function that agrees with f at a point in value and slope; call it as f."""

    point: Any
    value: Any
    jacobian: Any

    def __call__(self, y: ArrayLike) -> Any:
        """value + J (y - point)."""
        y, point = as_array(y, "y", real=True), np.asarray(self.point)
        refuse_unequal_shapes(y, point, ("y", "point"))
        value, steps = in_double(np.asarray(self.value)), in_double(y.ravel())
        with np.errstate(over="ignore"):
            steps = np.append(steps - in_double(point.ravel()), 1.0)
        refuse_overflow(steps, "each entry of y - point")
        columns = np.column_stack([np.reshape(self.jacobian, (value.size, -1)), value.ravel()])
        moved = product_within_range(in_double(columns), steps, "the value").reshape(value.shape)
        return as_result(moved, "the value", y, point)


def jacobian(f: Callable[[Any], Any], x: ArrayLike, *, return_error: bool = False) -> Any:
    """All partial derivatives of all outputs of a function, from its values alone.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns real numbers of any shape T. It gets an array of x's shape S in float64, or a float if x is a
        number, and is called about 45 times for each entry of x, at most 200 times, however many outputs it has.
    x : array_like of any shape
        Where to take the derivatives, real, of shape S.
    return_error : bool, default False
        Also return an estimate of the error.

    Returns
    -------
    ndarray or float
        J of shape T + S with J[t, s] = ∂f_t/∂x_s: (m, n) for m outputs of n inputs, the gradient for one output, a
        float for one number of one number. With ``return_error=True`` a `JacobianEstimate` ``(jacobian, error)``.

    Raises
    ------
    TypeError
        If f is no function, or x is complex or no numbers.
    ValueError
        If x is empty or not finite, f(x) holds NaN, infinity or anything but real numbers, or f has no finite values on
        both sides of x.

    See Also
    --------
    jvp : J v without J.
    mathref.gradient.gradient : for a function with one output.

    Notes
    -----
    f(x + h) = f(x) + J h + o(‖h‖). Column s is the derivative along axis s, extrapolated from central differences as in
    `mathref.derivative.derivative`, for all outputs at once.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 8.1.

    Examples
    --------
    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0]).round(9)
    array([[3., 2.],
           [1., 1.]])
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    return_error = as_flag(return_error, "return_error")
    estimate = JacobianEstimate(*rounded_estimate(*_columns(_sampled(f, x)), x))
    return estimate if return_error else estimate.jacobian


def _sampled(f: Callable[[Any], Any], x: Array) -> Sampled:
    return Sampled(f, x.astype(np.float64), shape=None)


def _columns(sampled: Sampled) -> tuple[Array, Array]:
    """The Jacobian and its error, of shape T + S."""
    pairs = [sampled.derivative_by_entry(index) for index in range(sampled.x.size)]
    shape = sampled.value.shape + sampled.x.shape
    J, error = (np.stack(part, axis=-1).reshape(shape) for part in zip(*pairs, strict=True))
    return J, error


def jvp(f: Callable[[Any], Any], x: ArrayLike, v: ArrayLike) -> Any:
    """Jacobian times vector: how all outputs change as x moves along v; what forward mode computes.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns real numbers of any shape T; it is called at most 400 times, however large x is.
    x : array_like of any shape
        Where to take it, real, of shape S.
    v : array_like of any shape
        The direction, real, of shape S.

    Returns
    -------
    ndarray or float
        J v, of shape T.

    Raises
    ------
    TypeError
        If f is no function, or x or v is complex or no numbers.
    ValueError
        If x or v is empty or not finite, their shapes differ, f(x) holds NaN, infinity or anything but real numbers, or
        f has no finite values on both sides of x.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of a double.

    See Also
    --------
    vjp : Jᵀ w, the other question.

    Notes
    -----
    J v = lim (f(x + hv) - f(x)) / h: one derivative along a line, not one for each entry of x.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 3.

    Examples
    --------
    >>> jvp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, -1.0]).round(9)
    array([1., 0.])
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    direction, length = direction_and_length(v, x)
    slope, _ = _sampled(f, x).derivative_along(direction)
    with np.errstate(over="ignore", under="ignore"):
        return as_result(slope * length, "J v", x, as_array(v, "v"))


def vjp(f: Callable[[Any], Any], x: ArrayLike, w: ArrayLike) -> Any:
    """Vector times Jacobian: the gradient of w·f; what reverse mode computes.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns real numbers of any shape T; it is called as `jacobian` does.
    x : array_like of any shape
        Where to take it, real, of shape S.
    w : array_like of any shape
        What each output counts, real, of shape T.

    Returns
    -------
    ndarray or float
        Jᵀ w, of shape S.

    Raises
    ------
    TypeError
        If f is no function, or x or w is complex or no numbers.
    ValueError
        If x or w is empty or not finite, w has another shape than f(x), f(x) holds NaN, infinity or anything but real
        numbers, or f has no finite values on both sides of x.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of a double.

    See Also
    --------
    mathref.backpropagation.Variable.backward : the same from one pass, without a Jacobian.

    Notes
    -----
    (Jᵀ w)_s = Σ_t w_t ∂f_t/∂x_s. Values alone give it column by column; a tape gives it in one pass backwards.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 3.

    Examples
    --------
    >>> vjp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, 1.0]).round(9)
    array([4., 3.])
    """
    f, x, w = as_function(f, "f"), as_array(x, "x", real=True), as_array(w, "w", real=True)
    sampled = _sampled(f, x)
    if w.shape != sampled.value.shape:
        raise ValueError(f"w must have the shape of f(x), {sampled.value.shape}, but its shape is {w.shape}")
    rows = _columns(sampled)[0].reshape(w.size, x.size)
    product = product_within_range(rows.T, in_double(w.ravel()), "Jᵀ w").reshape(x.shape)
    return as_result(product, "Jᵀ w", x, w)


def linearize(f: Callable[[Any], Any], x: ArrayLike) -> Linearization:
    """The linear function that is nearest to f around a point.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns real numbers of any shape T; it is called as `jacobian` does.
    x : array_like of any shape
        The point, real.

    Returns
    -------
    Linearization
        ``(point, value, jacobian)``. Called with y of x's shape it gives value + J (y - point), of shape T.

    Raises
    ------
    TypeError
        If f is no function, or x is complex or no numbers.
    ValueError
        If x is empty or not finite, f(x) holds NaN, infinity or anything but real numbers, or f has no finite values on
        both sides of x.

    See Also
    --------
    jacobian : its matrix.

    Notes
    -----
    f(y) = f(x) + J (y - x) + o(‖y - x‖), and no other linear function has this property.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., appendix A.2.

    Examples
    --------
    >>> tangent = linearize(lambda x: x**2, 3.0)
    >>> round(tangent(3.5), 9)
    12.0
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    sampled = _sampled(f, x)
    J, _ = rounded_estimate(*_columns(sampled), x)
    return Linearization(number_or_array(x.copy()), as_result(sampled.value, "f(x)", x), J)


def jacobian_determinant(f: Callable[[Any], Any], x: ArrayLike) -> float:
    """The factor by which a function scales small volumes around a point, with its sign.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns as many real numbers as x has; it is called as `jacobian` does.
    x : array_like of shape (n,), or number
        The point, real.

    Returns
    -------
    float
        det J; f'(x) for a number.

    Raises
    ------
    TypeError
        If f is no function, or x is complex or no numbers.
    ValueError
        If x is empty, not finite or has more than one dimension, f(x) has another shape than x or holds NaN or
        infinity, or f has no finite values on both sides of x.
    numpy.linalg.LinAlgError
        If it exceeds the range of a double.

    See Also
    --------
    mathref.determinant.slogdet : of the Jacobian itself, where the determinant is out of range.

    Notes
    -----
    ∫ g(y) dy = ∫ g(f(x)) |det J(x)| dx for an invertible f: densities change by this factor, as in normalizing flows.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 14.4.

    Examples
    --------
    >>> polar = lambda p: [p[0] * np.cos(p[1]), p[0] * np.sin(p[1])]
    >>> round(jacobian_determinant(polar, [2.0, 0.5]), 9)
    2.0
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    if x.ndim > 1:
        raise ValueError(f"x must be a vector or a number, but its shape is {x.shape}")
    sampled = _sampled(f, x)
    if sampled.value.shape != x.shape:
        raise ValueError(f"f must return the shape of x, {x.shape}, but at x it returned {sampled.value.shape}")
    J, _ = _columns(sampled)
    return number_result(np.asarray(det(J) if x.ndim else J), "the determinant", x)


def jacobian_steps(components: Sequence[dict[tuple[int, ...], float]], x: ArrayLike) -> Working:
    """How the Jacobian of a few polynomials comes about, for pencil and paper.

    Parameters
    ----------
    components : list of dict
        One polynomial for each output, at most 4, as {exponents: coefficient}:
        ``[{(1, 1): 1}, {(1, 0): 1, (0, 1): 1}]`` is (xy, x + y). Exponents are as many as entries of x, from 0 to 9.
    x : array_like of shape (n,)
        Where to take it, real, n at most 4.

    Returns
    -------
    Working
        One step for each row, whose value is the row, and the matrix of shape (m, n).

    Raises
    ------
    TypeError
        If components is no list of dictionaries, a key is no tuple of whole numbers, or x or a coefficient is no real
        number.
    ValueError
        If components is empty or longer than 4, a polynomial is empty, keys do not fit x, n exceeds 4, or a number is
        not finite, or too large or small to read (beyond 1e6, or below 1e-6 and not 0).

    See Also
    --------
    jacobian : of any function, from its values.

    Notes
    -----
    Row t is the gradient of output t. All is computed in fractions.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 14.4.

    Examples
    --------
    >>> jacobian_steps([{(1, 1): 1}, {(1, 0): 1, (0, 1): 1}], [2, 3])
    Jacobian matrix at (2, 3)
    <BLANKLINE>
    1. Row 1: the derivatives of output 1 by each variable.
       ∂f₁/∂x = y = 3
       ∂f₁/∂y = x = 2
    <BLANKLINE>
    2. Row 2: the derivatives of output 2 by each variable.
       ∂f₂/∂x = 1
       ∂f₂/∂y = 1
    <BLANKLINE>
    3. The rows one below the other.
       J = ⎡3  2⎤
           ⎣1  1⎦
    """
    point, fractions = as_point(x, most=4)
    if not isinstance(components, (list, tuple)):
        raise TypeError(f"components must be a list of dictionaries, but it is {components!r:.40}")
    if not 1 <= len(components) <= 4:
        raise ValueError(f"components must be from 1 to 4 for a working to be read, but there are {len(components)}")
    polynomials = [as_terms(terms, f"components[{i}]", len(point)) for i, terms in enumerate(components)]
    return jacobian_working(polynomials, fractions)
