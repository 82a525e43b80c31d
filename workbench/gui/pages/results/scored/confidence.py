"""How far confidence can be believed: its bins beside how often it was right, and what a threshold would leave out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.gui.pages.results.scored.base import Floats

BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Bins of confidence that hold a picture, from the least confident on, (B,) each.

    Attributes:
        confidence: its mean, in [0, 1].
        right: the share of right answers, with the low and high end of its 95 % interval.
        count: pictures.
    """

    confidence: Floats
    right: Floats
    low: Floats
    high: Floats
    count: NDArray[np.int64]


def reliability(confidence: Floats, right: NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """Bins of equal width of answers (N,); those whose confidence is not said are left out. Intervals: Wilson 1927."""
    known = np.isfinite(confidence)
    sure, hit = confidence[known], right[known]
    index = np.clip((sure * bins).astype(np.int64), 0, bins - 1)
    count = np.bincount(index, minlength=bins)
    there = np.flatnonzero(count)
    number = count[there]
    mean = np.bincount(index, weights=sure, minlength=bins)[there] / number
    share = np.bincount(index, weights=hit, minlength=bins)[there] / number
    low, high = _wilson(share, number)
    return Reliability(mean, share, low, high, number)


def answered(confidence: Floats, right: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Of answers (N,), the share with at least that confidence, and which share of these is right; NaN where none."""
    there = np.nan_to_num(confidence, nan=0.0) >= threshold
    if not len(there):
        return float("nan"), float("nan")
    return float(there.mean()), float(right[there].mean()) if there.any() else float("nan")


def _wilson(share: Floats, count: NDArray[np.int64]) -> tuple[Floats, Floats]:
    z = 1.959963984540054
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - half, middle + half
