"""No command: open the window, on a project or on the demo."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("project", metavar="PROJECT", nargs="?", help="open the window on that project")
    parser.add_argument("--demo", action="store_true", help="open the window on a fresh demo project and train it")


def run(args: argparse.Namespace) -> int:
    """Open the window; where there is no display, the demo trains in the terminal instead."""
    from workbench.gui.display import display_missing

    if args.demo and display_missing():
        from workbench.cli.commands import demo

        print("There is no display, so the demo trains in this terminal.", file=sys.stderr)
        return demo.train_in_terminal()
    from workbench.gui.app import open_window

    return open_window(Path(args.project) if args.project else None, train_at_once=args.demo)
