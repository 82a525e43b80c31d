"""How far confidence can be believed: what a threshold would leave out, and what a run was calibrated to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.gui.pages.results.scored.base import Floats, Rows


def answered(confidence: Floats, right: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Of answers (N,), the share with at least that confidence, and which share of these is right; NaN where none."""
    there = np.nan_to_num(confidence, nan=0.0) >= threshold
    if not len(there):
        return float("nan"), float("nan")
    return float(there.mean()), float(right[there].mean()) if there.any() else float("nan")


@dataclass(frozen=True)
class Answered:
    """Per class or label (C,), where only answers of a certain confidence are given; NaN of nothing to divide by.

    Attributes:
        coverage: the share of the pictures of the class that is answered; of a label: the share of all pictures of
            which it is said.
        precision: of the pictures answered with the class, the share that is of it.
        recall: of all pictures of the class, answered or not, the share that is answered and rightly.
        said, count: pictures answered with the class, and pictures of it.
    """

    coverage: Floats
    precision: Floats
    recall: Floats
    said: Rows
    count: Rows

    @property
    def macro_precision(self) -> float:
        """The mean over the classes that are said at all; NaN where none is."""
        return _mean(self.precision)

    @property
    def macro_recall(self) -> float:
        """The mean over the classes that there are."""
        return _mean(self.recall)


def answered_by_class(target: Rows, prediction: Rows, confidence: Floats, classes: int, threshold: float) -> Answered:
    """What a threshold leaves of the answers of each class; (N,) class indices, -1 for none of them."""
    given = (np.nan_to_num(confidence, nan=0.0) >= threshold) & (prediction >= 0)
    true = _counts(target, target >= 0, classes)
    said = _counts(prediction, given, classes)
    right = _counts(target, given & (target == prediction), classes)
    there = _counts(target, given & (target >= 0), classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Answered(there / true, right / said, right / true, said, true)


def said_by_label(target: NDArray[np.bool_], probabilities: NDArray[np.float32], threshold: float) -> Answered:
    """What a threshold leaves of the answers of each label; (N, L), NaN where a probability is not said."""
    said = probabilities >= threshold
    right, told, true = (each.sum(axis=0) for each in (said & target, said, target))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Answered(told / np.float64(len(said)), right / told, right / true, told, true)


def _counts(of: Rows, chosen: NDArray[np.bool_], classes: int) -> Rows:
    return np.bincount(of[chosen], minlength=classes).astype(np.int64)


def _mean(shares: Floats) -> float:
    known = shares[np.isfinite(shares)]
    return float(known.mean()) if len(known) else float("nan")


@dataclass(frozen=True)
class Calibration:
    """What was fitted to the answers of a head of one class or of several labels.

    Attributes:
        pictures: of the validation part, that it was fitted on.
        coverage: how often the set of classes is to hold the true one; None of several labels.
        every_class: whether only all classes together do, since the pictures are too few to promise it.
        abstain_below: the confidence below which it abstains; 0 for never.
        error_before, error: calibration error on those pictures; None where it is not known.
    """

    temperature: float
    pictures: int
    coverage: float | None
    every_class: bool
    abstain_below: float
    error_before: float | None
    error: float | None

    @classmethod
    def read(cls, said: dict[str, Any] | None) -> Calibration | None:
        """Read a task's part of a document of `evaluate`; None where the run is not calibrated."""
        if said is None:
            return None
        keys = ("coverage", "error_before", "error")
        coverage, before, after = (None if said[key] is None else float(said[key]) for key in keys)
        below = float(said["abstain_below"])
        every = said["threshold"] == 0
        return cls(float(said["temperature"]), int(said["pictures"]), coverage, every, below, before, after)

    @property
    def worse(self) -> bool:
        """Whether confidence is further off than it was before."""
        return self.error is not None and self.error_before is not None and self.error > self.error_before
