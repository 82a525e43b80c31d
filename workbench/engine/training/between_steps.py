"""What is seen to before each step: a checkpoint that is due, pauses, changes, and the wish to end.

The one place where a run decides whether it goes on.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

from workbench.core.control import Control
from workbench.core.events import Event, RunPaused
from workbench.engine.training.changes import hear_changes
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.keeper import Keeper
from workbench.engine.training.pauses import follow_pauses
from workbench.engine.training.phases import Phase
from workbench.engine.training.state import State
from workbench.engine.training.step_log import StepLog
from workbench.engine.training.trainer import Trainer


def goes_on(
    work: Experiment, phase: Phase, trainer: Trainer, state: State, log: StepLog, keeper: Keeper, control: Control
) -> Generator[Event, None, bool]:
    """See to everything that waits between two steps; whether the next one may be taken.

    The steps that a checkpoint knows of are said before it is written, so that none is lost with the process.
    """
    control.meet()
    if keeper.due():
        yield from log.flush()
        with trainer.meter.during("pause"):
            yield from keeper.save(trainer, state)
        log.rest()
    if control.resting(phase.tasks) and not control.release_requested:
        yield from log.flush()
        with trainer.meter.during("pause"):
            yield from _rest(work, phase, state, control)
        log.rest()
    yield from hear_changes(work, phase, state, phase.first_epoch + state.epoch + 1, control)
    yield from follow_pauses(state, work.network.tasks, control)
    trainer.paused = frozenset(state.paused)
    return not control.ending and not control.release_requested


def _rest(work: Experiment, phase: Phase, state: State, control: Control) -> Iterator[Event]:
    """Wait while the run is paused, or every task of the phase; what is said of single tasks meanwhile is passed on."""
    begin = time.perf_counter()
    yield from follow_pauses(state, work.network.tasks, control)
    if paused := control.paused:
        yield RunPaused(paused=True, step=state.step)
    while not control.wait_while_paused(tasks=phase.tasks) and not control.release_requested:
        yield from follow_pauses(state, work.network.tasks, control)
    if paused and not control.paused and not control.ending:
        yield RunPaused(paused=False, step=state.step)
    state.watch.leave_out(time.perf_counter() - begin)
