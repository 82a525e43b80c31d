"""A job carried out from the command line: its events made complete, and turned into an exit code."""

from __future__ import annotations

import argparse
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError, WorkbenchError, disk_error
from workbench.core.events import Event, RunEnded, RunFailed, stamped

DONE, FAILED, WRONG_REQUEST, INTERRUPTED = 0, 1, 2, 130


class CommandJob(ABC):
    """A command that is a job of the engine: what it was asked, what it says, and how its document reads to people."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args

    @abstractmethod
    def events(self, control: Control) -> Iterator[Event]:
        """The job's events.

        Raises:
            RequestError: the request is wrong; nothing was written.
        """

    @abstractmethod
    def describe(self, document: Any) -> str:
        """The document of the job's result in sentences."""

    def exit_code(self, code: int) -> int:
        """The process's exit code, where the job itself ended with `code`."""
        return code


class JobRun:
    """Iterates over a job's events, each with its run and time, so that the last is always `run_ended`.

    Attributes:
        exit_code: what the process should return once the iteration has ended.
    """

    def __init__(self, events: Iterator[Event], control: Control) -> None:
        self._events = events
        self._control = control
        self.exit_code = DONE

    def __iter__(self) -> Iterator[Event]:
        run = ""
        for event in self._to_the_end():
            run = event.run or run
            yield stamped(event, run)

    def _to_the_end(self) -> Iterator[Event]:
        started = time.monotonic()
        last: Event | None = None
        try:
            for last in self._events:
                self._note(last)
                yield last
        except Exception as error:  # noqa: BLE001 - the boundary: every error leaves as one event with its traceback
            self.exit_code = WRONG_REQUEST if isinstance(_known(error), RequestError) else FAILED
            yield failure(error)
            yield RunEnded(status="failed", best=None, elapsed_s=time.monotonic() - started)
            return
        if last is None or last.event != "run_ended":
            ended = RunEnded(
                status="interrupted" if self._control.ending else "finished",
                best=None,
                elapsed_s=time.monotonic() - started,
            )
            self._note(ended)
            yield ended

    def _note(self, event: Event) -> None:
        if isinstance(event, RunEnded):
            codes = {"finished": DONE, "stopped": DONE, "failed": FAILED, "interrupted": INTERRUPTED}
            self.exit_code = self.exit_code or codes[event.status]


def failure(error: Exception) -> RunFailed:
    """The event for an error that crossed the boundary of a job."""
    known = _known(error)
    if known is not None:
        return RunFailed(error=known.text, advice=known.fix, traceback="")
    return RunFailed(
        error=f"{type(error).__name__}: {error}",
        advice="This is a mistake in the program; the traceback tells where.",
        traceback="".join(traceback.format_exception(error)),
    )


def _known(error: Exception) -> WorkbenchError | None:
    """The same as what a person can mend; None where it is a mistake in the program."""
    return error if isinstance(error, WorkbenchError) else disk_error(error)
