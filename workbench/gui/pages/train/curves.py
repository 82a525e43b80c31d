"""What plots need to know of a run's history beside its points; no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.project.history import RunHistory

METRIC_ORDER = ("accuracy", "balanced_accuracy", "macro_f1")


def metric_names(history: RunHistory) -> list[str]:
    """The metrics that any task has, the usual ones first."""
    names = {name for by_name in history.metrics.values() for name in by_name}
    first = [name for name in METRIC_ORDER if name in names]
    return first + sorted(names - set(first))


def task_names(history: RunHistory) -> list[str]:
    """The run's tasks in their order."""
    if history.started is not None:
        return list(history.started.tasks)
    return list(dict.fromkeys([*history.train_loss, *history.validation_loss]))


def weights_vary(history: RunHistory) -> bool:
    """Whether any task's weight has changed during the run."""
    return any(len(curve.y) > 1 and max(curve.y) != min(curve.y) for curve in history.weight.values())


@dataclass(frozen=True)
class Marks:
    """What is marked across all plots: the step of the best checkpoint, and each phase's first step with its name."""

    best: int | None
    phases: list[tuple[int, str]]


def marks(history: RunHistory) -> Marks:
    """The marks of a history."""
    best = None if history.best is None else history.best.step
    names: Sequence[str] = [phase.name for phase in history.phases]
    return Marks(best, list(zip(history.phase_steps, names, strict=True)))
