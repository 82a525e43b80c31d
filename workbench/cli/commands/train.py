"""`train PROJECT`: carry out a run, or go on with one."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from workbench.cli.common import (
    AWAKE,
    add_notify_argument,
    add_project_argument,
    add_set_argument,
    begun_from,
    tell_end,
    with_assignments,
)
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob, failure
from workbench.cli.output import add_output_arguments
from workbench.cli.ranks import first_of, follow
from workbench.cli.run_folder import run_folder
from workbench.cli.score_words import task_line
from workbench.cli.streams import obey
from workbench.core.changes import CHANGES_FILE
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Result, RunEnded, RunStarted
from workbench.core.files import write_atomically
from workbench.core.parsing import parse_project
from workbench.core.place import place_in
from workbench.core.project import Project
from workbench.core.resolved import RESOLVED_FILE, TABLE_FILE, load_resolved
from workbench.core.specs import TrainSpec
from workbench.core.text import duration
from workbench.project.awake import kept_awake
from workbench.project.lock import TrainingElsewhere, run_lock
from workbench.project.queue import put_run, read_queue, remove_run
from workbench.project.recorder import Recorder
from workbench.project.runs import RESUMABLE, RunInfo, find_run, interrupted_run, list_runs
from workbench.project.store import ProjectFile, project_text, trainable_or_refuse
from workbench.project.told import hearing

MOST_EPOCHS = 10_000
ASKED_FILE = "asked.toml"
"""What a run was asked for, until it has resolved it."""


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
    parser.add_argument(
        "--more",
        type=int,
        metavar="EPOCHS",
        help="train a run that has ended for more epochs (default: the latest; with --resume RUN that one)",
    )
    parser.add_argument(
        "--from", dest="origin", metavar="RUN", help="begin with the weights of a run of this project: its backbone too"
    )
    parser.add_argument(
        "--repeat",
        metavar="RUN",
        help="do again what a run did: its settings, its pictures, and what was changed while it trained",
    )
    parser.add_argument(
        "--queued", metavar="RUN", help="carry out a run that waits in the queue: its place, its id or its name"
    )
    parser.add_argument(
        "--devices",
        type=int,
        metavar="N",
        help="train on so many devices of this machine at once; a run that is resumed may take another number",
    )
    add_notify_argument(parser)
    add_output_arguments(parser)


def typed(*words: str) -> argparse.Namespace:
    """The arguments, as if `train` had been typed with these words."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


class Job(CommandJob):
    """Starts a run, or goes on with one."""

    def events(self, control: Control) -> Iterator[Event]:
        place = place_in(os.environ)
        file = ProjectFile.read(self.args.project)
        begin = self._wanted(file)  # in every process, so that none waits for one that was refused
        if place is not None and place.rank:
            yield from follow(self.args.project, place, control)
            return
        try:
            for event in begin(file, control):
                yield event
                if self.args.notify and isinstance(event, RunEnded):
                    tell_end(event)
        except RequestError as error:
            if place is not None:
                from workbench.engine.jobs import refuse

                refuse(place, error, control)
            raise

    def _wanted(self, file: ProjectFile) -> Callable[[ProjectFile, Control], Iterator[Event]]:
        """What to do with the project and a control."""
        args = self.args
        goes_on = args.resume is not None or args.more is not None
        ways = [goes_on, args.queued is not None, args.repeat is not None]
        if any(ways):
            named = args.name and not args.repeat
            queued = args.queued is not None and args.devices is not None
            if args.assignments or args.origin or named or queued or sum(ways) > 1:
                raise RequestError(
                    "A run that goes on, is repeated or is taken from the queue keeps its settings.",
                    "Leave --set, --name and --from out, and --devices with --queued, or start a new run.",
                )
            if args.repeat is not None:
                return partial(_repeated, args.repeat, args.name, args.devices)
            if args.queued is not None:
                return partial(_from_queue, args.queued)
            if args.more is not None:
                return partial(_longer, args.resume, args.more, args.devices)
            return partial(_resume, args.resume, args.devices)
        project = file.project if args.origin is None else begun_from(file, args.origin)
        devices = [] if args.devices is None else [f"recipe.devices={args.devices}"]
        return partial(_new_run, with_assignments(project, [*args.assignments, *devices]), args.name)

    def describe(self, document: dict[str, Any]) -> str:
        return describe(document)


def describe(document: dict[str, Any]) -> str:
    """What became of a run, in sentences."""
    after = f" after {duration(document['elapsed_s'])}" if "elapsed_s" in document else ""
    lines = [f"Run {document['run']} is {document['status']}{after}."]
    lines += [task_line(name, {"metrics": metrics}) for name, metrics in document["metrics"].items()]
    return "\n".join(lines)


def _new_run(project: Project, name: str, file: ProjectFile, control: Control) -> Iterator[Event]:
    yield from new_run(project, name or project.recipe.preset, file, control)


def new_run(
    project: Project, name: str, file: ProjectFile, control: Control, table: Path | None = None
) -> Iterator[Event]:
    """Carry out a new run of settings that need not be those of the project's file.

    Args:
        name: what it is called, behind its number.
        table: a stored sample table to train on; None reads the project's data.

    Raises:
        RequestError: the request is wrong, or a run is training; nothing was written.
    """
    trainable_or_refuse(project)
    with run_folder(file, name) as run_dir:
        yield from _begun(project, file, run_dir, control, table=table)


def _repeated(wanted: str, name: str, devices: int | None, file: ProjectFile, control: Control) -> Iterator[Event]:
    """A new run that does what another one did."""
    info = find_run(file.folder, wanted)
    _trained_or_refuse(info)
    project = _on(load_resolved(info.folder).project, devices)
    changes = info.folder / CHANGES_FILE
    with run_folder(file, name or info.run.partition("-")[2]) as run_dir:
        keep = partial(shutil.copy, changes, run_dir) if changes.exists() else lambda: None
        yield from _begun(project, file, run_dir, control, keep, info.folder / TABLE_FILE)


def _from_queue(wanted: str, file: ProjectFile, control: Control) -> Iterator[Event]:
    """Carry out a run that waits; where it is refused, it waits on with what is wrong, so that others can go before."""
    queue = read_queue(file.folder)
    waiting = queue.find(wanted)
    try:
        with run_folder(file, waiting.name) as run_dir:
            project = waiting.project()
            trainable_or_refuse(project)
            yield from _begun(project, file, run_dir, control, partial(remove_run, file.folder, waiting.id))
    except TrainingElsewhere:
        raise
    except RequestError as error:
        put_run(file.folder, waiting.model_copy(update={"problem": str(error)}), queue.place(waiting.id))
        raise


def _begun(
    project: Project,
    file: ProjectFile,
    run_dir: Path,
    control: Control,
    take: Callable[[], object] = lambda: None,
    table: Path | None = None,
) -> Iterator[Event]:
    """A new run; `take` takes it out of the queue once its folder says what was asked.

    Args:
        table: a stored sample table to train on; None reads the project's data.
    """
    run_dir.mkdir()
    try:
        write_atomically(run_dir / ASKED_FILE, project_text(project))
        take()
        spec = TrainSpec(project=project, project_dir=file.folder, run_dir=run_dir, run=run_dir.name, table=table)
        yield from _recorded(spec, control)
    except RequestError:
        if not (run_dir / RESOLVED_FILE).exists():
            shutil.rmtree(run_dir)
        raise


def _resume(wanted: str, devices: int | None, file: ProjectFile, control: Control) -> Iterator[Event]:
    info = _resumable(file.folder, wanted)
    if info.status == "finished":
        document = {"run": info.run, "status": info.status, "metrics": info.metrics}
        yield Result(run=info.run, what="train", document=document)
        return
    begun = (info.folder / RESOLVED_FILE).exists()  # killed before that, it starts again under the same name
    project = _on(load_resolved(info.folder).project if begun else _asked(info.folder, file.project), devices)
    spec = TrainSpec(project=project, project_dir=file.folder, run_dir=info.folder, run=info.run, resume=begun)
    with run_lock(info.folder.parent, info.run):
        yield from _recorded(spec, control)


def _longer(
    wanted: str | None, epochs: int, devices: int | None, file: ProjectFile, control: Control
) -> Iterator[Event]:
    """Train a run that has ended for more epochs."""
    info = find_run(file.folder, wanted or "latest")
    _trained_or_refuse(info)
    if not 1 <= epochs <= MOST_EPOCHS:
        raise RequestError(f"{epochs} more epochs are not possible.", f"Give a number from 1 to {MOST_EPOCHS}.")
    if info.status not in ("finished", "stopped"):
        raise RequestError(f"Run {info.run} is {info.status}.", f"Resume it first: train --resume {info.run}.")
    spec = TrainSpec(
        project=_on(load_resolved(info.folder).project, devices),
        project_dir=file.folder,
        run_dir=info.folder,
        run=info.run,
        resume=True,
        more=epochs,
    )
    with run_lock(info.folder.parent, info.run):
        yield from _recorded(spec, control)


def _trained_or_refuse(info: RunInfo) -> None:
    """Refuse what only a run that was trained can do.

    Raises:
        RequestError: it was made of other runs.
    """
    if info.derived:
        raise RequestError(
            f"Run {info.run} was not trained but made of other runs ({info.derived}).",
            f"Start a new run with its weights: train --from {info.run}.",
        )


def _on(project: Project, devices: int | None) -> Project:
    """The same project, to be trained on so many devices where a number is given.

    Raises:
        RequestError: there is no such number of devices.
    """
    if devices is None:
        return project
    if devices < 1:
        raise RequestError(f"{devices} devices are not possible.", "Give a number from 1 on.")
    return project.model_copy(update={"recipe": project.recipe.model_copy(update={"devices": devices})})


def _asked(run_dir: Path, otherwise: Project) -> Project:
    """What a run was asked for; `otherwise` where it was killed before that was written."""
    path = run_dir / ASKED_FILE
    return parse_project(path.read_text(encoding="utf-8"), str(path)) if path.exists() else otherwise


def _resumable(project_dir: Path, wanted: str) -> RunInfo:
    if wanted:
        return find_run(project_dir, wanted)
    infos = list_runs(project_dir)
    if not infos:
        raise RequestError("This project has no run to resume.", "Train first.")
    latest = interrupted_run(project_dir)
    if latest is not None:
        return find_run(project_dir, latest)
    return next((info for info in reversed(infos) if info.status in RESUMABLE), infos[-1])


@contextmanager
def _placed(spec: TrainSpec) -> Iterator[TrainSpec]:
    """The job of the process that leads: where torchrun or srun started several, of them, else of those it starts."""
    given = place_in(os.environ)
    count = spec.project.recipe.devices if given is None else 1
    with first_of(count, spec.project_dir, spec.run_dir) as own:
        yield spec.model_copy(update={"place": given or own})


def _recorded(spec: TrainSpec, control: Control) -> Iterator[Event]:
    """The job's events, recorded; errors that are not the request's become the run's last events."""
    told = hearing(spec.run_dir, partial(obey, control))
    with Recorder(spec.run_dir) as recorder, kept_awake() as awake, told, _placed(spec) as placed:
        elapsed_s = 0.0
        try:
            for event in run_job("train", placed, control):
                elapsed_s = getattr(event, "elapsed_s", elapsed_s)
                yield recorder.write(event)
                if awake and isinstance(event, RunStarted):
                    yield recorder.write(Notice(level="info", text=AWAKE))
        except RequestError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: every error leaves as one event with its traceback
            yield recorder.write(failure(error))
            yield recorder.write(RunEnded(status="failed", best=None, elapsed_s=elapsed_s))
