"""The neighbours of a picture as the window uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True)
class Neighbour:
    """A training picture.

    Attributes:
        image: as the project names it.
        distance: 0 where the model sees no difference, 1 where nothing is alike.
        labels: by task; None where it has none.
        same: by task, whether the label is the one that is compared with; None where that cannot be said.
    """

    image: str
    distance: float
    labels: Mapping[str, str | None]
    same: Mapping[str, bool | None]


@dataclass(frozen=True)
class Told:
    """What a task says of the picture: its label where it has one, and the model's answer."""

    kind: str
    label: str | None
    answer: str


@dataclass(frozen=True)
class Neighbours:
    """What `neighbours` says, the nearest first."""

    tasks: Mapping[str, Told]
    neighbours: tuple[Neighbour, ...]


def parse_neighbours(document: Mapping[str, Any]) -> Neighbours:
    """Read a document.

    Raises:
        ValueError: it is not what `neighbours` prints.
    """
    try:
        return Neighbours(
            tasks={str(name): _told(task) for name, task in document["tasks"].items()},
            neighbours=tuple(map(_neighbour, document["neighbours"])),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(_tr("The neighbours cannot be read: {0}.").format(repr(error))) from error


def summary(found: Neighbours, task: str) -> str:
    """How many of the neighbours agree with a picture in a task, or what their numbers are."""
    told = found.tasks[task]
    labels = [label for each in found.neighbours if (label := each.labels[task]) is not None]
    if not labels:
        return _tr("None of them has a label of {0}.").format(task)
    reference = told.answer if told.label is None else told.label
    if told.kind == "number":
        values = sorted(labels, key=float)
        words = _tr("This is {0}, they are {1} to {2}.") if told.label else _tr("Said is {0}, they are {1} to {2}.")
        return words.format(reference, values[0], values[-1])
    words = (
        _tr("{0} of {1} have the model's answer as their label: {2}.")
        if told.label is None
        else _tr("{0} of {1} have the same label: {2}.")
    )
    same = sum(each.same[task] is True for each in found.neighbours)
    return words.format(same, len(labels), reference)


def _told(task: Mapping[str, Any]) -> Told:
    return Told(str(task["kind"]), _text(task["label"]), str(task["answer"]))


def _neighbour(each: Mapping[str, Any]) -> Neighbour:
    tasks = each["tasks"].items()
    return Neighbour(
        image=str(each["image"]),
        distance=float(each["distance"]),
        labels={str(name): _text(task["label"]) for name, task in tasks},
        same={str(name): None if task["same"] is None else bool(task["same"]) for name, task in tasks},
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Neighbours", text)
