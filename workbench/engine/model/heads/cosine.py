"""The cosine head: the angle between features and one learnt direction for each class."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.model.heads.base import HeadSettings, VectorHead, Widths

_SHORTEST = 1e-3
"""Length below which a vector has no direction to speak of, so that its gradient stays bounded."""


class CosineHead(VectorHead):
    """logits = scale · cos(x, w_k) of standardised features x and class directions w_k, with a learnable scale.

    Baseline++ of Chen et al. 2019, "A Closer Look at Few-shot Classification", equation in §3.2; the scale learns as
    in Gidaris and Komodakis 2018 (arXiv 1804.09458) and begins at √C / 4: random directions then give logits of
    deviation 1/4, so that training begins near the loss of guessing, and the scale is about 10 for usual backbones.
    """

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.dropout = nn.Dropout(settings.dropout)
        self.directions = nn.Parameter(torch.randn(classes, widths.features) / math.sqrt(widths.features))
        self.log_scale = nn.Parameter(torch.tensor(math.log(math.sqrt(widths.features) / 4)))

    def answer(self, standardised: Tensor) -> Tensor:
        x = functional.normalize(self.dropout(standardised), dim=1, eps=_SHORTEST)
        directions = functional.normalize(self.directions, dim=1, eps=_SHORTEST)
        return self.log_scale.exp() * (x @ directions.T)
