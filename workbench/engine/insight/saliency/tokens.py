"""Gradient times activation of tokens, over all blocks, for transformers.

The product of HiResCAM (arXiv 2011.08891), taken of the tokens after the stem and after every block, and added up: the
deeper a block, the less its tokens still belong to the places that they came from, so that the last block alone names
places hardly better than chance (`tests/benchmarks/saliency_mosaics.py`). Where a class token alone is read, the last
block's other tokens add nothing. Attention itself is not drawn: a head's weights do not change it, so it fails the
check of Adebayo et al. 2018 (arXiv 1810.03292) by construction.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.insight.saliency.base import Question


def tokens(question: Question, images: Tensor) -> Tensor:
    """Maps (B, S, S) of pictures (B, 3, S, S)."""
    side = images.shape[-1]
    with torch.enable_grad():
        trail, score = question.trail(images)
        gradients = torch.autograd.grad(score.sum(), trail)
    total = images.new_zeros(len(images), 1, side, side)
    for boundary, (x, gradient) in enumerate(zip(trail, gradients, strict=True), start=1):
        found = question.as_map(gradient * x.detach(), boundary, (side, side)).sum(dim=1, keepdim=True)
        share = found.shape[-2] * found.shape[-1] / side**2  # so that a coarse map adds as much as a fine one
        total += share * functional.interpolate(found, (side, side), mode="bicubic", align_corners=False)
    return total[:, 0].clamp(min=0)
