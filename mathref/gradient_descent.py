"""Gradient descent: reach a low point of a function by small steps against its gradient."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.single import as_integer, as_number
from mathref._numerics.descent import Walk, descend, square_of
from mathref._workings.gradient_descent import gradient_descent_working
from mathref._workings.steps import Working
from mathref.gradient import gradient as gradient_from_values


class Descent(NamedTuple):
    """Where a descent ended, how it got there, and why it stopped."""

    x: Any
    path: Array
    losses: Array
    converged: bool
    reason: str


def gradient_descent(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Descent by steps against the gradient, each as long as the learning rate times the gradient.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Factor of the gradient in each step, greater than 0.
    steps : int, default 1000
        Most steps, at least 0.
    tolerance : float, default 1e-8
        Stop where the Euclidean length of the gradient is at most this, not negative.
    loss : callable, optional
        ``loss(x)`` returns the number that is minimized, for the record only.

    Returns
    -------
    Descent
        ``(x, path, losses, converged, reason)``: the last point; all points, shape (k + 1, *shape of start) after k
        steps; the loss at each of them, or an empty array without `loss`; whether the tolerance was met; and why the
        descent ended: ``"converged"``, ``"steps"`` (all of them taken) or ``"diverged"``. If start is a number, so is
        x, and path has shape (k + 1,).

    Raises
    ------
    ValueError
        If start is empty or not finite, learning_rate is not greater than 0, or the gradient has another shape than
        start or is NaN or infinite at a moderate point.

    See Also
    --------
    numerical_gradient : a gradient from the function itself.
    minibatch_gradient_descent : for a sum over many examples.

    Notes
    -----
    xₖ₊₁ = xₖ - η ∇f(xₖ). Where the gradient's Lipschitz constant is L, η < 2/L makes f fall with each step. The limit
    is a point where the gradient is 0: not always a minimum, rarely the lowest. "Diverged" means that x is more than
    10⁶ times as long as the start's largest entry (or 1) while the gradient is larger than ever before, or that x
    passes 10¹⁰⁰.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., chapter 3.

    Examples
    --------
    >>> descent = gradient_descent(lambda x: 2 * (x - 3), 0.0, 0.1)
    >>> round(descent.x, 6), descent.reason
    (3.0, 'converged')
    >>> gradient_descent(lambda x: 2 * x, [1.0], 1.1).reason
    'diverged'
    >>> gradient_descent(lambda x: 2 * x, [1.0, 2.0], 0.25, steps=2, loss=lambda x: x @ x).losses
    array([5.    , 1.25  , 0.3125])
    """
    walk = Walk(gradient, start, learning_rate, loss)
    return Descent(*descend(walk, lambda slope: walk.learning_rate * slope, steps, tolerance, rolls=False))


def stochastic_gradient_descent(
    gradient: Callable[[Any, Array], ArrayLike],
    data: ArrayLike,
    start: ArrayLike,
    learning_rate: float,
    *,
    epochs: int = 100,
    seed: int = 0,
    tolerance: float = 0.0,
    loss: Callable[[Any, Array], float] | None = None,
) -> Descent:
    """Descent that looks at one randomly chosen example per step.

    Parameters
    ----------
    gradient : callable
        ``gradient(x, rows)`` returns the mean gradient over the examples in rows, with the shape of start. Here rows
        holds one example: its shape is (1, ...).
    data : array_like of shape (n, ...)
        Numbers, one example along the first axis.
    start : array_like of any shape
        First point, real.
    learning_rate : float
        Factor of the gradient in each step, greater than 0.
    epochs : int, default 100
        Most passes through the data, at least 0.
    seed : int, default 0
        Seed of the order of the examples, not negative: the same seed gives the same path.
    tolerance : float, default 0.0
        Stop after an epoch that moved x by at most this, not negative.
    loss : callable, optional
        ``loss(x, rows)`` returns the mean loss over the examples in rows, for the record only.

    Returns
    -------
    Descent
        As from `minibatch_gradient_descent`.

    Raises
    ------
    ValueError
        As in `minibatch_gradient_descent`.

    See Also
    --------
    minibatch_gradient_descent : several examples per step.

    Notes
    -----
    The gradient of one random example is right on average but noisy, so that with a fixed learning rate x ends up
    moving about the minimum rather than resting in it.

    References
    ----------
    Robbins and Monro (1951), A stochastic approximation method, Ann. Math. Statist. 22.

    Examples
    --------
    >>> data = [1.0, 2.0, 3.0, 6.0]
    >>> descent = stochastic_gradient_descent(lambda x, rows: (x - rows).mean(), data, 0.0, 0.01)
    >>> abs(descent.x - 3.0) < 0.2
    True
    >>> def slope(x, rows):
    ...     return 2 * (x - rows[0])
    >>> def loss(x, rows):
    ...     return ((x - rows) ** 2).sum()
    >>> stochastic_gradient_descent(slope, [[1, 2]], [0, 0], 0.25, epochs=2, loss=loss).losses
    array([5.    , 1.25  , 0.3125])
    """
    return minibatch_gradient_descent(
        gradient, data, start, learning_rate, 1, epochs=epochs, seed=seed, tolerance=tolerance, loss=loss
    )


def minibatch_gradient_descent(
    gradient: Callable[[Any, Array], ArrayLike],
    data: ArrayLike,
    start: ArrayLike,
    learning_rate: float,
    batch_size: int,
    *,
    epochs: int = 100,
    seed: int = 0,
    tolerance: float = 0.0,
    loss: Callable[[Any, Array], float] | None = None,
) -> Descent:
    """Descent that averages the gradient over a few examples per step.

    Parameters
    ----------
    gradient : callable
        ``gradient(x, rows)`` returns the mean gradient over the examples in rows, with the shape of start.
    data : array_like of shape (n, ...)
        Numbers, one example along the first axis.
    start : array_like of any shape
        First point, real.
    learning_rate : float
        Factor of the gradient in each step, greater than 0.
    batch_size : int
        Number of examples per step, from 1 to n. The last batch of an epoch is smaller if n is no multiple of it.
    epochs : int, default 100
        Most passes through the data, at least 0; for each the examples are shuffled anew.
    seed : int, default 0
        Seed of the order of the examples, not negative: the same seed gives the same path.
    tolerance : float, default 0.0
        Stop after an epoch that moved x by at most this, not negative.
    loss : callable, optional
        ``loss(x, rows)`` returns the mean loss over the examples in rows, for the record only.

    Returns
    -------
    Descent
        ``(x, path, losses, converged, reason)``: the last point; all points, one after each step; the loss at each of
        them over the batch used there (at the last point, the last batch), or an empty array without `loss`; whether
        the tolerance was met; and why the descent ended: ``"converged"``, ``"epochs"`` or ``"diverged"``.

    Raises
    ------
    ValueError
        If batch_size is not between 1 and n, an argument is empty, not finite or out of range, or the gradient has
        another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    gradient_descent : all examples in each step.
    stochastic_gradient_descent : one example per step.

    Notes
    -----
    The noise of a mean over b examples falls as 1/√b while its cost grows as b. The gradient is averaged inside each
    batch, and x moves after each batch.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.1.3.

    Examples
    --------
    >>> data = [1.0, 2.0, 3.0, 6.0]
    >>> descent = minibatch_gradient_descent(lambda x, rows: (x - rows).mean(), data, 0.0, 0.1, batch_size=4)
    >>> round(descent.x, 3), len(descent.path), descent.reason
    (3.0, 101, 'epochs')
    >>> def slope(x, rows):
    ...     return x - rows.mean(axis=0)
    >>> def loss(x, rows):
    ...     return ((x - rows) ** 2).mean()
    >>> minibatch_gradient_descent(slope, [[1, 2], [3, 2]], [0, 0], 0.5, 2, epochs=1, loss=loss).losses
    array([4.5, 1.5])
    """
    walk = Walk(gradient, start, learning_rate, loss)
    data = as_array(data, "data")
    if data.ndim == 0:
        raise ValueError(f"data must hold one example after another, but it is one number; write [{data.item()}]")
    batch_size = as_integer(batch_size, "batch_size", least=1, most=len(data))
    epochs, tolerance = as_integer(epochs, "epochs", least=0), as_number(tolerance, "tolerance", least=0)
    random, unshuffled = np.random.default_rng(as_integer(seed, "seed", least=0)), np.arange(len(data))
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            before, order = walk.x, unshuffled.copy()
            random.shuffle(order)  # what random.permutation does, in less time
            shuffled = data.take(order, axis=0)
            for first in range(0, len(data), batch_size):
                seen = walk.look(shuffled[first : first + batch_size])
                if not (seen and walk.move(walk.learning_rate * walk.slope)):
                    return Descent(*walk.end(), False, "diverged")
            if math.sqrt(square_of(walk.x - before)) <= tolerance:
                return Descent(*walk.end(), True, "converged")
        return Descent(*walk.end(), False, "epochs")


def numerical_gradient(f: Callable[[Any], float], x: ArrayLike, *, return_error: bool = False) -> Any:
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
        The gradient, in the shape of x. With ``return_error=True`` a `mathref.gradient.GradientEstimate`
        ``(gradient, error)``, where error holds the estimated absolute error of each entry.

    Raises
    ------
    ValueError
        If f(x) is NaN, infinite or not a single real number, or f has no finite values on both sides of x.

    See Also
    --------
    gradient_descent : what the gradient is for.

    Notes
    -----
    It is `mathref.gradient.gradient`, bit by bit: central differences for many steps, extrapolated to step 0
    (Richardson), so that no step is chosen. Steps that leave the domain of f are passed over. Where f has a kink there
    is no derivative: the error is then at least half the jump of the slope.

    References
    ----------
    Ridders (1982), Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4.

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] ** 2 + 3 * x[1], [1.0, 2.0]).round(9)
    array([2., 3.])
    >>> gradient, error = numerical_gradient(np.exp, 0.0, return_error=True)
    >>> round(gradient, 9), error < 1e-9
    (1.0, True)
    """
    return gradient_from_values(f, x, return_error=return_error)


def gradient_descent_steps(
    gradient: Callable[[Any], ArrayLike], start: ArrayLike, learning_rate: float, *, steps: int = 3
) -> Working:
    """How the first steps of a descent come about, for pencil and paper.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start.
    start : array_like of any shape
        First point, real: a number, a vector or a matrix of at most 5 rows and columns.
    learning_rate : float
        Factor of the gradient in each step, greater than 0.
    steps : int, default 3
        Number of steps, from 0 to 20. There are fewer where the gradient is 0 or x runs away.

    Returns
    -------
    Working
        The start, and one step for each point after it, whose value is the point. The last value is the x of
        `gradient_descent` after as many steps, with a tolerance of 0.

    Raises
    ------
    TypeError
        If start is complex or steps is no integer.
    ValueError
        If start is empty, not finite or too large to read, learning_rate is not greater than 0, steps is not between 0
        and 20, or the gradient has another shape than start or is NaN or infinite.

    See Also
    --------
    gradient_descent : all steps, until the gradient is 0.

    Notes
    -----
    xₖ₊₁ = xₖ - η ∇f(xₖ). The numbers are doubles, shown to six digits.

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, 2nd ed., chapter 3.

    Examples
    --------
    >>> print(gradient_descent_steps(lambda x: 2 * (x - 3), 0.0, 0.25, steps=1))
    Gradient descent with learning rate 0.25
    <BLANKLINE>
    1. The start.
       x₀ = 0
    <BLANKLINE>
    2. Step 1, against the gradient.
       ∇f(x₀) = -6
       x₁ = x₀ - 0.25 ∇f(x₀) = 1.5
    >>> gradient_descent_steps(lambda x: 2 * x, [1, 2], 0.25, steps=2).result
    array([0.25, 0.5 ])
    """
    return gradient_descent_working(gradient, start, learning_rate, steps)
