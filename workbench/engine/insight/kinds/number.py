"""Pictures with a number: answers are (n, 2), value and spread in the column's unit, truth is (n,) float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.kinds.base import Array, Metrics, Report

Z90 = 1.6448536269514722
"""Half the width of the 90 % interval of a normal distribution, in standard deviations."""


class NumberReport(Report):
    """Errors in the column's unit beside those of always answering the training mean, and how often intervals hold."""

    columns = ("target", "prediction", "spread")

    def width(self, task: ResolvedTask) -> int:
        return 2

    def guessing(self, task: ResolvedTask) -> float:
        return task.deviation

    def metrics(self, task: ResolvedTask, answers: Array, truth: Array) -> Metrics:
        if not len(truth):
            return dict.fromkeys(("loss", "mae", "rmse", "r2"))
        errors = answers[:, 0].astype(np.float64) - truth
        around = float(((truth - truth.mean()) ** 2).sum())
        mae = float(np.abs(errors).mean())
        return {
            "loss": mae,
            "mae": mae,
            "rmse": float(np.sqrt((errors**2).mean())),
            "r2": 1 - float((errors**2).sum()) / around if around > 0 else None,
        }

    def document(
        self, task: ResolvedTask, answers: Array, truth: Array, images: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Any]:
        values, spread = answers.astype(np.float64).T
        errors = np.abs(values - truth)
        interval = scores.mean_interval(errors)
        rows = zip(images, truth.tolist(), values.tolist(), spread.tolist(), strict=True)
        return {
            "kind": "number",
            "count": len(truth),
            "metrics": {
                **self.metrics(task, answers, truth),
                "mae_interval": [max(0.0, interval[0]), interval[1]] if interval else None,
                "coverage": float((errors <= Z90 * spread).mean()) if len(truth) else None,
            },
            "constant_mae": float(np.abs(truth - task.mean).mean()) if len(truth) else None,
            "images": [
                {"image": image, "target": target, "prediction": value, "spread": width}
                for image, target, value, width in rows
            ],
        }

    def cells(
        self, task: ResolvedTask, answers: Array, truth: Array, labelled: npt.NDArray[np.bool_]
    ) -> list[list[object]]:
        rows = zip(truth.tolist(), answers.tolist(), labelled.tolist(), strict=True)
        return [
            [target if known else "", f"{value:.7g}", f"{spread:.7g}"] for target, (value, spread), known in rows
        ]

    def answer(self, task: ResolvedTask, answers: Array) -> dict[str, Any]:
        value, spread = answers.astype(np.float64).tolist()
        return {"value": value, "spread": spread, "interval": [value - Z90 * spread, value + Z90 * spread]}
