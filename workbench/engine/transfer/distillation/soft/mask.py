"""What tasks that mark pixels learn from a teacher."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.data.masks import IGNORED
from workbench.engine.transfer.distillation.soft.base import SoftTarget


class SoftMask(SoftTarget):
    """Logits (B, K, H, W) against logits of any height and width, pixel by pixel, meaned over a picture's pixels.

    Pixel-wise distillation of Liu et al., "Structured Knowledge Distillation for Semantic Segmentation", CVPR 2019.
    Pixels that a mask leaves out are left out here as well; of a picture without a mask all count.
    """

    def __call__(self, answers: Tensor, soft: Tensor, targets: Tensor) -> Tensor:
        mine, theirs = self._shared(answers, soft)
        if theirs.shape[2:] != mine.shape[2:]:
            theirs = functional.interpolate(theirs, size=mine.shape[2:], mode="bilinear", align_corners=False)
        known = targets != IGNORED
        classes = self._classes(torch.where(known, targets.long(), -1))
        counted = known | ~known.flatten(1).any(dim=1)[:, None, None]
        loss = torch.where(counted, self.method(mine, theirs, classes), 0.0)
        return loss.sum(dim=(1, 2)) / counted.sum(dim=(1, 2)).clamp(min=1)
