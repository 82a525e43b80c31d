"""Pictures that come later: read as any source is, with a part for each."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.project import Split, Task
from workbench.core.specs import PARTS, Arrival, Part
from workbench.engine.data.folder_source import read_folder
from workbench.engine.data.image_files import is_picture, walk_pictures
from workbench.engine.data.labels import clean_label, sort_classes
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table import table_of


def read_arrivals(task: str, arrivals: Iterable[Arrival]) -> Source:
    """The pictures of classes, each from a folder, a picture, or the class folders of a folder.

    Args:
        task: that they are for; for messages.

    Raises:
        RequestError: there is nothing at a path, or no picture in it, or a class has no name.
    """
    source = Source()
    for arrival in arrivals:
        path = os.path.abspath(arrival.path)
        if arrival.label is None:
            inner = read_folder(task, path, group_by_folder=False)
            for each in inner.rows():
                source.add(str(each.path), each.label, each.part, "")
            continue
        label = clean_label(arrival.label)
        if label is None:
            raise RequestError(f"The pictures of {path} have no class.", "Write CLASS=FOLDER.")
        for picture in _pictures(path):
            source.add(picture, label, None, "")
    return source


def _pictures(path: str) -> list[str]:
    """The picture at a path, or those at any depth below it."""
    if os.path.isfile(path) and is_picture(path):
        return [path]
    if not os.path.isdir(path):
        raise RequestError(f"There is no folder and no picture {path}.", "Check the path.")
    found = list(walk_pictures(path))
    if not found:
        raise RequestError(f"{path} holds no picture.", "Choose a folder with pictures of one class.")
    return found


def arrived_table(
    task: Task, source: Source, validation: float, control: Control
) -> Generator[Event, None, SampleTable]:
    """A sample table of pictures that come later; yields Progress while their headers are read.

    Of each label's pictures the whole part of `validation` is kept aside to judge by, so that a class of one to four
    pictures is learned from all of them where the share is a fifth.

    Raises:
        RequestError: none of the pictures can be read.
    """
    source.kind = task.kind
    source.parts = _parts(source.paths, source.labels, source.parts, validation)
    table, _ = yield from table_of({task.name: source}, {}, Split(validation=0.0, test=0.0), control)
    if not control.ending and not (table.targets[task.name] != MISSING).any():
        reason = f": {table.unreadable[0].reason}" if table.unreadable else ""
        raise RequestError(
            f"None of the pictures that are to be added can be read{reason}.", "Give pictures that other programs open."
        )
    return table


def _parts(
    paths: Sequence[str], labels: Sequence[str | None], given: Sequence[Part | None], share: float
) -> list[Part | None]:
    """The part that the source gives, else validation for the share of each label's pictures, chosen by their names."""
    parts: list[Part | None] = [part or "train" for part in given]
    by_label: dict[str | None, list[int]] = {}
    for at, (label, part) in enumerate(zip(labels, given, strict=True)):
        if part is None:
            by_label.setdefault(label, []).append(at)
    for members in by_label.values():
        ordered = sorted(members, key=lambda at: (_hash(paths[at]), paths[at]))
        for at in ordered[: math.floor(share * len(ordered) + 1e-9)]:
            parts[at] = "validation"
    return parts


def _hash(path: str) -> bytes:
    """Of a picture's name: the same wherever its folder lies."""
    return blake2b(os.path.basename(path).encode("utf-8", "surrogateescape"), digest_size=8).digest()


def arrived_counts(table: SampleTable, task: str, rows: npt.NDArray[np.int64]) -> dict[str, dict[str, int]]:
    """{label: {part: pictures}} of some rows, without labels and parts that have none."""
    found: dict[str, dict[str, int]] = {}
    for row in rows.tolist():
        by_part = found.setdefault(table.labels_of(row)[task], {})
        part = PARTS[int(table.part[row])]
        by_part[part] = by_part.get(part, 0) + 1
    return {label: found[label] for label in sort_classes(found)}


def places_of(old: Sequence[str], new: Sequence[str]) -> npt.NDArray[np.int64]:
    """(k,) where each of the old names is among the new ones."""
    index = {name: at for at, name in enumerate(new)}
    return np.array([index[name] for name in old], np.int64)
