"""The `train` job: from a project to a trained model and its results."""

from __future__ import annotations

import traceback
from collections.abc import Generator, Iterator, Mapping
from contextlib import nullcontext
from typing import Literal

import torch

from workbench.core.control import Control
from workbench.core.errors import RequestError, WorkbenchError, disk_error
from workbench.core.events import Best, Event, Interpolation, Notice, Result, RunEnded, RunFailed, RunResumed
from workbench.core.specs import TrainSpec
from workbench.engine.distributed import TeamEnded, TeamLost, join
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.final import evaluate_best
from workbench.engine.training.keeper import Keeper
from workbench.engine.training.loop import fit
from workbench.engine.training.pauses import restore_pauses
from workbench.engine.training.resolve import run_started
from workbench.engine.training.results import chief_part, kept_documents, metrics_of, write_results
from workbench.engine.training.setup import Ready, set_up
from workbench.engine.training.state import State
from workbench.engine.training.trainer import Trainer
from workbench.engine.training.way_back import go_back

Status = Literal["finished", "stopped", "interrupted"]
_UNSCORED = "The run was stopped before all its tasks were validated: the model is kept, but not scored."
_BEST_DAMAGED = "The best checkpoint is damaged and cannot be read: the model is kept as it is at the end instead."


def train(spec: TrainSpec, control: Control) -> Iterator[Event]:
    """Carry out a run, or go on with one.

    Yields:
        Everything that happens, `run_ended` last; before it `run_failed` where something went wrong that the request is
        not to blame for.

    Raises:
        RequestError: the request is wrong; nothing was written.
    """
    state, team = State(), join(spec.place, control)
    try:
        ready = yield from set_up(spec, state, control, team)
        status: Status = "interrupted" if ready is None else (yield from _run(spec, ready, team.control(control)))
        team.leave()
    except RequestError as error:
        team.leave(error)
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: a run's failure becomes its last events
        team.leave(error)
        if isinstance(error, TeamEnded) or (control.ending and isinstance(error, TeamLost)):
            yield RunEnded(status="interrupted", best=state.best, elapsed_s=state.watch.elapsed_s)
            return
        yield _failed(error)
        yield RunEnded(status="failed", best=state.best, elapsed_s=state.watch.elapsed_s)
        return
    yield RunEnded(status=status, best=state.best, elapsed_s=state.watch.elapsed_s)


def _run(spec: TrainSpec, ready: Ready, control: Control) -> Generator[Event, None, Status]:
    work, state, kept = ready
    with work.store, nullcontext() if work.target is None else work.target.store:
        work.team.same(work.network)
        yield run_started(
            work.resolved, work.network, work.phases, work.device, work.team.size, keeps_last=work.keeps_last
        )
        if spec.resume:
            yield _resumed(work, state)
        if kept:
            yield from restore_pauses(state, control)
        else:
            torch.manual_seed(work.seed)
        keeper = Keeper(work)
        trainer = yield from fit(work, state, keeper, kept, control)
        if control.ending and trainer is not None and state.phase < len(work.phases):
            yield from keeper.save(trainer, state)
        if control.cancel_requested:
            return "interrupted"
        yield from keeper.flush()
        if state.best is None:
            yield from _keep_unscored(keeper, trainer, state, _UNSCORED)
        elif work.team.share(lambda: spec.resume and work.checkpoints.read("best") is None):
            yield from _keep_unscored(keeper, trainer, state, _BEST_DAMAGED)
        return (yield from _conclude(work, state, control))


def _conclude(work: Experiment, state: State, control: Control) -> Generator[Event, None, Status]:
    """Go back, score the best checkpoint, write the results and say them; the run's status.

    Where it is cancelled amid that, no results are written: the run, gone on with, does it again.
    """
    back = None if control.ending else (yield from go_back(work, state, control))
    outputs = yield from evaluate_best(work, state, control)
    if control.cancel_requested:
        return "interrupted"
    status: Status = "stopped" if control.ending else "finished"
    if work.team.leads:
        yield _leave_results(work, state, status, back, outputs)
    return status


def _leave_results(
    work: Experiment, state: State, status: Status, back: Interpolation | None, outputs: Mapping[str, Outputs]
) -> Result:
    """Write the results, where the best model has not left them before the run was trained longer; their event."""
    documents = kept_documents(work.run_dir, outputs)
    if documents is None:
        documents = write_results(
            work.run_dir, work.project_dir, work.table, work.resolved.tasks, outputs, work.unreadable
        )
    chief = chief_part(documents)
    return Result(
        what="train",
        document={
            "run": work.resolved.run,
            "status": status,
            "part": chief or None,
            "metrics": metrics_of(documents[chief]) if chief else {},
            "best": state.best.model_dump() if state.best else None,
            "way_back": back.model_dump(include={"shares", "scores", "kept"}) if back else None,
            "elapsed_s": state.watch.elapsed_s,
        },
    )


def _keep_unscored(keeper: Keeper, trainer: Trainer | None, state: State, why: str) -> Iterator[Event]:
    """Keep the network as it is, and say why."""
    state.best = Best(epoch=0, step=state.step, score=None)
    yield from keeper.keep_present(trainer, state)
    yield Notice(level="warning", text=why)


def _resumed(work: Experiment, state: State) -> RunResumed:
    index = min(state.phase, len(work.phases) - 1)
    phase = work.phases[index]
    return RunResumed(phase=phase.name, epoch=phase.first_epoch + state.epoch, step=state.step)


def _failed(error: Exception) -> RunFailed:
    known = error if isinstance(error, WorkbenchError) else disk_error(error)
    if known is not None:
        return RunFailed(error=known.text, advice=known.fix, traceback="")
    if isinstance(error, torch.OutOfMemoryError):
        return RunFailed(
            error="The device has not the memory for this run.",
            advice="Lower recipe.image_size, choose a smaller backbone, or set recipe.device to cpu; then resume.",
            traceback="".join(traceback.format_exception(error)),
        )
    return RunFailed(
        error=f"{type(error).__name__}: {error}",
        advice="This is a mistake in the program; the traceback tells where.",
        traceback="".join(traceback.format_exception(error)),
    )
