"""`add-task PROJECT NAME=SOURCE`: one more task for a run, whose other answers stay the same bit by bit."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.derived import derived_run
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import task_line
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, RunEnded
from workbench.core.kinds import CLOSED_FORM, HEAD_HELP, KINDS
from workbench.core.numbers import are_measurements
from workbench.core.parsing import check_head, parse_task, validate_project
from workbench.core.project import Project, Task
from workbench.core.specs import AddTaskSpec
from workbench.core.timeline import trains_stages
from workbench.project.runs import RunInfo, find_run
from workbench.project.store import ProjectFile

INSTANT = "ridge"
"""The head of a task of classes, where no other is asked for: it is there at once."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "task",
        metavar="NAME=SOURCE",
        help="the task and its pictures: a folder of class folders, or FILE.csv:COLUMN; or the NAME of a task of the "
        "project that the run has not learned",
    )
    add_run_argument(parser)
    parser.add_argument("--kind", choices=tuple(KINDS), default="", help="what is asked (default: as `new` guesses)")
    parser.add_argument(
        "--head", choices=tuple(HEAD_HELP), default="", help=f"its head (default: {INSTANT} for classes: no training)"
    )
    parser.add_argument("--masks", metavar="FOLDER", default="", help="the masks of a mask task")
    parser.add_argument("--name", metavar="RUN", default="", help="what the new run is called (default: the task)")
    parser.add_argument(
        "--only-the-run",
        action="store_true",
        help="leave the project's tasks as they are (default: the project gets the task, so that later runs learn it)",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Adds one task to a run."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        task = wanted_task(args, file.project)
        check_head(task)
        known = any(task.name.casefold() == each.name.casefold() for each in file.project.tasks)
        keeps = not known and not args.only_the_run
        for event in self._made(file, info, task, control):
            if isinstance(event, RunEnded) and keeps:
                yield _into_project(file, task)
            yield event

    def _made(self, file: ProjectFile, info: RunInfo, task: Task, control: Control) -> Iterator[Event]:
        def spec(run_dir: Path) -> AddTaskSpec:
            return AddTaskSpec(
                project_dir=file.folder, origin=info.folder, run_dir=run_dir, task=task, split=file.project.split
            )

        return derived_run(file, self.args.name or task.name, "add_task", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        proof = document["proof"]
        lines = [
            f"Run {document['run']} is run {document['origin']} with the task {document['task']} beside the others."
        ]
        if document["part"]:
            lines.append(f"{task_line(document['task'], document)} (on the {document['part']} part)")
        lines.append(
            f"The old answers are the same, bit by bit: {proof['answers']} numbers for {proof['pictures']} pictures."
        )
        return "\n".join(lines)


def wanted_task(args: argparse.Namespace, project: Project) -> Task:
    """The task: one of the project's by its name, or a new one with its source.

    Raises:
        RequestError: it is neither.
    """
    if "=" not in args.task:
        for task in project.tasks:
            if task.name == args.task:
                return task
        names = ", ".join(task.name for task in project.tasks) or "none"
        raise RequestError(
            f"The project has no task {args.task} (its tasks: {names}).", "Write NAME=SOURCE for a new one."
        )
    task = parse_task(args.task, args.kind, option="add-task")
    data = task.model_dump(exclude_unset=True)
    if args.masks:
        data |= {"kind": "mask", "masks": str(Path(args.masks).expanduser().absolute())}
    elif task.column and not args.kind and _measured(task):
        data["kind"] = "number"
    kind = data.get("kind", task.kind)
    if args.head or kind == "single-label":
        data["head"] = args.head or INSTANT
    return validate_project({"tasks": [data]}, f"add-task {args.task}").tasks[0]


def _measured(task: Task) -> bool:
    """Whether a column holds measurements, as `new` decides it."""
    from workbench.engine.data.sources import read_source

    return are_measurements({row.label for row in read_source(task, Path.cwd()) if row.label is not None})


def _into_project(file: ProjectFile, task: Task) -> Notice:
    """Give the project the task; what is wrong with its file is said, and the run stays."""
    later = _for_later_runs(file.project, task)
    try:
        tasks = [*file.project.tasks, later]
        file.save(file.project.model_copy(update={"tasks": tasks}))
    except RequestError as error:
        return Notice(level="warning", text=f"The project did not get the task {task.name}: {error}")
    text = f"The project has the task {task.name} now: runs that are trained later learn it"
    other = f", with the head {later.head}, as {task.head} needs a backbone that stands still"
    return Notice(level="info", text=f"{text}{other if later.head != task.head else ''}.")


def _for_later_runs(project: Project, task: Task) -> Task:
    """The task with a head that the project's recipe can train: one that is worked out at once bears no stage that
    does."""
    if task.head in CLOSED_FORM and trains_stages(project.effective()):
        return Task.model_validate(task.model_dump(exclude_unset=True, exclude={"head"}))
    return task
