"""Tasks that are paused while the others train."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.core.control import Control
from workbench.core.events import Event, Notice, TaskPaused
from workbench.engine.training.state import State


def follow_pauses(state: State, tasks: Sequence[str], control: Control) -> Iterator[Event]:
    """Take over which tasks are to be paused, and say what has changed; names of no task are let go of."""
    wanted = control.paused_tasks
    for name in sorted(wanted.difference(tasks)):
        control.resume_task(name)
        yield Notice(level="warning", text=f"There is no task {name} in this run, so it cannot be paused.")
    for task in tasks:
        if task in wanted and task not in state.paused:
            state.paused[task] = state.step
            yield TaskPaused(task=task, paused=True, step=state.step)
        elif task not in wanted and task in state.paused:
            del state.paused[task]
            yield TaskPaused(task=task, paused=False, step=state.step)


def restore_pauses(state: State, control: Control) -> Iterator[Event]:
    """Let the tasks that a checkpoint found paused stay so, and say since when."""
    for task, step in state.paused.items():
        control.pause_task(task)
        yield TaskPaused(task=task, paused=True, step=step)
