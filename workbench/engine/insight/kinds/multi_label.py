"""Pictures with any number of labels: answers are logits (n, L), truth is (n, L) int8, 0 or 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from workbench.core.resolved import ResolvedTask
from workbench.engine.data.targets.multi_label import join_labels, labels_in
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.kinds.base import Array, Metrics, Report

THRESHOLD = 0.5
"""Probability from which a label is said."""
_POINTS = 101


class MultiLabelReport(Report):
    """Mean average precision over labels that occur, F1 by label and over all, and the share of right answers."""

    columns = ("target", "prediction", "confidence")

    def width(self, task: ResolvedTask) -> int:
        return len(task.classes)

    def known(self, task: ResolvedTask, label: str) -> tuple[str | None, list[str]]:
        labels = labels_in(label)
        unknown = [name for name in labels if name not in task.classes]
        kept = [name for name in labels if name in task.classes]
        return (join_labels(kept) if kept or not unknown else None), unknown

    def guessing(self, task: ResolvedTask) -> float:
        return math.log(2)

    def metrics(self, task: ResolvedTask, answers: Array, truth: Array) -> Metrics:
        if not len(truth):
            return dict.fromkeys(("loss", "mean_average_precision", "macro_f1", "micro_f1", "label_accuracy"))
        logits, present = answers.astype(np.float64), truth > 0
        said = logits > 0
        hits, said_count, count = (present & said).sum(axis=0), said.sum(axis=0), present.sum(axis=0)
        precisions = [scores.average_precision(logits[:, at], present[:, at]) for at in range(len(task.classes))]
        known = [value for value in precisions if value is not None]
        by_label = scores.f1(hits, said_count, count)
        loss = np.logaddexp(0, np.where(present, -logits, logits)).mean()
        return {
            "loss": float(loss),
            "mean_average_precision": float(np.mean(known)) if known else None,
            "macro_f1": float(np.nanmean(by_label)) if np.isfinite(by_label).any() else None,
            "micro_f1": scores.finite(scores.f1(hits.sum(), said_count.sum(), count.sum())),
            "label_accuracy": float((present == said).mean()),
        }

    def document(
        self, task: ResolvedTask, answers: Array, truth: Array, images: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Any]:
        probabilities, present = expit(answers.astype(np.float64)), truth > 0
        said = probabilities > THRESHOLD
        hits = (present & said).sum(axis=0)
        precision, recall = scores.share_of(hits, said.sum(axis=0)), scores.share_of(hits, present.sum(axis=0))
        intervals = {
            "mean_average_precision": scores.mean_average_precision_interval(answers.astype(np.float64), present),
            "label_accuracy": scores.mean_interval((present == said).mean(axis=1)) if len(truth) else None,
            **scores.f1_intervals(present, said),
        }
        rows = zip(images, present, probabilities, strict=True)
        return {
            "kind": "multi-label",
            "count": len(truth),
            "metrics": {
                **self.metrics(task, answers, truth),
                "macro_precision": scores.mean_known(precision),
                "macro_recall": scores.mean_known(recall),
                "calibration_error": scores.calibration_error(probabilities.ravel(), present.ravel()),
                **scores.said_intervals(intervals),
            },
            "classes": task.classes,
            "per_label": [
                _label(name, probabilities[:, at], present[:, at]) for at, name in enumerate(task.classes)
            ],
            "images": [
                {
                    "image": image,
                    "target": _names(task.classes, there),
                    "prediction": _names(task.classes, sure > THRESHOLD),
                    "probabilities": [round(value, 6) for value in sure.tolist()],
                }
                for image, there, sure in rows
            ],
        }

    def cells(
        self, task: ResolvedTask, answers: Array, truth: Array, labelled: npt.NDArray[np.bool_]
    ) -> list[list[object]]:
        probabilities = expit(answers.astype(np.float64))
        cells: list[list[object]] = []
        for there, sure, known in zip(truth, probabilities, labelled.tolist(), strict=True):
            said = sure > THRESHOLD
            least = float(np.where(said, sure, 1 - sure).min(initial=1.0))  # of the least certain answer
            target = "|".join(_names(task.classes, there > 0)) if known else ""
            cells.append([target, "|".join(_names(task.classes, said)), f"{least:.6f}"])
        return cells

    def answer(self, task: ResolvedTask, answers: Array) -> dict[str, Any]:
        probabilities = expit(answers.astype(np.float64))
        return {
            "labels": _names(task.classes, probabilities > THRESHOLD),
            "probabilities": dict(zip(task.classes, probabilities.tolist(), strict=True)),
        }


def _names(classes: Sequence[str], chosen: npt.NDArray[np.bool_]) -> list[str]:
    return [classes[at] for at in np.flatnonzero(chosen).tolist()]


def _label(name: str, probability: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """One label's scores at the threshold, and its curve with thresholds rising."""
    said = probability > THRESHOLD
    hits, count = int((said & present).sum()), int(present.sum())
    precision, recall, threshold = scores.precision_recall(probability, present)
    chosen = np.unique(np.linspace(0, len(threshold) - 1, min(_POINTS, len(threshold))).round().astype(int))[::-1]
    return {
        "label": name,
        "count": count,
        "precision": hits / int(said.sum()) if said.any() else None,
        "recall": hits / count if count else None,
        "f1": scores.finite(scores.f1(hits, int(said.sum()), count)),
        "average_precision": scores.average_precision(probability, present),
        "curve": {
            "threshold": threshold[chosen].tolist(),
            "precision": precision[chosen].tolist(),
            "recall": recall[chosen].tolist(),
        },
    }
