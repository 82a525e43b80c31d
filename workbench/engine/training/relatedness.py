"""Gradient agreement: how far the tasks pull the shared weights in the same direction, as the run goes on.

The cosine between two tasks' exact gradients on all shared weights that train. Cosines of gradients on features, or on
one layer, are cheaper and tell little of it. It is a measurement and no promise: how well tasks do when trained
together need not follow it (Bachmann et al., "It's a Match!", arXiv 2301.02873).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from workbench.core.events import Relatedness

KEEP = 0.95
"""Share of the moving average that a measurement leaves."""
EVERY = 10
"""Steps from one measurement to the next where it costs something."""
INTERVAL_S = 0.5
"""Least time between two events."""


class Agreement:
    """Moving average of the cosine of each pair of tasks, over the steps in which both had labels.

    The average is divided by the weight that it has gathered, so that it is one from its first value on.

    Args:
        tasks: T names in the network's order.
        clock: seconds, for tests.
    """

    def __init__(self, tasks: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> None:
        self._tasks = tuple(tasks)
        self._clock = clock
        self._sum, self._weight = torch.zeros(2, len(tasks), len(tasks), dtype=torch.float64).unbind()
        self._sent = float("-inf")
        self._unsaid = False

    def add(self, tasks: Sequence[str], gramian: Tensor) -> None:
        """Take in the inner products (K, K) of the gradients of K of the tasks; a gradient of nought has no cosine."""
        found = cosines(gramian)
        places = torch.tensor([self._tasks.index(task) for task in tasks])
        known = found.isfinite()
        grid = (places[:, None], places[None, :])
        for held, value in ((self._sum, found.nan_to_num()), (self._weight, torch.ones_like(found))):
            before = held[grid]
            held[grid] = torch.where(known, KEEP * before + (1 - KEEP) * value, before)
        self._unsaid = True

    def matrix(self) -> list[list[float | None]]:
        """(T, T) averages in [-1, 1], 1 on the diagonal; None where a pair has not been measured."""
        averages = (self._sum / self._weight).clamp(-1.0, 1.0).tolist()
        known = (self._weight > 0).tolist()
        return [
            [1.0 if i == j else averages[i][j] if known[i][j] else None for j in range(len(self._tasks))]
            for i in range(len(self._tasks))
        ]

    def events(self, step: int, *, last: bool = False) -> list[Relatedness]:
        """The event of what was measured since the last one, where it is time for it or no more will come.

        Args:
            step: steps of the run that are done.
        """
        now = self._clock()
        if not self._unsaid or not (last or now - self._sent >= INTERVAL_S):
            return []
        self._sent, self._unsaid = now, False
        return [Relatedness(step=step, tasks=list(self._tasks), matrix=self.matrix())]

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"sum": self._sum, "weight": self._weight}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        self._sum, self._weight = state["sum"], state["weight"]


def cosines(gramian: Tensor) -> Tensor:
    """(K, K) cosines from inner products (K, K); NaN where a gradient is nought or no number."""
    lengths = gramian.diagonal().sqrt()
    products = lengths[:, None] * lengths[None, :]
    return torch.where(products > 0, gramian / products, torch.full_like(gramian, float("nan")))
