"""What the checks cost: each function beside the raw NumPy or SciPy call, by size.

Run apart from the tests: ``python -m pytest tests/bench/overhead.py``. In each group of two the number in brackets is
the ratio to the faster one.
"""

import numpy as np
import pytest
import scipy.linalg
import scipy.stats

from mathref.determinant import det, slogdet
from mathref.eigen import eig, eigh
from mathref.entropy import entropy
from mathref.factorization import cholesky, lu, qr
from mathref.matrix import inverse, matmul, solve
from mathref.norm import condition_number, matrix_norm, vector_norm
from mathref.pseudoinverse import pinv
from mathref.svd import svd
from mathref.vector import dot

SIZES = (3, 30, 300)


def general(n):
    return (np.random.default_rng(n).normal(size=(n, n)) / np.sqrt(n) / 3 + np.eye(n),)


def definite(n):
    (A,) = general(n)
    return (A @ A.T,)


def system(n):
    return (*general(n), np.ones(n))


def pair(n):
    return general(n) * 2


def vectors(n):
    rng = np.random.default_rng(n)
    return rng.normal(size=n * n), rng.normal(size=n * n)


def vector(n):
    return vectors(n)[:1]


def distribution(n):
    p = np.random.default_rng(n).random(n * n)
    return (p / p.sum(),)


PAIRS = {
    "det": (det, np.linalg.det, general),
    "slogdet": (slogdet, np.linalg.slogdet, general),
    "inverse": (inverse, np.linalg.inv, general),
    "solve": (solve, np.linalg.solve, system),
    "eig": (eig, np.linalg.eig, general),
    "eigh": (eigh, np.linalg.eigh, definite),
    "svd": (svd, lambda A: np.linalg.svd(A, full_matrices=False), general),
    "qr": (qr, np.linalg.qr, general),
    "lu": (lu, scipy.linalg.lu, general),
    "cholesky": (cholesky, np.linalg.cholesky, definite),
    "pinv": (pinv, np.linalg.pinv, general),
    "matmul": (matmul, np.matmul, pair),
    "matrix times vector": (matmul, np.matmul, system),
    "vector_norm": (vector_norm, np.linalg.norm, vector),
    "matrix_norm": (matrix_norm, np.linalg.norm, general),
    "spectral": (lambda A: matrix_norm(A, "spectral"), lambda A: np.linalg.norm(A, 2), general),
    "condition_number": (condition_number, np.linalg.cond, general),
    "dot, compensated": (dot, np.dot, vectors),
    "dot, plain": (lambda a, b: dot(a, b, compensated=False), np.dot, vectors),
    "entropy": (entropy, lambda p: scipy.stats.entropy(p, base=2), distribution),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("which", ["raw", "mathref"])
def test_overhead(benchmark, name, size, which):
    ours, raw, make = PAIRS[name]
    benchmark.group = f"{name}, {size} × {size}"
    benchmark.name = which
    benchmark(ours if which == "mathref" else raw, *make(size))


def test_entropy_of_a_million_outcomes(benchmark):
    p = np.random.default_rng(0).random(10**6)
    benchmark.group = "entropy, 10⁶ outcomes"
    benchmark(entropy, p / p.sum())


def test_entropy_of_a_million_outcomes_raw(benchmark):
    p = np.random.default_rng(0).random(10**6)
    benchmark.group = "entropy, 10⁶ outcomes"
    benchmark(scipy.stats.entropy, p / p.sum())
