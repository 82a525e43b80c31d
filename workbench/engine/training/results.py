"""What a run leaves behind: scores, and every picture's answer, of the best checkpoint."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.core.events import to_json
from workbench.core.files import write_atomically
from workbench.core.resolved import ResolvedTask
from workbench.core.specs import PARTS, Part
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.stored import Confidence
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs, part_document


def write_results(
    run_dir: Path,
    project_dir: Path,
    table: SampleTable,
    tasks: Sequence[ResolvedTask],
    outputs: Mapping[str, Outputs],
    unreadable: Mapping[int, str],
    confidence: Confidence | None = None,
) -> dict[str, dict[str, Any]]:
    """Write `results/` for the parts that were answered; their documents by part.

    `metrics.json` is that of the validation part, or of test or train where there is none; `summary.json` holds its
    metrics alone, {task: metrics}, for a list of runs that need not read every picture's answer.
    """
    names = picture_names(table.paths, project_dir)
    documents: dict[str, dict[str, Any]] = {
        part: part_document(run_dir.name, part, outputs[part], table, tasks, project_dir, confidence)
        for part in PARTS
        if part in outputs
    }
    folder = run_dir / "results"
    for part, document in documents.items():
        write_atomically(folder / f"metrics-{part}.json", to_json(document, indent=1))
    chief = chief_part(documents)
    if chief:
        write_atomically(folder / "metrics.json", to_json(documents[chief], indent=1))
        write_atomically(folder / "summary.json", to_json(metrics_of(documents[chief]), indent=1))
    write_atomically(folder / "predictions.csv", _predictions(table, tasks, names, outputs, unreadable))
    return documents


def stored_parts(run_dir: Path) -> list[Part]:
    """The parts whose results a run has left behind."""
    return [part for part in PARTS if (run_dir / "results" / f"metrics-{part}.json").exists()]


def chief_part(documents: Mapping[str, object]) -> str:
    """The part whose scores stand for the run: that which chose the best checkpoint; "" where there is none."""
    return next((part for part in ("validation", "test", "train") if part in documents), "")


def metrics_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """{task: metrics} of a document."""
    return {task: facts["metrics"] for task, facts in document["tasks"].items()}


def _predictions(
    table: SampleTable,
    tasks: Sequence[ResolvedTask],
    names: list[str],
    outputs: Mapping[str, Outputs],
    unreadable: Mapping[int, str],
) -> str:
    """One line for each picture: its part, what each task asked and answered, and why it has no answer."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    titles = [f"{task.name}.{column}" for task in tasks for column in REPORTS[task.kind].columns]
    writer.writerow(["image", "part", *titles, "error"])
    for part, answers in outputs.items():
        cells = [_task_cells(table, task, answers) for task in tasks]
        for place, row in enumerate(answers.rows.tolist()):
            error = "" if answers.readable[place] else unreadable.get(row, "it could not be read")
            writer.writerow([names[row], part, *(cell for each in cells for cell in each[place]), error])
    return text.getvalue()


def _task_cells(table: SampleTable, task: ResolvedTask, outputs: Outputs) -> list[list[object]]:
    """The cells of one task's columns; only the target's where a picture could not be read."""
    report = REPORTS[task.kind]
    width = len(report.columns)
    if task.name not in outputs.answers:
        return [[""] * width for _ in outputs.rows]
    labelled = table.targets[task.name][outputs.rows] >= 0
    truth = table.encoded(task.name)[outputs.rows]
    cells = report.cells(task, outputs.answers[task.name], truth, labelled)
    readable = outputs.readable.tolist()
    return [line if there else [line[0]] + [""] * (width - 1) for line, there in zip(cells, readable, strict=True)]
