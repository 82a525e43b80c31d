"""Building a backbone by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from workbench.core import catalogue
from workbench.engine.model import zoo
from workbench.engine.model.hub.backbone import HubBackbone, RotaryBackbone
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


def build_backbone(name: str, seed: int = 0, batch_norm: BatchNorm = "eval") -> Backbone:
    """A backbone with torchvision's random initial weights, the same for the same seed.

    The state of the global random generator is left as it was. Under `torch.device("meta")` nothing is
    allocated.

    Raises:
        RequestError: there is no backbone of that name.
    """
    catalogue.get(name)
    plan = PLANS[name]
    with seeded(seed):
        network = zoo.network(name)
    return wrap(plan, network, batch_norm)


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
