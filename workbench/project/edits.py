"""A project with something changed: a copy, checked as a whole; RequestError where it is not allowed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.core.fitting import of_kind
from workbench.core.parsing import unused_name, validate_project
from workbench.core.project import Project, Task
from workbench.core.resolved import load_resolved
from workbench.core.run_weights import RunWeights


def changed(project: Project, **sections: dict[str, Any]) -> Project:
    """With single values replaced: `changed(project, recipe={"epochs": 5})`."""
    data = project.written()
    for section, values in sections.items():
        data[section] = {**data.get(section, {}), **values}
    return validate_project(data)


def without_value(project: Project, section: str, name: str) -> Project:
    """With a setting that follows its preset or default again."""
    data = project.written()
    data.get(section, {}).pop(name, None)
    return validate_project(data)


def begun_with(project: Project, run: RunWeights, project_dir: Path) -> Project:
    """With the backbone of a run and what it has learned; with its size of pictures, too, where none is written.

    Raises:
        RunError: the run has not been set up.
    """
    origin = load_resolved(run.folder).project
    weights = {"name": origin.backbone.name, "weights": run.spec(project_dir)}
    after = changed(project, backbone=weights)
    size = origin.recipe.image_size
    if "image_size" in project.recipe.model_fields_set or after.effective().recipe.image_size == size:
        return after
    return changed(after, recipe={"image_size": size})


def with_task_values(project: Project, task: str, values: dict[str, Any]) -> Project:
    """With other settings of a task; another kind drops a head and settings that mean nothing for it."""
    data = project.written()
    for entry in data["tasks"]:
        if entry["name"] == task:
            fitting = of_kind(entry, values["kind"]) if "kind" in values else dict(entry)
            entry.clear()
            entry.update({**fitting, **values})
    return validate_project(data)


def with_tasks(project: Project, tasks: Sequence[Task]) -> Project:
    """With more tasks; a name that is taken gets a number behind it."""
    data = project.written()
    entries = data.setdefault("tasks", [])
    for task in tasks:
        name = unused_name(task.name, [entry["name"] for entry in entries])
        entries.append({**task.model_dump(exclude_unset=True), "name": name})
    return validate_project(data)


def without_task(project: Project, task: str) -> Project:
    """Without a task."""
    data = project.written()
    data["tasks"] = [entry for entry in data["tasks"] if entry["name"] != task]
    return validate_project(data)
