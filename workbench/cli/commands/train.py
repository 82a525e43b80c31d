"""`train PROJECT`: carry out a run, or go on with one."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument, with_assignments
from workbench.cli.jobs import CommandJob, failure
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import task_line
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result, RunEnded
from workbench.core.resolved import RESOLVED_FILE
from workbench.core.specs import TrainSpec
from workbench.core.text import duration
from workbench.project.lock import LOCK_FILE, run_lock
from workbench.project.recorder import Recorder
from workbench.project.runs import RESUMABLE, RunInfo, find_run, list_runs, new_run_name, runs_dir
from workbench.project.store import ProjectFile, trainable_or_refuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("--name", metavar="RUN", help="what the run is called (default: its preset)")
    add_set_argument(parser, "for this run only")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="go on with a run that did not finish (default: the latest such)",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Starts a run, or goes on with one."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        if self.args.resume is not None:
            if self.args.assignments or self.args.name:
                raise RequestError(
                    "A resumed run keeps its settings.", "Leave --set and --name out, or start a new run."
                )
            yield from _resume(file, self.args.resume, control)
            return
        project = with_assignments(file, self.args.assignments)
        trainable_or_refuse(project)
        name = new_run_name(file.folder, self.args.name or project.recipe.preset)
        run_dir = runs_dir(file.folder) / name
        yield from _new_run(TrainSpec(project=project, project_dir=file.folder, run_dir=run_dir, run=name), control)

    def describe(self, document: dict[str, Any]) -> str:
        after = f" after {duration(document['elapsed_s'])}" if "elapsed_s" in document else ""
        lines = [f"Run {document['run']} is {document['status']}{after}."]
        lines += [task_line(name, {"metrics": metrics}) for name, metrics in document["metrics"].items()]
        return "\n".join(lines)


def _new_run(spec: TrainSpec, control: Control) -> Iterator[Event]:
    folder = spec.run_dir.parent
    first_run = not folder.exists()
    try:
        with run_lock(folder, spec.run):
            spec.run_dir.mkdir()
            try:
                yield from _recorded(spec, control)
            except RequestError:
                if not (spec.run_dir / RESOLVED_FILE).exists():
                    shutil.rmtree(spec.run_dir)
                raise
    except RequestError:
        if first_run and folder.is_dir() and [path.name for path in folder.iterdir()] == [LOCK_FILE]:
            shutil.rmtree(folder)
        raise


def _resume(file: ProjectFile, wanted: str, control: Control) -> Iterator[Event]:
    info = _resumable(file.folder, wanted)
    if info.status == "finished":
        document = {"run": info.run, "status": info.status, "metrics": info.metrics}
        yield Result(run=info.run, what="train", document=document)
        return
    begun = (info.folder / RESOLVED_FILE).exists()  # killed before that, it starts again under the same name
    spec = TrainSpec(project=file.project, project_dir=file.folder, run_dir=info.folder, run=info.run, resume=begun)
    with run_lock(info.folder.parent, info.run):
        yield from _recorded(spec, control)


def _resumable(project_dir: Path, wanted: str) -> RunInfo:
    if wanted:
        return find_run(project_dir, wanted)
    infos = list_runs(project_dir)
    if not infos:
        raise RequestError("This project has no run to resume.", "Train first.")
    return next((info for info in reversed(infos) if info.status in RESUMABLE), infos[-1])


def _recorded(spec: TrainSpec, control: Control) -> Iterator[Event]:
    """The job's events, recorded; errors that are not the request's become the run's last events."""
    from workbench.engine.jobs import run_job

    with Recorder(spec.run_dir) as recorder:
        elapsed_s = 0.0
        try:
            for event in run_job("train", spec, control):
                elapsed_s = getattr(event, "elapsed_s", elapsed_s)
                yield recorder.write(event)
        except RequestError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: every error leaves as one event with its traceback
            yield recorder.write(failure(error))
            yield recorder.write(RunEnded(status="failed", best=None, elapsed_s=elapsed_s))
