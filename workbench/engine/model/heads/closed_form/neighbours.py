"""The neighbour head: it remembers all pictures and asks the nearest ones."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.model.heads.closed_form.base import ClosedFormHead

NEIGHBOURS, TEMPERATURE = 10, 0.1
"""How many are asked, and how fast their votes fall with the cosine (Wu et al. 2018 take 0.07 with 200)."""
_FLOOR = 1e-4
"""Least share of the votes, so that a class nobody votes for has a finite logit."""


class NeighbourHead(ClosedFormHead):
    """logits = log of the share of the votes of the nearest directions, by centred cosine.

    Votes weigh exp(cosine / 0.1) as in Wu, Xiong, Yu and Lin 2018 (arXiv 1805.01978, §3.4).

    Attributes:
        remembered: (n, C) float32, the directions of the pictures.
        targets: (n,) their classes.
    """

    remembered: Tensor
    targets: Tensor

    def forget(self) -> None:
        """Know nothing."""
        self.register_buffer("remembered", torch.zeros(0, self.features), persistent=False)
        self.register_buffer("targets", torch.zeros(0, dtype=torch.long), persistent=False)

    def remember(self, directions: Tensor, targets: Tensor) -> None:
        """Add the directions."""
        device = self.remembered.device
        self.remembered = torch.cat([self.remembered, directions.float().to(device)])
        self.targets = torch.cat([self.targets, targets.to(device)])

    def recall(self, other: ClosedFormHead, places: Tensor) -> None:
        """Add the other's directions."""
        assert isinstance(other, NeighbourHead)
        self.remember(other.remembered, places.to(other.targets.device)[other.targets])

    def solve(self) -> None:
        """Nothing: what is remembered answers."""

    def get_extra_state(self) -> Tensor:
        """(n, C + 1): the directions, then their classes."""
        return torch.cat([self.remembered, self.targets[:, None].to(self.remembered)], dim=1)

    def set_extra_state(self, state: Tensor) -> None:
        """Put back what `get_extra_state` gave."""
        kept = state.detach().to(self.remembered.device)
        self.remembered, self.targets = kept[:, :-1].float().clone(), kept[:, -1].round().long()

    def compare(self, directions: Tensor) -> Tensor:
        """Logits (B, K) to directions (B, C)."""
        votes = directions.new_full((len(directions), self.classes), _FLOOR)
        if len(self.remembered):
            middle = self.remembered.mean(dim=0)
            own, others = (functional.normalize(each - middle, dim=1) for each in (directions, self.remembered))
            nearest, at = (own @ others.T).topk(min(NEIGHBOURS, len(others)), dim=1)
            weights = ((nearest - nearest[:, :1]) / TEMPERATURE).exp()
            votes = votes.scatter_add(1, self.targets[at], weights / weights.sum(dim=1, keepdim=True))
        return votes.log()
