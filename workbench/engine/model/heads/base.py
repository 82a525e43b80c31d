"""What heads have in common: what they see, their settings, and the standardisation of pooled features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import torch
from torch import Tensor, nn

_FLOOR = 0.01
"""Smallest deviation that a feature is divided by, as a share of the features' root mean square deviation."""


def divisors(std: Tensor) -> Tensor:
    """What features of those standard deviations (C,) are divided by, (C,) float64.

    A feature that hardly varies is divided by a floor instead, so that one that wakes up later cannot drown the others;
    where none varies, nothing is scaled.
    """
    scale = std.double().square().mean().sqrt()
    return std.double().clamp(min=_FLOOR * float(scale)) if scale > 0 else torch.ones_like(std, dtype=torch.float64)


@dataclass(frozen=True)
class HeadSettings:
    """Settings of a head.

    Attributes:
        dropout: share of the inputs of the last layer that is dropped in training, in [0, 1).
        hidden: width of the hidden layer; 0 for what the head brings, which is none for most.
    """

    dropout: float = 0.0
    hidden: int = 0


class Widths(NamedTuple):
    """What a backbone gives to heads: the width C of its pooled features, and of the map of each of its stages."""

    features: int
    maps: tuple[int, ...] = ()


class Maps(NamedTuple):
    """The map (B, C_i, H_i, W_i) of each stage, with height and width of the pictures in pixels."""

    maps: list[Tensor]
    size: tuple[int, int]


HeadInput = Tensor | Maps
"""What a head answers from: pooled features (B, C), or maps."""


class Head(nn.Module):
    """Base of all heads.

    Attributes:
        sees: what it answers from: pooled "features" (B, C), or the "maps" of all stages.
        imprints: it begins with the features of the training pictures.
        closed_form: that is all there is to it: nothing in it trains.
        classes: how many classes or labels it tells apart; 0 for numbers.
        outputs: columns of its answer.
    """

    sees: ClassVar[Literal["features", "maps"]]
    imprints: ClassVar[bool] = False
    closed_form: ClassVar[bool] = False

    def __init__(self, classes: int, settings: HeadSettings) -> None:
        super().__init__()
        self.classes = classes
        self.outputs = classes
        self.settings = settings

    def standardise(self, mean: Tensor, std: Tensor) -> None:
        """Fix the features' mean and standard deviation, (C,) each; nothing to do for a head that sees no features."""

    def imprint(self, features: Tensor, targets: Tensor) -> None:
        """Begin with what features (n, C) of classes (n,) show, -1 where there is none; only some heads can."""


class VectorHead(Head):
    """Base of heads that answer from pooled features: features (B, C) to answers (B, outputs).

    The features' mean and standard deviation are fixed buffers (0 and 1 until `standardise`), so that one
    learning rate suits every backbone whatever the scale of its features. They are part of the state dict.
    """

    sees = "features"
    mean: Tensor
    std: Tensor

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(classes, settings)
        self.features = widths.features
        self.register_buffer("mean", torch.zeros(self.features))
        self.register_buffer("std", torch.ones(self.features))

    @torch.no_grad()
    def standardise(self, mean: Tensor, std: Tensor) -> None:
        """Fix the features' mean and standard deviation, (C,) each, over the training pictures.

        What they are divided by is that of `divisors`.
        """
        self.mean.copy_(mean)
        self.std.copy_(divisors(std))

    def forward(self, features: Tensor) -> Tensor:
        """Answers (B, outputs) to features (B, C)."""
        return self.answer(self.standardised(features))

    def standardised(self, features: Tensor) -> Tensor:
        """Features (B, C) of mean 0 and deviation 1."""
        return (features - self.mean) / self.std

    def answer(self, standardised: Tensor) -> Tensor:
        """Answers (B, outputs) to standardised features (B, C)."""
        raise NotImplementedError


def small_linear(inputs: int, outputs: int) -> nn.Linear:
    """A last layer whose first answers are nearly even, so that training begins at the loss of guessing."""
    layer = nn.Linear(inputs, outputs)
    nn.init.trunc_normal_(layer.weight, std=0.01)
    nn.init.zeros_(layer.bias)
    return layer
