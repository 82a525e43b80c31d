"""Pictures with a number: answers are (n, 2), value and spread in the column's unit, truth is (n,) float64."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight import metrics as scores
from workbench.engine.insight.kinds.base import Array, Metrics, Report

Z90 = 1.6448536269514722
"""Half the width of the 90 % interval of a normal distribution, in standard deviations."""

_AT_ONCE = 4
"""Numbers that are held of each picture in each bootstrap."""


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
        inside = errors <= Z90 * spread
        rows = zip(images, truth.tolist(), values.tolist(), spread.tolist(), strict=True)
        return {
            "kind": "number",
            "count": len(truth),
            "metrics": {
                **self.metrics(task, answers, truth),
                "coverage": float(inside.mean()) if len(truth) else None,
                **scores.said_intervals({"mae": scores.mean_interval(errors), "rmse": _root(errors)}, high=math.inf),
                **scores.said_intervals({"r2": _explained(errors, truth)}, low=-math.inf),
                **scores.said_intervals({"coverage": scores.wilson(int(inside.sum()), len(truth))}),
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


def _root(errors: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """The 95 % interval of the root mean square of errors (n,): that of the logarithm of the mean square, since squares
    are skewed."""
    squares, found = errors**2, scores.mean_interval(errors**2)
    if found is None or not squares.any():
        return None
    mean = float(squares.mean())
    reach = math.exp((found[1] - mean) / mean / 2)
    return math.sqrt(mean) / reach, math.sqrt(mean) * reach


def _explained(errors: npt.NDArray[np.float64], truth: Array) -> tuple[float, float] | None:
    """The 95 % interval of R² by the bootstrap of pictures (Efron 1979); None where the numbers do not vary."""
    if len(truth) < 2 or not np.ptp(truth):
        return None
    times = np.vstack([np.ones(len(truth)), scores.times_drawn(len(truth), _AT_ONCE)])
    centred = truth - truth.mean()
    varied = times @ centred**2 - (times @ centred) ** 2 / len(truth)
    found = 1 - times @ errors**2 / np.where(varied > 0, varied, np.nan)
    return scores.around(float(found[0]), found[1:])
