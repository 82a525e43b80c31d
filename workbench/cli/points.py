"""What commands say of models that were made of others' weights: a row for each, beside a reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.cli.tables import aligned
from workbench.core.text import percent, signed
from workbench.project.report.words import interval_text, metric_text, metric_title

Point = Mapping[str, Any]
_CONCLUSIONS = {"better": "better", "noise": "within noise", "worse": "worse"}
_NAMED_TASKS = 3
"""Tasks that a sentence names at most."""
_NAMED = {"multi-label": "labels right "}


def score_tables(head: str, points: Sequence[tuple[str, Point]], left: int) -> list[str]:
    """For each task the score of every point, its interval, and what the difference to the reference is worth.

    Args:
        head: of the column of their names, of which `left` as `aligned` takes it says on which side they stand.
    """
    lines = []
    for name, first in points[0][1]["tasks"].items():
        metric = first["metric"]
        rows = [[f"  {head}", f"{name}: {metric_title(metric)}", "95 % interval", ""]]
        for title, point in points:
            task = point["tasks"][name]
            interval = interval_text(metric, {f"{metric}_interval": task["interval"]})
            rows.append([f"  {title}", metric_text(metric, task["score"]), interval, difference_words(task)])
        lines += aligned(rows, left)
    return lines


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
    named = ", ".join(better) if len(better) <= _NAMED_TASKS else f"{len(better)} of {len(top['tasks'])} tasks"
    worth = f"beyond noise in {named}" if better else "which is within noise"
    beside = "" if name == reference else f", {worth} beside {reference}"
    return f"Highest: {name}, mean score {percent(top['score'])}{beside}."


def kept_words(document: Mapping[str, Any]) -> list[str]:
    """Where a model was kept."""
    return [f"Kept as run {document['kept']}."] if document["kept"] else []
