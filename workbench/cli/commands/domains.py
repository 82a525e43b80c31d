"""`domains PROJECT`: how far pictures of another domain lie from a run's own, and both on one map."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.point_table import add_method_argument, add_table_argument, point_table, table_or_refuse
from workbench.cli.target import add_target_arguments, score_text, target_facts
from workbench.core.control import Control
from workbench.core.domains import apart
from workbench.core.events import Event, Result
from workbench.core.files import write_atomically
from workbench.core.specs import DomainsSpec
from workbench.core.text import several
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    add_target_arguments(parser)
    add_method_argument(parser)
    add_table_argument(parser, "a table of the map's points")
    add_output_arguments(parser)


class Job(CommandJob):
    """Measures how far two domains lie apart."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        table_or_refuse(args.out)
        spec = DomainsSpec(
            project_dir=file.folder, origin_dir=info.folder, method=args.method, **target_facts(args, info.folder)
        )
        for event in run_job("domains", spec, control, info.run):
            if isinstance(event, Result) and args.out is not None:
                write_atomically(args.out, point_table(event.document["map"], "domain"))
            yield event

    def describe(self, document: dict[str, Any]) -> str:
        found, target = document["distance"], document["target"]
        low, high = found["interval"]
        lines = [
            f"{several(target['pictures'], 'picture')} of {target['folder']} beside those of run {document['run']}:",
            f"  distance {found['value']:.2f} ({low:.2f} to {high:.2f}) between 0 and 2: {apart(found)}.",
        ]
        for name, task in document["tasks"].items():
            for row in task["rows"]:
                score = score_text(task["kind"], row)
                on = several(row["pictures"], "picture")
                lines.append(f"  {name} on {row['on']}: {task['score']} {score} on {on}")
        if self.args.out is not None:
            lines.append(f"The map is written to {self.args.out}.")
        return "\n".join(lines)
