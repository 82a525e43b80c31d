"""What closed-form heads have in common: they see directions, and can take in more pictures at any time."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.model.heads.base import HeadSettings, VectorHead, Widths


class ClosedFormHead(VectorHead):
    """Base of heads without anything that an optimiser could change.

    They see the features' directions, x / |x|, which need no statistics of the pictures: so what a head has taken in
    does not depend on the order in which it came. Their working memory is part of the state dict, in the precision
    that keeps it exact.
    """

    imprints = True
    closed_form = True

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(widths, classes, settings)
        self.forget()

    def standardise(self, mean: Tensor, std: Tensor) -> None:
        """Nothing: directions need no statistics."""

    def imprint(self, features: Tensor, targets: Tensor) -> None:
        """Begin anew with features (n, C) of classes (n,), -1 where there is none."""
        self.forget()
        self.take_in(features, targets)

    @torch.no_grad()
    def take_in(self, features: Tensor, targets: Tensor) -> None:
        """Learn from more pictures: features (n, C) as they come from the backbone, of classes (n,), -1 for none."""
        known = targets >= 0
        self.remember(functional.normalize(features[known].detach().cpu().double(), dim=1), targets[known].cpu())
        self.solve()

    def inherit(self, other: ClosedFormHead, places: Tensor) -> None:
        """Know what another head of this kind knows, which may tell fewer classes apart.

        Args:
            places: (k,) the class here of each of its classes.
        """
        self.forget()
        self.recall(other, places)
        self.solve()

    def answer(self, standardised: Tensor) -> Tensor:
        """Logits (B, K) to features (B, C)."""
        return self.compare(functional.normalize(standardised, dim=1))

    def forget(self) -> None:
        """Know nothing."""
        raise NotImplementedError

    def remember(self, directions: Tensor, targets: Tensor) -> None:
        """Add directions (n, C), float64, of classes (n,) to the working memory."""
        raise NotImplementedError

    def recall(self, other: ClosedFormHead, places: Tensor) -> None:
        """Add the working memory of another head of this kind, whose classes are those at `places` (k,) here."""
        raise NotImplementedError

    def solve(self) -> None:
        """Work out what answers from what is remembered."""
        raise NotImplementedError

    def compare(self, directions: Tensor) -> Tensor:
        """Logits (B, K) to directions (B, C)."""
        raise NotImplementedError
