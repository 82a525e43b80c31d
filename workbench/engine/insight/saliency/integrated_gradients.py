"""Integrated gradients: the gradient along the way from a blurred picture to the picture, times the way.

Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017, arXiv 1703.01365, eq. 1, by the
midpoint rule: the attributions add up to the difference of the two answers. The start is the picture blurred (Fong and
Vedaldi 2017, arXiv 1704.03296), not a black one, which would leave dark things without a share.
"""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.insight.saliency.base import Question, blurred

STEPS = 32
_SMOOTHING = 0.06
"""Deviation of the blur over the finished map, as a share of its side: single pixels say little, and neighbours of
opposite signs cancel out before what is below 0 is cut off."""


def integrated_gradients(question: Question, images: Tensor) -> Tensor:
    """Maps (B, S, S) of pictures (B, 3, S, S)."""
    found = attributions(question, images).sum(dim=1, keepdim=True)
    return blurred(found, _SMOOTHING)[:, 0].clamp(min=0)


def attributions(question: Question, images: Tensor) -> Tensor:
    """(B, 3, S, S), the share of each value of the pictures in how much they answer more than their blurred selves."""
    start = blurred(images)
    way = images - start
    total = torch.zeros_like(images)
    for step in range(STEPS):
        with torch.enable_grad():
            here = (start + (step + 0.5) / STEPS * way).requires_grad_(True)
            (gradient,) = torch.autograd.grad(question.score(here).sum(), here)
        total += gradient
    return total * way / STEPS
