"""`teach PROJECT CLASS=FOLDER …`: more pictures, or more classes, for a head that is worked out at once."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.arrivals import add_arrivals, arrivals, chosen_task, share_or_refuse
from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.derived import derived_run
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.taught_words import taught_lines
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.kinds import CLOSED_FORM
from workbench.core.resolved import load_resolved
from workbench.core.specs import TeachSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_arrivals(parser)
    add_run_argument(parser)
    parser.add_argument("--name", metavar="RUN", default="taught", help="what the new run is called (default: taught)")
    parser.add_argument(
        "--head",
        choices=CLOSED_FORM,
        default="",
        help="put such a head in the place of the task's, worked out anew from the stored features of all pictures",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Teaches one head."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        task = chosen_task(load_resolved(info.folder), args.task)
        came, share = arrivals(args.pictures), share_or_refuse(args.validation)

        def spec(run_dir: Path) -> TeachSpec:
            return TeachSpec(
                project_dir=file.folder,
                origin=info.folder,
                run_dir=run_dir,
                task=task.name,
                arrivals=came,
                head=args.head,
                validation=share,
            )

        yield from derived_run(file, args.name, "teach", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        return "\n".join(taught_lines(document))
