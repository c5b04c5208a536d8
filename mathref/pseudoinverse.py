"""Pseudoinverse: the matrix that gives, for every right-hand side, the shortest of all least-squares solutions."""

import numpy as np
from numpy.typing import ArrayLike

from mathref._arguments.arrays import Array
from mathref._arguments.precision import in_double
from mathref._arguments.results import array_result
from mathref._arguments.shapes import as_matrix, as_right_hand_side
from mathref._numerics.least_squares import shortest_least_squares
from mathref._numerics.powers_of_two import moderate, times_power_of_two
from mathref._numerics.singular_values import count, decomposed, tolerance


def pinv(A: ArrayLike, *, rtol: float | None = None) -> Array:
    """Moore-Penrose pseudoinverse.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix of any rank.
    rtol : float, optional
        Singular values up to rtol times the largest count as zero, not negative; by default max(m, n) · eps with the
        eps of A's precision (2.2e-16, float32 1.2e-7).

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
    >>> pinv([[1, 0], [0, 1e-6]], rtol=1e-5)
    array([[1., 0.],
           [0., 0.]])
    """
    A = as_matrix(A, "A")
    share = tolerance(A, rtol)
    matrix, exponent = moderate(A)
    U, s, Vh = decomposed(matrix)
    kept = count(s, share)
    with np.errstate(all="ignore"):
        scaled_result = (Vh[:kept].conj().T / s[:kept]) @ U[:, :kept].conj().T
    result = times_power_of_two(scaled_result, -exponent)
    return array_result(result, "the pseudoinverse", A)


def lstsq(A: ArrayLike, b: ArrayLike, *, rtol: float | None = None) -> Array:
    """Least-squares solution of A x = b, correct to the last digits even where A is ill-conditioned.

    Parameters
    ----------
    A : array_like of shape (m, n)
        Real or complex matrix, one row an observation.
    b : array_like of shape (m,) or (m, k)
        Right-hand side, or k of them as columns.
    rtol : float, optional
        Singular values up to rtol times the largest count as zero, as in `pinv`; not negative. By default max(m, n) ·
        eps with the eps of A's precision (2.2e-16, float32 1.2e-7).

    Returns
    -------
    ndarray of shape (n,) or (n, k)
        The x that minimizes ‖A x - b‖₂; if the columns of A are dependent, the shortest such x: A⁺ b.

    Raises
    ------
    ValueError
        If A is not a matrix, b has not m rows, one is empty or holds NaN or infinity, or rtol is negative.
    numpy.linalg.LinAlgError
        If the result exceeds the range of doubles.

    Notes
    -----
    The columns are scaled, A = Q R gives a first solution, and x and the residual r are corrected together through
    r + A x = b, A* r = 0, whose residuals are computed without rounding. Each step gains about log₁₀(1/(κ eps)) digits
    for the condition number κ of the scaled columns. Where only rounding keeps columns from being dependent, A = C W
    with C of independent columns, and x = W⁺ C⁺ b; where rtol drops more than rounding, x comes from the singular
    value decomposition, to its precision.

    A column in a small unit (1e-20 beside 1) counts as zero by default, as in `pinv`. With rtol=0 none does for its
    unit: columns are then dependent only if they are so, to rounding, after each is divided by its largest entry.

    Less than a millisecond for small systems, two to three times numpy.linalg.lstsq at 300 × 300 and at 100,000 × 3;
    for many more rows than columns with κ above about 1e6 far more.

    References
    ----------
    Björck (1996), Numerical Methods for Least Squares Problems, section 2.9.
    Golub and Van Loan (2013), Matrix Computations, 4th ed., sections 5.3 and 5.5.

    Examples
    --------
    >>> lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
    array([1., 2.])
    >>> lstsq([[1, 0], [0, 1e-6]], [3, 1], rtol=1e-5)
    array([3., 0.])
    """
    A = as_matrix(A, "A")
    b = as_right_hand_side(b, "b", len(A))
    share = tolerance(A, rtol)
    rounding = tolerance(A, None)
    matrix, columns = in_double(A), in_double(b).reshape(len(b), -1)
    with np.errstate(all="ignore"):
        if "c" in (A.dtype.kind, b.dtype.kind):
            result = _complex_least_squares(matrix, columns, share, rounding)
        else:
            result = shortest_least_squares(matrix, columns, share, rounding)
    return array_result(result.reshape(A.shape[1:] + b.shape[1:]), "the solution", A, b)


def _complex_least_squares(A: Array, B: Array, share: float, rounding: float) -> Array:
    """The same problem in real numbers: real parts first, imaginary parts below them."""
    real = np.block([[A.real, -A.imag], [A.imag, A.real]])
    parts = shortest_least_squares(real, np.concatenate([B.real, B.imag]), share, rounding)
    n = A.shape[1]
    return parts[:n] + 1j * parts[n:]
