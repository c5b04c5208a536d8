"""What difference quotients tend to for step 0, with an error estimate that sees noise and kinks.

Quotients at many steps are extrapolated to step 0 (Richardson), and the value is kept whose error is least. That error
is how far the value is from those that it was made of, and at least what the quotients of all smaller steps show of
noise, whatever makes it.
"""

import math

import numpy as np

from mathref._arguments.arrays import Array
from mathref._numerics.quotients import Kind, Samples, central, second

_COLUMNS = 9
LEAST_STEP = 1e-305  # its inverse is a double
# Steps smaller than the one that is used, which must not contradict it: values of few digits may agree by chance.
_WITNESSES = 4
_CAUTION = 3  # times that what neighbours differ by counts as error
_CONTRADICTION = 5  # times both errors that two values may differ by
_AT_ONCE = 1000  # outputs: what is computed of more would no longer fit into the processor's cache


def limit(kind: Kind, samples: Samples, noise: float, size: float) -> tuple[Array, Array]:
    """What the quotients tend to, with an error that is at least half the jump at a kink."""
    outputs = np.arange(len(samples.centre))
    if kind is second:
        samples = samples.part(samples.steps > math.sqrt(LEAST_STEP), outputs)
    if not len(samples.steps):
        return np.full(len(outputs), math.nan), np.full(len(outputs), math.inf)
    if len(outputs) > _AT_ONCE:
        rows, parts = np.arange(len(samples.steps)), np.split(outputs, range(_AT_ONCE, len(outputs), _AT_ONCE))
        found = [limit(kind, samples.part(rows, part), noise, size) for part in parts]
        return np.concatenate([slope for slope, _ in found]), np.concatenate([error for _, error in found])
    values, amplification, power, jumps = kind(samples)
    moves = np.maximum(np.abs(samples.upper - samples.centre), np.abs(samples.lower - samples.centre))
    sizes = np.maximum(np.maximum(np.abs(samples.upper), np.abs(samples.lower)), np.abs(samples.centre))
    doubt = 4 * noise * sizes
    if kind is second:  # values of few digits often have second differences of exactly 0: first ones show their noise
        doubt = np.maximum(doubt, _noise(samples))
    # f may round its argument, as sin(100 x) does: that cannot be seen in the values, and is added at the end.
    argument = noise * moves / samples.steps[:, np.newaxis] * (size * amplification)
    if jumps is None:
        return _extrapolated(samples.steps, [values], [doubt], [argument], amplification, [power])
    both = [values, jumps], [doubt, 4 * doubt], [argument, 4 * argument]
    tables = _extrapolated(samples.steps, *both, amplification, [power, 1])
    (slope, jump), (error, uncertain) = (part.reshape(2, -1) for part in tables)
    error = np.where(np.abs(jump) > 4 * uncertain, np.maximum(error, np.abs(jump) / 2), error)
    # A jump that has no limit beside the slopes of both sides: they run away, or swing.
    runs_away = uncertain > 0.01 * (moves / samples.steps[:, np.newaxis]).min(axis=0)
    return slope, np.where(runs_away, np.maximum(error, uncertain), error)


def _noise(samples: Samples) -> Array:
    """What central quotients show of noise in the samples at each step."""
    values, amplification, power, _ = central(samples)
    _, gaps = _table(samples.steps, [values], [power])
    noise = (gaps / amplification).min(axis=0)
    return np.where(np.isfinite(noise), noise, 0.0)


def _table(h: Array, values: list[Array], powers: list[int]) -> tuple[Array, Array]:
    """The columns of Neville's scheme for tables side by side, and how far each entry is from the two it is made of.

    An entry stands in the row of the smallest step that it is made of; the first column and what is no entry are
    infinitely far.
    """
    steps = h[:, np.newaxis] / h  # of each row and of each below it
    ratios = np.repeat([steps**power - 1 for power in powers], values[0].shape[1], axis=0)
    columns = np.zeros((min(len(h), _COLUMNS), len(h), len(ratios)))
    columns[0] = np.concatenate(values, axis=1)
    for k in range(1, len(columns)):
        before, fresh = columns[k - 1, k - 1 :], columns[k, k:]
        np.add(before[1:], (before[1:] - before[:-1]) / ratios.diagonal(k, 1, 2).T, out=fresh)
    gaps = np.full_like(columns, math.inf)
    made, later, earlier = columns[1:, 1:], columns[:-1, 1:], columns[:-1, :-1]
    np.maximum(np.abs(made - later), np.abs(made - earlier), out=gaps[1:, 1:])
    for k in range(1, len(columns)):
        gaps[k, :k] = math.inf
    return columns, gaps


def _extrapolated(
    h: Array, values: list[Array], rounding: list[Array], late: list[Array], amplification: Array, powers: list[int]
) -> tuple[Array, Array]:
    """Of all entries of each table the one with the least error, to which its entry of `late` is added.

    Noise of one size in the samples grows with the amplification: what neighbours differ by at one step tells how
    little they may be trusted at each larger one, even if there they agree by chance. The smallest steps only testify.
    """
    columns, gaps = _table(h, values, powers)
    rounded = np.concatenate(rounding, axis=1) * amplification
    unit = np.maximum(_CAUTION * gaps, rounded) / amplification
    error = np.maximum.accumulate(unit[:, ::-1], axis=1)[:, ::-1] * amplification
    for k in range(len(error)):
        error[k, max(k + 1, len(h) - _WITNESSES) :] = math.inf
    error[~(error < math.inf)] = math.inf  # where it is NaN
    chosen = error.argmin(axis=0)[np.newaxis]  # for each row
    best, least = (np.take_along_axis(part, chosen, axis=0)[0] for part in (columns, error))
    row = _not_contradicted(best, least), np.arange(best.shape[1])
    return best[row], least[row] + np.concatenate(late, axis=1)[row]


def _not_contradicted(best: Array, error: Array) -> Array:
    """The row of least error for each output, unless smaller steps, which see more, say something else."""
    error, rows = error.copy(), np.arange(len(error))[:, np.newaxis]
    every = np.arange(error.shape[1])
    while True:
        row: Array = error.argmin(axis=0)
        value, size = best[row, every], error[row, every]
        contradicts = (rows > row) & (np.abs(best - value) > _CONTRADICTION * (error + size)) & np.isfinite(error)
        wrong = contradicts.any(axis=0)
        if not wrong.any():
            return row
        error[(rows <= row) & wrong] = math.inf
