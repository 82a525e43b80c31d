"""What plots need to know of a run's history beside its points; no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.kinds import KINDS
from workbench.gui.pages.train.change_words import change_words
from workbench.project.history import Curve, RunHistory

SCORE = "score"
"""Stands for the chief metric of each task's kind, all of them in [0, 1] and so on one axis."""
METRIC_ORDER = ("accuracy", "balanced_accuracy", "macro_f1", "mean_average_precision", "mean_iou", "mae")
OWN_UNIT = ("mae", "rmse")
"""Metrics in the unit of the task's own numbers."""


def task_names(history: RunHistory) -> list[str]:
    """The run's tasks in their order."""
    if history.started is not None:
        return list(history.started.tasks)
    return list(dict.fromkeys([*history.train_loss, *history.validation_loss]))


def kind_of(history: RunHistory, task: str) -> str:
    """The kind of a task of the run."""
    facts = history.started.tasks.get(task) if history.started else None
    return facts.kind if facts is not None and facts.kind in KINDS else "single-label"


def is_number(history: RunHistory, task: str) -> bool:
    """Whether a task's loss and errors are in the unit of its own numbers."""
    return kind_of(history, task) == "number"


def one_unit(history: RunHistory) -> bool:
    """Whether all losses can share an axis."""
    tasks = task_names(history)
    return len(tasks) < 2 or not any(is_number(history, task) for task in tasks)


def together(history: RunHistory) -> list[str]:
    """The tasks whose losses share an axis: those in nats; a task alone has the axis for itself."""
    tasks = task_names(history)
    return tasks if one_unit(history) else [task for task in tasks if not is_number(history, task)]


def metric_names(history: RunHistory) -> list[str]:
    """The metrics that can be drawn for all tasks on one axis: where kinds differ, first the score of each."""
    kinds = {kind_of(history, task) for task in task_names(history)}
    numbers = sum(is_number(history, task) for task in task_names(history))
    names = {name for by_name in history.metrics.values() for name in by_name}
    if numbers > 1:
        names -= set(OWN_UNIT)
    return ([SCORE] if len(kinds) > 1 and names else []) + _sorted(names)


def metrics_of(history: RunHistory, task: str) -> list[str]:
    """The metrics of one task, the chief one of its kind first; of a number its error."""
    names = set(history.metrics.get(task, {}))
    chief = "mae" if is_number(history, task) else KINDS[kind_of(history, task)].metric
    return ([chief] if chief in names else []) + _sorted(names - {chief})


def metric_curve(history: RunHistory, task: str, name: str) -> Curve | None:
    """A metric of a task over the epochs; None where the task has no such metric."""
    wanted = KINDS[kind_of(history, task)].metric if name == SCORE else name
    return history.metrics.get(task, {}).get(wanted)


def weights_vary(history: RunHistory) -> bool:
    """Whether any task's weight has changed during the run."""
    known = ([value for value in curve.y if value == value] for curve in history.weight.values())
    return any(len(values) > 1 and max(values) != min(values) for values in known)


@dataclass(frozen=True)
class Pause:
    """A task that is no longer trained after a step, or trained again."""

    step: int
    task: str
    paused: bool


@dataclass(frozen=True)
class Marks:
    """What is marked across all plots.

    Attributes:
        best: the step of the best checkpoint.
        phases: each phase's first step with its name.
        pauses: when tasks were paused and trained again.
        changes: after which step settings were changed, and which.
    """

    best: int | None
    phases: list[tuple[int, str]]
    pauses: list[Pause]
    changes: list[tuple[int, str]]


def marks(history: RunHistory) -> Marks:
    """The marks of a history."""
    best = None if history.best is None else history.best.step
    names: Sequence[str] = [phase.name for phase in history.phases]
    pauses = [Pause(event.step, event.task, event.paused) for event in history.pauses]
    changes = [(event.step, change_words(event.settings)) for event in history.changes]
    return Marks(best, list(zip(history.phase_steps, names, strict=True)), pauses, changes)


def _sorted(names: set[str]) -> list[str]:
    first = [name for name in METRIC_ORDER if name in names]
    return first + sorted(names - set(first))
