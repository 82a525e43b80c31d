"""Command lines carried out in processes that are forked after the imports, so that many can be killed in a short time.

The child of `Forks` is a server: for each line of JSON on its standard input it forks a process that carries it out and
that may be told to kill itself in the midst of writing a checkpoint, or after some time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

SAVE_AT_LEAST_S, SAVE_SHARE = 0.02, 0.5


class Strike(NamedTuple):
    """A process kills itself as it is about to do this to a checkpoint's files or folders, or so much later.

    Attributes:
        act: number of the act from 1, counting what is opened, made, renamed and removed; 0: when the process begins.
        delay_s: time by the clock, which a write in progress does not stop; 0: at once.
    """

    act: int
    delay_s: float = 0.0

    def arm(self) -> None:
        """Wait for the moment, in this process and for good."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if not self.act:
            signal.setitimer(signal.ITIMER_REAL, self.delay_s)
            return
        acts = 0

        def count(name: str, about: tuple[Any, ...]) -> None:
            nonlocal acts
            if name not in _ACTS or not any("checkpoints/" in os.fsdecode(each) for each in about if _is_path(each)):
                return
            acts += 1
            if acts == self.act and not self.delay_s:
                os.kill(os.getpid(), signal.SIGKILL)
            elif acts == self.act:
                signal.setitimer(signal.ITIMER_REAL, self.delay_s)

        sys.addaudithook(count)


_ACTS = ("open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir")


def _is_path(value: Any) -> bool:
    return isinstance(value, str | bytes | os.PathLike)


class Forks:
    """The server, as tests use it."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forks"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
        )

    def carry_out(
        self,
        argv: list[str],
        lines: int | None = None,
        watch: Callable[[dict[str, Any]], object] = lambda event: None,
        strike: Strike | None = None,
    ) -> tuple[list[dict[str, Any]], int]:
        """The events of a command line, and how it ended: its exit code, or minus the signal that killed it.

        Args:
            lines: kill it with SIGKILL once it has said so many; None lets it end by itself.
            watch: is given each event at once; it is killed, too, once this answers True.
            strike: when it kills itself.
        """
        assert self._server.stdin is not None
        print(json.dumps([argv, strike]), file=self._server.stdin, flush=True)
        events: list[dict[str, Any]] = []
        pid = 0
        for said in self._said():
            if "pid" in said:
                pid = int(said["pid"])
            elif "status" in said and "event" not in said:
                return events, int(said["status"])
            else:
                events.append(said)
                if watch(said) is True or len(events) == lines:
                    os.kill(pid, signal.SIGKILL)
        raise AssertionError("the server has ended")

    def close(self) -> None:
        """End the server."""
        self._server.communicate(timeout=120)

    def _said(self) -> Iterator[dict[str, Any]]:
        """Whole lines; a process that is killed may leave a torn one."""
        assert self._server.stdout is not None
        for line in self._server.stdout:
            try:
                yield json.loads(line)
            except ValueError:
                continue


def serve() -> None:
    """Fork for each command line. Steps are said one by one, and checkpoints may follow each other closely."""
    from workbench.cli import main
    from workbench.engine.jobs import preload
    from workbench.engine.training import keeper, step_log

    preload()
    step_log.INTERVAL_S, keeper.INTERVAL_S, keeper._SHARE = 0.0, SAVE_AT_LEAST_S, SAVE_SHARE
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            sys.stdin = open(0)  # noqa: SIM115 - lives as long as the process
            argv, strike = json.loads(line)
            if strike is not None:
                Strike(*strike).arm()
            os._exit(main(argv))
        print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        print("\n" + json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    serve()
