"""From a project's sources to its sample table."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError, WorkbenchError
from workbench.core.events import Event
from workbench.core.project import Project, Split
from workbench.engine.data.announce import announce
from workbench.engine.data.grouping import Unions
from workbench.engine.data.headers import read_header
from workbench.engine.data.join import Joined, join, keep
from workbench.engine.data.near_duplicates import near_duplicates
from workbench.engine.data.parallel import for_each
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, SampleTable, Unreadable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.split import Shares, split
from workbench.engine.data.unreadable import UnreadableImage

__all__ = ["MISSING", "SampleTable", "Unreadable", "build_table", "read_sources", "table_of", "task_errors"]

READING = "reading picture headers"


def build_table(project: Project, project_dir: Path, control: Control) -> Generator[Event, None, SampleTable]:
    """Read all sources of a project, join them, read the headers of their pictures, and split them.

    Yields:
        Progress while files are read; Notices for what was decided.

    Returns:
        The table; where `control.ending` came between, only what was read so far, which is not to be used.

    Raises:
        RequestError: a source does not hold what its task says, or a task has fewer than two classes.
        RunError: no picture of a task can be read.
    """
    if not project.tasks:
        raise RequestError(
            "The project has no task.", "Add a task: a folder of class folders, or a column of a CSV file."
        )
    sources, errors = read_sources(project, project_dir)
    for error in errors.values():
        raise error
    table, joined = yield from table_of(sources, project.split, control)
    if control.ending:
        return table
    for problem in task_errors(table, sources).values():
        raise problem
    yield from announce(table, joined, sources, project.split)
    return table


def read_sources(project: Project, project_dir: Path) -> tuple[dict[str, Source], dict[str, RequestError]]:
    """The sources of the tasks that can be read, and the errors of those that cannot, by task name.

    Raises:
        RequestError: `split.group` names a column that no table has.
    """
    reader = SourceReader(project_dir, project.split.group)
    sources, errors = {}, {}
    for task in project.tasks:
        try:
            sources[task.name] = reader.read(task)
        except RequestError as error:
            errors[task.name] = error
    if not errors:
        reader.check_group()
    return sources, errors


def table_of(
    sources: Mapping[str, Source], asked: Split, control: Control
) -> Generator[Event, None, tuple[SampleTable, Joined]]:
    """Join sources into a table, whatever is wrong with single tasks; yields Progress."""
    everything = yield from join(sources, control)
    labelled = np.zeros(len(everything.paths), np.bool_)
    for labels in everything.labels.values():
        labelled |= labels >= 0
    joined = keep(everything, labelled)
    sizes, reasons = yield from _read_headers(joined.paths, control)
    readable = sizes[:, 0] > 0
    unreadable = _unreadable(joined, reasons) + _missing(sources)
    joined = keep(joined, readable)
    if asked.group == "near-duplicates":
        pairs = yield from near_duplicates(joined.paths, control)
        joined.group = _with_pairs(joined.group, pairs)
    table = SampleTable(
        paths=[Path(path) for path in joined.paths],
        part=_parts(joined, asked),
        targets=joined.labels,
        classes=joined.classes,
        sizes=sizes[readable],
        bytes=joined.bytes,
        copies=joined.content,
        unreadable=unreadable,
        empty={task: sum(label is None for label in source.labels) for task, source in sources.items()},
    )
    return table, joined


def task_errors(table: SampleTable, sources: Mapping[str, Source]) -> dict[str, WorkbenchError]:
    """What keeps single tasks from being trained at all, by task name."""
    errors: dict[str, WorkbenchError] = {}
    for task, classes in table.classes.items():
        if not any(sources[task].labels):
            errors[task] = RequestError(
                f"Task {task}: no picture has a label, every cell is empty.",
                "Choose another column, or fill in labels.",
            )
        elif not classes:
            first = next(left for left in table.unreadable if task in left.tasks)
            errors[task] = RunError(
                f"Task {task}: none of its pictures can be read (the first is {first.path}: {first.reason}).",
                "Give pictures that open in other programs.",
            )
        elif len(classes) == 1:
            errors[task] = RequestError(
                f"Task {task}: all pictures belong to one class, {classes[0]!r}, so there is nothing to tell apart.",
                "Add pictures of at least one other class, or remove the task.",
            )
    return errors


def _read_headers(
    paths: list[str], control: Control
) -> Generator[Event, None, tuple[npt.NDArray[np.int32], dict[int, str]]]:
    """(N, 2) sizes, 0 where a header cannot be read, and the reasons by row."""
    found = yield from for_each(READING, paths, _size_or_reason, control)
    reasons = {row: facts for row, facts in enumerate(found) if isinstance(facts, str)}
    sizes = np.zeros((len(paths), 2), np.int32)
    if found:
        sizes[: len(found)] = [(0, 0) if isinstance(facts, str) else facts for facts in found]
    return sizes, reasons


def _size_or_reason(path: str) -> tuple[int, int] | str:
    try:
        return read_header(path)
    except UnreadableImage as error:
        return error.reason


def _unreadable(joined: Joined, reasons: Mapping[int, str]) -> list[Unreadable]:
    return [
        Unreadable(
            Path(joined.paths[row]),
            reason,
            tuple(task for task, labels in joined.labels.items() if labels[row] >= 0),
        )
        for row, reason in reasons.items()
    ]


def _missing(sources: Mapping[str, Source]) -> list[Unreadable]:
    """Pictures that tables name and that are not there, each once with all its tasks."""
    tasks: dict[tuple[str, str], list[str]] = {}
    for task, source in sources.items():
        for missing in dict.fromkeys(source.missing):
            tasks.setdefault((missing.name, missing.reason), []).append(task)
    return [Unreadable(Path(name), reason, tuple(names)) for (name, reason), names in tasks.items()]


def _with_pairs(group: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    unions = Unions(len(group))
    unions.join_equal(group.tolist())
    unions.join_pairs(pairs.tolist())
    return unions.numbers()


def _parts(joined: Joined, asked: Split) -> npt.NDArray[np.int8]:
    columns, start = [], 0
    for task, labels in joined.labels.items():
        columns.append(np.where(labels >= 0, labels + start, -1))
        start += len(joined.classes[task])
    labels = np.stack(columns, axis=1) if columns else np.zeros((0, 0), np.int64)
    shares = Shares(asked.validation, asked.test, asked.seed)
    return split(labels, joined.group, joined.allowed, joined.identity, shares)
