"""Backpropagation: all derivatives of one number in one pass backwards, by a tape of what was computed."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.examples import as_axes
from mathref._arguments.layers import as_examples, as_layers
from mathref._arguments.precision import refuse_overflow
from mathref._arguments.results import number_or_array
from mathref._arguments.single import as_choice, as_function, as_number
from mathref._workings.backpropagation import backpropagation_working
from mathref._workings.steps import Working

# For each operation, what becomes of an upstream gradient g for each operand, from the result y and the operands. Where
# an operand was broadcast, `_fitted` sums afterwards.
_RULES: dict[np.ufunc, tuple[Callable[..., Any], ...]] = {
    np.add: (lambda g, y, a, b: g, lambda g, y, a, b: g),
    np.subtract: (lambda g, y, a, b: g, lambda g, y, a, b: -g),
    np.multiply: (lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    np.divide: (lambda g, y, a, b: g / b, lambda g, y, a, b: -g * (y / b)),
    np.power: (lambda g, y, a, b: g * _power_by_base(a, b), lambda g, y, a, b: g * _power_by_exponent(y, a, b)),
    np.matmul: (lambda g, y, a, b: _matmul_by_left(g, a, b), lambda g, y, a, b: _matmul_by_right(g, a, b)),
    np.maximum: (lambda g, y, a, b: g * _share(a, b), lambda g, y, a, b: g * _share(b, a)),
    np.negative: (lambda g, y, a: -g,),
    np.exp: (lambda g, y, a: g * y,),
    np.log: (lambda g, y, a: g / a,),
    np.sqrt: (lambda g, y, a: g / (2 * y),),
    np.sin: (lambda g, y, a: g * np.cos(a),),
    np.cos: (lambda g, y, a: -g * np.sin(a),),
    np.tanh: (lambda g, y, a: g * (1 - y * y),),
    np.absolute: (lambda g, y, a: g * np.sign(a),),
}


def _both_sides(operation: np.ufunc) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What an operator does with a variable on its left, and on its right."""
    return (lambda self, other: _applied(operation, self, other)), (
        lambda self, other: _applied(operation, other, self)
    )


class Variable:
    """A value on the tape: it remembers what it was made of, and how a gradient goes back to that.

    Parameters
    ----------
    value : array_like of any shape
        Real numbers; float32 stays float32.

    Attributes
    ----------
    value : ndarray
        The numbers.
    grad : ndarray or None
        After `backward` of a result, its derivative by this variable; of value's shape and type.

    Notes
    -----
    Operators and NumPy's functions for which there is a rule make new variables. Nothing is changed in place.

    Examples
    --------
    >>> x = Variable([1.0, 2.0])
    >>> y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    array([2., 4.])
    """

    __slots__ = ("__weakref__", "grad", "operands", "operation", "rules", "value")

    def __init__(self, value: ArrayLike) -> None:
        self.value: Array = np.array(_array(value, "value"))  # which the caller may go on to change
        self.grad: Array | None = None
        self.operation = ""
        self.operands: tuple[Any, ...] = ()
        # For each operand the function that takes a gradient of this variable to one of the operand.
        self.rules: tuple[Callable[[Array], Any], ...] = ()

    def __array_ufunc__(self, operation: np.ufunc, method: str, *operands: Any, **options: Any) -> "Variable":
        if operation not in _RULES or method != "__call__" or options:
            raise TypeError(f"a Variable has no rule for numpy.{operation.__name__} as it is called here")
        return _applied(operation, *operands)

    __add__, __radd__ = _both_sides(np.add)
    __sub__, __rsub__ = _both_sides(np.subtract)
    __mul__, __rmul__ = _both_sides(np.multiply)
    __truediv__, __rtruediv__ = _both_sides(np.divide)
    __matmul__, __rmatmul__ = _both_sides(np.matmul)
    __pow__, __rpow__ = _both_sides(np.power)

    def __neg__(self) -> "Variable":
        return _applied(np.negative, self)

    def exp(self) -> "Variable":
        """Exponential of each entry."""
        return _applied(np.exp, self)

    def log(self) -> "Variable":
        """Natural logarithm of each entry; -inf for 0."""
        return _applied(np.log, self)

    def sqrt(self) -> "Variable":
        """Square root of each entry."""
        return _applied(np.sqrt, self)

    def sin(self) -> "Variable":
        """Sine of each entry."""
        return _applied(np.sin, self)

    def cos(self) -> "Variable":
        """Cosine of each entry."""
        return _applied(np.cos, self)

    def tanh(self) -> "Variable":
        """Hyperbolic tangent of each entry."""
        return _applied(np.tanh, self)

    def abs(self) -> "Variable":
        """Modulus of each entry, with the derivative 0 at 0."""
        return _applied(np.absolute, self)

    def maximum(self, other: Any) -> "Variable":
        """The larger of two entries; where they are equal, each gets half the gradient."""
        return _applied(np.maximum, self, other)

    @np.errstate(all="ignore")
    def sigmoid(self) -> "Variable":
        """1 / (1 + exp(-x)) of each entry, without overflow."""
        small = np.exp(-np.abs(self.value))
        y = np.where(self.value >= 0, 1, small) / (1 + small)
        return _made(y, "sigmoid", (self,), lambda g: g * (small / (1 + small) ** 2))

    def relu(self) -> "Variable":
        """The positive part of each entry, with the derivative 0 at 0."""
        return _made(np.maximum(self.value, 0), "relu", (self,), lambda g: g * (self.value > 0))

    @np.errstate(all="ignore")
    def sum(self, axis: Any = None, keepdims: bool = False) -> "Variable":
        """Sum of all entries, or along an axis or several."""
        axis = _axes(axis, self.ndim)
        spread = partial(_spread, axis=axis, keepdims=keepdims, shape=self.shape)
        return _made(self.value.sum(axis, keepdims=keepdims), "sum", (self,), spread)

    def mean(self, axis: Any = None, keepdims: bool = False) -> "Variable":
        """Mean of all entries, or along an axis or several."""
        total = self.sum(axis, keepdims)
        return _applied(np.divide, total, self.size // total.size)

    def max(self, axis: Any = None, keepdims: bool = False) -> "Variable":
        """Largest of all entries, or along an axis or several; equal ones share the gradient."""
        axis = _axes(axis, self.ndim)
        spread = partial(_spread, axis=axis, keepdims=keepdims, shape=self.shape)
        y = self.value.max(axis, keepdims=keepdims)
        chosen = self.value == spread(y)
        return _made(y, "max", (self,), lambda g: spread(g / chosen.sum(axis, keepdims=keepdims)) * chosen)

    def reshape(self, *shape: Any) -> "Variable":
        """The same entries in another shape."""
        return _made(self.value.reshape(*shape), "reshape", (self,), lambda g: g.reshape(self.shape))

    def transpose(self, *axes: Any) -> "Variable":
        """Axes in another order; without arguments reversed."""
        order = list(axes[0] if len(axes) == 1 and np.ndim(axes[0]) else axes) or range(self.ndim)[::-1]
        back = np.argsort([axis % self.ndim for axis in order])
        return _made(self.value.transpose(order), "transpose", (self,), lambda g: g.transpose(back))

    def __getitem__(self, index: Any) -> "Variable":
        return _made(self.value[index], "entries", (self,), lambda g: _scattered(g, index, self))

    def detach(self) -> "Variable":
        """The same value without its history, so that no gradient goes back through it."""
        return _made(self.value)

    @np.errstate(all="ignore")
    def backward(self, upstream: ArrayLike | None = None) -> None:
        """Set `grad` of this variable and of all that it depends on.

        Parameters
        ----------
        upstream : array_like of any shape, optional
            The derivative of the loss by this variable, of its shape. None for a variable of one entry, which is the
            loss itself.

        Raises
        ------
        ValueError
            If upstream has another shape, or is None and there are several entries.

        Notes
        -----
        Children come before parents, so that each gradient is complete, the sum over all paths, before it goes further.
        """
        order = topological_order(self)
        for variable in order:
            variable.grad = None
        self.grad = _upstream(upstream, self.value)
        for variable in reversed(order):
            for operand, rule in zip(variable.operands, variable.rules, strict=True):
                if isinstance(operand, Variable):
                    share = _fitted(np.asarray(rule(variable.grad)), operand.value)  # type: ignore[arg-type]
                    operand.grad = share if operand.grad is None else operand.grad + share
        for variable in order:  # two may hold one array, which nobody should find out by changing it
            variable.grad = np.array(variable.grad)

    @property
    def parents(self) -> "tuple[Variable, ...]":
        """The variables that this one was made of; none for an input."""
        return tuple(x for x in self.operands if isinstance(x, Variable))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.value.ndim

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.value.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the entries."""
        return self.value.dtype

    @property
    def T(self) -> "Variable":
        """The axes reversed."""
        return self.transpose()

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return repr(self.value).replace("array", "Variable", 1)

    def __array__(self, *_: Any, **__: Any) -> Array:
        raise TypeError("a Variable must not become an array by itself, which would lose its history; write .value")

    def __array_function__(self, function: Any, _: Any, arguments: Any, options: Any) -> "Variable":
        if function not in (np.sum, np.mean, np.max):
            raise TypeError(f"a Variable has no rule for numpy.{function.__name__}")
        methods: dict[Any, Callable[..., Variable]] = {
            np.sum: Variable.sum,
            np.mean: Variable.mean,
            np.max: Variable.max,
        }
        return methods[function](*arguments, **options)


def topological_order(output: Variable) -> list[Variable]:
    """All variables that one depends on, each once, parents before children.

    Parameters
    ----------
    output : Variable
        The last of them.

    Returns
    -------
    list of Variable
        Inputs and intermediate results, output at the end.

    Raises
    ------
    TypeError
        If output is no Variable.

    See Also
    --------
    Variable.backward : goes through this list from its end.

    Notes
    -----
    A search in depth with a list of its own in place of recursion, so that a chain may be as long as memory allows.
    Each variable is met once on the way down, and listed once all its parents are. Cost: one look at each edge.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., section 3.2.

    Examples
    --------
    >>> a = Variable(2.0)
    >>> b = a * a
    >>> [float(v.value) for v in topological_order(a + b)]
    [2.0, 4.0, 6.0]
    """
    if not isinstance(output, Variable):
        raise TypeError(f"output must be a Variable, but it is {output!r:.40}")
    order, met, waiting = [], set(), [(output, False)]
    while waiting:
        variable, parents_are_listed = waiting.pop()
        if parents_are_listed:
            order.append(variable)
        elif id(variable) not in met:
            met.add(id(variable))
            waiting.append((variable, True))
            waiting.extend((parent, False) for parent in reversed(variable.parents))
    return order


@np.errstate(all="ignore")
def _applied(operation: np.ufunc, *operands: Any) -> Variable:
    """The result of an operation for which there are rules."""
    given = [x.value if isinstance(x, Variable) else _constant(x) for x in operands]
    try:
        y = given[0] ** given[1] if operation is np.power else operation(*given)
    except ValueError:
        shapes = " and ".join(str(np.shape(x)) for x in given)
        raise ValueError(
            f"operands of numpy.{operation.__name__} must have shapes that fit, but they are {shapes}"
        ) from None
    rules = (partial(_with_operands, rule, y, given) for rule in _RULES[operation])
    return _made(y, operation.__name__, operands, *rules)


def _with_operands(rule: Callable[..., Any], y: Array, operands: Sequence[Any], g: Array) -> Any:
    return rule(g, y, *operands)


def _made(value: Any, operation: str = "", operands: tuple[Any, ...] = (), *rules: Callable[[Array], Any]) -> Variable:
    """The result of an operation, with what it was made of."""
    made = Variable.__new__(Variable)
    made.value, made.grad = np.asarray(value), None
    made.operation, made.operands, made.rules = operation, operands, rules
    return made


def _array(x: Any, name: str) -> Array:
    return as_array(np.asarray(x) if isinstance(x, np.float32) else x, name, real=True)


def _constant(x: Any) -> Any:
    """A Python number as a float, which does not widen float32, or an array; masks of -inf may stand in it."""
    if type(x) is float:
        return x
    if type(x) is int:
        return as_number(x, "operand")
    return as_array(np.asarray(x) if isinstance(x, np.float32) else x, "operand", real=True, finite=False)


def _fitted(g: Array, value: Array) -> Array:
    """A gradient in the shape and type of a value: summed where the value was repeated."""
    extra = g.ndim - value.ndim
    if extra > 0:
        g = g.sum(axis=tuple(range(extra)))
    repeated = tuple(axis for axis, size in enumerate(value.shape) if size == 1 and g.shape[axis] != 1)
    if repeated:
        g = g.sum(axis=repeated, keepdims=True)
    return g.astype(value.dtype, copy=False)


def _axes(axis: Any, ndim: int) -> tuple[int, ...] | None:
    return axis if axis is None or (isinstance(axis, tuple) and not axis) else as_axes(axis, "axis", ndim)


def _spread(g: Array, axis: Any, keepdims: bool, shape: tuple[int, ...]) -> Array:
    """A gradient repeated along the axes that were summed over."""
    return np.broadcast_to(g if keepdims or axis is None else np.expand_dims(g, axis), shape)


def _scattered(g: Array, index: Any, variable: Variable) -> Array:
    """Zeros with a gradient added where its entries were taken from."""
    result = np.zeros_like(variable.value)
    np.add.at(result, index, g)
    return result


def _power_by_base(a: Any, b: Any) -> Any:
    """The derivative of aᵇ by a: b aᵇ⁻¹, and 0 for b = 0 also where a is 0."""
    if np.ndim(b) == 0:  # NumPy takes squares and roots with a single exponent fast
        return b * a ** (b - 1) if b else 0.0
    return np.where(b == 0, 0.0, b * a ** np.where(b == 0, 1.0, b - 1))


def _power_by_exponent(y: Any, a: Any, b: Any) -> Any:
    """The derivative of aᵇ by b: aᵇ ln a, and 0 where a = 0 < b."""
    return np.where((a == 0) & (b > 0), 0.0, y * np.log(a))


def _share(a: Any, b: Any) -> Any:
    """How much of the larger of a and b is a: 1, ½ or 0."""
    return np.where(a == b, 0.5, a > b)


def _matmul_by_left(g: Array, a: Array, b: Array) -> Array:
    """g bᵀ for matrices; a vector on the left is a row, on the right a column."""
    rows = _rows_and_columns(g, a, b)
    product = rows @ np.swapaxes(b[:, np.newaxis] if b.ndim == 1 else b, -1, -2)
    return product[..., 0, :] if a.ndim == 1 else product


def _matmul_by_right(g: Array, a: Array, b: Array) -> Array:
    """aᵀ g, likewise."""
    rows = _rows_and_columns(g, a, b)
    product = np.swapaxes(a[np.newaxis] if a.ndim == 1 else a, -1, -2) @ rows
    return product[..., 0] if b.ndim == 1 else product


def _rows_and_columns(g: Array, a: Array, b: Array) -> Array:
    g = g[..., np.newaxis] if b.ndim == 1 else g
    return np.expand_dims(g, -2) if a.ndim == 1 else g


def _upstream(upstream: ArrayLike | None, value: Array) -> Array:
    if upstream is None:
        if value.size != 1:
            raise ValueError(f"upstream must be given for a variable of several entries, but it is None: {value.shape}")
        return np.ones_like(value)
    array = as_array(upstream, "upstream", real=True)
    if array.shape != value.shape:
        raise ValueError(f"upstream must have the shape of the variable, {value.shape}, but its shape is {array.shape}")
    return array.astype(value.dtype)


def grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function that gives the gradient of f by its arguments.

    Parameters
    ----------
    f : callable
        Takes variables and returns a `Variable` of one entry, or a real number that depends on none of them. NumPy
        functions for which `Variable` has a rule may stand in it.

    Returns
    -------
    callable
        ``grad(f)(*arrays)`` is the gradient by the one argument, or a tuple with one for each of several, in the shapes
        of the arguments: a float for a number. Where a rule has no finite slope, as √x at 0, an entry is infinite, or
        NaN where that is multiplied by 0.

    Raises
    ------
    TypeError
        If f is no function, or when called: if an argument holds no real numbers, or f returns no Variable or number.
    ValueError
        When called: if an argument is empty or not finite, or f returns several entries, NaN or infinity.

    See Also
    --------
    value_and_grad : the value as well, from the same pass.
    mathref.gradient.gradient : from values alone, to check it.

    Notes
    -----
    One pass forward that records, one backward: at most about five times the operations of f, however many entries the
    arguments have.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 4.
    Baydin, Pearlmutter, Radul and Siskind (2018), Automatic differentiation in machine learning: a survey, JMLR 18.

    Examples
    --------
    >>> grad(lambda x: (x * x).sum())([1.0, 2.0])
    array([2., 4.])
    >>> grad(lambda a, b: a * b)(3.0, 4.0)
    (4.0, 3.0)
    """
    with_value = value_and_grad(f)

    def gradient(*arrays: ArrayLike) -> Any:
        return with_value(*arrays)[1]

    return gradient


def value_and_grad(f: Callable[..., Any]) -> Callable[..., tuple[float, Any]]:
    """The function that gives the value of f and its gradient from one pass.

    Parameters
    ----------
    f : callable
        Takes variables and returns a `Variable` of one entry, or a real number that depends on none of them.

    Returns
    -------
    callable
        ``value_and_grad(f)(*arrays)`` is ``(value, gradient)``: a float, and the gradient as `grad` gives it.

    Raises
    ------
    TypeError
        If f is no function, or when called: if an argument holds no real numbers, or f returns no Variable or number.
    ValueError
        When called: if an argument is empty or not finite, or f returns several entries, NaN or infinity.

    See Also
    --------
    grad : the gradient alone.

    Notes
    -----
    The value is what the pass forward computes anyhow: a training step needs both.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., chapter 4.

    Examples
    --------
    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """
    f = as_function(f, "f")

    def value_and_gradient(*arrays: ArrayLike) -> tuple[float, Any]:
        if not arrays:
            raise ValueError("arrays must be at least one, but there are none")
        inputs = [Variable(_array(x, f"arrays[{i}]")) for i, x in enumerate(arrays)]
        output = _one_number(f(*inputs))
        output.backward()
        gradients = tuple(_gradient_of(x) for x in inputs)
        return float(output.value.item()), gradients[0] if len(gradients) == 1 else gradients

    return value_and_gradient


def _one_number(output: Any) -> Variable:
    """What f returned, as a variable of one finite entry."""
    if not isinstance(output, Variable):
        if isinstance(output, (str, bool, list, tuple)) or output is None or np.ndim(output):
            raise TypeError(f"f must return a Variable or a real number, but it returned {output!r:.40}")
        try:
            return _one_number(_made(as_array(output, "f", real=True, finite=False)))
        except TypeError:
            raise TypeError(f"f must return a Variable or a real number, but it returned {output!r:.40}") from None
    if output.size != 1:
        raise ValueError(f"f must return one number, but it returned an array of shape {output.shape}")
    if not np.isfinite(output.value).all():
        raise ValueError(f"f must return a finite number, but it returned {output.value.item()}")
    return output


def _gradient_of(x: Variable) -> Any:
    return number_or_array(np.zeros_like(x.value) if x.grad is None else x.grad)


class MLPGradients(NamedTuple):
    """The loss of a network, and its gradients by the weights and biases of each layer."""

    loss: float
    layers: tuple[tuple[Array, Array | None], ...]


def mlp_gradients(
    layers: Sequence[tuple[ArrayLike, ArrayLike | None]], x: ArrayLike, y: ArrayLike, *, activation: str = "tanh"
) -> MLPGradients:
    """Loss of a small network on a batch of examples, and its gradients by all weights.

    Parameters
    ----------
    layers : list of (W, b)
        Weights of shape (out, in) and biases of shape (out,) or None, from the first layer to the last, real.
    x : array_like of shape (n, d)
        Examples in rows, real.
    y : array_like of shape (n, k)
        What the network should return for them, real.
    activation : {"tanh", "relu"}, default "tanh"
        What follows all layers but the last.

    Returns
    -------
    MLPGradients
        ``(loss, layers)``: the mean over the examples of ½‖output - y‖², and for each layer (∂loss/∂W, ∂loss/∂b).

    Raises
    ------
    TypeError
        If layers is no list of pairs, or an array is complex or holds no numbers.
    ValueError
        If an array is empty or not finite, shapes do not fit, or activation is unknown.
    numpy.linalg.LinAlgError
        If the loss or a gradient exceeds the range of its type.

    See Also
    --------
    mathref.matrix_calculus.linear_layer_vjp : the backward pass of one layer, by formulas.

    Notes
    -----
    h ← activation(h Wᵀ + b), layer by layer. Backwards, each layer takes two products of matrices where it took one
    forwards.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors, Nature 323.

    Examples
    --------
    >>> loss, [(W, b)] = mlp_gradients([([[1.0, 2.0]], [0.0])], [[1.0, -1.0]], [[0.0]])
    >>> loss, W, b
    (0.5, array([[-1.,  1.]]), array([-1.]))
    """
    examples, targets = as_examples(x, "x"), as_examples(y, "y")
    for name, array in (("x", examples), ("y", targets)):
        if array.ndim != 2:
            raise ValueError(f"{name} must be a matrix of examples in rows, but its shape is {array.shape}")
    weights = [tuple(map(_variable, layer)) for layer in as_layers(layers, examples.shape[1])]
    activation = as_choice(activation, "activation", ("tanh", "relu"))
    if targets.shape != (len(examples), len(weights[-1][0])):
        wanted = (len(examples), len(weights[-1][0]))
        raise ValueError(
            f"y must have a row for each row of x and a column for each output of layers, {wanted}, but {targets.shape}"
        )
    output: Any = examples
    for number, (W, b) in enumerate(weights, 1):
        output = output @ W.T if b is None else output @ W.T + b
        if number < len(weights):
            output = getattr(output, activation)()
    loss = ((output - targets) ** 2).sum() / (2 * len(examples))
    refuse_overflow(loss.value, "the loss")
    loss.backward()
    for variable in (v for layer in weights for v in layer if v is not None):
        refuse_overflow(variable.grad, "each gradient")
    gradients = tuple((W.grad, None if b is None else b.grad) for W, b in weights)
    return MLPGradients(loss.value.item(), gradients)


def _variable(array: Array | None) -> Any:
    return None if array is None else Variable(array)


def backpropagation_steps(f: Callable[..., Any], *values: float) -> Working:
    """How the derivatives of an expression come about, forwards and backwards, for pencil and paper.

    Parameters
    ----------
    f : callable
        Takes as many variables as there are values and returns a Variable of one entry, in at most 12 operations.
    *values : float
        From 1 to 6 real numbers.

    Returns
    -------
    Working
        One step for each operation forwards, whose value is its result; one for each backwards, whose value is the
        derivative of the result by it, 1.0 first; and the gradient by the values, an ndarray.

    Raises
    ------
    TypeError
        If f is no function or returns no Variable, or a value is no real number.
    ValueError
        If there are no values or more than 6, a value is not finite, or f takes no operation or more than 12, or an
        intermediate result has several entries, or the result is NaN or infinite.

    See Also
    --------
    grad : the same without the steps.

    Notes
    -----
    Backwards, each operation passes its derivative times its own partial derivatives on to its operands, which add up
    what they get.

    References
    ----------
    Griewank and Walther (2008), Evaluating Derivatives, 2nd ed., section 1.3.

    Examples
    --------
    >>> print(backpropagation_steps(lambda a, b: a * b + 1, 2.0, -3.0))
    Backpropagation
    <BLANKLINE>
    1. Forwards: a product.
       v₁ = a · b = 2 · (-3) = -6
    <BLANKLINE>
    2. Forwards: a sum.
       v₂ = v₁ + 1 = (-6) + 1 = -5
    <BLANKLINE>
    3. Backwards: the result by itself.
       ∂v₂/∂v₂ = 1
    <BLANKLINE>
    4. Backwards, through what used it.
       ∂v₂/∂v₁ = ∂v₂/∂v₂ · ∂v₂/∂v₁ = 1 · 1 = 1
    <BLANKLINE>
    5. Backwards to the inputs: each adds up what comes back to it.
       ∂v₂/∂a = ∂v₂/∂v₁ · ∂v₁/∂a = 1 · (-3) = -3
       ∂v₂/∂b = ∂v₂/∂v₁ · ∂v₁/∂b = 1 · 2 = 2
    """
    f = as_function(f, "f")
    if not 1 <= len(values) <= 6:
        raise ValueError(f"values must be from 1 to 6 for a working to be read, but there are {len(values)}")
    inputs = [Variable(as_number(x, f"values[{i}]")) for i, x in enumerate(values)]
    output = f(*inputs)
    if not isinstance(output, Variable):
        raise TypeError(f"f must return a Variable, but it returned {output!r:.40}")
    output = _one_number(output)
    output.backward()
    return backpropagation_working(topological_order(output), inputs, _names(f, len(inputs)))


def _names(f: Callable[..., Any], count: int) -> list[str]:
    """The letters by which f calls its arguments, x₁, x₂, … where they are no letters."""
    try:
        names = list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        names = []
    single = len(names) == count and all(len(name) == 1 and name != "v" for name in names)
    return names if single else [f"x_{i}" for i in range(1, count + 1)]
