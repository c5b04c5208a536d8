"""Numbers at the ends of the range, and what is computed from them with as many digits as one likes."""

import mpmath
import numpy as np

M = np.array([[4, 1, 0.5], [1, 3, 1], [0.5, 1, 2]])  # symmetric, positive definite, of condition 3.3
WIDE = np.array([1e300, 1, 1e-300])
HALF = np.array([1e150, 1, 1e-150])
CASES = {
    "the largest": M * 4e307,
    "1e308": M * 2.5e307,
    "1e-308": M * 1e-308,
    "5e-324": M * 5e-324,
    "rows from 1e300 to 1e-300": WIDE[:, np.newaxis] * M,
    "columns from 1e300 to 1e-300": M * WIDE,
    "both from 1e300 to 1e-300": HALF[:, np.newaxis] * M * HALF,
    "the largest of single precision": np.float32(M * 8e37),
    "1e-38 in single precision": np.float32(M * 1e-38),
    "the smallest of single precision": np.float32(M * 1.5e-45),
}
EQUAL = [name for name in CASES if " to " not in name]  # all entries of about one size


# What may err by 30 roundings: the share of each entry of a result, or of the largest alone.
ENTRY, LARGEST = "its entry", "the largest entry"


def mp(x):
    return mpmath.matrix(np.asarray(x).astype(float).tolist())


def numbers(x):
    return [float(entry) for entry in np.ravel(x)]


def mp_dot(a, b):
    return mpmath.fsum(mpmath.mpf(x) * y for x, y in zip(numbers(a), numbers(b), strict=True))


def mp_norm(x, p):
    return mpmath.fsum(mpmath.mpf(abs(entry)) ** p for entry in numbers(x)) ** (mpmath.mpf(1) / p)


def mp_norm_of(x):
    return mpmath.sqrt(mpmath.fsum(entry**2 for entry in x))


def like(A, *numbers):
    """Numbers of the type of A."""
    return np.array(numbers, A.dtype)


def flat(*parts):
    return np.concatenate([np.ravel(part) for part in parts])
