"""What difference quotients tend to for step 0, with an error estimate that sees noise and kinks.

Quotients at many steps are extrapolated to step 0 (Richardson), and the value is kept whose error is least. That error
is how far the value is from those that it was made of, and at least what the quotients of all smaller steps show of
noise, whatever makes it.
"""

import math
from collections.abc import Iterator

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.quotients import Kind, Samples, central, second

_COLUMNS = 9
LEAST_STEP = 1e-305  # its inverse is a double
# Steps smaller than the one that is used, which must not contradict it: values of few digits may agree by chance.
_WITNESSES = 4
_CAUTION = 3  # times that what neighbours differ by counts as error
_CONTRADICTION = 5  # times both errors that two values may differ by


def limit(kind: Kind, samples: Samples, noise: float, size: float) -> tuple[Array, Array]:
    """What the quotients tend to, with an error that is at least half the jump at a kink."""
    outputs = np.arange(len(samples.centre))
    if kind is second:
        samples = samples.part(samples.steps > math.sqrt(LEAST_STEP), outputs)
    if not len(samples.steps):
        return np.full(len(outputs), math.nan), np.full(len(outputs), math.inf)
    values, amplification, power, jumps = kind(samples)
    moves = np.maximum(np.abs(samples.upper - samples.centre), np.abs(samples.lower - samples.centre))
    sizes = np.maximum(np.maximum(np.abs(samples.upper), np.abs(samples.lower)), np.abs(samples.centre))
    doubt = 4 * noise * sizes
    if kind is second:  # values of few digits often have second differences of exactly 0: first ones show their noise
        doubt = np.maximum(doubt, _noise(samples))
    # f may round its argument, as sin(100 x) does: that cannot be seen in the values, and is added at the end.
    argument = noise * moves / samples.steps[:, np.newaxis] * (size * amplification)
    slope, error = _extrapolated(samples.steps, values, doubt * amplification, argument, amplification, power)
    if jumps is not None:
        doubt, argument = 4 * doubt * amplification, 4 * argument
        jump, uncertain = _extrapolated(samples.steps, jumps, doubt, argument, amplification, 1)
        error = np.where(np.abs(jump) > 4 * uncertain, np.maximum(error, np.abs(jump) / 2), error)
        # A jump that has no limit beside the slopes of both sides: they run away, or swing.
        runs_away = uncertain > 0.01 * (moves / samples.steps[:, np.newaxis]).min(axis=0)
        error = np.where(runs_away, np.maximum(error, uncertain), error)
    return slope, error


def _noise(samples: Samples) -> Array:
    """What central quotients show of noise in the samples at each step."""
    values, amplification, power, _ = central(samples)
    noise = np.full_like(values, math.inf)
    for k, _, gap in _table(samples.steps, values, power):
        noise[k:] = np.minimum(noise[k:], gap / amplification[k:])
    return np.where(np.isfinite(noise), noise, 0.0)


def _table(h: Array, values: Array, power: int) -> Iterator[tuple[int, Array, Array]]:
    """The columns of Neville's scheme from the second on, and how far each entry is from the two it is made of."""
    column = values
    ratios = (h[:, np.newaxis] / h) ** power - 1  # of the steps of each row and of each below it
    for k in range(1, min(len(h), _COLUMNS)):
        fresh = column[1:] + (column[1:] - column[:-1]) / ratios.diagonal(k)[:, np.newaxis]
        yield k, fresh, np.maximum(np.abs(fresh - column[1:]), np.abs(fresh - column[:-1]))
        column = fresh


def _extrapolated(
    h: Array, values: Array, rounding: Array, late: Array, amplification: Array, power: int
) -> tuple[Array, Array]:
    """Of all entries of the table the one with the least error, to which its entry of `late` is added.

    Noise of one size in the samples grows with the amplification: what neighbours differ by at one step tells how
    little they may be trusted at each larger one, even if there they agree by chance. The smallest steps only testify.
    """
    best, least = values.copy(), np.full_like(values, math.inf)  # for each row
    for k, column, gap in _table(h, values, power):
        unit = np.maximum(_CAUTION * gap, rounding[k:]) / amplification[k:]
        error = np.maximum.accumulate(unit[::-1])[::-1] * amplification[k:]
        error[max(1, len(error) - _WITNESSES) :] = math.inf
        better = error < least[k:]  # never where it is NaN
        np.copyto(best[k:], column, where=better)
        np.copyto(least[k:], error, where=better)
    row = _not_contradicted(best, least)[np.newaxis]
    return tuple(np.take_along_axis(part, row, axis=0)[0] for part in (best, least + late))


def _not_contradicted(best: Array, error: Array) -> Array:
    """The row of least error for each output, unless smaller steps, which see more, say something else."""
    error, rows = error.copy(), np.arange(len(error))[:, np.newaxis]
    while True:
        row = error.argmin(axis=0)[np.newaxis]
        value, size = (np.take_along_axis(part, row, axis=0) for part in (best, error))
        contradicts = (rows > row) & (np.abs(best - value) > _CONTRADICTION * (error + size)) & np.isfinite(error)
        wrong = contradicts.any(axis=0)
        if not wrong.any():
            chosen: Array = row[0]
            return chosen
        error[(rows <= row) & wrong] = math.inf
