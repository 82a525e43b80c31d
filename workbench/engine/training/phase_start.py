"""What happens before a phase's first step: features where it needs them, what stands still, and its optimiser."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from workbench.core.balancing import METHODS, step_cost
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress
from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.augment import augment
from workbench.engine.memory import retried, shortage
from workbench.engine.model.compiling import compile_stages, obstacle
from workbench.engine.model.heads.base import Head
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.changes import due_changes, in_force, keep_told
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.feature_cache import FOLDER, Features, FeatureSource
from workbench.engine.training.inputs import FeatureInputs, Inputs, PixelInputs, answers_of
from workbench.engine.training.keeping import frozen_inputs
from workbench.engine.training.labels import Labels
from workbench.engine.training.objectives import method_of
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.phases import Phase
from workbench.engine.training.state import State
from workbench.engine.training.target_pass import TargetPass
from workbench.engine.training.taught import note_teacher, remember_answers
from workbench.engine.training.together import features_of_all
from workbench.engine.training.trainer import Trainer
from workbench.engine.training.translating import translate
from workbench.engine.transfer.domains.batch_norm import batch_norms

READING = "reading pictures"
_TELL_EVERY_S = 0.25
_ON_FEATURES = "Heads train on stored features: the backbone sees each picture once, whatever the number of epochs."


def begin_phase(
    work: Experiment, phase: Phase, state: State, resumed: dict[str, Any], control: Control
) -> Generator[Event, None, Trainer | None]:
    """Set the network up for a phase; None when told to end meanwhile.

    Args:
        resumed: what a checkpoint of this phase kept of optimiser and randomness; empty where the phase is new.
    """
    keep_told(work, phase, state, phase.first_epoch + state.epoch + bool(state.step_in_epoch), control)
    now, resolved = in_force(work, phase, state.changes)
    work.network.freeze(now.freeze)
    inputs: Inputs
    if phase.on_features:
        features = yield from stored_features(work, state, control)
        if features is None:
            return None
        if not resumed and state.phase == 0:
            yield Notice(level="info", text=_ON_FEATURES)
            standardise(work, features, _levelled(work))
            imprint(work, features)
        inputs = FeatureInputs(work.network, features.values, features.readable, work.device)
        if not (yield from remember_answers(work, phase, state, control)):
            return None
    else:
        if not resumed and state.phase == 0 and _imprinted(work):
            features = yield from stored_features(work, state, control)
            if features is None:
                return None
            standardise(work, features, _imprinted(work))
            imprint(work, features)
        compiled = yield from _compile(work, phase)
        inputs = yield from _on_pictures(work, now, state, control)
        if control.ending or (compiled and not translate(work, phase, inputs, state, control)):
            return None
    work.team.same(work.network)
    if work.teacher is not None:
        work.team.same(work.teacher.maps)
        if not resumed and state.phase == 0:
            yield from note_teacher(work)
    trainer = _trainer(work, now, resolved, inputs)
    if resumed:
        retried(lambda: trainer.restore(resumed), work.device)
        if work.team.leads:
            devices.set_random_state(work.device, resumed["random"])
    else:
        if phase is _first_of_stages(work) and work.goes_back:
            trained = {task for before in work.phases[: state.phase] for task in before.tasks}
            state.probed = {task: _copied(work.network.heads[task]) for task in trained}
        yield from _note_balancing(work, phase, trainer)
        yield from _note_mixing(work, phase)
    state.begin_phase()
    return trainer


def follow_changes(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, control: Control
) -> Generator[Event, None, Trainer]:
    """The trainer for the epoch that begins: another one where the run was told to change something."""
    due = yield from due_changes(work, phase, state, control)
    keep_told(work, phase, state, phase.first_epoch + state.epoch + 1, control)
    if not due:
        return trainer
    state.changes += len(due)
    now, resolved = in_force(work, phase, state.changes)
    work.network.freeze(now.freeze)
    inputs = trainer.inputs if phase.on_features else (yield from _on_pictures(work, now, state, control))
    following = _trainer(work, now, resolved, inputs)
    following.take_over(trainer)
    return following


def _compile(work: Experiment, phase: Phase) -> Generator[Event, None, bool]:
    """Compile the stages that train, where that is asked for and can be done, and say so the first time; whether."""
    if not work.resolved.project.recipe.compile or not phase.trains_stages:
        return False
    problem = obstacle(work.device)
    if not problem:
        compile_stages(work.network)
    if phase is _first_of_stages(work):
        if problem:
            yield Notice(level="warning", text=f"{problem} The run goes on without.")
        else:
            yield Notice(level="info", text="Stages are compiled: a minute or more goes by before the first step.")
    return not problem


def _on_pictures(work: Experiment, phase: Phase, state: State, control: Control) -> Generator[Event, None, Inputs]:
    """What frozen stages make of pictures where that is kept, else their pixels."""
    kept = yield from frozen_inputs(work, phase, state, control)
    if kept is not None:
        return kept
    work.store.start(work.reading_order(phase.first_epoch + state.epoch))
    return PixelInputs(work.network, work.store, work.resolved, work.device, work.chunk, phase.augment)


def _trainer(work: Experiment, phase: Phase, resolved: Resolved, inputs: Inputs) -> Trainer:
    masks = {task: store for task, store in work.masks.items() if task in phase.tasks}
    labels = Labels(work.table, work.network.tasks, work.device, masks, work.seed, inputs.level)
    target = _target_pass(work, phase)
    return retried(
        lambda: Trainer(work.network, inputs, labels, resolved, phase, work.device, work.team, work.teacher, target),
        work.device,
    )


def _target_pass(work: Experiment, phase: Phase) -> TargetPass | None:
    """What brings a phase in which stages train nearer to the target of the run, where there is one."""
    if work.target is None or not phase.trains_stages:
        return None
    work.target.store.start(np.arange(work.target.count, dtype=np.int64))

    def answer(pixels: Tensor, rows: npt.NDArray[np.int64], epoch: int, tasks: list[str]) -> dict[str, Tensor]:
        varied = augment(pixels, rows, work.seed, epoch, phase.augment)
        return answers_of(work.network, varied, work.resolved, tasks)

    return TargetPass(work.target, work.network, answer, phase.batch_size, work.seed, work.device)


def _note_balancing(work: Experiment, phase: Phase, trainer: Trainer) -> Iterator[Event]:
    """Say what balancing costs, or that the method that was asked for has nothing to do in a phase."""
    asked = work.resolved.project.recipe.balancing
    if len(work.network.tasks) < 2:
        return
    if method_of(work.resolved, work.network) is BALANCING[asked]:
        cost = step_cost(
            asked, trainer.agreement is not None, len(work.network.tasks), work.shared_share, phase.batch_size
        )
        if cost.sentence and phase is _first_of_stages(work):
            yield Notice(level="info", text=cost.sentence)
        return
    later = "it begins with the backbone's stages" if _first_of_stages(work) else "this run trains heads alone"
    yield Notice(
        level="info",
        text=f"Heads share no weights, so there is nothing to balance between them: they train with equal balancing, "
        f"not {METHODS[asked].title}; {later}.",
    )


def _note_mixing(work: Experiment, phase: Phase) -> Iterator[Event]:
    """Say which pictures are not mixed, where mixing is asked for."""
    numbers = [name for name, task in work.facts.items() if task.kind == "number"]
    if numbers and (phase.mixup or phase.cutmix) and phase is _first_of_stages(work):
        text = f"Pictures with a number ({', '.join(numbers)}) are not mixed: a mixture of two has no number to learn."
        yield Notice(level="info", text=text)


def _first_of_stages(work: Experiment) -> Phase | None:
    """The phase in which stages of the backbone train for the first time."""
    return next((phase for phase in work.phases if phase.trains_stages), None)


def _copied(module: nn.Module) -> dict[str, Tensor]:
    """A module's state dict, on the CPU and unchanged by what follows."""
    return {name: value.detach().cpu().clone() for name, value in module.state_dict().items()}


def note_unreadable(work: Experiment) -> Iterator[Event]:
    """Say which pictures turned out to be undecodable since this was last asked; their labels are masked."""
    for row, reason in sorted(work.team.union(work.store.failures).items()):
        if row not in work.unreadable:
            work.unreadable[row] = reason
            yield Notice(
                level="warning", text=f"{work.table.paths[row]} cannot be read ({reason}); its labels are left out."
            )


def note_masks(work: Experiment) -> Iterator[Event]:
    """Say which masks turned out to be undecodable since this was last asked; they teach nothing."""
    for task, store in work.masks.items():
        for number, reason in sorted(work.team.union(store.failures).items()):
            if (task, number) not in work.unreadable_masks:
                work.unreadable_masks.add((task, number))
                path = work.table.label_texts(task)[number]
                yield Notice(level="warning", text=f"The mask {path} cannot be read ({reason}) and is left out.")


def reading_progress(work: Experiment) -> Iterator[Event]:
    """How many pictures are decoded, every now and then while some are not."""
    now = time.monotonic()
    done, total = work.store.progress
    if done < total and now - work.told_s >= _TELL_EVERY_S:
        work.told_s = now
        yield Progress(what=READING, done=done, total=total)


def stored_features(work: Experiment, state: State, control: Control) -> Generator[Event, None, Features | None]:
    """The features of the backbone as it was loaded: in memory, from the cache, or computed now; None if told to end.

    Where they are computed the network's backbone must be that one.
    """
    if work.features is None:
        source = FeatureSource(
            network=work.network,
            store=work.store,
            paths=work.table.paths,
            resolved=work.resolved,
            device=work.device,
            chunk=work.chunk,
            folder=work.project_dir.joinpath(*FOLDER),
            resting=rest_of(state),
        )
        work.features = yield from features_of_all(work, source, np.arange(len(work.table), dtype=np.int64), control)
        if work.features is None:
            return None
        yield from note_unreadable(work)
    return work.features


def standardise(work: Experiment, features: Features, tasks: Sequence[str]) -> None:
    """Let these tasks' heads see features of mean 0 and deviation 1 over the training pictures of its task."""
    for task in tasks:
        head, rows = work.network.heads[task], _readable_rows(work, task, features)
        if len(rows) > 1:
            mean, std = moments(features.values[torch.from_numpy(rows)])
            head.standardise(mean.to(work.device), std.to(work.device))


def imprint(work: Experiment, features: Features) -> None:
    """Let heads that begin with what the training pictures show see their features."""
    for task in _imprinted(work):
        head, rows = work.network.heads[task], _readable_rows(work, task, features)
        targets = torch.from_numpy(work.table.encoded(task)[rows])
        _shown(head, features.values[torch.from_numpy(rows)], targets, work.device)


def _shown(head: Head, values: Tensor, targets: Tensor, device: torch.device) -> None:
    """Imprint a head on its device, or in main memory where the device has no room for the features (n, C)."""
    try:
        with shortage():
            head.imprint(values.to(device), targets.to(device))
    except torch.OutOfMemoryError:
        devices.give_back_memory(device)
        head.cpu().imprint(values, targets)
        head.to(device)


def _imprinted(work: Experiment) -> list[str]:
    return [task for task in _untaught(work) if work.network.heads[task].imprints]


def _levelled(work: Experiment) -> list[str]:
    """The tasks whose heads level the features: not where these are of another size as soon as stages train.

    Batch norm that was never fitted lets them fade by orders of magnitude, and fits itself in the first step of stages.
    """
    fades = not work.resolved.weights_sha256 and work.resolved.batch_norm == "train" and batch_norms(work.network)
    return [] if fades and _first_of_stages(work) else _untaught(work)


def _untaught(work: Experiment) -> list[str]:
    """The tasks that answer from features and whose heads know nothing yet."""
    return [task for task in work.network.vector_tasks if task not in work.network.taught]


def _readable_rows(work: Experiment, task: str, features: Features) -> npt.NDArray[np.int64]:
    rows = work.table.rows("train", task)
    return rows[features.readable[rows]]


def moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (C,) of features (n, C)."""
    exact = values.double()
    return exact.mean(dim=0).float(), exact.std(dim=0, correction=0).float()
