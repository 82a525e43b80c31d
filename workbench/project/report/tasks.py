"""What a report says of one task's answers, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from workbench.core.resolved import ResolvedTask
from workbench.core.text import percent
from workbench.project.report.blocks import Block, Card, Charts, Heading, Paragraph, Picture, Pictures, Table
from workbench.project.report.charts import matrix, points, reliability_chart
from workbench.project.report.words import figure, interval_text, metric_text, metric_title, score_rows
from workbench.project.scores import class_scores, interval_reliability, reliability

Task = Mapping[str, Any]

_SHOWN = {"single-label": "accuracy", "multi-label": "mean_average_precision", "number": "mae", "mask": "mean_iou"}
_MATRIX = 120
"""Classes up to which a matrix is drawn."""
_CONFUSIONS = 12
"""Of the most frequent confusions."""


def card(name: str, task: Task) -> Card:
    """The task's score in short."""
    metric, metrics = _SHOWN[task["kind"]], task["metrics"]
    doubt = interval_text(metric, metrics)
    return Card(
        name, metric_text(metric, metrics.get(metric)), doubt, f"{metric_title(metric)}, {task['count']} pictures"
    )


def task_blocks(
    name: str, task: Task, facts: ResolvedTask, shown: Mapping[str, Any], fitted: Task | None
) -> list[Block]:
    """A task's chapter.

    Args:
        shown: its `worst` and `looked` pictures; fitted: what calibration found, None where it was not calibrated.
    """
    blocks: list[Block] = [Heading(name), Table(["score", "value", "95 % interval"], score_rows(task["metrics"]))]
    blocks += _DETAILS[task["kind"]](task, facts)
    if fitted is not None:
        blocks.append(Paragraph(_calibrated(fitted)))
    blocks += _pictures("Worst answers", "The surest errors or the largest ones first.", shown["worst"])
    if task["kind"] == "mask":
        how = "Orange marks pixels of another class than in the mask: first of the worst answers, then of the best."
        return blocks + _pictures("Where it is wrong", how, shown["looked"])
    how = "Warm colours mark what the answer hangs on: first of errors, then of good answers."
    return blocks + _pictures("Where it looked", how, shown["looked"])


def _pictures(title: str, sentence: str, shown: Sequence[Mapping[str, str]]) -> list[Block]:
    if not shown:
        return []
    pictures = [Picture(each["picture"], each["caption"], "/".join(each["image"].split("/")[-2:])) for each in shown]
    return [Heading(title, 3), Paragraph(sentence, quiet=True), Pictures(pictures)]


def _classes(task: Task, facts: ResolvedTask) -> list[Block]:
    names, counts = task["classes"], np.array(task["confusion"], np.int64)
    scores = class_scores(counts)
    trained = dict(zip(facts.classes, facts.class_counts, strict=False))
    columns = zip(names, scores.precision.tolist(), scores.recall.tolist(), scores.f1.tolist(), strict=True)
    rows = [
        [name, *(percent(None if value != value else value) for value in values), f"{there}", f"{trained.get(name, 0)}"]
        for (name, *values), there in zip(columns, scores.count.tolist(), strict=True)
    ]
    images = task["images"]
    sure = np.array([np.nan if each["confidence"] is None else each["confidence"] for each in images], np.float64)
    right = np.array([each["target"] == each["prediction"] for each in images], np.bool_)
    charts = [reliability_chart("Confidence beside the share that is right", reliability(sure, right))]
    if len(names) <= _MATRIX:
        charts.insert(0, matrix("Confusion matrix", names, task["confusion"]))
    titles = ["class", "precision", "recall", "F1", "pictures", "trained on"]
    return [Charts(charts), *_confusions(names, counts), Heading("Classes", 3), Table(titles, rows)]


def _confusions(names: Sequence[str], counts: Any) -> list[Block]:
    """The most frequent confusions, where a matrix cannot be read at a glance."""
    if len(names) <= _CONFUSIONS:
        return []
    wrong = counts * (1 - np.eye(len(counts), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:_CONFUSIONS]
    places = [divmod(int(at), len(counts)) for at in order]
    rows = [[names[i], names[j], f"{wrong[i, j]}"] for i, j in places if wrong[i, j]]
    return [Heading("Most frequent confusions", 3), Table(["is", "was taken for", "pictures"], rows, 2)] if rows else []


def _labels(task: Task, facts: ResolvedTask) -> list[Block]:
    trained = dict(zip(facts.classes, facts.class_counts, strict=False))
    keys = ("average_precision", "precision", "recall", "f1")
    rows = [
        [each["label"], *(percent(each[key]) for key in keys), f"{each['count']}", f"{trained.get(each['label'], 0)}"]
        for each in task["per_label"]
    ]
    titles = ["label", "average precision", "precision", "recall", "F1", "pictures", "trained on"]
    told = np.array([each["probabilities"] for each in task["images"]], np.float64)
    there = np.array([[name in each["target"] for name in task["classes"]] for each in task["images"]], np.bool_)
    bins = reliability(told.ravel(), there.ravel())
    chart = reliability_chart("Probability of labels beside the share that has them", bins, ("probability", "share"))
    return [Charts([chart]), Heading("Labels", 3), Table(titles, rows)]


def _number(task: Task, _: ResolvedTask) -> list[Block]:
    true = [float(each["target"]) for each in task["images"]]
    said = [float(each["prediction"]) for each in task["images"]]
    spread = np.array([float(each["spread"]) for each in task["images"]], np.float64)
    bins = interval_reliability(np.array(said, np.float64) - np.array(true, np.float64), spread)
    charts = [
        points("Answers beside true numbers", true, said, ("true", "answer")),
        reliability_chart("What intervals promise beside what they hold", bins, ("promised", "held")),
    ]
    beside = task.get("constant_mae")
    words = f"Always answering the mean of the training pictures would be off by {figure(beside)} on average."
    return [Charts(charts), *([] if beside is None else [Paragraph(words)])]


def _mask(task: Task, _: ResolvedTask) -> list[Block]:
    rows = [[each["class"], percent(each["iou"]), percent(each["share"])] for each in task["per_class"]]
    return [Heading("Classes", 3), Table(["class", "IoU", "share of all pixels"], rows)]


def _calibrated(fitted: Task) -> str:
    words = f"Calibrated on {fitted['pictures']} validation pictures: temperature {fitted['temperature']:.2f}"
    if fitted["error"] is not None:
        before, after = percent(fitted["error_before"]), percent(fitted["error"])
        words += f", expected calibration error {before} before and {after} after"
    if fitted["threshold"] is not None:
        floor = percent(fitted["threshold"])
        least = f"classes from {floor} on make" if fitted["threshold"] else "only all classes make"
        words += f"; {least} a set that holds the true one with {100 * fitted['coverage']:g} %"
    if fitted["abstain_below"]:
        words += f"; it abstains below {percent(fitted['abstain_below'])}"
    return words + "."


_DETAILS: Mapping[str, Callable[[Task, ResolvedTask], list[Block]]] = {
    "single-label": _classes,
    "multi-label": _labels,
    "number": _number,
    "mask": _mask,
}
