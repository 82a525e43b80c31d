"""What every balancing method is given and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

Needs = Literal["nothing", "history", "losses", "gradients"]
"""What the factors of a step hang on: nothing, earlier steps, this step's losses, or this step's gradients."""
Again = Callable[[], Tensor]
"""Works out the (K,) losses of the same batch once more, after the parameters have changed."""


@dataclass(frozen=True)
class Setup:
    """What a method is made with.

    Attributes:
        tasks: T names in the network's order.
        guessing: what each task's loss is while its head guesses, in the units of `Measured.losses`.
        seed: of the run.
    """

    tasks: tuple[str, ...]
    guessing: tuple[float, ...]
    seed: int = 0


@dataclass(frozen=True)
class Measured:
    """One step. A task without a label in its batch is left out.

    Attributes:
        tasks: K names of those that have a label, in the network's order.
        step: steps of the run that were done before.
        losses: (K,) float64 on the CPU: each task's mean loss as it enters the objective, divided by the loss of
            guessing and multiplied by the task's own weight; None where the method has not asked for it.
        gramian: (K, K) float64 on the CPU: the inner products of the tasks' gradients on the shared weights that
            train; None where the method has not asked for it.
    """

    tasks: tuple[str, ...]
    step: int = 0
    losses: Tensor | None = None
    gramian: Tensor | None = None


class Balancing(ABC):
    """One factor per task for each step.

    Attributes:
        needs: what the factors hang on. A method that needs gradients gives factors for the gradients on the shared
            weights alone, and each head follows its own task; the factors of the others multiply whole losses.
        normalised: whether losses are divided by the loss of guessing beforehand.
        dynamic: whether factors can change; on heads alone, which share nothing, such a method has nothing to balance.
    """

    needs: ClassVar[Needs] = "nothing"
    normalised: ClassVar[bool] = True
    dynamic: ClassVar[bool] = True

    def __init__(self, setup: Setup) -> None:
        self.tasks = setup.tasks

    @abstractmethod
    def weights(self, now: Measured) -> dict[str, float]:
        """The factors of this step: of `now.tasks` at least. Changes nothing."""

    def learn(self, now: Measured, again: Again) -> None:  # noqa: B027 - most methods learn nothing
        """Take in a step that has been carried out; `now` holds its losses where the method needs anything."""

    def end_epoch(self) -> None:  # noqa: B027 - most methods know no epochs
        """Take in the end of an epoch; said twice, the second time changes nothing."""

    def rescale(self, by: Tensor) -> None:  # noqa: B027 - most methods compare no losses of different steps
        """Take in that the losses (T,) are multiplied by numbers from now on: the tasks' own weights have changed."""

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it: numbers, strings and tensors."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:  # noqa: B027 - most methods keep nothing
        """Put back what `state` gave."""


def losses_of(now: Measured) -> Tensor:
    """The (K,) losses of a step whose method asked for them."""
    assert now.losses is not None
    return now.losses


def scaled_gramian(now: Measured) -> Tensor:
    """The (K, K) Gramian with a mean of 1 on its diagonal, so that thresholds mean the same at every scale.

    Where all gradients are nought it stays nought.
    """
    assert now.gramian is not None
    size = now.gramian.diagonal().mean()
    return now.gramian / size if size > 0 else now.gramian


def named(tasks: Sequence[str], values: Tensor) -> dict[str, float]:
    """Factors (K,) by task."""
    return dict(zip(tasks, values.detach().to(torch.float64).tolist(), strict=True))
