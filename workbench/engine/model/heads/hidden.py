"""What heads with a hidden layer share."""

from __future__ import annotations

from torch import Tensor, nn

from workbench.engine.model.heads.base import HeadSettings, VectorHead, Widths, small_linear


class HiddenHead(VectorHead):
    """Base of heads of linear, layer norm, GELU, dropout, linear; with a width of 0, of dropout and linear alone.

    Layer norm rather than batch norm: an answer never depends on the other pictures of the batch, however few
    have a label for this task.

    Args:
        width: of the hidden layer; 0 for none.
        outputs: of the last layer.
    """

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings, width: int, outputs: int) -> None:
        super().__init__(widths, classes, settings)
        self.hidden = nn.Linear(widths.features, width) if width else nn.Identity()
        self.norm = nn.LayerNorm(width) if width else nn.Identity()
        self.activation = nn.GELU() if width else nn.Identity()
        self.dropout = nn.Dropout(settings.dropout)
        self.width = width or widths.features
        self.linear = small_linear(self.width, outputs)

    def last_inputs(self, standardised: Tensor) -> Tensor:
        """What the last layer sees, (B, width), of standardised features (B, C)."""
        inputs: Tensor = self.dropout(self.activation(self.norm(self.hidden(standardised))))
        return inputs

    def answer(self, standardised: Tensor) -> Tensor:
        logits: Tensor = self.linear(self.last_inputs(standardised))
        return logits
