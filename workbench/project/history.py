"""A run's events folded into what curves and labels need; the same for a live run and for one read from disk."""

from __future__ import annotations

import math
from array import array
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from workbench.core.events import (
    Best,
    Changed,
    Checkpoint,
    Epoch,
    Event,
    Interpolation,
    Notice,
    PhaseStarted,
    Progress,
    Relatedness,
    RunEnded,
    RunFailed,
    RunResumed,
    RunStarted,
    Step,
    TaskPaused,
    Trial,
)
from workbench.core.step_times import added
from workbench.project.recorder import read_events

LATELY_S = 10.0
"""So much of the time of steps is kept as the latest."""


@dataclass
class Curve:
    """Points of one curve; `x` are steps counted through the run, `y` is NaN where it has no value."""

    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))

    def append(self, x: float, y: float | None) -> None:
        """Add one point; None becomes NaN."""
        self.x.append(x)
        self.y.append(float("nan") if y is None else y)

    def cut(self, last: float) -> None:
        """Forget points behind step `last`."""
        keep = len(self.x)
        while keep and self.x[keep - 1] > last:
            keep -= 1
        del self.x[keep:], self.y[keep:]


@dataclass
class Lately:
    """Where the time of the latest steps went; older ones are forgotten."""

    _lines: deque[dict[str, float]] = field(default_factory=deque)
    _sum_s: float = 0.0

    def add(self, seconds: dict[str, float]) -> None:
        """Take the times of some steps in."""
        self._lines.append(seconds)
        self._sum_s += sum(seconds.values())
        while len(self._lines) > 1 and self._sum_s - sum(self._lines[0].values()) >= LATELY_S:
            self._sum_s -= sum(self._lines.popleft().values())

    def clear(self) -> None:
        """Forget all."""
        self._lines.clear()
        self._sum_s = 0.0

    def seconds(self) -> dict[str, float] | None:
        """By part; None where nothing is known."""
        return added(self._lines)


@dataclass
class RunHistory:
    """All that a run has said so far.

    Attributes:
        train_loss, weight: per task, one point a step.
        validation_loss: per task, one point an epoch.
        metrics: per task and metric name, the validation metric at each epoch.
        learning_rates: per parameter group, one point a step.
        agreement: the latest gradient agreement of the tasks; None where none was measured.
        agreements: the same over the run for each pair of tasks, in the run's order.
        changes: settings that were changed while it trained, in order.
        pauses: when tasks were paused and trained again, in order; what changes nothing is left out.
        interpolation: what was found on the way back to the pretrained weights; None until then.
        lately: where the time of the phase's latest steps went.
        best: the epoch event at which the best checkpoint was saved last.
        trial: how far a job of many runs is; None for a run of its own.
        waiting: what the run prepares before its first step, None while it steps.
    """

    started: RunStarted | None = None
    phases: list[PhaseStarted] = field(default_factory=list)
    phase_steps: list[int] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    train_loss: dict[str, Curve] = field(default_factory=dict)
    weight: dict[str, Curve] = field(default_factory=dict)
    validation_loss: dict[str, Curve] = field(default_factory=dict)
    metrics: dict[str, dict[str, Curve]] = field(default_factory=dict)
    learning_rates: dict[str, Curve] = field(default_factory=dict)
    agreement: Relatedness | None = None
    agreements: dict[tuple[str, str], Curve] = field(default_factory=dict)
    pauses: list[TaskPaused] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    interpolation: Interpolation | None = None
    best: Epoch | None = None
    step: int = 0
    images_per_s: float = 0.0
    lately: Lately = field(default_factory=Lately)
    trial: Trial | None = None
    waiting: Progress | None = None
    failure: RunFailed | None = None
    ended: RunEnded | None = None

    @classmethod
    def read(cls, run_dir: Path) -> RunHistory:
        """The history of a run on disk."""
        history = cls()
        for event in read_events(run_dir):
            history.add(event)
        return history

    def add(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case Step():
                self._add_step(event)
            case Epoch():
                self._add_epoch(event)
            case Relatedness():
                self._add_agreement(event)
            case TaskPaused():
                if event.paused != (event.task in self.paused_tasks):
                    self.pauses.append(event)
            case Changed():
                if not any((each.step, each.settings) == (event.step, event.settings) for each in self.changes):
                    self.changes.append(event)
            case PhaseStarted():
                self._add_phase(event)
            case Progress():
                self.waiting = event
            case Interpolation():
                self.interpolation = event
            case Trial():
                self.trial, self.waiting = event, None
            case RunStarted():
                self.started = event
                self.ended = self.failure = None
            case Notice():
                self.notices.append(event)
            case RunResumed():
                self._forget_after(event.step)
            case RunFailed():
                self.failure = event
            case RunEnded():
                self.ended, self.waiting = event, None
            case Checkpoint():
                pass
            case _:
                pass

    @property
    def keeps_last(self) -> bool:
        """Whether the model of the last epoch is kept, whatever the validation part says of it."""
        return self.started is not None and self.started.keeps_last

    @property
    def best_summary(self) -> Best | None:
        """The best checkpoint so far."""
        if self.best is None:
            return None
        return Best(epoch=self.best.epoch, step=self.best.step, score=self.best.score)

    @property
    def seconds(self) -> dict[str, float] | None:
        """Where the time of all epochs' steps went, by part; None where that was not measured."""
        return added(epoch.seconds for epoch in self.epochs if epoch.seconds is not None)

    @property
    def paused_tasks(self) -> frozenset[str]:
        """The tasks that are not trained now."""
        last = {event.task: event.paused for event in self.pauses}
        return frozenset(task for task, paused in last.items() if paused)

    @property
    def all_paused(self) -> bool:
        """Whether no task is trained, so that the run rests."""
        return bool(self.paused_tasks) and self.started is not None and self.paused_tasks.issuperset(self.started.tasks)

    def _add_step(self, event: Step) -> None:
        self.waiting = None
        for curves, values in ((self.train_loss, event.losses), (self.weight, event.weights)):
            for task, points in values.items():
                curve = curves.setdefault(task, Curve())
                for offset, value in enumerate(points):
                    curve.append(event.first + offset, value)
        for group, rates in event.learning_rates.items():
            curve = self.learning_rates.setdefault(group, Curve())
            for offset, rate in enumerate(rates):
                curve.append(event.first + offset, rate)
        self.step = event.last
        self.images_per_s = event.images_per_s
        if event.seconds is not None:
            self.lately.add(event.seconds)

    def _add_phase(self, event: PhaseStarted) -> None:
        """A phase that goes on in a resumed run is the one that is known already."""
        self.waiting = None
        self.lately.clear()
        if self.phases and self.phases[-1].first_epoch == event.first_epoch:
            self.phases[-1] = event
        else:
            self.phases.append(event)
            self.phase_steps.append(self.step)

    def _add_epoch(self, event: Epoch) -> None:
        self.waiting = None
        self.epochs.append(event)
        for task, values in event.validation.items():
            for name, value in values.items():
                if name == "loss":
                    self.validation_loss.setdefault(task, Curve()).append(event.step, value)
                else:
                    self.metrics.setdefault(task, {}).setdefault(name, Curve()).append(event.step, value)
        if event.best:
            self.best = event

    def _add_agreement(self, event: Relatedness) -> None:
        self.agreement = event
        for row, first in enumerate(event.tasks):
            for column in range(row + 1, len(event.tasks)):
                curve = self.agreements.setdefault((first, event.tasks[column]), Curve())
                curve.append(event.step, event.matrix[row][column])

    def _past_agreement(self) -> Relatedness | None:
        """The last agreement that the curves still hold."""
        if self.agreement is None or not any(len(curve.x) for curve in self.agreements.values()):
            return None
        tasks = self.agreement.tasks
        places = {task: place for place, task in enumerate(tasks)}
        matrix: list[list[float | None]] = [[1.0 if i == j else None for j in places.values()] for i in places.values()]
        for (first, second), curve in self.agreements.items():
            value = None if math.isnan(curve.y[-1]) else curve.y[-1]
            matrix[places[first]][places[second]] = matrix[places[second]][places[first]] = value
        step = int(max(curve.x[-1] for curve in self.agreements.values()))
        return self.agreement.model_copy(update={"step": step, "matrix": matrix})

    def _forget_after(self, step: int) -> None:
        self.ended = self.failure = self.interpolation = None
        curves = [*self.train_loss.values(), *self.weight.values(), *self.validation_loss.values()]
        curves += [*self.learning_rates.values(), *(c for by_name in self.metrics.values() for c in by_name.values())]
        for curve in [*curves, *self.agreements.values()]:
            curve.cut(step)
        self.agreement = self._past_agreement()
        # Whether a change at the very step is in the checkpoint is not known; the run says anew what is paused.
        self.pauses = [event for event in self.pauses if event.step < step]
        self.changes = [event for event in self.changes if event.step <= step]
        self.epochs = [epoch for epoch in self.epochs if epoch.step <= step]
        kept = [at for at in self.phase_steps if at < step or at == 0]
        self.phases, self.phase_steps = self.phases[: len(kept)], kept
        self.best = next((epoch for epoch in reversed(self.epochs) if epoch.best), None)
        self.step = step
        self.lately.clear()
