"""Processes of the program that are forked after its imports, which take seconds: as real as others, and there at once.

A test that is about the start of a process itself uses `subprocess`. Where there is no Linux, `Popen` is that as well.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, NoReturn

import pytest

from workbench.project import engine_process

ROOT = Path(__file__).parents[1]
HERE = sys.platform == "linux"


class _Forked(subprocess.Popen[Any]):
    """What `subprocess.Popen` is, of a command line of the program alone."""

    def _execute_child(self, args: Any, *rest: Any) -> None:
        _, _, _, _, cwd, env, _, _, _, *pipes = rest
        from_parent, to_child, from_child, to_parent, from_child_2, to_parent_2 = pipes[:6]
        streams = [fd if fd != -1 else default for fd, default in ((from_parent, 0), (to_parent, 1), (to_parent_2, 2))]
        place, environment = os.path.abspath(cwd or "."), dict(os.environ if env is None else env)
        told = {"argv": _typed(args), "cwd": place, "env": environment}
        request, written = os.pipe()
        self._ended, ended = os.pipe()
        try:
            socket.send_fds(_server(), [b"!"], [*streams, request, ended])
        finally:
            os.close(request)
            os.close(ended)
            for ours, theirs in ((to_child, from_parent), (from_child, to_parent), (from_child_2, to_parent_2)):
                if ours != -1 and theirs != -1:
                    os.close(theirs)
            self._closed_child_pipe_fds = True
        with open(written, "w") as file:
            json.dump(told, file)
        self.pid = int(self._said())
        self._child_created = True

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if not select.select([self._ended], [], [], 0 if wait_flags & os.WNOHANG else None)[0]:
            return 0, 0
        status = int(self._said())
        os.close(self._ended)
        return self.pid, status

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None:
            pid, status = self._try_wait(os.WNOHANG)
            if pid:
                self._handle_exitstatus(status)  # type: ignore[attr-defined]
        return self.returncode

    def _said(self) -> bytes:
        """A number that the server says of this process: first its own, then how it ended."""
        said = os.read(self._ended, 16)
        assert said, "the server of warm processes has ended"
        return said


Popen = _Forked if HERE else subprocess.Popen


def program(*words: object) -> list[str]:
    """The command that a person types for `workbench WORDS`."""
    return [sys.executable, str(ROOT / "main.py"), *map(str, words)]


def shell(*words: object, timeout: float = 100, **options: Any) -> subprocess.CompletedProcess[str]:
    """`workbench WORDS` as typed in a shell: what it printed, and its exit code. Options are those of `Popen`."""
    command = program(*words)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with Popen(command, **{**streams, **options}) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@contextmanager
def warm_engines() -> Iterator[None]:
    """Let every `EngineProcess` be a warm process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_process, "subprocess", SimpleNamespace(**{**vars(subprocess), "Popen": Popen}))
        yield


def _typed(command: list[str]) -> list[str]:
    """The words behind `python main.py` or `python -m workbench`."""
    begin = 3 if command[1] == "-m" else 2
    assert command[0] == sys.executable and Path(command[begin - 1]).name in ("main.py", "workbench", "workbench.cli")
    return list(map(str, command[begin:]))


@functools.cache
def _server() -> socket.socket:
    """The line to the server, which starts when it is first needed and ends with this process."""
    ours, theirs = socket.socketpair()
    with theirs:
        subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return ours


def serve(line: socket.socket) -> None:
    """Fork a process for each command line, and say which it is and how it ended."""
    from workbench.engine.jobs import preload

    preload()
    gc.freeze()
    waiting: dict[int, int] = {}

    def reap(_: int, __: FrameType | None) -> None:
        for pid in list(waiting):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                _say(waiting[pid], status)
                os.close(waiting.pop(pid))

    signal.signal(signal.SIGCHLD, reap)
    while True:
        message, fds, *_ = socket.recv_fds(line, 1, 5)
        if not message:
            return
        *streams, request, ended = fds
        with open(request) as file:
            told = json.load(file)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # until it is known whom to tell
        pid = os.fork()
        if not pid:
            line.close()
            for fd in (ended, *waiting.values()):
                os.close(fd)
            _become(told, streams)
        for fd in streams:
            os.close(fd)
        _say(ended, pid)
        waiting[pid] = ended
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def _say(to: int, number: int) -> None:
    try:
        os.write(to, str(number).encode())
    except BrokenPipeError:
        return  # nobody waits for that process any more


def _become(told: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the process that was asked for, and end as one."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
    for fd in streams:
        os.close(fd)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["env"])
    unbuffered = "PYTHONUNBUFFERED" in os.environ
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stdout.reconfigure(write_through=unbuffered)  # type: ignore[union-attr]
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    sys.argv = ["main.py", *told["argv"]]
    from workbench.cli import main

    try:
        code = main(told["argv"])
    except SystemExit as end:
        code = end.code
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code or 0)  # taking the libraries' modules apart takes half a second


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)
