"""Works out `resources/timm.json` from timm."""

from __future__ import annotations

import gc
from typing import Any

import torch
from torch import Tensor

from workbench.core import catalogue
from workbench.core.backbone_facts import IMAGENET_MEAN, IMAGENET_STD
from workbench.engine.model.backbones import wrap
from workbench.engine.model.facts import measure
from workbench.engine.model.facts.years import YEARS
from workbench.engine.model.hub import networks
from workbench.engine.model.hub.plans import HubPlan, plan_of
from workbench.engine.model.hub.sizes import sizes
from workbench.engine.model.staged import Backbone

_BYTES = 4
"""Of a number in a file of timm's."""
_ENCODER = "_enc"
"""How the names of networks end that give tokens to a language model and no features of a picture."""


def document() -> str:
    """The text of `resources/timm.json`: every network of the installed timm that gives features."""
    import timm

    found = []
    for architecture in timm.list_models():
        if not architecture.endswith(_ENCODER):
            found.append(facts_of(catalogue.HUB + architecture))
            gc.collect()
    return measure.text(found)


def facts_of(name: str) -> dict[str, Any]:
    """Everything that `core.catalogue.BackboneFacts` holds of one backbone."""
    with torch.device("meta"):
        network = networks.network(name)
    size = networks.input_size(network)
    plan = plan_of(name, network)
    backbone = wrap(plan, network).eval()
    images = torch.empty(1, 3, size, size, device="meta")
    outputs: list[Tensor] = []
    macs = measure.macs(lambda x: _run(backbone, x, outputs), images)
    dense = len(outputs) > 1 and all(layout.kind != "none" for layout in plan.layouts)
    own = measure.parameters(backbone)
    versions = [_version(name, tag, own, plan.features) for tag in _tags(name)]
    least, step = sizes(backbone, size, _cell(plan, outputs[-1], size))
    head = plan.features * 1000
    return {
        "name": name,
        "title": plan.title,
        "family": plan.family,
        "source": "timm",
        "year": YEARS.get(plan.family),
        "parameters": own,
        "parameters_with_class_head": own + head + 1000,
        "macs": macs,
        "macs_with_class_head": macs + head,
        "input_size": size,
        "minimum_size": least,
        "size_step": step,
        "features": plan.features,
        **({} if dense else {"dense": False}),
        "unit": plan.unit,
        "stages": [_stage(backbone, index, x, size, dense) for index, x in enumerate(outputs)],
        "versions": versions,
    }


def _run(backbone: Backbone, x: Tensor, outputs: list[Tensor]) -> None:
    """Run pictures through, and gather what each stage gives, not pooled."""
    for index in range(backbone.stage_count):
        x = backbone.run_stage(index, x)
        outputs.append(x)
    backbone.pool(x)


def _stage(backbone: Backbone, index: int, x: Tensor, size: int, dense: bool) -> tuple[int, int, int]:
    """(parameters, channels, height of the map); height 0 where there is none."""
    count = sum(parameter.numel() for parameter in backbone.stage_parameters(index).values())
    if not dense:
        return count, x.shape[-1] if x.ndim != 4 else x.shape[1], 0
    made = backbone.as_map(index, x, (size, size))
    return count, made.shape[1], made.shape[2]


def _cell(plan: HubPlan, x: Tensor, size: int) -> int:
    """Pixels that one cell of the last map, or one token of the first, stands for."""
    if x.ndim == 4:
        return -(-size // max(1, min(x.shape[2], x.shape[1] if plan.layouts[-1].kind == "rows" else x.shape[2])))
    return plan.layouts[0].cell or 16


def _tags(name: str) -> list[str]:
    """timm's tags of a network's pretrained weights, the default ones first."""
    import timm

    architecture = name.removeprefix(catalogue.HUB)
    names = [each for each in timm.list_pretrained(architecture) if each.partition(".")[0] == architecture]
    given: Any = timm.get_pretrained_cfg(architecture)
    default = given.tag or ""
    tags = [each.partition(".")[2] for each in names]
    return sorted(tags, key=lambda tag: tag != default)


def _version(name: str, tag: str, parameters: int, features: int) -> dict[str, Any]:
    import timm

    full = name.removeprefix(catalogue.HUB) + (f".{tag}" if tag else "")
    given: Any = timm.get_pretrained_cfg(full)
    numbers = parameters + (features + 1) * given.num_classes
    usual = {"mean": IMAGENET_MEAN, "std": IMAGENET_STD}
    return {
        "name": tag,
        "input_size": given.input_size[1],
        "download_mb": round(numbers * _BYTES / 1e6, 1),
        "licence": given.license or "",
        **({"hub_id": given.hf_hub_id} if given.hf_hub_id else {"url": given.url}),
        "file": given.hf_hub_filename or ("model.safetensors" if given.hf_hub_id else given.url.rpartition("/")[2]),
        **{key: getattr(given, key) for key, value in usual.items() if tuple(getattr(given, key)) != value},
    }
