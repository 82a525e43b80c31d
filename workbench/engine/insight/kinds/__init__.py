"""What each kind of task makes of its answers: one file per kind, one row in `REPORTS`."""

from __future__ import annotations

from workbench.engine.insight.kinds.base import Metrics, Report
from workbench.engine.insight.kinds.mask import MaskReport
from workbench.engine.insight.kinds.multi_label import MultiLabelReport
from workbench.engine.insight.kinds.number import NumberReport
from workbench.engine.insight.kinds.single_label import SingleLabelReport

__all__ = ["REPORTS", "Metrics", "Report"]

REPORTS: dict[str, Report] = {
    "single-label": SingleLabelReport(),
    "multi-label": MultiLabelReport(),
    "number": NumberReport(),
    "mask": MaskReport(),
}
