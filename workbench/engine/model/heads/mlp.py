"""The mlp head: one hidden layer between features and logits."""

from __future__ import annotations

from torch import Tensor, nn

from workbench.engine.model.heads.base import HeadSettings, VectorHead, small_linear

WIDTH = 256
"""Of the hidden layer, where no other is asked for."""


class MLPHead(VectorHead):
    """Linear, layer norm, GELU, dropout, linear.

    Layer norm rather than batch norm: an answer never depends on the other pictures of the batch, however few
    have a label for this task.
    """

    def __init__(self, features: int, classes: int, settings: HeadSettings) -> None:
        super().__init__(features, classes, settings)
        width = settings.hidden or WIDTH
        self.hidden = nn.Linear(features, width)
        self.norm = nn.LayerNorm(width)
        self.activation = nn.GELU()
        self.dropout = nn.Dropout(settings.dropout)
        self.linear = small_linear(width, classes)

    def answer(self, standardised: Tensor) -> Tensor:
        hidden = self.activation(self.norm(self.hidden(standardised)))
        logits: Tensor = self.linear(self.dropout(hidden))
        return logits
