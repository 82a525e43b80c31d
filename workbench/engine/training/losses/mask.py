"""Cross-entropy of each pixel."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.data.masks import IGNORED
from workbench.engine.training.losses.base import ClassesLoss, LossSum, cross_entropy, total


class MaskLoss(ClassesLoss):
    """Answers: logits (B, K, H, W). Targets: (B, H, W) uint8 classes; IGNORED pixels count for nothing.

    A picture's loss is the mean over its pixels, shown in nats; right is the share of its pixels answered rightly. A
    picture without a mask is all IGNORED.
    """

    metric = "pixel_accuracy"

    def __call__(self, answers: Tensor, targets: Tensor, shares: Tensor | None = None) -> LossSum:
        known = targets != IGNORED
        safe = torch.where(known, targets, torch.zeros_like(targets)).long()
        log_p = functional.log_softmax(answers.float(), dim=1)
        loss, plain = cross_entropy(log_p, safe, self.label_smoothing, self._weights, self.focal)
        share = known.float() / known.sum(dim=(1, 2), keepdim=True).clamp(min=1)
        right = (answers.argmax(dim=1) == safe) * share
        return LossSum(total(loss * share, shares), total(plain * share, shares), total(right, shares))
