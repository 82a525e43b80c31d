"""`extend PROJECT CLASS=FOLDER …`: train a run further on pictures that came later, without losing what it knows."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workbench.cli.arrivals import add_arrivals, arrivals, chosen_task, share_or_refuse
from workbench.cli.commands.train import describe, new_run
from workbench.cli.common import add_project_argument, add_run_argument, add_set_argument, with_assignments
from workbench.cli.engine import run_job
from workbench.cli.forgetting_words import forgetting_lines
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.continual import SHARE, gone_on
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result, RunEnded, stamped
from workbench.core.parsing import parse_source, validate_project
from workbench.core.project import Task
from workbench.core.resolved import load_resolved
from workbench.core.specs import MEMORY, ForgettingSpec, RecallSpec
from workbench.project.runs import RunInfo, find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_arrivals(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--memory",
        metavar="N",
        type=int,
        default=MEMORY,
        help=f"pictures of each class that are remembered of the old ones (default: {MEMORY}); 0 where they may not be",
    )
    parser.add_argument(
        "--teacher",
        metavar="SHARE",
        type=float,
        default=SHARE,
        help=f"how much the old model's answers count in the loss (default: {SHARE}); 0: not at all",
    )
    parser.add_argument("--masks", metavar="FOLDER", default="", help="the masks of new pictures of a mask task")
    parser.add_argument(
        "--name", metavar="RUN", default="extended", help="what the new run is called (default: extended)"
    )
    add_set_argument(parser, "for this run only")
    add_output_arguments(parser)


class Job(CommandJob):
    """Trains one run further."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        resolved = load_resolved(info.folder)
        task = chosen_task(resolved, args.task)
        share_or_refuse(args.validation)
        if args.memory < 0 or not 0 <= args.teacher <= 1:
            raise RequestError("--memory is a number from 0 on, --teacher a share from 0 to 1.", "Correct them.")
        project = with_assignments(gone_on(resolved, info.folder, file.folder, args.teacher), args.assignments)
        with TemporaryDirectory() as folder:
            table = Path(folder) / "table.csv"
            recalled = yield from self._recalled(file, info, task, table, control)
            if recalled is None:
                return
            yield from self._trained(new_run(project, args.name, file, control, table), info, recalled, file, control)

    def _recalled(self, file: ProjectFile, info: RunInfo, task: Task, table: Path, control: Control) -> Any:
        """Write the table; what became of it, None where it was told to end."""
        args = self.args
        source = _source(task, args.pictures, args.masks)
        spec = RecallSpec(
            project_dir=file.folder,
            origin=info.folder,
            out=table,
            task=task.name,
            arrivals=() if source else arrivals(args.pictures),
            source=source,
            memory=args.memory,
            validation=args.validation,
        )
        found = None
        for event in run_job("recall", spec, control, info.run):
            if isinstance(event, Result):
                found = event.document
            else:
                yield event
        return found

    def _trained(
        self, events: Iterator[Event], info: RunInfo, recalled: dict[str, Any], file: ProjectFile, control: Control
    ) -> Iterator[Event]:
        """The training; before its end what it has come to, beside the run that it went on from."""
        trained: dict[str, Any] = {}
        for event in events:
            if isinstance(event, Result):
                trained = event.document
                continue
            if isinstance(event, RunEnded) and trained and event.status in ("finished", "stopped"):
                folders = (info.folder, info.folder.with_name(trained["run"]))
                spec = ForgettingSpec(project_dir=file.folder, run_dirs=folders)
                document: dict[str, Any] = {}
                for other in run_job("forgetting", spec, Control()):
                    document = other.document if isinstance(other, Result) else document
                whole = {**trained, "recalled": recalled, "forgetting": document or None}
                yield stamped(Result(what="extend", document=whole), trained["run"])
            yield event

    def describe(self, document: dict[str, Any]) -> str:
        lines = [describe(document)]
        return "\n".join([*lines, *(forgetting_lines(document["forgetting"]) if document["forgetting"] else [])])


def _source(task: Task, texts: list[str], masks: str) -> Task | None:
    """Where new pictures are that a class and a folder cannot name: a table, or pictures with masks."""
    table = len(texts) == 1 and ".csv" in texts[0].lower() and "=" not in texts[0]
    if not table and task.kind != "mask":
        return None
    if len(texts) != 1:
        raise RequestError(f"{task.name} takes one source.", "Give FILE.csv:COLUMN, or a folder with --masks.")
    data = {key: value for key, value in task.model_dump().items() if key not in ("source", "column", "masks")}
    data |= parse_source(texts[0])
    if masks:
        data["masks"] = str(Path(masks).expanduser().absolute())
    return validate_project({"tasks": [data]}, f"extend {texts[0]}").tasks[0]
