"""What fits together: a task's settings and its kind, the tasks and the backbone."""

from __future__ import annotations

from typing import Any

from workbench.core import catalogue
from workbench.core.kinds import HEADS, Kind
from workbench.core.project import Project, Task
from workbench.core.settings import Setting, all_settings
from workbench.core.timeline import check_timeline


def finer_settings(kind: str, head: str) -> list[Setting]:
    """The settings of a task that only some tasks need and that mean something for its kind and head."""
    settings = (setting for setting in all_settings(Task, "tasks.") if setting.advanced and setting.fits(kind))
    return [setting for setting in settings if not setting.heads or head in setting.heads]


def of_kind(entry: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """A task as it is written, made one of another kind: without a head or settings that mean nothing for it."""
    foreign = {setting.name for setting in all_settings(Task) if not setting.fits(kind)}
    kept = {key: value for key, value in entry.items() if key not in foreign}
    if kept.get("head") not in HEADS[kind]:
        kept.pop("head", None)
    return {**kept, "kind": kind}


def check_backbone(project: Project) -> None:
    """Refuse a backbone that the project's tasks, or its pictures at their size, cannot be trained with.

    Raises:
        RequestError: it is not known, has not as many stages as are to be frozen or owned, does not take pictures of
            that size, or gives no maps where a task has masks.
    """
    name = project.backbone.name
    check_timeline(project)
    catalogue.check_fit(name, project.backbone.freeze, project.recipe.image_size)
    for task in project.tasks:
        catalogue.check_own_stages(name, task.name, task.own_stages)
        if task.kind == "mask":
            catalogue.check_maps(name, task.name)
