"""Works out `resources/backbones.json` from torchvision."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from workbench.core.backbone_facts import IMAGENET_MEAN, IMAGENET_STD
from workbench.engine.model import zoo
from workbench.engine.model.backbones import wrap
from workbench.engine.model.facts import measure
from workbench.engine.model.plans import PLANS, Plan

_IMAGENET = "ImageNet terms, which grant its pictures for non-commercial research and education only."
LICENCE = f"BSD-3-Clause (torchvision). Trained on ImageNet-1K: {_IMAGENET}"
SWAG_LICENCE = f"CC-BY-NC 4.0 (SWAG): no commercial use. Tuned on ImageNet-1K: {_IMAGENET}"
_HALVES = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}
_PORTED = ("googlenet", "inception_v3")
"""Their weights came from TensorFlow and expect pixels in [-1, 1]. torchvision lets the network itself go there from
its usual standardisation (transform_input), which is the same as to standardise so in the first place."""


def document() -> str:
    """The text of `resources/backbones.json`."""
    return measure.text([facts(plan) for plan in PLANS.values()])


def facts(plan: Plan) -> dict[str, Any]:
    """Everything that `core.catalogue.BackboneFacts` holds of one backbone, its stages as rows of numbers."""
    weights = zoo.default_weights(plan.name)
    size: int = weights.transforms().crop_size[0]
    images = torch.empty(1, 3, size, size, device="meta")
    with torch.device("meta"):
        network = zoo.network(plan.name, **plan.options(size)).eval()
    whole = {"parameters": measure.parameters(network), "macs": measure.macs(network, images)}
    with torch.device("meta"):
        backbone = wrap(plan, network).eval()
    maps = backbone.maps(images)
    return {
        "name": plan.name,
        "title": plan.title,
        "family": plan.family,
        "source": "torchvision",
        "year": plan.year,
        "parameters": measure.parameters(backbone),
        "parameters_with_class_head": whole["parameters"],
        "macs": measure.macs(backbone, images),
        "macs_with_class_head": whole["macs"],
        "input_size": size,
        "minimum_size": plan.grid or _minimum_size(plan, size, maps[-1], weights.meta["min_size"]),
        "size_step": plan.grid or 1,
        "features": backbone(images).shape[1],
        "unit": plan.unit,
        "stages": measure.stage_rows(backbone, maps),
        "versions": [_version(plan.name, each) for each in zoo.weights_by_name(plan.name).values()],
    }


def _version(backbone: str, weights: Any) -> dict[str, Any]:
    accuracy = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    transforms = weights.transforms()
    given = {"mean": tuple(transforms.mean), "std": tuple(transforms.std)}
    expected = _HALVES if backbone in _PORTED else given
    usual = {"mean": IMAGENET_MEAN, "std": IMAGENET_STD}
    return {
        "name": weights.name,
        "accuracy": None if math.isnan(accuracy) else accuracy,
        "input_size": transforms.crop_size[0],
        "download_mb": weights.meta["_file_size"],
        "licence": SWAG_LICENCE if "SWAG" in weights.name else LICENCE,
        "url": weights.url,
        "file": weights.url.rpartition("/")[2],
        "source": weights.meta["recipe"],
        **{key: value for key, value in expected.items() if value != usual[key]},
    }


def _minimum_size(plan: Plan, size: int, last_map: Tensor, torchvision_minimum: tuple[int, int]) -> int:
    """One cell of the last map, or what torchvision needs; a transformer needs no more than one patch."""
    step = measure.step_of(size, last_map)
    return step if plan.unit == "block" else max(step, torchvision_minimum[0])
