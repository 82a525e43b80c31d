"""The dense head: an answer for each pixel, from the maps of all of the backbone's stages."""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.model.heads.base import Head, HeadSettings, Widths

WIDTH = 64
"""Channels of the decoder, where no other width is asked for."""
_CHANNELS = 8
"""Least channels that are normalised together (all of them in a narrower decoder): one alone in a map of one cell would
always be nought."""


class DenseHead(Head):
    """Maps of all stages to logits (B, K, H, W) of pictures (H, W).

    From the coarsest map to the finest: what is there so far is enlarged to the next map's size and added to it, and
    a 3 × 3 convolution joins both. So it answers at the first stage's resolution with what the last stage knows: the
    feature pyramid of Lin et al. 2017 (arXiv 1612.03144) with the merging of a U-Net (Ronneberger et al. 2015, arXiv
    1505.04597). Group norm (Wu and He 2018) rather than batch norm: an answer never depends on the other pictures of
    the batch. It also levels the maps' scales, so that nothing is standardised beforehand.
    """

    sees = "maps"

    def __init__(self, widths: Widths, classes: int, settings: HeadSettings) -> None:
        super().__init__(classes, settings)
        width = settings.hidden or WIDTH
        self.sides = nn.ModuleList(nn.Sequential(*_normed(channels, width, 1)) for channels in widths.maps)
        self.joins = nn.ModuleList(nn.Sequential(*_normed(width, width, 3), nn.ReLU()) for _ in widths.maps)
        self.dropout = nn.Dropout2d(settings.dropout)
        self.last = _small_convolution(width, classes)

    def forward(self, maps: list[Tensor], size: tuple[int, int]) -> Tensor:
        """Logits (B, K, H, W) from the map (B, C_i, H_i, W_i) of each stage, for pictures of size (H, W)."""
        x: Tensor | None = None
        for side, join, each in reversed(list(zip(self.sides, self.joins, maps, strict=True))):
            beside = side(each)
            x = join(beside if x is None else beside + _enlarged(x, (each.shape[2], each.shape[3])))
        assert x is not None, "a backbone has a stage at least"
        return _enlarged(self.last(self.dropout(x)), size)


def _normed(inputs: int, outputs: int, kernel: int) -> tuple[nn.Module, nn.Module]:
    """A convolution that keeps the size, and group norm with as many groups as divide the width."""
    convolution = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return convolution, nn.GroupNorm(math.gcd(max(1, outputs // _CHANNELS), outputs), outputs)


def _small_convolution(inputs: int, outputs: int) -> nn.Conv2d:
    """A last layer whose first answers are nearly even, so that training begins at the loss of guessing."""
    layer = nn.Conv2d(inputs, outputs, 1)
    nn.init.trunc_normal_(layer.weight, std=0.01)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer


def _enlarged(x: Tensor, size: tuple[int, int]) -> Tensor:
    return functional.interpolate(x, size=size, mode="bilinear", align_corners=False)
