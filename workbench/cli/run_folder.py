"""The folder of a run that begins: its number, the project's lock, and no trace of what was refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.project.lock import LOCK_FILE, run_lock
from workbench.project.runs import new_run_name, runs_dir
from workbench.project.store import ProjectFile


@contextmanager
def run_folder(file: ProjectFile, name: str) -> Iterator[Path]:
    """Where the next run of that name goes, not made yet, with the project locked for it; a refusal leaves no trace."""
    folder = runs_dir(file.folder)
    first_run = not folder.exists()
    run = new_run_name(file.folder, name)
    try:
        with run_lock(folder, run):
            yield folder / run
    except RequestError:
        if first_run and folder.is_dir() and [path.name for path in folder.iterdir()] == [LOCK_FILE]:
            shutil.rmtree(folder)
        raise
