"""How each function of ours that has equivalents is tried beside them.

`draw(*shape)` gives entries between -1 and 1. A call has the function first and then what the inputs are; it is written
in NumPy, as ours is, and `calls` holds those that want their arguments otherwise. What a default makes different is no
matter of a call: such a name is not quite the same.
"""

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mathref.floating_point import finfo

torch = pytest.importorskip("torch")

Draw = Callable[..., Any]
Call = Callable[..., Any]


@dataclass
class Case:
    """One function of ours."""

    inputs: Callable[[Draw], list[Any]]
    call: Call = lambda f, *arguments: f(*arguments)
    calls: dict[str, Call] = field(default_factory=dict)
    meaning: Callable[[Any], Any] = lambda result: result  # what does not depend on signs and orders
    complex: bool = False  # whether ours takes complex numbers
    traps: list[list[Any]] = field(default_factory=list)  # inputs that tell apart what agrees in general


def _shares(draw: Draw, n: int) -> Any:
    """A distribution."""
    positive = np.exp(draw(n))
    return positive / positive.sum()


def _square(draw: Draw) -> Any:
    return draw(4, 4) + np.eye(4)


def _definite(draw: Draw, n: int = 4) -> Any:
    A = draw(n, n)
    return A @ A.conj().T + np.eye(n)


def _curve(draw: Draw) -> Callable[[Any], Any]:
    """A function of one number."""
    a = draw().item()
    return lambda x: a * x**3 - x * x


def _polynomial(draw: Draw) -> Callable[[Any], Any]:
    """A function of three numbers that any library can compute."""
    a, b, c = draw(3).tolist()
    return lambda x: a * x[0] ** 3 + b * x[1] * x[2] ** 2 + c * x[0] * x[1]


def _map(draw: Draw) -> Callable[[Any], Any]:
    """A function of three numbers with three values."""
    a, b = draw(2).tolist()
    return lambda x: a * x**3 + b * x * (x * x).sum(0)


def _by_torch(optimiser: Any, gradient: Callable[[Any], Any], start: Any, rate: float) -> Any:
    """The path of 100 steps of an optimiser with its own defaults."""
    x = torch.tensor(start)
    steps, path = optimiser([x], lr=rate), [start]
    for _ in range(100):
        x.grad = torch.as_tensor(gradient(x.numpy()))
        steps.step()
        path.append(x.numpy().copy())
    return np.array(path)


def _descents(*names: str) -> Case:
    """Optimisers on a valley, whose steps are taken one by one elsewhere."""
    return Case(
        lambda draw: [lambda x: x * [1, 10, 100], draw(3), 0.01],
        lambda f, *arguments: f(*arguments, steps=100, tolerance=0).path,
        dict.fromkeys(names, _by_torch),
    )


def _apart(A: Any, where: Any) -> Any:
    return np.diag([A, where])


def _eigenpairs(result: Any) -> list[Any]:
    values, *vectors = result if isinstance(result, tuple) else (result,)
    rebuilt = [V @ np.diag(values) @ np.linalg.inv(V) for V in vectors]
    return [np.sort_complex(np.asarray(values, dtype=complex)), *rebuilt]


def _factors(result: Any) -> list[Any]:
    if not isinstance(result, tuple):
        return [result]
    U, s, Vh = result
    k = len(s)
    return [s, U[:, :k] * s @ Vh[:k], [U.shape, Vh.shape]]


def _format(draw: Draw) -> str:
    return _FORMATS[int(abs(draw(1)[0].real) * len(_FORMATS))]


def _wide(draw: Draw) -> Any:
    """Numbers of many sizes, so that some are subnormal, and some too large, in a small format."""
    return draw(50) * np.exp(20 * draw(50))


def _labels(draw: Draw, *shape: int) -> Any:
    """One of three classes for each row."""
    return np.floor(1.5 * (draw(*shape) + 1)).astype(int)


def _logs(draw: Draw, *shape: int) -> Any:
    """Logarithms of distributions."""
    positive = np.exp(draw(*shape))
    return np.log(positive / positive.sum(-1, keepdims=True))


def _lengths(draw: Draw) -> list[tuple[int, ...]]:
    """Two shapes that broadcast."""
    ones = draw(2, 4) < 0
    return [tuple(np.where(row, 1, [4, 2, 5, 3])[i:].tolist()) for i, row in enumerate(ones)]


def _last(f: Call, x: Any) -> Any:
    """f wants to be told the axis."""
    return f(x, -1)


def _made(f: Call, *arguments: Any) -> Any:
    """f makes the function."""
    return f()(*arguments)


def _torch_type(f: Call, *arguments: Any) -> Any:
    """f takes an object for the format, which is the last of the arguments."""
    return f(*arguments[:-1], getattr(torch, arguments[-1]))


@cache
def _numpy_alone(format: str) -> Any:
    """What NumPy itself says of a format: JAX brings ml_dtypes, whose newer versions teach NumPy their formats."""
    names = ("eps", "max", "smallest_normal")
    code = "import sys, numpy; print(*(float(getattr(numpy.finfo(sys.argv[1]), name)) for name in sys.argv[2:]))"
    ran = subprocess.run([sys.executable, "-c", code, format, *names], capture_output=True, text=True)
    if ran.returncode:
        raise ValueError(ran.stderr)
    return SimpleNamespace(**dict(zip(names, ran.stdout.split(), strict=True)))


def _as_codes(f: Call, x: Any, format: str) -> Any:
    """f takes the type of the codes in place of the format, and x as it is in memory."""
    return f(x, np.dtype(f"u{finfo(format).bits // 8}"))


def _after(f: Call, x: Any, format: str) -> Any:
    """f takes a number and where to go from there."""
    return f(x, np.full(x.shape, math.inf))


def _by_autograd(f: Call, function: Call, x: Any) -> Any:
    x = torch.tensor(x, requires_grad=True)
    return f(function(x), x)


def _backward(f: Call, function: Call, x: Any) -> Any:
    x = torch.tensor(x, requires_grad=True)
    f(function(x))
    return x.grad.numpy()


def _product_by_autograd(f: Call, A: Any, B: Any, upstream: Any) -> Any:
    A, B = (torch.tensor(M, requires_grad=True) for M in (A, B))
    return f(A @ B, (A, B), torch.from_numpy(upstream))


def _applied(f: Call, function: Call, *point: Any) -> Any:
    """f makes a function, of which the values are compared."""
    return f(function)(*point)


def _columns(f: Call, A: Any, B: Any) -> Any:
    return np.stack([f(A, b) for b in B.T], axis=1)


_FORMATS = ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"]
_ORDS = {"frobenius": "fro", "spectral": 2, "nuclear": "nuc", "one": 1, "inf": math.inf}
_KINDS = [*_ORDS]


def _by_ord(f: Call, A: Any, kind: str) -> Any:
    return f(A, ord=_ORDS[kind])


def _attribute(f: Any, A: Any) -> Any:
    return f.__get__(A)


def _principal(model: Any) -> list[Any]:
    """What scikit-learn found."""
    return [model.components_, model.explained_variance_, model.explained_variance_ratio_, model.mean_]


def _numbers(draw: Draw) -> list[Any]:
    """Entries on both sides, up to where activation functions are nearly flat."""
    return [9 * draw(2, 3)]


_FAR_OUT = [[np.array([-1000.0, 0, 1000])], [np.array([-40.0])]]


_GAINED = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
_INITIALIZERS = {
    "xavier_uniform": ["glorot_uniform", "xavier_uniform"],
    "xavier_normal": ["glorot_normal"],
    "kaiming_uniform": ["he_uniform"],
    "kaiming_normal": ["he_normal", "kaiming_normal"],
}


def _filled(f: Call, shape: Any, _: Any) -> Any:
    """f fills an array."""
    return f(np.empty(shape))


def _drawn(f: Call, shape: Any, _: Any) -> Any:
    """f makes a function of a key and a shape, with what comes in first."""
    import jax

    return f()(jax.random.key(0), shape[::-1]).T


def _distribution(W: Any) -> Any:
    """Variance and kurtosis of weights, so coarse that draws of one distribution agree: to 10 % and 0.5."""
    second, fourth = (W**2).mean(), (W**4).mean()
    return np.round([1200 * second, 2 * fourth / second**2])


def _double_layer(*sizes: int) -> Call:
    """f makes a layer of these sizes."""
    return lambda f, x: f(*sizes, dtype=torch.float64)(x)


CASES = {
    # Calculus
    "derivative": Case(
        lambda draw: [_curve(draw), draw().item()],
        calls={"scipy.differentiate.derivative": lambda f, function, x: f(function, x).df},
    ),
    "finite_difference": Case(lambda draw: [_curve(draw), draw().item()]),
    "gradient": Case(
        lambda draw: [_polynomial(draw), draw(3)],
        calls={"torch.autograd.grad": _by_autograd, "torch.func.grad": _applied, "jax.grad": _applied},
    ),
    "check_gradient": Case(
        lambda draw: [lambda x: (x * x).sum(), lambda x: 3 * x, draw(3)], meaning=lambda got: got[1:]
    ),
    "jacobian": Case(
        lambda draw: [_map(draw), draw(3)],
        calls={
            **dict.fromkeys(["jax.jacfwd", "jax.jacrev", "torch.func.jacrev", "torch.func.jacfwd"], _applied),
            "scipy.differentiate.jacobian": lambda f, function, x: f(function, x).df,
        },
    ),
    "jvp": Case(
        lambda draw: [_map(draw), draw(3), draw(3)],
        calls={
            **dict.fromkeys(["jax.jvp", "torch.func.jvp"], lambda f, function, x, v: f(function, (x,), (v,))[1]),
            "torch.autograd.functional.jvp": lambda f, function, x, v: f(function, x, v)[1],
        },
    ),
    "vjp": Case(
        lambda draw: [_map(draw), draw(3), draw(3)],
        calls={
            **dict.fromkeys(["jax.vjp", "torch.func.vjp"], lambda f, function, x, w: f(function, x)[1](w)[0]),
            "torch.autograd.functional.vjp": lambda f, function, x, w: f(function, x, w)[1],
        },
    ),
    "linearize": Case(
        lambda draw: [_map(draw), draw(3), draw(3)],
        call=lambda f, function, x, y: f(function, x)(y),
        calls=dict.fromkeys(["jax.linearize", "torch.func.linearize"], lambda f, function, x, y: f(function, x)[1](y)),
    ),
    "chain_jacobians": Case(lambda draw: [[draw(2, 3), draw(3, 4), draw(4, 2)]]),
    "grad": Case(
        lambda draw: [_polynomial(draw), draw(3)],
        call=_applied,
        calls={"torch.autograd.grad": _by_autograd, "torch.Tensor.backward": _backward},
    ),
    "value_and_grad": Case(
        lambda draw: [_polynomial(draw), draw(3)],
        call=_applied,
        calls={"torch.func.grad_and_value": lambda f, function, x: f(function)(x)[::-1]},
    ),
    "linear_layer": Case(lambda draw: [draw(5, 3), draw(2, 3), draw(2)]),
    "matmul_vjp": Case(
        lambda draw: [draw(2, 3), draw(3, 4), draw(2, 4)],
        calls={
            "jax.vjp": lambda f, A, B, upstream: f(lambda A, B: A @ B, A, B)[1](upstream),
            "torch.autograd.grad": _product_by_autograd,
        },
    ),
    "gradient_descent": Case(lambda draw: [lambda x: 2 * x, draw(3), 0.1]),
    "minibatch_gradient_descent": Case(lambda draw: [lambda x, rows: x - rows.mean(0), draw(6, 3), draw(3), 0.1, 2]),
    "exponential_moving_average": Case(
        lambda draw: [draw(9, 2), 0.8],
        calls={"scipy.signal.lfilter": lambda f, x, beta: f([1 - beta], [1, -beta], x, axis=0)},
    ),
    "heavy_ball": _descents("torch.optim.SGD"),
    "adam": _descents("torch.optim.Adam"),
    "adamw": _descents("torch.optim.AdamW"),
    "rmsprop": _descents("torch.optim.RMSprop"),
    "numerical_gradient": Case(
        lambda draw: [_polynomial(draw), draw(3)],
        calls={"scipy.optimize.approx_fprime": lambda f, function, x: f(x, function)},
    ),
    # Probability
    "log_evidence": Case(
        lambda draw: [_shares(draw, 4), np.exp(draw(4))],
        calls=dict.fromkeys(
            ["scipy.special.logsumexp", "jax.scipy.special.logsumexp"], lambda f, prior, given: f(np.log(prior * given))
        )
        | {"torch.logsumexp": lambda f, prior, given: f(np.log(prior * given), 0)},
    ),
    "covariance": Case(lambda draw: [draw(8, 3)]),
    "correlation": Case(lambda draw: [draw(8, 3)]),
    "mahalanobis": Case(lambda draw: [draw(3), draw(3), _definite(draw, 3)]),
    "mean": Case(lambda draw: [draw(6, 3)]),
    "variance": Case(lambda draw: [draw(6, 3)]),
    "standard_deviation": Case(lambda draw: [draw(6, 3)]),
    "standardize": Case(lambda draw: [draw(6, 3)]),
    "gaussian_logpdf": Case(
        lambda draw: [draw(5, 3), draw(3), _definite(draw, 3)],
        calls={"scipy.stats.multivariate_normal": lambda f, x, mean, cov: f(mean, cov).logpdf(x)},
    ),
    "gaussian_sample": Case(lambda draw: [draw(3), _definite(draw, 3), 5, np.random.default_rng(0)]),
    "entropy": Case(lambda draw: [_shares(draw, 5)]),
    "kl_divergence": Case(lambda draw: [_shares(draw, 5), _shares(draw, 5)]),
    "fit_gaussian": Case(lambda draw: [draw(8)]),
    "bernoulli_log_likelihood": Case(lambda draw: [(draw(6) > 0).astype(float), abs(draw().item())]),
    "categorical_log_likelihood": Case(lambda draw: [np.floor(9 * abs(draw(4))), _shares(draw, 4)]),
    "log_likelihood": Case(lambda draw: [lambda x: -x * x / 2, draw(6)]),
    # Functions and losses
    "softmax": Case(
        lambda draw: [9 * draw(2, 3, 4)],
        calls={"torch.softmax": _last, "torch.nn.Softmax": _made},
        traps=[[np.array([1000.0, 1000, -math.inf])]],
    ),
    "log_softmax": Case(
        lambda draw: [9 * draw(2, 3, 4)],
        calls={"torch.log_softmax": _last, "torch.nn.LogSoftmax": _made},
        traps=[[np.array([1000.0, 0, -math.inf])], [np.array([0.0, -40])]],
    ),
    "logsumexp": Case(
        lambda draw: [9 * draw(2, 3, 4)],
        calls={"torch.logsumexp": _last},
        traps=[[np.array([1000.0, 1000, -math.inf])], [np.full(2, -math.inf)]],
    ),
    "softmax_cross_entropy": Case(
        lambda draw: [9 * draw(2, 5, 3), _labels(draw, 2, 5)], calls={"torch.nn.CrossEntropyLoss": _made}
    ),
    "nll_loss": Case(lambda draw: [_logs(draw, 2, 5, 3), _labels(draw, 2, 5)], calls={"torch.nn.NLLLoss": _made}),
    "binary_cross_entropy_with_logits": Case(
        lambda draw: [9 * draw(5, 3), abs(draw(5, 3))],
        calls={"torch.nn.BCEWithLogitsLoss": _made},
        traps=[[np.array([1000.0, -1000]), np.array([0.0, 0])], [np.array([40.0]), np.array([1.0])]],
    ),
    # Matrices
    "det": Case(lambda draw: [_square(draw)], complex=True),
    "slogdet": Case(lambda draw: [draw(4, 4)], calls={"torch.logdet": lambda f, A: (1.0, f(A))}, complex=True),
    "eig": Case(lambda draw: [draw(4, 4)], meaning=_eigenpairs, complex=True),
    "eigh": Case(lambda draw: [_definite(draw)], meaning=_eigenpairs, complex=True),
    "characteristic_polynomial": Case(lambda draw: [draw(4, 4)], complex=True),
    "power_iteration": Case(
        lambda draw: [_definite(draw, 8) + 9 * np.outer(np.ones(8), np.ones(8))],
        calls={"torch.lobpcg": lambda f, A: (f(A)[0][0], f(A)[1][:, 0])},
        meaning=lambda result: [result[0], np.outer(result[1], result[1])],
        traps=[[np.triu(np.ones((8, 8))) + np.diag(np.arange(8.0))]],
    ),
    "lu": Case(
        lambda draw: [draw(4, 4)],
        meaning=lambda result: [result[0] @ result[1] @ result[2], np.tril(result[1]), np.triu(result[2])],
    ),
    "qr": Case(lambda draw: [draw(4, 3)], meaning=lambda result: [result[0] @ result[1], abs(result[1])], complex=True),
    "cholesky": Case(lambda draw: [_definite(draw)], complex=True),
    "svd": Case(lambda draw: [draw(4, 3)], meaning=_factors, complex=True),
    "low_rank_approximation": Case(lambda draw: [draw(5, 4), 2], complex=True),
    "pinv": Case(
        lambda draw: [draw(5, 3)],
        complex=True,
        traps=[[_apart(1.0, 6e-16)], [_apart(1.0, 2e-15)], [_apart(1.0, 1e-14)]],
    ),
    "lstsq": Case(
        lambda draw: [draw(5, 3), draw(5, 2)],
        calls={"torch.linalg.lstsq": lambda f, A, b: f(A, b, driver="gels")},  # the one that there is on a GPU
        complex=True,
        traps=[[np.ones((3, 2)), np.arange(3.0)[:, None]], [_apart(1.0, 3e-16), np.ones((2, 1))]],
    ),
    "matmul": Case(lambda draw: [draw(3, 4), draw(4, 2)], calls={"torch.mv": _columns}, complex=True),
    "transpose": Case(
        lambda draw: [draw(3, 4)],
        calls={"numpy.ndarray.T": _attribute, "torch.transpose": lambda f, A: f(A, 0, 1)},
        complex=True,
    ),
    "trace": Case(lambda draw: [draw(4, 4)], complex=True),
    "rank": Case(
        lambda draw: [draw(5, 2) @ draw(2, 4)],
        complex=True,
        traps=[[_apart(1.0, small)] for small in (3e-16, 6e-16, 2e-15, 1e-14)],
    ),
    "inverse": Case(lambda draw: [_square(draw)], complex=True),
    "solve": Case(lambda draw: [_square(draw), draw(4, 2)], complex=True),
    "scaling": Case(
        lambda draw: draw(3).tolist(),
        calls=dict.fromkeys(["numpy.diag", "torch.diag", "jax.numpy.diag"], lambda f, *factors: f(np.array(factors))),
    ),
    "matrix_norm": Case(
        lambda draw: [draw(4, 3), _KINDS[int(abs(draw(1)[0].real) * 5)]],
        calls=dict.fromkeys(
            [
                *("numpy.linalg.norm", "numpy.linalg.matrix_norm", "scipy.linalg.norm", "torch.linalg.norm"),
                *("torch.linalg.matrix_norm", "jax.numpy.linalg.norm", "jax.numpy.linalg.matrix_norm"),
            ],
            _by_ord,
        ),
        complex=True,
    ),
    "condition_number": Case(lambda draw: [draw(4, 3)], complex=True),
    "hadamard_product": Case(lambda draw: [draw(3, 4), draw(3, 4)], complex=True),
    "hadamard_inverse": Case(lambda draw: [draw(3, 4)], complex=True, traps=[[np.array([1, 2, 4])]]),
    "hadamard_power": Case(
        lambda draw: [np.exp(draw(3, 4)), draw(1)[0].real.item()], complex=True, traps=[[np.array([1, 2, 4]), -1]]
    ),
    # Numbers, vectors and tensors
    "finfo": Case(
        lambda draw: [_format(draw)],
        calls={
            "numpy.finfo": lambda f, format: _numpy_alone(format),
            "torch.finfo": _torch_type,
            "sys.float_info": lambda info, format: SimpleNamespace(
                eps=info.epsilon, max=info.max, smallest_normal=info.min
            ),
        },
        meaning=lambda info: [float(info.eps), float(info.max), float(info.smallest_normal)],
        traps=[[format] for format in _FORMATS],
    ),
    "round_to": Case(
        lambda draw: [_wide(draw), _format(draw)],
        calls={
            "torch.Tensor.to": _torch_type,
            "torch.Tensor.half": lambda f, x, format: f(x),
            "torch.Tensor.bfloat16": lambda f, x, format: f(x),
            "jax.lax.reduce_precision": lambda f, x, format: f(
                x, finfo(format).exponent_bits, finfo(format).fraction_bits
            ),
        },
        traps=[[np.array([1 + 2.0**-11 + 2.0**-30]), "float16"], [np.array([1e-6]), "float16"]],
    ),
    "spacing": Case(
        lambda draw: [draw(6), _format(draw)],
        calls=dict.fromkeys(["numpy.nextafter", "torch.nextafter", "jax.numpy.nextafter"], _after),
    ),
    "to_bits": Case(
        lambda draw: [draw(6), _format(draw)],
        calls={"numpy.ndarray.view": _as_codes, "jax.lax.bitcast_convert_type": _as_codes},
    ),
    "compensated_sum": Case(lambda draw: [draw(9)], traps=[[np.array([1e100, 1e50, 1, -1e100, -1e50])]]),
    "running_sum": Case(lambda draw: [draw(9)], calls={"itertools.accumulate": lambda f, x: [*f(x)]}),
    "broadcast_shapes": Case(_lengths, meaning=np.array, traps=[[3, (2, 1)], [(0,), (1,)]]),
    "broadcast_to": Case(lambda draw: [draw(3, 1), (2, 3, 4)], traps=[[np.ones(3), (3,)]]),
    "unbroadcast": Case(
        lambda draw: [draw(2, 3, 4), (3, 1)], traps=[[np.ones((2, 3)), (3,)], [np.ones((2, 1, 3)), (2, 1, 1)]]
    ),
    "pairwise_differences": Case(lambda draw: [draw(4, 3), draw(5, 3)]),
    "ulp": Case(lambda draw: [math.exp(40 * draw(1)[0])], traps=[[-1.5], [0.0]]),
    "is_close": Case(
        lambda draw: [a := draw(1)[0].item(), a * (1 + 10 ** (4 * draw(1)[0].item() - 9))],
        calls=dict.fromkeys(["torch.isclose", "torch.allclose"], lambda f, a, b: f(np.array(a), np.array(b))),
    ),
    "vector_norm": Case(
        lambda draw: [draw(5), [1, 2, 3, math.inf][int(4 * abs(draw(1)[0].real))]],
        calls={
            "numpy.linalg.vector_norm": lambda f, x, p: f(x, ord=p),
            "jax.numpy.linalg.vector_norm": lambda f, x, p: f(x, ord=p),
        },
        complex=True,
    ),
    "order": Case(lambda draw: [draw(2, 3, 4)], calls={"numpy.ndarray.ndim": _attribute}, traps=[[np.ones(2)]]),
    "outer": Case(lambda draw: [draw(3), draw(4)], complex=True, traps=[[np.ones((2, 3)), np.ones(2)]]),
    "contract": Case(lambda draw: ["ij,jk->ki", draw(3, 4), draw(4, 2)], complex=True),
    "add": Case(lambda draw: [draw(4), draw(4)], complex=True),
    "subtract": Case(lambda draw: [draw(4), draw(4)], complex=True),
    "multiply": Case(lambda draw: [draw(4), draw(4)], complex=True),
    "divide": Case(lambda draw: [draw(4), draw(4)], complex=True),
    "dot": Case(lambda draw: [draw(4), draw(4)], complex=True),
    "cross": Case(lambda draw: [draw(3), draw(3)], complex=True, traps=[[np.array([1.0, 2.0]), np.array([3.0, 5.0])]]),
    "normalize": Case(
        lambda draw: [draw(4)],
        calls={"torch.nn.functional.normalize": lambda f, v: f(v, dim=0)},
        complex=True,
        traps=[[np.array([3e-14, 4e-14])]],
    ),
    "pca": Case(
        lambda draw: [draw(20, 8)],
        calls={
            "sklearn.decomposition.PCA": lambda f, X: _principal(f().fit(X)),
            "torch.pca_lowrank": lambda f, X: (lambda U, S, V: [V.T, S**2 / (len(X) - 1)])(*f(X)),
        },
        traps=[[np.array([[5.0, 3], [2, 3], [2, 0], [3, 2]])]],
    ),
    "sigmoid": Case(_numbers, calls={"torch.nn.Sigmoid": _made}, traps=_FAR_OUT),
    "log_sigmoid": Case(_numbers, calls={"torch.nn.LogSigmoid": _made}, traps=_FAR_OUT),
    "softplus": Case(_numbers, calls={"torch.nn.Softplus": _made}, traps=_FAR_OUT),
    "relu": Case(_numbers, calls={"torch.nn.ReLU": _made}, traps=_FAR_OUT),
    "leaky_relu": Case(_numbers, calls={"torch.nn.LeakyReLU": _made}, traps=_FAR_OUT),
    "elu": Case(_numbers, calls={"torch.nn.ELU": _made}, traps=_FAR_OUT),
    "gelu": Case(_numbers, calls={"torch.nn.GELU": _made}, traps=[[np.array([-10.0])]]),
    "silu": Case(_numbers, calls={"torch.nn.SiLU": _made}, traps=_FAR_OUT),
    "token_nll": Case(lambda draw: [9 * draw(2, 5, 3), _labels(draw, 2, 5)]),
    # Layers
    "calculate_gain": Case(lambda draw: [_GAINED[int(abs(draw().item()) * len(_GAINED))]], meaning=np.array),
    **{
        name: Case(
            lambda draw: [(200, 300), np.random.default_rng(0)],
            calls={
                **dict.fromkeys([f"torch.nn.init.{name}_"], _filled),
                **dict.fromkeys([f"jax.nn.initializers.{theirs}" for theirs in others], _drawn),
            },
            meaning=_distribution,
        )
        for name, others in _INITIALIZERS.items()
    },
    "orthogonal": Case(
        lambda draw: [(4, 6), np.random.default_rng(0)],
        calls={"torch.nn.init.orthogonal_": _filled, "jax.nn.initializers.orthogonal": _drawn},
        meaning=lambda Q: Q @ Q.T,
    ),
    "layer_norm": Case(
        lambda draw: [9 * draw(5, 4)],
        calls={
            "torch.nn.functional.layer_norm": lambda f, x: f(x, x.shape[-1:]),
            "torch.nn.LayerNorm": _double_layer(4),
        },
    ),
    "rms_norm": Case(
        lambda draw: [draw(5, 4)],
        calls={
            "torch.nn.functional.rms_norm": lambda f, x: f(x, x.shape[-1:]),
            "torch.nn.RMSNorm": _double_layer(4),
        },
    ),
    "batch_norm": Case(
        lambda draw: [9 * draw(5, 3, 4)],
        calls={
            "torch.nn.functional.batch_norm": lambda f, x: f(x, None, None, training=True),
            "torch.nn.BatchNorm1d": _double_layer(3),
            "torch.nn.BatchNorm2d": lambda f, x: _double_layer(3)(f, x[..., np.newaxis])[..., 0],
        },
    ),
    "group_norm": Case(
        lambda draw: [9 * draw(5, 6, 4), 3],
        calls={"torch.nn.GroupNorm": lambda f, x, groups: _double_layer(groups, 6)(f, x)},
    ),
    "scaled_dot_product_attention": Case(
        lambda draw: [*9 * draw(3, 2, 3, 4, 5), draw(4, 4) > -0.5],
        call=lambda f, Q, K, V, mask: f(Q, K, V, mask=mask),
        calls={
            "torch.nn.functional.scaled_dot_product_attention": lambda f, Q, K, V, mask: f(Q, K, V, mask),
            "jax.nn.dot_product_attention": lambda f, Q, K, V, mask: f(Q, K, V, None, mask),
        },
        traps=[[*np.ones((3, 2, 3, 4, 5)), np.arange(16).reshape(4, 4) > 5]],
    ),
    "convolve": Case(
        lambda draw: [draw(7), draw(3), "same"],
        call=lambda f, x, kernel, mode: f(x, kernel, mode=mode),
        traps=[[np.ones(2), np.ones(5), "same"]],
    ),
    "cross_correlate": Case(
        lambda draw: [draw(7), draw(3)],
        calls={"torch.nn.functional.conv1d": lambda f, x, kernel: f(x[None, None], kernel[None, None])[0, 0]},
    ),
    "conv2d": Case(
        lambda draw: [draw(2, 3, 6, 5), draw(4, 3, 3, 2)],
        calls={
            "torch.nn.Conv2d": lambda f, x, kernel: f(3, 4, (3, 2))(torch.from_numpy(x).float()),
            "jax.lax.conv": lambda f, x, kernel: f(x, kernel, (1, 1), "VALID"),
            "jax.lax.conv_general_dilated": lambda f, x, kernel: f(x, kernel, (1, 1), "VALID"),
        },
    ),
    "convolution_matrix": Case(
        lambda draw: [draw(3), 7, "same"],
        call=lambda f, kernel, n, mode: f(kernel, n, mode=mode),
        traps=[[np.ones(5), 2, "same"]],
    ),
}
