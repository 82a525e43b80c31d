"""Sums that answer by one layer."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.model.heads.base import HeadSettings, Widths
from workbench.engine.model.heads.closed_form.sums import SumsHead

UNKNOWN = -30.0
"""Logit of a class that has no picture yet: never the answer."""


class SumsLayer(SumsHead):
    """Base of heads whose logits are linear in a direction: weight (K, C) and bias (K,), buffers in float32."""

    weight: Tensor
    bias: Tensor

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.register_buffer("weight", torch.zeros(classes, widths.features))
        self.register_buffer("bias", torch.zeros(classes))

    def solve(self) -> None:
        """Work out the layer; a class without pictures is never the answer."""
        nothing = torch.zeros_like(self.sums), torch.zeros_like(self.counts)
        weight, bias = self.layer() if self.counts.sum() > 1 else nothing
        there = self.counts > 0
        self.weight.copy_(torch.where(there[:, None], weight, 0.0))
        self.bias.copy_(torch.where(there, bias, UNKNOWN))

    def layer(self) -> tuple[Tensor, Tensor]:
        """Weight (K, C) and bias (K,), float64."""
        raise NotImplementedError

    def compare(self, directions: Tensor) -> Tensor:
        """Logits (B, K) to directions (B, C)."""
        return functional.linear(directions, self.weight, self.bias)
