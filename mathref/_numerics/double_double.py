"""Numbers in two doubles, high + low, of about 32 digits: arithmetic, sums and running sums along the first axis.

Joldes, Muller and Popescu (2017), Tight and rigorous error bounds for basic building blocks of double-word arithmetic,
ACM Trans. Math. Softw. 44. With u = 2⁻⁵³, a sum is off by at most 3u², a product by 5u², a quotient by 10u².
Nobody here guards against overflow: callers take powers of 2 out first.
"""

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.rounding_errors import product_and_error, sum_and_error

Pair = tuple[Array, Array]


def pair(x: Array) -> Pair:
    """Doubles as pairs."""
    return x, np.zeros(x.shape, x.dtype)  # in a fifth of the time of zeros_like


def renormalized(high: Array, low: Array) -> Pair:
    """The same sum with a high part that is the rounded one; for |high| ≥ |low| (Dekker)."""
    total = high + low
    return total, low - (total - high)


def add(a: Pair, b: Pair) -> Pair:
    """Sum of two pairs, accurate also where they cancel."""
    high, high_error = sum_and_error(a[0], b[0])
    low, low_error = sum_and_error(a[1], b[1])
    high, rest = renormalized(high, high_error + low)
    return renormalized(high, low_error + rest)


def negative(a: Pair) -> Pair:
    """The pair with its sign turned."""
    return -a[0], -a[1]


@np.errstate(under="ignore")
def multiply(a: Pair, b: Pair) -> Pair:
    """Product of two pairs."""
    product, error = product_and_error(a[0], b[0])
    return renormalized(product, error + (a[0] * b[1] + a[1] * b[0]))


@np.errstate(under="ignore")
def divide(a: Pair, b: Pair) -> Pair:
    """Quotient of two pairs, b not 0."""
    first = a[0] / b[0]
    rest = add(a, negative(multiply(b, pair(first))))
    return renormalized(first, rest[0] / b[0])


@np.errstate(under="ignore")
def square_root(a: Pair) -> Array:
    """√(high + low) in doubles, for a ≥ 0."""
    root = np.sqrt(a[0])
    square, error = product_and_error(root, root)
    rest = ((a[0] - square) - error) + a[1]
    correction: Array = np.divide(rest, 2 * root, out=np.zeros_like(root), where=root > 0)
    return root + correction


def times_power_of_two(a: Pair, exponent: Array) -> Pair:
    """Both parts times 2**exponent."""
    with np.errstate(all="ignore"):
        return np.ldexp(a[0], exponent), np.ldexp(a[1], exponent)


def joined(a: Pair, b: Pair) -> Pair:
    """One after the other along the first axis."""
    return np.concatenate([a[0], b[0]]), np.concatenate([a[1], b[1]])


def total(a: Pair) -> Pair:
    """Sum along the first axis by halves, so that the error grows with the logarithm of the number of terms alone."""
    high, low = a
    while (size := len(high)) > 1:
        half = size // 2
        last = high[2 * half :], low[2 * half :]
        sums = add((high[:half], low[:half]), (high[half : 2 * half], low[half : 2 * half]))
        high, low = joined(sums, last) if size % 2 else sums
    return high[0], low[0]


def running_total(a: Pair) -> Pair:
    """Sums of the first 1, 2, ..., n terms along the first axis: of pairs of terms first, then the terms between."""
    size = len(a[0])
    if size == 1:
        return a
    even, odd = ((a[0][k : size - 1 + k : 2], a[1][k : size - 1 + k : 2]) for k in (0, 1))
    even = even[0][: len(odd[0])], even[1][: len(odd[0])]
    of_pairs = running_total(add(even, odd))
    between = a[0][2::2], a[1][2::2]
    count = len(between[0])
    sums = np.empty_like(a[0]), np.empty_like(a[1])
    then = add((of_pairs[0][:count], of_pairs[1][:count]), between)
    for out, first, of_pair, last in zip(sums, a, of_pairs, then, strict=True):
        out[0], out[1::2], out[2::2] = first[0], of_pair, last
    return sums
