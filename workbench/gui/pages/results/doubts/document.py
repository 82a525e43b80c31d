"""The list of doubted labels as the window uses it, and what was decided about each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.corrections import Correction, read_corrections
from workbench.core.doubts import doubts_file

_UNREADABLE = "The list of doubtful labels cannot be read, look again: {0}."


@dataclass(frozen=True)
class Twin:
    """A near-identical picture with another label."""

    image: str
    label: str


@dataclass(frozen=True)
class Doubt:
    """A doubted label.

    Attributes:
        image: as the project names it.
        sure: how likely the suggestion is; None for numbers.
        clear: whether the doubt is clear.
    """

    image: str
    part: str
    label: str
    suggestion: str
    sure: float | None
    clear: bool
    twins: tuple[Twin, ...]


@dataclass(frozen=True)
class TaskDoubts:
    """The doubted labels of a task, the most doubtful first.

    Attributes:
        agreement: share of its labels that the probe finds likelier than any other; None for numbers.
        clear: labels that are clearly doubtful.
    """

    kind: str
    classes: list[str]
    pictures: int
    agreement: float | None
    clear: int
    doubts: list[Doubt]


@dataclass(frozen=True)
class Doubts:
    """What `doubts` says.

    Attributes:
        leaks: pairs of near-identical pictures across training and a part that judges.
        leaking: the first of them by their names.
    """

    tasks: dict[str, TaskDoubts]
    left_out: dict[str, str]
    leaks: int
    leaking: list[tuple[str, str]]
    backbone: str


@dataclass(frozen=True)
class Stored:
    """What lies in a project: the latest list, if any, and all decisions by task and picture."""

    doubts: Doubts | None
    decided: dict[tuple[str, str], Correction]


def parse_doubts(document: Mapping[str, Any]) -> Doubts:
    """Read a document.

    Raises:
        ValueError: it is not what `doubts` prints.
    """
    try:
        leaks = document["leaks"]
        return Doubts(
            tasks={str(name): _task(task) for name, task in document["tasks"].items()},
            left_out={str(task): str(reason) for task, reason in document["left_out"].items()},
            leaks=int(leaks["count"]),
            leaking=[(str(one["image"]), str(other["image"])) for one, other in _pairs(leaks)],
            backbone=str(document["backbone"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(_UNREADABLE.format(repr(error))) from error


def read_stored(folder: Path) -> Stored:
    """What lies in a project.

    Raises:
        ValueError: the list is not what `doubts` writes.
        OSError: it cannot be read.
        RequestError: the decisions cannot be read.
    """
    decided = dict(read_corrections(folder).by_name())
    try:
        document = json.loads(doubts_file(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Stored(None, decided)
    except ValueError as error:
        raise ValueError(_UNREADABLE.format(error)) from error
    return Stored(parse_doubts(document), decided)


def _task(task: Mapping[str, Any]) -> TaskDoubts:
    return TaskDoubts(
        kind=str(task["kind"]),
        classes=[str(name) for name in task["classes"]],
        pictures=int(task["pictures"]),
        agreement=None if task["agreement"] is None else float(task["agreement"]),
        clear=int(task["clear"]),
        doubts=[_doubt(each) for each in task["doubts"]],
    )


def _doubt(doubt: Mapping[str, Any]) -> Doubt:
    sure = doubt["suggestion_probability"]
    return Doubt(
        image=str(doubt["image"]),
        part=str(doubt["part"]),
        label=str(doubt["label"]),
        suggestion=str(doubt["suggestion"]),
        sure=None if sure is None else float(sure),
        clear=bool(doubt["clear"]),
        twins=tuple(Twin(str(twin["image"]), str(twin["label"])) for twin in doubt["twins"]),
    )


def _pairs(leaks: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    return [pair["pictures"] for pair in leaks["pairs"]]
