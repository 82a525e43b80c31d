"""Occlusion: how far the answer falls when a part of the picture is covered.

Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, arXiv 1311.2901, §4.2; the cover
is the picture itself, blurred, since a patch of one colour is a thing of its own to a network.
"""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.engine.insight.saliency.base import Question, blurred

COVER, STRIDE = 1 / 5, 1 / 10
"""Side of the cover and step from one place to the next, as shares of the picture's side."""


@torch.no_grad()
def occlusion(question: Question, images: Tensor) -> Tensor:
    """Maps (B, S, S) of pictures (B, 3, S, S): the mean fall of the output's value over the covers of each pixel."""
    return torch.stack([_one(question, image) for image in images])


def _one(question: Question, image: Tensor) -> Tensor:
    side = image.shape[-1]
    cover, stride = max(1, round(side * COVER)), max(1, round(side * STRIDE))
    starts = [*range(0, side - cover, stride), side - cover]
    windows = [(top, left) for top in starts for left in starts]
    ground = blurred(image[None])[0]
    covered = image.repeat(len(windows), 1, 1, 1)
    for at, (top, left) in enumerate(windows):
        place = (slice(None), slice(top, top + cover), slice(left, left + cover))
        covered[at][place] = ground[place]
    falls = question.scores(image[None]) - question.scores(covered)
    total, times = image.new_zeros(side, side), image.new_zeros(side, side)
    for fall, (top, left) in zip(falls, windows, strict=True):
        total[top : top + cover, left : left + cover] += fall
        times[top : top + cover, left : left + cover] += 1
    return (total / times).clamp(min=0)
