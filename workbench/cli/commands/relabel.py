"""`relabel PROJECT PICTURE …`: decide about a label; the pictures and tables themselves are never changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.common import add_project_argument
from workbench.core.corrections import Correction
from workbench.core.errors import RequestError
from workbench.core.events import to_json
from workbench.core.parsing import absolute
from workbench.core.project import Task
from workbench.project.corrections import decide, picture_name, restore
from workbench.project.store import ProjectFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_project_argument(parser)
    parser.add_argument("pictures", metavar="PICTURE", nargs="+", help="as `doubts` names them, or paths")
    parser.add_argument("--task", metavar="NAME", required=True, help="whose label it is")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", metavar="X", help="the right label, as a cell of a table would hold it")
    what.add_argument("--aside", action="store_true", help="leave the picture out of this task")
    what.add_argument("--keep", action="store_true", help="the label is right: do not list it again")
    what.add_argument("--restore", action="store_true", help="forget what was decided")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(args: argparse.Namespace) -> int:
    """Decide, and say what was decided."""
    file = ProjectFile.read(args.project)
    task = _task(file, args.task)
    names = [_name(text, file.folder) for text in args.pictures]
    if not args.restore:
        _refuse_unknown(file, task, names, args.label)
    changed = []
    for name in names:
        if args.restore:
            there = restore(file.folder, name, task.name)
        else:
            decide(file.folder, _correction(args, name, task.name))
            there = True
        changed += [name] if there else []
    verdict = "restored" if args.restore else _correction(args, names[0], task.name).verdict
    if args.json:
        print(to_json({"task": task.name, "verdict": verdict, "label": args.label, "pictures": changed}, indent=1))
    else:
        print(_sentence(verdict, args.label, task.name, len(changed)))
    return 0


def _task(file: ProjectFile, name: str) -> Task:
    try:
        return file.project.task(name)
    except KeyError:
        names = ", ".join(task.name for task in file.project.tasks)
        raise RequestError(f"The project has no task {name}.", f"Its tasks are: {names or 'none yet'}.") from None


def _name(text: str, folder: Path) -> str:
    """A picture as it is written down: the project's own are also found where the project is not the current folder."""
    inside = folder / text
    return picture_name(inside if inside.exists() else Path(absolute(text)), folder)


def _refuse_unknown(file: ProjectFile, task: Task, names: list[str], label: str | None) -> None:
    """Refuse what would change nothing, or make a class by mistake."""
    from workbench.engine.data.corrected import refuse_unknown

    refuse_unknown(file.project, file.folder, task.name, [file.folder / name for name in names], label)


def _correction(args: argparse.Namespace, name: str, task: str) -> Correction:
    return Correction(picture=name, task=task, label=args.label or "", aside=args.aside, keep=args.keep)


def _sentence(verdict: str, label: str | None, task: str, count: int) -> str:
    if verdict == "restored":
        return f"{task}: {count} back as given." if count else f"{task}: nothing had been decided."
    words = {"relabelled": f"relabelled to {label}", "aside": "set aside", "kept": "kept as given"}
    return f"{task}: {count} {words[verdict]}. The next run obeys; undo it with --restore."
