"""The window's child: answers command lines that it reads from standard input, one after another, each as events.

Not for people: `EngineProcess` starts it. The same commands run in the same way as when they are typed.
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
from collections import deque
from typing import Any, TextIO

import psutil

from workbench.cli.jobs import JobRun
from workbench.cli.output import write_events
from workbench.cli.streams import ParentWatch, claim_stdout, listen, obey
from workbench.core.control import Control
from workbench.core.events import Event, RunEnded, RunFailed
from workbench.project.engine_process import LISTENING


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--parent", type=int, required=True, help="end soon after the process of this number")
    parser.add_argument("--preload", action="store_true", help="load the tensor library before the first question")
    parser.add_argument("--once", action="store_true", help="end after the first answer")


def run(args: argparse.Namespace) -> int:
    """Answer until the parent is gone, or once."""
    with claim_stdout() as out:
        watch = ParentWatch(args.parent)
        _lower_priority()
        if args.preload:
            from workbench.engine.jobs import preload

            preload()
        return _Host(out, watch).serve(args.once)


class _Host:
    """Keeps the questions and the control of the one that is being answered."""

    def __init__(self, out: TextIO, watch: ParentWatch) -> None:
        self._out = out
        self._watch = watch
        self._questions: queue.SimpleQueue[tuple[list[str], Control]] = queue.SimpleQueue()
        self._controls: deque[Control] = deque()

    def serve(self, once: bool) -> int:
        self._out.write(f"{LISTENING}\n")
        self._out.flush()
        listen(self._take)  # only after the imports: on Windows a thread that waits on a pipe hangs an import
        while True:
            code = self._answer(*self._questions.get())
            if once:
                return code

    def _take(self, message: dict[str, Any]) -> None:
        if "argv" in message:
            self._controls.append(Control())  # at once, so that a command right behind the question is not lost
            self._questions.put(([str(word) for word in message["argv"]], self._controls[-1]))
        elif self._controls:
            obey(self._controls[0], message)

    def _answer(self, argv: list[str], control: Control) -> int:
        self._watch.control = control
        try:
            run = _job(argv, control)
            write_events(run, self._out, control)
            return run.exit_code if isinstance(run, JobRun) else 2
        finally:
            self._controls.popleft()
            self._watch.control = None


def _job(argv: list[str], control: Control) -> JobRun | list[Event]:
    from workbench.cli.parser import parse

    try:
        command, args = parse([*argv, "--events"])
    except SystemExit:
        error = RunFailed(error="The engine does not know that command.", advice=" ".join(argv), traceback="")
        return [error, RunEnded(status="failed", best=None, elapsed_s=0.0)]
    return JobRun(command.Job(args).events(control), control)


def _lower_priority() -> None:
    """Let the window come first when both want the processor."""
    try:
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else 5)
    except psutil.Error as error:
        print(f"The engine keeps its priority: {error}", file=sys.stderr)
