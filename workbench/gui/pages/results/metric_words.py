"""Metrics in plain words, with the technical name behind."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.numbers import figure, percent

SHARES = (
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "micro_f1",
    "mean_average_precision",
    "mean_iou",
    "pixel_accuracy",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Metrics", text)


def metric_title(name: str) -> str:
    """What a metric is called."""
    return {
        "accuracy": _tr("Right answers"),
        "balanced_accuracy": _tr("Mean over classes"),
        "macro_f1": _tr("Macro F1"),
        "calibration_error": _tr("Confidence error"),
        "loss": _tr("Loss"),
        "mae": _tr("Mean error"),
        "rmse": _tr("Root mean square error"),
        "r2": _tr("Explained share"),
        "micro_f1": _tr("Micro F1"),
        "mean_average_precision": _tr("Mean average precision"),
        "mean_iou": _tr("Mean overlap"),
        "pixel_accuracy": _tr("Right pixels"),
    }.get(name, name.replace("_", " ").capitalize())


def metric_help(name: str) -> str:
    """What a metric means, with its technical name."""
    return {
        "accuracy": _tr("Accuracy: the share of pictures whose answer is right"),
        "balanced_accuracy": _tr("Balanced accuracy: the mean of each class's share of right answers"),
        "macro_f1": _tr("Macro F1: the mean over classes of the harmonic mean of precision and recall"),
        "calibration_error": _tr("Expected calibration error: how far confidence is from the share of right answers"),
        "loss": _tr("Cross entropy, in nats: how surprised the model is by the right answers"),
        "mae": _tr("Mean absolute error, in the column's unit"),
        "rmse": _tr("Root mean square error, in the column's unit: large errors count more"),
        "r2": _tr("R²: the share of the numbers' variance that the model explains"),
        "mean_iou": _tr("Mean intersection over union of what is marked and what was said"),
    }.get(name, metric_title(name))


def metric_text(name: str, value: float | None) -> str:
    """A metric's value as people read it."""
    if value is None:
        return "–"
    return percent(value) if name in SHARES or name == "calibration_error" else figure(value)


def doubt(interval: tuple[float, float] | None) -> str:
    """A 95 % interval of a share as "± 2.9" percentage points: half its width."""
    return "" if interval is None else f"± {(interval[1] - interval[0]) * 50:.1f}"
