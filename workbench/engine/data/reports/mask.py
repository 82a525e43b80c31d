"""What is said of tasks with a mask for each picture."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from workbench.core.project import Task
from workbench.core.specs import Part
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.reports.base import FIRST, ClassReport, evenly, in_parts, labelled_rows
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.words import counted, some, verb

_RARE = 0.005
_LISTED_CLASSES = 12
_LOSSY = (".jpg", ".jpeg", ".jfif", ".webp")


class MaskReport(ClassReport):
    def announcement(self, table: SampleTable, task: str, parts: list[Part]) -> str:
        sizes = in_parts([len(table.rows(part, task)) for part in parts])
        classes, shares = table.classes[task], _shares(table, task)
        if len(classes) > _LISTED_CLASSES:
            return f"{sizes} masks of {len(classes)} classes"
        said = ", ".join(f"{name} {100 * share:.3g} %" for name, share in zip(classes, shares, strict=True))
        return f"{sizes} masks ({said} of their pixels)"

    def document(self, table: SampleTable, task: str) -> dict[str, Any]:
        chosen, texts = evenly(labelled_rows(table, task)).tolist(), table.label_texts(task)
        return {
            **super().document(table, task),
            "mask_samples": [[str(table.paths[row]), texts[int(table.targets[task][row])]] for row in chosen],
        }

    def problems(self, table: SampleTable, asked: Task) -> Iterator[Problem]:
        task = asked.name
        yield from self.few(table, task)
        shares = _shares(table, task)
        rare = [name for name, share in zip(table.classes[task], shares, strict=True) if share < _RARE]
        if rare:
            yield warning(
                f"less than {100 * _RARE:g} % of all pixels belong to {some(rare)}.",
                "Set class_weights to true for this task, or its focal to 2, so that rare classes count.",
            )
        lossy = [path for path in table.label_texts(task) if os.path.splitext(path)[1].lower() in _LOSSY]
        if lossy:
            yield warning(
                f"{counted(len(lossy), 'mask')} {verb(len(lossy), 'is', 'are')} saved in a format that changes values, "
                f"such as {lossy[0]}.",
                "Save masks as PNG.",
            )

    def first_rows(self, table: SampleTable, task: str) -> list[list[int]]:
        rows = labelled_rows(table, task)
        shown = table.labelled(task).pixels[table.targets[task][rows]] > 0
        return [rows[column][:FIRST].tolist() for column in shown.T]

    def same(self, table: SampleTable, joined: Joined, one: str, other: str) -> bool:
        rows = labelled_rows(table, one)
        first, second = (
            [joined.scans[task].masks[at].print for at in table.targets[task][rows].tolist()] for task in (one, other)
        )
        return first == second


def _shares(table: SampleTable, task: str) -> list[float]:
    """The share of all masks' pixels that belong to each class."""
    counts = TARGETS["mask"].class_counts(table.labelled(task))
    return [count / max(1, int(counts.sum())) for count in counts.tolist()]
