"""Pseudoinverse: the matrix that gives, for every right-hand side, the shortest of all least-squares solutions."""

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import as_precise_as, in_double, refuse_overflow
from mathref._arguments.shapes import as_matrix, as_right_hand_side
from mathref._arguments.single import as_number
from mathref._numerics.least_squares import shortest_least_squares
from mathref.svd import svd


def pinv(A: ArrayLike, *, rtol: float | None = None) -> Array:
    """Moore-Penrose pseudoinverse.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix of any rank.
    rtol : float, optional
        Singular values up to rtol times the largest count as zero; by default max(m, n) · eps with the eps of A's
        precision (2.2e-16, float32 1.2e-7).

    Returns
    -------
    ndarray of shape (n, m)
        A⁺. It is a left inverse when the columns of A are independent, a right inverse when the rows are, and the
        inverse when both are.

    Raises
    ------
    ValueError
        If A is not a matrix, is empty, or holds NaN or infinity, or rtol is negative.
    numpy.linalg.LinAlgError
        If the result exceeds the range of doubles.

    See Also
    --------
    lstsq : A⁺ b, to all digits.

    Notes
    -----
    A⁺ = V Σ⁺ U* from the singular value decomposition A = U Σ V*, where Σ⁺ holds 1/σ for each σ that is not zero. It is
    the only matrix with A A⁺ A = A, A⁺ A A⁺ = A⁺, and A A⁺ and A⁺ A Hermitian (Penrose's conditions).

    References
    ----------
    Penrose (1955), A generalized inverse for matrices, Proc. Cambridge Philos. Soc. 51.
    Golub and Van Loan (2013), Matrix Computations, 4th ed., section 5.5.

    Examples
    --------
    >>> pinv([[1, 0], [0, 2], [0, 0]])
    array([[1. , 0. , 0. ],
           [0. , 0.5, 0. ]])
    """
    A = as_matrix(A, "A")
    tolerance = max(A.shape) * float(np.finfo(A.dtype).eps) if rtol is None else as_number(rtol, "rtol", least=0)
    U, s, Vh = svd(in_double(A))
    kept = int(np.count_nonzero(s > tolerance * s[0]))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        result = (Vh[:kept].conj().T / s[:kept]) @ U[:, :kept].conj().T
    refuse_overflow(result, "the pseudoinverse")
    return as_precise_as(result, A)


def lstsq(A: ArrayLike, b: ArrayLike) -> Array:
    """Least-squares solution of A x = b, correct to the last digits even where A is ill-conditioned.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix, one row an observation.
    b : array_like of shape (m,) or (m, k)
        Right-hand side, or k of them as columns.

    Returns
    -------
    ndarray of shape (n,) or (n, k)
        The x that minimizes ‖A x - b‖₂; if the columns of A are dependent, the shortest such x.

    Raises
    ------
    ValueError
        If A is not a matrix, b has not m rows, or one is empty or holds NaN or infinity.
    numpy.linalg.LinAlgError
        If the result exceeds the range of doubles.

    Notes
    -----
    The columns are scaled, A = Q R gives a first solution, and x and the residual r are corrected together through
    r + A x = b, A* r = 0, whose residuals are computed without rounding. Each step gains about log₁₀(1/(κ eps)) digits
    for the condition number κ of the scaled columns. Columns count as dependent when singular values of the scaled A
    fall below max(m, n) eps of the largest (eps of A's precision); then A = C W with C of independent columns, and
    x = W⁺ C⁺ b.

    About 2 milliseconds for small systems, and two to three times numpy.linalg.lstsq at 300 × 300.

    References
    ----------
    Björck (1996), Numerical Methods for Least Squares Problems, section 2.9.
    Golub and Van Loan (2013), Matrix Computations, 4th ed., sections 5.3 and 5.5.

    Examples
    --------
    >>> lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    array([1., 2.])
    """
    A = as_matrix(A, "A")
    b = as_right_hand_side(b, "b", len(A))
    eps = float(np.finfo(A.dtype).eps)
    matrix, columns = in_double(A), in_double(b).reshape(len(b), -1)
    with np.errstate(over="ignore", invalid="ignore"):
        if "c" in (A.dtype.kind, b.dtype.kind):
            result = _complex_least_squares(matrix, columns, eps)
        else:
            result = shortest_least_squares(matrix, columns, eps)
    refuse_overflow(result, "the solution")
    return as_precise_as(result.reshape(A.shape[1:] + b.shape[1:]), A, b)


def _complex_least_squares(A: Array, B: Array, eps: float) -> Array:
    """The same problem in real numbers: real parts first, imaginary parts below them."""
    real = np.block([[A.real, -A.imag], [A.imag, A.real]])
    parts = shortest_least_squares(real, np.concatenate([B.real, B.imag]), eps)
    n = A.shape[1]
    return parts[:n] + 1j * parts[n:]
