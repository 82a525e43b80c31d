"""Standard output kept clean for lines of JSON, standard input read for commands, and the parent process watched."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

from workbench.core.control import Control
from workbench.project.processes import created

PARENT_POLL_S = 0.5
GRACE_S = 8.0


def open_missing() -> None:
    """Open standard streams that whoever started us has closed, on nothing: else our own files would take their places.

    To be called before any file is opened.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: SIM115 - lives as long as the process


def let_go(stream: TextIO) -> None:
    """Send what is still written to a stream into nothing: its reader has gone, or it cannot be written."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def claim_stdout() -> TextIO:
    """The real standard output, for us alone; what anything else prints, in Python or C, goes to standard error.

    To be closed after the last line. The place that others print to stays standard error: they may print to the end.
    """
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return ours


def obey_signals(control: Control) -> None:
    """Ctrl+C and SIGTERM cancel the job, which then saves; a second Ctrl+C ends the process at once."""

    def cancel(number: int, frame: Any) -> None:
        if control.cancel_requested:
            raise KeyboardInterrupt
        control.cancel()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, cancel)
        signal.signal(signal.SIGTERM, cancel)


def listen(on_message: Callable[[dict[str, Any]], None]) -> None:
    """Read JSON objects, one a line, from standard input on a thread of its own; the end of the input means nothing."""

    def read() -> None:
        for line in sys.stdin:
            try:
                message = json.loads(line)
            except ValueError:
                print(f"Not understood on standard input: {line.strip()[:200]}", file=sys.stderr)
                continue
            if isinstance(message, dict):
                on_message(message)

    threading.Thread(target=read, name="commands", daemon=True).start()


def obey(control: Control, message: dict[str, Any]) -> None:
    """Carry out one `{"command": …}` on a running job; pause and resume are for one task where they name it.

    A pause of the whole job may have `"memory": "release"`; a change has `"set": {key: value}`.
    """
    whole = {"pause": control.pause, "resume": control.resume, "stop": control.stop, "cancel": control.cancel}
    single = {"pause": control.pause_task, "resume": control.resume_task}
    command, task = str(message.get("command")), message.get("task")
    if command == "pause" and task is None and message.get("memory") == "release":
        control.pause(release=True)
    elif command == "change" and task is None and isinstance(message.get("set"), dict):
        control.change(message["set"])
    elif task is None and command in whole and message.get("memory", "keep") == "keep":
        whole[command]()
    elif isinstance(task, str) and command in single:
        single[command](task)
    else:
        print(f"Not a command: {json.dumps(message)[:200]}", file=sys.stderr)


class ParentWatch:
    """Ends this process soon after its parent: first by cancelling the job so that it saves, then by force."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._created = created(pid)
        self.control: Control | None = None
        threading.Thread(target=self._watch, name="parent watch", daemon=True).start()

    def _watch(self) -> None:
        while self._created is not None and created(self._pid) == self._created:
            time.sleep(PARENT_POLL_S)
        control = self.control
        if control is not None:
            control.cancel()
            deadline = time.monotonic() + GRACE_S
            while self.control is control and time.monotonic() < deadline:
                time.sleep(0.05)
        os._exit(130)
