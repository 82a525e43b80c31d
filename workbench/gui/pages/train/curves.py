"""From a run's history to the points that plots draw; numpy, no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.project.history import Curve, RunHistory

Points = tuple[NDArray[np.float64], NDArray[np.float64]]

METRIC_ORDER = ("accuracy", "balanced_accuracy", "macro_f1")


def points(curve: Curve) -> Points:
    """The curve's points as arrays of their own: a view would keep the curve from growing."""
    return np.array(curve.x, np.float64), np.array(curve.y, np.float64)


def smoothed(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The mean of each value and the `window - 1` before it; missing values (NaN) do not count."""
    if window <= 1 or len(values) == 0:
        return values
    there = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(there, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(there)])
    last = np.arange(1, len(values) + 1)
    first = np.maximum(0, last - window)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (sums[last] - sums[first]) / (counts[last] - counts[first])


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
