"""How far confidence can be believed: what a threshold would leave out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.gui.pages.results.scored.base import Floats


def answered(confidence: Floats, right: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Of answers (N,), the share with at least that confidence, and which share of these is right; NaN where none."""
    there = np.nan_to_num(confidence, nan=0.0) >= threshold
    if not len(there):
        return float("nan"), float("nan")
    return float(there.mean()), float(right[there].mean()) if there.any() else float("nan")
