"""`neighbours PROJECT PICTURE`: the training pictures that a run's model sees most like a picture."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.common import add_project_argument, add_run_argument
from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.cli.tables import aligned
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import NEIGHBOURS, NeighboursSpec
from workbench.project.runs import find_run
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("image", metavar="PICTURE", type=Path, help="the picture")
    parser.add_argument(
        "--count", metavar="N", type=int, default=NEIGHBOURS, help=f"how many to list (default: {NEIGHBOURS})"
    )
    add_run_argument(parser)
    add_output_arguments(parser)


class Job(CommandJob):
    """Finds the neighbours of one picture."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        file = ProjectFile.read(args.project)
        info = find_run(file.folder, args.run)
        if args.count < 1:
            raise RequestError(f"--count {args.count} lists nothing.", "Give 1 or more.")
        if not args.image.is_file():
            raise RequestError(f"There is no picture {args.image}.", "Check the path.")
        spec = NeighboursSpec(
            project_dir=file.folder, run_dir=info.folder, run=info.run, image=args.image, count=args.count
        )
        yield from run_job("neighbours", spec, control, info.run)

    def describe(self, document: dict[str, Any]) -> str:
        tasks = document["tasks"]
        said = [
            f"{name}: {task['label']}" if task["label"] is not None else f"{name}: the model says {task['answer']}"
            for name, task in tasks.items()
        ]
        head = ["  picture", "distance", *tasks]
        rows = [
            [f"  {each['image']}", f"{each['distance']:.3f}", *(_cell(each["tasks"][name]) for name in tasks)]
            for each in document["neighbours"]
        ]
        lines = [f"{document['image']} ({'; '.join(said)})" if said else document["image"]]
        return "\n".join([*lines, *aligned([head, *rows], left=1)])


def _cell(task: dict[str, Any]) -> str:
    """A neighbour's label, marked where it is another one."""
    label = "–" if task["label"] is None else task["label"]
    return f"≠ {label}" if task["same"] is False else label
