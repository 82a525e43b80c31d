"""`evaluate PROJECT`: metrics of a run on its test part (or validation part), or on other labelled pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, stamped
from workbench.core.parsing import parse_task
from workbench.core.project import Task
from workbench.core.resolved import load_resolved
from workbench.core.specs import PARTS, EvaluateSpec
from workbench.core.text import percent
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
    add_output_arguments(parser)


class Job(CommandJob):
    """Scores a run."""

    def events(self, control: Control) -> Iterator[Event]:
        from workbench.engine.jobs import run_job

        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        tasks = {task.name: task for task in load_resolved(info.folder).project.tasks}
        data = tuple(_other_data(text, tasks) for text in self.args.data)
        if data and self.args.part:
            raise RequestError("--part and --data exclude each other.", "Leave one of them out.")
        spec = EvaluateSpec(project_dir=file.folder, run_dir=info.folder, run=info.run, part=self.args.part, data=data)
        yield from (stamped(event, info.run) for event in run_job("evaluate", spec, control))

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Run {document['run']}, {document['part']}:"]
        return "\n".join([*lines, *(_task_line(name, task) for name, task in document["tasks"].items())])


def _other_data(text: str, tasks: dict[str, Task]) -> Task:
    """A task of the run with its pictures taken from elsewhere."""
    other = parse_task(text)
    if other.name not in tasks:
        raise RequestError(
            f"--data {text}: the run has no task {other.name}.", "Its tasks are: " + ", ".join(tasks) + "."
        )
    return tasks[other.name].model_copy(update={"source": other.source, "column": other.column})


def _task_line(name: str, task: dict[str, Any]) -> str:
    metrics = task["metrics"]
    doubt = ""
    if metrics.get("accuracy_interval"):
        low, high = metrics["accuracy_interval"]
        doubt = f" ({percent(low)} to {percent(high)})"
    return (
        f"  {name}: accuracy {percent(metrics.get('accuracy'))}{doubt} on {task['count']} pictures, "
        f"balanced {percent(metrics.get('balanced_accuracy'))}, macro F1 {percent(metrics.get('macro_f1'))}"
    )
