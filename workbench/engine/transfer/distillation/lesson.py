"""What a phase learns from a teacher: its answers beside the labels, and its features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.core.transfer import Transfer
from workbench.engine import device as devices
from workbench.engine.data.drawing import Draws, rows_of
from workbench.engine.training.inputs import Heard
from workbench.engine.training.losses import LossSum, TaskLoss
from workbench.engine.training.phases import Phase
from workbench.engine.transfer.distillation.teacher import Teacher


class Lesson:
    """A phase's part of what is learned from a teacher.

    A task's objective is (1 - share) times the mean over pictures with a label, plus share times the mean over all
    pictures of how far the answers are from the teacher's, so that pictures without a label teach as well. Where
    features are matched while stages train, the distance of a linear map of the student's features from the teacher's
    is added in units of the loss of guessing: FitNets (Romero et al., ICLR 2015, arXiv 1412.6550).

    Args:
        losses: of the phase, by task.
    """

    def __init__(self, teacher: Teacher, asked: Transfer, phase: Phase, losses: Mapping[str, TaskLoss]) -> None:
        self._teacher, self._asked, self._losses = teacher, asked, losses
        self._on_features = phase.on_features
        self._share = asked.share if asked.distillation != "none" else 0.0
        self._maps = teacher.maps if phase.trains_stages else ()
        self.tasks = tuple(task for task in teacher.tasks if task in phase.tasks)

    def own_parameters(self, task: str) -> list[nn.Parameter]:
        """The weights of the task's map of features, which train with the network and are left behind at the end."""
        return list(self._teacher.maps[task].parameters()) if task in self._maps else []

    def parameters(self) -> list[nn.Parameter]:
        """Those of all tasks."""
        return [each for task in self.tasks for each in self.own_parameters(task)]

    def state(self) -> dict[str, Tensor]:
        """What a checkpoint keeps."""
        return self._teacher.maps.state_dict()

    def restore(self, state: dict[str, Tensor]) -> None:
        """Put back what `state` gave."""
        self._teacher.maps.load_state_dict(state)

    def hear(self, varied: Tensor, draws: Draws, tasks: Sequence[str]) -> Heard:
        """What the teacher says of B views, or has said of the pictures as they are where their features are stored."""
        wanted = [task for task in tasks if task in self.tasks]
        if not self._on_features:
            return self._teacher.hear(varied, wanted)
        index = devices.move(rows_of(draws), varied.device)
        return Heard({task: self._teacher.stored[task][index] for task in wanted}, {})

    def combined(
        self, task: str, hard: LossSum, mine: Heard, heard: Heard, targets: Tensor, readable: Tensor, factor: float
    ) -> LossSum:
        """A task's sums with the teacher's part; the sums of `hard` are over the pictures with a label alone.

        Args:
            mine: the student's answers and features.
            targets: labels for the teacher's part; missing where there are none, or where they are mixed.
            readable: (B,) which of the pictures count.
            factor: pictures of the whole batch for each that has a label; 0 where none has.
        """
        objective = (1 - self._share) * factor * hard.objective
        zero = objective.new_zeros(())
        if self._share:
            soft = self._teacher.soft[task](mine.answers[task], heard.answers[task], targets)
            objective = objective + self._share * torch.where(readable, soft, zero).sum()
        if task in self._maps:
            apart = self._apart(self._teacher.maps[task](mine.features[task].float()), heard.features[task].float())
            weight = self._asked.features * self._losses[task].guessing
            objective = objective + weight * torch.where(readable, apart, zero).sum()
        aside = None if hard.aside is None else factor * hard.aside
        return LossSum(objective, hard.shown, hard.right, aside)

    def _apart(self, mapped: Tensor, theirs: Tensor) -> Tensor:
        """(B,) how far mapped features (B, C) are from the teacher's."""
        if self._asked.feature_loss == "mse":
            return (mapped - theirs).square().mean(dim=1)
        return 1 - functional.cosine_similarity(mapped, theirs, dim=1)
