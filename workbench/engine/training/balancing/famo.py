"""Fast adaptive multitask optimisation: all losses are to fall at the same rate, seen from the losses alone.

Liu et al., "FAMO: Fast Adaptive Multitask Optimization", NeurIPS 2023, algorithm 1: the step goes
along Σ_t c · z_t · ∇ log L_t with z = softmax(ξ) and c so that the factors c z_t / L_t sum to 1, here to the number of
tasks; afterwards ξ follows by how much each log L_t has fallen on the same batch. A loss that is multiplied by
something has its factor divided by it.
"""

from __future__ import annotations

from typing import Any

import torch
from torchjd.scalarization import FAMO

from workbench.engine.training.balancing.base import Again, Balancing, Measured, Setup, losses_of, named

RATE, DECAY = 0.025, 1e-3
"""Of Adam on ξ, as in the paper."""
_LEAST = 1e-8  # as TorchJD adds to a loss before its logarithm


class Famo(Balancing):
    """One logit per task. TorchJD's own optimiser is not used, since a checkpoint could not keep it."""

    needs = "losses"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._famo = FAMO(len(self.tasks)).double()
        self._adam = torch.optim.Adam(self._famo.parameters(), lr=RATE, weight_decay=DECAY)

    def weights(self, now: Measured) -> dict[str, float]:
        """c z / L, positive, summing to the number of tasks that have a label."""
        places = self._places(now)
        losses = torch.ones(len(self.tasks), dtype=torch.float64)
        losses[places] = losses_of(now)
        (slopes,) = torch.autograd.grad(self._famo(losses.requires_grad_()), losses)
        factors = slopes[places]
        return named(now.tasks, factors * len(places) / factors.sum())

    def learn(self, now: Measured, again: Again) -> None:
        """One step of Adam along ∂(Σ z δ)/∂ξ with δ = log L before - log L after; others' logits have no slope."""
        places = self._places(now)
        fallen = (losses_of(now) + _LEAST).log() - (again() + _LEAST).log()
        if not fallen.isfinite().all():
            return
        (logits,) = self._famo.parameters()
        share = torch.softmax(logits.detach()[places], dim=0)
        logits.grad = torch.zeros_like(logits)
        logits.grad[places] = share * (fallen - (share * fallen).sum())
        self._adam.step()

    def state(self) -> dict[str, Any]:
        """The logits and their optimiser."""
        return {"famo": self._famo.state_dict(), "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._famo.load_state_dict(state["famo"])
        self._adam.load_state_dict(state["adam"])

    def _places(self, now: Measured) -> list[int]:
        return [self.tasks.index(task) for task in now.tasks]
