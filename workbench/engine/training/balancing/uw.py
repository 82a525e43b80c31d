"""Uncertainty weighting: each task learns how noisy it is, and noisy tasks count less.

Kendall, Gal and Cipolla, "Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics",
CVPR 2018, equation 10 in its form for log-variances s: Σ_t ½ (exp(-s_t) L_t + s_t). It is taken twice here, so that
every factor exp(-s_t) begins at 1. Where s_t has settled, exp(s_t) is the loss, so a loss that is multiplied by
something ends with a factor divided by it.
"""

from __future__ import annotations

from typing import Any

import torch
from torchjd.scalarization import UW

from workbench.engine.training.balancing.base import Again, Balancing, Measured, Setup, losses_of

RATE = 0.01
"""Of Adam on the log-variances: within some hundred steps a factor can move by one power of e."""


class UncertaintyWeighting(Balancing):
    """One log-variance per task, each with an optimiser of its own: a task without a label in a batch stands still."""

    needs = "history"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self._uncertain = {task: UW(1).double() for task in self.tasks}
        self._adam = {task: torch.optim.Adam(self._uncertain[task].parameters(), lr=RATE) for task in self.tasks}

    def weights(self, now: Measured) -> dict[str, float]:
        """exp(-s), positive, for every task."""
        return {task: self._factor(task) for task in self.tasks}

    def learn(self, now: Measured, again: Again) -> None:
        """One step of Adam on the log-variances of the tasks that had a label."""
        for task, loss in zip(now.tasks, losses_of(now), strict=True):
            self._adam[task].zero_grad()
            torch.autograd.backward(2 * self._uncertain[task](loss[None]))
            self._adam[task].step()

    def state(self) -> dict[str, Any]:
        """The log-variances and their optimisers."""
        return {
            task: {"uw": self._uncertain[task].state_dict(), "adam": self._adam[task].state_dict()}
            for task in self.tasks
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        for task in self.tasks:
            self._uncertain[task].load_state_dict(state[task]["uw"])
            self._adam[task].load_state_dict(state[task]["adam"])

    def _factor(self, task: str) -> float:
        """The derivative of the scalarised value by the task's loss."""
        loss = torch.ones(1, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(2 * self._uncertain[task](loss), loss)
        return float(slope)
