"""`tell PROJECT`: say something to the run that trains now, from another terminal."""

from __future__ import annotations

import argparse
import copy
from typing import Any

from workbench.cli.common import add_project_argument, add_set_argument
from workbench.core.changes import check_change, check_keys, value_of
from workbench.core.errors import RequestError
from workbench.core.events import to_json
from workbench.core.parsing import assign, validate_project
from workbench.core.project import Project
from workbench.core.resolved import RESOLVED_FILE, load_resolved
from workbench.project.store import ProjectFile
from workbench.project.told import tell, telling

COMMANDS = ("pause", "resume", "stop", "cancel")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument(
        "what", nargs="?", choices=COMMANDS, help="pause, go on, stop and keep the best, or cancel the run"
    )
    parser.add_argument("--release", action="store_true", help="with pause: free the device's memory meanwhile")
    parser.add_argument("--task", metavar="NAME", help="with pause and resume: that task alone")
    add_set_argument(parser, "that holds from the next epoch on: learning rate, augment, freeze, a task's weight")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(args: argparse.Namespace) -> int:
    """Tell it, and say what was told."""
    _check(args)
    folder = telling(ProjectFile.read(args.project).folder)
    if not (folder / RESOLVED_FILE).exists():
        raise RequestError(f"Run {folder.name} is still being set up.", "Tell it again in a moment.")
    messages = _messages(args, load_resolved(folder).project)
    for message in messages:
        tell(folder, message)
    document = {"run": folder.name, "told": messages}
    print(to_json(document, indent=1) if args.json else _sentence(folder.name, messages))
    return 0


def _check(args: argparse.Namespace) -> None:
    """Refuse what means nothing together."""
    if args.what is None and not args.assignments:
        raise RequestError("Nothing is to be told.", f"Say {', '.join(COMMANDS)}, or --set key=value.")
    if args.release and (args.what != "pause" or args.task):
        raise RequestError("--release belongs to a pause of the whole run.", "Write: tell PROJECT pause --release.")
    if args.task is not None and args.what not in ("pause", "resume"):
        raise RequestError("--task belongs to pause and resume.", "Leave it out.")


def _messages(args: argparse.Namespace, project: Project) -> list[dict[str, Any]]:
    """The commands, as standard input takes them."""
    messages: list[dict[str, Any]] = []
    if args.release and project.recipe.devices > 1:
        raise RequestError("Several devices train this run, and they keep their memory.", "Leave --release out.")
    if args.what is not None:
        messages.append({"command": args.what, **({"memory": "release"} if args.release else {})})
    if args.task is not None:
        messages[0]["task"] = _known_task(project, args.task)
    if args.assignments:
        messages.append({"command": "change", "set": _settings(project, args.assignments)})
    return messages


def _known_task(project: Project, task: str) -> str:
    names = [each.name for each in project.tasks]
    if task not in names:
        raise RequestError(f"There is no task {task} in this run.", f"The tasks are: {', '.join(names)}.")
    return task


def _settings(project: Project, assignments: list[str]) -> dict[str, Any]:
    """What `--set` texts mean, refused where it cannot be changed while a run trains."""
    keys = [text.partition("=")[0].strip() for text in assignments]
    check_keys(project, keys)
    after = validate_project(assign(copy.deepcopy(project.written()), assignments), "--set")
    settings = {key: value_of(after, key) for key in keys}
    check_change(project, settings)
    return settings


def _sentence(run: str, messages: list[dict[str, Any]]) -> str:
    words = [f"{m['command']}{' ' + m['task'] if 'task' in m else ''}" for m in messages if m["command"] != "change"]
    changes = [m["set"] for m in messages if m["command"] == "change"]
    lines = [f"Run {run} was told: {', '.join(words)}."] if words else []
    lines += [f"From its next epoch on, run {run} has {key} = {value}." for s in changes for key, value in s.items()]
    return "\n".join(lines)
