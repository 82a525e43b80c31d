"""Cross-entropy of tasks whose pictures have exactly one class."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.training.losses.base import ClassesLoss, LossSum, cross_entropy, total


class SingleLabelLoss(ClassesLoss):
    """Answers: logits (B, C). Targets: (B,) int64, -1 where missing. Shown in nats; right answers are counted."""

    metric = "accuracy"

    def __call__(self, answers: Tensor, targets: Tensor, shares: Tensor | None = None) -> LossSum:
        labelled = targets >= 0
        log_p = functional.log_softmax(answers.float(), dim=1)
        loss, plain = cross_entropy(log_p, targets.clamp(min=0), self.label_smoothing, self._weights, self.focal)
        zero = loss.new_zeros(())
        right = (answers.argmax(dim=1) == targets) & labelled
        return LossSum(
            total(torch.where(labelled, loss, zero), shares),
            total(torch.where(labelled, plain, zero), shares),
            total(right, shares),
        )
