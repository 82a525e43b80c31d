"""Kinds of label: one file for each, one row in `TARGETS`."""

from __future__ import annotations

from workbench.engine.data.targets.base import MISSING, Encoded, Labelled, Targets
from workbench.engine.data.targets.mask import Mask
from workbench.engine.data.targets.multi_label import MultiLabel
from workbench.engine.data.targets.number import Number
from workbench.engine.data.targets.single_label import SingleLabel

__all__ = ["MISSING", "TARGETS", "Encoded", "Labelled", "Targets"]

TARGETS: dict[str, Targets] = {
    "single-label": SingleLabel(),
    "multi-label": MultiLabel(),
    "number": Number(),
    "mask": Mask(),
}
