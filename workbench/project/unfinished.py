"""Where a run is made of others, so that nobody sees it before it is whole; and what is left there when that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.project.lock import run_lock
from workbench.project.runs import runs_dir

ASIDE = ".new"
"""Beside the runs."""


def clear_unfinished(project_dir: Path) -> None:
    """Remove what a process that was killed has left; nothing is touched while a process makes or trains a run."""
    aside = runs_dir(project_dir) / ASIDE
    if not aside.is_dir():
        return
    try:
        with run_lock(aside.parent, ""):
            shutil.rmtree(aside, ignore_errors=True)
    except RequestError:  # somebody is at work, or nothing may be written here: it does no harm where it is
        return
