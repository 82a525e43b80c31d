"""`--data` and `--masks`: other labelled pictures for tasks of a run."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.parsing import absolute, parse_task
from workbench.core.project import Task
from workbench.core.resolved import load_resolved


def add_other_data_arguments(
    parser: argparse.ArgumentParser, option: str = "--data", what: str = "other labelled pictures for the task NAME"
) -> None:
    """`--data NAME=SOURCE`, or another option in its place, and `--masks NAME=FOLDER`, as often as wanted."""
    parser.add_argument(option, dest="data", metavar="NAME=SOURCE", action="append", default=[], help=what)
    parser.add_argument(
        "--masks", metavar="NAME=FOLDER", action="append", default=[], help=f"the masks of what {option} gives"
    )


def other_data(args: argparse.Namespace, run_dir: Path, option: str = "--data") -> tuple[Task, ...]:
    """The tasks of a run with their pictures taken from where `--data` says; none where it is not given.

    Args:
        option: what stands in place of `--data`.

    Raises:
        RequestError: the run has no such task, masks are missing or too many, or a part is asked for as well.
    """
    if not (args.data or args.masks):
        return ()
    tasks = {task.name: task for task in load_resolved(run_dir).project.tasks}
    masks = dict(_masks(text) for text in args.masks)
    data = tuple(_other_data(option, text, tasks, masks) for text in args.data)
    if left := masks.keys() - {task.name for task in data}:
        raise RequestError(f"--masks names {sorted(left)[0]}, but {option} does not.", "Give both, NAME=FOLDER each.")
    if data and getattr(args, "part", None):
        raise RequestError("--part and --data exclude each other.", "Leave one of them out.")
    return data


def _masks(text: str) -> tuple[str, str]:
    name, equals, folder = text.partition("=")
    if not equals or not folder:
        raise RequestError(f"--masks {text} is not of the form NAME=FOLDER.", "Write for example --masks wall=masks.")
    return name.strip(), absolute(folder)


def _other_data(option: str, text: str, tasks: dict[str, Task], masks: dict[str, str]) -> Task:
    """A task of the run with its pictures taken from elsewhere."""
    other = parse_task(text, option=option)
    if other.name not in tasks:
        raise RequestError(
            f"{option} {text}: the run has no task {other.name}.", "Its tasks are: " + ", ".join(tasks) + "."
        )
    task = tasks[other.name]
    if task.kind == "mask" and other.name not in masks:
        raise RequestError(
            f"{option} {text}: {other.name} is scored by masks, and none are given.",
            f"Add --masks {other.name}=FOLDER, the masks of these pictures.",
        )
    changed = {"source": other.source, "column": other.column, "masks": masks.get(other.name, "")}
    return task.model_copy(update=changed)
