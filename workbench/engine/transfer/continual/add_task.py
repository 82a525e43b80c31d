"""The `add_task` job: a trained run learns one more task on its backbone as it is; its old answers stay as they are.

Nothing that the old answers come from is touched, so nothing can be forgotten; that they are the same bit by bit is
checked each time on stored pictures, with the model as it was written. The head is worked out at once or trained on
stored features: a probe of the run's backbone, as Kumar et al. 2022 (arXiv 2202.10054) begin with.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Progress, Result, RunFailed
from workbench.core.kinds import CLOSED_FORM
from workbench.core.presets import preset_values
from workbench.core.project import Project
from workbench.core.resolved import ADD_TASK, Derived, Resolved, load_resolved
from workbench.core.run_weights import BACKBONE_ONLY, RUN
from workbench.core.specs import AddTaskSpec, TrainSpec
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.table_file import save_table
from workbench.engine.model.heads import Head
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.job import train
from workbench.engine.training.resolve import new_network
from workbench.engine.transfer.continual.heads import note_calibration, recounted, with_head, with_task
from workbench.engine.transfer.continual.joined import join_tables
from workbench.engine.transfer.continual.proof import Proof, same_answers
from workbench.engine.transfer.derived import Made, Origin, derive, read_origin

_HEAD_RUN = "head"
"""The folder in which the head is trained; it goes with the end of the job."""


def add_task(spec: AddTaskSpec, control: Control) -> Iterator[Event]:
    """Make a run of another one that answers one task more.

    Yields:
        Progress, Notices, one Result "add_task", and run_ended. Where it is told to end, neither of these.

    Raises:
        RequestError: the run has such a task, the task asks for stages of its own, or its source is wrong.
        RunError: the run has kept no model, the head could not be trained, or an old answer has changed.
    """
    origin = read_origin(spec.origin, spec.project_dir)
    _check(spec, origin)
    asked = Project(tasks=[spec.task], split=spec.split)
    new = yield from build_table(asked, spec.project_dir, control)
    if control.ending:
        return
    joining = yield from join_tables(origin.table, new, control)
    if joining is None:
        return
    trained = yield from _trained(spec, origin, joining.table, control)
    if trained is None:
        return
    head, facts = trained
    resolved = recounted(with_task(origin.resolved, spec.task, facts.task(spec.task.name)), joining.table)
    weights = with_head(origin.stored.weights, spec.task.name, head)
    settings: dict[str, Any] = {"task": spec.task.name, "head": spec.task.head}
    derived = Derived(method=ADD_TASK, origins=[origin.run], settings=settings)
    made = yield from derive(spec.run_dir, spec.project_dir, resolved, joining.table, weights, derived, control)
    if made is None:
        return
    written = read_origin(spec.run_dir, spec.project_dir)
    proof = yield from same_answers(origin, written, spec.project_dir, list(origin.facts), control)
    if proof is None:
        return
    yield Notice(level="info", text=_sentence(proof))
    yield from note_calibration(spec.origin, spec.run_dir.name)
    yield Result(what="add_task", document=_document(spec, origin, written.resolved, made, proof))
    yield made.ended


def _check(spec: AddTaskSpec, origin: Origin) -> None:
    names = {name.casefold(): name for name in origin.facts}
    name = spec.task.name
    if name.casefold() in names:
        raise RequestError(
            f"Run {origin.run} has a task {names[name.casefold()]} already.",
            "Give the new task another name; to add pictures to that one, use workbench teach.",
        )
    if spec.task.own_stages:
        raise RequestError(
            f"{name} asks for stages of its own, which would have to be trained.",
            "Set own_stages to 0, or train a new run.",
        )


def _trained(
    spec: AddTaskSpec, origin: Origin, table: SampleTable, control: Control
) -> Generator[Event, None, tuple[Head, Resolved] | None]:
    """The task's head on the run's backbone, and what its training resolved to; None when told to end."""
    folder = spec.run_dir / _HEAD_RUN
    folder.mkdir()
    try:
        saved = spec.run_dir / f"{_HEAD_RUN}.csv"
        save_table(table.only([spec.task.name]), saved, spec.project_dir)
        inner = TrainSpec(
            project=_probe(spec, origin),
            project_dir=spec.project_dir,
            run_dir=folder,
            run=spec.run_dir.name,
            table=saved,
        )
        yield from _heard(train(inner, control))
        if control.ending:
            return None
        stored, resolved = Checkpoints(folder).read("best"), load_resolved(folder)
        if stored is None:
            raise RunError(f"The head of {spec.task.name} could not be kept.", "Make room on the disk, and try again.")
        network = new_network(resolved.project, resolved.tasks)
        network.load_state_dict(stored.weights)
        return network.heads[spec.task.name], resolved
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (spec.run_dir / f"{_HEAD_RUN}.csv").unlink(missing_ok=True)


def _probe(spec: AddTaskSpec, origin: Origin) -> Project:
    """The task alone on the run's backbone, which stands still, with pictures as the run sees them."""
    before, preset = origin.resolved.project, "few-shot" if spec.task.head in CLOSED_FORM else "probe"
    recipe = before.recipe.model_dump()
    recipe |= {**preset_values(preset), "preset": preset, "phases": [], "precision": origin.resolved.precision}
    recipe |= {"learning_rate": "auto", "interpolate": "off", "patience": 0, "devices": 1, "mixup": 0.0, "cutmix": 0.0}
    weights = f"{RUN}{_place(spec.origin, spec.project_dir)}{BACKBONE_ONLY}"
    return Project.model_validate(
        {
            "tasks": [spec.task.model_dump()],
            "split": spec.split.model_dump(),
            "backbone": {"name": before.backbone.name, "weights": weights, "freeze": "all"},
            "recipe": recipe,
        }
    )


def _place(folder: Path, project_dir: Path) -> str:
    """How `run:` names the folder of a run."""
    return folder.name if folder.parent == project_dir / "runs" else str(folder)


def _heard(events: Iterator[Event]) -> Iterator[Event]:
    """What a training within the job says that is to be heard.

    Raises:
        RunError: it failed.
    """
    for event in events:
        if isinstance(event, RunFailed):
            raise RunError(event.error, event.advice)
        if isinstance(event, Progress | Notice):
            yield event


def _sentence(proof: Proof) -> str:
    count = f"{proof.pictures} stored picture{'' if proof.pictures == 1 else 's'}"
    return f"Checked on {count}: all {proof.answers} answers to {', '.join(proof.tasks)} are the same bits as before."


def _document(spec: AddTaskSpec, origin: Origin, resolved: Resolved, made: Made, proof: Proof) -> dict[str, Any]:
    name = spec.task.name
    facts = resolved.task(name)
    part = next((part for part in ("validation", "test", "train") if name in _tasks(made, part)), None)
    return {
        "run": spec.run_dir.name,
        "origin": origin.run,
        "task": name,
        "kind": facts.kind,
        "head": facts.head,
        "classes": facts.classes,
        "counts": facts.counts,
        "part": part,
        "metrics": _tasks(made, part)[name]["metrics"] if part else {},
        "proof": proof.document(),
    }


def _tasks(made: Made, part: str | None) -> dict[str, Any]:
    """The tasks that have pictures in a part, as `evaluate` tells of them."""
    tasks = made.documents.get(part or "", {}).get("tasks", {})
    return {name: task for name, task in tasks.items() if task["count"]}
