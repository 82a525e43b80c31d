"""The `recall` job: the sample table that a trained run goes on with, of pictures that come later and a memory.

The memory is replayed beside the new pictures while the network trains (ER, Chaudhry et al. 2019, arXiv 1902.10486);
that the old model teaches the new one at the same time (LwF, Li and Hoiem 2016, arXiv 1606.09282; both as in DER++,
Buzzega et al. 2020, arXiv 2004.07211) is the matter of the training. Without any memory what is left is LwF.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Result
from workbench.core.project import Task
from workbench.core.specs import PARTS, RecallSpec
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.table_file import save_table
from workbench.engine.data.words import pictures
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.predictor import warm_predictor
from workbench.engine.transfer.continual.arrivals import arrived_counts, arrived_table, read_arrivals
from workbench.engine.transfer.continual.joined import Joining, join_tables
from workbench.engine.transfer.continual.memory import remembered
from workbench.engine.transfer.derived import Origin, read_origin

Ints = npt.NDArray[np.int64]


def recall(spec: RecallSpec, control: Control) -> Iterator[Event]:
    """Write the table.

    Yields:
        Progress, Notices, and one Result "recall". Where it is told to end, no Result, and nothing is written.

    Raises:
        RequestError: the run has no such task, there is nothing new to learn, or nothing is left to train a task on.
        RunError: the run has kept no model.
    """
    origin = read_origin(spec.origin, spec.project_dir)
    if spec.task not in origin.facts:
        raise RequestError(f"Run {origin.run} has no task {spec.task}.", f"Its tasks are: {', '.join(origin.facts)}.")
    task = origin.resolved.project.task(spec.task)
    new = yield from arrived_table(task, _source(spec, task), spec.validation, control)
    if control.ending:
        return
    _check_masks(spec, origin.table, new)
    joining = yield from join_tables(origin.table, new, control)
    if joining is None:
        return
    if not (joining.table.part[joining.rows] == PARTS.index("train")).any():
        raise RequestError(
            f"Run {origin.run} has all of these pictures already.", "Give pictures that it does not know."
        )
    there = np.array([os.path.exists(path) for path in origin.table.paths], np.bool_)
    chosen = yield from _memory(spec, origin, there, control)
    if chosen is None:
        return
    table = _composed(joining, len(origin.table), chosen, there)
    _check_tasks(table, origin, spec)
    yield from _told(table, there, chosen, spec)
    save_table(table, spec.out, spec.project_dir)
    before = origin.table.classes[spec.task]
    document: dict[str, Any] = {
        "origin": origin.run,
        "task": spec.task,
        "classes": table.classes[spec.task],
        "new_classes": [name for name in table.classes[spec.task] if name not in before],
        "added": arrived_counts(joining.table, spec.task, joining.rows),
        "remembered": len(chosen),
        "gone": int((~there).sum()),
    }
    yield Result(what="recall", document=document)


def _source(spec: RecallSpec, task: Task) -> Source:
    if spec.source is None:
        if task.kind not in ("single-label", "multi-label"):
            raise RequestError(
                f"{task.name} does not ask for classes, so a folder cannot say what its pictures show.",
                "Give a table as FILE.csv:COLUMN, or pictures with --masks.",
            )
        return read_arrivals(task.name, spec.arrivals)
    return SourceReader(spec.project_dir).read(spec.source)


def _check_masks(spec: RecallSpec, old: SampleTable, new: SampleTable) -> None:
    """Refuse masks of other values: their classes would be others."""
    values = (old.mask_values.get(spec.task, []), new.mask_values.get(spec.task, []))
    if not set(values[1]) <= set(values[0]):
        raise RequestError(
            f"The new masks of {spec.task} hold the values {values[1]}, those that the run knows {values[0]}.",
            "Give masks of the same classes.",
        )


def _memory(
    spec: RecallSpec, origin: Origin, there: npt.NDArray[np.bool_], control: Control
) -> Generator[Event, None, Ints | None]:
    """The rows that are remembered; None where it was told to end."""
    table = origin.table
    rows = np.flatnonzero(there & (table.part == PARTS.index("train"))).astype(np.int64)
    if not spec.memory or not len(rows):
        return rows[:0]
    predictor = warm_predictor(spec.origin)
    found = yield from run_features(predictor, spec.project_dir, spec.origin, table, rows, control)
    if found is None:
        return None
    rows, features = rows[found.readable], found.values.double().numpy()[found.readable]
    return rows[remembered(features, table.strata()[rows], spec.memory)]


def _composed(joining: Joining, known: int, chosen: Ints, there: npt.NDArray[np.bool_]) -> SampleTable:
    """The memory, what judges of the old pictures, and the new ones."""
    keep = np.ones(len(joining.table), np.bool_)
    keep[:known] = there & (joining.table.part[:known] != PARTS.index("train"))
    keep[chosen] = True
    keep[joining.rows] = True
    return joining.table.take(np.flatnonzero(keep).astype(np.int64))


def _check_tasks(table: SampleTable, origin: Origin, spec: RecallSpec) -> None:
    """Refuse where another task would have nothing to keep it."""
    bare = [task for task in table.tasks if not (table.targets[task][table.rows("train")] != MISSING).any()]
    if bare:
        why = "are gone" if spec.memory else "are not remembered (--memory 0)"
        raise RequestError(
            f"The pictures of {', '.join(bare)} that run {origin.run} learned from {why}, so that its backbone cannot "
            "be trained without losing them.",
            "Use workbench add-task or teach, which leave the backbone as it is; or remember some pictures.",
        )


def _told(table: SampleTable, there: npt.NDArray[np.bool_], chosen: Ints, spec: RecallSpec) -> Iterator[Event]:
    gone = int((~there).sum())
    if gone:
        yield Notice(level="warning", text=f"{pictures(gone)} of the run can no longer be found and cannot be used.")
    learned = len(table.rows("train"))
    words = f"{pictures(len(chosen))} remembered of the old, {learned - len(chosen)} new to learn from"
    yield Notice(level="info", text=f"{words}; {pictures(len(table.rows('validation')))} to judge by.")
    if not len(chosen) and spec.memory:
        text = "No old picture is left: only the old model's answers to the new ones hold what it knows (LwF)."
        yield Notice(level="warning", text=text)
