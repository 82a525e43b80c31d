"""Metrics in plain words, with the technical name behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QCoreApplication

from workbench.core.kinds import KINDS
from workbench.core.text import minus
from workbench.gui.numbers import figure, measured, percent

SHOWN: dict[str, str] = {kind: "mae" if kind == "number" else facts.metric for kind, facts in KINDS.items()}
"""The metric of each kind of task that stands for it: the one that chooses checkpoints, but an error in its unit."""
LOWER_IS_BETTER = frozenset({"mae", "rmse", "loss", "calibration_error"})
_SKEWED = 0.25
"""Share of an interval's width by which its two sides may differ where half the width stands for both."""
SHARES = (
    "accuracy",
    "label_accuracy",
    "coverage",
    "balanced_accuracy",
    "macro_f1",
    "macro_precision",
    "macro_recall",
    "micro_f1",
    "mean_average_precision",
    "mean_iou",
    "pixel_accuracy",
    "answered",
    "answered_accuracy",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Metrics", text)


def metric_title(name: str) -> str:
    """What a metric is called."""
    return {
        "accuracy": _tr("Right answers"),
        "balanced_accuracy": _tr("Mean over classes"),
        "macro_f1": _tr("Macro F1"),
        "macro_precision": _tr("Mean precision"),
        "macro_recall": _tr("Mean recall"),
        "calibration_error": _tr("Confidence error"),
        "loss": _tr("Loss"),
        "mae": _tr("Mean error"),
        "rmse": _tr("Root mean square error"),
        "r2": _tr("Explained share (R²)"),
        "coverage": _tr("Within the interval"),
        "label_accuracy": _tr("Right labels"),
        "micro_f1": _tr("Micro F1"),
        "score": _tr("Score of each kind"),
        "mean_average_precision": _tr("Mean average precision"),
        "mean_iou": _tr("Mean overlap"),
        "pixel_accuracy": _tr("Right pixels"),
        "answered": _tr("Answered"),
        "answered_accuracy": _tr("Right where answered"),
    }.get(name, name.replace("_", " ").capitalize())


def metric_help(name: str) -> str:
    """What a metric means, with its technical name."""
    return {
        "accuracy": _tr("Accuracy: the share of pictures whose answer is right"),
        "balanced_accuracy": _tr("Balanced accuracy: the mean of each class's share of right answers"),
        "macro_f1": _tr("Macro F1: the mean over classes of the harmonic mean of precision and recall"),
        "macro_precision": _tr("Macro precision: the mean over classes of the share of right answers among those said"),
        "macro_recall": _tr("Macro recall: the mean over classes of the share of what is there that was said"),
        "calibration_error": _tr("Expected calibration error: how far confidence is from the share of right answers"),
        "loss": _tr("Loss: what training makes small; in nats for classes, in the column's unit for numbers"),
        "mae": _tr("Mean absolute error, in the column's unit"),
        "rmse": _tr("Root mean square error, in the column's unit: large errors count more"),
        "r2": _tr("R²: the share of the numbers' variance that the model explains; 0 is no better than the mean"),
        "coverage": _tr("Coverage: the share of true numbers within the 90 % interval; 90 % would be exact"),
        "mean_average_precision": _tr(
            "Mean average precision: for each label the mean precision over all thresholds, averaged over the labels"
        ),
        "micro_f1": _tr("Micro F1: the harmonic mean of precision and recall over all labels together"),
        "label_accuracy": _tr("Label accuracy: the share of right answers, each a yes or no to one label of a picture"),
        "mean_iou": _tr(
            "Mean IoU: what is marked and was said, divided by what is either, averaged over the classes"
        ),
        "pixel_accuracy": _tr("Pixel accuracy: the share of pixels whose class is right"),
        "answered": _tr("The share of pictures on which the model is sure enough to answer; it abstains on the others"),
        "answered_accuracy": _tr("Accuracy on the pictures that are answered: the share whose answer is right"),
        "score": _tr(
            "By each task's kind: right answers for classes, mean average precision for labels, explained share for "
            "numbers, mean overlap for masks; below 0 is drawn at 0"
        ),
    }.get(name, metric_title(name))


def metric_axis(name: str) -> str:
    """The title of an axis of validation values, with the unit."""
    if name in ("mae", "rmse"):
        return _tr("error, column's unit")
    if name in ("", "score"):
        return _tr("validation score, 0 to 1")
    if name == "r2":
        return _tr("explained share")
    return _tr("validation, 0 to 1") if name in SHARES else metric_title(name).lower()


def metric_limits(name: str) -> tuple[float, float] | None:
    """The fixed range of an axis; None where values may go beyond 0 to 1."""
    return (0.0, 1.0) if name in ("", "score", *SHARES) else None


def metric_text(name: str, value: float | None) -> str:
    """A metric's value as people read it."""
    if value is None:
        return "–"
    return percent(value) if name in SHARES or name == "calibration_error" else minus(figure(value))


def shown_metric(metrics: Collection[str]) -> str:
    """Which of a task's metrics stands for it; empty where none of them does."""
    return next((name for name in SHOWN.values() if name in metrics), "")


def short_score(metrics: Mapping[str, float | None]) -> str:
    """The metric that stands for a task, in short: "94 %", or "off by 0.41"; empty where there is none."""
    name = shown_metric(metrics)
    value = metrics.get(name)
    if not isinstance(value, int | float):
        return ""
    return percent(value, 0) if name in SHARES else _tr("off by {0}").format(f"{value:.3g}")


def better(name: str, values: Collection[float]) -> float:
    """The best of a metric's values; NaN of none."""
    return (min if name in LOWER_IS_BETTER else max)(values, default=float("nan"))


def interval_words(interval: tuple[float, float] | None, text: Callable[[float], str]) -> str:
    """A sentence behind a metric that says its 95 % interval; only a full stop where there is none."""
    if interval is None:
        return "."
    words = _tr(". With 95 % confidence it lies between {0} and {1}.")
    return words.format(text(interval[0]), text(interval[1]))


def reaches(value: float, interval: tuple[float, float] | None, text: Callable[[float], str]) -> str:
    """An interval behind its value: "± 2.9", or "(23.9 to 33.5)" where it reaches much farther to one side."""
    if interval is None:
        return ""
    below, above = value - interval[0], interval[1] - value
    if abs(above - below) > _SKEWED * (above + below):
        return _tr("({0} to {1})").format(text(interval[0]), text(interval[1]))
    return f"± {text((above + below) / 2)}"


def doubt(share: float | None, interval: tuple[float, float] | None) -> str:
    """The 95 % interval of a share in percentage points, as `reaches` says it; empty where there is none."""
    return "" if share is None else reaches(share, interval, _points)


def metric_with_doubt(name: str, value: float, interval: tuple[float, float] | None) -> str:
    """A metric's value with its 95 % interval, both to the same decimals: "94.1 % ± 2.9", "1.81 ± 0.16"."""
    if interval is None or name in SHARES:
        return f"{metric_text(name, value)} {doubt(value, interval)}".rstrip()
    scale = (interval[1] - interval[0]) / 2

    def text(number: float) -> str:
        return measured(number, scale, padded=True)

    return f"{text(value)} {reaches(value, interval, text)}"


def _points(share: float) -> str:
    return f"{100 * share:.1f}"
