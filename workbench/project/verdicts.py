"""The folder `verdicts/`: making one, finding the latest that did not finish, and listing them."""

from __future__ import annotations

from pathlib import Path

from workbench.project.trials import (
    VERDICTS,
    TrialsInfo,
    list_trials,
    new_trials,
    trials_lock,
    unfinished_trials,
)

VerdictInfo = TrialsInfo
verdict_lock = trials_lock


def list_verdicts(project_dir: Path) -> list[VerdictInfo]:
    """All verdicts, oldest first."""
    return list_trials(VERDICTS, project_dir)


def new_verdict(project_dir: Path) -> VerdictInfo:
    """The next verdict; nothing is written."""
    return new_trials(VERDICTS, project_dir)


def unfinished_verdict(project_dir: Path, recipe: str = "") -> VerdictInfo | None:
    """The latest verdict, where it did not finish; with `recipe` only where it is of that recipe."""
    return unfinished_trials(VERDICTS, project_dir, recipe)
