"""Orthonormal columns and the triangular factor that belongs to them, the same on every machine.

Reflections leave an arbitrary unit vector where a column depends on those before it, by rounding errors that differ
from one processor to the next. There this file orthogonalizes column by column and fills in by a rule.
"""

import numpy as np
from scipy.linalg import lapack

from mathref._arguments.arrays import Array
from mathref._numerics.signs_and_orders import TIE

_HOUSEHOLDER = {"d": (lapack.dgeqrf, lapack.dorgqr), "D": (lapack.zgeqrf, lapack.zungqr)}
_EPS = float(np.finfo(np.float64).eps)


def thin_qr(A: Array) -> tuple[Array, Array]:
    """Q and R by Householder's reflections, the diagonal of R real and not negative."""
    reflect, assemble = _HOUSEHOLDER[A.dtype.char]
    thin = min(A.shape)
    factors, scales, *_ = reflect(A, lwork=64 * A.shape[1])  # room for blocks of 64 columns
    R = np.triu(factors[:thin])
    diagonal = R.diagonal()
    with np.errstate(all="ignore"):
        lengths = np.sqrt((R.real**2 + R.imag**2).sum(axis=0)[:thin])
    if not (np.abs(diagonal) > _least(A) * lengths).all():
        return _filled_in(A)
    Q = assemble(factors[:, :thin], scales, lwork=64 * thin)[0]
    signs = np.where(diagonal.real < 0, -1.0, 1.0)  # LAPACK's diagonal is real, also for complex A
    Q *= signs
    R *= signs[:, np.newaxis]
    return Q, R


def _least(A: Array) -> float:
    """What is left of a column that depends on others, relative to its length, is at most this rounding error."""
    return 4.0 * int(max(A.shape)) * _EPS


def _filled_in(A: Array) -> tuple[Array, Array]:
    """Gram and Schmidt's process, each step done twice; a dependent column is 0 below the others' parts in R.

    Its place in Q takes the axis with the largest part outside the columns before it (ties to 1e-9: the first).
    """
    thin = min(A.shape)
    Q, R = np.zeros((len(A), thin), A.dtype), np.zeros((thin, A.shape[1]), A.dtype)
    for k in range(thin):
        before = Q[:, :k]
        rest, R[:k, k] = _orthogonalized(A[:, k], before)
        length = np.linalg.norm(rest)
        if length > _least(A) * np.linalg.norm(A[:, k]):
            R[k, k] = length
        else:
            outside = 1 - (before.real**2 + before.imag**2).sum(axis=1)
            axis = int((outside >= outside.max() * (1 - TIE)).argmax())
            rest, _ = _orthogonalized(np.eye(1, len(A), axis, dtype=A.dtype)[0], before)
            length = np.linalg.norm(rest)
        Q[:, k] = rest / length
    R[:, thin:] = Q.conj().T @ A[:, thin:]
    return Q, R


def _orthogonalized(v: Array, Q: Array) -> tuple[Array, Array]:
    """What is left of v outside the columns of Q, and its parts along them."""
    first = Q.conj().T @ v
    rest = v - Q @ first
    second = Q.conj().T @ rest
    return rest - Q @ second, first + second
