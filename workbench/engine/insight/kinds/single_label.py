"""Pictures with exactly one class: answers are logits (n, C), truth is (n,) int64."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.class_order import by_similarity
from workbench.engine.insight.kinds.base import Array, Metrics, Report


class SingleLabelReport(Report):
    """Accuracy with its interval, balanced accuracy, macro F1, calibration, and a confusion matrix."""

    columns = ("target", "prediction", "confidence")

    def width(self, task: ResolvedTask) -> int:
        return len(task.classes)

    def known(self, task: ResolvedTask, label: str) -> tuple[str | None, list[str]]:
        return (label, []) if label in task.classes else (None, [label])

    def guessing(self, task: ResolvedTask) -> float:
        return math.log(max(len(task.classes), 2))

    def metrics(self, task: ResolvedTask, answers: Array, truth: Array) -> Metrics:
        matrix = scores.confusion(truth, answers.argmax(axis=1), len(task.classes))
        return {
            "loss": scores.cross_entropy(answers, truth),
            "accuracy": scores.accuracy(matrix),
            "balanced_accuracy": scores.balanced_accuracy(matrix),
            "macro_f1": scores.macro_f1(matrix),
        }

    def document(
        self, task: ResolvedTask, answers: Array, truth: Array, images: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Any]:
        classes = task.classes
        predictions, confidence = _best(answers)
        matrix = scores.confusion(truth, predictions, len(classes))
        hits = np.diag(matrix)
        intervals = {
            "accuracy": scores.wilson(int(np.trace(matrix)), len(truth)),
            "balanced_accuracy": scores.balanced_accuracy_interval(matrix),
            "macro_f1": scores.macro_f1_interval(matrix),
        }
        rows = zip(images, truth.tolist(), predictions.tolist(), confidence.tolist(), strict=True)
        return {
            "kind": "single-label",
            "count": len(truth),
            "metrics": {
                "accuracy": scores.accuracy(matrix),
                "balanced_accuracy": scores.balanced_accuracy(matrix),
                "macro_f1": scores.macro_f1(matrix),
                "macro_precision": scores.mean_known(scores.share_of(hits, matrix.sum(axis=0))),
                "macro_recall": scores.mean_known(scores.share_of(hits, matrix.sum(axis=1))),
                "calibration_error": scores.calibration_error(confidence, predictions == truth),
                "loss": scores.cross_entropy(answers, truth),
                **scores.said_intervals(intervals),
            },
            "classes": classes,
            "confusion": matrix.tolist(),
            "by_similarity": by_similarity(classes, matrix),
            "images": [
                {"image": image, "target": classes[target], "prediction": classes[prediction], "confidence": sure}
                for image, target, prediction, sure in rows
            ],
        }

    def cells(
        self, task: ResolvedTask, answers: Array, truth: Array, labelled: npt.NDArray[np.bool_]
    ) -> list[list[object]]:
        predictions, confidence = _best(answers)
        rows = zip(truth.tolist(), predictions.tolist(), confidence.tolist(), labelled.tolist(), strict=True)
        return [
            [task.classes[target] if known else "", task.classes[said], f"{sure:.6f}"]
            for target, said, sure, known in rows
        ]

    def answer(self, task: ResolvedTask, answers: Array) -> dict[str, Any]:
        probabilities: list[float] = scores.softmax(answers[None])[0].tolist()
        confidence = max(probabilities)
        return {
            "label": task.classes[probabilities.index(confidence)],
            "confidence": confidence,
            "probabilities": dict(zip(task.classes, probabilities, strict=True)),
        }


def _best(logits: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The most probable class (n,) and its probability (n,)."""
    probabilities = scores.softmax(logits)
    predictions = probabilities.argmax(axis=1)
    return predictions, probabilities[np.arange(len(predictions)), predictions]
