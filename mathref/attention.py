"""Attention: each query takes a mean of values, weighted by how well their keys fit it."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.attention import as_blocks, as_mask, as_matrices, refuse_unlike
from mathref._arguments.lengths import refuse_too_large
from mathref._arguments.logits import refuse_impossible
from mathref._arguments.precision import as_precise_as, in_double
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_matrix, as_vector
from mathref._arguments.single import as_integer, as_number
from mathref._numerics.attention import Logits, mean_of_values, softmax_of_blocks
from mathref._numerics.softmax import Softmax
from mathref._workings.attention import attention_working
from mathref._workings.exact import refuse_long
from mathref._workings.steps import Working


def causal_mask(n: int, n_keys: int | None = None) -> Array:
    """Mask by which each query attends to the keys up to its own position, and none that come later.

    Parameters
    ----------
    n : int
        Number of queries, at least 1.
    n_keys : int, optional
        Number of keys, not below n, by default n. If there are more, the queries are the last positions, as in decoding
        with a cache of earlier keys.

    Returns
    -------
    ndarray of bool of shape (n, n_keys)
        True where query i may attend to key j: j ≤ i + n_keys - n.

    Raises
    ------
    TypeError
        If n or n_keys is no integer.
    ValueError
        If n is below 1, or n_keys below n.

    See Also
    --------
    scaled_dot_product_attention : takes it as `mask`.

    Notes
    -----
    PyTorch's ``is_causal=True`` aligns at the first key instead, which is another mask if n_keys > n. n · n_keys
    entries.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.3.

    Examples
    --------
    >>> causal_mask(3).astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    >>> causal_mask(1, 3)
    array([[ True,  True,  True]])
    """
    n = as_integer(n, "n", least=1)
    n_keys = n if n_keys is None else as_integer(n_keys, "n_keys", least=n)
    refuse_too_large((n, n_keys), "n" if n == n_keys else "n_keys")
    return np.tri(n, n_keys, n_keys - n, dtype=bool)


class _Arguments:
    """Queries, keys and, if asked for, values, with the logits that these make of them; `rows` are (..., n)."""

    def __init__(self, Q: ArrayLike, K: ArrayLike, *V: ArrayLike, mask: ArrayLike | None, scale: float | None) -> None:
        queries, keys, *values = (as_matrices(x, name) for x, name in zip((Q, K, *V), "QKV", strict=False))
        refuse_unlike(queries, keys, ("Q", "K"), -1, "columns")
        for rows in values:
            refuse_unlike(keys, rows, ("K", "V"), -2, "rows")
            refuse_unlike(queries, rows, ("Q", "V"))
        self.given = (queries, keys, *values)
        batch = np.broadcast_shapes(*(x.shape[:-2] for x in self.given))
        self.rows = (*batch, queries.shape[-2])
        kept = None if mask is None else as_mask(mask, "mask", (*self.rows, keys.shape[-2]))
        factor = 1 / math.sqrt(queries.shape[-1]) if scale is None else as_number(scale, "scale")
        self.logits = Logits(in_double(queries), in_double(keys), factor, kept)

    def mean(self, block_size: int | None = None) -> Array:
        """Weighted mean of the values, by blocks or at once."""
        values = in_double(self.given[-1])
        found = mean_of_values(self.logits, values, self.rows, block_size or values.shape[-2])
        return array_result(found, "each mean of values", *self.given)


def attention_weights(
    Q: ArrayLike, K: ArrayLike, *, mask: ArrayLike | None = None, scale: float | None = None
) -> Array:
    """Share of each key in what a query takes.

    Parameters
    ----------
    Q : array_like of shape (..., n, d)
        Queries in rows, real.
    K : array_like of shape (..., m, d)
        Keys in rows, real. Batch axes broadcast.
    mask : array of bool, optional
        True where a query may attend to a key; broadcasts to (..., n, m). No numbers: 0 and 1 mean other things
        elsewhere.
    scale : float, optional
        Factor of the scores, by default 1/√d.

    Returns
    -------
    ndarray of shape (..., n, m)
        softmax(scale · Q Kᵀ) along the last axis. Each row sums to 1; that of a query that may attend to nothing is 0.

    Raises
    ------
    TypeError
        If Q or K is complex or holds no numbers, mask holds no booleans, or scale is no number.
    ValueError
        If Q or K has fewer than two axes, is empty or not finite; if they differ in d, or their batch axes do not
        broadcast; if mask does not broadcast to (..., n, m), or scale is not finite.

    See Also
    --------
    scaled_dot_product_attention : these weights times the values.
    mathref.softmax.softmax : of scores that you have; it refuses a row that is masked out whole.

    Notes
    -----
    A masked score is -∞, not 0. Scores are sums of d products; large ones are computed with twice the digits, so that
    the weights are right to 12 digits whatever their size. 2nmd operations.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.1.

    Examples
    --------
    >>> attention_weights([[1, 0]], [[1, 0], [0, 1]]).round(4)
    array([[0.6698, 0.3302]])
    >>> attention_weights([[1, 0]], [[1, 0], [0, 1]], mask=[[True, False]], scale=3.0)
    array([[1., 0.]])
    """
    given = _Arguments(Q, K, mask=mask, scale=scale)
    weights = Softmax(given.logits.of(slice(None))).probabilities
    return np.array(as_precise_as(weights, *given.given), order="C")


def scaled_dot_product_attention(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, *, mask: ArrayLike | None = None, scale: float | None = None
) -> Array:
    """Mean of the values for each query, weighted by the softmax of its scores with the keys.

    Parameters
    ----------
    Q : array_like of shape (..., n, d)
        Queries in rows, real.
    K : array_like of shape (..., m, d)
        Keys in rows, real.
    V : array_like of shape (..., m, v)
        Values in rows, real, one for each key. Batch axes of all three broadcast.
    mask : array of bool, optional
        True where a query may attend to a key; broadcasts to (..., n, m).
    scale : float, optional
        Factor of the scores, by default 1/√d.

    Returns
    -------
    ndarray of shape (..., n, v)
        softmax(scale · Q Kᵀ) V. A query that may attend to nothing gets 0.

    Raises
    ------
    TypeError
        If Q, K or V is complex or holds no numbers, mask holds no booleans, or scale is no number.
    ValueError
        If Q, K or V has fewer than two axes, is empty or not finite; if Q and K differ in d, or K and V in m; if batch
        axes do not broadcast; if mask does not broadcast to (..., n, m), or scale is not finite.

    See Also
    --------
    attention_weights : the weights alone.
    blockwise_attention : the same without ever holding all weights.

    Notes
    -----
    Each entry lies between the least and the largest value that the query may see. A key that is masked out has no
    influence, however large it is. 2nm(d + v) operations, and n · m weights in memory.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.1.

    Examples
    --------
    >>> scaled_dot_product_attention([[1, 0]], [[1, 0], [0, 1]], [[1], [3]]).round(3)
    array([[1.66]])
    >>> V, seen = [[1, 10], [3, 20]], [[True, False], [False, False]]
    >>> scaled_dot_product_attention([[1, 0], [0, 1]], [[1, 0], [0, 1]], V, mask=seen, scale=0.5)
    array([[ 1., 10.],
           [ 0.,  0.]])
    """
    return _Arguments(Q, K, V, mask=mask, scale=scale).mean()


def blockwise_attention(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    *,
    block_size: int,
    mask: ArrayLike | None = None,
    scale: float | None = None,
) -> Array:
    """Attention that looks at a few keys at a time and keeps a running maximum and sum.

    Parameters
    ----------
    Q : array_like of shape (..., n, d)
        Queries in rows, real.
    K : array_like of shape (..., m, d)
        Keys in rows, real.
    V : array_like of shape (..., m, v)
        Values in rows, real, one for each key. Batch axes of all three broadcast.
    block_size : int
        Number of keys at a time, at least 1; it may exceed m.
    mask : array of bool, optional
        True where a query may attend to a key; broadcasts to (..., n, m).
    scale : float, optional
        Factor of the scores, by default 1/√d.

    Returns
    -------
    ndarray of shape (..., n, v)
        What ``scaled_dot_product_attention`` gives, to rounding.

    Raises
    ------
    TypeError
        If Q, K or V is complex or holds no numbers, block_size is no integer, mask holds no booleans, or scale is no
        number.
    ValueError
        If Q, K or V has fewer than two axes, is empty or not finite; if Q and K differ in d, or K and V in m; if batch
        axes do not broadcast; if block_size is below 1, mask does not broadcast to (..., n, m), or scale is not finite.

    See Also
    --------
    online_softmax : the weights by blocks.

    Notes
    -----
    Where a block has a score above the largest so far, what was summed is multiplied by the exponential of the
    difference. The operations are those of the whole, in memory for n · block_size weights. Scores that could exceed
    500 are computed with twice the digits, all at once.

    References
    ----------
    Milakov and Gimelshein (2018), Online normalizer calculation for softmax.
    Dao et al. (2022), FlashAttention: fast and memory-efficient exact attention with IO-awareness.

    Examples
    --------
    >>> Q, K, V = [[1, 0]], [[1, 0], [0, 1], [1, 1]], [[1], [3], [5]]
    >>> whole = scaled_dot_product_attention(Q, K, V)
    >>> bool(np.allclose(blockwise_attention(Q, K, V, block_size=2), whole, rtol=1e-15))
    True
    >>> blockwise_attention(Q, K, V, block_size=1, mask=[True, False, False], scale=0.5)
    array([[1.]])
    """
    block_size = as_integer(block_size, "block_size", least=1)
    return _Arguments(Q, K, V, mask=mask, scale=scale).mean(block_size)


def online_softmax(blocks: Sequence[ArrayLike]) -> Array:
    """Softmax of rows that come in pieces, in one pass over a running maximum and sum.

    Parameters
    ----------
    blocks : list of array_like
        Logits, each of shape (..., k) with its own k; real, finite or -inf, of probability 0.

    Returns
    -------
    ndarray of shape (..., m)
        Softmax of the blocks one after the other along the last axis.

    Raises
    ------
    TypeError
        If blocks is no list, or one is complex or holds no numbers.
    ValueError
        If there are no blocks, one is empty, a single number, or holds NaN or +inf, their other axes differ, or a row
        holds only -inf.

    See Also
    --------
    mathref.softmax.softmax : of a row that is there as a whole.
    blockwise_attention : means of values in the same way.

    Notes
    -----
    After a block with the largest entry m the sum is Σ exp(x - m) so far: where the maximum has risen, the sum before
    is multiplied by exp(old - new). The quotients come last. O(m).

    References
    ----------
    Milakov and Gimelshein (2018), Online normalizer calculation for softmax.

    Examples
    --------
    >>> online_softmax([[0, np.log(2)], [np.log(3)]]).round(6)
    array([0.166667, 0.333333, 0.5     ])
    """
    arrays = as_blocks(blocks, "blocks")
    rows = [in_double(x) for x in arrays]
    refuse_impossible(np.concatenate(rows, axis=-1), "blocks")
    return np.array(as_precise_as(softmax_of_blocks(rows), *arrays), order="C")


def split_heads(x: ArrayLike, heads: int) -> Array:
    """Features of each position dealt out to heads, which attend by themselves.

    Parameters
    ----------
    x : array_like of shape (..., n, d)
        One position a row, real.
    heads : int
        Number of heads, at least 1, which divides d.

    Returns
    -------
    ndarray of shape (..., heads, n, d/heads)
        Consecutive features go to one head.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers, or heads is no integer.
    ValueError
        If x has fewer than two axes, is empty or not finite, or heads does not divide d.

    See Also
    --------
    merge_heads : the way back.

    Notes
    -----
    d is cut in two axes, and the new one goes before the positions. A reshape to the result's shape without that
    exchange mixes positions.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.2.

    Examples
    --------
    >>> split_heads([[1, 2, 3, 4], [5, 6, 7, 8]], 2)
    array([[[1., 2.],
            [5., 6.]],
    <BLANKLINE>
           [[3., 4.],
            [7., 8.]]])
    """
    array, heads = as_matrices(x, "x"), as_integer(heads, "heads", least=1)
    *batch, n, d = array.shape
    if d % heads:
        raise ValueError(f"heads must divide the {d} features of x, but it is {heads}")
    return np.moveaxis(array.reshape(*batch, n, heads, d // heads), -2, -3).copy()


def merge_heads(x: ArrayLike) -> Array:
    """What the heads have found side by side: undoes `split_heads`.

    Parameters
    ----------
    x : array_like of shape (..., heads, n, k)
        One matrix for each head, real.

    Returns
    -------
    ndarray of shape (..., n, heads·k)
        Of each position the features of all heads.

    Raises
    ------
    TypeError
        If x is complex or holds no numbers.
    ValueError
        If x has fewer than three axes, is empty or not finite.

    See Also
    --------
    split_heads : deals features out.

    Notes
    -----
    Entries are moved, none is changed.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.2.

    Examples
    --------
    >>> merge_heads([[[1, 2], [5, 6]], [[3, 4], [7, 8]]])
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    array = as_matrices(x, "x", axes=3)
    *batch, heads, n, k = array.shape
    return np.moveaxis(array, -3, -2).reshape(*batch, n, heads * k).copy()


def attention_steps(q: ArrayLike, K: ArrayLike, V: ArrayLike) -> Working:
    """How one query comes to its output, for pencil and paper.

    Parameters
    ----------
    q : array_like of shape (d,)
        Query, real, at most 5 entries.
    K : array_like of shape (m, d)
        Keys in rows, real, at most 5.
    V : array_like of shape (m, v)
        Values in rows, real, at most 5 entries each.

    Returns
    -------
    Working
        Scores q·k, the same over √d, the weights, and the output: the last value is the one row of
        ``scaled_dot_product_attention([q], K, V)``.

    Raises
    ------
    TypeError
        If q, K or V is complex or holds no numbers.
    ValueError
        If q is no vector, or K or V no matrix; if they do not fit, are too long to read, or q or K holds entries
        that are not 0 and outside 1e-6 to 1e6 in modulus.

    See Also
    --------
    mathref.softmax.softmax_steps : the weights in more detail.

    Notes
    -----
    Scores are exact where the entries are fractions.

    References
    ----------
    Vaswani et al. (2017), Attention is all you need, section 3.2.1.

    Examples
    --------
    >>> working = attention_steps([1, 0], [[1, 0], [0, 1]], [[1], [3]])
    >>> working.result.round(3)
    array([1.66])
    """
    query, keys, values = as_vector(q, "q", real=True), as_matrix(K, "K", real=True), as_matrix(V, "V", real=True)
    refuse_unlike(query, keys, ("q", "K"), -1, "columns")
    refuse_unlike(keys, values, ("K", "V"), -2, "rows")
    for array, name in ((query, "q"), (keys, "K"), (values, "V")):
        refuse_long(array, name, rows=5)
    weights = attention_weights(query[np.newaxis], keys)[0]
    output = scaled_dot_product_attention(query[np.newaxis], keys, values)[0]
    return attention_working(query, keys, weights, output)
