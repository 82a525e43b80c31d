"""What the page shows of one run, read on a worker's thread."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.core.errors import RequestError, RunError
from workbench.core.resolved import load_resolved
from workbench.core.specs import PARTS
from workbench.gui.pages.mask_values import mask_values
from workbench.gui.pages.results.document import Evaluation, load, parse, stored_parts
from workbench.gui.pages.results.doubts.document import read_stored
from workbench.gui.pages.results.scored import MaskResult, TaskResult
from workbench.gui.widgets.gallery_model import GalleryItem

PREFERRED = ("test", "validation", "train")
"""Which stored part is shown first."""


@dataclass(frozen=True)
class RunDetails:
    """One run.

    Attributes:
        counts: labelled pictures per part, of the task that has most; empty where the run was never set up.
        stored: the parts that have stored results.
        part: the part that `evaluation` is of; empty where there is none.
    """

    run: str
    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    stored: tuple[str, ...] = ()
    part: str = ""
    evaluation: Evaluation | None = None


def read_details(folder: Path, wanted: str = "") -> RunDetails:
    """Read a run with the results of the part that is wanted, or of the best that is stored."""
    stored = tuple(stored_parts(folder))
    part = wanted or next((part for part in PREFERRED if part in stored), "")
    evaluation = load(folder, part) if part in stored else None
    if evaluation is not None:
        evaluation = _completed(evaluation, folder)
    return RunDetails(folder.name, folder, _counts(folder), stored, part, evaluation)


def read_answer(details: RunDetails, document: dict[str, Any]) -> RunDetails:
    """The same run with an evaluation that was just made."""
    evaluation = _completed(parse(document), details.folder)
    stored = tuple(stored_parts(details.folder))
    return RunDetails(details.run, details.folder, details.counts, stored, evaluation.part, evaluation)


def gallery_items(result: TaskResult, rows: Iterable[int], project_dir: Path) -> list[GalleryItem]:
    """The pictures of some rows with what is true and what was said."""
    base = str(project_dir)
    items = []
    for row in rows:
        path, caption = os.path.join(base, result.images[row]), result.caption(row)
        tip = f"{caption.tip}\n{path}" if caption.tip else ""
        items.append(GalleryItem(path, caption.text, caption.right, tip))
    return items


def part_title(part: str) -> str:
    """A part in words."""
    return {
        "train": QCoreApplication.translate("Parts", "Training"),
        "validation": QCoreApplication.translate("Parts", "Validation"),
        "test": QCoreApplication.translate("Parts", "Test"),
        "data": QCoreApplication.translate("Parts", "Other pictures"),
        "source": QCoreApplication.translate("Parts", "The run's own"),
        "target": QCoreApplication.translate("Parts", "Other domain"),
    }.get(part, part)


def _completed(evaluation: Evaluation, folder: Path) -> Evaluation:
    """The same with what other files of the project say of its pictures: which labels are doubted, and which pixel
    value of a mask stands for which class."""
    values, doubted = mask_values(folder), _doubted(folder.parent.parent)
    tasks = {}
    for name, result in evaluation.tasks.items():
        if isinstance(result, MaskResult):
            result = replace(result, values=values.get(name, []))
        if name in doubted:
            found = (image in doubted[name] for image in result.images)
            flags = np.fromiter(found, np.bool_, len(result.images))
            result = replace(result, marks={"doubted": flags, **result.marks})
        tasks[name] = result
    return replace(evaluation, tasks=tasks)


def _doubted(project_dir: Path) -> dict[str, set[str]]:
    """The pictures whose label of a task is in the latest list of doubts and not decided yet."""
    try:
        stored = read_stored(project_dir)
    except (OSError, ValueError, RequestError):
        return {}  # the page of doubts says what is wrong with the list; results can be looked at without it
    if stored.doubts is None:
        return {}
    return {
        task: {doubt.image for doubt in found.doubts if (task, doubt.image) not in stored.decided}
        for task, found in stored.doubts.tasks.items()
    }


def _counts(folder: Path) -> dict[str, int]:
    try:
        tasks = load_resolved(folder).tasks
    except RunError:
        return {}
    return {part: max((task.counts.get(part, 0) for task in tasks), default=0) for part in PARTS}
