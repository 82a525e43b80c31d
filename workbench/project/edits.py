"""A project with something changed: a copy, checked as a whole; RequestError where it is not allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.core.fitting import of_kind
from workbench.core.parsing import unused_name, validate_project
from workbench.core.project import Project, Task


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
