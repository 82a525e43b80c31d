"""The mlp head: one hidden layer between features and logits."""

from __future__ import annotations

from workbench.engine.model.heads.base import HeadSettings, Widths
from workbench.engine.model.heads.hidden import HiddenHead

WIDTH = 256
"""Of the hidden layer, where no other is asked for."""


class MLPHead(HiddenHead):
    """Linear, layer norm, GELU, dropout, linear."""

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings, settings.hidden or WIDTH, classes)
