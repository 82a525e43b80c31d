"""`forgetting PROJECT`: what runs that followed each other have forgotten."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.forgetting_words import forgetting_lines
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import PARTS, ForgettingSpec
from workbench.project.chains import chain
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--part", choices=PARTS, help="whose pictures judge (default: test where every run has one, else validation)"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Tells what the runs that led to one have forgotten."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        folders = tuple(each.folder for each in chain(file.folder, info))
        spec = ForgettingSpec(project_dir=file.folder, run_dirs=folders, part=self.args.part)
        yield from run_job("forgetting", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        return "\n".join(forgetting_lines(document))
