"""Equal weighing: every task counts the same once its loss is divided by the loss of guessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Equal:
    """A fixed factor of 1 for every task."""

    def __init__(self, tasks: Sequence[str]) -> None:
        self._tasks = tuple(tasks)

    def weights(self) -> dict[str, float]:
        """1 for every task."""
        return dict.fromkeys(self._tasks, 1.0)

    def state(self) -> dict[str, Any]:
        """Nothing is kept."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Nothing to put back."""
