"""A report written where it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.core.files import write_atomically
from workbench.core.resolved import load_resolved
from workbench.project.history import RunHistory
from workbench.project.report.build import Facts, blocks_of, title_of
from workbench.project.report.html import html
from workbench.project.runs import read_run

_MATRIX = 120
"""Classes beyond which a matrix would make the file too large to mail; the numbers of each class stay."""


def facts_of(project_dir: Path, run_dir: Path, document: Mapping[str, Any]) -> Facts:
    """The facts of a run; `document` is the Result of the `report` job.

    Raises:
        RunError: the run was never set up.
    """
    lost = read_run(project_dir, run_dir.name).lost
    return Facts(project_dir.name, load_resolved(run_dir), RunHistory.read(run_dir), document, lost)


def scores_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What `evaluate --json` says, without the single pictures."""
    evaluation = document["evaluation"]
    tasks = {
        name: {key: value for key, value in task.items() if key != "images"}
        for name, task in evaluation["tasks"].items()
    }
    return {**evaluation, "tasks": tasks}


def write_html(facts: Facts, path: Path) -> int:
    """Write the HTML file; its size in bytes.

    Raises:
        RequestError: it cannot be written there.
    """
    scores = scores_of(facts.document)
    for task in scores["tasks"].values():
        if len(task.get("classes", [])) > _MATRIX:
            task.pop("confusion", None)
    text = html(title_of(facts), blocks_of(facts), scores)
    try:
        write_atomically(path, text)
    except OSError as error:
        raise RequestError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose another place for it."
        ) from error
    return path.stat().st_size
