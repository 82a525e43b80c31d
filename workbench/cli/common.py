"""Arguments and steps that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.core.parsing import assign, validate_project
from workbench.core.project import Project
from workbench.project.store import ProjectFile


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


def with_assignments(file: ProjectFile, assignments: list[str]) -> Project:
    """The file's project with `--set` texts applied, the file left as it is."""
    if not assignments:
        return file.project
    return validate_project(assign(file.project.written(), assignments), "--set")
