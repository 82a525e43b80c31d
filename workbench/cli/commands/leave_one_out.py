"""`leave-one-out PROJECT`: how good answers are on a domain that was not trained on, each in turn."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument, with_assignments
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.cli.target import score_text
from workbench.core.control import Control
from workbench.core.domains import domain_folders
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.project import Project
from workbench.core.specs import LeaveOneOutSpec
from workbench.core.text import percent, signed
from workbench.project.store import ProjectFile

_HOW = {"probe": "a regression on features of the untouched backbone", "runs": "runs of the project's recipe"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("--task", metavar="NAME", help="of one class a picture (default: the project's first such)")
    parser.add_argument(
        "--domain", metavar="FOLDER", type=Path, action="append", default=[], help="class folders of one domain"
    )
    parser.add_argument("--in", dest="parent", metavar="FOLDER", type=Path, help="whose folders are the domains")
    parser.add_argument("--column", metavar="NAME", default="", help="of the task's table, that tells the domain")
    parser.add_argument(
        "--how", choices=_HOW, default="probe", help="; ".join(f"{name}: {text}" for name, text in _HOW.items())
    )
    add_set_argument(parser, "for this alone")
    add_output_arguments(parser)


class Job(CommandJob):
    """Leaves one domain out after the other."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        project = with_assignments(file.project, args.assignments)
        if sum([bool(args.domain), args.parent is not None, bool(args.column)]) != 1:
            raise RequestError(
                "It is not clear what the domains are.", "Give --domain for each, or --in FOLDER, or --column NAME."
            )
        spec = LeaveOneOutSpec(
            project=project,
            project_dir=file.folder,
            task=args.task or _first(project),
            domains=domain_folders(args.domain, args.parent),
            column=args.column,
            how=args.how,
        )
        yield from run_job("leave-one-out", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        rows = [["  left out", "pictures", "trained on the others", "on its own", "difference", ""]]
        for each in document["domains"]:
            own = score_text("single-label", each["own"]) if each["own"] else "–"
            change = "–" if each["difference"] is None else f"{signed(100 * each['difference'])} points"
            left_out = score_text("single-label", each["left_out"])
            rows.append([f"  {each['name']}", str(each["pictures"]), left_out, own, change, each["conclusion"] or ""])
        mean, how = document["mean"], _HOW[document["how"]]
        doubt = f" ({' to '.join(map(percent, mean['interval']))})" if mean["interval"] else ""
        return "\n".join(
            [
                f"{document['task']} by {how} ({document['backbone']}), accuracy with 95 % intervals:",
                *aligned(rows, left=1),
                f"On a domain that was not seen: {percent(mean['mean'])}{doubt} over {len(rows) - 1} domains.",
            ]
        )


def _first(project: Project) -> str:
    for task in project.tasks:
        if task.kind == "single-label":
            return task.name
    raise RequestError("The project has no task of one class a picture.", "Add one.")
