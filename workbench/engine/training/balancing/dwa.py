"""Dynamic weight average: tasks whose loss falls slowly count for more.

Liu, Johns and Davison, "End-to-End Multi-Task Learning with Attention", CVPR 2019, equation 7:
λ_t = T · softmax_t(w_t / 2) with w_t = L_t(last epoch) / L_t(the epoch before it). The factors sum to T. They change
once an epoch, begin to differ in the third, and do not change when a loss is multiplied by something.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torchjd.scalarization import DWA

from workbench.engine.training.balancing.base import Again, Balancing, Measured, Setup, losses_of, named


class DynamicWeightAverage(Balancing):
    """Keeps each task's mean loss of two epochs; an epoch in which a task had no label is none for it."""

    needs = "history"

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        size = len(self.tasks)
        self._sums, self._steps = torch.zeros(2, size, dtype=torch.float64).unbind()
        self._means = torch.full((2, size), float("nan"), dtype=torch.float64)
        self._factors = torch.ones(size, dtype=torch.float64)

    def weights(self, now: Measured) -> dict[str, float]:
        """λ, positive, summing to T over all tasks."""
        return named(self.tasks, self._factors)

    def learn(self, now: Measured, again: Again) -> None:
        """Add the step's losses to those of its epoch."""
        places = torch.tensor([self.tasks.index(task) for task in now.tasks])
        self._sums = self._sums.index_add(0, places, losses_of(now))
        self._steps = self._steps.index_add(0, places, torch.ones(len(places), dtype=torch.float64))

    def end_epoch(self) -> None:
        """Work out the factors of the next epoch."""
        seen = self._steps > 0
        means = torch.stack([self._means[1], self._sums / self._steps])
        self._means = torch.where(seen, means, self._means)
        self._sums, self._steps = torch.zeros(2, len(self.tasks), dtype=torch.float64).unbind()
        self._factors = self._worked_out()

    def _worked_out(self) -> Tensor:
        """A task without two epochs yet, or with a loss of nought, counts as one whose loss stands still."""
        known = self._means.isfinite().all(dim=0) & (self._means > 0).all(dim=0)
        average = DWA()
        for mean in torch.where(known, self._means, torch.ones(())):
            average(mean)
            average.step()
        losses = torch.ones(len(self.tasks), dtype=torch.float64, requires_grad=True)
        (factors,) = torch.autograd.grad(average(losses), losses)
        return factors

    def rescale(self, by: Tensor) -> None:
        """Bring the losses of earlier epochs to the new units; that of a task which had no weight is not known."""
        self._means = torch.where(by.isfinite(), self._means * by, torch.full_like(self._means, float("nan")))

    def state(self) -> dict[str, Any]:
        """The present epoch's sums, the two epochs' means, and the factors."""
        return {"sums": self._sums, "steps": self._steps, "means": self._means, "factors": self._factors}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._sums, self._steps = state["sums"], state["steps"]
        self._means, self._factors = state["means"], state["factors"]
