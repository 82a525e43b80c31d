"""What a network answered for rows of a table, and the document that says how good that was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.believed import answered, doubtful
from workbench.engine.insight.confidence.stored import Confidence
from workbench.engine.insight.kinds import REPORTS, Metrics
from workbench.engine.insight.naming import picture_names

Ints = npt.NDArray[np.int64]

DISTANCE = "\0distance"
"""The key of a picture's distance from training pictures, among answers by task: no task can be called that."""


@dataclass(frozen=True)
class Outputs:
    """Answers for n pictures.

    Attributes:
        rows: (n,) of the sample table.
        answers: for each task (n, W): what the report of its kind keeps of an answer.
        readable: (n,) bool; the others have no answer.
        beside: (n,) what else was asked of each picture, by name.
    """

    rows: Ints
    answers: dict[str, npt.NDArray[Any]]
    readable: npt.NDArray[np.bool_]
    beside: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)

    def labelled(self, targets: Ints) -> npt.NDArray[np.bool_]:
        """(n,) which of the pictures have an answer and a label; `targets` is of the whole table."""
        return self.readable & (targets[self.rows] >= 0)


def epoch_metrics(outputs: Outputs, table: SampleTable, tasks: Iterable[ResolvedTask]) -> dict[str, Metrics]:
    """Loss and scores per task that was answered, over the pictures that have a label of it."""
    result = {}
    for task in tasks:
        if task.name in outputs.answers:
            chosen = outputs.labelled(table.targets[task.name])
            truth = table.encoded(task.name)[outputs.rows[chosen]]
            result[task.name] = REPORTS[task.kind].metrics(task, outputs.answers[task.name][chosen], truth)
    return result


def part_document(
    run: str,
    part: str,
    outputs: Outputs,
    table: SampleTable,
    tasks: Iterable[ResolvedTask],
    project_dir: Path,
    confidence: Confidence | None = None,
) -> dict[str, Any]:
    """The JSON of `evaluate` for a part: of the tasks that were answered, their labelled pictures. Of a run that is
    calibrated also what was fitted, which pictures are unknown, on which the head had better say nothing, and of a head
    that abstains how good its answers are."""
    images = picture_names(table.paths, project_dir)
    found = {}
    for task in tasks:
        if task.name not in outputs.answers:
            continue
        chosen = outputs.labelled(table.targets[task.name])
        rows = outputs.rows[chosen]
        found[task.name] = REPORTS[task.kind].document(
            task,
            outputs.answers[task.name][chosen],
            table.encoded(task.name)[rows],
            [images[row] for row in rows.tolist()],
            _label_names(table, task, rows, project_dir),
        )
        if confidence is None:
            continue
        far = outputs.beside[DISTANCE][chosen] if DISTANCE in outputs.beside else None
        for key, flags in doubtful(task, outputs.answers[task.name][chosen], confidence, far).items():
            for image, flag in zip(found[task.name]["images"], flags.tolist(), strict=True):
                image[key] = flag
        head = confidence.facts.tasks.get(task.name)
        if head is None:
            continue
        found[task.name]["calibration"] = head.document()
        if head.abstain_below:
            found[task.name]["metrics"] |= answered(found[task.name]["images"])
    return {"run": run, "part": part, "tasks": found}


def _label_names(table: SampleTable, task: ResolvedTask, rows: Ints, project_dir: Path) -> list[str]:
    """The label texts of rows; masks are named as pictures are."""
    texts = [table.label_texts(task.name)[at] for at in table.targets[task.name][rows].tolist()]
    return picture_names(map(Path, texts), project_dir) if task.kind == "mask" else texts
