"""`curve PROJECT`: how good answers get with the number of training pictures, and whether more would help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import CurveSpec
from workbench.core.text import percent
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile

SCORES = {
    "accuracy": "accuracy",
    "mean_average_precision": "mean average precision",
    "r2": "explained share (R²)",
    "mean_iou": "mean overlap (IoU)",
}
"""Each kind's score in words."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    add_run_argument(parser)
    parser.add_argument(
        "--task", metavar="NAME", action="append", default=[], help="whose curve to draw (default: all tasks')"
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Draws learning curves."""

    def events(self, control: Control) -> Iterator[Event]:
        file = ProjectFile.read(self.args.project)
        info = find_run(file.folder, self.args.run)
        spec = CurveSpec(
            project_dir=file.folder, run_dir=info.folder, run=info.run, tasks=tuple(self.args.task)
        )
        yield from run_job("curve", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [
            f"A simple probe on frozen features of {document['backbone']}, fitted to more and more of the training "
            "pictures. A trained network may do better and gain more."
        ]
        for name, task in document["tasks"].items():
            lines += ["", f"{name}: {sentence(task)}", *_table(task)]
        return "\n".join(lines)


def sentence(task: dict[str, Any]) -> str:
    """Whether more pictures would help."""
    low, high = (f"{100 * end:.1f}" for end in task["gain"]["interval"])
    largest, twice = task["sizes"][-1], task["projection"][0]
    words = {
        "help": "more pictures would help",
        "hardly": "more pictures would hardly help",
        "unclear": "it cannot be told yet whether more pictures would help",
    }[task["conclusion"]]
    return (
        f"{words}: {twice['pictures']} in place of {largest['pictures']} are expected to bring {low} to {high} points."
    )


def _table(task: dict[str, Any]) -> list[str]:
    rows = [["  pictures", SCORES[task["score"]], "95 % interval", ""]]
    for note, entries in (("", task["sizes"]), ("projected", task["projection"])):
        for each in entries:
            low, high = each["interval"]
            interval = f"{percent(low)} to {percent(high)}"
            rows.append([f"  {each['pictures']}", percent(each["score"]), interval, note])
    return aligned(rows, left=0)
