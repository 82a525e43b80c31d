"""The tables of models in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.core.text import megabytes, percent
from workbench.gui.pages.results.tables import Cell
from workbench.project.report.words import interval_text, metric_text, metric_title
from workbench.project.students import CHIEF

Document = Mapping[str, Any]
_NAMES = {
    "teacher": QT_TRANSLATE_NOOP("Shrink", "teacher"),
    "student": QT_TRANSLATE_NOOP("Shrink", "student"),
    "run": QT_TRANSLATE_NOOP("Shrink", "as it is"),
    "int8": QT_TRANSLATE_NOOP("Shrink", "in int8"),
}
_ALIKE = {
    "single-label": QT_TRANSLATE_NOOP("Shrink", "share of pictures with the same class"),
    "multi-label": QT_TRANSLATE_NOOP("Shrink", "share of labels that are the same"),
    "number": QT_TRANSLATE_NOOP("Shrink", "mean difference of the numbers, in their own unit"),
    "mask": QT_TRANSLATE_NOOP("Shrink", "share of pixels with the same class"),
}


def tr(text: str) -> str:
    """The text in the reader's language."""
    return QCoreApplication.translate("Shrink", text)


def size_titles(batch: int = 8) -> list[str]:
    """The columns of sizes and speeds."""
    return [
        tr("Model"),
        tr("Run"),
        tr("Backbone"),
        tr("Parameters"),
        tr("File"),
        tr("One picture"),
        tr("Of {0} at once").format(batch),
    ]


def size_rows(document: Document) -> list[list[Cell]]:
    """A row for each model."""
    return [
        [
            Cell(tr(_NAMES[model["name"]]), strong=model["name"] in ("student", "run")),
            Cell(model["run"]),
            Cell(model["backbone"]),
            Cell(f"{model['parameters']:,}", float(model["parameters"])),
            Cell(megabytes(model["bytes"]), float(model["bytes"])),
            _time(model, "ms_one"),
            _time(model, "ms_batch"),
        ]
        for model in document["models"]
    ]


def _time(model: Mapping[str, Any], key: str) -> Cell:
    runs, runtime = model[key.replace("ms", "runs")], model["runtime"]
    words = tr("Median of {0} runs with {1}, milliseconds a picture").format(runs, runtime)
    return Cell(f"{model[key]:.1f} ms", float(model[key]), help=words)


def score_titles() -> list[str]:
    """The columns of scores."""
    return [tr("Task"), tr("Model"), tr("Score"), "", tr("95 % interval"), tr("As the teacher"), tr("95 % interval")]


def score_rows(document: Document) -> list[list[Cell]]:
    """A row for each task and model."""
    rows = []
    for task, last in document["models"][-1]["tasks"].items():
        kind = last["kind"]
        for at, model in enumerate(each for each in document["models"] if task in each["tasks"]):
            rows.append([Cell(task if at == 0 else "", strong=True), *_scores(model, task, kind)])
    return rows


def _scores(model: Mapping[str, Any], task: str, kind: str) -> list[Cell]:
    found, metric = model["tasks"][task], CHIEF[kind]
    value = found["metrics"].get(metric)
    name = tr(_NAMES[model["name"]])
    return [
        Cell(name if model["name"] == "int8" else tr("{0}, in {1}").format(name, model["precision"])),
        Cell(metric_title(metric)),
        Cell(metric_text(metric, value), float("nan") if value is None else float(value)),
        Cell(interval_text(metric, found["metrics"])),
        *_agreement(found["agreement"], kind),
    ]


def _agreement(same: Mapping[str, Any] | None, kind: str) -> list[Cell]:
    if same is None or same["value"] is None:
        return [Cell("–", float("nan")), Cell("")]

    def said(value: float) -> str:
        return f"{value:.3g}" if kind == "number" else percent(value)

    ends = tr("{0} to {1}").format(*map(said, same["interval"])) if same["interval"] else ""
    return [Cell(said(same["value"]), float(same["value"]), help=tr(_ALIKE[kind])), Cell(ends)]


def files_sentence(document: Document) -> str:
    """Where the files are; empty where none were made."""
    files = [model["file"] for model in document["models"] if model["file"]]
    return tr("Files in the project: {0}.").format(", ".join(files)) if files else ""
