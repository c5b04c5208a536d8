"""Derivative: the slope of a function at a point, the limit of the slopes of its secants."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array, refuse_beyond
from mathref._arguments.results import as_result
from mathref._arguments.returned import checked_value
from mathref._arguments.shapes import as_vector
from mathref._arguments.single import as_choice, as_flag, as_function, as_number
from mathref._numerics.quotients import Kind, central, left, right, second
from mathref._numerics.sampling import Sampled, rounded_estimate, small_step
from mathref._workings.derivative import derivative_working
from mathref._workings.steps import Working

_EPS = 2.0**-52
_LARGEST_BENT = 1e150  # of larger x the square of a step does not fit
_MOST_STEP = 1e300  # of a larger one the multiples are no doubles, or none beside x
_LEAST_STEPPED = 1e-299  # a smaller x would have an imaginary step of fewer than 14 digits
_KINDS = {"both": central, "left": left, "right": right}
# The power of eps at which rounding and truncation balance.
_POWERS = {"forward": 1 / 2, "backward": 1 / 2, "central": 1 / 3, "five-point": 1 / 5}


class DerivativeEstimate(NamedTuple):
    """A derivative, and an estimate of its absolute error."""

    derivative: Any
    error: Any


def derivative(f: Callable[[float], float], x: ArrayLike, *, side: str = "both", return_error: bool = False) -> Any:
    """Derivative of a function of one number from its values alone, without a step to choose.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number; it gets a float, about 45 times for each entry of x, at most 200 times.
    x : array_like of any shape
        Where to take the derivative, real: a number, or an array whose entries are taken one by one.
    side : {"both", "left", "right"}, default "both"
        Which side of x counts. "left" and "right" use x and points on that side only.
    return_error : bool, default False
        Also return an estimate of the error.

    Returns
    -------
    float or ndarray
        f'(x), in the shape of x. With ``return_error=True`` a `DerivativeEstimate` ``(derivative, error)``.

    Raises
    ------
    TypeError
        If f is no function, or x is no real number.
    ValueError
        If x is not finite, f(x) is NaN, infinite or not one real number, or f has no finite values beside x on the
        side that is asked for (on both, by default).

    See Also
    --------
    complex_step : all digits, where f takes complex numbers.
    finite_difference : one secant, as the definition has it.

    Notes
    -----
    f'(x) = lim (f(x + h) - f(x - h)) / 2h for h → 0. The quotients at h = 0.24, 0.12, … times 1 and times |x| are
    extrapolated to h = 0 (Richardson). The value whose error estimate is least is taken; where f is smooth it has ten
    digits or more. The estimate counts what all smaller steps show of noise in f. Where f has a kink there is no
    derivative: the result lies between the slopes of both sides, and the error is at least half the jump.

    References
    ----------
    Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4.

    Examples
    --------
    >>> import math
    >>> round(derivative(math.sin, 1.0), 10) == round(math.cos(1.0), 10)
    True
    >>> derivative(lambda x: x**2, [1.0, 2.0, 3.0]).round(9)
    array([2., 4., 6.])
    >>> derivative(abs, 0.0, side="right"), derivative(abs, 0.0, return_error=True)
    (1.0, DerivativeEstimate(derivative=0.0, error=1.0))
    """
    kind = _KINDS[as_choice(side, "side", list(_KINDS))]
    return _estimate(f, x, kind, return_error)


def second_derivative(f: Callable[[float], float], x: ArrayLike, *, return_error: bool = False) -> Any:
    """Second derivative of a function of one number from its values alone: how fast its slope changes.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number; it gets a float, about 45 times for each entry of x, at most 200 times.
    x : array_like of any shape
        Where to take it, real: a number, or an array whose entries are taken one by one.
    return_error : bool, default False
        Also return an estimate of the error.

    Returns
    -------
    float or ndarray
        f''(x), in the shape of x. With ``return_error=True`` a `DerivativeEstimate` ``(derivative, error)``.

    Raises
    ------
    TypeError
        If f is no function, or x is no real number.
    ValueError
        If x is not finite or beyond 1e150, f(x) is NaN, infinite or not one real number, or f is not finite on both
        sides of x.

    See Also
    --------
    derivative : the slope itself.

    Notes
    -----
    f''(x) = lim (f(x + h) - 2 f(x) + f(x - h)) / h², extrapolated to h = 0 as in `derivative`. Rounding costs more
    digits here, since h is squared: about eight are left.

    References
    ----------
    Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4.

    Examples
    --------
    >>> round(second_derivative(lambda x: x**3, 2.0), 6)
    12.0
    """
    return _estimate(f, x, second, return_error)


def _estimate(f: Callable[[float], float], x: ArrayLike, kind: Kind, return_error: bool) -> Any:
    f, points = as_function(f, "f"), as_array(x, "x", real=True)
    return_error = as_flag(return_error, "return_error")
    if kind is second:
        refuse_beyond(points, "x", 5e-324, _LARGEST_BENT, "let f take x divided by a power of 10")
    pairs = [Sampled(f, np.array(point)).derivative_by_entry(0, kind) for point in points.astype(np.float64).flat]
    slope, error = (np.array(part).reshape(points.shape) for part in zip(*pairs, strict=True))
    estimate = DerivativeEstimate(*rounded_estimate(slope, error, points))
    return estimate if return_error else estimate.derivative


def finite_difference(
    f: Callable[[float], float], x: ArrayLike, h: float | None = None, *, scheme: str = "central"
) -> Any:
    """Difference quotient of a function, exactly as its formula says.

    Parameters
    ----------
    f : callable
        ``f(x)`` returns a real number; it gets a float.
    x : array_like of any shape
        Where to take it, real: a number, or an array whose entries are taken one by one.
    h : float, optional
        The step, greater than 0 and below 1e300. None takes `step_size` of each x.
    scheme : {"forward", "backward", "central", "five-point"}, default "central"
        Which formula.

    Returns
    -------
    float or ndarray
        The quotient, in the shape of x.

    Raises
    ------
    TypeError
        If f is no function, or x or h is no real number.
    ValueError
        If h is not greater than 0 or not below 1e300, scheme is unknown, or f is NaN, infinite or not one real number
        where it is asked.
    numpy.linalg.LinAlgError
        If the quotient exceeds the range of a double.

    See Also
    --------
    derivative : the limit of such quotients, with as many digits as f allows.

    Notes
    -----
    With f₊ = f(x + h) and f₋ = f(x - h): forward (f₊ - f(x)) / h, off by h f''/2; backward (f(x) - f₋) / h; central
    (f₊ - f₋) / 2h, off by h² f'''/6; five-point (f(x - 2h) - 8 f₋ + 8 f₊ - f(x + 2h)) / 12h, off by h⁴ f⁽⁵⁾/30.
    Rounding adds about eps |f| / h, so that a smaller step is not always a better one.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 8.1.

    Examples
    --------
    >>> import math
    >>> finite_difference(lambda x: x**2, 3.0, 0.5, scheme="forward")
    6.5
    >>> finite_difference(math.sin, 1.0, 1e-16, scheme="forward")
    0.0
    """
    f, points = as_function(f, "f"), as_array(x, "x", real=True)
    formula = _SCHEMES[as_choice(scheme, "scheme", list(_SCHEMES))]
    step = None if h is None else as_number(h, "h", above=0.0, below=_MOST_STEP)

    def value(x: float) -> float:
        return float(checked_value(f(x), "f", (), f"at {x!r}"))

    with np.errstate(all="ignore"):
        quotients = [
            formula(value, point, _step(point, scheme) if step is None else step)
            for point in points.astype(np.float64).ravel().tolist()
        ]
    return _as_given(np.reshape(quotients, points.shape), points, "the difference quotient")


def _forward(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x)) / h


def _backward(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x) - f(x - h)) / h


def _central(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def _five_point(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h)


_SCHEMES = {"forward": _forward, "backward": _backward, "central": _central, "five-point": _five_point}


def step_size(x: ArrayLike, *, scheme: str = "central") -> Any:
    """The step at which rounding and truncation of a difference quotient are about equal.

    Parameters
    ----------
    x : array_like of any shape
        Where the quotient is taken, real.
    scheme : {"forward", "backward", "central", "five-point"}, default "central"
        Formula of the quotient.

    Returns
    -------
    float or ndarray
        eps^(1/2) (forward, backward), eps^(1/3) (central) or eps^(1/5) (five-point) times max(1, |x|), with
        eps = 2⁻⁵², in the shape of x.

    Raises
    ------
    TypeError
        If x is not real numbers.
    ValueError
        If x is empty or not finite, or scheme is unknown.

    See Also
    --------
    finite_difference : uses it unless it is given a step.

    Notes
    -----
    Where f changes over lengths of about max(1, |x|), the error hᵖ of the formula equals the eps / h of rounding near
    h = eps^(1/(p+1)): p is 1, 2 and 4 here.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., section 8.1.

    Examples
    --------
    >>> step_size(1.0, scheme="forward") == 2.0**-26
    True
    >>> round(step_size(100.0), 8)
    0.00060555
    """
    points = as_array(x, "x", real=True)
    scheme = as_choice(scheme, "scheme", list(_SCHEMES))
    steps = [_step(point, scheme) for point in points.astype(np.float64).ravel().tolist()]
    return _as_given(np.reshape(steps, points.shape), points, "the step")


def _step(x: float, scheme: str) -> float:
    return float(_EPS ** _POWERS[scheme] * max(1.0, abs(x)))


def complex_step(f: Callable[[complex], complex], x: ArrayLike, h: float | None = None) -> Any:
    """Derivative of an analytic function from one step in the imaginary direction, to all digits.

    Parameters
    ----------
    f : callable
        ``f(z)`` returns a complex number, real for real z; it gets a Python complex.
    x : array_like of any shape
        Where to take the derivative, real: a number, or an array whose entries are taken one by one.
    h : float, optional
        The step, greater than 0. None takes one so small that it does not matter.

    Returns
    -------
    float or ndarray
        f'(x), in the shape of x.

    Raises
    ------
    TypeError
        If f refuses complex numbers or returns a real one, or x or h is no real number.
    ValueError
        If h is not greater than 0 or is not given beside an x other than 0 of modulus below 1e-299, or f(x + ih) is NaN
        or infinite.
    numpy.linalg.LinAlgError
        If the derivative exceeds the range of a double.

    See Also
    --------
    derivative : for any function of real numbers.

    Notes
    -----
    f(x + ih) = f(x) + i h f'(x) - h² f''(x)/2 - …, so that f'(x) = Im f(x + ih) / h up to h² f'''/6. Nothing is
    subtracted, so nothing cancels however small h is. With ``abs``, ``.real`` or a comparison inside f it is wrong.

    References
    ----------
    Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40.

    Examples
    --------
    >>> import cmath
    >>> complex_step(cmath.exp, 0.0)
    1.0
    >>> complex_step(lambda z: z**3, 2.0, 1e-20)
    12.0
    """
    f, points = as_function(f, "f"), as_array(x, "x", real=True)
    given = None if h is None else as_number(h, "h", above=0.0)
    sizes = np.abs(points)
    if given is None and ((sizes > 0) & (sizes < _LEAST_STEPPED)).any():
        raise ValueError(
            "x must be 0 or at least 1e-299 in modulus where no h is given, but an entry is "
            f"{sizes[sizes > 0].min().item():.1e}: a step beside it would lose digits"
        )
    with np.errstate(all="ignore"):
        slopes = [
            _imaginary_part(f, point, step) / step
            for point in points.astype(np.float64).ravel().tolist()
            for step in [given or small_step(point)]
        ]
    return _as_given(np.reshape(slopes, points.shape), points, "the derivative")


def _imaginary_part(f: Callable[[complex], complex], x: float, h: float) -> float:
    try:
        value = f(complex(x, h))
    except TypeError as error:
        raise TypeError(
            f"f must take complex numbers, but it does not: {error}; use cmath or numpy, or derivative"
        ) from error
    number = np.asarray(value)
    if number.dtype.kind != "c":
        raise TypeError(f"f must return a complex number for a complex one, but it returned {value!r:.40}")
    if number.shape:
        raise ValueError(f"f must return one number, but it returned an array of shape {number.shape}")
    if not np.isfinite(number):
        raise ValueError(f"f must return a finite number, but near {x!r} it returned {number.item()}")
    return float(number.imag)


def _as_given(result: Array, points: Array, what: str) -> Any:
    return as_result(result + 0.0, what, points)


def derivative_steps(coefficients: ArrayLike, x: float) -> Working:
    """How the derivative of a polynomial comes about, for pencil and paper.

    Parameters
    ----------
    coefficients : array_like of shape (n,)
        Real coefficients, highest power first, at most 7: ``[1, 0, -4]`` is x² - 4. Numbers that are the nearest double
        to a fraction, as 1/3, are taken for it.
    x : float
        Where to take the derivative.

    Returns
    -------
    Working
        One step for each power from 1 on that has a coefficient other than 0, whose value is its slope, and the sum.
        The last value is f'(x).

    Raises
    ------
    TypeError
        If coefficients or x are not real numbers.
    ValueError
        If coefficients are no vector, empty, or more than 7, or a number is not finite, or too large or small to read
        (beyond 1e6, or below 1e-6 and not 0).

    See Also
    --------
    derivative : of any function, from its values.

    Notes
    -----
    (a xᵏ)' = k a xᵏ⁻¹, and the derivative of a sum is the sum of the derivatives. All is computed in fractions.

    References
    ----------
    Strang (2017), Calculus, 3rd ed., section 2.2.

    Examples
    --------
    >>> derivative_steps([1, 0, -4], 3)
    Derivative of f(x) = x² - 4 at 3
    <BLANKLINE>
    1. The power comes down as a factor, and is one less.
       (x²)' = 2 x = 2 · 3 = 6
    <BLANKLINE>
    2. The slope of a sum is the sum of the slopes.
       f'(3) = 6
    """
    array = as_vector(coefficients, "coefficients", real=True)
    return derivative_working(array, np.array(as_number(x, "x")))
