"""Matrix calculus: gradients of what layers and losses are made of, each in the shape of its argument."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array, as_array
from mathref._arguments.layers import as_examples, as_weights
from mathref._arguments.precision import in_double
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_matrix, as_square, as_vector
from mathref._numerics.determinants import product
from mathref._numerics.dot_products import exact_dot
from mathref._numerics.powers_of_two import times_power_of_two
from mathref._numerics.products import contraction, left_the_range, matrix_product, product_within_range
from mathref._workings.matrix_calculus import linear_layer_working
from mathref._workings.steps import Working
from mathref.determinant import det
from mathref.matrix import inverse

_NO_DETERMINANT = "only a square matrix has a determinant"
_NO_INVERSE = "only a square matrix has an inverse"
_FEW = 5  # up to here minors are taken one by one, which keeps whole numbers exact


class LinearLayerGradients(NamedTuple):
    """Derivatives of a loss by the input, the weights and the bias of a linear layer."""

    x: Array
    W: Array
    b: Array | None


class ProductGradients(NamedTuple):
    """Derivatives of a loss by both factors of a product of matrices."""

    A: Array
    B: Array


def linear_layer(x: ArrayLike, W: ArrayLike, b: ArrayLike | None = None) -> Array:
    """A linear layer: x Wᵀ + b, for one example or a batch.

    Parameters
    ----------
    x : array_like of shape (in,) or (n, in)
        One example, or examples in rows, real.
    W : array_like of shape (out, in)
        Weights, real: one row for each output.
    b : array_like of shape (out,), optional
        Bias, real. None for a layer without.

    Returns
    -------
    ndarray of shape (out,) or (n, out)
        What the layer makes of each example.

    Raises
    ------
    TypeError
        If an array is complex or holds no numbers.
    ValueError
        If an array is empty or not finite, or shapes do not fit.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    linear_layer_vjp : its backward pass.

    Notes
    -----
    y = W x + b for each example x; with examples in rows that is X Wᵀ + b, and the same bias is added to each row.
    2 n · in · out operations.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1.

    Examples
    --------
    >>> linear_layer([1, -1], [[1, 2], [3, 4]], [0.5, 0])
    array([-0.5, -1. ])
    """
    x, W, b = _layer(x, W, b)
    given = [x, W] if b is None else [x, W, b]
    columns, weights = in_double(x), in_double(W)
    if b is not None:  # as the weights of one more input, which is 1: products and bias may cancel
        columns = np.concatenate([columns, np.ones((*x.shape[:-1], 1))], axis=-1)
        weights = np.column_stack([weights, b])
    y = product_within_range(np.atleast_2d(columns), weights.T, "each output")
    return array_result(y.reshape(*x.shape[:-1], len(W)), "each output", *given)


def _layer(x: ArrayLike, W: ArrayLike, b: ArrayLike | None) -> tuple[Array, Array, Array | None]:
    examples = as_examples(x)
    return examples, *as_weights(W, b, examples.shape[-1])


def linear_layer_vjp(x: ArrayLike, W: ArrayLike, b: ArrayLike | None, upstream: ArrayLike) -> LinearLayerGradients:
    """Backward pass of a linear layer: what a gradient by its output becomes for input, weights and bias.

    Parameters
    ----------
    x : array_like of shape (in,) or (n, in)
        One example, or examples in rows, real.
    W : array_like of shape (out, in)
        Weights, real.
    b : array_like of shape (out,), optional
        Bias, real, or None for a layer without. Only whether there is one matters.
    upstream : array_like of shape (out,) or (n, out)
        ∂L/∂y, real, of the shape of the output.

    Returns
    -------
    LinearLayerGradients
        ``(x, W, b)``: ∂L/∂x of x's shape, ∂L/∂W of shape (out, in), ∂L/∂b of shape (out,) or None.

    Raises
    ------
    TypeError
        If an array is complex or holds no numbers.
    ValueError
        If an array is empty or not finite, or shapes do not fit.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    mathref.backpropagation.Variable : finds the same from the operations.

    Notes
    -----
    With U = ∂L/∂Y of shape (n, out): ∂L/∂X = U W, ∂L/∂W = Uᵀ X, ∂L/∂b = the sum of U over the examples. Shapes alone
    leave no other product. Twice the operations of the layer.

    References
    ----------
    Petersen and Pedersen (2012), The Matrix Cookbook, section 2.4.

    Examples
    --------
    >>> linear_layer_vjp([1, -1], [[1, 2], [3, 4]], None, [-1, -1])
    LinearLayerGradients(x=array([-4., -6.]), W=array([[-1.,  1.],
           [-1.,  1.]]), b=None)
    >>> linear_layer_vjp([1, -1], [[1, 2], [3, 4]], [5, 6], [-1, -1]).b
    array([-1., -1.])
    """
    x, W, b = _layer(x, W, b)
    u = as_array(upstream, "upstream", real=True)
    if u.shape != (*x.shape[:-1], len(W)):
        wanted = (*x.shape[:-1], len(W))
        raise ValueError(f"upstream must have the shape of the output of W, {wanted}, but it is {u.shape}")
    given = [x, W, u] if b is None else [x, W, b, u]
    X, U, weights = np.atleast_2d(in_double(x)), np.atleast_2d(in_double(u)), in_double(W)
    factors = (U, weights), (U.T, X), (U.T, np.ones(len(U)))
    gradients = [product_within_range(left, right, "each gradient") for left, right in factors]
    by_x, by_W, by_b = (array_result(gradient, "each gradient", *given) for gradient in gradients)
    return LinearLayerGradients(by_x.reshape(x.shape), by_W, None if b is None else by_b)


def matmul_vjp(A: ArrayLike, B: ArrayLike, upstream: ArrayLike) -> ProductGradients:
    """Backward pass of a product of matrices: what a gradient by A B becomes for A and for B.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Left factor, real.
    B : array_like of shape (n, p)
        Right factor, real.
    upstream : array_like of shape (m, p)
        ∂L/∂(A B), real.

    Returns
    -------
    ProductGradients
        ``(A, B)``: ∂L/∂A of shape (m, n) and ∂L/∂B of shape (n, p).

    Raises
    ------
    TypeError
        If a matrix is complex or holds no numbers.
    ValueError
        If a matrix is empty or not finite, or shapes do not fit.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    linear_layer_vjp : with the weights transposed, and a bias.

    Notes
    -----
    dL = ⟨U, dA B + A dB⟩ = ⟨U Bᵀ, dA⟩ + ⟨Aᵀ U, dB⟩, where ⟨X, Y⟩ = Σ Xᵢⱼ Yᵢⱼ. Twice the operations of the product.

    References
    ----------
    Giles (2008), Collected matrix derivative results for forward and reverse mode algorithmic differentiation.

    Examples
    --------
    >>> by_A, by_B = matmul_vjp([[1, 2]], [[3], [4]], [[1]])
    >>> by_A, by_B.T
    (array([[3., 4.]]), array([[1., 2.]]))
    """
    A, B, U = (as_matrix(M, name, real=True) for M, name in ((A, "A"), (B, "B"), (upstream, "upstream")))
    if A.shape[1] != len(B):
        raise ValueError(f"B must have {A.shape[1]} rows, as A has columns, but its shape is {B.shape}")
    if U.shape != (len(A), B.shape[1]):
        raise ValueError(f"upstream must have the shape of A B, {(len(A), B.shape[1])}, but its shape is {U.shape}")
    factors = (in_double(U), in_double(B).T), (in_double(A).T, in_double(U))
    gradients = [product_within_range(left, right, "each gradient") for left, right in factors]
    return ProductGradients(*(array_result(gradient, "each gradient", A, B, U) for gradient in gradients))


def quadratic_form_gradient(A: ArrayLike, x: ArrayLike) -> Array:
    """Gradient of xᵀAx by x: (A + Aᵀ) x.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix, symmetric or not.
    x : array_like of shape (n,)
        Real vector.

    Returns
    -------
    ndarray of shape (n,)
        (A + Aᵀ) x, which is 2 A x only for a symmetric A.

    Raises
    ------
    TypeError
        If A or x is complex or holds no numbers.
    ValueError
        If A or x is empty or not finite, A is not square, or x is no vector of as many entries.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    least_squares_gradient : a quadratic form with a linear part.

    Notes
    -----
    d(xᵀAx) = dxᵀ A x + xᵀ A dx = ((A + Aᵀ) x)ᵀ dx: x stands in two places, and each contributes.

    References
    ----------
    Petersen and Pedersen (2012), The Matrix Cookbook, equation 81.

    Examples
    --------
    >>> quadratic_form_gradient([[0, 1], [0, 0]], [1, 2])
    array([2., 1.])
    """
    A, x = as_square(A, "A", otherwise="xᵀAx needs as many rows as columns", real=True), as_vector(x, "x", real=True)
    if len(x) != len(A):
        raise ValueError(f"x must have {len(A)} entries, as A has rows, but its shape is {x.shape}")
    matrix, vector = in_double(A), in_double(x)
    both, twice = np.hstack([matrix, matrix.T]), np.concatenate([vector, vector])  # one sum, whose halves may cancel
    gradient = product_within_range(both, twice, "each entry of the gradient")
    return array_result(gradient, "each entry of the gradient", A, x)


def least_squares_gradient(A: ArrayLike, x: ArrayLike, b: ArrayLike) -> Array:
    """Gradient of ½‖Ax - b‖² by x: Aᵀ (Ax - b), with a residual that does not cancel near the solution.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real matrix: one row for each equation.
    x : array_like of shape (n,)
        Real vector.
    b : array_like of shape (m,)
        Right-hand side, real.

    Returns
    -------
    ndarray of shape (n,)
        Aᵀ (Ax - b); 0 where x is a least-squares solution.

    Raises
    ------
    TypeError
        If A, x or b is complex or holds no numbers.
    ValueError
        If A, x or b is empty or not finite, or their shapes do not fit.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    mathref.pseudoinverse.lstsq : the solution itself.

    Notes
    -----
    Near the solution Ax and b agree in most digits. Each entry of Ax - b is one compensated dot product, right to its
    last digit, so that the gradient goes on pointing downhill where plain subtraction leaves noise.

    References
    ----------
    Petersen and Pedersen (2012), The Matrix Cookbook, equation 84.
    Ogita, Rump and Oishi (2005), Accurate sum and dot product, SIAM J. Sci. Comput. 26.

    Examples
    --------
    >>> least_squares_gradient([[1, 0], [0, 2]], [1, 1], [0, 0])
    array([1., 4.])
    """
    A, x, b = as_matrix(A, "A", real=True), as_vector(x, "x", real=True), as_vector(b, "b", real=True)
    if len(x) != A.shape[1]:
        raise ValueError(f"x must have {A.shape[1]} entries, as A has columns, but its shape is {x.shape}")
    if len(b) != len(A):
        raise ValueError(f"b must have {len(A)} entries, as A has rows, but its shape is {b.shape}")
    matrix, sides, point = in_double(A), np.column_stack([in_double(A), b]), np.append(in_double(x), -1.0)
    residual = np.array([exact_dot(row, point) for row in sides])
    gradient = matrix_product(matrix.T, residual)
    if left_the_range(residual, sides, point) or left_the_range(gradient, matrix, residual):
        gradient = contraction("ji,jk,k->i", [matrix, sides, point], "each entry of the gradient")
    return array_result(gradient, "each entry of the gradient", A, x, b)


def logdet_gradient(A: ArrayLike) -> Array:
    """Gradient of log|det A| by A: A⁻ᵀ.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix. Its entries count as independent, also if it is symmetric.

    Returns
    -------
    ndarray of shape (n, n)
        A⁻ᵀ.

    Raises
    ------
    TypeError
        If A is complex or holds no numbers.
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If A is exactly singular, or an entry of the inverse exceeds the range of its type.

    Warns
    -----
    scipy.linalg.LinAlgWarning
        If the condition number exceeds 4.5e12, as `mathref.matrix.inverse` does.

    See Also
    --------
    det_gradient : of the determinant itself, also where it is 0.

    Notes
    -----
    d log|det A| = tr(A⁻¹ dA) = ⟨A⁻ᵀ, dA⟩ (Jacobi). Gaussian log-likelihoods are differentiated by it.

    References
    ----------
    Petersen and Pedersen (2012), The Matrix Cookbook, equation 57.

    Examples
    --------
    >>> logdet_gradient([[1, 2], [3, 4]]).round(9)
    array([[-2. ,  1.5],
           [ 1. , -0.5]])
    """
    return inverse(as_square(A, "A", otherwise=_NO_DETERMINANT, real=True)).T.copy()


def det_gradient(A: ArrayLike) -> Array:
    """Gradient of det A by A: the matrix of its cofactors.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real matrix, singular or not.

    Returns
    -------
    ndarray of shape (n, n)
        Cofactors: entry (i, j) is (-1)ⁱ⁺ʲ times the determinant without row i and column j; det(A) A⁻ᵀ for an
        invertible A.

    Raises
    ------
    TypeError
        If A is complex or holds no numbers.
    ValueError
        If A is not square, is empty, or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If an entry exceeds the range of its type.

    See Also
    --------
    logdet_gradient : of its logarithm.

    Notes
    -----
    det A is linear in each entry, with the cofactor as slope. From A = U diag(s) Vᵀ the cofactors are
    det(U) det(V) U diag(∏_{j≠i} sⱼ) Vᵀ, which needs no inverse; up to five rows the minors themselves are taken, exact
    for whole numbers. About 26 n³ operations.

    References
    ----------
    Giles (2008), Collected matrix derivative results for forward and reverse mode algorithmic differentiation.
    Stewart (1998), On the adjugate matrix, Linear Algebra and its Applications 283.

    Examples
    --------
    >>> det_gradient([[1, 2], [3, 4]])
    array([[ 4., -3.],
           [-2.,  1.]])
    >>> det_gradient([[1, 2], [2, 4]])
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    A = as_square(A, "A", otherwise=_NO_DETERMINANT, real=True)
    cofactors = _cofactors_by_minors(in_double(A)) if len(A) <= _FEW else _cofactors_by_svd(in_double(A))
    return array_result(cofactors + 0.0, "each cofactor", A)


def _cofactors_by_minors(A: Array) -> Array:
    n = len(A)
    if n == 1:
        return np.ones((1, 1))
    minors = [[det(np.delete(np.delete(A, i, axis=0), j, axis=1)) for j in range(n)] for i in range(n)]
    signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
    return np.array(minors) * signs


def _cofactors_by_svd(A: Array) -> Array:
    U, s, Vh = np.linalg.svd(A)
    largest = float(s[0])
    if not largest:
        return np.zeros_like(A)
    s = s / largest  # at most 1, so that no product overflows
    before, after = np.cumprod([1.0, *s[:-1]]), np.cumprod([1.0, *s[:0:-1]])[::-1]
    sign = np.linalg.det(U) * np.linalg.det(Vh)
    scale, exponent = product(1, 0, [largest] * (len(A) - 1))
    exponent = min(max(exponent, -2000), 2000)  # beyond, all overflows or vanishes in any case
    with np.errstate(over="ignore", invalid="ignore"):
        return times_power_of_two((U * (before * after)) @ Vh * (np.sign(sign) * scale), exponent)


def inverse_vjp(A: ArrayLike, upstream: ArrayLike) -> Array:
    """Backward pass of the inverse: what a gradient by A⁻¹ becomes for A.

    Parameters
    ----------
    A : array_like of shape (n, n)
        Real, invertible.
    upstream : array_like of shape (n, n)
        ∂L/∂(A⁻¹), real.

    Returns
    -------
    ndarray of shape (n, n)
        ∂L/∂A = -A⁻ᵀ U A⁻ᵀ.

    Raises
    ------
    TypeError
        If a matrix is complex or holds no numbers.
    ValueError
        If a matrix is empty or not finite, A is not square, or upstream has another shape.
    numpy.linalg.LinAlgError
        If A is exactly singular, or an entry exceeds the range of its type.

    Warns
    -----
    scipy.linalg.LinAlgWarning
        If the condition number exceeds 4.5e12, as `mathref.matrix.inverse` does.

    See Also
    --------
    logdet_gradient : another derivative that needs the inverse.

    Notes
    -----
    From A A⁻¹ = I: dA⁻¹ = -A⁻¹ dA A⁻¹, as d(1/x) = -dx/x². Two products of matrices more than the inverse.

    References
    ----------
    Giles (2008), Collected matrix derivative results for forward and reverse mode algorithmic differentiation.

    Examples
    --------
    >>> inverse_vjp([[2, 0], [0, 4]], [[1, 0], [0, 1]])
    array([[-0.25  ,  0.    ],
           [ 0.    , -0.0625]])
    """
    A, U = as_square(A, "A", otherwise=_NO_INVERSE, real=True), as_matrix(upstream, "upstream", real=True)
    if U.shape != A.shape:
        raise ValueError(f"upstream must have the shape of A, {A.shape}, but its shape is {U.shape}")
    transposed, matrix, what = inverse(in_double(A)).T, in_double(U), "each entry of the gradient"
    first = matrix_product(transposed, matrix)
    gradient = matrix_product(first, transposed)
    if left_the_range(first, transposed, matrix) or left_the_range(gradient, first, transposed):
        gradient = contraction("ij,jk,kl->il", [transposed, matrix, transposed], what)
    return array_result(0.0 - gradient, what, A, U)


def linear_layer_steps(x: ArrayLike, W: ArrayLike, b: ArrayLike | None, upstream: ArrayLike) -> Working:
    """How a linear layer goes forwards and backwards with one example, for pencil and paper.

    Parameters
    ----------
    x : array_like of shape (in,)
        One example, real, of at most 4 entries.
    W : array_like of shape (out, in)
        Weights, real, at most 4 rows.
    b : array_like of shape (out,), optional
        Bias, real, or None for a layer without.
    upstream : array_like of shape (out,)
        ∂L/∂y, real.

    Returns
    -------
    Working
        y = W x + b, ∂L/∂b, ∂L/∂W and ∂L/∂x.

    Raises
    ------
    TypeError
        If an array is complex or holds no numbers.
    ValueError
        If an array is empty, not finite or too long, shapes do not fit, or a number is too large or small to read
        (beyond 1e6, or below 1e-6 and not 0).

    See Also
    --------
    linear_layer_vjp : the same for a batch.

    Notes
    -----
    ∂L/∂b = u, ∂L/∂W = u xᵀ, ∂L/∂x = Wᵀ u with u = ∂L/∂y. All is computed in fractions.

    References
    ----------
    Petersen and Pedersen (2012), The Matrix Cookbook, section 2.4.

    Examples
    --------
    >>> linear_layer_steps([1, -1], [[1, 2], [3, 4]], None, [-1, -1]).result
    array([-4., -6.])
    >>> linear_layer_steps([1, -1], [[1, 2]], [3], [2]).result
    array([2., 4.])
    """
    vector = as_vector(x, "x", real=True)
    weights, bias = as_weights(W, b, len(vector))
    u = as_vector(upstream, "upstream", real=True)
    if len(u) != len(weights):
        raise ValueError(f"upstream must have {len(weights)} entries, as W has rows, but its shape is {u.shape}")
    return linear_layer_working(vector, weights, bias, u)
