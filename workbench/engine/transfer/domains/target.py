"""Pictures of another domain: a folder without labels, or with some that are used for scoring alone."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.folder_source import read_folder
from workbench.engine.data.headers import read_header
from workbench.engine.data.image_files import walk_pictures
from workbench.engine.data.labels import natural_key
from workbench.engine.data.parallel import for_each
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.words import counted, pictures, some
from workbench.engine.insight.other_data import notices_of_strangers, read_other

READING = "reading picture headers"


@dataclass(frozen=True)
class Target:
    """Readable pictures of another domain.

    Attributes:
        folder: absolute.
        table: of all of them; its labels are those that are used for scoring, its part says nothing.
        labelled: how many have a label, by task; tasks without any are left out.
    """

    folder: Path
    table: SampleTable
    labelled: dict[str, int]


def read_target(
    folder: Path,
    labelled: Sequence[Task],
    facts: Mapping[str, ResolvedTask],
    project_dir: Path,
    source: Sequence[Path],
    control: Control,
) -> Generator[Event, None, Target | None]:
    """Read a folder of pictures of another domain; where it holds class folders, their names are labels to score by.

    Args:
        labelled: tasks of the run whose source says what the pictures are; none: class folders, where there are any.
        facts: the run's tasks.
        source: pictures that the run knows already: they are no other domain and are left out.

    Yields:
        Progress, and Notices of what is left out.

    Returns:
        None when told to end.

    Raises:
        RequestError: there is no such folder, no picture in it, or labels that do not fit.
    """
    folder = Path(os.path.abspath(folder))
    if not folder.is_dir():
        raise RequestError(f"There is no folder {folder}.", "Give a folder with pictures of the other domain.")
    known = {str(path) for path in source}
    found = sorted(walk_pictures(str(folder)), key=natural_key)
    paths = [path for path in found if path not in known]
    if len(paths) < len(found):
        text = f"{pictures(len(found) - len(paths))} of {folder} belong to the run's own pictures and are left out."
        yield Notice(level="warning", text=text)
    if not paths:
        raise RequestError(f"{folder} holds no picture that is new to the run.", "Give a folder with other pictures.")
    tasks = tuple(labelled) or class_folder_tasks(folder, facts)
    table, unknown = read_other(tasks, project_dir, facts, paths)
    yield from notices_of_strangers(table, unknown, project_dir)
    whole = _with_all_tasks(table, facts, known)
    readable = yield from readable_only(whole, control)
    if readable is None:
        return None
    if not len(readable):
        raise RequestError(f"No picture in {folder} can be read.", "Give pictures that open in other programs.")
    counts = {task: int((readable.targets[task] != MISSING).sum()) for task in readable.tasks}
    return Target(folder, readable, {task: count for task, count in counts.items() if count})


def class_folder_tasks(folder: Path, facts: Mapping[str, ResolvedTask]) -> tuple[Task, ...]:
    """The single-label tasks of which the folder's own folders name classes, with it as their source."""
    try:
        labels = {label for label in read_folder("", str(folder), False).labels if label}
    except RequestError:  # no class folders: the pictures have no labels
        return ()
    return tuple(
        Task(name=name, source=str(folder))
        for name, task in facts.items()
        if task.kind == "single-label" and labels & set(task.classes)
    )


def _with_all_tasks(table: SampleTable, facts: Mapping[str, ResolvedTask], known: set[str]) -> SampleTable:
    """The same with every task that asks for one class, so that it is answered; without pictures of the source."""
    for name, task in facts.items():
        if name not in table.targets and task.kind == "single-label":
            table.targets[name] = np.full(len(table), MISSING, np.int64)
            table.classes[name] = table.labels[name] = task.classes
            table.kinds[name] = task.kind
    return table.take(np.flatnonzero([str(path) not in known for path in table.paths]))


def readable_only(table: SampleTable, control: Control) -> Generator[Event, None, SampleTable | None]:
    """The pictures whose headers can be read, with their sizes; None when told to end."""
    found = yield from for_each(READING, table.paths, _facts, control)
    if control.ending:
        return None
    lost = [row for row, facts in enumerate(found) if isinstance(facts, str)]
    if lost:
        text = f"{counted(len(lost), 'picture')} cannot be read and are left out: "
        yield Notice(level="warning", text=text + some(str(table.paths[row]) for row in lost) + ".")
    table.sizes = np.array([(0, 0) if isinstance(each, str) else each[:2] for each in found], np.int32).reshape(-1, 2)
    table.bytes = np.array([0 if isinstance(each, str) else each[2] for each in found], np.int64)
    return table.take(np.flatnonzero(table.sizes[:, 0] > 0))


def _facts(path: Path) -> tuple[int, int, int] | str:
    """Width, height, and bytes of the file; or why it cannot be read."""
    try:
        return (*read_header(path), path.stat().st_size)
    except (UnreadableImage, OSError) as error:
        return error.reason if isinstance(error, UnreadableImage) else str(error)
