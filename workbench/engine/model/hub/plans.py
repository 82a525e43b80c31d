"""The plan of a network of timm's, worked out from watching it run on the meta device."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import torch
from torch import nn

from workbench.core import catalogue
from workbench.core.backbone_facts import stage_names
from workbench.engine.model.hub import networks
from workbench.engine.model.hub.chain import ROPE, Chain, Unit, find_chain
from workbench.engine.model.hub.stages import cut
from workbench.engine.model.plans import Plan, StagePlan


@dataclass(frozen=True)
class Layout:
    """How a stage's output is laid out.

    Attributes:
        kind: "maps" are (B, C, H, W), "rows" (B, H, W, C), "tokens" (B, P + N, C); "none" is no map.
        prefix: P, how many tokens stand before those of the picture.
        cell: pixels, in height and width, that one token stands for.
    """

    kind: Literal["maps", "rows", "tokens", "none"]
    prefix: int = 0
    cell: int = 0


@dataclass(frozen=True)
class HubPlan(Plan):
    """The plan of a network of timm's.

    Attributes:
        runs: the modules that each stage runs one after the other.
        opens: the first stage begins with the network's own code, and then runs its modules.
        chained: modules that the network's own code is not to run while it opens.
        pooled: the network gives features only, and nothing before it pools.
        layouts: of each stage's output.
        classifier: paths of the class head, which the network is built without.
        rotary: modules that are also given the table by which tokens' positions are turned.
    """

    runs: tuple[tuple[str, ...], ...] = ()
    opens: bool = False
    chained: tuple[str, ...] = ()
    pooled: bool = False
    layouts: tuple[Layout, ...] = ()
    classifier: tuple[str, ...] = ()
    rotary: tuple[str, ...] = ()


@cache
def hub_plan(name: str) -> HubPlan:
    """How timm's network `timm/NAME` falls into stages.

    Raises:
        RequestError: timm is not installed, has no such network, or only one without a single answer per picture.
    """
    with torch.device("meta"):
        network = networks.network(name)
    return plan_of(name, network)


def plan_of(name: str, network: nn.Module) -> HubPlan:
    """The same of a network on the meta device."""
    size = networks.input_size(network)
    chain = find_chain(network, size)
    family = type(network).__module__.rpartition(".")[2]
    unit, stages = cut(chain, size, family, _before_pooling(network, chain))
    runs = tuple(tuple(each.path for each in stage) for stage in stages)
    owned = [list(run) for run in runs]
    owned[-1] += [path for path in chain.closing if path not in owned[-1]]
    taken = {path for paths in owned for path in paths}
    # The table of rotations learns nothing, and every stage needs it.
    owned[0] = [*_left(network, taken | {ROPE} if chain.rotary else taken), *owned[0]]
    names = stage_names(unit, len(stages))
    opens = chain.opening is not None
    return HubPlan(
        name=name,
        title=name.removeprefix(catalogue.HUB),
        family=family,
        year=0,
        features=chain.features,
        head=(),
        stages=tuple(StagePlan(*named, tuple(paths)) for named, paths in zip(names, owned, strict=True)),
        shape="rotary" if chain.rotary else "hub",
        unit=unit,
        runs=runs,
        opens=opens,
        chained=tuple(each.path for each in chain.units) if opens else (),
        pooled=chain.shape is None,
        classifier=_classifier(network),
        rotary=chain.rotary,
        layouts=tuple(_layout(shape, size, network, family) for shape in _shapes(chain, stages)),
    )


def _left(network: nn.Module, taken: set[str], path: str = "") -> Iterator[str]:
    """Paths of all modules, parameters and buffers that none of the paths `taken` holds."""
    for name, _ in (*network.named_parameters(recurse=False), *network.named_buffers(recurse=False)):
        yield path + name
    for name, child in network.named_children():
        below = path + name
        if below in taken:
            continue
        if any(each.startswith(f"{below}.") for each in taken):
            yield from _left(child, taken, f"{below}.")
        else:
            yield below


def _classifier(network: nn.Module) -> tuple[str, ...]:
    given: Any = network.pretrained_cfg
    found = given.get("classifier") or ()
    return (found,) if isinstance(found, str) else tuple(found)


def _before_pooling(network: nn.Module, chain: Chain) -> int:
    """How many numbers the network learns, without those that pool and follow."""
    closing = [p for path in chain.closing for p in network.get_submodule(path).parameters()]
    return sum(p.numel() for p in network.parameters()) - sum(p.numel() for p in closing)


def _shapes(chain: Chain, stages: Sequence[Sequence[Unit]]) -> list[tuple[int, ...]]:
    """Of what each stage gives."""
    opening = chain.opening if chain.units else chain.shape
    return [stage[-1].shape if stage else (opening or ()) for stage in stages]


_UNORDERED = {"hiera"}
"""Modules of timm whose networks keep tokens in another order than the rows of the picture."""


def _layout(shape: tuple[int, ...], size: int, network: nn.Module, family: str) -> Layout:
    if len(shape) == 4:
        return Layout("maps" if shape[2] == shape[3] else "rows")
    if len(shape) == 3 and family not in _UNORDERED:
        for prefix in (int(getattr(network, "num_prefix_tokens", 0)), 0):
            grid = math.isqrt(shape[1] - prefix)
            if grid > 1 and grid**2 == shape[1] - prefix:
                return Layout("tokens", prefix, math.ceil(size / grid))
    return Layout("none")
