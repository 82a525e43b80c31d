"""Works out `resources/backbones.json` from torchvision.

`python -m workbench.engine.model.facts` rewrites the file, and a test holds it to what is worked out here.
Networks are built on the meta device, so that nothing is allocated and no weights are needed.
"""

from __future__ import annotations

import json
import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from workbench.core.files import write_atomically
from workbench.core.resources import resource
from workbench.engine.model import zoo
from workbench.engine.model.backbones import Backbone, wrap
from workbench.engine.model.plans import PLANS, Plan

LICENCE = (
    "BSD-3-Clause (torchvision). Trained on ImageNet-1K: ImageNet terms, which grant its pictures for "
    "non-commercial research and education only."
)


def document() -> str:
    """The text of `resources/backbones.json`."""
    return json.dumps({"backbones": [facts(plan) for plan in PLANS.values()]}, indent=2) + "\n"


def facts(plan: Plan) -> dict[str, Any]:
    """Everything that `core.catalogue.BackboneFacts` holds of one backbone."""
    weights = zoo.default_weights(plan.name)
    size: int = weights.transforms().crop_size[0]
    images = torch.empty(1, 3, size, size, device="meta")
    with torch.device("meta"):
        network = zoo.network(plan.name).eval()
    whole = {"parameters": _parameters(network), "macs": _macs(network, images)}
    with torch.device("meta"):
        backbone = wrap(plan, network).eval()
    maps = backbone.maps(images)
    return {
        "name": plan.name,
        "title": plan.title,
        "family": plan.family,
        "year": plan.year,
        "parameters": _parameters(backbone),
        "parameters_with_class_head": whole["parameters"],
        "macs": _macs(backbone, images),
        "macs_with_class_head": whole["macs"],
        "input_size": size,
        "minimum_size": _minimum_size(plan, size, maps[-1], weights.meta["min_size"]),
        "features": backbone(images).shape[1],
        "accuracy": weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        "weights": weights.name,
        "licence": LICENCE,
        "download_mb": weights.meta["_file_size"],
        "stages": [_stage(backbone, index, maps[index]) for index in range(backbone.stage_count)],
    }


def _stage(backbone: Backbone, index: int, stage_map: Tensor) -> dict[str, Any]:
    plan = backbone.plan.stages[index]
    count = sum(parameter.numel() for parameter in backbone.stage_parameters(index).values())
    _, channels, size, _ = stage_map.shape
    return {"name": plan.name, "title": plan.title, "parameters": count, "channels": channels, "size": size}


def _parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _macs(network: nn.Module, images: Tensor) -> int:
    """Multiply-adds of convolutions, linear layers and attention, counted as torchvision counts them."""
    # With gradients on, attention takes the path that the counter sees.
    with torch.enable_grad(), FlopCounterMode(display=False) as counter:
        network(images)
    return int(counter.get_total_flops()) // 2


def _minimum_size(plan: Plan, size: int, last_map: Tensor, torchvision_minimum: tuple[int, int]) -> int:
    """One cell of the last map, or what torchvision needs; a transformer needs no more than one patch."""
    step = math.ceil(size / last_map.shape[-1])
    return step if plan.shape == "tokens" else max(step, torchvision_minimum[0])


if __name__ == "__main__":
    write_atomically(resource() / "backbones.json", document())
