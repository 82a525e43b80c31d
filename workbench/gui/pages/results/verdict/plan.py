"""What a verdict takes: how many runs, and about how long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.project import Project
from workbench.gui.pages.train.plan import like_run, training_pictures
from workbench.project.runs import RunInfo


def _tr(text: str) -> str:
    return QCoreApplication.translate("VerdictPlan", text)


def runs_words(tasks: int, seeds: int) -> str:
    """15 runs: 3 seeds, each once together and once for each of 4 tasks."""
    words = _tr("{0} runs: for each of {1} seeds one of all tasks together and one of each of {2} tasks alone.")
    return words.format(seeds * (1 + tasks), seeds, tasks)


def time_words(
    project: Project, tasks: Sequence[str], seeds: int, runs: Sequence[RunInfo], report: dict[str, Any] | None
) -> str:
    """About how long, from a run of this recipe on all tasks; empty where none is known."""
    like, pictures = like_run(project, runs), training_pictures(report)
    if like is None or not pictures or not report:
        return ""
    own = [int(report["tasks"].get(task, {}).get("parts", {}).get("train", 0)) for task in tasks]
    together = min(pictures, sum(own)) if len(tasks) < len(project.tasks) else pictures
    seconds = like.elapsed_s * seeds * (together + sum(own)) / pictures
    return _tr("About {0}, judging by run {1}.").format(long_time(seconds), like.run)


def long_time(seconds: float) -> str:
    """About how long something takes: 40 s, 12 min, 1 h 20 min."""
    if seconds < 90:
        return _tr("{0} s").format(max(1, round(seconds)))
    if seconds < 90 * 60:
        return _tr("{0} min").format(round(seconds / 60))
    return _tr("{0} h {1} min").format(int(seconds // 3600), round(seconds % 3600 / 60))
