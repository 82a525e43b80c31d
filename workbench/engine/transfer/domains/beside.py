"""Two models beside each other on pictures of the target and of the source, so that gain and harm are both seen."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import Part
from workbench.core.verdict import LEVEL, SCORE_NAMES, grain, is_error, picture_scores
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.compare.job import answers_of
from workbench.engine.insight.compare.paired import compared
from workbench.engine.insight.evaluate import answer_rows
from workbench.engine.insight.metrics import mean_interval, softmax, wilson
from workbench.engine.insight.outputs import Outputs, part_document
from workbench.engine.insight.predictor import Predictor
from workbench.engine.transfer.domains.target import Target

Floats = npt.NDArray[np.float64]
_Tasks = dict[str, dict[str, Any]]
TARGET = "target"
_SEEN_AGAIN: tuple[Part, ...] = ("test", "validation")
"""Parts of the source that a model is scored on again."""
_WORDS = {1: "better", 0: "within noise", -1: "worse"}


@dataclass(frozen=True)
class Side:
    """A run with its model."""

    folder: Path
    model: Predictor


def beside(
    before: Side, after: Side, source: SampleTable, target: Target, project_dir: Path, control: Control
) -> Generator[Event, None, dict[str, Any] | None]:
    """Score both models on the target, where it has labels, and on test and validation of the source.

    Intervals are of 95 %; differences are tested on the same pictures, as in `compare`.

    Yields:
        Progress and Notices.

    Returns:
        {"target": …, "tasks": {task: {"score", "rows": [{"on", "pictures", "before", "after", "difference", …}],
        "changed": …}}}; None when told to end.
    """
    found: dict[str, dict[str, Any]] = {
        name: {"kind": task.kind, "score": SCORE_NAMES[task.kind], "rows": [], "changed": None}
        for name, task in before.model.facts.items()
    }
    everything = np.arange(len(target.table), dtype=np.int64)
    answers = []
    for side in (before, after):
        outputs = yield from answer_rows(project_dir, side.model, target.table, everything, control, None)
        if outputs is None:
            return None
        answers.append(outputs)
    documents = [
        _document(side.model, TARGET, outputs, target.table, project_dir)
        for side, outputs in zip((before, after), answers, strict=True)
    ]
    _add(found, TARGET, documents[0], documents[1])
    for name in target.table.tasks:
        if found[name]["kind"] == "single-label":
            found[name]["changed"] = _changed(name, *answers)
    for part in (part for part in _SEEN_AGAIN if len(source.rows(part))):
        documents = []
        for side in (before, after):
            document = yield from answers_of(side.folder, project_dir, part, control)
            if control.ending:
                return None
            documents.append(document["tasks"])
        _add(found, part, documents[0], documents[1])
    facts = {"folder": str(target.folder), "pictures": len(target.table), "labelled": target.labelled}
    return {"target": facts, "tasks": found}


def _add(found: dict[str, dict[str, Any]], on: str, before: _Tasks, after: _Tasks) -> None:
    """Add a row to each task that both have answered pictures with labels of."""
    for name in found.keys() & before.keys() & after.keys():
        row = _row(on, before[name], after[name])
        if row["pictures"]:
            found[name]["rows"].append(row)


def _document(model: Predictor, on: str, outputs: Outputs, table: SampleTable, project_dir: Path) -> _Tasks:
    tasks = [model.facts[task] for task in table.tasks]
    documents: _Tasks = part_document("", on, outputs, table, tasks, project_dir)["tasks"]
    return documents


def _row(on: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    one, other = picture_scores(before), picture_scores(after)
    images = [image for image in one if image in other]
    sides = [np.array([each[image] for image in images], np.float64) for each in (one, other)]
    difference = compared(sides[0][None], sides[1][None], LEVEL, grain(before))
    kind = str(before["kind"])
    return {
        "on": on,
        "pictures": len(images),
        "before": score_of(kind, sides[0]),
        "after": score_of(kind, sides[1]),
        "difference": difference.value,
        "interval": difference.interval,
        "p": difference.p,
        "test": difference.test,
        "conclusion": _WORDS[difference.beyond_noise],
    }


def score_of(kind: str, scores: Floats) -> dict[str, Any]:
    """The mean of pictures' scores (n,) with its 95 % interval; an error is a number above 0 again."""
    if not len(scores):
        return {"score": None, "interval": None}
    if kind == "single-label":
        interval = wilson(int(scores.sum()), len(scores))
    else:
        interval = mean_interval(-scores if is_error(kind) else scores)
    return {"score": float(-scores.mean() if is_error(kind) else scores.mean()), "interval": interval}


def _changed(task: str, before: Outputs, after: Outputs) -> dict[str, Any]:
    """How many target pictures are answered otherwise, and how sure both are on average: no label is needed for it."""
    readable = before.readable & after.readable
    one, other = (softmax(each.answers[task][readable]) for each in (before, after))
    if not len(one):
        return {"pictures": 0, "share": None, "confidence": [None, None]}
    return {
        "pictures": len(one),
        "share": float((one.argmax(axis=1) != other.argmax(axis=1)).mean()),
        "confidence": [float(each.max(axis=1).mean()) for each in (one, other)],
    }
