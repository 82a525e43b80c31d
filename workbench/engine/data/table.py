"""From a project's sources to its sample table."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.corrections import read_corrections
from workbench.core.errors import RequestError, RunError, WorkbenchError
from workbench.core.events import Event
from workbench.core.project import Project, Split
from workbench.core.specs import PARTS
from workbench.engine.data.announce import announce
from workbench.engine.data.corrected import Decided, decided_labels
from workbench.engine.data.folds import split_fold
from workbench.engine.data.grouping import Unions
from workbench.engine.data.headers import read_header
from workbench.engine.data.join import Joined, join, keep
from workbench.engine.data.mask_labels import apply_masks
from workbench.engine.data.near_duplicates import near_duplicates
from workbench.engine.data.parallel import for_each
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, SampleTable, Unreadable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.split import Shares, is_explicit, keep_classes, split
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.unreadable import UnreadableImage

__all__ = ["MISSING", "SampleTable", "Unreadable", "build_table", "read_sources", "table_of", "task_errors"]

READING = "reading picture headers"


def build_table(project: Project, project_dir: Path, control: Control) -> Generator[Event, None, SampleTable]:
    """Read all sources of a project, join them, correct labels, read the headers of their pictures, and split them.

    Yields:
        Progress while files are read; Notices for what was decided.

    Returns:
        The table; where `control.ending` came between, only what was read so far, which is not to be used.

    Raises:
        RequestError: a source does not hold what its task says, a task has fewer than two classes, `labels.toml` is
            wrong, or there are fewer pictures than folds.
        RunError: no picture of a task can be read.
    """
    if not project.tasks:
        raise RequestError(
            "The project has no task.", "Add a task: a folder of class folders, or a column of a CSV file."
        )
    sources, errors = read_sources(project, project_dir)
    for error in errors.values():
        raise error
    decided = decided_labels(project, read_corrections(project_dir))
    table, joined = yield from table_of(sources, decided, project.split, control)
    if control.ending:
        return table
    for problem in task_errors(table, joined, sources).values():
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
    sources: Mapping[str, Source], decided: Decided, asked: Split, control: Control
) -> Generator[Event, None, tuple[SampleTable, Joined]]:
    """Join sources into a table, whatever is wrong with single tasks; yields Progress.

    A mask that cannot be read, or is not of its picture's size, counts as missing. Parts are drawn by the labels that
    were given: who corrects a label, or sets a picture aside, leaves all others where they were, but for a class that
    would then be missing from training.

    Raises:
        RequestError: there are fewer pictures than folds.
    """
    everything = yield from join(sources, decided, control)
    joined = keep(everything, _labelled(everything) | _labelled(everything.as_given()))
    sizes, reasons = yield from _read_headers(joined.paths, control)
    readable = sizes[:, 0] > 0
    unreadable = _unreadable(joined, reasons) + _missing(sources)
    joined, sizes = keep(joined, readable), sizes[readable]
    unfit = yield from apply_masks(joined, sources, sizes, control)
    labelled = _labelled(joined) | _labelled(joined.as_given())
    joined, sizes = (keep(joined, labelled), sizes[labelled]) if unfit else (joined, sizes)
    if asked.group == "near-duplicates":
        pairs = yield from near_duplicates(joined.paths, control)
        joined.group = _with_pairs(joined.group, pairs)
    part = _parts(_table(joined.as_given(), sizes, sources), joined, asked)
    labelled = _labelled(joined)
    joined, sizes, part = keep(joined, labelled), sizes[labelled], part[labelled]
    table = _table(joined, sizes, sources)
    table.unreadable, table.part = unreadable + unfit, part
    if joined.given:
        free = np.flatnonzero(~is_explicit(joined.allowed) & (part != PARTS.index("train")))
        keep_classes(table.strata(), joined.group, part, free)
    return table, joined


def _table(joined: Joined, sizes: npt.NDArray[np.int32], sources: Mapping[str, Source]) -> SampleTable:
    """The pictures with their targets, all of them in training."""
    return SampleTable(
        paths=[Path(path) for path in joined.paths],
        part=np.zeros(len(joined.paths), np.int8),
        targets=joined.targets,
        classes={task: _classes(joined, task) for task in joined.targets},
        sizes=sizes,
        bytes=joined.bytes,
        copies=joined.content,
        empty={task: sum(label is None for label in source.labels) for task, source in sources.items()},
        kinds=dict(joined.kinds),
        labels={task: texts for task, texts in joined.labels.items() if joined.kinds[task] != "single-label"},
        mask_values={task: scan.values for task, scan in joined.scans.items()},
        mask_pixels={task: scan.pixels for task, scan in joined.scans.items()},
        groups=joined.group,
    )


def _labelled(joined: Joined) -> npt.NDArray[np.bool_]:
    """(N,) whether any task labels a picture."""
    labelled = np.zeros(len(joined.paths), np.bool_)
    for targets in joined.targets.values():
        labelled |= targets >= 0
    return labelled


def _classes(joined: Joined, task: str) -> list[str]:
    if task in joined.scans:
        return joined.scans[task].classes
    return TARGETS[joined.kinds[task]].classes(joined.labels[task])


def task_errors(table: SampleTable, joined: Joined, sources: Mapping[str, Source]) -> dict[str, WorkbenchError]:
    """What keeps single tasks from being trained at all, by task name."""
    errors: dict[str, WorkbenchError] = {}
    for task, texts in ((task, table.label_texts(task)) for task in table.tasks):
        refused = joined.scans[task].error if task in joined.scans else None
        if refused is not None:
            errors[task] = refused
        elif all(label is None for label in sources[task].labels):
            errors[task] = RequestError(
                f"Task {task}: no picture has a label, every cell is empty.",
                "Choose another column, or fill in labels.",
            )
        elif not texts or not (table.targets[task] != MISSING).any():
            errors[task] = _none_readable(table, task)
        else:
            wrong = TARGETS[table.kind(task)].nothing_to_learn(texts, table.classes[task])
            if wrong is not None:
                errors[task] = RequestError(f"Task {task}: {wrong[0]}", wrong[1])
    return errors


def _none_readable(table: SampleTable, task: str) -> RunError:
    left = [out for out in table.unreadable if task in out.tasks]
    what = "masks can be used" if all(out.what == "mask" for out in left) else "pictures can be read"
    return RunError(
        f"Task {task}: none of its {what} (the first is {left[0].path}: {left[0].reason}).",
        "Give masks of the size of their pictures." if "masks" in what else "Give some that open in other programs.",
    )


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
        Unreadable(Path(joined.paths[row]), reason, tasks)
        for row, reason in reasons.items()
        if (tasks := tuple(task for task, targets in joined.targets.items() if targets[row] >= 0))
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


def _parts(table: SampleTable, joined: Joined, asked: Split) -> npt.NDArray[np.int8]:
    shares = Shares(asked.validation, asked.test, asked.seed)
    facts = table.strata(), joined.group, joined.allowed, joined.identity, shares
    return split_fold(*facts, asked.folds, asked.fold) if asked.folds else split(*facts)
