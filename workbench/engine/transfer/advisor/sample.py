"""Which pictures backbones are judged on, and the folds of cross-validation: the same for all of them.

Only pictures of the training part are taken: those of the validation and the test part are there to judge what is
chosen here. Both the sample and the folds are stratified over the labels of all tasks together, and pictures that the
split keeps together (copies, groups) lie in one fold, so that none is answered by its own copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.advice import FEWEST_IMAGES, FOLDS
from workbench.core.errors import RequestError
from workbench.core.events import Notice
from workbench.engine.data.counter import hash64, key_of
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.split import FREE, Shares, split
from workbench.engine.data.stratify import Leftovers, place

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """n pictures.

    Attributes:
        rows: (n,) of the sample table, ascending.
        folds: (n,) from 0 to FOLDS - 1.
        groups: (n,) equal for pictures that belong together.
    """

    rows: Ints
    folds: Ints
    groups: Ints

    def only(self, chosen: npt.NDArray[np.bool_]) -> Sample:
        """Some of the pictures (n,), in the same folds."""
        return Sample(self.rows[chosen], self.folds[chosen], self.groups[chosen])


def judged_tasks(table: SampleTable) -> tuple[list[str], dict[str, str]]:
    """The tasks that can be judged, and why each of the others is left out.

    Raises:
        RequestError: none can.
    """
    left = {task: reason for task in table.tasks if (reason := _reason(table, task))}
    if len(left) == len(table.tasks):
        raise RequestError(
            f"No task of this project can be judged ({'; '.join(f'{task}: {why}' for task, why in left.items())}).",
            "Add labelled pictures, or a task that asks for a class, labels or a number.",
        )
    return [task for task in table.tasks if task not in left], left


def left_out_notices(left: Mapping[str, str]) -> Iterator[Notice]:
    """Says which tasks are left out, and why."""
    return (Notice(level="info", text=f"{task} is left out: {reason}.") for task, reason in left.items())


def draw_sample(table: SampleTable, tasks: Sequence[str], most: int, seed: int) -> Sample:
    """Up to `most` training pictures that one of the tasks labels, in folds. A smaller sample of the same seed lies
    nearly whole in a larger one, so that features are seldom computed in vain."""
    labelled = np.any([table.targets[task] != MISSING for task in tasks], axis=0)
    rows = table.rows("train")
    return in_folds(table, tasks, shrink(table, tasks, rows[labelled[rows]], most, seed), seed)


def in_folds(table: SampleTable, tasks: Sequence[str], rows: Ints, seed: int) -> Sample:
    """Some rows in folds."""
    groups = rows if table.groups is None else table.groups[rows]
    return Sample(rows, _folds(table.strata(tasks)[rows], groups, seed), np.asarray(groups, np.int64))


def shrink(table: SampleTable, tasks: Sequence[str], rows: Ints, most: int, seed: int) -> Ints:
    """At most `most` of some rows, stratified."""
    if len(rows) <= most:
        return rows
    part = split(
        labels=table.strata(tasks)[rows],
        units=np.arange(len(rows), dtype=np.int64),
        allowed=np.full(len(rows), FREE, np.uint8),
        identity=_identity(rows),
        shares=Shares(most / len(rows), 0.0, seed),
    )
    return np.asarray(rows[part == 1][:most], np.int64)


def _folds(labels: Ints, groups: Ints, seed: int) -> Ints:
    """(n,) the fold of each picture, by iterative stratification of groups (as the split does with leftovers)."""
    _, unit_of_row = np.unique(groups, return_inverse=True)
    count = int(unit_of_row.max()) + 1
    priority = hash64(key_of(seed, "folds"), np.arange(count))
    wanted = np.full((count, FOLDS), 1 / FOLDS)
    placed = np.full(count, -1, np.int64)
    nowhere = np.full(len(labels), -1, np.int64)
    place(Leftovers.build(labels, unit_of_row, priority, wanted, labels, nowhere), placed)
    return np.asarray(placed[unit_of_row], np.int64)


def _identity(rows: Ints) -> npt.NDArray[np.uint64]:
    return np.asarray(hash64(key_of("row"), rows))


def _reason(table: SampleTable, task: str) -> str:
    if table.kind(task) == "mask":
        return "a mask is answered from maps, and advice compares pooled features"
    count = len(table.rows("train", task))
    if count < FEWEST_IMAGES:
        return f"it has {count} labelled training pictures, and advice needs {FEWEST_IMAGES}"
    return ""
