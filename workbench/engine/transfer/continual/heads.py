"""One task's head in place of another's, or beside the others, in a model that otherwise stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from torch import Tensor

from workbench.core.events import Event, Notice
from workbench.core.project import Project, Task
from workbench.core.resolved import Resolved, ResolvedTask
from workbench.core.specs import PARTS
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.stored import read_confidence
from workbench.engine.model.by_task import module_name
from workbench.engine.model.heads import Head

Named = TypeVar("Named", Task, ResolvedTask)


def with_head(weights: Mapping[str, Tensor], task: str, head: Head) -> dict[str, Tensor]:
    """A network's state dict with a task's head in place of the one that it had, if it had one."""
    prefix = f"heads.{module_name(task)}."
    kept = {name: value for name, value in weights.items() if not name.startswith(prefix)}
    state: dict[str, Tensor] = head.state_dict()
    return {**kept, **{prefix + name: value.detach().cpu() for name, value in state.items()}}


def with_task(resolved: Resolved, task: Task, facts: ResolvedTask) -> Resolved:
    """What a run resolved to with a task in place of the one of its name, or behind the others."""
    return resolved.model_copy(
        update={"project": _project_with(resolved.project, task), "tasks": list(_placed(resolved.tasks, facts))}
    )


def note_calibration(folder: Path, made: str) -> Iterator[Event]:
    """Say that what made a run's confidence come true was fitted to that run and does not come along."""
    if read_confidence(folder) is not None:
        text = f"Run {folder.name} is calibrated and {made} is not yet: its confidence is as the heads give it."
        yield Notice(level="warning", text=f"{text} Calibrate it: workbench calibrate.")


def recounted(resolved: Resolved, table: SampleTable) -> Resolved:
    """The same with every task's classes and counts of pictures as they are in a table."""
    tasks = [
        facts.model_copy(
            update={
                "classes": table.classes[facts.name],
                "counts": {part: len(table.rows(part, facts.name)) for part in PARTS},
                "class_counts": table.class_counts(facts.name, "train").tolist(),
            }
        )
        for facts in resolved.tasks
    ]
    return resolved.model_copy(update={"tasks": tasks})


def _project_with(project: Project, task: Task) -> Project:
    return project.model_copy(update={"tasks": list(_placed(project.tasks, task))})


def _placed(old: Iterable[Named], new: Named) -> Iterable[Named]:
    """What has the new one's name replaced by it, or it at the end."""
    by_name = {each.name: each for each in old}
    return {**by_name, new.name: new}.values()
