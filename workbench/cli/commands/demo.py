"""`demo [FOLDER]`: make the demo project and train it without a window."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.commands import train
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments, carry_out
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.project.demo import make_demo
from workbench.project.places import fresh_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=Path,
        help="where to make it (default: a new folder in your documents)",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Draws the demo's pictures, then trains on them."""

    def __init__(self, args: argparse.Namespace) -> None:
        super().__init__(args)
        self._folder = Path(os.path.abspath(args.folder)) if args.folder else fresh_folder("Demo")
        self._train = train.Job(train.typed(str(self._folder)))

    def events(self, control: Control) -> Iterator[Event]:
        for progress in make_demo(self._folder):
            if control.ending:
                return
            yield progress
        yield from self._train.events(control)

    def describe(self, document: dict[str, Any]) -> str:
        return f"{self._train.describe(document)}\nThe project is {self._folder}."


def train_in_terminal() -> int:
    """The demo as `--demo` shows it where there is no display."""
    return carry_out(Job(argparse.Namespace(folder=None, json=False, events=False)))
