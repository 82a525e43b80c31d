"""The `neighbours` job: the training pictures that a run's model sees most like a given picture."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import TABLE_FILE, ResolvedTask
from workbench.core.specs import PARTS, NeighboursSpec
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.embedding.features import run_features
from workbench.engine.insight.embedding.nearest import Known
from workbench.engine.insight.embedding.said import TOLD, agree, answered, words
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.predictor import Answer, Predictor, warm_predictor


def neighbours(spec: NeighboursSpec, control: Control) -> Iterator[Event]:
    """Find the training pictures nearest to a picture, by the cosine of what the run's backbone makes of them.

    Yields:
        Progress where features of training pictures are to be computed first, and one Result "neighbours". Where it is
        told to end, no Result.

    Raises:
        RequestError: the picture cannot be read, or no training picture can.
        RunError: the run has kept no model or no table.
    """
    predictor = warm_predictor(spec.run_dir)
    (answer,) = predictor.predict([spec.image])
    if answer.features is None:
        raise RequestError(f"{spec.image} cannot be read: {answer.error}.", "Choose another picture.")
    known = yield from _known(spec, predictor, control)
    if known is None:
        return
    if not len(known.rows):
        raise RequestError(f"No training picture of run {spec.run} can be read.", "Check that they are still there.")
    own = _row(known.table, spec.image)
    rows, distances = known.nearest(answer.features, spec.count, without=own)
    told = [_told(task, known.table, own, rows, answer) for task in predictor.facts.values() if task.kind in TOLD]
    names = picture_names(known.table.paths, spec.project_dir)
    document = {
        "run": spec.run,
        "image": str(spec.image),
        "part": PARTS[int(known.table.part[own])] if own >= 0 else None,
        "tasks": {task["task"]: {key: task[key] for key in ("kind", "label", "answer")} for task in told},
        "neighbours": [
            {
                "image": names[row],
                "distance": distance,
                "tasks": {task["task"]: {"label": task["labels"][at], "same": task["same"][at]} for task in told},
            }
            for at, (row, distance) in enumerate(zip(rows.tolist(), distances.tolist(), strict=True))
        ],
    }
    yield Result(what="neighbours", document=document)


def _known(spec: NeighboursSpec, predictor: Predictor, control: Control) -> Generator[Event, None, Known | None]:
    """The training pictures, from memory where they were asked for before; None when told to end."""
    if predictor.known is None:
        table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
        rows = table.rows("train")
        found = yield from run_features(predictor, spec.project_dir, spec.run_dir, table, rows, control)
        if found is None:
            return None
        predictor.known = Known.of(table, rows[found.readable], found.values[torch.from_numpy(found.readable)])
    return predictor.known


def _row(table: SampleTable, image: Path) -> int:
    """The row of a picture; -1 where it is not one of the run's."""
    wanted = os.path.abspath(image)
    return next((row for row, path in enumerate(table.paths) if str(path) == wanted), -1)


def _told(
    task: ResolvedTask, table: SampleTable, own: int, rows: npt.NDArray[np.int64], answer: Answer
) -> dict[str, Any]:
    """What a task says of the picture and of its neighbours; the same is what has the picture's label, or where it has
    none, what the model answers."""
    encoded = table.encoded(task.name)
    said = answered(task, answer.answers[task.name].numpy()[None])
    (label,) = words(task, encoded[[own]]) if own >= 0 else (None,)
    labels, reference = words(task, encoded[rows]), said if label is None else encoded[[own]]
    same = agree(task, encoded[rows], reference)
    there = table.targets[task.name][rows] != MISSING
    return {
        "task": task.name,
        "kind": task.kind,
        "label": label,
        "answer": words(task, said)[0],
        "labels": labels,
        "same": [bool(each) if known else None for each, known in zip(same, there, strict=True)]
        if same is not None
        else [None] * len(rows),
    }
