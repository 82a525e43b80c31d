"""Sums over pictures, from which several heads can be worked out; the order in which pictures come is all the same."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.model.heads.closed_form.base import ClosedFormHead


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
