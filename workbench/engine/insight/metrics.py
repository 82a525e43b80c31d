"""Scores of a classification: plain numpy on targets and probabilities, so that every number can be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 15
Z95 = 1.959963984540054


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


def classification_metrics(logits: npt.NDArray[np.floating], targets: Ints) -> dict[str, float | None]:
    """Loss and scores of one task as an epoch's event carries them.

    Args:
        logits: (n, C); targets: (n,), none missing.
    """
    matrix = confusion(targets, logits.argmax(axis=1), logits.shape[1])
    return {
        "loss": cross_entropy(logits, targets),
        "accuracy": accuracy(matrix),
        "balanced_accuracy": balanced_accuracy(matrix),
        "macro_f1": macro_f1(matrix),
    }


def score(metrics: Mapping[str, Mapping[str, float | None]]) -> float | None:
    """Mean over tasks of the score, in [0, 1], by which a checkpoint is chosen; tasks without labels are left out."""
    values = [value for task in metrics.values() if (value := task.get("accuracy")) is not None]
    return float(np.mean(values)) if values else None


def mean_loss(metrics: Mapping[str, Mapping[str, float | None]]) -> float:
    """The mean loss over tasks that have labels; infinite where none has."""
    values = [value for task in metrics.values() if (value := task.get("loss")) is not None]
    return float(np.mean(values)) if values else math.inf
