"""What matrix calculus, chains of Jacobians and a network give for numbers at the ends of the range."""

import mpmath
import numpy as np
from edges import ENTRY, LARGEST, flat, like, mp, numbers

from mathref import backpropagation, chain_rule, matrix_calculus

ONES = np.array([1.0, 0.5, 2])


def mp_network(A):
    """Loss and gradients by W and b of one layer A with bias A₂ for the example ONES and the target A₁."""
    x, a = mp(ONES), mp(A)
    gap = a * x + mp(A[2]) - mp(A[1])
    return [(gap.T * gap)[0] / 2, *(gap * x.T), *gap]


def mp_cofactors(A):
    return mpmath.det(mp(A)) * (mp(A) ** -1).T


def network(A):
    loss, ((W, b),) = backpropagation.mlp_gradients([(A, A[2])], [like(A, *ONES)], [A[1]])
    return flat(like(A, loss), W, b)


FUNCTIONS = {
    matrix_calculus.linear_layer: (
        lambda A: matrix_calculus.linear_layer(A, A, -A[1]),
        lambda A: [x - float(A[1, i % 3]) for i, x in enumerate(mp(A) * mp(A).T)],
        LARGEST,
    ),
    matrix_calculus.linear_layer_vjp: (
        lambda A: flat(*matrix_calculus.linear_layer_vjp(A.T, A, A[1], A)),
        lambda A: [*(mp(A) * mp(A)), *(mp(A).T * mp(A).T), *(mpmath.fsum(numbers(x)) for x in A.T)],
        ENTRY,
    ),
    matrix_calculus.matmul_vjp: (
        lambda A: flat(*matrix_calculus.matmul_vjp(A, A, A)),
        lambda A: [*(mp(A) * mp(A).T), *(mp(A).T * mp(A))],
        ENTRY,
    ),
    matrix_calculus.quadratic_form_gradient: (
        lambda A: matrix_calculus.quadratic_form_gradient(A, A[1]),
        lambda A: (mp(A) + mp(A).T) * mp(A[1]),
        ENTRY,
    ),
    matrix_calculus.least_squares_gradient: (
        lambda A: matrix_calculus.least_squares_gradient(A, like(A, *ONES) / 8, A[0]),
        lambda A: mp(A).T * (mp(A) * mp(ONES / 8) - mp(A[0])),
        ENTRY,
    ),
    matrix_calculus.logdet_gradient: (
        matrix_calculus.logdet_gradient,
        lambda A: (mp(A) ** -1).T,
        ENTRY,
    ),
    matrix_calculus.det_gradient: (matrix_calculus.det_gradient, mp_cofactors, ENTRY),
    matrix_calculus.inverse_vjp: (
        lambda A: matrix_calculus.inverse_vjp(A, A),
        lambda A: -((mp(A) ** -1).T * mp(A) * (mp(A) ** -1).T),
        LARGEST,
    ),
    chain_rule.chain_jacobians: (
        lambda A: flat(*(chain_rule.chain_jacobians([A, A.T, A], order=order) for order in chain_rule._ORDERS)),
        lambda A: [*(mp(A) * mp(A).T * mp(A))] * 3,
        ENTRY,
    ),
    backpropagation.mlp_gradients: (
        network,
        mp_network,
        LARGEST,
    ),
}
