"""What may be changed while a run trains, and the list of what was: `changes.toml` in the run's folder."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.core import catalogue
from workbench.core.errors import RequestError, RunError
from workbench.core.parsing import validate_project
from workbench.core.project import Project

CHANGEABLE = ("recipe.learning_rate", "recipe.augment", "backbone.freeze")
"""Beside them, `tasks.NAME.weight` of each task."""
CHANGES_FILE = "changes.toml"


class Change(BaseModel):
    """Settings that hold from the beginning of an epoch on, which is counted through the run from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: int
    set: dict[str, Any]


def changeable(project: Project) -> list[str]:
    """The keys of all settings that may be changed while a run of the project trains."""
    return [*CHANGEABLE, *(f"tasks.{task.name}.weight" for task in project.tasks)]


def check_keys(project: Project, keys: Iterable[str]) -> None:
    """Refuse what cannot be changed while a run trains.

    Raises:
        RequestError: the first that cannot, and what can.
    """
    known = changeable(project)
    for key in keys:
        if key not in known:
            raise RequestError(f"{key} cannot be changed while a run trains.", f"What can: {', '.join(known)}.")


def check_change(project: Project, wanted: Mapping[str, Any]) -> None:
    """Refuse what cannot be changed while a run trains, and values that are not allowed.

    Raises:
        RequestError: what is wrong, and how to mend it.
    """
    check_keys(project, wanted)
    changed = with_change(project, wanted)
    catalogue.freeze_depth(changed.backbone.name, changed.backbone.freeze)


def with_change(project: Project, wanted: Mapping[str, Any]) -> Project:
    """A copy with those settings.

    Raises:
        RequestError: a value is not allowed.
    """
    data = copy.deepcopy(project.written())
    for key, value in wanted.items():
        section, name = key.rsplit(".", 1)
        table = data.setdefault(section, {}) if not section.startswith("tasks.") else _task(data, section)
        table[name] = value
    return validate_project(data, "change")


def value_of(project: Project, key: str) -> Any:
    """The value of a setting that may be changed."""
    section, name = key.rsplit(".", 1)
    owner = project.task(section.removeprefix("tasks.")) if section.startswith("tasks.") else getattr(project, section)
    return getattr(owner, name)


def read_changes(run_dir: Path) -> list[Change]:
    """What was changed in a run, in order; nothing where nothing was.

    Raises:
        RunError: the file cannot be read.
    """
    path = run_dir / CHANGES_FILE
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("changes", [])
        return [Change.model_validate(entry) for entry in entries]
    except FileNotFoundError:
        return []
    except (ValueError, ValidationError, OSError) as error:
        raise RunError(f"{path} cannot be read: {error}", "Mend the file, or remove it.") from error


def _task(data: dict[str, Any], section: str) -> dict[str, Any]:
    name = section.removeprefix("tasks.")
    found: dict[str, Any] = next(task for task in data["tasks"] if task["name"] == name)
    return found
