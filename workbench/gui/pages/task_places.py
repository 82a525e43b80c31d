"""Which place a task has, and so which colour, dash and marker: the same on every page."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.project import Project


def task_places(project: Project | None, names: Sequence[str]) -> dict[str, int]:
    """The place of each task: that in the project; tasks that it no longer has come behind, in their order."""
    places = {task.name: place for place, task in enumerate(project.tasks)} if project else {}
    behind = [name for name in names if name not in places]
    return {name: places.get(name, len(places) + (behind.index(name) if name in behind else 0)) for name in names}
