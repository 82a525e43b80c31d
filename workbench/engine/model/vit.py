"""The vision transformer as stages: patches, then blocks of tokens, then the class token."""

from __future__ import annotations

import math
import re

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.model.plans import Plan
from workbench.engine.model.staged import Backbone, BatchNorm

_POSITIONS = "encoder.pos_embedding"
_OLD_LAYERS = {"linear_1": "0", "linear_2": "3"}
"""Layers of a block's MLP as torchvision's first releases named them; its weights are still stored so."""


class TokenBackbone(Backbone):
    """A vision transformer (Dosovitskiy et al. 2020, arXiv 2010.11929) on pictures of any size.

    Stages hand on tokens (B, 1 + N, C), the class token first. Position embeddings are stored for the size
    that the network was trained at and interpolated (bicubic) to the grid of the pictures; pixels at the
    right and lower edge that fill no whole patch are not seen.
    """

    def __init__(self, plan: Plan, network: nn.Module, batch_norm: BatchNorm = "eval") -> None:
        super().__init__(plan, network, batch_norm)
        projection = self.get_submodule("conv_proj")
        assert isinstance(projection, nn.Conv2d)
        self._patch = projection.stride

    def run_stage(self, index: int, x: Tensor) -> Tensor:
        return self._embed(x) if index == 0 else super().run_stage(index, x)

    def _embed(self, images: Tensor) -> Tensor:
        patches = self.get_submodule("conv_proj")(images)  # (B, C, h, w)
        height, width = patches.shape[-2:]
        tokens = patches.flatten(2).transpose(1, 2)
        first = self.get_parameter("class_token").to(tokens.dtype).expand(len(tokens), -1, -1)
        positions = resize_positions(self.get_parameter(_POSITIONS), height, width)
        x: Tensor = self.get_submodule("encoder.dropout")(torch.cat([first, tokens], dim=1) + positions)
        return x

    def pool(self, x: Tensor) -> Tensor:
        return x[:, 0]

    def as_map(self, index: int, x: Tensor, size: tuple[int, int]) -> Tensor:
        height, width = (length // patch for length, patch in zip(size, self._patch, strict=True))
        return x[:, 1:].transpose(1, 2).reshape(len(x), -1, height, width)

    def adapt_state(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        """Rename the layers of old files, and fit position embeddings that were trained at another size."""
        renamed = {_today(name): value for name, value in state.items()}
        positions, wanted = renamed.get(_POSITIONS), self.get_parameter(_POSITIONS)
        if positions is not None and _fits_by_resizing(positions, wanted):
            side = math.isqrt(wanted.shape[1] - 1)
            renamed[_POSITIONS] = resize_positions(positions.float(), side, side)
        return renamed


def resize_positions(positions: Tensor, height: int, width: int) -> Tensor:
    """Position embeddings (1, 1 + n², C) for a grid of height × width patches: (1, 1 + height·width, C)."""
    side = math.isqrt(positions.shape[1] - 1)
    if (height, width) == (side, side):
        return positions
    grid = positions[:, 1:].transpose(1, 2).reshape(1, -1, side, side)
    grid = functional.interpolate(grid, size=(height, width), mode="bicubic", align_corners=False)
    return torch.cat([positions[:, :1], grid.flatten(2).transpose(1, 2)], dim=1)


def _fits_by_resizing(positions: Tensor, wanted: Tensor) -> bool:
    if positions.ndim != 3 or positions.shape[0] != 1 or positions.shape[2] != wanted.shape[2]:
        return False
    count = positions.shape[1] - 1
    return positions.shape != wanted.shape and count > 0 and math.isqrt(count) ** 2 == count


def _today(name: str) -> str:
    return re.sub(r"\.mlp\.(linear_[12])\.", lambda found: f".mlp.{_OLD_LAYERS[found[1]]}.", name)
