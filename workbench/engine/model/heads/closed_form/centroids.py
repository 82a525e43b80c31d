"""The centroid head: the direction from the middle of all pictures towards each class."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.model.heads.base import HeadSettings, Widths
from workbench.engine.model.heads.closed_form.sums import SumsHead

SCALE = 10.0
"""Of the cosine: the most that two classes' logits can lie apart is twice that."""


class CentroidHead(SumsHead):
    """logits = 10 cos(x - m, c_k - m) of directions x, their mean m and the classes' means c_k.

    Centring and L2 normalisation as in SimpleShot (Wang, Chao, Weinberger and van der Maaten 2019, arXiv 1911.04623,
    "CL2N"), here on directions, so that nothing but sums is needed.
    """

    middle: Tensor
    towards: Tensor

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.register_buffer("middle", torch.zeros(widths.features))
        self.register_buffer("towards", torch.zeros(classes, widths.features))

    def solve(self) -> None:
        """Work out the middle and the directions; that of a class without pictures is nought."""
        there = (self.counts > 0)[:, None]
        self.middle.copy_(self.centre)
        self.towards.copy_(torch.where(there, functional.normalize(self.class_means - self.centre, dim=1), 0.0))

    def compare(self, directions: Tensor) -> Tensor:
        """Logits (B, K) to directions (B, C); of a class without pictures the least that there is."""
        near = SCALE * functional.linear(functional.normalize(directions - self.middle, dim=1), self.towards)
        there = self.towards.abs().sum(dim=1) > 0
        return torch.where(there, near, -SCALE)
