"""Binary cross-entropy of tasks whose pictures have any number of labels."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask
from workbench.engine.training.losses.base import LossSum, TaskLoss, total

_MOST = 20.0
"""The most that a present label may count beside an absent one."""


class MultiLabelLoss(TaskLoss):
    """Answers: logits (B, L). Targets: (B, L) int8, 0 or 1; a row of -1 is missing.

    Shown is the mean over labels, in nats; right is the share of labels that are said rightly at a probability of 0.5.
    With class weights a rare label that is present counts as much as all pictures together that lack it.
    """

    metric = "label_accuracy"

    def __init__(
        self, asked: Task, facts: ResolvedTask, *, label_smoothing: float = 0.0, normalised: bool = True
    ) -> None:
        super().__init__(asked, facts, label_smoothing=label_smoothing, normalised=normalised)
        self._present: Tensor | None = None
        if asked.class_weights:
            with_label = torch.tensor(facts.class_counts, dtype=torch.float32)
            without = facts.counts.get("train", 0) - with_label
            self._present = (without / with_label.clamp(min=1)).clamp(1 / _MOST, _MOST)

    @property
    def guessing(self) -> float:
        """log 2 nats."""
        return math.log(2)

    def __call__(self, answers: Tensor, targets: Tensor, shares: Tensor | None = None) -> LossSum:
        labelled = targets[:, 0] >= 0
        logits, truth = answers.float(), targets.clamp(min=0).float()
        plain = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
        loss = plain
        if self.label_smoothing:
            soft = truth * (1 - self.label_smoothing) + self.label_smoothing / 2
            loss = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
        if self.focal:
            loss = loss * (1 - (-plain).exp()).clamp(min=0) ** self.focal
        if self._present is not None:
            loss = loss * torch.where(truth > 0, self._present, torch.ones_like(truth))
        zero = loss.new_zeros(())
        right = ((logits > 0) == (truth > 0)).float().mean(dim=1)
        return LossSum(
            total(torch.where(labelled, loss.mean(dim=1), zero), shares),
            total(torch.where(labelled, plain.detach().mean(dim=1), zero), shares),
            total(torch.where(labelled, right, zero), shares),
        )
