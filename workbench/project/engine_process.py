"""An engine child: asked in lines of JSON on its standard input, heard in lines on its standard output."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import psutil

import workbench
from workbench.core.events import Event, from_line

Command = Literal["pause", "resume", "stop", "cancel", "change"]
LISTENING = "listening"
"""The child's first line: its imports are over, and it reads what it is asked. Events follow."""
_DIAGNOSTIC_LINES = 40


class EngineProcess:
    """A child process that answers command lines as the terminal would, one after another, each as events.

    The first method that needs it starts nothing: the child starts with the object. It never outlives this process.
    What it is asked and told while it imports is kept here until it listens, which `events` hears: until then nothing
    has begun, and all of it can be withdrawn.

    Args:
        preload: load the tensor library at once, so that training begins without that wait.
        once: end after the first answer, so that all memory of the device returns.
    """

    def __init__(self, *, preload: bool = False, once: bool = False) -> None:
        command = [sys.executable, "-m", "workbench.cli", "host", "--parent", str(os.getpid())]
        command += ["--preload"] * preload + ["--once"] * once
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._write_lock = threading.Lock()
        self._unsaid: list[dict[str, object]] = []
        self._listening = self._withdrawn = False
        self._diagnostics: deque[str] = deque(maxlen=_DIAGNOSTIC_LINES)
        self._listener = threading.Thread(target=self._keep_diagnostics, name="engine diagnostics", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def listening(self) -> bool:
        """Whether the child has been heard to read what it is asked."""
        return self._listening

    @property
    def withdrawn(self) -> bool:
        """Whether it was ended before anything began."""
        return self._withdrawn

    def ask(self, argv: Sequence[str]) -> None:
        """Ask for one command line, such as `["train", "/data/waste"]`. The answer comes through `events`."""
        self._send({"argv": [str(word) for word in argv]})

    def command(self, command: Command, task: str = "", **facts: Any) -> None:
        """Tell the running job something; with `task`, pause or resume that one alone. Who has ended hears nothing.

        Args:
            facts: what else the command says, such as `memory="release"` of a pause.
        """
        self._send({"command": command, **({"task": task} if task else {}), **facts})

    def events(self) -> Iterator[Event]:
        """The events of one answer, up to and with its `run_ended`; fewer where the child ends before. Blocks."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not self._listening and line.decode().strip() == LISTENING:
                self._say_the_unsaid()
                continue
            event = from_line(line.decode())
            yield event
            if event.event == "run_ended":
                return

    def exit_reason(self) -> str:
        """Why the child has ended, in words, with its last diagnostics behind; waits up to a second for its end."""
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "The engine no longer answers."
        self._listener.join(1.0)
        told = "\n".join(self._diagnostics)
        reason = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"The engine {reason}." + (f"\n{told}" if told else "")

    def end(self, patience_s: float = 0.0) -> None:
        """End the child and all that it started: by asking, then after `patience_s` by force."""
        if self.alive and patience_s > 0 and not self.withdraw():
            self.command("cancel")
            self._close_input()
            with contextlib.suppress(subprocess.TimeoutExpired):  # force follows
                self._process.wait(patience_s)
        self.kill()
        self._process.wait()
        self._listener.join(1.0)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    continue

    def withdraw(self) -> bool:
        """End a child by force that still imports, so that nothing of what it was asked begins; whether it did."""
        with self._write_lock:
            if self._listening:
                return False
            self._withdrawn = True
        self.kill()
        return True

    def kill(self) -> None:
        """End the child and all that it started by force; whoever reads `events` learns of it."""
        try:
            family = [*psutil.Process(self.pid).children(recursive=True), psutil.Process(self.pid)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue

    def _send(self, message: dict[str, object]) -> None:
        with self._write_lock:
            if self._listening:
                self._write(message)
            else:
                self._unsaid.append(message)

    def _say_the_unsaid(self) -> None:
        with self._write_lock:
            if self._withdrawn:
                return
            self._listening = True
            for message in self._unsaid:
                self._write(message)
            self._unsaid.clear()

    def _write(self, message: dict[str, object]) -> None:
        """Write a line, with the lock held."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError, OSError):
            return  # the child has ended; whoever reads `events` learns why

    def _close_input(self) -> None:
        assert self._process.stdin is not None
        with self._write_lock:
            try:
                self._process.stdin.close()
            except OSError:
                return

    def _keep_diagnostics(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._diagnostics.append(line.decode(errors="replace").rstrip())


def _environment() -> dict[str, str]:
    """The present environment, with this very package importable in the child whatever its folder."""
    here = str(Path(workbench.__file__).parent.parent)
    paths = [here, *(path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
