"""What a step adds up over the pieces of its batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from workbench.engine.training.losses import LossSum, TaskLoss


class Tally:
    """Sums over the pictures of a batch, per task, on the device; nothing here has a gradient.

    Attributes:
        shown: (T,) losses in the tasks' own units, as curves show them.
        right: (T,) pictures answered right, or whatever `TaskLoss.metric` is the mean of.
        objective: (T,) what is minimised, before it is divided by the count.
    """

    def __init__(self, tasks: Sequence[str], device: torch.device) -> None:
        self._tasks = tuple(tasks)
        self.shown, self.right, self.objective = torch.zeros(3, len(tasks), device=device).unbind()

    def add(self, sums: Mapping[str, LossSum]) -> None:
        """Take in a piece, or some tasks of one."""
        nothing = self.shown.new_zeros(())
        found = [sums.get(task) for task in self._tasks]
        self.shown = self.shown + torch.stack([s.shown if s else nothing for s in found])
        self.right = self.right + torch.stack([s.right if s else nothing for s in found])
        self.objective = self.objective + torch.stack([s.objective.detach() if s else nothing for s in found])

    def parts(self) -> list[Tensor]:
        """What all processes of a run add up."""
        return [self.shown, self.right, self.objective]

    def losses(self, tasks: Sequence[str], counts: Mapping[str, int], losses: Mapping[str, TaskLoss]) -> Tensor:
        """(K,) float64 on the CPU: the losses as they enter the objective, of tasks that have a label."""
        sums = self.objective.cpu().double()
        factors = [losses[task].weight / (losses[task].scale * counts[task]) for task in tasks]
        places = [self._tasks.index(task) for task in tasks]
        return sums[places] * torch.tensor(factors, dtype=torch.float64)
