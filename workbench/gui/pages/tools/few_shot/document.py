"""What `shots` prints and keeps, as the window uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.shots import shots_file
from workbench.gui.pages.results.asked_card import read_kept

_UNREADABLE = "What was tried with few pictures cannot be read, try it again: {0!r}."


@dataclass(frozen=True)
class Point:
    """The share right with so many pictures a class, and the ends of its 95 % interval."""

    shots: int
    score: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class HeadCurve:
    """A head on what a backbone sees, or on raw pixels."""

    pixels: bool
    head: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class TaskShots:
    """A task.

    Attributes:
        judged_on: pictures outside of training; None where those that were not drawn judged.
        short: shots → classes with fewer pictures.
    """

    classes: int
    chance: float
    judged_on: int | None
    shots: tuple[int, ...]
    short: Mapping[int, int]
    curves: tuple[HeadCurve, ...]

    def best(self, shots: int) -> HeadCurve:
        """The head on features that is best with so many pictures; the first of equal ones."""
        own = [curve for curve in self.curves if not curve.pixels]
        return max(own, key=lambda curve: next(point.score for point in curve.points if point.shots == shots))


@dataclass(frozen=True)
class Shots:
    """What was tried."""

    run: str
    backbone: str
    weights: str
    draws: int
    tasks: Mapping[str, TaskShots]
    left_out: Mapping[str, str]


def read_shots(project_dir: Path, run_dir: Path | None) -> Shots | None:
    """What is kept of a run, or of the project's backbone; None where nothing is.

    Raises:
        ValueError: it is something else.
        OSError: it cannot be read.
    """
    return read_kept(shots_file(project_dir, run_dir), parse_shots, _UNREADABLE)


def parse_shots(document: Any) -> Shots:
    """Read what `shots --json` prints.

    Raises:
        ValueError: it is something else.
    """
    try:
        return Shots(
            run=document["run"],
            backbone=document["backbone"],
            weights=document["weights"],
            draws=document["draws"],
            tasks={name: _task(task) for name, task in document["tasks"].items()},
            left_out=dict(document["left_out"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(_UNREADABLE.format(error)) from error


def _task(task: Mapping[str, Any]) -> TaskShots:
    curves = tuple(
        HeadCurve(
            pixels=curve["features"] == "pixels",
            head=curve["head"],
            points=tuple(
                Point(point["shots"], point["score"], tuple(point["interval"]) if point["interval"] else None)
                for point in curve["points"]
            ),
        )
        for curve in task["curves"]
    )
    short = {int(shots): number for shots, number in task["short"].items()}
    return TaskShots(task["classes"], task["chance"], task["judged_on"], tuple(task["shots"]), short, curves)
