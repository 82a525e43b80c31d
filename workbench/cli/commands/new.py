"""`new PROJECT --task NAME=SOURCE …`: make a project."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.common import add_set_argument
from workbench.core.errors import RequestError
from workbench.core.kinds import KINDS
from workbench.core.numbers import are_measurements
from workbench.core.parsing import absolute, assign, parse_task, project_settings, task_settings, validate_project
from workbench.core.project import Project, Task
from workbench.core.run_weights import RUN, is_path
from workbench.core.settings import Setting
from workbench.project.fit import preset_that_fits
from workbench.project.store import ProjectFile, trainable_or_refuse

if TYPE_CHECKING:
    from workbench.engine.data.sources import SourceReader


_MASKS_LOOKED_AT = 8
"""All of them are read by `check` and before a run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("project", metavar="PROJECT", type=Path, help="the folder to make it in")
    parser.add_argument(
        "--task",
        metavar="NAME=SOURCE",
        action="append",
        default=[],
        help="its pictures: a folder of class folders, a folder holding train/ val/ test/, FILE.csv:COLUMN, or the "
        "pictures of masks",
    )
    parser.add_argument(
        "--kind",
        metavar="NAME=KIND",
        action="append",
        default=[],
        help="a task's kind: " + ", ".join(KINDS) + "; a mask task also needs --set tasks.NAME.masks=FOLDER",
    )
    parser.add_argument("--head", metavar="NAME=HEAD", action="append", default=[], help="a task's head")
    parser.add_argument("--backbone", metavar="NAME", help="the pretrained network")
    parser.add_argument("--weights", metavar="WEIGHTS", help=project_settings()["backbone.weights"].help)
    parser.add_argument("--freeze", metavar="N", help="stages frozen, counted from the picture, or all")
    parser.add_argument("--preset", metavar="PRESET", help=project_settings()["recipe.preset"].range_text())
    add_set_argument(parser, "of the project")
    parser.epilog = _settings_help()


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    from workbench.engine.data.sources import SourceReader

    folder = Path(os.path.abspath(args.project))
    asked = _project(args, folder)
    reader = SourceReader(folder)
    project = _with_kinds(asked, reader)
    trainable_or_refuse(project)
    taken = [_taken(task, reader) for task in project.tasks]
    taken += [
        f"If each number of {task.name} is a class of its own, add --kind {task.name}=single-label."
        for task, before in zip(project.tasks, asked.tasks, strict=True)
        if task.kind != before.kind
    ]
    ProjectFile.create(folder, project)
    print(f"Made the project {folder}.")
    print("\n".join(taken))
    if "preset" not in project.recipe.model_fields_set:
        name, why = preset_that_fits(project)
        words = f"The preset {name} fits this computer: {why}"
        print(words if name == project.recipe.preset else f"{words} Choose it with --set recipe.preset={name}.")
    print(f"Train it with: {shlex.join(['workbench', 'train', str(args.project)])}")
    return 0


def _project(args: argparse.Namespace, folder: Path) -> Project:
    if not args.task:
        raise RequestError(
            "A project needs a task.", "Add --task NAME=FOLDER, for example --task material=photos/waste."
        )
    tasks = [parse_task(text).model_dump(exclude_unset=True) for text in args.task]
    data: dict[str, Any] = {"name": folder.name, "tasks": tasks}
    assignments = [_task_assignment(key, text) for key in ("kind", "head") for text in getattr(args, key)]
    for key, value in (
        ("backbone.name", args.backbone),
        ("backbone.freeze", args.freeze),
        ("recipe.preset", args.preset),
    ):
        assignments += [f"{key}={value}"] if value is not None else []
    if args.weights is not None:
        assignments.append(f"backbone.weights={_absolute_weights(args.weights)}")
    return validate_project(assign(data, [*assignments, *args.assignments]), "new")


def _task_assignment(key: str, text: str) -> str:
    """`NAME=VALUE` of --kind or --head as `--set` would spell it."""
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise RequestError(
            f"--{key} {text} is not of the form NAME=VALUE.",
            f"Write for example --{key} NAME={'single-label' if key == 'kind' else 'mlp'}.",
        )
    return f"tasks.{name}.{key}={value}"


def _absolute_weights(text: str) -> str:
    run = text.removeprefix(RUN)
    if run != text and is_path(run):
        return f"{RUN}{absolute(run)}"
    if not text.startswith("file:"):
        return text
    path = absolute(text.removeprefix("file:"))
    if not os.path.isfile(path):
        raise RequestError(f"--weights {text}: there is no such file.", "Check the path.")
    return f"file:{path}"


def _with_kinds(project: Project, reader: SourceReader) -> Project:
    """The project in which a column of measurements is a number task, unless a kind was asked for."""
    data = project.written()
    for task, written in zip(project.tasks, data["tasks"], strict=True):
        if task.column and "kind" not in task.model_fields_set:
            cells = {row.label for row in reader.read(task).rows() if row.label is not None}
            if are_measurements(cells):
                written["kind"] = "number"
    return validate_project(data, "new")


def _taken(task: Task, reader: SourceReader) -> str:
    """One sentence on what was taken. Refuses what could not be trained, before anything is written."""
    labels = [label for label in reader.read(task).labels if label is not None]
    if not labels:
        raise RequestError(f"{task.name} has no labelled picture.", "Choose another column, or fill in labels.")
    return f"{task.name}: {task.kind}, {_TAKEN[task.kind](task, sorted(set(labels)), len(labels))}"


def _classes_taken(task: Task, labels: list[str], count: int) -> str:
    if len(labels) < 2:
        raise RequestError(
            f"{task.name} has only one class, {labels[0]!r}.", "A task needs pictures of at least two classes."
        )
    return f"{len(labels)} classes, {count} labelled pictures."


def _labels_taken(task: Task, labels: list[str], count: int) -> str:
    from workbench.engine.data.sources import class_names

    names = class_names(task.kind, labels)
    if not names:
        raise RequestError(f"{task.name} has no picture with a label.", "Correct the separator, or fill in labels.")
    shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    return f"{len(names)} labels ({shown}), {count} labelled {'rows' if task.column else 'files'}."


def _numbers_taken(task: Task, labels: list[str], count: int) -> str:
    numbers = sorted(map(float, labels))
    if numbers[0] == numbers[-1]:
        raise RequestError(f"{task.name} has only one number, {numbers[0]:.6g}.", "A task needs numbers that differ.")
    return f"numbers from {numbers[0]:.6g} to {numbers[-1]:.6g}, {count} labelled pictures."


def _masks_taken(task: Task, labels: list[str], count: int) -> str:
    from workbench.engine.data.sources import refuse_masks

    refuse_masks(task.name, labels[:: max(1, len(labels) // _MASKS_LOOKED_AT)])
    return f"{count} pictures with a mask."


_TAKEN: dict[str, Callable[[Task, list[str], int], str]] = {
    "single-label": _classes_taken,
    "multi-label": _labels_taken,
    "number": _numbers_taken,
    "mask": _masks_taken,
}


def _settings_help() -> str:
    """Every setting that --set takes, from the one place where settings are written."""

    def lines(settings: dict[str, Setting], prefix: str) -> list[str]:
        return [f"  {prefix}{key}: {s.help} ({s.range_text()}; default {s.default})" for key, s in settings.items()]

    return "\n".join(["settings for --set:", *lines(project_settings(), ""), *lines(task_settings(), "tasks.NAME.")])
