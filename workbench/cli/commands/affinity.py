"""`affinity PROJECT`: what a step for one task does to the loss of every other."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import AffinitySpec
from workbench.core.text import signed
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--batches", metavar="N", type=int, default=20, help="how many batches to look at (default: 20)"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Looks one step ahead for each task of a run."""

    def events(self, control: Control) -> Iterator[Event]:
        if self.args.batches < 1:
            raise RequestError(f"--batches {self.args.batches} leaves nothing to look at.", "Give 1 or more.")
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        spec = AffinitySpec(
            project_dir=file.folder, run_dir=info.folder, run=info.run, batches=self.args.batches
        )
        yield from run_job("affinity", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        tasks = document["tasks"]
        lines = [
            f"Run {document['run']}: how much a step for the task on the left lowers the loss of the one above, "
            f"in per cent, over {document['batches']} batches.",
            "It says what one step does here, and does not promise that tasks do well when trained together.",
        ]
        width = max(8, *(len(task) for task in tasks))
        lines.append(" " * width + "".join(f"  {task:>{width}}" for task in tasks))
        for task, row in zip(tasks, document["matrix"], strict=True):
            cells = ("–" if value is None else signed(100 * value, ".2f") for value in row)
            lines.append(f"{task:>{width}}" + "".join(f"  {cell:>{width}}" for cell in cells))
        return "\n".join(lines)
