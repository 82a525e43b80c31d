"""Where a run stands: everything that a checkpoint keeps beside weights and optimiser."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from workbench.core.events import Best

Probed = dict[str, dict[str, Tensor]]
"""{task: its head's state dict} before stages trained."""


class Stopwatch:
    """Seconds that a run has worked, over all its resumptions and without its pauses."""

    def __init__(self, elapsed_s: float = 0.0, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._begin = clock() - elapsed_s

    @property
    def elapsed_s(self) -> float:
        return self._clock() - self._begin

    def leave_out(self, seconds: float) -> None:
        """Do not count that time."""
        self._begin += seconds


@dataclass
class State:
    """The position of a run.

    Attributes:
        phase: index of the present phase.
        epoch: epochs of this phase that are complete.
        step_in_epoch: steps of the present epoch that are done.
        step: steps of the whole run that are done.
        since_best: epochs of this phase since the last better score.
        phase_best: score and loss of this phase's best epoch; it decides when the phase ends early.
        best: the best epoch of the whole run.
        best_loss: its mean validation loss, which breaks ties.
        paused: the tasks that are not trained now, with the steps of the run that were done when that began.
        probed: {task: its head's state dict} before stages trained, for the way back to the pretrained weights.
        changes: how many of the changes that the run was told are in force.
        sums: (3, T) of the present epoch: loss × count, answered right, count.
        phase_began_s, epochs_before: seconds worked and epochs done when this process began the phase; not kept.
    """

    phase: int = 0
    epoch: int = 0
    step_in_epoch: int = 0
    step: int = 0
    since_best: int = 0
    phase_best: tuple[float, float] | None = None
    best: Best | None = None
    best_loss: float = 0.0
    paused: dict[str, int] = field(default_factory=dict)
    probed: Probed = field(default_factory=dict)
    changes: int = 0
    sums: Tensor = field(default_factory=lambda: torch.zeros(3, 0))
    watch: Stopwatch = field(default_factory=Stopwatch)
    phase_began_s: float = 0.0
    epochs_before: int = 0

    def begin_phase(self) -> None:
        """Begin to measure how long the phase's epochs take."""
        self.phase_began_s, self.epochs_before = self.watch.elapsed_s, self.epoch

    def next_phase(self) -> None:
        """Go to the first epoch of the next phase."""
        self.phase += 1
        self.epoch = self.step_in_epoch = self.since_best = 0
        self.phase_best = None

    def to_data(self) -> dict[str, Any]:
        """What `state.pt` keeps: numbers, lists and tensors."""
        return {
            "phase": self.phase,
            "epoch": self.epoch,
            "step_in_epoch": self.step_in_epoch,
            "step": self.step,
            "since_best": self.since_best,
            "phase_best": list(self.phase_best) if self.phase_best else None,
            "best": self.best.model_dump() if self.best else None,
            "best_loss": self.best_loss,
            "paused": dict(self.paused),
            "probed": self.probed,
            "changes": self.changes,
            "sums": self.sums.cpu(),
            "elapsed_s": self.watch.elapsed_s,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> State:
        """Read what `to_data` gave."""
        pair = data["phase_best"]
        return cls(
            **{
                name: data[name]
                for name in ("phase", "epoch", "step_in_epoch", "step", "since_best", "best_loss", "sums")
            },
            best=Best.model_validate(data["best"]) if data["best"] else None,
            paused=dict(data.get("paused", {})),  # runs of before knew no such thing
            changes=data.get("changes", 0),
            probed=dict(data.get("probed", {})),
            phase_best=(pair[0], pair[1]) if pair else None,
            watch=Stopwatch(data["elapsed_s"]),
        )
