"""What a network answered for rows of a table, and the document that says how good that was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.engine.insight import metrics as scores

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Outputs:
    """Answers for n pictures.

    Attributes:
        rows: (n,) of the sample table.
        logits: for each task (n, C) float32.
        readable: (n,) bool; the others have no answer.
    """

    rows: Ints
    logits: dict[str, npt.NDArray[np.float32]]
    readable: npt.NDArray[np.bool_]

    def labelled(self, targets: Ints) -> npt.NDArray[np.bool_]:
        """(n,) which of the pictures have an answer and a label; `targets` is of the whole table."""
        return self.readable & (targets[self.rows] >= 0)


def epoch_metrics(outputs: Outputs, targets: Mapping[str, Ints]) -> dict[str, dict[str, float | None]]:
    """Loss and scores per task over the pictures that have a label of it."""
    result = {}
    for task, logits in outputs.logits.items():
        chosen = outputs.labelled(targets[task])
        result[task] = scores.classification_metrics(logits[chosen], targets[task][outputs.rows[chosen]])
    return result


def part_document(
    run: str,
    part: str,
    outputs: Outputs,
    targets: Mapping[str, Ints],
    classes: Mapping[str, list[str]],
    images: Sequence[str],
) -> dict[str, Any]:
    """The JSON of `evaluate` for a part.

    Args:
        targets: for each task (N,) over the whole table, -1 where missing.
        images: (N,) how each picture of the table is named.
    """
    tasks = {}
    for task, logits in outputs.logits.items():
        chosen = outputs.labelled(targets[task])
        rows = outputs.rows[chosen]
        names = [images[row] for row in rows.tolist()]
        tasks[task] = task_document(logits[chosen], targets[task][rows], classes[task], names)
    return {"run": run, "part": part, "tasks": tasks}


def task_document(
    logits: npt.NDArray[np.float32], targets: Ints, classes: list[str], images: Sequence[str]
) -> dict[str, Any]:
    """One task's part of the document: (n, C) logits and (n,) targets of the pictures named."""
    probabilities = scores.softmax(logits)
    predictions = probabilities.argmax(axis=1)
    confidence = probabilities[np.arange(len(targets)), predictions]
    matrix = scores.confusion(targets, predictions, len(classes))
    interval = scores.wilson(int(np.trace(matrix)), len(targets))
    rows = zip(images, targets.tolist(), predictions.tolist(), confidence.tolist(), strict=True)
    return {
        "kind": "single-label",
        "count": len(targets),
        "metrics": {
            "accuracy": scores.accuracy(matrix),
            "accuracy_interval": list(interval) if interval else None,
            "balanced_accuracy": scores.balanced_accuracy(matrix),
            "macro_f1": scores.macro_f1(matrix),
            "calibration_error": scores.calibration_error(confidence, predictions == targets),
            "loss": scores.cross_entropy(logits, targets),
        },
        "classes": classes,
        "confusion": matrix.tolist(),
        "images": [
            {"image": image, "target": classes[target], "prediction": classes[prediction], "confidence": sure}
            for image, target, prediction, sure in rows
        ],
    }
