"""The linear head: one layer on the features; with a frozen backbone, multinomial logistic regression."""

from __future__ import annotations

from torch import Tensor, nn

from workbench.engine.model.heads.base import HeadSettings, VectorHead, Widths, small_linear


class LinearHead(VectorHead):
    """logits = W ((features - mean) / std) + b."""

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.dropout = nn.Dropout(settings.dropout)
        self.linear = small_linear(widths.features, classes)

    def answer(self, standardised: Tensor) -> Tensor:
        logits: Tensor = self.linear(self.dropout(standardised))
        return logits
