"""What every kind's soft target is given and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from workbench.core.resolved import ResolvedTask
from workbench.engine.transfer.distillation.methods.base import Method


class NotTaught(Exception):
    """A teacher has nothing to say to a task; the text says why."""


class SoftTarget(ABC):
    """How far a student's answers to one task are from a teacher's.

    Args:
        method: compares beliefs in classes.
        mine: the task as the student has it.
        theirs: the task as the teacher has it, of the same kind.

    Raises:
        NotTaught: the two have too little in common.
    """

    least: ClassVar[int] = 2
    """Classes that both must know."""

    def __init__(self, method: Method, mine: ResolvedTask, theirs: ResolvedTask) -> None:
        self.method = method
        self._common = [name for name in mine.classes if name in set(theirs.classes)]
        if len(self._common) < self.least:
            raise NotTaught(f"{mine.name} (it knows {len(self._common)} of the {len(mine.classes)} classes)")
        self._mine = torch.tensor([mine.classes.index(name) for name in self._common], dtype=torch.int64)
        self._theirs = torch.tensor([theirs.classes.index(name) for name in self._common], dtype=torch.int64)
        self._place = torch.full((len(mine.classes) + 1,), -1)
        self._place[self._mine] = torch.arange(len(self._common))

    @property
    def unknown(self) -> int:
        """Classes of the student that the teacher does not know."""
        return len(self._place) - 1 - len(self._common)

    @abstractmethod
    def __call__(self, answers: Tensor, soft: Tensor, targets: Tensor) -> Tensor:
        """(B,) the loss of each picture, in the units of the task's own loss; no gradient reaches `soft`.

        Args:
            answers: what the student's head gave.
            soft: what the teacher's gave for the same view of the same pictures.
            targets: the labels, as `Labels` gives them; missing where there are none, or where they are mixed.
        """

    def to(self, device: torch.device) -> SoftTarget:
        """The same with its tensors on a device."""
        for name, value in vars(self).items():
            if isinstance(value, Tensor):
                setattr(self, name, value.to(device))
        return self

    def _shared(self, answers: Tensor, soft: Tensor) -> tuple[Tensor, Tensor]:
        """Both logits (B, C, ...) in float32 of the classes that both know."""
        return answers.float().index_select(1, self._mine), soft.float().index_select(1, self._theirs)

    def _classes(self, targets: Tensor) -> Tensor:
        """Classes of the student (-1: missing) as classes that both know; -1 for others."""
        return self._place[targets]  # the last place stands for -1
