"""What is said of tasks with one class for each picture."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from workbench.core.project import Task
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.reports.base import FIRST, ClassReport, picture_counts
from workbench.engine.data.sample_table import MISSING, SampleTable

IMBALANCE = 10
_SEPARATORS = ("|", ";")
_SEVERAL_SHARE = 0.1
"""A column looks like several labels if at least this share of its cells hold a separator."""


class SingleLabelReport(ClassReport):
    def problems(self, table: SampleTable, asked: Task) -> Iterator[Problem]:
        task = asked.name
        yield from self.few(table, task)
        counts, classes = picture_counts(table, task), table.classes[task]
        most, least = int(counts.argmax()), int(counts.argmin())
        if counts[most] >= IMBALANCE * counts[least]:
            yield warning(
                f"{classes[most]} has {counts[most]} pictures and {classes[least]} only {counts[least]}.",
                "Set class_weights to true for this task, or add pictures of rare classes.",
            )
        if asked.column:
            yield from _several_problems(classes, counts.tolist(), asked)

    def first_rows(self, table: SampleTable, task: str) -> list[list[int]]:
        targets = table.targets[task]
        order = np.argsort(targets, kind="stable")
        starts = np.searchsorted(targets[order], np.arange(len(table.classes[task]) + 1)).tolist()
        return [order[start : min(start + FIRST, end)].tolist() for start, end in pairwise(starts)]

    def same(self, table: SampleTable, joined: Joined, one: str, other: str) -> bool:
        first, second = table.targets[one], table.targets[other]
        pairs = np.unique(np.stack([first, second])[:, first != MISSING], axis=1).shape[1]
        return bool(pairs == len(table.classes[one]) == len(table.classes[other]))


def _several_problems(classes: list[str], counts: list[int], asked: Task) -> Iterator[Problem]:
    for separator in _SEPARATORS:
        cells = sum(count for name, count in zip(classes, counts, strict=True) if separator in name)
        labels = {piece.strip() for name in classes for piece in name.split(separator)}
        if cells >= _SEVERAL_SHARE * sum(counts) and len(labels) < len(classes):
            yield warning(
                f"{cells} of {sum(counts)} cells hold {separator!r}, so the column looks like several labels.",
                f"If each cell may hold several labels, set the task's kind to multi-label and its separator to "
                f"{separator!r}.",
            )
            return
