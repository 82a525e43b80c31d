"""`evaluate PROJECT`: metrics of a run on its test part (or validation part), or on other labelled pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import task_line
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, stamped
from workbench.core.parsing import absolute, parse_task
from workbench.core.project import Task
from workbench.core.resolved import load_resolved
from workbench.core.specs import PARTS, EvaluateSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument("--part", choices=PARTS, help="which part (default: test, or validation where there is none)")
    parser.add_argument(
        "--data", metavar="NAME=SOURCE", action="append", default=[], help="other labelled pictures for the task NAME"
    )
    parser.add_argument(
        "--masks", metavar="NAME=FOLDER", action="append", default=[], help="the masks of what --data gives"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Scores a run."""

    def events(self, control: Control) -> Iterator[Event]:
        from workbench.engine.jobs import run_job

        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        tasks = {task.name: task for task in load_resolved(info.folder).project.tasks}
        masks = dict(_masks(text) for text in self.args.masks)
        data = tuple(_other_data(text, tasks, masks) for text in self.args.data)
        if left := masks.keys() - {task.name for task in data}:
            raise RequestError(f"--masks names {sorted(left)[0]}, but --data does not.", "Give both, NAME=FOLDER each.")
        if data and self.args.part:
            raise RequestError("--part and --data exclude each other.", "Leave one of them out.")
        spec = EvaluateSpec(project_dir=file.folder, run_dir=info.folder, run=info.run, part=self.args.part, data=data)
        yield from (stamped(event, info.run) for event in run_job("evaluate", spec, control))

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Run {document['run']}, {document['part']}:"]
        return "\n".join([*lines, *(task_line(name, task) for name, task in document["tasks"].items())])


def _masks(text: str) -> tuple[str, str]:
    name, equals, folder = text.partition("=")
    if not equals or not folder:
        raise RequestError(f"--masks {text} is not of the form NAME=FOLDER.", "Write for example --masks wall=masks.")
    return name.strip(), absolute(folder)


def _other_data(text: str, tasks: dict[str, Task], masks: dict[str, str]) -> Task:
    """A task of the run with its pictures taken from elsewhere."""
    other = parse_task(text)
    if other.name not in tasks:
        raise RequestError(
            f"--data {text}: the run has no task {other.name}.", "Its tasks are: " + ", ".join(tasks) + "."
        )
    task = tasks[other.name]
    if task.kind == "mask" and other.name not in masks:
        raise RequestError(
            f"--data {text}: {other.name} is scored by masks, and none are given.",
            f"Add --masks {other.name}=FOLDER, the masks of these pictures.",
        )
    changed = {"source": other.source, "column": other.column, "masks": masks.get(other.name, "")}
    return task.model_copy(update=changed)

