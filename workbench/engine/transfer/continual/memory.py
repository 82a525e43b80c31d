"""Which pictures are remembered of those that a model has learned from.

Herding, as iCaRL chooses its exemplars (Rebuffi, Kolesnikov, Sperl and Lampert, CVPR 2017, arXiv 1611.07725, algorithm
4): one after the other the picture that brings the mean of those chosen nearest to the mean of all of its class, by the
directions of the model's features. So the first few already stand for the class, and fewer are the first of more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def herd(features: Floats, count: int) -> Ints:
    """The places of up to `count` of n pictures, in the order in which they are chosen.

    Args:
        features: (n, C).
    """
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.maximum(lengths, 1e-12)
    mean, total = directions.mean(axis=0), np.zeros(features.shape[1])
    free = np.ones(len(features), np.bool_)
    chosen: list[int] = []
    for number in range(1, min(count, len(features)) + 1):
        distance = ((mean - (total + directions) / number) ** 2).sum(axis=1)
        at = int(np.where(free, distance, np.inf).argmin())
        chosen.append(at)
        free[at] = False
        total = total + directions[at]
    return np.array(chosen, np.int64)


def remembered(features: Floats, strata: Ints, count: int) -> Ints:
    """The places of the pictures that are remembered, ascending: up to `count` of each stratum.

    Args:
        features: (n, C).
        strata: (n, S), as `SampleTable.strata` gives them: classes, labels, bins of a number; -1 for nothing. A picture
            that is chosen for one stratum counts for the others that it belongs to.
    """
    chosen = np.zeros(len(features), np.bool_)
    for stratum in _rarest_first(strata):
        members = np.flatnonzero((strata == stratum).any(axis=1))
        lacking = count - int(chosen[members].sum())
        others = members[~chosen[members]]
        if lacking > 0 and len(others):
            chosen[others[herd(features[others], lacking)]] = True
    return np.flatnonzero(chosen).astype(np.int64)


def _rarest_first(strata: Ints) -> list[int]:
    numbers, counts = np.unique(strata[strata >= 0], return_counts=True)
    order: list[int] = numbers[np.argsort(counts, kind="stable")].tolist()
    return order
