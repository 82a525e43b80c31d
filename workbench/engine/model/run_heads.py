"""Going on from a run of one's own: heads of equal tasks begin with what they have learned there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from workbench.core.events import Event, Notice
from workbench.core.project import Project
from workbench.core.resolved import Resolved, ResolvedTask, load_resolved
from workbench.core.run_weights import run_of
from workbench.engine.model.by_task import module_name
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.model.state_file import read_state


def go_on_from_run(
    network: MultiTaskNetwork, project: Project, tasks: Iterable[ResolvedTask], project_dir: Path
) -> Iterator[Event]:
    """Take over a run's normalisation, and its heads unless only its backbone is wanted; says which.

    A head comes along where task, kind and head are the same and all its classes are among the present ones, and no
    stages of its own stand before it, there or here: those would have to come along, too.

    Raises:
        RequestError: the run's model cannot be read.
        RunError: the run's settings cannot be read.
    """
    found = run_of(project.backbone.weights, project_dir)
    if found is None:
        return
    state = read_state(found.file)
    network.normalise.load_state_dict(_below("normalise.", state))
    if not found.heads:
        return
    before = load_resolved(found.folder)
    kept, wider = [], []
    for task in tasks:
        places = _places(task, project, before)
        if places is not None and _load_head(network, task.name, state, places):
            kept.append(task.name)
            if len(task.classes) > len(places):
                new = (name for at, name in enumerate(task.classes) if at not in places)
                wider.append(f"{task.name} has {', '.join(new)} to learn")
    network.taught = frozenset(kept)
    anew = [name for name in network.tasks if name not in network.taught]
    parts = [f"{', '.join(kept)} with what {'it has' if len(kept) == 1 else 'they have'} learned there"] if kept else []
    parts += wider
    parts += [f"{', '.join(anew)} anew"] if anew else []
    yield Notice(level="info", text=f"From run {found.folder.name} heads begin: {'; '.join(parts)}.")


def _places(task: ResolvedTask, project: Project, before: Resolved) -> list[int] | None:
    """Where each of the classes that a run's head knows is among those of the task's; None where it cannot go on."""
    old = next((each for each in before.tasks if each.name == task.name), None)
    if old is None or project.task(task.name).own_stages or before.project.task(task.name).own_stages:
        return None
    if (old.kind, old.head, old.mask_values) != (task.kind, task.head, task.mask_values):
        return None
    wider = len(task.classes) > len(old.classes) and set(old.classes) < set(task.classes)
    if old.classes != task.classes and not wider:
        return None
    return [task.classes.index(name) for name in old.classes]


def _load_head(network: MultiTaskNetwork, task: str, state: Mapping[str, Tensor], places: Sequence[int]) -> bool:
    """Load a task's head if all of it is there; whether it is.

    Where classes have come, what has a row for each class keeps those of the known ones, at their places among all; the
    rows of new ones begin as in a new head. A head that is worked out at once is worked out anew instead.
    """
    head = network.heads[task]
    found = _below(f"heads.{module_name(task)}.", state)
    wanted = head.state_dict()
    if found.keys() != wanted.keys():
        return False
    for name, value in found.items():
        if value.shape == wanted[name].shape:
            continue
        rows = (value.shape[:1], wanted[name].shape[:1]) == ((len(places),), (head.classes,))
        if head.closed_form or not rows or value.shape[1:] != wanted[name].shape[1:]:
            return False
        found[name] = wanted[name].index_copy(0, torch.tensor(places), value.to(wanted[name]))
    head.load_state_dict(found)
    return True


def _below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
