"""Sums over pictures, from which several heads can be worked out; the order in which pictures come is all the same."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.model.heads.closed_form.base import ClosedFormHead

_SPARE = 8
"""Directions that are looked for beside those that there can be."""
_WORTH = 3
"""How many times as many features as directions make looking for the span first worth it."""


class SumsHead(ClosedFormHead):
    """Base of heads that need no more than sums of directions.

    Attributes:
        gram: (C, C) float64, the sum of all directions' products with themselves.
        sums: (K, C) float64, the sum of each class's directions.
        counts: (K,) float64, the pictures of each class.
    """

    gram: Tensor
    sums: Tensor
    counts: Tensor

    def forget(self) -> None:
        """Know nothing."""
        # No buffers: a network is brought to devices that have no float64.
        self.gram = torch.zeros(self.features, self.features, dtype=torch.float64)
        self.sums = torch.zeros(self.classes, self.features, dtype=torch.float64)
        self.counts = torch.zeros(self.classes, dtype=torch.float64)

    def remember(self, directions: Tensor, targets: Tensor) -> None:
        """Add to the sums."""
        self.gram += directions.T @ directions
        self.sums.index_add_(0, targets, directions)
        self.counts += torch.bincount(targets, minlength=self.classes)

    def recall(self, other: ClosedFormHead, places: Tensor) -> None:
        """Add the other's sums."""
        assert isinstance(other, SumsHead)
        self.gram += other.gram
        self.sums.index_add_(0, places, other.sums)
        self.counts.index_add_(0, places, other.counts)

    def get_extra_state(self) -> Tensor:
        """The sums in one row, part of the state dict."""
        return torch.cat([self.gram.reshape(-1), self.sums.reshape(-1), self.counts])

    def set_extra_state(self, state: Tensor) -> None:
        """Put back what `get_extra_state` gave."""
        sizes = [self.gram.numel(), self.sums.numel(), self.counts.numel()]
        gram, sums, counts = torch.split(state.detach().cpu().double(), sizes)
        self.gram, self.sums = gram.view_as(self.gram).clone(), sums.view_as(self.sums).clone()
        self.counts = counts.clone()

    @property
    def centre(self) -> Tensor:
        """(C,) the mean of all directions; nought where there are none."""
        return self.sums.sum(dim=0) / self.counts.sum().clamp(min=1)

    @property
    def scatter(self) -> Tensor:
        """(C, C) the sum over pictures of the products of what is left of directions without their mean."""
        return self.gram - self.counts.sum() * torch.outer(self.centre, self.centre)

    @property
    def class_means(self) -> Tensor:
        """(K, C) the mean of each class's directions; nought for a class without pictures."""
        return self.sums / self.counts.clamp(min=1)[:, None]


def axes_of(scatter: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """The eigenvalues (R,), not below 0, and the axes (C, R) of a symmetric matrix (C, C) that has none below 0.

    Of few pictures with many features nearly all eigenvalues are 0. Then the span of the others is found first, by a
    random projection with one power iteration (Halko, Martinsson and Tropp 2011, arXiv 0909.4061, algorithm 4.4), which
    misses nothing where the rank is known: 1,280 features of 25 pictures take a fortieth of the time.

    Args:
        rank: that the matrix has at most.
    """
    size = len(scatter)
    wanted = rank + _SPARE
    if wanted * _WORTH >= size:
        squares, axes = torch.linalg.eigh(scatter)
        return squares.clamp(min=0), axes
    chance = torch.Generator().manual_seed(0)
    span = torch.linalg.qr(scatter @ torch.randn(size, wanted, dtype=scatter.dtype, generator=chance)).Q
    span = torch.linalg.qr(scatter @ span).Q
    squares, axes = torch.linalg.eigh(span.T @ scatter @ span)
    return squares.clamp(min=0), span @ axes
