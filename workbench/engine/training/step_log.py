"""Gathers whole steps into few events, none lost or averaged; the device is asked for losses only when one is sent."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from workbench.core.errors import RunError
from workbench.core.events import Step
from workbench.engine.training.meter import Meter

INTERVAL_S = 0.05
"""Least time between two events: 20 a second."""


class StepLog:
    """Collects the steps of one epoch after another.

    Args:
        tasks: in the order of the losses given to `add`.
        phase, epoch: what the events are marked with; epochs are counted through the run from 1.
        clock: seconds, for tests.
        meter: says where the time went.

    Attributes:
        seconds: where the time of all steps so far went, by part; None where that is not measured.
    """

    def __init__(
        self,
        tasks: Sequence[str],
        phase: str,
        epoch: int,
        clock: Callable[[], float] = time.perf_counter,
        meter: Meter | None = None,
    ) -> None:
        self._tasks = tuple(tasks)
        self._phase = phase
        self._epoch = epoch
        self._clock = clock
        self._meter = meter or Meter()
        self.seconds: dict[str, float] | None = None
        self._all_images, self._took_s = 0, 0.0
        self._sent = self._since = clock()
        self._first = self._last = self._images = 0
        self._clear()

    def add(
        self,
        step: int,
        losses: Tensor,
        labelled: Sequence[int],
        weights: Mapping[str, float | None],
        rates: Mapping[str, float],
        images: int,
    ) -> None:
        """Take one step.

        Args:
            step: its number through the run, from 1.
            losses: (T,) mean cross-entropy per task on the device, in nats.
            labelled: for each task how many pictures of the step have a label of it.
            images: pictures in the step.
        """
        self._first = self._first or step
        self._last = step
        self._losses.append(losses)
        self._labelled.append(tuple(labelled))
        for task in self._tasks:
            self._weights[task].append(weights[task])
        for name, rate in rates.items():
            self._rates.setdefault(name, []).append(rate)
        self._images += images

    def due(self) -> bool:
        """Whether an event may be sent now."""
        return bool(self._losses) and self._clock() - self._sent >= INTERVAL_S

    @property
    def images_per_s(self) -> float | None:
        """Of all steps so far; None before the first event."""
        return self._all_images / self._took_s if self._all_images else None

    def flush(self) -> list[Step]:
        """The event of all steps taken since the last one; none where there was no step.

        Raises:
            RunError: a loss is no longer a number, so that nothing would be learned any more.
        """
        if not self._losses:
            return []
        values = torch.stack(self._losses).tolist()
        self._check_finite(values)
        now = self._clock()
        took_s = max(now - self._since, 1e-6)
        event = Step(
            phase=self._phase,
            epoch=self._epoch,
            first=self._first,
            last=self._last,
            losses={
                task: [line[i] if there[i] else None for line, there in zip(values, self._labelled, strict=True)]
                for i, task in enumerate(self._tasks)
            },
            weights=self._weights,
            learning_rates=self._rates,
            images_per_s=self._images / took_s,
            seconds=self._taken(),
        )
        self._all_images += self._images
        self._took_s += took_s
        self._sent = self._since = now
        self._clear()
        return [event]

    def rest(self) -> None:
        """Do not count the time since the last event: the run was paused, or wrote a checkpoint."""
        self._since = self._clock()

    def _taken(self) -> dict[str, float] | None:
        """Where the time since the last event went; the device has done its work, as its losses have been read."""
        taken = self._meter.take()
        if taken is not None:
            before = self.seconds or dict.fromkeys(taken, 0.0)
            self.seconds = {part: before[part] + value for part, value in taken.items()}
        return taken

    def _check_finite(self, values: list[list[float]]) -> None:
        for place, (line, labelled) in enumerate(zip(values, self._labelled, strict=True)):
            for task, value, count in zip(self._tasks, line, labelled, strict=True):
                if count and not math.isfinite(value):
                    raise RunError(
                        f"The loss of {task} is no number at step {self._first + place} (epoch {self._epoch}).",
                        "Lower recipe.learning_rate, or set recipe.precision to fp32.",
                    )

    def _clear(self) -> None:
        self._first = self._last = self._images = 0
        self._losses: list[Tensor] = []
        self._labelled: list[tuple[int, ...]] = []
        self._weights: dict[str, list[float | None]] = {task: [] for task in self._tasks}
        self._rates: dict[str, list[float]] = {}
