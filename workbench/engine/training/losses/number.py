"""The loss of tasks that answer with a number and with how far it may be off."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask
from workbench.engine.training.losses.base import LossSum, TaskLoss, total


class NumberLoss(TaskLoss):
    """Answers: (B, 2) value and spread in the column's unit. Targets: (B,) float32 in the same unit, NaN where missing.

    The value follows the squared error, in standard deviations of the training targets; beyond the Huber threshold d
    an error of z counts 2 d |z| - d² (Huber, "Robust Estimation of a Location Parameter", 1964). The spread follows the
    likelihood of a normal distribution around the value as it is, so that it can bend neither value nor backbone
    (Stirn et al., "Faithful Heteroscedastic Regression with Neural Networks", AISTATS 2023). Shown, and the metric, is
    the absolute error in the column's unit.
    """

    metric = "mae"

    def __init__(
        self, asked: Task, facts: ResolvedTask, *, label_smoothing: float = 0.0, normalised: bool = True
    ) -> None:
        super().__init__(asked, facts, label_smoothing=label_smoothing, normalised=normalised)
        self._deviation = facts.deviation
        self._threshold = asked.huber

    @property
    def guessing(self) -> float:
        """The loss of always answering the mean: 1, or less with a Huber threshold (for normal targets)."""
        d = self._threshold
        if not d:
            return 1.0
        density, beyond = math.exp(-d * d / 2) / math.sqrt(2 * math.pi), math.erfc(d / math.sqrt(2)) / 2
        return 1 - 2 * beyond - 2 * d * density + 2 * (2 * d * density - d * d * beyond)

    def __call__(self, answers: Tensor, targets: Tensor, shares: Tensor | None = None) -> LossSum:
        labelled = targets.isfinite()
        safe = torch.where(labelled, targets, answers[:, 0].detach())
        z = (answers[:, 0].float() - safe) / self._deviation
        size, d = z.abs(), self._threshold
        loss = torch.where(size <= d, z.square(), 2 * d * size - d * d) if d else z.square()
        spread = answers[:, 1].float() / self._deviation
        surprise = 0.5 * (z.detach() / spread).square() + spread.log()
        zero = loss.new_zeros(())
        error = size.detach() * self._deviation
        objective, shown, aside = (
            total(torch.where(labelled, each, zero), shares) for each in (loss, error, surprise)
        )
        return LossSum(objective, shown, shown, aside)
