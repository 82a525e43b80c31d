"""What commands say of models that were made of others' weights: a row for each, beside a reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.core.text import percent, signed
from workbench.project.report.words import interval_text, metric_text, metric_title

Point = Mapping[str, Any]
_CONCLUSIONS = {"better": "better", "noise": "within noise", "worse": "worse"}
_NAMED = {"multi-label": "labels right "}


def titles(tasks: Sequence[str], point: Point) -> list[str]:
    """The head of two columns for each task."""
    return [
        text
        for name in tasks
        for text in (f"{name}: {metric_title(point['tasks'][name]['metric'])}", "95 % interval", "")
    ]


def score_cells(point: Point) -> list[str]:
    """A point's score of each task, its interval, and what the difference to the reference is worth."""
    cells = []
    for task in point["tasks"].values():
        metric = task["metric"]
        cells += [
            metric_text(metric, task["score"]),
            interval_text(metric, {f"{metric}_interval": task["interval"]}),
            difference_words(task),
        ]
    return cells


def difference_words(task: Mapping[str, Any]) -> str:
    """+1.2 points, within noise; nothing for the reference itself.

    What is compared is the score of a picture: where its mean is not the metric beside it, it is named.
    """
    value = task.get("difference")
    if value is None or (value == 0 and task["p"] in (None, 1.0)):
        return ""
    said = f"{_NAMED.get(task['kind'], '')}{signed(100 * value)} points"
    if task["kind"] == "number":
        said = f"mean error {abs(value):.3g} {'smaller' if value > 0 else 'larger'}"
    return f"{said}, {_CONCLUSIONS[task['conclusion']]}"


def best_words(points: Iterable[tuple[str, Point]], reference: str) -> str:
    """Which of some points is best, the last of equal ones, and what that is worth beside a reference."""
    known = [(name, point) for name, point in points if point["score"] is not None]
    if not known:
        return "None of them could be scored."
    name, top = max(reversed(known), key=lambda each: each[1]["score"])
    better = [task for task, each in top["tasks"].items() if each["conclusion"] == "better"]
    worth = f"beyond noise in {', '.join(better)}" if better else "which is within noise"
    beside = "" if name == reference else f", {worth} beside {reference}"
    return f"Highest: {name}, mean score {percent(top['score'])}{beside}."


def kept_words(document: Mapping[str, Any]) -> list[str]:
    """Where a model was kept."""
    return [f"Kept as run {document['kept']}."] if document["kept"] else []
