"""Momentum: steps along a running sum of gradients, in which what alternates cancels and what persists adds up."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, digits
from mathref._arguments.examples import as_examples
from mathref._arguments.fading import as_fading
from mathref._arguments.precision import as_precise_as, refuse_overflow
from mathref._arguments.single import as_flag, as_number
from mathref._numerics.descent import Walk, descend
from mathref._numerics.optimisers import Ball
from mathref._numerics.optimisers import bias_correction as sum_of_weights
from mathref._numerics.powers_of_two import scaled_columns, times_powers_of_two
from mathref._workings.momentum import heavy_ball_working
from mathref._workings.steps import Working
from mathref.gradient_descent import Descent

# Averages are taken of numbers as large as this power of two, so that small ones have room below.
_TOP = 1020


class HeavyBall(NamedTuple):
    """The best learning rate and momentum for a quadratic, and the factor by which each step then shrinks the error."""

    learning_rate: float
    beta: float
    rate: float


def exponential_moving_average(x: ArrayLike, beta: float, *, bias_correction: bool = False) -> Array:
    """Running averages in which each number counts less by one factor with each that follows it.

    Parameters
    ----------
    x : array_like of at least one axis
        Real numbers, one after another along the first axis; further axes are averaged side by side.
    beta : float
        Factor by which a number fades with each that follows, at least 0 and less than 1.
    bias_correction : bool, default False
        Whether to divide by the sum of the weights, 1 - βᵗ, which is small at the beginning.

    Returns
    -------
    ndarray of the shape of x
        mₜ = β mₜ₋₁ + (1 - β) xₜ with m₀ = 0; corrected: mₜ / (1 - βᵗ), with t = 1 for the first number.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, beta is no number, or bias_correction no flag.
    ValueError
        If x is empty, a single number or not finite, or beta is not in [0, 1).

    See Also
    --------
    heavy_ball : steps along such an average.
    mathref.adam.bias_correction : the sum of the weights.

    Notes
    -----
    Number i of t has the weight (1 - β) βᵗ⁻ⁱ. Corrected, the first average is the first number, and a constant is its
    own average. About 1/(1 - β) numbers count. Columns are scaled by powers of two, so that an average that fits is not
    lost on the way. O(n).

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, ICLR, section 3.

    Examples
    --------
    >>> exponential_moving_average([4, 4, 4], 0.5)
    array([2. , 3. , 3.5])
    >>> exponential_moving_average([4, 4, 4], 0.5, bias_correction=True)
    array([4., 4., 4.])
    """
    x, beta = as_examples(x, "x"), as_fading(beta, "beta")
    corrected = as_flag(bias_correction, "bias_correction")
    columns = x.reshape(len(x), -1)
    _, exponents = scaled_columns(columns)
    rows = times_powers_of_two(columns.astype(float), _TOP - exponents)
    averages = np.empty_like(rows)
    average = np.zeros(rows.shape[1])
    with np.errstate(under="ignore"):
        for t, row in enumerate(rows, 1):
            average = beta * average + (1 - beta) * row
            averages[t - 1] = average / sum_of_weights(beta, t) if corrected else average
    # No average exceeds the largest number, but by a rounding.
    largest = np.abs(columns).max(axis=0).astype(float)
    averages = np.clip(times_powers_of_two(averages, exponents - _TOP), -largest, largest)
    return np.array(as_precise_as(averages.reshape(x.shape), x))


def heavy_ball(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta: float = 0.9,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Descent with momentum: each step goes along a running sum of the gradients.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Factor of the running sum in each step, greater than 0.
    beta : float, default 0.9
        Momentum: the share of the running sum that is kept, at least 0 and less than 1.
    steps : int, default 1000
        Most steps, at least 0.
    tolerance : float, default 1e-8
        Stop where the Euclidean length of the gradient is at most this and the last move was at most learning_rate
        times this, not negative: a ball that rolls through a minimum goes on.
    loss : callable, optional
        ``loss(x)`` returns the number that is minimized, for the record only.

    Returns
    -------
    Descent
        ``(x, path, losses, converged, reason)``, as from `mathref.gradient_descent.gradient_descent`.

    Raises
    ------
    ValueError
        If start is empty or not finite, learning_rate is not greater than 0, beta is not in [0, 1), or the gradient
        has another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    nesterov : the same, with a look ahead.
    optimal_heavy_ball : the best learning rate and momentum for a quadratic.
    mathref.gradient_descent.gradient_descent : the same without momentum.

    Notes
    -----
    v ← βv + g and x ← x - ηv with the gradient g at x and v = 0 at first, as in torch.optim.SGD without dampening.
    Under a constant gradient the steps grow to η/(1 - β) times it. On a quadratic with curvatures up to L it converges
    for η < 2(1 + β)/L.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods, USSR Comput. Math. Math. Phys. 4.

    Examples
    --------
    >>> descent = heavy_ball(lambda x: 2 * (x - 3), 0.0, 0.1)
    >>> round(descent.x, 6), descent.reason
    (3.0, 'converged')
    >>> heavy_ball(lambda x: x, 1.0, 0.5, beta=0.5, steps=3, tolerance=0.0, loss=lambda x: x * x / 2).path
    array([ 1.  ,  0.5 ,  0.  , -0.25])
    """
    walk = Walk(gradient, start, learning_rate, loss)
    return Descent(*descend(walk, Ball(walk, as_fading(beta, "beta")), steps, tolerance))


def nesterov(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta: float = 0.9,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Descent with Nesterov's momentum: the gradient is taken where the running sum is about to lead.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Factor of each step, greater than 0.
    beta : float, default 0.9
        Momentum: the share of the running sum that is kept, at least 0 and less than 1.
    steps : int, default 1000
        Most steps, at least 0.
    tolerance : float, default 1e-8
        Stop where the Euclidean length of the gradient is at most this and the last move was at most learning_rate
        times this, not negative.
    loss : callable, optional
        ``loss(x)`` returns the number that is minimized, for the record only.

    Returns
    -------
    Descent
        ``(x, path, losses, converged, reason)``, as from `mathref.gradient_descent.gradient_descent`.

    Raises
    ------
    ValueError
        If start is empty or not finite, learning_rate is not greater than 0, beta is not in [0, 1), or the gradient
        has another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    heavy_ball : without the look ahead.

    Notes
    -----
    v ← βv + g and x ← x - η(g + βv), as in torch.optim.SGD(nesterov=True). The points x are those at which the gradient
    is taken, Nesterov's y; his sequence without look ahead is x + ηβv. On a quadratic with curvatures up to L it
    converges for η < 2(1 + β)/((1 + 2β)L).

    References
    ----------
    Nesterov (1983), A method of solving a convex programming problem with convergence rate O(1/k²), Soviet Math. Dokl.
    27; Sutskever, Martens, Dahl and Hinton (2013), On the importance of initialization and momentum in deep learning,
    ICML.

    Examples
    --------
    >>> descent = nesterov(lambda x: 2 * (x - 3), 0.0, 0.1)
    >>> round(descent.x, 6), descent.reason
    (3.0, 'converged')
    >>> nesterov(lambda x: x, 1.0, 0.5, beta=0.5, steps=3, tolerance=0.0, loss=lambda x: x * x / 2).path
    array([ 1.      ,  0.25    , -0.0625  , -0.109375])
    """
    walk = Walk(gradient, start, learning_rate, loss)
    ball = Ball(walk, as_fading(beta, "beta"), looks_ahead=True)
    return Descent(*descend(walk, ball, steps, tolerance))


def optimal_heavy_ball(smallest: float, largest: float) -> HeavyBall:
    """Learning rate and momentum with which a heavy ball converges fastest on a quadratic.

    Parameters
    ----------
    smallest : float
        Smallest curvature μ (eigenvalue of the matrix of second derivatives), greater than 0.
    largest : float
        Largest curvature L, greater than 0 and not below smallest.

    Returns
    -------
    HeavyBall
        ``(learning_rate, beta, rate)``: 4/(√L + √μ)², rate², and (√L - √μ)/(√L + √μ), the factor by which a step
        shrinks the error in the long run.

    Raises
    ------
    TypeError
        If smallest or largest is no number.
    ValueError
        If smallest or largest is not greater than 0 or not finite, or smallest exceeds largest.
    numpy.linalg.LinAlgError
        If the learning rate exceeds the range of doubles.

    See Also
    --------
    heavy_ball : the descent itself.

    Notes
    -----
    With the condition number κ = L/μ the rate is (√κ - 1)/(√κ + 1); without momentum the best is (κ - 1)/(κ + 1). For
    functions with such curvatures that are not quadratic, a heavy ball with these two numbers need not converge.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods, USSR Comput. Math. Math. Phys. 4;
    Lessard, Recht and Packard (2016), Analysis and design of optimization algorithms via integral quadratic
    constraints, SIAM J. Optim. 26.

    Examples
    --------
    >>> optimal_heavy_ball(1, 9)
    HeavyBall(learning_rate=0.25, beta=0.25, rate=0.5)
    """
    smallest, largest = as_number(smallest, "smallest", above=0), as_number(largest, "largest", above=0)
    if smallest > largest:
        raise ValueError(
            f"smallest must be at most largest, but smallest is {digits(smallest)} and largest {digits(largest)}"
        )
    total = math.sqrt(largest) + math.sqrt(smallest)
    learning_rate = (2 / total) * (2 / total)
    refuse_overflow(np.array(learning_rate), "the learning rate")
    rate = min(1.0, (largest - smallest) / total / total)  # not the difference of the roots, which loses digits
    return HeavyBall(learning_rate, rate * rate, rate)


def heavy_ball_steps(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta: float = 0.9,
    steps: int = 3,
) -> Working:
    """How the first steps of a heavy ball come about, for pencil and paper.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start.
    start : array_like of any shape
        First point, real: a number, a vector or a matrix of at most 5 rows and columns.
    learning_rate : float
        Factor of the running sum in each step, greater than 0.
    beta : float, default 0.9
        Momentum: the share of the running sum that is kept, at least 0 and less than 1.
    steps : int, default 3
        Number of steps, from 0 to 20. There are fewer where the ball lies at rest or x runs away.

    Returns
    -------
    Working
        The start, and one step for each point after it, whose value is the point. The last value is the x of
        `heavy_ball` after as many steps, with a tolerance of 0.

    Raises
    ------
    TypeError
        If start is complex, beta no number or steps no integer.
    ValueError
        If start is empty, not finite or too large to read, learning_rate is not greater than 0, beta is not in [0, 1),
        steps is not between 0 and 20, or the gradient has another shape than start or is NaN or infinite.

    See Also
    --------
    heavy_ball : all steps, until the ball is at rest.

    Notes
    -----
    vₖ₊₁ = βvₖ + ∇f(xₖ) and xₖ₊₁ = xₖ - ηvₖ₊₁. The numbers are doubles, shown to six digits.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods, USSR Comput. Math. Math. Phys. 4.

    Examples
    --------
    >>> print(heavy_ball_steps(lambda x: x, 1.0, 0.5, beta=0.5, steps=2))
    Heavy ball with learning rate 0.5 and momentum 0.5
    <BLANKLINE>
    1. The start.
       x₀ = 1
    <BLANKLINE>
    2. Step 1, by the velocity.
       ∇f(x₀) = 1
       v₁ = ∇f(x₀) = 1
       x₁ = x₀ - 0.5 v₁ = 0.5
    <BLANKLINE>
    3. Step 2, by the velocity.
       ∇f(x₁) = 0.5
       v₂ = 0.5 v₁ + ∇f(x₁) = 1
       x₂ = x₁ - 0.5 v₂ = 0
    """
    return heavy_ball_working(gradient, start, learning_rate, beta, steps)
