"""What each kind of task learns from a teacher's answers: one file per kind, one row in `SOFT`."""

from __future__ import annotations

from workbench.engine.transfer.distillation.soft.base import NotTaught, SoftTarget
from workbench.engine.transfer.distillation.soft.mask import SoftMask
from workbench.engine.transfer.distillation.soft.multi_label import SoftLabels
from workbench.engine.transfer.distillation.soft.number import SoftNumber
from workbench.engine.transfer.distillation.soft.single_label import SoftClass

__all__ = ["SOFT", "NotTaught", "SoftTarget"]

SOFT: dict[str, type[SoftTarget]] = {
    "single-label": SoftClass,
    "multi-label": SoftLabels,
    "number": SoftNumber,
    "mask": SoftMask,
}
