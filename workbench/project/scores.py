"""Scores that follow from what `evaluate` prints: of each class, and how far confidence can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True)
class ClassScores:
    """Per class (C,): precision, recall and F1 in [0, 1] (NaN where there is nothing to divide by) and true count."""

    precision: Floats
    recall: Floats
    f1: Floats
    count: NDArray[np.int64]


def class_scores(confusion: NDArray[np.int64]) -> ClassScores:
    """Per-class scores from a confusion matrix (C, C) whose rows are what is true."""
    hits = np.diag(confusion).astype(float)
    true, said = confusion.sum(axis=1), confusion.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall, f1 = hits / said, hits / true, 2 * hits / (true + said)
    return ClassScores(precision, recall, f1, true.astype(np.int64))


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
    low, high = wilson(share, number)
    return Reliability(mean, share, low, high, number)


def interval_reliability(residual: Floats, spread: Floats, bins: int = BINS) -> Reliability:
    """How many of N true numbers lie within intervals that promise 10 %, 20 %, ... 90 % of them, and 95 % (Kuleshov,
    Fenner and Ermon 2018, arXiv 1807.00263); numbers without a spread are left out.

    Args:
        residual: (N,) answer less truth; spread: (N,) the predicted standard deviation of a normal distribution.
    """
    known = np.isfinite(residual) & np.isfinite(spread)
    number = int(known.sum())
    promised = np.append(np.arange(1, bins) / bins, 0.95) if number else np.zeros(0)
    reach = np.array([NormalDist().inv_cdf((1 + share) / 2) for share in promised])
    held = (np.abs(residual[known])[:, None] <= reach * spread[known][:, None]).sum(axis=0) / max(1, number)
    count = np.full(len(promised), number)
    low, high = wilson(held, count)
    return Reliability(promised, held, low, high, count)


def wilson(share: Floats, count: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The ends of the 95 % intervals of shares (K,) of counts (K,), none of them 0 (Wilson 1927)."""
    z = 1.959963984540054
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - half, middle + half
