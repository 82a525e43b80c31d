"""Pictures with a mask: of each picture (K² + 1) numbers are kept, its pixel confusion at its own size and its loss."""

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

_RESAMPLES = 200


class MaskReport(Report):
    """Intersection over union of each class over all pixels, its mean, and the share of right pixels."""

    columns = ("target", "prediction", "iou")

    def width(self, task: ResolvedTask) -> int:
        return len(task.classes) ** 2 + 1

    def guessing(self, task: ResolvedTask) -> float:
        return math.log(max(len(task.classes), 2))

    def metrics(self, task: ResolvedTask, answers: Array, truth: Array) -> Metrics:
        matrices, losses = _parted(task, answers)
        total = matrices.sum(axis=0)
        return {
            "loss": float(losses.mean()) if len(losses) else None,
            "mean_iou": scores.finite(mean_iou(total)),
            "pixel_accuracy": scores.accuracy(total),
        }

    def document(
        self, task: ResolvedTask, answers: Array, truth: Array, images: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Any]:
        matrices, _ = _parted(task, answers)
        total = matrices.sum(axis=0)
        pixels = max(1, int(total.sum()))
        rows = zip(images, labels, matrices, strict=True)
        return {
            "kind": "mask",
            "count": len(matrices),
            "metrics": {**self.metrics(task, answers, truth), **scores.said_intervals(_intervals(matrices))},
            "classes": task.classes,
            "confusion": total.tolist(),
            "by_similarity": by_similarity(task.classes, total),
            "per_class": [
                {"class": name, "iou": scores.finite(iou), "share": int(row.sum()) / pixels}
                for name, iou, row in zip(task.classes, class_ious(total), total, strict=True)
            ],
            "images": [
                {
                    "image": image,
                    "mask": mask,
                    "iou": scores.finite(mean_iou(matrix)),
                    "pixel_accuracy": scores.accuracy(matrix),
                }
                for image, mask, matrix in rows
            ],
        }

    def cells(
        self, task: ResolvedTask, answers: Array, truth: Array, labelled: npt.NDArray[np.bool_]
    ) -> list[list[object]]:
        matrices, _ = _parted(task, answers)
        cells: list[list[object]] = []
        for matrix, known in zip(matrices, labelled.tolist(), strict=True):
            iou = scores.finite(mean_iou(matrix)) if known else None
            cells.append(["mask" if known else "", "mask", "" if iou is None else f"{iou:.6f}"])
        return cells

    def answer(self, task: ResolvedTask, answers: Array) -> dict[str, Any]:
        """From the share of each class among a picture's pixels, (K,); the mask itself is written by `predict`."""
        return {"mask": None, "areas": dict(zip(task.classes, answers.tolist(), strict=True))}


def class_ious(matrix: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(K,) intersection over union from pixel counts (K, K); NaN for a class that is neither there nor said."""
    either = matrix.sum(axis=0) + matrix.sum(axis=1) - np.diag(matrix)
    return np.where(either > 0, np.diag(matrix) / np.maximum(either, 1), np.nan)


def mean_iou(matrix: npt.NDArray[np.int64]) -> float:
    """The mean over classes that are there or were said; NaN where no pixel is known."""
    ious = class_ious(matrix)
    return float(np.nanmean(ious)) if np.isfinite(ious).any() else float("nan")


def _intervals(matrices: npt.NDArray[np.int64]) -> dict[str, tuple[float, float] | None]:
    """The 95 % intervals of mean IoU and pixel accuracy by resampling pictures (percentile bootstrap, Efron 1979)."""
    if len(matrices) < 2:
        return {"mean_iou": None, "pixel_accuracy": None}
    draws = np.random.default_rng(0).integers(0, len(matrices), (_RESAMPLES, len(matrices)))
    totals = [matrices[draw].sum(axis=0) for draw in draws]
    found = {
        "mean_iou": [mean_iou(total) for total in totals],
        "pixel_accuracy": [np.trace(total) / max(1, total.sum()) for total in totals],
    }
    ends = {name: np.nanpercentile(values, [2.5, 97.5]) for name, values in found.items()}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}


def _parted(task: ResolvedTask, answers: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(n, K, K) pixel counts, rows what pixels are and columns what they were taken for, and (n,) losses in nats."""
    classes = len(task.classes)
    return answers[:, :-1].round().astype(np.int64).reshape(-1, classes, classes), answers[:, -1].astype(np.float64)
