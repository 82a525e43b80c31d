"""What each task is to minimise in a phase, and which method weighs the tasks."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from workbench.core.resolved import Resolved
from workbench.engine.model.heads import NumberHead
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.balancing import BALANCING, Balancing, Equal, Setup
from workbench.engine.training.losses import LOSSES, TaskLoss
from workbench.engine.training.phases import HEAD_RECIPES, OTHER_HEAD, Phase


def method_of(resolved: Resolved, network: MultiTaskNetwork) -> type[Balancing]:
    """The balancing of a phase: what was asked for, but `equal` where no two tasks share weights that train."""
    asked = BALANCING[resolved.project.recipe.balancing]
    return asked if network.shared_parameters() or not asked.dynamic else Equal


def task_losses(resolved: Resolved, phase: Phase, method: type[Balancing], device: torch.device) -> dict[str, TaskLoss]:
    """How each task's loss is worked out in a phase."""
    losses = {}
    for task in resolved.tasks:
        asked = resolved.project.task(task.name)
        smoothing = asked.label_smoothing if phase.trains_stages else 0.0
        loss = LOSSES[task.kind](asked, task, label_smoothing=smoothing, normalised=method.normalised)
        losses[task.name] = loss.to(device)
    return losses


def make_balancing(
    method: type[Balancing], network: MultiTaskNetwork, losses: Mapping[str, TaskLoss], seed: int
) -> Balancing:
    """The method for the network's tasks; a head that guesses has the loss of guessing, as it enters the objective."""
    guessing = [losses[task].guessing * losses[task].weight / losses[task].scale for task in network.tasks]
    return method(Setup(network.tasks, tuple(guessing), seed))


def ridges(
    resolved: Resolved, losses: Mapping[str, TaskLoss], network: MultiTaskNetwork, phase: Phase
) -> dict[str, float]:
    """The ridge penalty of each task's head, in units of the whole objective.

    A head that has found its own for the features as they are keeps it while they stay so. An optimiser's decay is the
    slope of half the squared weights, so it is twice the penalty.
    """
    penalties = {}
    for task in resolved.tasks:
        penalty = HEAD_RECIPES.get(task.head, OTHER_HEAD).penalty(task.counts.get("train", 0))
        head = network.heads[task.name]
        if phase.freeze == "all" and isinstance(head, NumberHead) and float(head.penalty) > 0:
            penalty = 2 * float(head.penalty)
        penalties[task.name] = penalty * losses[task.name].weight / losses[task.name].scale
    return penalties
