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
    "label_accuracy",
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
        "label_accuracy": _tr("Right labels"),
        "score": _tr("Score of each kind"),
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
        "micro_f1": _tr("Micro F1: precision and recall over all labels of all pictures together"),
        "label_accuracy": _tr("Label accuracy: the share of yes and no answers that are right, over all labels"),
        "mean_average_precision": _tr("Mean over labels of the area under the curve of precision over recall"),
        "pixel_accuracy": _tr("Pixel accuracy: the share of pixels whose answer is right"),
        "score": _tr(
            "By each task's kind: right answers for classes, mean average precision for labels, explained share for "
            "numbers, mean overlap for masks; below 0 is drawn at 0"
        ),
        "mean_iou": _tr("Mean intersection over union of what is marked and what was said"),
    }.get(name, metric_title(name))


def metric_axis(name: str) -> str:
    """The title of an axis of validation values, with the unit."""
    if name in ("mae", "rmse"):
        return _tr("error, column's unit")
    if name in ("", "score"):
        return _tr("validation score, 0 to 1")
    return _tr("validation, 0 to 1") if name in SHARES else metric_title(name).lower()


def metric_limits(name: str) -> tuple[float, float] | None:
    """The fixed range of an axis; None where values may go beyond 0 to 1."""
    return (0.0, 1.0) if name in ("", "score", *SHARES) else None


def metric_text(name: str, value: float | None) -> str:
    """A metric's value as people read it."""
    if value is None:
        return "–"
    return percent(value) if name in SHARES or name == "calibration_error" else figure(value)


def doubt(interval: tuple[float, float] | None) -> str:
    """A 95 % interval of a share as "± 2.9" percentage points: half its width."""
    return "" if interval is None else f"± {(interval[1] - interval[0]) * 50:.1f}"
