"""`new PROJECT --task NAME=SOURCE …`: make a project."""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path
from typing import Any

from workbench.cli.common import add_set_argument
from workbench.core.errors import RequestError
from workbench.core.parsing import absolute, assign, parse_task, project_settings, task_settings, validate_project
from workbench.core.project import Project
from workbench.core.settings import Setting
from workbench.project.store import ProjectFile, trainable_or_refuse

MOST_NUMBERED_CLASSES = 20
"""A column of more different numbers than these is taken for measurements, not for names of classes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("project", metavar="PROJECT", type=Path, help="the folder to make it in")
    parser.add_argument(
        "--task",
        metavar="NAME=SOURCE",
        action="append",
        default=[],
        help="its pictures: a folder of class folders, a folder holding train/ val/ test/, or FILE.csv:COLUMN",
    )
    parser.add_argument("--kind", metavar="NAME=KIND", action="append", default=[], help="a task's kind")
    parser.add_argument("--head", metavar="NAME=HEAD", action="append", default=[], help="a task's head")
    parser.add_argument("--backbone", metavar="NAME", help="the pretrained network")
    parser.add_argument("--weights", metavar="WEIGHTS", help=project_settings()["backbone.weights"].help)
    parser.add_argument("--freeze", metavar="N", help="stages frozen, counted from the picture, or all")
    parser.add_argument("--preset", metavar="PRESET", help=project_settings()["recipe.preset"].range_text())
    add_set_argument(parser, "of the project")
    parser.epilog = _settings_help()


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    folder = Path(os.path.abspath(args.project))
    project = _project(args, folder)
    taken = _look_at_data(project, folder)
    ProjectFile.create(folder, project)
    print(f"Made the project {folder}.")
    print("\n".join(taken))
    print(f"Train it with: workbench train {args.project}")
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
    project = validate_project(assign(data, [*assignments, *args.assignments]), "new")
    trainable_or_refuse(project)
    return project


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
    if not text.startswith("file:"):
        return text
    path = absolute(text.removeprefix("file:"))
    if not os.path.isfile(path):
        raise RequestError(f"--weights {text}: there is no such file.", "Check the path.")
    return f"file:{path}"


def _look_at_data(project: Project, folder: Path) -> list[str]:
    """One sentence a task: what was taken. Refuses what could not be trained, before anything is written."""
    from workbench.engine.data.sources import read_source

    sentences = []
    for task in project.tasks:
        rows = read_source(task, folder)
        classes = sorted({row.label for row in rows if row.label is not None})
        if len(classes) < 2:
            raise RequestError(
                f"{task.name} has only one class, {classes[0]!r}."
                if classes
                else f"{task.name} has no labelled picture.",
                "A task needs pictures of at least two classes.",
            )
        if task.column and "kind" not in task.model_fields_set and _are_measurements(classes):
            raise RequestError(
                f"{task.name}: the column {task.column} holds {len(classes)} different numbers, and tasks that "
                "answer with a number cannot be trained yet.",
                f"If each number is a class of its own, add --kind {task.name}=single-label.",
            )
        labelled = sum(row.label is not None for row in rows)
        sentences.append(f"{task.name}: {task.kind}, {len(classes)} classes, {labelled} labelled pictures.")
    return sentences


def _are_measurements(values: list[str]) -> bool:
    """Whether a column's values are numbers, and too many of them to be the names of classes."""
    return len(values) > MOST_NUMBERED_CLASSES and all(map(_is_number, values))


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _settings_help() -> str:
    """Every setting that --set takes, from the one place where settings are written."""

    def lines(settings: dict[str, Setting], prefix: str) -> list[str]:
        return [f"  {prefix}{key}: {s.help} ({s.range_text()}; default {s.default})" for key, s in settings.items()]

    return "\n".join(["settings for --set:", *lines(project_settings(), ""), *lines(task_settings(), "tasks.NAME.")])
