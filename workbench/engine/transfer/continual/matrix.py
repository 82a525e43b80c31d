"""The accuracy matrix of learning in steps, and what it says of forgetting.

Lopez-Paz and Ranzato, "Gradient Episodic Memory for Continual Learning", NeurIPS 2017 (arXiv 1706.08840), §2: R[i, j]
is the score after step i on the pictures of step j; the average accuracy is the mean of the last row, the backward
transfer the mean over j of R[last, j] - R[j, j]: negative where something was forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.verdict import SCORE_NAMES, is_error
from workbench.engine.insight.metrics import Z95, mean_interval, wilson

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """What came with a step: pictures that judge one task, n of them.

    Attributes:
        step: in which it came, counted from 0.
        labels: that came with it, where the task asks for classes and they are few enough to be named.
        scores: (S, n) of each run from `step` on, the higher the better; a run that cannot answer scores NaN.
        grain: the smallest step between two scores of a picture; 0 where they are continuous.
    """

    step: int
    task: str
    kind: str
    labels: list[str]
    scores: Floats
    grain: float

    @property
    def is_share(self) -> bool:
        """Whether its scores are shares, which alone can be averaged over tasks."""
        return not is_error(self.kind)

    def cell(self, run: int) -> dict[str, Any] | None:
        """The score of a run with its 95 % interval; None before the step."""
        if run < self.step:
            return None
        scores = self.scores[run - self.step]
        turn = 1.0 if self.is_share else -1.0
        right_or_wrong = self.kind == "single-label"
        found = wilson(int(scores.sum()), len(scores)) if right_or_wrong else mean_interval(scores)
        interval = None if found is None else sorted(turn * end for end in found)
        return {"score": turn * float(scores.mean()), "interval": interval}

    @property
    def change(self) -> Floats:
        """(n,) of each picture what has changed since its step."""
        return np.asarray(self.scores[-1] - self.scores[0], np.float64)


def document(runs: Sequence[str], columns: Sequence[Column]) -> dict[str, Any]:
    """The matrix, the average accuracy after each run, and the backward transfer."""
    shares = [column for column in columns if column.is_share]
    return {
        "runs": list(runs),
        "columns": [_column(column, runs) for column in columns],
        "matrix": [[column.cell(run) for column in columns] for run in range(len(runs))],
        "average": [
            _average([c.scores[run - c.step] for c in shares if c.step <= run], shares) for run in range(len(runs))
        ],
        "backward_transfer": _backward([column for column in shares if column.step < len(runs) - 1]),
    }


def _column(column: Column, runs: Sequence[str]) -> dict[str, Any]:
    return {
        "step": column.step,
        "run": runs[column.step],
        "task": column.task,
        "kind": column.kind,
        "score": SCORE_NAMES[column.kind],
        "pictures": column.scores.shape[1],
        "labels": column.labels,
    }


def _average(scores: Sequence[Floats], columns: Sequence[Column]) -> dict[str, Any] | None:
    """The mean over columns of their means, with its interval."""
    grain = max((column.grain for column in columns), default=0.0)
    return _mean_of_means(scores, grain, (0.0, 1.0))


def _backward(columns: Sequence[Column]) -> dict[str, Any] | None:
    """The mean over columns of what has changed since their steps; None where nothing came before the last step."""
    grain = max((column.grain for column in columns), default=0.0)
    return _mean_of_means([column.change for column in columns], grain, (-1.0, 1.0))


def _mean_of_means(each: Sequence[Floats], grain: float, ends: tuple[float, float]) -> dict[str, Any] | None:
    """The mean of the means of several sets of pictures, with the normal 95 % interval of independent pictures.

    In every set one more picture counts as `grain` off, so that pictures that all agree do not promise certainty.
    """
    if not each:
        return None
    value = float(np.mean([scores.mean() for scores in each]))
    variances = [
        (float(((scores - scores.mean()) ** 2).sum()) + grain**2) / max(1, len(scores) - 1) / len(scores)
        for scores in each
    ]
    half = Z95 * math.sqrt(sum(variances)) / len(each)
    return {"value": value, "interval": [max(ends[0], value - half), min(ends[1], value + half)]}


def picture_rows(documents: Sequence[Mapping[str, float]], images: Sequence[str]) -> Floats:
    """(S, n) scores of pictures by several runs."""
    return np.array([[scores[image] for image in images] for scores in documents], np.float64)


def conclude(found: Mapping[str, Any]) -> str:
    """One sentence on what was forgotten."""
    transfer = found["backward_transfer"]
    if transfer is None:
        return "No pictures that came before the last run can judge it, so what was forgotten cannot be told."
    points, (low, high) = 100 * transfer["value"], transfer["interval"]
    if high < 0:
        return f"Of what it knew it has lost {-points:.1f} points on average ({-100 * high:.1f} to {-100 * low:.1f})."
    if low > 0:
        return f"What came later has made it better at the old, by {points:.1f} points on average."
    return "What came later has changed the old answers within noise: nothing was forgotten that could be told."
