"""AdamW with layer-wise learning rates, and the rate's course over a phase."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from workbench.engine.model.network import MultiTaskNetwork, ParameterGroup
from workbench.engine.training.phases import Phase

BESIDE = "beside the network"
"""The group of what trains and is no part of the network."""


def build_optimiser(
    network: MultiTaskNetwork, phase: Phase, ridge: dict[str, float], beside: Sequence[nn.Parameter] = ()
) -> torch.optim.Adam:
    """Adam (Kingma and Ba 2015) over everything that trains in the phase.

    The last stage learns at the phase's rate, each stage before it at `layer_decay` of the one after. Stages decay
    as in AdamW (Loshchilov and Hutter 2019); a linear head's weights have a ridge penalty instead, part of its loss,
    which is what keeps few pictures with many features from being learned by heart. Biases, norms and other
    one-dimensional parameters never decay.

    Args:
        ridge: for each task, the ridge penalty of its head's weight matrices, in units of its share of the objective.
        beside: what trains with the network at the last stage's rate and is no part of it.
    """
    groups: list[dict[str, object]] = []
    for group in network.parameter_groups():
        rate, decay = _rate_and_decay(group, phase, network.backbone.stage_count, ridge)
        matrices = [p for p in group.parameters if p.ndim > 1]
        vectors = [p for p in group.parameters if p.ndim <= 1]
        common = {"name": group.name, "lr": rate, "height": rate, "decoupled_weight_decay": group.stage is not None}
        groups += [{"params": matrices, "weight_decay": decay, **common}] if matrices else []
        groups += [{"params": vectors, "weight_decay": 0.0, **common}] if vectors else []
    if beside:
        groups.append(
            {"params": list(beside), "weight_decay": 0.0, "name": BESIDE, "lr": 0.0, "height": phase.learning_rate}
        )
    groups = groups or [{"params": [], "weight_decay": 0.0, "name": "nothing", "lr": 0.0, "height": 0.0}]
    fused = all(p.device.type in ("cpu", "cuda") for p in network.parameters())
    return torch.optim.Adam(groups, lr=phase.learning_rate, betas=(0.9, 0.999), fused=fused)


def _rate_and_decay(group: ParameterGroup, phase: Phase, stages: int, ridge: dict[str, float]) -> tuple[float, float]:
    """Height of a group's learning rate, and decay; a task's own stage has those of the shared one beside it."""
    if group.stage is not None:
        return phase.learning_rate * phase.layer_decay ** (stages - 1 - group.stage), phase.weight_decay
    assert group.task is not None
    return phase.head_rates[group.task], ridge[group.task]


def rate_factor(step: int, steps: int, warmup: int) -> float:
    """The share of its height that the learning rate has in step `step` (from 0) of `steps`.

    It rises in a line over `warmup` steps, then falls to nothing along half a cosine (Loshchilov and Hutter 2017).
    """
    if step < warmup:
        return (step + 1) / (warmup + 1)
    return 0.5 * (1.0 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Give every group its height times the factor."""
    for group in optimiser.param_groups:
        group["lr"] = group["height"] * factor


def learning_rates(optimiser: torch.optim.Optimizer) -> dict[str, float]:
    """The present learning rate of each stage and head that trains, by name."""
    return {
        str(group["name"]): float(group["lr"])
        for group in optimiser.param_groups
        if group["params"] and group["name"] != BESIDE
    }


def forget_unfinished(optimiser: torch.optim.Optimizer) -> None:
    """Drop what the optimiser was about to keep of a parameter when memory ran out."""
    for state in optimiser.state.values():
        if state and "exp_avg_sq" not in state:
            state.clear()


def trainable(optimiser: torch.optim.Optimizer) -> Iterable[Tensor]:
    """Every parameter that the optimiser changes."""
    return (parameter for group in optimiser.param_groups for parameter in group["params"])
