"""What the commands say of a task's scores and answers, one row for each kind of task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.core.text import minus, percent, several

Metrics = dict[str, Any]


def _share(value: float) -> str:
    """A share that may be below 0."""
    return minus(f"{value:.2f}")


def _classes(metrics: Metrics) -> list[str]:
    return [
        f"accuracy {percent(metrics.get('accuracy'))}{_doubt(metrics, 'accuracy', percent)}",
        f"balanced {percent(metrics.get('balanced_accuracy'))}",
        *_macro(metrics),
        *_answered(metrics),
    ]


def _macro(metrics: Metrics) -> list[str]:
    """Means over classes or labels; precision and recall where they are known, as an epoch's are not."""
    means = [f"macro F1 {percent(metrics.get('macro_f1'))}"]
    both = (("precision", metrics.get("macro_precision")), ("recall", metrics.get("macro_recall")))
    return means + [f"{name} {percent(value)}" for name, value in both if value is not None]


def _answered(metrics: Metrics) -> list[str]:
    """Of a head that abstains."""
    if "answered" not in metrics:
        return []
    right = f"{percent(metrics['answered_accuracy'])}{_doubt(metrics, 'answered_accuracy', percent)}"
    return [f"answered {percent(metrics['answered'])}, right of those {right}"]


def _labels(metrics: Metrics) -> list[str]:
    right = f"labels right {percent(metrics.get('label_accuracy'))}{_doubt(metrics, 'label_accuracy', percent)}"
    doubt = _doubt(metrics, "mean_average_precision", percent)
    average = f"mean average precision {percent(metrics.get('mean_average_precision'))}{doubt}"
    return [average, right, *_macro(metrics)]


def _number(metrics: Metrics) -> list[str]:
    constant = metrics.get("constant_mae")
    beside = "" if constant is None else f" (constant {_figure(constant)})"
    error = f"mean error {_figure(metrics.get('mae'))}{_doubt(metrics, 'mae', _figure)}{beside}"
    r2 = metrics.get("r2")
    return [error, "R² –" if r2 is None else f"R² {_share(r2)}"]


def _mask(metrics: Metrics) -> list[str]:
    overlap = f"mean IoU {percent(metrics.get('mean_iou'))}{_doubt(metrics, 'mean_iou', percent)}"
    return [overlap, f"pixels right {percent(metrics.get('pixel_accuracy'))}"]


SCORES: dict[str, Callable[[Metrics], list[str]]] = {
    "accuracy": _classes,
    "mean_average_precision": _labels,
    "mae": _number,
    "mean_iou": _mask,
}
"""The words for metrics that hold that one, which every task of a kind has and no other."""


def task_line(name: str, task: Metrics) -> str:
    """One line for a task of an evaluation: `metrics`, and where they are there `count` and `constant_mae`."""
    metrics = {**task["metrics"], "constant_mae": task.get("constant_mae")}
    words = next((words for key, words in SCORES.items() if key in metrics), _classes)
    on = f" on {task['count']} pictures" if "count" in task else ""
    return f"  {name}: {', '.join(words(metrics))}{on}"


FIRST: dict[str, tuple[str, Callable[[float], str]]] = {
    "accuracy": ("accuracy", percent),
    "mean_average_precision": ("mean average precision", percent),
    "r2": ("R²", _share),
    "mean_iou": ("mean IoU", percent),
}
"""The metric that is told of each epoch, which every task of a kind has and no other: its words, and its figure's."""


def first_score(metrics: Metrics) -> list[str]:
    """The words for the metric by which a task is judged; none where it is not known."""
    known = [(key, metrics[key]) for key in FIRST if metrics.get(key) is not None]
    return [f"{FIRST[key][0]} {FIRST[key][1](value)}" for key, value in known]


def told_apart(kind: str, classes: int) -> str:
    """What a task's head tells apart."""
    return {"number": "a number", "multi-label": f"{classes} labels"}.get(kind, f"{classes} classes")


_MOST_NAMED = 5
"""Classes of a set, or of a mask, that are named; `--json` has all of them."""


def _label_answer(said: dict[str, Any]) -> str:
    words = f"{said['label']} ({percent(said['confidence'])})"
    if said.get("abstained"):
        words = f"abstains, its best guess {words}"
    return f"{words}{_or_others(said)}"


def _or_others(said: dict[str, Any]) -> str:
    """What else it may be: the likeliest of the set that holds the truth, and how many more are in it."""
    shares = said.get("probabilities", {})
    others = [name for name in said.get("set") or () if name != said["label"]]
    others.sort(key=lambda name: -shares.get(name, 0.0))
    named, left = others[: _MOST_NAMED - 1], len(others) - _MOST_NAMED + 1
    more = "" if left < 1 else " or 1 other" if left == 1 else f" or one of {left} others"
    return "".join(f" or {name}" for name in named) + more


def _labels_answer(said: dict[str, Any]) -> str:
    shares = said["probabilities"]
    return "+".join(f"{label} ({percent(shares.get(label))})" for label in said["labels"]) or "no label"


def _number_answer(said: dict[str, Any]) -> str:
    interval = said.get("interval")
    between = "" if not interval else f" ({_figure(interval[0])} to {_figure(interval[1])})"
    return f"{_figure(said['value'])}{between}"


def _mask_answer(said: dict[str, Any]) -> str:
    largest = sorted(said["areas"], key=lambda label: -said["areas"][label])[:_MOST_NAMED]
    areas = " ".join(f"{label} {percent(share)}" for label, share in said["areas"].items() if label in largest)
    if left := {label: share for label, share in said["areas"].items() if label not in largest}:
        areas += f" and {several(len(left), 'other')} {percent(sum(left.values()))}"
    return f"{areas} in {said['mask']}" if said["mask"] else areas


ANSWERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "label": _label_answer,
    "labels": _labels_answer,
    "value": _number_answer,
    "areas": _mask_answer,
}
"""The words for an answer that has that entry."""


def answer_words(name: str, said: dict[str, Any]) -> str:
    """A head's answer to one picture."""
    words = next(words for key, words in ANSWERS.items() if key in said)(said)
    return f"{name} {words}, unlike anything in training" if said.get("unknown") else f"{name} {words}"


def _doubt(metrics: Metrics, name: str, text: Callable[[float], str]) -> str:
    """The 95 % interval of a metric; nothing where it is not known."""
    interval = metrics.get(f"{name}_interval")
    return "" if not interval or None in interval else f" ({text(interval[0])} to {text(interval[1])})"


def _figure(value: float | None) -> str:
    return "–" if value is None else minus(f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}")
