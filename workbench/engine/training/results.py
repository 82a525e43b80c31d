"""What a run leaves behind: scores, and every picture's answer, of the best checkpoint."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.core.errors import RunError
from workbench.core.events import to_json
from workbench.core.files import write_atomically
from workbench.core.resolved import ResolvedTask
from workbench.core.run_weights import BEST, fingerprint
from workbench.core.specs import PARTS, Part
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.stored import Confidence, confidence_mark, read_confidence
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.naming import picture_names
from workbench.engine.insight.outputs import Outputs, part_document

PREDICTIONS, MODEL = "predictions.csv", "model.txt"


def write_results(
    run_dir: Path,
    project_dir: Path,
    table: SampleTable,
    tasks: Sequence[ResolvedTask],
    outputs: Mapping[str, Outputs],
    unreadable: Mapping[int, str],
    confidence: Confidence | None = None,
) -> dict[str, dict[str, Any]]:
    """Write `results/` for the parts that were answered, which are all that is left there; their documents by part.

    `metrics.json` is that of the validation part, or of test or train where there is none; `summary.json` holds its
    metrics alone, {task: metrics}, for a list of runs that need not read every picture's answer. `model.txt`
    tells the model that answered from any other.
    """
    names = picture_names(table.paths, project_dir)
    documents: dict[str, dict[str, Any]] = {
        part: part_document(run_dir.name, part, outputs[part], table, tasks, project_dir, confidence)
        for part in PARTS
        if part in outputs
    }
    folder = run_dir / "results"
    chief = chief_part(documents)
    files = {_file(part): documents.get(part) for part in PARTS}  # what another model of the run has answered goes
    files["metrics.json"] = documents[chief] if chief else None
    files["summary.json"] = metrics_of(documents[chief]) if chief else None
    for name, document in files.items():
        if document is not None:
            write_atomically(folder / name, to_json(document, indent=1))
        else:
            (folder / name).unlink(missing_ok=True)
    lines = [line for part in documents for line in _lines(table, tasks, part, outputs[part], names, unreadable)]
    _write_predictions(folder, tasks, lines)
    write_atomically(folder / MODEL, model_mark(run_dir))
    return documents


def kept_documents(run_dir: Path, parts: Collection[str]) -> dict[str, dict[str, Any]] | None:
    """The documents of these parts, where the run's best model, as it is calibrated, has answered all of them before.

    Of a calibrated model they are those that it has left: `evaluate`, which minds how it is calibrated, adds others.
    None where it has left none, or where they cannot be read.
    """
    folder = run_dir / "results"
    if read_confidence(run_dir) is not None:
        parts = stored_parts(run_dir)
    try:
        if (folder / MODEL).read_text(encoding="utf-8") != model_mark(run_dir) or not (folder / PREDICTIONS).exists():
            return None
        return {part: json.loads((folder / _file(part)).read_text(encoding="utf-8")) for part in parts} or None
    except (OSError, ValueError):
        return None


def add_part(
    run_dir: Path,
    project_dir: Path,
    table: SampleTable,
    tasks: Sequence[ResolvedTask],
    outputs: Outputs,
    unreadable: Mapping[int, str],
    document: Mapping[str, Any],
    model: str,
) -> None:
    """Put a part beside those that the run has answered; nothing where it has left no results, or has that part.

    Args:
        document: what `evaluate` says of the part.
        model: the `model_mark` of what answered it; beside another model's answers nothing is put.

    Raises:
        OSError: the disk does not take it.
        RunError: another program has changed what lies there.
    """
    folder, part = run_dir / "results", document["part"]
    if part in stored_parts(run_dir) or not (folder / "metrics.json").exists():
        return
    if (folder / MODEL).exists() and (folder / MODEL).read_text(encoding="utf-8") != model:
        return  # it trains longer, or was calibrated meanwhile
    lines = _lines(table, tasks, part, outputs, picture_names(table.paths, project_dir), unreadable)
    others = [line for line in _kept_predictions(folder, tasks) if line[1] != part]
    _write_predictions(folder, tasks, [*others, *lines])
    write_atomically(folder / _file(part), to_json(document, indent=1))


def model_mark(run_dir: Path) -> str:
    """Changes whenever a run would answer otherwise: with its best model, or as that is calibrated."""
    return f"{fingerprint(run_dir / BEST)} {confidence_mark(run_dir)}".strip()


def stored_parts(run_dir: Path) -> list[Part]:
    """The parts whose results a run has left behind."""
    return [part for part in PARTS if (run_dir / "results" / _file(part)).exists()]


def chief_part(documents: Mapping[str, object]) -> str:
    """The part whose scores stand for the run: that which chose the best checkpoint; "" where there is none."""
    return next((part for part in ("validation", "test", "train") if part in documents), "")


def metrics_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """{task: metrics} of a document."""
    return {task: facts["metrics"] for task, facts in document["tasks"].items()}


def _file(part: str) -> str:
    return f"metrics-{part}.json"


def _write_predictions(folder: Path, tasks: Sequence[ResolvedTask], lines: Iterable[Sequence[object]]) -> None:
    """One line for each picture: its part, what each task asked and answered, and why it has no answer."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_titles(tasks))
    writer.writerows(lines)
    write_atomically(folder / PREDICTIONS, text.getvalue())


def _kept_predictions(folder: Path, tasks: Sequence[ResolvedTask]) -> list[list[str]]:
    """The lines that were written there before; none where the file was removed."""
    path = folder / PREDICTIONS
    if not path.exists():
        return []
    try:
        with open(path, encoding="utf-8", newline="") as file:
            first, *lines = csv.reader(file)
    except (ValueError, csv.Error):  # it is no text in UTF-8, or empty
        first, lines = [], []
    titles = _titles(tasks)
    if first != titles or any(len(line) != len(titles) for line in lines):
        raise RunError(f"{path} was changed by another program.", "Put it back as it was, or remove it.")
    return lines


def _titles(tasks: Sequence[ResolvedTask]) -> list[str]:
    answers = [f"{task.name}.{column}" for task in tasks for column in REPORTS[task.kind].columns]
    return ["image", "part", *answers, "error"]


def _lines(
    table: SampleTable,
    tasks: Sequence[ResolvedTask],
    part: str,
    answers: Outputs,
    names: Sequence[str],
    unreadable: Mapping[int, str],
) -> list[list[Any]]:
    """The lines of a part; `names` are those of the table's pictures."""
    cells = [_task_cells(table, task, answers) for task in tasks]
    lines = []
    for place, row in enumerate(answers.rows.tolist()):
        error = "" if answers.readable[place] else unreadable.get(row, "it could not be read")
        lines.append([names[row], part, *(cell for each in cells for cell in each[place]), error])
    return lines


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
