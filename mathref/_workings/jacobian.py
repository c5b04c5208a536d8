"""How the Jacobian matrix of a few polynomials comes about, row by row."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from mathref._workings.exact import rounded_array
from mathref._workings.gradient import partial_line, point_text
from mathref._workings.polynomials import Terms, partial, value
from mathref._workings.steps import Working, step
from mathref._workings.tex import equation


def jacobian_working(components: Sequence[Terms], point: Sequence[Fraction]) -> Working:
    """One step for each output, and the matrix."""
    rows, steps = [], []
    for number, terms in enumerate(components, 1):
        partials = [partial(terms, index) for index in range(len(point))]
        rows.append([value(slope, point) for slope in partials])
        lines = [partial_line(f"f_{number}", index, slope, point) for index, slope in enumerate(partials)]
        row = np.array(rounded_array([rows[-1]])[0])
        steps.append(step(f"Row {number}: the derivatives of output {number} by each variable.", row, *lines))
    last = step("The rows one below the other.", rounded_array(rows), equation("J", rows))
    return Working(f"Jacobian matrix at ({point_text(point)})", (*steps, last))
