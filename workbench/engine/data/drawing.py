"""Which pictures an epoch takes, how often, and in what order: made again at any time from (seed, epoch) alone.

A draw is the number of a row plus TURN times how often the row came before in the same epoch, so that what is drawn
anew for a picture (its augmentation) differs between the times that it comes. A row that comes once is its own draw.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from workbench.core.drawing import times_drawn
from workbench.engine.data.counter import hash64, key_of, uniform

Rows = npt.NDArray[np.int64]
Draws = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TURN = 1 << 40
_GOLDEN = (5**0.5 - 1) / 2


def rows_of(draws: Draws) -> Rows:
    """The rows of draws, same shape."""
    return draws % TURN


def epoch_order(draws: Draws, seed: int, epoch: int) -> Draws:
    """Rows or draws in the order of an epoch: by a hash of (seed, epoch, draw)."""
    draws = np.asarray(draws, dtype=np.int64)
    return draws[np.lexsort((draws, hash64(key_of(seed, epoch, "order"), draws)))]


def expected(
    rows: Rows, labelled: Mapping[str, npt.NDArray[np.bool_]], sampling: str, temperature: float
) -> Floats:
    """(N,) how often each row is to come in an epoch on average; they add up to N.

    With n_t training pictures of task t and p_t its share of the epoch, a row comes N times the sum over its tasks of
    p_t / n_t. A row that no task labels does not come. `proportional` takes every row once.

    Args:
        rows: (N,) the rows of the training part.
        labelled: for each task (M,) whether each row of the whole table has a label of it.
    """
    has = {task: there[rows] for task, there in labelled.items()}
    counts = {task: int(there.sum()) for task, there in has.items()}
    if sampling == "proportional" or not any(counts.values()):
        return np.ones(len(rows))
    times = times_drawn(counts, len(rows), sampling, temperature)
    return np.asarray(np.sum([times[task] * there for task, there in has.items()], axis=0), dtype=np.float64)


def epoch_draws(rows: Rows, times: Floats, seed: int, epoch: int) -> Draws:
    """(N,) the draws of an epoch in their order, N being the sum of `times`, rounded.

    The whole part of a row's expected count is given surely. The fractions are drawn systematically (Madow 1949): laid
    end to end, rows of the same fraction beside each other and otherwise in an order hashed from the seed, they are
    hit by marks one apart. So the rows of one fraction get their part of each epoch to within one draw. The first mark
    moves by the golden section from epoch to epoch, so that over a run each row comes as often as it should to within
    a few draws, far closer than by drawing anew each time.

    Args:
        rows: (N,) distinct rows.
        times: (N,) how often each is to come on average.
    """
    rows = np.asarray(rows, dtype=np.int64)
    exact = np.round(times, 9)  # sums of shares that should be whole are
    whole = np.floor(exact)
    counts = whole.astype(np.int64)
    fractions = exact - whole
    extra = round(float(fractions.sum()))
    if extra:
        order = np.lexsort((rows, hash64(key_of(seed, "drawing"), rows), fractions))
        ends = np.cumsum(fractions[order])
        ends *= extra / ends[-1]
        ends[-1] = extra
        begin = float(uniform(key_of(seed, "first mark"), np.zeros(1, np.int64))[0])
        marks = np.floor(ends + (begin + epoch * _GOLDEN) % 1.0).astype(np.int64)
        counts[order] += np.diff(marks, prepend=0)
    repeated = np.repeat(rows, counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return epoch_order(repeated + TURN * (np.arange(len(repeated)) - starts), seed, epoch)
