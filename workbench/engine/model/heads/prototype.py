"""The prototype head: the distance between features and one typical picture of each class."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from workbench.engine.model.heads.base import HeadSettings, VectorHead, Widths

SCALE = 10.0
"""Of the mean squared distance, at first: a class half a deviation away in each feature is 2.5 logits behind."""


class PrototypeHead(VectorHead):
    """logits = -scale · |x - p_k|² / C of standardised features x and prototypes p_k, with a learnable scale.

    Nearest mean by squared Euclidean distance as in Snell et al. 2017 (arXiv 1703.05175, eq. 2); the means are
    written into weights that go on learning, as in Qi et al. 2018 (arXiv 1712.07136).
    """

    imprints = True

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.dropout = nn.Dropout(settings.dropout)
        self.prototypes = nn.Parameter(0.01 * torch.randn(classes, widths.features))
        self.log_scale = nn.Parameter(torch.tensor(math.log(SCALE)))

    def answer(self, standardised: Tensor) -> Tensor:
        x, prototypes = self.dropout(standardised), self.prototypes
        # Written out: differences (B, K, C) would fill the memory.
        squared = x.square().sum(dim=1, keepdim=True) - 2 * (x @ prototypes.T) + prototypes.square().sum(dim=1)
        logits: Tensor = -self.log_scale.exp() * squared / self.features
        return logits

    @torch.no_grad()
    def imprint(self, features: Tensor, targets: Tensor) -> None:
        """Set each class's prototype to the mean of its pictures; a class without pictures keeps what it has.

        Args:
            features: (n, C), as they come from the backbone.
            targets: (n,) classes; -1 where there is none.
        """
        x = self.standardised(features)
        for index in range(self.classes):
            members = x[targets == index]
            if len(members):
                self.prototypes[index] = members.double().mean(dim=0).to(self.prototypes.dtype)
