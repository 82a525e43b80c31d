"""GradNorm: weighted gradients are to be of one length, longer for tasks that lag behind.

Chen et al., "GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks", ICML 2018,
equation 2: the factors w follow the slope of Σ_t |w_t ‖g_t‖ - mean(w ‖g‖) · r_t^α|, the target taken as a constant, and
are brought back to a sum of T. r_t is L_t / L_t(0) over its mean; L_t(0) is the loss of guessing, which the paper
advises where the first loss hangs on the first weights. The gradients are those on all shared weights that train.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from workbench.engine.training.balancing.base import Again, Balancing, Measured, Setup, losses_of, named

RATE = 0.025
"""Of Adam on the factors, as in the paper."""
STRENGTH = 1.5
"""α: how strongly a task that lags behind is helped."""
LEAST = 1e-3
"""No factor falls below it: one that reached nought would never be seen again."""


class GradNorm(Balancing):
    """One factor per task, positive, summing to T."""

    needs = "gradients"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._guessing = torch.tensor(setup.guessing, dtype=torch.float64)
        self._factors = torch.ones(len(self.tasks), dtype=torch.float64)
        self._adam = torch.optim.Adam([self._factors], lr=RATE)

    def weights(self, now: Measured) -> dict[str, float]:
        """The present factors of all tasks."""
        return named(self.tasks, self._factors)

    def learn(self, now: Measured, again: Again) -> None:
        """One step of Adam on the factors of the tasks that had a label."""
        assert now.gramian is not None
        places = [self.tasks.index(task) for task in now.tasks]
        norms = now.gramian.diagonal().sqrt()
        weighted = self._factors[places] * norms
        behind = losses_of(now) / self._guessing[places].clamp(min=1e-12)
        target = weighted.mean() * (behind / behind.mean().clamp(min=1e-12)) ** STRENGTH
        slopes = torch.zeros_like(self._factors)
        slopes[places] = torch.sign(weighted - target) * norms
        if slopes.isfinite().all():
            self._factors.grad = slopes
            self._adam.step()
            self._factors.copy_(_brought_back(self._factors))

    def state(self) -> dict[str, Any]:
        """The factors and their optimiser."""
        return {"factors": self._factors, "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._factors.copy_(state["factors"])
        self._adam.load_state_dict(state["adam"])


def _brought_back(factors: Tensor) -> Tensor:
    """Factors (T,) of at least LEAST, summing to T."""
    positive = factors.clamp(min=LEAST)
    return positive * len(positive) / positive.sum()
