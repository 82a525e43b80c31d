"""What is said of a task's data: one file for each kind, one row in `REPORTS`."""

from __future__ import annotations

from workbench.engine.data.reports.base import FEW, PART_WORDS, Report
from workbench.engine.data.reports.mask import MaskReport
from workbench.engine.data.reports.multi_label import MultiLabelReport
from workbench.engine.data.reports.number import NumberReport
from workbench.engine.data.reports.single_label import SingleLabelReport

__all__ = ["FEW", "PART_WORDS", "REPORTS", "Report"]

REPORTS: dict[str, Report] = {
    "single-label": SingleLabelReport(),
    "multi-label": MultiLabelReport(),
    "number": NumberReport(),
    "mask": MaskReport(),
}
