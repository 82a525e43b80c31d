"""From a spec to an experiment that is ready to train: a new one, or one that goes on."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w
import torch

from workbench.core.changes import read_changes
from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice
from workbench.core.files import write_atomically
from workbench.core.kinds import worked_out
from workbench.core.project import BackboneChoice, Project
from workbench.core.resolved import RESOLVED_FILE, TABLE_FILE, More, Resolved, load_resolved
from workbench.core.run_weights import RUN, find_run_weights, run_of
from workbench.core.specs import TrainSpec
from workbench.core.weights_check import check_weights
from workbench.engine import allocator
from workbench.engine import device as devices
from workbench.engine.data.masks import MaskStore
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.table_file import load_table, save_table
from workbench.engine.data.unlabelled import with_unlabelled
from workbench.engine.data.words import pictures
from workbench.engine.distributed import ALONE, Team
from workbench.engine.insight.mask_judge import MaskJudge
from workbench.engine.memory import retried
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.checkpoints import Checkpoints, Stored
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES, Experiment
from workbench.engine.training.phases import plan
from workbench.engine.training.resolve import check_request, load_into, new_network, resolve
from workbench.engine.training.state import State
from workbench.engine.training.target_pictures import TARGET_FILE, check_target, find_target, load_target
from workbench.engine.transfer.distillation.teacher import Teacher, load_teacher, teacher_folder, teacher_mark


class Ready(NamedTuple):
    """An experiment with the position that it starts from.

    Attributes:
        kept: what the checkpoint kept beside weights and position; empty at a fresh start.
    """

    work: Experiment
    state: State
    kept: dict[str, Any]


def set_up(spec: TrainSpec, state: State, control: Control, team: Team = ALONE) -> Generator[Event, None, Ready | None]:
    """Prepare a run; None when told to end meanwhile. What the process that leads has found is what the others take.

    Raises:
        RequestError: the request is wrong; nothing was written.
        RunError: the run cannot be gone on with, or its weights could not be fetched.
    """
    allocator.keep_freed()
    if not team.leads:
        return _followed(spec, state, team)
    begun = spec.resume and (spec.run_dir / RESOLVED_FILE).exists() and (spec.run_dir / TABLE_FILE).exists()
    ready = yield from (_go_on(spec, state, team, control) if begun else _begin(spec, state, team, control))
    team.share(lambda: None if ready is None else _Found.of(spec, ready))
    return ready


def _begin(spec: TrainSpec, state: State, team: Team, control: Control) -> Generator[Event, None, Ready | None]:
    """Resolve a new run and write down what it came to."""
    project = _with_teacher(_pinned(spec.project.effective(), spec.project_dir), spec.project_dir)
    device = check_request(project, team)
    check_weights(project.backbone.name, project.backbone.weights, spec.project_dir)
    if spec.table is None:
        table = yield from build_table(project, spec.project_dir, control)
    else:
        table = load_table(spec.table, spec.project_dir).only([task.name for task in project.tasks])
        _check_pictures(table)
    if project.transfer.teacher and project.transfer.unlabelled:
        table = yield from with_unlabelled(table, project.transfer.unlabelled, spec.project_dir, control)
    target = yield from find_target(project, table, spec, control)
    if control.ending:
        return None
    found = yield from resolve(spec, project, table, device, control, team)
    if found is None:
        return None
    resolved, network = found
    _check_shares(resolved, table, team)
    resolved = _marked(resolved, spec.project_dir)
    teacher = load_teacher(resolved, network, spec.project_dir, device)
    check_target(resolved, table)
    save_table(table, spec.run_dir / TABLE_FILE, spec.project_dir)
    if target is not None:
        save_table(target, spec.run_dir / TARGET_FILE, spec.project_dir)
    write_atomically(spec.run_dir / RESOLVED_FILE, tomli_w.dumps(resolved.to_data()))
    devices.set_threads(max(1, resolved.threads // team.local_size))
    return Ready(_experiment(spec, resolved, table, network, device, team, teacher), state, {})


def _pinned(project: Project, project_dir: Path) -> Project:
    """The project whose weights of `run:latest` or `run:7` are those of that very run, whichever come after it."""
    found = run_of(project.backbone.weights, project_dir)
    if found is None:
        return project
    backbone = project.backbone.model_copy(update={"weights": found.spec(project_dir)})
    return project.model_copy(update={"backbone": backbone})


def _with_teacher(project: Project, project_dir: Path) -> Project:
    """The project whose teacher is that very run, whichever come after it.

    Raises:
        RequestError: there is no such run, it has kept no model, or nothing could learn of it.
    """
    asked = project.transfer
    if not asked.teacher:
        return project
    if asked.distillation == "none" and not asked.features:
        raise RequestError(
            "Nothing of the teacher is to be learned: transfer.distillation is none and transfer.features is 0.",
            "Set one of them, or leave transfer.teacher empty.",
        )
    if project.recipe.preset == "few-shot":
        raise RequestError(
            "The preset few-shot works heads out at once, so that they cannot learn from a teacher.",
            "Choose another preset, or leave transfer.teacher empty.",
        )
    name = find_run_weights(asked.teacher, project_dir).spec(project_dir).removeprefix(RUN)
    return project.model_copy(update={"transfer": asked.model_copy(update={"teacher": name})})


def _marked(resolved: Resolved, project_dir: Path) -> Resolved:
    """What the run resolved to, with what tells its teacher's model from any other."""
    folder = teacher_folder(resolved.project.transfer, project_dir)
    return resolved if folder is None else resolved.model_copy(update={"teacher_sha256": teacher_mark(folder)})


def _go_on(spec: TrainSpec, state: State, team: Team, control: Control) -> Generator[Event, None, Ready | None]:
    """Obey what the run resolved to; without a checkpoint it begins anew with the same table, settings and weights."""
    resolved = load_resolved(spec.run_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    _check_pictures(table)
    device = team.device(resolved.device)
    devices.set_threads(max(1, resolved.threads // team.local_size))
    checkpoints = Checkpoints(spec.run_dir)
    checkpoints.put_back()
    stored = checkpoints.read("last")
    _check_shares(resolved, table, team)
    if spec.more:
        resolved = _longer(spec, resolved, stored)
    network = new_network(resolved.project, resolved.tasks)
    if stored is None:
        _check_begun_with(resolved.project.backbone, spec.project_dir)
        report = yield from load_into(network, resolved.project, resolved.tasks, spec.project_dir, control)
        if report is None:
            return None
        if report.sha256 != resolved.weights_sha256:
            raise RunError(
                f"The weights of run {spec.run} ({resolved.weights}) are not those that it began with.",
                "Put the file back, or start a new run.",
            )
    teacher = load_teacher(resolved, network, spec.project_dir, device)
    work = _experiment(spec, resolved, table, network, device, team, teacher)
    yield from _note_checkpoint(spec, work.checkpoints, stored)
    if stored is None:
        return Ready(work, state, {})
    kept = _with_blend(stored.state, checkpoints.read("best"))
    _put(state, kept, device)
    network.load_state_dict(stored.weights)
    return Ready(work, state, kept)


def _check_begun_with(backbone: BackboneChoice, project_dir: Path) -> None:
    """Refuse weights that a run began with and that are gone; others would make another run of it.

    Raises:
        RequestError: they are not there any more.
    """
    try:
        check_weights(backbone.name, backbone.weights, project_dir)
    except RequestError as error:
        raise RequestError(error.text, "Put them back where they were, or start a new run with others.") from error


def _check_pictures(table: SampleTable) -> None:
    """Refuse a stored table whose pictures are gone: what was learned of them would be replaced by nothing.

    Raises:
        RequestError: no picture that a task is to be trained on is there any more.
    """
    for task in table.tasks:
        paths = [table.paths[row] for row in table.rows("train", task)]
        if not any(path.exists() for path in paths):
            raise RequestError(
                f"None of the {pictures(len(paths))} that {task} is trained on is there any more, such as {paths[0]}.",
                "Put them back, or connect the disk that they lie on.",
            )


def _check_shares(resolved: Resolved, table: SampleTable, team: Team) -> None:
    """Refuse shares of a batch in which batch norm would have nothing to gather statistics from.

    Raises:
        RequestError: a process would see one picture at a time, or none.
    """
    rows, batch = len(table.rows("train")), resolved.batch_size
    smallest = rows // -(-rows // batch) // team.size
    if team.size > 1 and resolved.batch_norm == "train" and smallest < 2:
        raise RequestError(
            f"Batches of {batch} pictures leave some of {team.size} devices with fewer than two at a time, of which "
            "batch norm cannot learn.",
            "Raise recipe.batch_size, take fewer devices, or set recipe.batch_norm to eval.",
        )


def _put(state: State, kept: dict[str, Any], device: torch.device) -> None:
    """Take over a checkpoint's position."""
    state.__dict__.update(State.from_data(kept).__dict__)
    state.sums = state.sums.to(device)


class _Found(NamedTuple):
    """What the process that leads has found out about the run, but for its table, which is on the disk of all."""

    run: str
    resolved: dict[str, Any]
    taught: frozenset[str]
    kept: dict[str, Any]

    @classmethod
    def of(cls, spec: TrainSpec, ready: Ready) -> _Found:
        work = ready.work
        return cls(spec.run, work.resolved.to_data(), work.network.taught, ready.kept)


def _followed(spec: TrainSpec, state: State, team: Team) -> Ready | None:
    """Take over what the process that leads has found; weights come when the run begins."""
    found: _Found | None = team.share(lambda: None)
    if found is None:
        return None
    resolved = Resolved.model_validate(found.resolved)
    spec = spec.model_copy(update={"run": found.run, "run_dir": spec.run_dir.with_name(found.run)})
    device = team.device(resolved.device)
    devices.set_threads(max(1, resolved.threads // team.local_size))
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    network = new_network(resolved.project, resolved.tasks)
    network.taught = found.taught
    teacher = load_teacher(resolved, network, spec.project_dir, device)
    work = _experiment(spec, resolved, table, network, device, team, teacher)
    if found.kept:
        _put(state, found.kept, device)
    return Ready(work, state, found.kept)


def _longer(spec: TrainSpec, resolved: Resolved, stored: Stored | None) -> Resolved:
    """Add epochs to a run behind those that it has done, for now and for each later resumption.

    Raises:
        RequestError: nothing in it trains, or it has no checkpoint to go on from.
    """
    if worked_out(task.head for task in resolved.tasks):
        raise RequestError(
            f"The heads of run {spec.run} are worked out at once, so more epochs would change nothing.",
            f"Start a new run with heads that train: train --from {spec.run} --set recipe.preset=balanced.",
        )
    if stored is None:
        raise RequestError(
            f"Run {spec.run} has kept no checkpoint to go on from.", f"Start a new run: train --from {spec.run}."
        )
    more = More(phase=stored.state["phase"], done=stored.state["epoch"], epochs=spec.more)
    longer = resolved.model_copy(update={"more": [*resolved.more, more]})
    write_atomically(spec.run_dir / RESOLVED_FILE, tomli_w.dumps(longer.to_data()))
    return longer


def _with_blend(kept: dict[str, Any], best: Stored | None) -> dict[str, Any]:
    """Where the way back has replaced the best model by a better blend, only what is better still replaces that."""
    known = kept["best"]
    if best is None or "share" not in best.state or not known or best.state["best"]["epoch"] != known["epoch"]:
        return kept
    return {**kept, "best": best.state["best"], "best_loss": best.state.get("loss", kept["best_loss"])}


def _note_checkpoint(spec: TrainSpec, checkpoints: Checkpoints, stored: Stored | None) -> Iterator[Event]:
    """Say where the newest checkpoint is not what the run goes on from, and what is lost by it."""
    damaged = [kind for kind in ("last", "previous") if checkpoints.folder(kind).exists()]
    if stored is None and not damaged:
        yield Notice(level="info", text=f"Run {spec.run} has no checkpoint yet and begins anew.")
    elif stored is None:
        yield Notice(level="warning", text=f"No checkpoint of run {spec.run} is whole, so it begins anew.")
    elif stored.folder.name == "previous" and "last" in damaged:
        text = f"The last checkpoint of run {spec.run} is damaged, so it goes on from the one before it"
        yield Notice(level="warning", text=f"{text}: what came after step {stored.state['step']} is done again.")


def _experiment(
    spec: TrainSpec,
    resolved: Resolved,
    table: SampleTable,
    network: MultiTaskNetwork,
    device: torch.device,
    team: Team,
    teacher: Teacher | None,
) -> Experiment:
    retried(lambda: devices.place(network, device, resolved.layout), device)
    threads = max(1, devices.cores() // team.local_size)
    folder = spec.project_dir / "cache" / "pixels"
    store = PixelStore(folder, table.paths, resolved.view, PIXEL_LIMIT_BYTES, threads)
    masks, judges = mask_helpers(table, resolved)
    return Experiment(
        resolved=resolved,
        table=table,
        network=network,
        device=device,
        phases=plan(resolved, len(table.rows("train"))),
        store=store,
        checkpoints=Checkpoints(spec.run_dir),
        project_dir=spec.project_dir,
        run_dir=spec.run_dir,
        masks=masks,
        judges=judges,
        changes=read_changes(spec.run_dir),
        choose=spec.choose,
        watch=spec.watch,
        team=team,
        teacher=teacher,
        target=load_target(resolved, spec, threads),
    )


def mask_helpers(table: SampleTable, resolved: Resolved) -> tuple[dict[str, MaskStore], dict[str, MaskJudge]]:
    """For each mask task of a table, where its masks come from in training, and what scores answers by them."""
    stores, judges = {}, {}
    for task in resolved.tasks:
        if task.kind == "mask" and task.name in table.targets:
            paths = [Path(text) for text in table.label_texts(task.name)]
            by_row = [paths[at] if at >= 0 else None for at in table.targets[task.name].tolist()]
            stores[task.name] = MaskStore(paths, task.mask_values, resolved.view, devices.cores())
            judges[task.name] = MaskJudge(by_row, task.mask_values, resolved.view)
    return stores, judges
