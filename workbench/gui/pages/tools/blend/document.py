"""What `blend` and `soup` print, as the window uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_UNREADABLE = "The engine's answer cannot be read: {0!r}."


@dataclass(frozen=True)
class TaskScore:
    """A task's score, and how far it is from the reference's on the same pictures.

    Attributes:
        difference: None for a number of which there is none.
        conclusion: better, noise or worse.
    """

    kind: str
    metric: str
    score: float | None
    interval: tuple[float, float] | None
    count: int
    difference: float | None
    conclusion: str


@dataclass(frozen=True)
class Scores:
    """A model on some pictures: the mean score, and that of each task."""

    score: float | None
    tasks: Mapping[str, TaskScore]


@dataclass(frozen=True)
class Blends:
    """What `blend` says: where → share of the trained weights → scores; and the run that was made, if any."""

    curves: Mapping[str, Mapping[float, Scores]]
    kept: str


@dataclass(frozen=True)
class Soup:
    """What `soup` says: where → model → scores.

    Attributes:
        best: the run beside which everything stands.
        uniform, greedy: the runs of each average.
    """

    models: Mapping[str, Mapping[str, Scores]]
    best: str
    uniform: tuple[str, ...]
    greedy: tuple[str, ...]
    kept: str


UNIFORM, GREEDY = "\0uniform", "\0greedy"
"""Names of the averages among the runs: no run can be called that."""


def parse_blends(document: Any) -> Blends:
    """Read what `blend --json` prints.

    Raises:
        ValueError: it is something else.
    """
    try:
        curves = {
            where: {float(point["share"]): _scores(point) for point in points}
            for where, points in document["curves"].items()
        }
        return Blends(curves, document["kept"] or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(_UNREADABLE.format(error)) from error


def parse_soup(document: Any) -> Soup:
    """Read what `soup --json` prints.

    Raises:
        ValueError: it is something else.
    """
    try:
        points = {**document["runs"], UNIFORM: document["uniform"], GREEDY: document["greedy"]}
        places = list(document["uniform"]["scores"])
        models = {where: {name: _scores(point["scores"][where]) for name, point in points.items()} for where in places}
        taken = tuple(document["uniform"]["runs"]), tuple(document["greedy"]["runs"])
        return Soup(models, document["best"], *taken, document["kept"] or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(_UNREADABLE.format(error)) from error


def _scores(point: Mapping[str, Any]) -> Scores:
    tasks = {
        name: TaskScore(
            kind=task["kind"],
            metric=task["metric"],
            score=task["score"],
            interval=None if not task["interval"] else (task["interval"][0], task["interval"][1]),
            count=task["count"],
            difference=task.get("difference"),
            conclusion=task.get("conclusion", "noise"),
        )
        for name, task in point["tasks"].items()
    }
    return Scores(point["score"], tasks)
