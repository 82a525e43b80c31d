"""`evaluate PROJECT`: metrics of a run on its test part (or validation part), or on other labelled pictures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.other_data import add_other_data_arguments, other_data
from workbench.cli.output import add_output_arguments
from workbench.cli.score_words import task_line
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import PARTS, EvaluateSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument("--part", choices=PARTS, help="which part (default: test, or validation where there is none)")
    add_other_data_arguments(parser)
    add_output_arguments(parser)


class Job(CommandJob):
    """Scores a run."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        data = other_data(self.args, info.folder)
        spec = EvaluateSpec(project_dir=file.folder, run_dir=info.folder, run=info.run, part=self.args.part, data=data)
        yield from run_job("evaluate", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Run {document['run']}, {document['part']}:"]
        return "\n".join([*lines, *(task_line(name, task) for name, task in document["tasks"].items())])
