"""What is said of tasks with several labels for each picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.core.project import Task
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.reports.base import FIRST, ClassReport, labelled_rows, picture_counts
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.targets.multi_label import labels_in
from workbench.engine.data.words import some, verb

_SEPARATORS = ("|", ";", ",")


class MultiLabelReport(ClassReport):
    have = ("label has", "labels have")
    several = "labels"

    def problems(self, table: SampleTable, asked: Task) -> Iterator[Problem]:
        task = asked.name
        yield from self.few(table, task)
        counts = picture_counts(table, task).tolist()
        labelled = len(labelled_rows(table, task))
        always = [name for name, count in zip(table.classes[task], counts, strict=True) if count == labelled]
        if always:
            yield warning(
                f"every picture has {some(always)}, so nothing can be learnt of {verb(len(always), 'it', 'them')}.",
                f"Add pictures without {verb(len(always), 'it', 'them')}.",
            )
        if all(len(labels_in(text)) <= 1 for text in table.label_texts(task)):
            yield _only_single(table, asked)

    def first_rows(self, table: SampleTable, task: str) -> list[list[int]]:
        return [np.flatnonzero(column == 1)[:FIRST].tolist() for column in table.encoded(task).T]

    def same(self, table: SampleTable, joined: Joined, one: str, other: str) -> bool:
        rows = labelled_rows(table, one)
        columns = [sorted(map(bytes, np.ascontiguousarray(table.encoded(task)[rows].T))) for task in (one, other)]
        return columns[0] == columns[1]


def _only_single(table: SampleTable, asked: Task) -> Problem:
    """Why no picture has more than one label: another separator, or a task of another kind."""
    if not asked.column:
        return warning(
            "no picture lies in more than one class folder, so each has exactly one label.",
            "Set the task's kind to single-label, which learns that classes exclude each other.",
        )
    targets = table.targets[asked.name]
    times = np.bincount(targets[targets >= 0], minlength=len(table.label_texts(asked.name))).tolist()
    cells = {
        separator: sum(
            count for text, count in zip(table.label_texts(asked.name), times, strict=True) if separator in text
        )
        for separator in _SEPARATORS
        if separator != asked.separator
    }
    likely = max(cells, key=lambda separator: cells[separator])
    if cells[likely]:
        return warning(
            f"the separator {asked.separator!r} stands in no cell, but {likely!r} stands in {cells[likely]}.",
            f"Set the task's separator to {likely!r} if that parts the labels.",
        )
    none = "" in table.label_texts(asked.name)
    return warning(
        "no cell holds more than one label." if none else "each filled cell holds exactly one label.",
        f"Correct the separator ({asked.separator!r}), or set the task's kind to single-label, which learns that "
        "classes exclude each other.",
    )
