"""Pictures that come later, as a command line names them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.core.resolved import Resolved
from workbench.core.specs import Arrival


def add_arrivals(parser: argparse.ArgumentParser) -> None:
    """PICTURES, `--task` and `--validation`."""
    parser.add_argument(
        "pictures",
        nargs="+",
        metavar="CLASS=FOLDER",
        help="a class and a folder of its pictures, or one picture; or a folder of class folders",
    )
    parser.add_argument("--task", metavar="NAME", default="", help="whose pictures they are (default: the only task)")
    parser.add_argument(
        "--validation",
        metavar="SHARE",
        type=float,
        default=0.2,
        help="the share of each class's new pictures that is kept aside to judge by (default: 0.2)",
    )


def arrival(text: str) -> Arrival:
    """`CLASS=FOLDER`, `CLASS=PICTURE`, or a folder of class folders, relative to the current folder.

    Raises:
        RequestError: there is nothing at the path.
    """
    label, equals, place = text.partition("=")
    if not equals or os.path.exists(text):
        label, place = "", text
    path = Path(os.path.abspath(Path(place).expanduser()))
    if not path.exists():
        raise RequestError(f"There is no folder and no picture {path}.", "Write CLASS=FOLDER, and check the path.")
    if equals and not label.strip() and place != text:
        raise RequestError(f"{text} names no class.", "Write for example glass=photos/glass.")
    return Arrival(path=path, label=label.strip() or None)


def arrivals(texts: Iterable[str]) -> tuple[Arrival, ...]:
    """All of them."""
    return tuple(map(arrival, texts))


def chosen_task(resolved: Resolved, name: str) -> Task:
    """The task of a run that is named, or its only one.

    Raises:
        RequestError: there is no such task, or several and none is named.
    """
    tasks = [task.name for task in resolved.tasks]
    if name and name not in tasks:
        raise RequestError(f"Run {resolved.run} has no task {name}.", f"Its tasks are: {', '.join(tasks)}.")
    if not name and len(tasks) > 1:
        raise RequestError(f"Run {resolved.run} has {len(tasks)} tasks.", f"Say which: --task {' or '.join(tasks)}.")
    return resolved.project.task(name or tasks[0])


def share_or_refuse(share: float) -> float:
    """A share of pictures that is kept aside.

    Raises:
        RequestError: it is none.
    """
    if not 0 <= share < 1:
        raise RequestError(f"--validation {share} is no share.", "Give a number from 0 to below 1.")
    return share
