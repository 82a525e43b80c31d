"""One of several processes that train a run together, each on its device.

Not for people: `train` starts it. It says nothing; what it is to do it learns from the process that started it.
"""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from workbench.cli.common import add_project_argument
from workbench.cli.ranks import followed
from workbench.cli.streams import ParentWatch
from workbench.core.control import Control
from workbench.core.place import Place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("--number", type=int, required=True, help="which of the processes this is, from 1")
    parser.add_argument("--of", type=int, required=True, help="how many there are with the one that leads")
    parser.add_argument("--meet", type=Path, required=True, help="the file in which they find each other")
    parser.add_argument("--parent", type=int, required=True, help="end soon after the process of this number")


def run(args: argparse.Namespace) -> int:
    """Take part until the run is over or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal comes to all; the one that leads tells the rest
    control = Control()
    ParentWatch(args.parent).control = control
    place = Place(args.number, args.of, args.number, args.of, args.meet.absolute().as_uri(), (args.parent,))
    return followed(args.project, place, control)
