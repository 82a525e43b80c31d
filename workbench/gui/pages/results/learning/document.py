"""A learning curve as the window uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.learning_curve import curve_file
from workbench.gui.pages.results.asked_card import read_kept

_UNREADABLE = "The learning curve of this run cannot be read, draw it again: {0}."


@dataclass(frozen=True)
class Point:
    """A score with that many training pictures, and the ends of its 95 % interval."""

    pictures: int
    score: float
    low: float
    high: float


@dataclass(frozen=True)
class TaskCurve:
    """The curve of one task.

    Attributes:
        score: the metric's name.
        judged_on: pictures.
        measured, projected: from few pictures to many.
        gain: the ends of what twice as many pictures bring, in score.
    """

    score: str
    judged_on: int
    measured: list[Point]
    projected: list[Point]
    gain: tuple[float, float]
    conclusion: str


@dataclass(frozen=True)
class LearningCurves:
    """What `curve` says; `left_out`: why a task has none."""

    tasks: dict[str, TaskCurve]
    left_out: dict[str, str]
    backbone: str


def parse_curves(document: Mapping[str, Any]) -> LearningCurves:
    """Read a document.

    Raises:
        ValueError: it is not what `curve` prints.
    """
    try:
        return LearningCurves(
            {str(name): _task(task) for name, task in document["tasks"].items()},
            {str(name): str(reason) for name, reason in document["left_out"].items()},
            str(document["backbone"]),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(_UNREADABLE.format(repr(error))) from error


def read_curves(run_dir: Path) -> LearningCurves | None:
    """What was drawn of a run before; None where nothing was.

    Raises:
        ValueError: the file is not what `curve` writes.
        OSError: the file cannot be read.
    """
    return read_kept(curve_file(run_dir), parse_curves, _UNREADABLE)


def _task(task: Mapping[str, Any]) -> TaskCurve:
    low, high = task["gain"]["interval"]
    return TaskCurve(
        score=str(task["score"]),
        judged_on=int(task["judged_on"]),
        measured=[_point(each) for each in task["sizes"]],
        projected=[_point(each) for each in task["projection"]],
        gain=(float(low), float(high)),
        conclusion=str(task["conclusion"]),
    )


def _point(point: Mapping[str, Any]) -> Point:
    low, high = point["interval"]
    return Point(int(point["pictures"]), float(point["score"]), float(low), float(high))
