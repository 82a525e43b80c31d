"""What the processes of a run ask each other; for one alone every answer is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.engine import device as devices
from workbench.engine.data.drawing import Draws, Rows

T = TypeVar("T")


class TeamLost(RunError):
    """Another process of the team has ended or does not answer."""


class TeamEnded(TeamLost):
    """A process of the team was told to end before they had met."""


class Team:
    """A process alone; `Ranks` are several.

    Where there are several, each must call the same methods in the same order: they wait for each other in them.

    Attributes:
        rank: the number of this process, from 0.
        size: how many there are.
        local_rank, local_size: the same on this machine.
    """

    rank = local_rank = 0
    size = local_size = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes, and says what happens."""
        return self.rank == 0

    def device(self, name: str) -> torch.device:
        """The device of this process, where the run's is called `name`.

        Raises:
            RequestError: there is no such device here, or not one for each process of this machine.
        """
        return devices.pick(name)

    def control(self, outside: Control) -> Control:
        """What the job is to obey, where `outside` is what this process is told."""
        return outside

    def mine(self, rows: Draws) -> Draws:
        """The rows or draws (n,) of any that this process works on: together the processes work on each once."""
        return rows

    def usually(self, rows: Rows) -> Rows:
        """Those of the rows that mostly come to this process, whatever batches they are in."""
        return rows

    def total(self, numbers: Sequence[int]) -> list[int]:
        """The sums of numbers over all processes."""
        return list(numbers)

    @contextmanager
    def summing(self) -> Iterator[list[Tensor]]:
        """What is put into the list inside is afterwards summed over all processes, in place.

        Raises:
            torch.OutOfMemoryError: one of them has run out of memory inside: all of them raise it.
        """
        yield []

    def share(self, value: Callable[[], T]) -> T:
        """What `value` gives in the process that leads; the others do not call it."""
        return value()

    def gather(self, value: T) -> list[T]:
        """What every process gives, in their order."""
        return [value]

    def seed(self, seed: int, step: int) -> None:
        """Let processes that do not lead draw other numbers in a step than the one that does, and the same ones again
        when it is repeated; the run's own generators are those of the one that leads."""

    def union(self, found: dict[int, str]) -> dict[int, str]:
        """What any of them has found."""
        return {key: value for each in self.gather(found) for key, value in each.items()}

    def same(self, network: nn.Module) -> None:
        """Give each process's network the parameters and buffers of the one that leads."""

    def average(self, buffers: Sequence[Tensor]) -> None:
        """Give each process the mean of what they have, in place."""

    def inherits(self) -> bool:
        """Whether this process is the first of those that are left, once one of them was lost."""
        return True

    def leave(self, error: BaseException | None = None) -> None:
        """Take part no more; the others are told of what went wrong here."""


ALONE = Team()


def flat(tensors: Sequence[Tensor]) -> Tensor:
    """All of them in one row, as float32; nothing where there are none."""
    return torch.cat([tensor.detach().reshape(-1).float() for tensor in tensors]) if tensors else torch.zeros(0)


@torch.no_grad()
def write_back(row: Tensor, tensors: Sequence[Tensor]) -> None:
    """Undo `flat` into the tensors."""
    for tensor, part in zip(tensors, torch.split(row, [tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(part.view(tensor.shape))
