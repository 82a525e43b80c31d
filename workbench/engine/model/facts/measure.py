"""What is counted on networks of any library, on the meta device: nothing is allocated, no weights are needed."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from workbench.engine.model.staged import Backbone


def text(backbones: list[dict[str, Any]]) -> str:
    """The text of a file of facts: a backbone a line."""
    lines = (json.dumps(facts, separators=(",", ":"), ensure_ascii=False) for facts in backbones)
    return '{"backbones":[\n' + ",\n".join(lines) + "\n]}\n"


def parameters(network: nn.Module) -> int:
    """How many numbers it learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def macs(run: Callable[[Tensor], Any], images: Tensor) -> int:
    """Multiply-adds of convolutions, linear layers and attention, counted as torchvision counts them."""
    # With gradients on, attention takes the path that the counter sees.
    with torch.enable_grad(), FlopCounterMode(display=False) as counter:
        run(images)
    return int(counter.get_total_flops()) // 2


def stage_rows(backbone: Backbone, maps: list[Tensor]) -> list[tuple[int, int, int]]:
    """(parameters, channels, size of the map) of each stage."""
    return [
        (sum(p.numel() for p in backbone.stage_parameters(index).values()), each.shape[1], each.shape[2])
        for index, each in enumerate(maps)
    ]


def step_of(size: int, last_map: Tensor) -> int:
    """How many pixels of pictures of that size one cell of the last map stands for."""
    return math.ceil(size / last_map.shape[-1])
