"""What `domains`, `adapt` and `leave-one-out` say, as the window uses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.adapting import adapted_from
from workbench.core.errors import WorkbenchError
from workbench.core.resolved import load_resolved
from workbench.core.run_weights import BEST
from workbench.gui.pages.results.map.document import PictureMap, parse_map
from workbench.project.runs import run_names, runs_dir

ADAPTED_FILE = Path("results", "adapted.json")
"""In a run's folder: what adapting did."""


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval; None where nothing was scored."""

    value: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Row:
    """What two models scored on the same pictures: `on` is the target, or a part of the source."""

    on: str
    pictures: int
    before: Score
    after: Score
    difference: float
    conclusion: str


@dataclass(frozen=True)
class TaskRows:
    """A task of a comparison; `changed` is the share of target pictures that are answered otherwise."""

    kind: str
    score: str
    rows: list[Row]
    changed: float | None


@dataclass(frozen=True)
class Adapted:
    """A run that was adapted, beside the one that it was made of."""

    run: str
    origin: str
    method: str
    target: str
    pictures: int
    labelled: dict[str, int]
    tasks: dict[str, TaskRows]


@dataclass(frozen=True)
class Domains:
    """How far the target lies from a run's own pictures.

    Attributes:
        distance, low, high: in [0, 2].
        pictures: of each domain that were told apart.
        batch_norm: layers that keep statistics.
        scores: task → what it is scored by, and where: (kind, score name, [(on, pictures, score)]).
        map: of both; its parts are source and target.
        raw: the distance as the document has it.
    """

    run: str
    target: str
    distance: float
    low: float
    high: float
    pictures: int
    source_pictures: int
    target_pictures: int
    batch_norm: int
    scores: dict[str, tuple[str, str, list[tuple[str, int, Score]]]]
    map: PictureMap
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class LeftOut:
    """A domain that was left out: what the others' pictures give, and what its own do."""

    name: str
    pictures: int
    left_out: Score
    own: Score | None
    difference: float | None
    conclusion: str


@dataclass(frozen=True)
class LeaveOneOut:
    """Every domain left out in turn."""

    task: str
    how: str
    backbone: str
    domains: list[LeftOut]
    mean: float
    interval: tuple[float, float] | None


def parse_adapted(document: Mapping[str, Any]) -> Adapted:
    """Read a document; ValueError: it is not what `adapt` prints."""
    try:
        target = document["target"]
        return Adapted(
            run=str(document["run"]),
            origin=str(document["origin"]),
            method=str(document["method"]),
            target=str(target["folder"]),
            pictures=int(target["pictures"]),
            labelled={str(name): int(count) for name, count in target["labelled"].items()},
            tasks={str(name): _task(task) for name, task in document["tasks"].items()},
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(_unreadable(error)) from error


def parse_domains(document: Mapping[str, Any]) -> Domains:
    """Read a document; ValueError: it is not what `domains` prints."""
    try:
        found, drawn = document["distance"], document["map"]
        tasks = drawn["tasks"]
        labelled = {name: [label is not None for label in task["label"]] for name, task in tasks.items()}
        whole = {"run": document["run"], "part": drawn["domain"], "labelled": labelled, **drawn}
        return Domains(
            run=str(document["run"]),
            target=str(document["target"]["folder"]),
            distance=float(found["value"]),
            low=float(found["interval"][0]),
            high=float(found["interval"][1]),
            pictures=int(found["pictures"]),
            source_pictures=int(document["source"]["pictures"]),
            target_pictures=int(document["target"]["pictures"]),
            batch_norm=int(document["batch_norm"]),
            scores={
                str(name): (
                    str(task["kind"]),
                    str(task["score"]),
                    [(str(row["on"]), int(row["pictures"]), _score(row)) for row in task["rows"]],
                )
                for name, task in document["tasks"].items()
            },
            map=parse_map(whole),
            raw=found,
        )
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ValueError(_unreadable(error)) from error


def parse_left_out(document: Mapping[str, Any]) -> LeaveOneOut:
    """Read a document; ValueError: it is not what `leave-one-out` prints."""
    try:
        mean = document["mean"]
        return LeaveOneOut(
            task=str(document["task"]),
            how=str(document["how"]),
            backbone=str(document["backbone"]),
            domains=[
                LeftOut(
                    name=str(each["name"]),
                    pictures=int(each["pictures"]),
                    left_out=_score(each["left_out"]),
                    own=_score(each["own"]) if each["own"] else None,
                    difference=None if each["difference"] is None else float(each["difference"]),
                    conclusion=str(each["conclusion"] or ""),
                )
                for each in document["domains"]
            ],
            mean=float(mean["mean"]),
            interval=_ends(mean["interval"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(_unreadable(error)) from error


@dataclass(frozen=True)
class Unscored:
    """A run that was adapted and has not been scored beside its origin: it was stopped, or resumed."""

    run: str
    origin: str
    target: str


@dataclass(frozen=True)
class Kept:
    """The runs of a project that were adapted, oldest first."""

    adapted: list[Adapted]
    unscored: list[Unscored]


def read_adapted(project_dir: Path) -> Kept:
    """Every run of a project that was adapted.

    Raises:
        ValueError: a document is not what `adapt` writes.
        OSError: it cannot be read.
    """
    found = Kept([], [])
    for name in run_names(project_dir):
        folder = runs_dir(project_dir) / name
        if (folder / ADAPTED_FILE).is_file():
            found.adapted.append(parse_adapted(json.loads((folder / ADAPTED_FILE).read_text(encoding="utf-8"))))
        elif (folder / BEST).is_dir():
            found.unscored.extend(_unscored(folder, project_dir))
    return found


def _unscored(folder: Path, project_dir: Path) -> list[Unscored]:
    try:
        origin, target = adapted_from(load_resolved(folder), project_dir)
    except WorkbenchError:  # a run like any other
        return []
    return [Unscored(folder.name, origin, str(target))]


def _task(task: Mapping[str, Any]) -> TaskRows:
    rows = [
        Row(
            on=str(row["on"]),
            pictures=int(row["pictures"]),
            before=_score(row["before"]),
            after=_score(row["after"]),
            difference=float(row["difference"]),
            conclusion=str(row["conclusion"]),
        )
        for row in task["rows"]
    ]
    changed = task["changed"]
    share = None if changed is None or changed["share"] is None else float(changed["share"])
    return TaskRows(str(task["kind"]), str(task["score"]), rows, share)


def _score(document: Mapping[str, Any]) -> Score:
    value = document["score"]
    return Score(None if value is None else float(value), _ends(document["interval"]))


def _ends(ends: Any) -> tuple[float, float] | None:
    return None if ends is None or None in ends else (float(ends[0]), float(ends[1]))


def _unreadable(error: Exception) -> str:
    return QCoreApplication.translate("DomainTool", "The answer cannot be read, ask again: {0}.").format(repr(error))
