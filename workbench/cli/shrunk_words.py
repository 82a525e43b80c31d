"""What `shrink` says: models in rows, what each is worth in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.cli.tables import aligned
from workbench.core.text import megabytes, percent
from workbench.project.report.words import interval_text, metric_text, metric_title
from workbench.project.students import CHIEF


def table_lines(document: Mapping[str, Any]) -> list[str]:
    """The table, and what it comes to."""
    models = document["models"]
    tasks = list(models[-1]["tasks"])
    lines = [_title(document)]
    head = ["  model", "backbone", "parameters", "file", "one picture", f"of {document['batch']} at once"]
    rows = [[*_facts(model)] for model in models]
    lines += aligned([head, *rows], left=2)
    for task in tasks:
        kind = models[-1]["tasks"][task]["kind"]
        titles = [f"  {task}", metric_title(CHIEF[kind]), "95 % interval", _agreement_title(kind), "95 % interval"]
        scores = [_scores(model, task, kind) for model in models if task in model["tasks"]]
        lines += ["", *aligned([titles, *scores], left=1)]
    files = [f"{model['precision']}: {model['file']}" for model in models if model["file"]]
    return [*lines, "", *document["said"], *([f"Files: {'; '.join(files)}."] if files else [])]


def _title(document: Mapping[str, Any]) -> str:
    count = document["pictures"]
    pictures = "1 picture" if count == 1 else f"{count:,} pictures"
    beside = f" beside its teacher {document['teacher']}" if document["teacher"] else ""
    return f"Run {document['run']}{beside}, on {pictures} of the {document['part']} part:"


def _facts(model: Mapping[str, Any]) -> list[str]:
    return [
        f"  {model['name']}",
        model["backbone"],
        f"{model['parameters']:,}",
        megabytes(model["bytes"]),
        f"{model['ms_one']:.1f} ms",
        f"{model['ms_batch']:.1f} ms",
    ]


def _scores(model: Mapping[str, Any], task: str, kind: str) -> list[str]:
    found = model["tasks"][task]
    metric = CHIEF[kind]
    name = model["name"]
    cells = [
        f"  {name}" if name == model["precision"] else f"  {name} in {model['precision']}",
        metric_text(metric, found["metrics"].get(metric)),
        interval_text(metric, found["metrics"]),
    ]
    same = found["agreement"]
    if same is None or same["value"] is None:
        return [*cells, "", ""]
    said = _difference if kind == "number" else percent
    ends = "" if same["interval"] is None else " to ".join(said(end) for end in same["interval"])
    return [*cells, said(same["value"]), ends]


def _agreement_title(kind: str) -> str:
    titles = {"number": "differs by", "mask": "same pixels", "multi-label": "same labels"}
    return titles.get(kind, "same answers")


def _difference(value: float) -> str:
    return f"{value:.3g}"
