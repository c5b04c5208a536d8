"""Gradient: the vector of partial derivatives, which points where a function rises fastest."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.results import as_result, number_or_array, number_result
from mathref._arguments.returned import checked_value
from mathref._arguments.single import as_flag, as_function, as_number
from mathref._numerics.powers_of_two import scaled
from mathref._numerics.sampling import Sampled, direction_and_length, rounded_estimate
from mathref._workings.gradient import gradient_working
from mathref._workings.steps import Working
from mathref._workings.terms import as_point, as_terms


class GradientEstimate(NamedTuple):
    """A gradient, and an estimate of the absolute error of each of its entries."""

    gradient: Any
    error: Any


class GradientCheck(NamedTuple):
    """Whether a gradient agrees with differences of its function, and where it agrees least."""

    ok: bool
    relative_error: float
    worst: tuple[int, ...]
    given: Any
    numerical: Any


def gradient(f: Callable[[Any], float], x: ArrayLike, *, return_error: bool = False) -> Any:
    """Gradient of a function from its values alone, to about ten digits where it is smooth.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number. It gets an array of x's shape in float64, or a float if x is a number, and is
        called about 45 times for each entry of x, at most 200 times.
    x : array_like of any shape
        Where to take the gradient, real.
    return_error : bool, default False
        Also return an estimate of the error.

    Returns
    -------
    ndarray or float
        The gradient, in the shape of x. With ``return_error=True`` a `GradientEstimate` ``(gradient, error)``, where
        error holds the estimated absolute error of each entry.

    Raises
    ------
    TypeError
        If f is no function, or x is complex or no numbers.
    ValueError
        If x is empty or not finite, f(x) is NaN, infinite or not a single real number, or f has no finite values on
        both sides of x.

    See Also
    --------
    mathref.backpropagation.grad : all digits in a few times the cost of f, where f is written with a tape's operations.
    check_gradient : compares a gradient that you have derived with this one.

    Notes
    -----
    ∇f = (∂f/∂x₁, …, ∂f/∂xₙ). Each partial derivative is that of `mathref.derivative.derivative`, without a step to
    choose; where its estimated error is large and f takes complex numbers, one step in the imaginary direction sharpens
    it, if both agree. At a kink the error is at least half the jump.

    References
    ----------
    Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4.
    Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40.

    Examples
    --------
    >>> gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[1], [2.0, 1.0]).round(9)
    array([4., 7.])
    >>> slope, error = gradient(np.exp, 0.0, return_error=True)
    >>> round(slope, 9), error < 1e-9
    (1.0, True)
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    return_error = as_flag(return_error, "return_error")
    estimate = GradientEstimate(*rounded_estimate(*_partial_derivatives(f, x), x))
    return estimate if return_error else estimate.gradient


def _partial_derivatives(f: Callable[[Any], float], x: Array) -> tuple[Array, Array]:
    sampled = Sampled(f, x.astype(np.float64))
    pairs = [sampled.derivative_by_entry(index) for index in range(x.size)]
    slopes, errors = (np.array(part).reshape(x.shape) for part in zip(*pairs, strict=True))
    return slopes, errors


def directional_derivative(f: Callable[[Any], float], x: ArrayLike, v: ArrayLike, *, normalize: bool = False) -> float:
    """How fast a function changes as x moves along a vector, in a number of calls that does not grow with x.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number. It gets an array of x's shape in float64, or a float if x is a number, and is
        called at most 400 times.
    x : array_like of any shape
        Where to take the derivative, real.
    v : array_like of any shape
        The direction, real, of x's shape. Its length counts: twice v gives twice the derivative.
    normalize : bool, default False
        Divide v by its length first.

    Returns
    -------
    float
        ∇f(x)·v; 0.0 for v = 0.

    Raises
    ------
    TypeError
        If f is no function, or x or v is complex or no numbers.
    ValueError
        If x or v is empty or not finite, their shapes differ, v is 0 and to be normalized, f(x) is NaN, infinite or
        not a single real number, or f has no finite values on both sides of x.

    See Also
    --------
    gradient : the derivatives along all axes.

    Notes
    -----
    D_v f(x) = lim (f(x + hv) - f(x)) / h. Among all unit vectors ∇f/‖∇f‖ has the largest, ‖∇f‖.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., appendix A.2.

    Examples
    --------
    >>> round(directional_derivative(lambda x: x[0] ** 2 + 3 * x[1], [1.0, 5.0], [1.0, 2.0]), 9)
    8.0
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    normalize = as_flag(normalize, "normalize")
    direction, length = direction_and_length(v, x)
    if normalize and not length:
        raise ValueError("v must not be 0 to be normalized, since it has no direction")
    slope, _ = Sampled(f, x.astype(np.float64)).derivative_along(direction)
    with np.errstate(over="ignore", under="ignore"):
        whole = slope if normalize else slope * length
        return number_result(whole, "the derivative", x, np.asarray(v, dtype=x.dtype))


def check_gradient(
    f: Callable[[Any], float], grad: Callable[[Any], ArrayLike], x: ArrayLike, *, rtol: float = 1e-6
) -> GradientCheck:
    """Compare a gradient that you have derived with differences of its function.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number.
    grad : callable
        ``grad(x)`` returns what should be the gradient, of x's shape. Both get a fresh array of x's shape in float64,
        or a float if x is a number.
    x : array_like of any shape
        Where to compare, real.
    rtol : float, default 1e-6
        Relative error that is still accepted, at least 0.

    Returns
    -------
    GradientCheck
        ``(ok, relative_error, worst, given, numerical)``: relative_error is the largest difference of two entries,
        divided by the largest entry of both gradients (0.0 if all are 0); worst is the index of that difference; ok
        says whether relative_error is at most rtol.

    Raises
    ------
    TypeError
        If f or grad is no function, x or what grad returns is complex or no numbers, or rtol is no number.
    ValueError
        If x is empty or not finite, rtol is negative, grad(x) has another shape than x or is not finite, f(x) is NaN,
        infinite or not a single real number, or f has no finite values on both sides of x.

    See Also
    --------
    gradient : what it is compared with.

    Notes
    -----
    max|given - numerical| / max(max|given|, max|numerical|). A wrong sign gives 2, a lost factor ½ gives 0.5, a good
    gradient 1e-10 or less. At a kink the two may differ rightly.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 8.1.

    Examples
    --------
    >>> check = check_gradient(lambda x: x[0] ** 2 + x[1] ** 2, lambda x: [2 * x[0], x[1]], [1.0, 3.0])
    >>> check.ok, round(check.relative_error, 9), check.worst
    (False, 0.5, (1,))
    """
    f, grad, point = as_function(f, "f"), as_function(grad, "grad"), as_array(x, "x", real=True).astype(np.float64)
    rtol = as_number(rtol, "rtol", least=0.0)
    with np.errstate(all="ignore"):
        value = grad(number_or_array(point.copy()))
    given = checked_value(value, "grad", point.shape).astype(np.float64)
    numerical, _ = _partial_derivatives(f, point)
    scale = max(float(np.abs(given).max()), float(np.abs(numerical).max()))
    with np.errstate(under="ignore"):
        differences = np.abs(given / scale - numerical / scale) if scale else np.zeros(point.shape)
    worst = tuple(int(i) for i in np.unravel_index(int(differences.argmax()), point.shape))
    error = float(differences.max())
    return GradientCheck(error <= rtol, error, worst, number_or_array(given), number_or_array(numerical))


def steepest_direction(f: Callable[[Any], float], x: ArrayLike) -> Any:
    """The unit vector along which a function rises fastest.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number; it is called as `gradient` does.
    x : array_like of any shape
        Where to look, real.

    Returns
    -------
    ndarray or float
        ∇f/‖∇f‖, in the shape of x; its opposite is the direction of steepest descent.

    Raises
    ------
    TypeError
        If f is no function, or x is complex or no numbers.
    ValueError
        If x is empty or not finite, f(x) is NaN, infinite or not a single real number, f has no finite values on both
        sides of x, or the gradient is 0 to within its estimated error, so that no direction is steepest.

    See Also
    --------
    gradient : the vector before it is divided by its length.

    Notes
    -----
    By Cauchy and Schwarz ∇f·u ≤ ‖∇f‖ for a unit vector u, equal for u = ∇f/‖∇f‖. It is the steepest direction where x
    is, and in general not the direction to the highest point.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 2.2.

    Examples
    --------
    >>> steepest_direction(lambda x: 3 * x[0] + 4 * x[1], [0.0, 0.0]).round(9)
    array([0.6, 0.8])
    """
    f, x = as_function(f, "f"), as_array(x, "x", real=True)
    slopes, errors = _partial_derivatives(f, x)
    if (np.abs(slopes) <= errors).all():
        raise ValueError(f"f must have a gradient other than 0 at x, but it is 0 to within {errors.max():.1e}")
    direction, _ = scaled(slopes)
    return as_result(direction / np.sqrt(np.vdot(direction, direction)), "the direction", x)


def gradient_steps(terms: dict[tuple[int, ...], float], x: ArrayLike) -> Working:
    """How the gradient of a polynomial comes about, for pencil and paper.

    Parameters
    ----------
    terms : dict
        The polynomial as {exponents: coefficient}: ``{(2, 1): 1, (0, 1): 3}`` is x²y + 3y. Exponents are as many as
        entries of x, from 0 to 9. Numbers that are the nearest double to a fraction, as 1/3, are taken for it.
    x : array_like of shape (n,)
        Where to take the gradient, real, n at most 4.

    Returns
    -------
    Working
        One step for each variable, whose value is the partial derivative, and the gradient.

    Raises
    ------
    TypeError
        If terms is no dictionary, its keys are no tuples of whole numbers, or x or a coefficient is no real number.
    ValueError
        If terms is empty, its keys do not fit x, n exceeds 4, or a number is not finite, or too large or small to read
        (beyond 1e6, or below 1e-6 and not 0).

    See Also
    --------
    gradient : of any function, from its values.

    Notes
    -----
    For a partial derivative all other variables count as constants: ∂(x²y)/∂x = 2xy. All is computed in fractions.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 13.2.

    Examples
    --------
    >>> gradient_steps({(2, 1): 1, (0, 1): 3}, [2, 1])
    Gradient of f = x² y + 3 y at (2, 1)
    <BLANKLINE>
    1. The derivative by x, with y held fixed.
       ∂f/∂x = 2 x y = 2 · 2 · 1 = 4
    <BLANKLINE>
    2. The derivative by y, with x held fixed.
       ∂f/∂y = x² + 3 = 2² + 3 = 7
    <BLANKLINE>
    3. The partial derivatives together are the gradient.
       ∇f = ⎡4⎤
            ⎣7⎦
    """
    point, fractions = as_point(x, most=4)
    return gradient_working(as_terms(terms, "terms", len(point)), fractions)
