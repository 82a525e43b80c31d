"""A run that is not trained but made of other runs: it appears whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.cli.engine import run_job
from workbench.cli.run_folder import run_folder
from workbench.core.control import Control
from workbench.core.events import Event, RunEnded
from workbench.core.files import sync_folder
from workbench.core.specs import Spec
from workbench.project.recorder import Recorder
from workbench.project.store import ProjectFile
from workbench.project.unfinished import ASIDE


def derived_run(
    file: ProjectFile, name: str, job: str, spec_for: Callable[[Path], Spec], control: Control
) -> Iterator[Event]:
    """Carry out a job of the engine that makes a run, recorded as any run; where it does not end, nothing is left.

    Args:
        name: what the run is called, behind its number.
        job: of `engine.jobs`.
        spec_for: what the job is asked for; it is given the folder to write to, whose name is the run's.

    Raises:
        RequestError: the request is wrong, or a run is training; nothing was written.
    """
    with run_folder(file, name) as run_dir:
        aside = run_dir.parent / ASIDE
        shutil.rmtree(aside, ignore_errors=True)  # of a process that was killed
        made = aside / run_dir.name
        made.mkdir(parents=True)
        ended: Event | None = None
        try:
            with Recorder(made) as recorder:
                for event in run_job(job, spec_for(made), control):
                    if isinstance(event, RunEnded):
                        ended = recorder.write(event)
                    else:
                        yield recorder.write(event)
            if ended is not None:
                os.replace(made, run_dir)
                sync_folder(run_dir.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        if ended is not None:
            yield ended
