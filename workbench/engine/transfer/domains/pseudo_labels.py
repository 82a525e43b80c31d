"""The `pseudo-labels` job: a sample table with the target pictures that a run is surest of, under its own answers.

Lee, "Pseudo-label", ICML workshop 2013: what a model is sure of is taken as truth and learned. Zou, Yu, Kumar and Wang,
"Unsupervised domain adaptation for semantic segmentation via class-balanced self-training", ECCV 2018: the surest share
of each class by itself, as else the classes that are easy on the target crowd out the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import ResolvedTask
from workbench.core.specs import PARTS, PseudoLabelSpec
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table_file import save_table
from workbench.engine.insight.evaluate import answer_rows
from workbench.engine.insight.metrics import softmax
from workbench.engine.insight.predictor import warm_predictor
from workbench.engine.transfer.derived import read_origin
from workbench.engine.transfer.domains.target import read_target

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def pseudo_labels(spec: PseudoLabelSpec, control: Control) -> Iterator[Event]:
    """Answer the target pictures, and write the run's table with the surest of them as training pictures.

    Labels that the target itself may have are not looked at, but to say how many of the answers are right.

    Yields:
        Progress, Notices, and one Result "pseudo-labels". Where it is told to end, no Result and no table.

    Raises:
        RequestError: the run has no task of one class a picture, or the target holds no picture.
        RunError: the run has kept no model or no table.
    """
    origin = read_origin(spec.origin_dir, spec.project_dir)
    tasks = [task for task in origin.resolved.tasks if task.kind == "single-label"]
    if not tasks:
        raise RequestError(
            "Sure answers can be told for tasks of one class a picture alone, and the run has none.",
            "Adapt with --method adabn.",
        )
    target = yield from read_target(
        spec.target, spec.labelled, origin.facts, spec.project_dir, origin.table.paths, control
    )
    if target is None:
        return
    predictor = warm_predictor(spec.origin_dir)
    rows = np.arange(len(target.table), dtype=np.int64)
    outputs = yield from answer_rows(spec.project_dir, predictor, target.table, rows, control, None)
    if outputs is None:
        return
    found: dict[str, Ints] = {}
    told: dict[str, Any] = {}
    for task in tasks:
        chances = softmax(outputs.answers[task.name])
        chances[~outputs.readable] = 0.0
        found[task.name] = surest(chances, spec.top)
        told[task.name] = _told(task, found[task.name], target.table.targets[task.name])
    table = composed(origin.table, target.table, found)
    save_table(table, spec.table, spec.project_dir)
    document = {"run": origin.run, "pictures": len(table) - len(origin.table), "of": len(rows), "tasks": told}
    yield Result(what="pseudo-labels", document=document)


def surest(chances: Floats, top: float) -> Ints:
    """(n,) the likeliest class of the pictures that are surest of it, else MISSING.

    Args:
        chances: (n, C); a row of zeros is a picture without an answer.
        top: of the pictures that are taken for a class, the share that is kept, at least one.
    """
    answers, sure = chances.argmax(axis=1), chances.max(axis=1)
    kept = np.full(len(chances), MISSING, np.int64)
    for at in np.unique(answers[sure > 0]).tolist():
        mine = np.flatnonzero((answers == at) & (sure > 0))
        count = max(1, int(np.floor(top * len(mine))))
        kept[mine[np.argsort(-sure[mine], kind="stable")[:count]]] = at
    return kept


def composed(source: SampleTable, target: SampleTable, labels: Mapping[str, Ints]) -> SampleTable:
    """The source's table, and behind it target pictures to train on, those that got a label."""
    labelled = np.zeros(len(target), np.bool_)
    for each in labels.values():
        labelled |= each != MISSING
    more = target.take(np.flatnonzero(labelled))
    first = int(source.copies.max(initial=-1)) + 1
    none = np.full(len(more), MISSING, np.int64)
    return replace(
        source,
        paths=[*source.paths, *more.paths],
        part=np.concatenate([source.part, np.full(len(more), PARTS.index("train"), np.int8)]),
        targets={
            task: np.concatenate([targets, labels[task][labelled] if task in labels else none])
            for task, targets in source.targets.items()
        },
        sizes=np.concatenate([source.sizes, more.sizes]),
        bytes=np.concatenate([source.bytes, more.bytes]),
        copies=np.concatenate([source.copies, first + np.arange(len(more), dtype=np.int64)]),
        groups=None,
    )


def _told(task: ResolvedTask, labels: Ints, truth: Ints) -> dict[str, Any]:
    """How many pictures of each class were taken, and of those with a label how many are right."""
    taken = labels != MISSING
    judged = taken & (truth != MISSING)
    counts = np.bincount(labels[taken], minlength=len(task.classes)).tolist()
    return {
        "pictures": int(taken.sum()),
        "classes": dict(zip(task.classes, counts, strict=True)),
        "judged": int(judged.sum()),
        "right": int((labels[judged] == truth[judged]).sum()),
    }
