"""The multi-label head: one yes or no for each label."""

from __future__ import annotations

from workbench.engine.model.heads.base import HeadSettings, Widths
from workbench.engine.model.heads.hidden import HiddenHead


class MultiLabelHead(HiddenHead):
    """logits (B, L), each of one label alone: its probability is the logistic function of it.

    A hidden layer stands before them where one is asked for.
    """

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings, settings.hidden, classes)
