"""How the tasks' losses are weighed against each other: one file per method, one row in `BALANCING`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from workbench.engine.training.balancing.equal import Equal

__all__ = ["BALANCING", "Balancing", "Equal"]


class Balancing(Protocol):
    """One factor per task for each step; losses are already divided by the loss of guessing."""

    def weights(self) -> dict[str, float]:
        """The factors of the next step, by task."""

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it: numbers, strings and tensors."""

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""


BALANCING: dict[str, Callable[[Sequence[str]], Balancing]] = {"equal": Equal}
