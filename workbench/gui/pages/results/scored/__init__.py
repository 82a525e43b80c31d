"""The results of one task, one file for each kind of task."""

from __future__ import annotations

from workbench.gui.pages.results.scored.base import TaskResult
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.scored.labels import LabelsResult
from workbench.gui.pages.results.scored.mask import MaskResult
from workbench.gui.pages.results.scored.number import NumberResult

__all__ = ["RESULTS", "ClassResult", "LabelsResult", "MaskResult", "NumberResult", "TaskResult"]

RESULTS: dict[str, type[TaskResult]] = {
    "single-label": ClassResult,
    "multi-label": LabelsResult,
    "number": NumberResult,
    "mask": MaskResult,
}
"""How the results of each kind of task are read."""
