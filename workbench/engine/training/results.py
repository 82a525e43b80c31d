"""What a run leaves behind: scores, and every picture's answer, of the best checkpoint."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.core.events import to_json
from workbench.core.files import write_atomically
from workbench.core.specs import PARTS
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.metrics import softmax
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs, part_document


def write_results(
    run_dir: Path, project_dir: Path, table: SampleTable, outputs: Mapping[str, Outputs], unreadable: Mapping[int, str]
) -> dict[str, dict[str, Any]]:
    """Write `results/` for the parts that were answered; their documents by part.

    `metrics.json` is that of the validation part, or of test or train where there is none; `summary.json` holds its
    metrics alone, {task: metrics}, for a list of runs that need not read every picture's answer.
    """
    names = picture_names(table.paths, project_dir)
    documents: dict[str, dict[str, Any]] = {
        part: part_document(run_dir.name, part, outputs[part], table.targets, table.classes, names)
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
    write_atomically(folder / "predictions.csv", _predictions(table, names, outputs, unreadable))
    return documents


def chief_part(documents: Mapping[str, object]) -> str:
    """The part whose scores stand for the run: that which chose the best checkpoint; "" where there is none."""
    return next((part for part in ("validation", "test", "train") if part in documents), "")


def metrics_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """{task: metrics} of a document."""
    return {task: facts["metrics"] for task, facts in document["tasks"].items()}


def _predictions(
    table: SampleTable, names: list[str], outputs: Mapping[str, Outputs], unreadable: Mapping[int, str]
) -> str:
    """One line for each picture: its part, each task's target, answer and confidence, and why it has none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "image",
            "part",
            *(f"{task}.{what}" for task in table.tasks for what in ("target", "prediction", "confidence")),
            "error",
        ]
    )
    for part, answers in outputs.items():
        probabilities = {task: softmax(values) for task, values in answers.logits.items()}
        for place, row in enumerate(answers.rows.tolist()):
            cells: list[object] = [names[row], part]
            for task in table.tasks:
                target, classes = int(table.targets[task][row]), table.classes[task]
                best = int(probabilities[task][place].argmax())
                answer = (
                    [classes[best], f"{probabilities[task][place, best]:.6f}"] if answers.readable[place] else ["", ""]
                )
                cells += [classes[target] if target >= 0 else "", *answer]
            writer.writerow([*cells, "" if answers.readable[place] else unreadable.get(row, "it could not be read")])
    return text.getvalue()
