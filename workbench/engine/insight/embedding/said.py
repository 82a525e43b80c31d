"""What is true of pictures and what was said of them, in one form for all kinds of task but masks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.data.targets import MISSING, Encoded
from workbench.engine.insight.kinds.base import Array

TOLD = ("single-label", "multi-label", "number")
"""The kinds whose labels and answers can be said in a word."""


def answered(task: ResolvedTask, answers: Array) -> Encoded:
    """Answers (n, W) of a head as `SampleTable.encoded` gives labels."""
    if task.kind == "number":
        return answers[:, 0].astype(np.float64)
    return answers.argmax(axis=1).astype(np.int64) if task.kind == "single-label" else (answers > 0).astype(np.int8)


def words(task: ResolvedTask, encoded: Encoded) -> list[str | None]:
    """n encoded labels or answers in words; None where a label is missing."""
    if task.kind == "number":
        return [None if value != value else f"{value:.6g}" for value in encoded.tolist()]
    if task.kind == "single-label":
        return [None if place == MISSING else task.classes[place] for place in encoded.tolist()]
    return [None if MISSING in row else _names(task, row) for row in encoded.tolist()]


def agree(task: ResolvedTask, one: Encoded, other: Encoded) -> npt.NDArray[np.bool_] | None:
    """(n,) whether encoded labels or answers are the same; None for numbers, which are only nearer or farther."""
    if task.kind == "number":
        return None
    same = np.asarray(one == other)
    return np.asarray(same if same.ndim == 1 else same.all(axis=1))


def _names(task: ResolvedTask, row: list[int]) -> str:
    return ", ".join(name for name, there in zip(task.classes, row, strict=True) if there) or "none"
