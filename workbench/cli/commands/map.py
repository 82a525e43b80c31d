"""`map PROJECT`: a run's pictures as points in the plane."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.point_table import add_method_argument, add_table_argument, point_table, table_or_refuse
from workbench.core.control import Control
from workbench.core.events import Event, Result
from workbench.core.files import write_atomically
from workbench.core.specs import PARTS, MapSpec
from workbench.core.text import percent
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    add_method_argument(parser)
    parser.add_argument(
        "--part", choices=PARTS, action="append", default=[], help="which pictures (default: those of all parts)"
    )
    add_table_argument(parser, "a table of the points with labels and answers")
    add_output_arguments(parser)


class Job(CommandJob):
    """Draws one map."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        table_or_refuse(args.out)
        spec = MapSpec(
            project_dir=file.folder,
            run_dir=info.folder,
            run=info.run,
            method=args.method,
            parts=tuple(args.part),
        )
        for event in run_job("map", spec, control, info.run):
            if isinstance(event, Result) and args.out is not None:
                write_atomically(args.out, point_table(event.document, "part"))
            yield event

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"{document['count']} pictures of {', '.join(document['parts'])} as points, by {document['method']}."]
        if document["explained"]:
            shares = " and ".join(map(percent, document["explained"]))
            lines.append(f"The two directions hold {shares} of how the pictures differ.")
        where = f"Written to {self.args.out}." if self.args.out is not None else "Give --out FILE.csv to have them."
        return "\n".join([*lines, where])
