"""`runs PROJECT`: list a project's runs with settings, scores and state."""

from __future__ import annotations

import argparse

from workbench.cli.common import add_project_argument
from workbench.cli.score_words import first_score
from workbench.core.events import to_json
from workbench.core.text import duration
from workbench.project.queue import queued_runs
from workbench.project.runs import RunInfo, list_runs
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    folder = ProjectFile.read(args.project).folder
    infos = [*list_runs(folder), *queued_runs(folder)]
    if args.json:
        print(to_json([info.to_document() for info in infos], indent=1))
    elif not infos:
        print("This project has no run yet. Train it with: workbench train PROJECT.")
    else:
        print("\n".join(run_line(info) for info in infos))
    return 0


def run_line(info: RunInfo) -> str:
    """A run in a line: its name, state, time, backbone, and the score by which each task is judged."""
    scores = ", ".join(f"{task} {', '.join(first_score(metrics)) or '–'}" for task, metrics in info.metrics.items())
    backbone = info.settings.get("backbone", {}).get("name", "")
    return f"{info.run:<24} {info.status:<12} {duration(info.elapsed_s):>8}  {backbone:<20} {scores}".rstrip()
