"""What a nearly singular matrix deserves: an error if it is exactly singular, a warning if its condition is bad."""

import warnings
from functools import cache
from typing import NoReturn

import numpy as np
from numpy.linalg import LinAlgError
from scipy.linalg import LinAlgWarning

from mathref._arguments.arrays import Array, refuse_nonfinite

# Above this, a change of the last digit of the input (2.2e-16) reaches the third digit of the answer (1e-3).
CONDITION_LIMIT = 4.5e12
# The exact test eliminates n³/3 integers without BLAS, about 0.5 seconds at this side.
_LARGEST_EXACT_SIDE = 500
# Primes below 2**31, so that products fit in 64 bits, and of the form 4k + 1, so that -1 has a square root modulo them.
_PRIMES = (2147483629, 2147483549)


def refuse_or_warn(A: Array, name: str, use_instead: str) -> None:
    """Raise if A is not finite or exactly singular, warn with the 2-norm condition number if it exceeds the limit."""
    refuse_nonfinite(A, name)
    values = np.linalg.svd(A, compute_uv=False)
    with np.errstate(all="ignore"):
        condition = float(values[0] / values[-1])
    if condition <= CONDITION_LIMIT:
        return
    if is_exactly_singular(A):
        refuse_singular(name, use_instead)
    digits = int(15.7 - np.log10(min(condition, 1e15)))
    warnings.warn(
        f"{name} is nearly singular: its condition number is {condition:.1e}, so that at most {digits} of 16 "
        "digits of the result are certain",
        LinAlgWarning,
        stacklevel=3,
    )


def refuse_singular(name: str, use_instead: str) -> NoReturn:
    """Raise the error for a matrix without inverse."""
    raise LinAlgError(f"{name} must be invertible, but it is singular: its columns are dependent; {use_instead}")


def refuse_indefinite(order: int) -> NoReturn:
    """Raise the error for a Hermitian matrix whose leading minor of this order is not positive."""
    raise LinAlgError(
        f"A must be positive definite, but its leading minor of order {order} is not positive; "
        "if A is a covariance matrix with dependent variables, add a small multiple of the identity"
    )


def is_exactly_singular(A: Array) -> bool:
    """Whether det A is 0 for the stored numbers themselves, decided without rounding for up to 500 rows.

    Every double is an integer times a power of 2, so that A can be reduced modulo a prime. A singular matrix stays
    singular; one that is not becomes singular by accident with a chance of about n/2**31, for two primes n²/2**62.
    """
    return len(A) <= _LARGEST_EXACT_SIDE and all(_is_singular_modulo(A, prime) for prime in _PRIMES)


def _is_singular_modulo(A: Array, prime: int) -> bool:
    rows = _reduced(A.real, prime)
    if A.dtype.kind == "c":
        rows = (rows + _reduced(A.imag, prime) * _root_of_minus_one(prime)) % prime
    for k in range(len(rows)):
        pivot = k + int(np.argmax(rows[k:, k] != 0))
        if rows[pivot, k] == 0:
            return True
        rows[[k, pivot]] = rows[[pivot, k]]
        factors = rows[k + 1 :, k] * pow(int(rows[k, k]), -1, prime) % prime
        rows[k + 1 :, k:] = (rows[k + 1 :, k:] - factors[:, np.newaxis] * rows[k, k:]) % prime
    return False


def _reduced(A: Array, prime: int) -> Array:
    """Each double, an integer times a power of 2, modulo an odd prime."""
    mantissas, exponents = np.frexp(A.astype(np.float64))
    powers, where = np.unique(exponents, return_inverse=True)
    residues = np.array([pow(2, int(power) - 53, prime) for power in powers], dtype=np.int64)
    integers: Array = np.ldexp(mantissas, 53).astype(np.int64) % prime
    return integers * residues[where].reshape(A.shape) % prime


@cache
def _root_of_minus_one(prime: int) -> int:
    candidates = (pow(base, (prime - 1) // 4, prime) for base in range(2, 100))
    return next(root for root in candidates if root * root % prime == prime - 1)


@cache
def probes(n: int) -> Array:
    """Two fixed columns of random numbers, which no matrix that occurs maps to something much too short."""
    return np.random.default_rng(0).standard_normal((n, 2))
