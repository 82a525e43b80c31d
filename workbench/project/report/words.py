"""How a report says scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.core.text import minus, percent

TITLES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "macro_precision": "macro precision",
    "macro_recall": "macro recall",
    "micro_f1": "micro F1",
    "mean_average_precision": "mean average precision",
    "label_accuracy": "label accuracy",
    "answered": "answered, not abstained",
    "answered_accuracy": "accuracy where answered",
    "calibration_error": "expected calibration error",
    "loss": "loss",
    "mae": "mean absolute error",
    "rmse": "root mean square error",
    "r2": "R²",
    "coverage": "numbers within the 90 % interval",
    "mean_iou": "mean IoU",
    "pixel_accuracy": "pixel accuracy",
}
_FIGURES = ("loss", "mae", "rmse", "r2")
"""Metrics that are no share."""
PARTS = {"train": "training", "validation": "validation", "test": "test"}


def metric_title(name: str) -> str:
    """What a metric is called."""
    return TITLES.get(name, name.replace("_", " "))


def metric_text(name: str, value: float | None) -> str:
    """A metric's value as people read it."""
    return figure(value) if name in _FIGURES else percent(value)


def interval_text(name: str, metrics: Mapping[str, Any]) -> str:
    """A metric's 95 % interval; empty where it is not known."""
    found = metrics.get(f"{name}_interval")
    return "" if not found or None in found else f"{metric_text(name, found[0])} to {metric_text(name, found[1])}"


def figure(value: float | None) -> str:
    """A number with four digits."""
    return "–" if value is None else minus(f"{value:.4g}")


def score_rows(metrics: Mapping[str, Any]) -> list[list[str]]:
    """Metric, value and interval, a row for each metric that is a number."""
    names = [name for name, value in metrics.items() if isinstance(value, int | float) or value is None]
    return [
        [metric_title(name), metric_text(name, metrics[name]), interval_text(name, metrics)]
        for name in names
        if not name.endswith("_interval")
    ]
