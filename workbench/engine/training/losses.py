"""Cross-entropy of each task over the pictures that have a label of it, and its share of the objective."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

MISSING = -1


@dataclass(frozen=True)
class TaskLoss:
    """How one task's loss is worked out.

    Attributes:
        classes: C, the number of classes.
        weight: how much the task counts beside the others.
        class_weights: (C,) factor of each class; None counts every picture the same.
        label_smoothing: share of the target that is spread over all classes.
        normalised: the objective is divided by the loss of guessing.
    """

    classes: int
    weight: float = 1.0
    class_weights: Tensor | None = None
    label_smoothing: float = 0.0
    normalised: bool = True

    @property
    def scale(self) -> float:
        """Divides the objective so that guessing costs about 1 in every task: log C nats is the loss of guessing."""
        return self.guessing if self.normalised else 1.0

    @property
    def guessing(self) -> float:
        """The loss of guessing, log C nats."""
        return math.log(max(self.classes, 2))


@dataclass(frozen=True)
class LossSum:
    """Sums over the labelled pictures of a (micro-)batch, on the device.

    Attributes:
        objective: scalar with a gradient: what is minimised, before it is divided by the count.
        cross_entropy: scalar without gradient, in nats: unweighted and not smoothed, as it is shown.
        correct: scalar: how many were answered right.
    """

    objective: Tensor
    cross_entropy: Tensor
    correct: Tensor


def loss_sum(logits: Tensor, targets: Tensor, task: TaskLoss) -> LossSum:
    """Sums over pictures with a label; a missing label (-1) contributes nothing, neither value nor gradient.

    Args:
        logits: (B, C), any floating type.
        targets: (B,) int64.
    """
    labelled = targets != MISSING
    safe = targets.clamp(min=0)
    log_p = functional.log_softmax(logits.float(), dim=1)
    nll = -log_p.gather(1, safe[:, None])[:, 0]
    loss = nll
    if task.label_smoothing:
        loss = (1 - task.label_smoothing) * nll - task.label_smoothing * log_p.mean(dim=1)
    if task.class_weights is not None:
        loss = loss * task.class_weights[safe]
    zero = torch.zeros((), device=logits.device)
    with torch.no_grad():
        right = (logits.argmax(dim=1) == targets) & labelled
        shown = torch.where(labelled, nll, zero).sum()
    return LossSum(torch.where(labelled, loss, zero).sum(), shown, right.sum())


def class_weights(counts: Sequence[int]) -> Tensor:
    """(C,) factors in inverse proportion to the classes' counts, 1 on average over the pictures.

    A class without training pictures gets 1; it never occurs.
    """
    number = torch.tensor(counts, dtype=torch.float64)
    present = number > 0
    weights = number.sum() / (present.sum() * number.clamp(min=1))
    return torch.where(present, weights, torch.ones(())).float()


def combine(
    sums: Mapping[str, LossSum], counts: Mapping[str, int], losses: Mapping[str, TaskLoss], balance: Mapping[str, float]
) -> Tensor:
    """The objective: the sum over tasks of balance × weight × mean loss / scale.

    Args:
        counts: labelled pictures of the whole batch per task; a task with none is left out.
        balance: the balancing method's factor per task; a task without one is left out.
    """
    terms = [
        sums[name].objective * (balance[name] * losses[name].weight / (losses[name].scale * counts[name]))
        for name in sums
        if counts[name] and name in balance
    ]
    return torch.stack(terms).sum() if terms else torch.zeros(())
