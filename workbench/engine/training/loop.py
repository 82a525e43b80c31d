"""The loop of a run: phases, epochs, batches; then validation and a checkpoint."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import numpy as np
import torch

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Best, Epoch, Event, Notice, PhaseStarted, Relatedness
from workbench.engine.data.batches import even_batches
from workbench.engine.distributed import TeamLost
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.between_steps import goes_on
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.judging import judged
from workbench.engine.training.keeper import Keeper
from workbench.engine.training.optimiser import learning_rates, rate_factor, set_rates
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.phase_start import (
    begin_phase,
    follow_changes,
    note_masks,
    note_unreadable,
    reading_progress,
)
from workbench.engine.training.phases import Phase
from workbench.engine.training.release import rest_without_memory
from workbench.engine.training.state import State
from workbench.engine.training.step_log import StepLog
from workbench.engine.training.together import answers_of_all, as_counted, same_batch_norm, shares_of
from workbench.engine.training.trainer import StepOutcome, Trainer


def fit(
    work: Experiment, state: State, keeper: Keeper, resumed: dict[str, Any], control: Control
) -> Generator[Event, None, Trainer | None]:
    """Train from where `state` stands to the end, or until `control.ending`.

    Args:
        resumed: what the checkpoint kept of optimiser and randomness; empty at a fresh start. It is emptied.

    Returns:
        The trainer of the phase that was under way when it ended; None where none had begun.
    """
    trainer: Trainer | None = None
    said: Phase | None = None
    while state.phase < len(work.phases):
        phase = work.phases[state.phase]
        trainer = yield from begin_phase(work, phase, state, resumed, control)
        if trainer is None:
            return None
        resumed.clear()  # its memory is the trainer's now, and goes with it
        if phase is not said and not _over(phase, state):
            yield _phase_started(work, phase, trainer)
        said = phase
        done, trainer = yield from _train_phase(work, phase, trainer, state, keeper, control)
        yield from _last_agreement(trainer, state)
        if control.ending and not done:
            return trainer
        yield from keeper.save(trainer, state)
        if control.ending:
            return trainer
        if done:
            state.next_phase()
        else:
            trainer = None
            resumed = yield from rest_without_memory(work, state, control)
    control.keep_changes = None  # nothing is left that could be changed
    return trainer


def _train_phase(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, keeper: Keeper, control: Control
) -> Generator[Event, None, tuple[bool, Trainer]]:
    """The epochs of a phase that are left; whether all were done, and who trained last.

    Where another process of the team is lost, what this one has done is kept, unless that was in the middle of a step.
    """
    while not _over(phase, state):
        log = _log(work, phase, trainer, state)
        try:
            if state.step_in_epoch == 0:
                trainer = yield from follow_changes(work, phase, trainer, state, control)
                log = _log(work, phase, trainer, state)
            done = yield from _epoch(work, phase, trainer, state, log, keeper, control)
        except TeamLost:
            if trainer.whole:
                yield from log.flush()
                yield from keeper.inherit(trainer, state)
            raise
        if not done:
            return False, trainer
    return True, trainer


def _log(work: Experiment, phase: Phase, trainer: Trainer, state: State) -> StepLog:
    """For the steps of the present epoch."""
    return StepLog(work.network.tasks, phase.name, phase.first_epoch + state.epoch, meter=trainer.meter)


def _epoch(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, log: StepLog, keeper: Keeper, control: Control
) -> Generator[Event, None, bool]:
    """What is left of an epoch, with its validation; whether it was done."""
    if not (yield from _train_epoch(work, phase, trainer, state, log, keeper, control)):
        return False
    if not state.sums[-1].any():
        raise RunError(
            f"No picture could be read in epoch {phase.first_epoch + state.epoch}, so nothing was learned.",
            "Put the pictures back, or connect the disk that they lie on, then resume the run.",
        )
    same_batch_norm(work)
    trainer.balancing.end_epoch()
    with trainer.as_kept():
        outputs = yield from answers_of_all(
            work, trainer.inputs, work.validation_rows, control, gives_way=True, resting=rest_of(state)
        )
    if outputs is None:
        return False
    yield from note_unreadable(work)
    yield from note_masks(work)
    is_best, event = _close_epoch(work, phase, trainer, state, outputs, log)
    yield event
    yield from keeper.epoch_done(trainer, state, outputs, is_best)
    return True


def _train_epoch(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, log: StepLog, keeper: Keeper, control: Control
) -> Generator[Event, None, bool]:
    """The steps of one epoch that are left; whether all were done."""
    number = phase.first_epoch + state.epoch
    pieces = even_batches(work.draws(number), phase.batch_size)
    work.team.same(work.network)  # processors of different makes round differently
    work.network.train()
    trainer.meter.start()
    shares = shares_of(work, pieces)
    with closing(trainer.inputs.batches(shares, state.step_in_epoch, phase.look(number))) as gathered:
        for batch in trainer.meter.waiting(gathered):
            if not (yield from goes_on(work, phase, trainer, state, log, keeper, control)):
                break
            set_rates(trainer.optimiser, _factor(phase, state, len(pieces)))
            whole = pieces[state.step_in_epoch]
            outcome = trainer.step(as_counted(work, batch, whole), number, control, state.step)
            yield from told(trainer)
            if outcome is None:
                break
            _count(state, outcome)
            log.add(
                state.step,
                outcome.losses,
                outcome.counts,
                outcome.weights,
                learning_rates(trainer.optimiser),
                len(whole),
            )
            if log.due():
                yield from log.flush()
                yield from reading_progress(work)
            if trainer.agreement is not None:
                yield from trainer.agreement.events(state.step)
    yield from log.flush()
    return state.step_in_epoch == len(pieces) and not control.ending


def told(trainer: Trainer) -> Iterator[Notice]:
    """What happened in a step and is worth a notice, once."""
    while trainer.said:
        yield Notice(level="warning", text=trainer.said.pop(0))


def _last_agreement(trainer: Trainer, state: State) -> list[Relatedness]:
    return [] if trainer.agreement is None else trainer.agreement.events(state.step, last=True)


def _factor(phase: Phase, state: State, steps_per_epoch: int) -> float:
    done = state.epoch * steps_per_epoch + state.step_in_epoch
    warmup = round(min(phase.warmup_epochs, phase.epochs / 2) * steps_per_epoch)
    return rate_factor(done, phase.epochs * steps_per_epoch, warmup)


def _count(state: State, outcome: StepOutcome) -> None:
    counts = outcome.losses.new_tensor(outcome.counts)
    step = torch.stack([outcome.losses * counts, outcome.right, counts])
    state.sums = step if state.step_in_epoch == 0 else state.sums + step
    state.step_in_epoch += 1
    state.step += 1


def _over(phase: Phase, state: State) -> bool:
    """Whether a phase has done its epochs, or waited long enough for a better one."""
    return state.epoch >= phase.epochs or 0 < phase.patience <= state.since_best


def _close_epoch(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, outputs: Outputs, log: StepLog
) -> tuple[bool, Epoch]:
    """Judge an epoch and move on to the next; whether it is the best of the run, and its event.

    An epoch of a phase in which some tasks still wait is never the best: they would be kept untrained.
    """
    found = judged(work, outputs)
    value, loss, rank = found.score, found.loss, found.rank
    train = _training_metrics(work, trainer, state)
    number = phase.first_epoch + state.epoch
    unscored = value is None and math.isinf(loss)  # without validation the last epoch counts as the best
    better = unscored or work.keeps_last or state.phase_best is None or rank > state.phase_best
    state.since_best = 0 if better else state.since_best + 1
    state.phase_best = rank if better else state.phase_best
    is_best = set(phase.tasks) == set(work.facts) and (
        unscored or work.keeps_last or state.best is None or rank > (state.best.score or 0.0, -state.best_loss)
    )
    if is_best:
        state.best, state.best_loss = Best(epoch=number, step=state.step, score=value), loss
    state.epoch, state.step_in_epoch = state.epoch + 1, 0
    return is_best, Epoch(
        phase=phase.name,
        epoch=number,
        step=state.step,
        train=train,
        validation=found.metrics,
        score=value,
        elapsed_s=state.watch.elapsed_s,
        remaining_s=_remaining(work, phase, state),
        best=is_best,
        images_per_s=log.images_per_s,
        seconds=log.seconds,
    )


def _training_metrics(work: Experiment, trainer: Trainer, state: State) -> dict[str, dict[str, float | None]]:
    """Mean loss and chief figure of the epoch's own steps, on varied pictures and while the network changed."""
    loss, right, count = np.asarray(state.sums.tolist(), dtype=np.float64)
    return {
        task: {"loss": loss[i] / count[i], trainer.metrics[task]: right[i] / count[i]}
        if count[i]
        else {"loss": None, trainer.metrics[task]: None}
        for i, task in enumerate(work.network.tasks)
    }


def _remaining(work: Experiment, phase: Phase, state: State) -> float:
    """Seconds to the end, if epochs take as long as this phase's did and pictures as long as they were seen to."""
    elapsed = state.watch.elapsed_s - state.phase_began_s
    left = elapsed / max(1, state.epoch - state.epochs_before) * (phase.epochs - state.epoch)
    later = sum(following.epochs for following in work.phases[state.phase + 1 :] if not following.on_features)
    picture_s = work.features.picture_s if work.features else 0.0
    return left + later * len(work.rows) * picture_s * TRAINING_COST


TRAINING_COST = 3.5
"""How many times longer a picture takes with training than without."""


def _phase_started(work: Experiment, phase: Phase, trainer: Trainer) -> PhaseStarted:
    return PhaseStarted(
        name=phase.name,
        epochs=phase.epochs,
        steps_per_epoch=phase.steps_per_epoch(len(work.rows)),
        first_epoch=phase.first_epoch,
        trainable_parameters=sum(p.numel() for p in work.network.parameters() if p.requires_grad),
    )
