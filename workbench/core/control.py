"""What a running job is told from outside: pause, resume, stop, cancel, change; pause and resume for one task too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any


class Control:
    """The wishes of whoever watches a job; safe to use from any thread, and from a signal's handler.

    A job looks at `ending` between micro-batches and calls `wait_while_paused` where it may rest.

    Attributes:
        keep_changes: called by the thread of the job while it rests, where there is something to be changed: it is to
            take that and keep it safe, for the process may be killed before it goes on. None lets changes wait.
    """

    keep_changes: Callable[[], None] | None

    def __init__(self) -> None:
        self._told = threading.Condition(threading.RLock())
        self._paused = self._release = self._stop = self._cancel = False
        self._paused_tasks: frozenset[str] = frozenset()
        self._changes: list[dict[str, Any]] = []
        self.keep_changes = None

    def pause(self, release: bool = False) -> None:
        """Rest at the next step, keeping everything in memory; or, with `release`, in a checkpoint on disk alone."""
        with self._told:
            self._release = release
            self._tell("_paused", True)

    def resume(self) -> None:
        """Go on."""
        self._tell("_paused", False)

    def pause_task(self, task: str) -> None:
        """Train the others, but not this task, from the next step on."""
        with self._told:
            self._tell("_paused_tasks", self._paused_tasks | {task})

    def resume_task(self, task: str) -> None:
        """Train the task again."""
        with self._told:
            self._tell("_paused_tasks", self._paused_tasks - {task})

    def change(self, settings: Mapping[str, Any]) -> None:
        """Go on with other settings, by their dotted keys, from the next epoch on."""
        with self._told:
            self._changes.append(dict(settings))
            self._told.notify_all()

    def take_changes(self) -> list[dict[str, Any]]:
        """What is to be changed, in the order in which it was told; each is given once."""
        with self._told:
            taken, self._changes = self._changes, []
            return taken

    def stop(self) -> None:
        """End soon and keep the best model."""
        self._tell("_stop", True)

    def cancel(self) -> None:
        """End soon, keeping no more than the last checkpoint."""
        self._tell("_cancel", True)

    @property
    def paused(self) -> bool:
        return self._paused and not self.ending

    @property
    def release_requested(self) -> bool:
        """The job is to rest and to hold no memory of the device meanwhile."""
        return self.paused and self._release

    @property
    def paused_tasks(self) -> frozenset[str]:
        """The tasks that are not to be trained; names that the job does not know among them."""
        return self._paused_tasks

    @property
    def stop_requested(self) -> bool:
        return self._stop

    @property
    def cancel_requested(self) -> bool:
        return self._cancel

    @property
    def ending(self) -> bool:
        """Stop or cancel was asked for."""
        return self._stop or self._cancel

    def resting(self, tasks: Collection[str] = ()) -> bool:
        """Whether there is nothing to do now: the run is paused, or all of `tasks` are."""
        return self.paused or (bool(tasks) and self._paused_tasks.issuperset(tasks) and not self.ending)

    def meet(self) -> None:
        """Where several processes carry out a job together, agree with the others on what any was told.

        Each of them calls it as often as the others; where they do, they see the same wishes.
        """

    def wait_while_paused(self, timeout: float | None = None, tasks: Collection[str] = ()) -> bool:
        """Wait until the job may go on, at most `timeout` seconds; whether it may.

        Args:
            tasks: what the job trains; while all of them are paused it may not go on. The wait is over, too, when
                another task is paused or trained again, or memory is to be released or kept.
        """
        until = None if timeout is None else time.monotonic() + timeout
        before = self._paused_tasks, self._release
        while True:
            with self._told:
                self._told.wait_for(
                    lambda: not self.resting(tasks) or (self._paused_tasks, self._release) != before or self._unkept,
                    None if until is None else until - time.monotonic(),
                )
                if self.keep_changes is None or not self._unkept:
                    return not self.resting(tasks)
            self.keep_changes()

    @property
    def _unkept(self) -> bool:
        """Whether there is something to be changed that can be kept."""
        return self.keep_changes is not None and bool(self._changes)

    def _tell(self, name: str, value: object) -> None:
        with self._told:
            setattr(self, name, value)
            self._told.notify_all()


class Interruptible(Control):
    """Passes on what a job is told to one of its runs; every end interrupts it, as half a run is no evidence."""

    def __init__(self, outer: Control) -> None:
        super().__init__()
        self._outer = outer

    @property
    def paused(self) -> bool:
        return self._outer.paused

    @property
    def stop_requested(self) -> bool:
        return False

    @property
    def cancel_requested(self) -> bool:
        return self._outer.ending

    @property
    def ending(self) -> bool:
        return self._outer.ending

    def wait_while_paused(self, timeout: float | None = None, tasks: Collection[str] = ()) -> bool:
        return self._outer.wait_while_paused(timeout, tasks)
