"""How far confidence can be believed: what a threshold would leave out, and what a run was calibrated to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.gui.pages.results.scored.base import Floats


def answered(confidence: Floats, right: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Of answers (N,), the share with at least that confidence, and which share of these is right; NaN where none."""
    there = np.nan_to_num(confidence, nan=0.0) >= threshold
    if not len(there):
        return float("nan"), float("nan")
    return float(there.mean()), float(right[there].mean()) if there.any() else float("nan")


@dataclass(frozen=True)
class Calibration:
    """What was fitted to the answers of a head of one class.

    Attributes:
        pictures: of the validation part, that it was fitted on.
        coverage: how often the set of classes is to hold the true one.
        abstain_below: the confidence below which it abstains; 0 for never.
        error_before, error: calibration error on those pictures; None where it is not known.
    """

    temperature: float
    pictures: int
    coverage: float
    abstain_below: float
    error_before: float | None
    error: float | None

    @classmethod
    def read(cls, said: dict[str, Any] | None) -> Calibration | None:
        """Read a task's part of a document of `evaluate`; None where the run is not calibrated."""
        if said is None:
            return None
        before, after = (None if said[key] is None else float(said[key]) for key in ("error_before", "error"))
        coverage, below = float(said["coverage"]), float(said["abstain_below"])
        return cls(float(said["temperature"]), int(said["pictures"]), coverage, below, before, after)

    @property
    def worse(self) -> bool:
        """Whether confidence is further off than it was before."""
        return self.error is not None and self.error_before is not None and self.error > self.error_before
