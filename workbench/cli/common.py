"""Arguments and steps that several commands share."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from workbench.core.events import RunEnded
from workbench.core.parsing import assign, validate_project
from workbench.core.project import Project
from workbench.core.run_weights import find_run_weights
from workbench.core.text import duration
from workbench.project.edits import begun_with
from workbench.project.notify import notify
from workbench.project.store import ProjectFile

AWAKE = "The computer is kept awake while this trains."


def add_project_argument(parser: argparse.ArgumentParser) -> None:
    """The positional PROJECT."""
    parser.add_argument("project", metavar="PROJECT", type=Path, help="the project's folder")


def add_set_argument(parser: argparse.ArgumentParser, scope: str) -> None:
    """`--set key=value`, as often as wanted."""
    parser.add_argument(
        "--set",
        dest="assignments",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help=f"a setting {scope}, dotted, such as recipe.epochs=5 or tasks.NAME.head=mlp; see `workbench new --help`",
    )


def add_run_argument(parser: argparse.ArgumentParser) -> None:
    """`--run`."""
    parser.add_argument(
        "--run", default="latest", help="the run's name, its number, or latest (default: the latest that finished)"
    )


def add_notify_argument(parser: argparse.ArgumentParser) -> None:
    """`--notify`."""
    parser.add_argument(
        "--notify",
        action="store_true",
        help="tell the end of a run on the desktop, or ring the terminal's bell where there is none",
    )


def tell_end(event: RunEnded) -> None:
    """Tell the end of a run to somebody who looks elsewhere."""
    if not notify("Workbench", f"Run {event.run} is {event.status} after {duration(event.elapsed_s)}."):
        print("\a", end="", file=sys.stderr, flush=True)


def with_assignments(project: Project, assignments: list[str]) -> Project:
    """The project with `--set` texts applied, its file left as it is."""
    return validate_project(assign(project.written(), assignments), "--set") if assignments else project


def begun_from(file: ProjectFile, run: str) -> Project:
    """The file's project with the backbone of a run of its own, and the weights that it has learned; with its size of
    pictures, too, where the file names none.

    Raises:
        RequestError: there is no such run, or it has kept no model.
    """
    return begun_with(file.project, find_run_weights(run, file.folder), file.folder)
