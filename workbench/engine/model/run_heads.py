"""Going on from a run of one's own: heads of equal tasks begin with what they have learned there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

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

    A head comes along where task, kind, head and classes are the same, and no stages of its own stand before it, there
    or here: those would have to come along, too.

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
    kept = [task.name for task in tasks if _same(task, project, before) and _load_head(network, task.name, state)]
    network.taught = frozenset(kept)
    anew = [name for name in network.tasks if name not in network.taught]
    parts = [f"{', '.join(kept)} with what {'it has' if len(kept) == 1 else 'they have'} learned there"] if kept else []
    parts += [f"{', '.join(anew)} anew"] if anew else []
    yield Notice(level="info", text=f"From run {found.folder.name} heads begin: {'; '.join(parts)}.")


def _same(task: ResolvedTask, project: Project, before: Resolved) -> bool:
    old = next((each for each in before.tasks if each.name == task.name), None)
    if old is None or project.task(task.name).own_stages or before.project.task(task.name).own_stages:
        return False
    return (old.kind, old.head, old.classes, old.mask_values) == (task.kind, task.head, task.classes, task.mask_values)


def _load_head(network: MultiTaskNetwork, task: str, state: Mapping[str, Tensor]) -> bool:
    """Load a task's head if all of it is there in the same shapes; whether it is."""
    head = network.heads[task]
    found = _below(f"heads.{module_name(task)}.", state)
    wanted = head.state_dict()
    if found.keys() != wanted.keys() or any(found[name].shape != wanted[name].shape for name in wanted):
        return False
    head.load_state_dict(found)
    return True


def _below(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
