"""Runs that repeat one recipe: with other seeds, or with another part of the pictures to validate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.core.differences import repeat_key
from workbench.core.errors import RequestError
from workbench.core.parsing import validate_project
from workbench.core.project import Project
from workbench.project.edits import changed
from workbench.project.queue import Waiting, add_runs, read_queue
from workbench.project.runs import find_run, list_runs

MOST = 20
"""Seeds or folds that are asked for at once."""


def project_of(project_dir: Path, run: str) -> Project:
    """What a run trained.

    Raises:
        RequestError: there is no such run, it ended before it was set up, or it was not trained but made of others.
    """
    info = find_run(project_dir, run)
    if info.derived:
        raise RequestError(
            f"Run {info.run} was not trained but made of other runs ({info.derived}).", "Choose a run that was trained."
        )
    if not info.settings:
        raise RequestError(f"Run {info.run} ended before it was set up.", "Choose another run.")
    return validate_project(info.settings, f"Run {info.run}")


def add_seeds(project_dir: Path, project: Project, count: int, name: str = "") -> list[Waiting]:
    """Let runs of a recipe wait with `count` seeds that no run of it has had yet, from its own on.

    Raises:
        RequestError: it is no number from 1 to MOST, or no run could begin with it; nothing was written.
    """
    _refuse(count, 1, "seeds")
    taken = _taken_seeds(project_dir, project)
    first = project.effective().recipe.seed
    seeds = [seed for seed in range(first, first + count + len(taken)) if seed not in taken][:count]
    return add_runs(
        project_dir,
        [(changed(project, recipe={"seed": seed}), f"{_named(project, name)}-seed{seed}") for seed in seeds],
    )


def add_folds(project_dir: Path, project: Project, count: int, name: str = "") -> list[Waiting]:
    """Let one run wait for each of `count` folds of the pictures.

    Raises:
        RequestError: it is no number from 2 to MOST, or no run could begin with it; nothing was written.
    """
    _refuse(count, 2, "folds")
    splits = [{"folds": count, "fold": fold} for fold in range(1, count + 1)]
    return add_runs(
        project_dir,
        [(changed(project, split=each), f"{_named(project, name)}-fold{each['fold']}of{count}") for each in splits],
    )


def _refuse(count: int, least: int, what: str) -> None:
    if not least <= count <= MOST:
        raise RequestError(f"{count} {what} are not possible.", f"Give a number from {least} to {MOST}.")


def _named(project: Project, name: str) -> str:
    return name or project.recipe.preset


def _taken_seeds(project_dir: Path, project: Project) -> set[int]:
    """The seeds that runs of the same recipe have, done or waiting."""
    known: Sequence[Project] = [
        validate_project(settings)
        for settings in [
            *(info.settings for info in list_runs(project_dir) if info.status not in ("failed", "interrupted")),
            *(waiting.settings for waiting in read_queue(project_dir).runs),
        ]
        if settings
    ]
    key = repeat_key(project.effective().written())
    fold = project.split.fold
    same = [each.effective() for each in known if each.split.fold == fold]
    return {each.recipe.seed for each in same if repeat_key(each.written()) == key}
