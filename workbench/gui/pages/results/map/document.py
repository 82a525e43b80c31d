"""The map of a run's pictures as the window uses it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from workbench.core.picture_map import map_file, still_holds

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MapTask:
    """What a task says of n pictures.

    Attributes:
        classes: that the head tells apart; none for a number.
        label, answer: (n,) in words; None where there is no label.
    """

    kind: str
    classes: list[str]
    label: list[str | None]
    answer: list[str]


@dataclass(frozen=True)
class PictureMap:
    """A map of n pictures.

    Attributes:
        images: as the project names them.
        part: (n,) train, validation or test.
        x, y: (n,) where they lie.
        explained: the share of the variance that each direction holds; None for methods that know no such thing.
        tasks: those that can be said in a word.
        labelled: for every task (n,) whether it labels a picture.
    """

    run: str
    method: str
    images: list[str]
    part: list[str]
    x: Floats
    y: Floats
    explained: tuple[float, float] | None
    tasks: dict[str, MapTask]
    labelled: dict[str, NDArray[np.bool_]]

    def lies_as(self, other: PictureMap) -> bool:
        """Whether the same pictures lie in the same places."""
        return (
            self.images == other.images and np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y)
        )


@dataclass(frozen=True)
class Kept:
    """What lies in a run's folder: the map, if any, and whether model and pictures are still those that it shows."""

    run: str
    method: str
    map: PictureMap | None
    holds: bool = True


def read_kept(run_dir: Path, method: str, project_dir: Path) -> Kept:
    """The map that was drawn last by a method.

    Raises:
        ValueError: it is not what `map` writes.
        OSError, RunError: it, or the run, cannot be read.
    """
    try:
        document = json.loads(map_file(run_dir, method).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Kept(run_dir.name, method, None)
    found = parse_map(document)
    return Kept(run_dir.name, method, found, still_holds(document, run_dir, project_dir))


def parse_map(document: Mapping[str, Any]) -> PictureMap:
    """Read a document.

    Raises:
        ValueError: it is not what `map` prints.
    """
    try:
        explained = document["explained"]
        found = PictureMap(
            run=str(document["run"]),
            method=str(document["method"]),
            images=[str(name) for name in document["images"]],
            part=[str(part) for part in document["part"]],
            x=np.array(document["x"], np.float64),
            y=np.array(document["y"], np.float64),
            explained=(float(explained[0]), float(explained[1])) if explained else None,
            tasks={str(name): _task(task) for name, task in document["tasks"].items()},
            labelled={str(name): np.array(flags, np.bool_) for name, flags in document["labelled"].items()},
        )
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise ValueError(_tr("The map cannot be read, draw it again: {0}.").format(repr(error))) from error
    columns = [found.part, found.x, found.y, *found.labelled.values()]
    columns += [column for task in found.tasks.values() for column in (task.label, task.answer)]
    if any(len(column) != len(found.images) for column in columns):
        raise ValueError(_tr("The map cannot be read, draw it again: its columns differ in length."))
    return found


def _task(task: Mapping[str, Any]) -> MapTask:
    return MapTask(
        kind=str(task["kind"]),
        classes=[str(name) for name in task["classes"]],
        label=[None if label is None else str(label) for label in task["label"]],
        answer=[str(answer) for answer in task["answer"]],
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("PictureMap", text)
