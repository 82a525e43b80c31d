"""What heads on pooled features share: fixed standardisation of the features, and settings."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

_FLOOR = 0.01
"""Smallest deviation that a feature is divided by, as a share of the features' root mean square deviation."""


@dataclass(frozen=True)
class HeadSettings:
    """Settings of a head.

    Attributes:
        dropout: share of the inputs of the last layer that is dropped in training, in [0, 1).
        hidden: width of the hidden layer; 0 for what the head brings, which is none for most.
    """

    dropout: float = 0.0
    hidden: int = 0


class VectorHead(nn.Module):
    """Base of heads that answer from pooled features: features (B, C) to logits (B, K).

    The features' mean and standard deviation are fixed buffers (0 and 1 until `standardise`), so that one
    learning rate suits every backbone whatever the scale of its features. They are part of the state dict.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, features: int, classes: int, settings: HeadSettings) -> None:
        super().__init__()
        self.features = features
        self.classes = classes
        self.settings = settings
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))

    @torch.no_grad()
    def standardise(self, mean: Tensor, std: Tensor) -> None:
        """Fix the features' mean and standard deviation, (C,) each, over the training pictures.

        A feature that hardly varies is divided by a floor instead, so that one that wakes up later cannot
        drown the others; where none varies, nothing is scaled.
        """
        scale = std.double().square().mean().sqrt()
        safe = std.double().clamp(min=_FLOOR * float(scale)) if scale > 0 else torch.ones_like(std)
        self.mean.copy_(mean)
        self.std.copy_(safe)

    def forward(self, features: Tensor) -> Tensor:
        """Logits (B, K) of features (B, C)."""
        return self.answer((features - self.mean) / self.std)

    def answer(self, standardised: Tensor) -> Tensor:
        """Logits (B, K) of standardised features (B, C)."""
        raise NotImplementedError


def small_linear(inputs: int, outputs: int) -> nn.Linear:
    """A last layer whose first answers are nearly even, so that training begins at the loss of guessing."""
    layer = nn.Linear(inputs, outputs)
    nn.init.trunc_normal_(layer.weight, std=0.01)
    nn.init.zeros_(layer.bias)
    return layer
