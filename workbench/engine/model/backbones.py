"""Building a backbone by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts
from workbench.core.errors import RequestError
from workbench.engine.model import zoo
from workbench.engine.model.hub import networks
from workbench.engine.model.hub.backbone import HubBackbone, RotaryBackbone
from workbench.engine.model.hub.plans import hub_plan
from workbench.engine.model.plans import PLANS, Plan
from workbench.engine.model.shapes import DenseBackbone, RowsBackbone, WindowsBackbone
from workbench.engine.model.staged import Backbone, BatchNorm, Freeze, Stage
from workbench.engine.model.vit import TokenBackbone

__all__ = ["Backbone", "Freeze", "Stage", "build_backbone", "seeded", "wrap"]

_SHAPES: dict[str, type[Backbone]] = {
    "maps": Backbone,
    "dense": DenseBackbone,
    "tokens": TokenBackbone,
    "rows": RowsBackbone,
    "windows": WindowsBackbone,
    "hub": HubBackbone,
    "rotary": RotaryBackbone,
}


def build_backbone(name: str, seed: int = 0, batch_norm: BatchNorm = "eval", weights: str = "default") -> Backbone:
    """A backbone with its library's random initial weights, the same for the same seed.

    The state of the global random generator is left as it was. Under `torch.device("meta")` nothing is
    allocated.

    Args:
        weights: that it is going to hold; some networks have as many position embeddings as these need.

    Raises:
        RequestError: there is no backbone of that name, or its library is not installed or another one than expected.
    """
    facts = catalogue.get(name)
    if facts.source == "timm":
        return _from_hub(facts, seed, batch_norm)
    plan = PLANS[name]
    version = facts.version(weights)
    with seeded(seed):
        network = zoo.network(name, **plan.options(version.input_size if version else facts.input_size))
    return wrap(plan, network, batch_norm)


def _from_hub(facts: BackboneFacts, seed: int, batch_norm: BatchNorm) -> Backbone:
    plan = hub_plan(facts.name)
    with seeded(seed):
        backbone = wrap(plan, networks.network(facts.name), batch_norm)
    counts = [sum(p.numel() for p in backbone.stage_parameters(n).values()) for n in range(backbone.stage_count)]
    if counts != [stage.parameters for stage in facts.stages]:
        raise RequestError(
            f"The installed timm builds {facts.name} in another way than the one that this program knows.",
            "Run pip install --upgrade timm finetune-workbench.",
        )
    return backbone


def wrap(plan: Plan, network: nn.Module, batch_norm: BatchNorm = "eval") -> Backbone:
    """A library's network as the stages of its plan; its modules move into the backbone."""
    return _SHAPES[plan.shape](plan, network, batch_norm)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw from a fresh CPU generator of that seed inside, and from where it was before afterwards."""
    state = torch.random.get_rng_state()
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.random.set_rng_state(state)
