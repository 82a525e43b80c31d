"""Scores: plain numpy on targets and answers, so that every number can be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from workbench.core.kinds import KINDS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 15
Z95 = 1.959963984540054
_REDRAWN = 2e7
"""Answers that are drawn again for an interval, at most: about a second."""


def softmax(logits: npt.NDArray[np.floating]) -> Floats:
    """(n, C) probabilities of logits (n, C)."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True, initial=-np.inf)
    exponentials = np.exp(shifted)
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


def cross_entropy(logits: npt.NDArray[np.floating], targets: Ints) -> float | None:
    """Mean negative log-likelihood in nats; None where there is nothing."""
    if not len(targets):
        return None
    high = logits.astype(np.float64).max(axis=1)
    total = high + np.log(np.exp(logits - high[:, None]).sum(axis=1))
    return float((total - logits[np.arange(len(targets)), targets]).mean())


def confusion(targets: Ints, predictions: Ints, classes: int) -> Ints:
    """(C, C) counts: rows are what pictures are, columns what they were taken for."""
    return np.bincount(targets * classes + predictions, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: Ints) -> float | None:
    """Share of pictures answered right."""
    total = matrix.sum()
    return float(np.trace(matrix) / total) if total else None


def balanced_accuracy(matrix: Ints) -> float | None:
    """Mean, over the classes that occur, of the share of their pictures answered right."""
    occurs = matrix.sum(axis=1)
    if not occurs.any():
        return None
    return float((np.diag(matrix)[occurs > 0] / occurs[occurs > 0]).mean())


def macro_f1(matrix: Ints) -> float | None:
    """Mean F1 over the classes that occur or were answered."""
    both = matrix.sum(axis=0) + matrix.sum(axis=1)
    if not both.any():
        return None
    return float((2 * np.diag(matrix)[both > 0] / both[both > 0]).mean())


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_], bins: int = BINS) -> float | None:
    """Expected calibration error (Naeini et al. 2015): mean gap of confidence and accuracy over equal-width bins."""
    if not len(confidence):
        return None
    index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(index, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def wilson(right: int, count: int, z: float = Z95) -> tuple[float, float] | None:
    """The 95 % interval of a share of `right` out of `count` (Wilson 1927); None where count is 0."""
    if not count:
        return None
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: Floats) -> tuple[float, float] | None:
    """The 95 % interval of a mean by Student's t (Student 1908); None for fewer than two values."""
    if len(values) < 2:
        return None
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    half = float(stdtrit(len(values) - 1, 0.975)) * deviation / math.sqrt(len(values))
    return mean - half, mean + half


def average_precision(scores: Floats, present: npt.NDArray[np.bool_]) -> float | None:
    """Σ (R_n - R_{n-1}) P_n over falling thresholds, equal scores taken together; None where nothing is present."""
    precision, recall, _ = precision_recall(scores, present)
    if not present.any():
        return None
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def mean_average_precision_interval(scores: Floats, present: npt.NDArray[np.bool_]) -> tuple[float, float] | None:
    """The 95 % interval of the mean average precision over labels by the bootstrap of pictures (Efron 1979).

    The spread of the redrawn means counts, about the mean that was found: a percentile would lean upwards, since a
    picture that is drawn twice ranks beside itself. The same pictures always give the same interval.

    Args:
        scores, present: (n, L); labels that no picture has are left out.

    Returns:
        None for fewer than two pictures, or where no picture has a label.
    """
    pictures, known = len(scores), np.flatnonzero(present.any(axis=0))
    if pictures < 2 or not len(known):
        return None
    draws = int(np.clip(_REDRAWN / (pictures * len(known)), 20, 400))
    times = np.random.default_rng(0).multinomial(pictures, np.full(pictures, 1 / pictures), draws).astype(np.float64)
    redrawn = np.stack([redrawn_precision(scores[:, at], present[:, at], times) for at in known])
    means = np.nanmean(redrawn[:, np.isfinite(redrawn).any(axis=0)], axis=0)
    mean = float(np.mean([average_precision(scores[:, at], present[:, at]) or 0.0 for at in known]))
    half = Z95 * float(means.std(ddof=1))
    return mean - half, mean + half


def redrawn_precision(scores: Floats, present: npt.NDArray[np.bool_], times: Floats) -> Floats:
    """Average precision (D,) where each picture counts `times` (D, n) as often; NaN where nothing present is drawn."""
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf) != 0)
    said = np.cumsum(times[:, order], axis=1)[:, last]
    hits = np.cumsum(times[:, order] * present[order], axis=1)[:, last]
    total = np.where(hits[:, -1] > 0, hits[:, -1], np.nan)
    found: Floats = (np.diff(hits, axis=1, prepend=0.0) * hits / np.maximum(said, 1.0)).sum(axis=1) / total
    return found


def precision_recall(scores: Floats, present: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and threshold (m,) at each different score, from the highest on; all empty without scores."""
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(present[order]), scores[order]
    last = np.flatnonzero(np.diff(ranked, append=-np.inf) != 0)
    total = max(1, int(present.sum()))
    return hits[last] / (last + 1), hits[last] / total, ranked[last]


def f1(hits: npt.ArrayLike, said: npt.ArrayLike, present: npt.ArrayLike) -> Floats:
    """F1 from counts of the same shape; NaN where a label was neither there nor said."""
    both = np.add(said, present)
    return np.where(both > 0, np.multiply(2, hits) / np.maximum(both, 1), np.nan)


def finite(value: npt.ArrayLike) -> float | None:
    """The number, or None where it is none."""
    number = float(np.asarray(value))
    return number if math.isfinite(number) else None


def share(interval: tuple[float, float]) -> tuple[float, float]:
    """An interval of something that lies between 0 and 1."""
    return max(0.0, interval[0]), min(1.0, interval[1])


def score(metrics: Mapping[str, Mapping[str, float | None]], kinds: Mapping[str, str]) -> float | None:
    """Mean over tasks of the score, in [0, 1], by which a checkpoint is chosen; tasks without labels are left out.

    Args:
        metrics: per task its metrics; kinds: per task its kind, whose chief metric counts.
    """
    found = [values.get(KINDS[kinds[task]].metric) for task, values in metrics.items()]
    known = [min(1.0, max(0.0, value)) for value in found if value is not None]
    return float(np.mean(known)) if known else None


def mean_loss(metrics: Mapping[str, Mapping[str, float | None]], scales: Mapping[str, float]) -> float:
    """The mean loss over tasks that have labels, each divided by its scale; infinite where none has."""
    values = [value / scales[task] for task, each in metrics.items() if (value := each.get("loss")) is not None]
    return float(np.mean(values)) if values else math.inf
