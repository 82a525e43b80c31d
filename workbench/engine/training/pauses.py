"""Pauses: of single tasks while the others train, and of a run between two pieces of work that are no steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from workbench.core.control import Control
from workbench.core.events import Event, Notice, RunPaused, TaskPaused
from workbench.engine.training.state import State

Rest = Callable[[Control, bool], Iterator[Event]]
"""Waits while a job is paused; told True, no longer than until the device's memory is to be released."""


def rest(control: Control, gives_way: bool) -> Iterator[Event]:
    """Wait, and say nothing of it."""
    while control.paused and not (gives_way and control.release_requested):
        control.wait_while_paused()  # it comes back, too, where a single task is paused meanwhile
    yield from ()


def rest_of(state: State) -> Rest:
    """Waiting in a run: it is said, and does not count as time that the run has worked."""
    return partial(_rest_of, state)


def _rest_of(state: State, control: Control, gives_way: bool) -> Iterator[Event]:
    begin = time.perf_counter()
    rests = control.paused and not (gives_way and control.release_requested)
    if rests:
        yield RunPaused(paused=True, step=state.step)
    yield from rest(control, gives_way)
    state.watch.leave_out(time.perf_counter() - begin)
    if rests and not control.paused and not control.ending:
        yield RunPaused(paused=False, step=state.step)


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
