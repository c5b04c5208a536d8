"""Adam: momentum whose entries are divided by the size that their gradients have had, so that all move alike."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from mathref._arguments.fading import as_fading
from mathref._arguments.single import as_integer, as_number
from mathref._numerics import optimisers
from mathref._numerics.descent import Walk, descend
from mathref._numerics.optimisers import Scaled
from mathref._workings.adam import adam_working
from mathref._workings.steps import Working
from mathref.gradient_descent import Descent


def bias_correction(beta: float, t: int) -> float:
    """Sum of the weights of a running average over its first numbers, by which Adam divides.

    Parameters
    ----------
    beta : float
        Factor by which a number fades with each that follows, at least 0 and less than 1.
    t : int
        How many numbers there were, at least 1.

    Returns
    -------
    float
        1 - βᵗ.

    Raises
    ------
    TypeError
        If beta is no number or t no integer.
    ValueError
        If beta is not in [0, 1) or t is less than 1.

    See Also
    --------
    mathref.momentum.exponential_moving_average : the average itself.

    Notes
    -----
    Computed as -expm1(t log β), so that no digit is lost where βᵗ is near 1.

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, ICLR, section 3.

    Examples
    --------
    >>> bias_correction(0.5, 2)
    0.75
    >>> round(bias_correction(0.999, 1), 12)
    0.001
    """
    return optimisers.bias_correction(as_fading(beta, "beta"), as_integer(t, "t", least=1))


def adam(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Descent by a running average of gradients over the root of a running average of their squares.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Length of a step in each entry where the gradient is steady, greater than 0.
    beta1 : float, default 0.9
        Share of the average of gradients that is kept, at least 0 and less than 1.
    beta2 : float, default 0.999
        Share of the average of squares that is kept, at least 0 and less than 1.
    eps : float, default 1e-8
        ε, at least 0, added to the root of the average of squares. Where both are 0 an entry does not move.
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
        If start is empty or not finite, learning_rate is not greater than 0, another option is out of its range, or the
        gradient has another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    adamw : with weight decay.
    mathref.momentum.heavy_ball : without the division.

    Notes
    -----
    m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g², x ← x - η m̂/(√v̂ + ε) with m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ) in step t,
    entry by entry, as in torch.optim.Adam and optax.adam. With ε = 0 a gradient that is multiplied by a number in all
    steps gives the same path. Roots are averaged in place of squares, so that gradients may be as small and as large as
    doubles are. There are convex problems, of gradients that change from step to step, on which it does not converge.

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, ICLR.
    Reddi, Kale and Kumar (2018), On the convergence of Adam and beyond, ICLR.

    Examples
    --------
    >>> descent = adam(lambda x: 2 * (x - 3), 0.0, 0.1, steps=2000)
    >>> round(descent.x, 6), descent.reason
    (3.0, 'converged')
    >>> adam(lambda x: [2, -200], [1, 1], 0.1, beta1=0.9, beta2=0.99, eps=0.0, steps=2, tolerance=0.0).path.round(9)
    array([[1. , 1. ],
           [0.9, 1.1],
           [0.8, 1.2]])
    >>> adam(lambda x: 2 * x, 1.0, 0.5, steps=1, loss=lambda x: x * x).losses.round(6)
    array([1.  , 0.25])
    """
    walk, betas = Walk(gradient, start, learning_rate, loss), (as_fading(beta1, "beta1"), as_fading(beta2, "beta2"))
    rule = Scaled(walk, betas, as_number(eps, "eps", least=0))
    return Descent(*descend(walk, rule, steps, tolerance))


def adamw(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    weight_decay: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Adam with decoupled weight decay: besides its step, x shrinks by a share of itself.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Length of a step in each entry where the gradient is steady, greater than 0.
    weight_decay : float, default 0.01
        λ, at least 0: each step multiplies x by 1 - learning_rate λ besides.
    beta1 : float, default 0.9
        Share of the average of gradients that is kept, at least 0 and less than 1.
    beta2 : float, default 0.999
        Share of the average of squares that is kept, at least 0 and less than 1.
    eps : float, default 1e-8
        ε, at least 0, added to the root of the average of squares. Where both are 0 an entry does not move.
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
        If start is empty or not finite, learning_rate is not greater than 0, another option is out of its range, or the
        gradient has another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    adam : without decay.

    Notes
    -----
    x ← (1 - ηλ)x - η m̂/(√v̂ + ε), with the gradient taken before the decay, as in torch.optim.AdamW (λ = 0.01 by
    default there; optax.adamw has 0.0001). A penalty λ‖x‖²/2 in the loss is something else: its gradient λx is divided
    by √v̂ like any other, and its size is lost. Where the whole gradient is 0 at the start, the descent has converged
    there, and nothing decays.

    References
    ----------
    Loshchilov and Hutter (2019), Decoupled weight decay regularization, ICLR.

    Examples
    --------
    >>> adamw(lambda x: [0, 5], [1, 1], 0.1, weight_decay=0.01, eps=0.0, steps=1, tolerance=0.0).x.round(9)
    array([0.999, 0.899])
    >>> descent = adamw(lambda x: x - [1, 3], [2, 2], 0.1, beta1=0.9, beta2=0.99, eps=1e-8, steps=1)
    >>> descent.x.round(6)
    array([1.898, 2.098])
    >>> adamw(lambda x: 2 * x, 1.0, 0.5, steps=1, loss=lambda x: x * x).losses.round(6)
    array([1.      , 0.245025])
    """
    walk, betas = Walk(gradient, start, learning_rate, loss), (as_fading(beta1, "beta1"), as_fading(beta2, "beta2"))
    decay = as_number(weight_decay, "weight_decay", least=0)
    rule = Scaled(walk, betas, as_number(eps, "eps", least=0), weight_decay=decay)
    return Descent(*descend(walk, rule, steps, tolerance))


def rmsprop(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta: float = 0.99,
    eps: float = 1e-8,
    steps: int = 1000,
    tolerance: float = 1e-8,
    loss: Callable[[Any], float] | None = None,
) -> Descent:
    """Descent by the gradient over the root of a running average of its square.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start. It gets x as a read-only array, or as a
        float if start is a number.
    start : array_like of any shape
        First point, real. float32 is computed in float32, all else in float64.
    learning_rate : float
        Length of a step in each entry where the gradient is steady, greater than 0.
    beta : float, default 0.99
        Share of the average of squares that is kept, at least 0 and less than 1.
    eps : float, default 1e-8
        ε, at least 0, added to the root of the average of squares. Where both are 0 an entry does not move.
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
        If start is empty or not finite, learning_rate is not greater than 0, another option is out of its range, or the
        gradient has another shape than start or is NaN or infinite at a moderate point.

    See Also
    --------
    adam : with momentum and bias correction.

    Notes
    -----
    v ← βv + (1 - β)g² and x ← x - ηg/(√v + ε), as in torch.optim.RMSprop; optax.rmsprop has β = 0.9 and ε inside the
    root. Without bias correction the first steps are long: η/√(1 - β), which is 10 η for 0.99.

    References
    ----------
    Tieleman and Hinton (2012), Lecture 6.5: RMSprop, Coursera: Neural Networks for Machine Learning.

    Examples
    --------
    >>> rmsprop(lambda x: 2 * x, 4.0, 0.1, beta=0.99, eps=0.0, steps=1, tolerance=0.0).path.round(9)
    array([4., 3.])
    >>> rmsprop(lambda x: 2 * x, 4.0, 0.1, steps=1, loss=lambda x: x * x).losses.round(6)
    array([16.,  9.])
    """
    walk = Walk(gradient, start, learning_rate, loss)
    rule = Scaled(walk, (0.0, as_fading(beta, "beta")), as_number(eps, "eps", least=0), corrected=False)
    return Descent(*descend(walk, rule, steps, tolerance))


def adam_steps(
    gradient: Callable[[Any], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    steps: int = 1,
) -> Working:
    """How the first steps of Adam come about, for pencil and paper.

    Parameters
    ----------
    gradient : callable
        ``gradient(x)`` returns the gradient at x, with the shape of start.
    start : array_like of any shape
        First point, real: a number, a vector or a matrix of at most 5 rows and columns.
    learning_rate : float
        Length of a step in each entry where the gradient is steady, greater than 0.
    beta1 : float, default 0.9
        Share of the average of gradients that is kept, at least 0 and less than 1.
    beta2 : float, default 0.999
        Share of the average of squares that is kept, at least 0 and less than 1.
    eps : float, default 1e-8
        ε, at least 0, added to the root of the average of squares.
    steps : int, default 1
        Number of steps, from 0 to 5. There are fewer where all is at rest or x runs away.

    Returns
    -------
    Working
        The start, and for each step the average of gradients m, that of squares v, both corrected, and the point. The
        last value is the x of `adam` after as many steps, with a tolerance of 0.

    Raises
    ------
    TypeError
        If start is complex, an option no number or steps no integer.
    ValueError
        If start is empty, not finite or too large to read, an option is out of its range, or the gradient has another
        shape than start or is NaN or infinite.
    numpy.linalg.LinAlgError
        If a squared gradient exceeds the range of doubles.

    See Also
    --------
    adam : all steps.

    Notes
    -----
    Both averages begin at 0, and are divided by what their weights add up to. The numbers are doubles, shown to six
    digits.

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, ICLR, algorithm 1.

    Examples
    --------
    >>> working = adam_steps(lambda x: 2 * x, 1.0, 0.1, beta1=0.9, beta2=0.999, eps=1e-8, steps=1)
    >>> [round(step.value, 6) for step in working]
    [1.0, 0.2, 0.004, 2.0, 4.0, 0.9]
    >>> print(working[3].text)
    m̂₁ = m₁ / 0.1 = 2
    """
    betas = as_fading(beta1, "beta1"), as_fading(beta2, "beta2")
    return adam_working(gradient, start, learning_rate, betas, as_number(eps, "eps", least=0), steps)
