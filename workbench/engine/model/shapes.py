"""Networks of torchvision whose stages hand on something else than plain maps (B, C, H, W)."""

from __future__ import annotations

import re

from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.maxvit import PartitionAttentionLayer

from workbench.engine.model.plans import Plan
from workbench.engine.model.staged import Backbone, BatchNorm

_OLD_LAYER = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)")
"""Layers of a dense block as torchvision's first releases named them; its weights are still stored so."""


class DenseBackbone(Backbone):
    """DenseNet (Huang et al. 2016, arXiv 1608.06993): its last map is rectified, by no module of its own."""

    def run_stage(self, index: int, x: Tensor) -> Tensor:
        x = super().run_stage(index, x)
        return functional.relu(x) if index == self.stage_count - 1 else x

    def adapt_state(self, state: dict[str, Tensor]) -> dict[str, Tensor]:
        return {_OLD_LAYER.sub(r"\1\2", name): value for name, value in state.items()}


class RowsBackbone(Backbone):
    """Swin transformers (Liu et al. 2021, arXiv 2103.14030 and 2111.09883), whose stages hand on (B, H, W, C).

    Any size will do: maps that fill no whole window are padded as torchvision pads them.
    """

    def pool(self, x: Tensor) -> Tensor:
        return super().pool(x.permute(0, 3, 1, 2))

    def as_map(self, index: int, x: Tensor, size: tuple[int, int]) -> Tensor:
        return x.permute(0, 3, 1, 2)


class WindowsBackbone(Backbone):
    """MaxViT (Tu et al. 2022, arXiv 2204.01697) on square pictures whose maps its windows fill.

    torchvision fixes the number of windows when the network is built; here it follows the map.
    """

    def __init__(self, plan: Plan, network: nn.Module, batch_norm: BatchNorm = "eval") -> None:
        super().__init__(plan, network, batch_norm)
        for module in self.modules():
            if isinstance(module, PartitionAttentionLayer):
                module.register_forward_pre_hook(_fit_windows)


def _fit_windows(layer: nn.Module, inputs: tuple[Tensor]) -> None:
    """Let the layer cut the map (B, C, H, W), H = W, that it is given into windows of the size that it knows."""
    assert isinstance(layer, PartitionAttentionLayer)
    side = inputs[0].shape[-1]
    window = layer.g if layer.partition_type == "grid" else layer.p
    layer.grid_size = (side, side)
    layer.n_partitions = side // window
    if layer.partition_type == "grid":
        layer.p = layer.n_partitions
    else:
        layer.g = layer.n_partitions
