"""What every kind's loss is given and gives."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask


@dataclass(frozen=True)
class LossSum:
    """Sums over the labelled pictures of a (micro-)batch, on the device.

    Attributes:
        objective: scalar with a gradient: what is minimised, before it is divided by the count; never below nought.
        shown: scalar without gradient, in the task's own units, unweighted and not smoothed, as curves show it.
        right: scalar: the sum of a score of each picture, in [0, 1] but for numbers; `TaskLoss.metric` names its mean.
        aside: scalar whose gradient reaches nothing but weights of the task's own head, or None. It is minimised
            beside the objective, but no task is weighed by it.
    """

    objective: Tensor
    shown: Tensor
    right: Tensor
    aside: Tensor | None = None


class TaskLoss(ABC):
    """How one task's loss is worked out in a phase.

    Args:
        asked: the task's settings: weight, class weights, focal loss, Huber threshold.
        facts: the task as the run took it.
        label_smoothing: share of the target that is spread over all classes in this phase.
        normalised: the objective is divided by the loss of guessing.
    """

    metric: ClassVar[str]

    def __init__(
        self, asked: Task, facts: ResolvedTask, *, label_smoothing: float = 0.0, normalised: bool = True
    ) -> None:
        self.weight = asked.weight
        self.normalised = normalised
        self.label_smoothing = label_smoothing
        self.focal = asked.focal

    @property
    @abstractmethod
    def guessing(self) -> float:
        """The loss of guessing, in the objective's units."""

    @property
    def scale(self) -> float:
        """Divides the objective so that guessing costs about 1 in every task."""
        return self.guessing if self.normalised else 1.0

    @abstractmethod
    def __call__(self, answers: Tensor, targets: Tensor, shares: Tensor | None = None) -> LossSum:
        """Sums over pictures with a label; a missing label contributes nothing, neither value nor gradient.

        Args:
            answers: what the task's head gave for B pictures.
            targets: of the same pictures, as `Labels` gives them, on the same device.
            shares: (B,) how much each picture's label counts; all of it where none are given.
        """

    def to(self, device: torch.device) -> TaskLoss:
        """The same with its tensors on a device."""
        for name, value in vars(self).items():
            if isinstance(value, Tensor):
                setattr(self, name, value.to(device))
        return self


class ClassesLoss(TaskLoss):
    """Cross-entropy of answers that are logits of K classes."""

    def __init__(
        self, asked: Task, facts: ResolvedTask, *, label_smoothing: float = 0.0, normalised: bool = True
    ) -> None:
        super().__init__(asked, facts, label_smoothing=label_smoothing, normalised=normalised)
        self._classes = len(facts.classes)
        self._weights = class_weights(facts.class_counts) if asked.class_weights else None

    @property
    def guessing(self) -> float:
        """log K nats."""
        return math.log(max(self._classes, 2))


def total(values: Tensor, shares: Tensor | None) -> Tensor:
    """The sum of values (B, ...) over everything, those of each picture times its share."""
    return (values if shares is None else values * shares.view(-1, *[1] * (values.ndim - 1))).sum()


Kinds = dict[str, Callable[..., TaskLoss]]


def class_weights(counts: list[int]) -> Tensor:
    """(C,) factors in inverse proportion to the classes' counts, 1 on average over what is counted.

    A class that never occurs in training gets 1.
    """
    number = torch.tensor(counts, dtype=torch.float64)
    present = number > 0
    weights = number.sum() / (present.sum() * number.clamp(min=1))
    return torch.where(present, weights, torch.ones(())).float()


def cross_entropy(
    log_p: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None, gamma: float
) -> tuple[Tensor, Tensor]:
    """Cross-entropies of anything with exactly one class, in nats: what is minimised, and the plain one.

    Args:
        log_p: (B, C, ...) log-probabilities.
        targets: (B, ...) int64 classes; what is missing is to be masked by the caller and given as any class.
        smoothing: share of the target spread over all classes (Szegedy et al., CVPR 2016).
        weights: (C,) factor of each class, or None.
        gamma: of the focal loss (Lin et al., ICCV 2017): what is answered with probability p counts (1 - p)^gamma.
    """
    plain = -log_p.gather(1, targets[:, None])[:, 0]
    loss = plain
    if smoothing:
        loss = (1 - smoothing) * plain - smoothing * log_p.mean(dim=1)
    if gamma:
        loss = loss * (1 - (-plain).exp()).clamp(min=0) ** gamma
    if weights is not None:
        loss = loss * weights[targets]
    return loss, plain.detach()
