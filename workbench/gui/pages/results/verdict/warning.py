"""Whether a task of a run is worse for being trained together, by a verdict or else by a run of that task alone, and
whether it is worse for being pretrained, by a transfer report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist, fmean, stdev
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.errors import RunError
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.verdict import LEVEL, grain, picture_scores, recipe_key
from workbench.gui.pages.results.document import stored_parts
from workbench.gui.pages.results.patient_json import read_patiently
from workbench.gui.pages.results.verdict import words
from workbench.gui.pages.run_list import ANSWERING
from workbench.project.runs import RunInfo
from workbench.project.trials import TRANSFERS, VERDICTS, list_trials


def _tr(text: str) -> str:
    return QCoreApplication.translate("TransferWarning", text)


@dataclass(frozen=True)
class TransferWarning:
    """Tasks that are worse together, or pretrained, beyond noise.

    Attributes:
        run: of which the warning is.
        verdict: the number of the verdict that says so; 0 where something else does.
        other: the run that trained the task alone; empty where something else says so.
        report: the number of the transfer report that says so; 0 where something else does.
    """

    run: str
    tasks: tuple[str, ...]
    verdict: int = 0
    other: str = ""
    report: int = 0

    @property
    def text(self) -> str:
        """One sentence for the user."""
        names = words.listed(self.tasks)
        if self.report:
            text = _tr("Better from random weights than pretrained, beyond noise, by transfer report {0:03d}: {1}.")
            return text.format(self.report, names)
        if self.verdict:
            return _tr("Trained together, worse than alone beyond noise, by verdict {0:03d}: {1}.").format(
                self.verdict, names
            )
        return _tr(
            "On the same pictures run {0}, which trained {1} alone, is better beyond the noise of pictures; a verdict "
            "would tell whether that is chance in training."
        ).format(self.other, names)


def find_warnings(project_dir: Path, run_dir: Path, runs: Sequence[RunInfo]) -> list[TransferWarning]:
    """What a run is to be warned of, if anything. Reads files: not for the window's thread."""
    try:
        project = load_resolved(run_dir).project
    except RunError:
        return []
    found = (_together(project, project_dir, run_dir, runs), _pretrained(project, project_dir, run_dir))
    return [warning for warning in found if warning is not None]


def _pretrained(project: Project, project_dir: Path, run_dir: Path) -> TransferWarning | None:
    """By the latest transfer report on the run's backbone with its weights."""
    backbone, tasks = project.backbone, [task.name for task in project.tasks]
    for info in reversed(list_trials(TRANSFERS, project_dir)):
        said = info.document
        if said is not None and (said["backbone"], said["weights"]) == (backbone.name, backbone.weights):
            harmed = tuple(name for name in said["harmed"] if name in tasks)
            return TransferWarning(run_dir.name, harmed, report=info.number) if harmed else None
    return None


def _together(
    project: Project, project_dir: Path, run_dir: Path, runs: Sequence[RunInfo]
) -> TransferWarning | None:
    """By the latest verdict of the run's recipe, else by runs of one of its tasks."""
    tasks = [task.name for task in project.tasks]
    if len(tasks) < 2:
        return None
    key = recipe_key(project)
    for info in reversed(list_trials(VERDICTS, project_dir)):
        if info.document is not None and info.plan.get("recipe") == key:
            worse = tuple(info.document["worse"])
            return TransferWarning(run_dir.name, worse, verdict=info.number) if worse else None
    return _by_runs_alone(run_dir, tasks, runs)


def _by_runs_alone(run_dir: Path, tasks: Sequence[str], runs: Sequence[RunInfo]) -> TransferWarning | None:
    alone = {run.folder: name for run in runs if run.status in ANSWERING and (name := _only_task(run)) in tasks}
    level = 1 - (1 - LEVEL) / max(1, len(alone))
    for folder, task in alone.items():
        for part in ("test", "validation"):
            if part in stored_parts(run_dir) and part in stored_parts(folder):
                if _is_better(_task(folder, part, task), _task(run_dir, part, task), level):
                    return TransferWarning(run_dir.name, (task,), other=folder.name)
                break
    return None


def _only_task(run: RunInfo) -> str:
    tasks = run.settings.get("tasks", [])
    return str(tasks[0]["name"]) if len(tasks) == 1 else ""


def _task(folder: Path, part: str, task: str) -> dict[str, Any] | None:
    try:
        text = (folder / "results" / f"metrics-{part}.json").read_text(encoding="utf-8")
        document: dict[str, Any] | None = read_patiently(text)["tasks"].get(task)
    except (OSError, ValueError, KeyError):
        return None
    return document


def _is_better(alone: dict[str, Any] | None, together: dict[str, Any] | None, level: float) -> bool:
    """Whether the one is better than the other on the same pictures, by their paired differences."""
    if alone is None or together is None or alone["kind"] != together["kind"]:
        return False
    first, second = picture_scores(alone), picture_scores(together)
    if set(first) != set(second) or len(first) < 2 or _truth(alone) != _truth(together):
        return False
    differences = [first[image] - second[image] for image in first]
    spread = math.sqrt(stdev(differences) ** 2 + grain(alone) ** 2 / len(differences))
    return fmean(differences) > NormalDist().inv_cdf((1 + level) / 2) * spread / math.sqrt(len(differences))


def _truth(task: dict[str, Any]) -> dict[str, Any]:
    """Picture → what is true of it."""
    return {image["image"]: image.get("target", image.get("mask")) for image in task["images"]}
