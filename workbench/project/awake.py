"""Keeping the computer from falling asleep, by whatever means it offers, until it is let go or this process ends."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

_WHY = "A training run of Workbench"
_INHIBITORS = (
    ("systemd-inhibit", "--what=idle:sleep", "--who=Workbench", f"--why={_WHY}", "--mode=block"),
    ("systemd-inhibit", "--what=idle", "--who=Workbench", f"--why={_WHY}", "--mode=block"),  # a login from elsewhere
    ("elogind-inhibit", "--what=idle:sleep", "--who=Workbench", f"--why={_WHY}", "--mode=block"),
    ("gnome-session-inhibit", "--inhibit", "suspend:idle", "--app-id", "Workbench", "--reason", _WHY),
)
"""Programs that keep a Linux computer awake as long as the program behind these words runs."""
_PATIENCE_S = 2.0
_UNTIL_WE_END = ("sh", "-c", "echo held && exec cat")  # its input ends with this process, even when that is killed
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001


def kept_awake() -> AbstractContextManager[bool]:
    """Keep the computer awake; what is entered says whether that could be done."""
    return _KEEPERS.get(sys.platform, _linux)()


@contextmanager
def _linux() -> Iterator[bool]:
    process = next(filter(None, map(_inhibited, _INHIBITORS)), None)
    try:
        yield process is not None
    finally:
        if process is not None:
            _end(process)


def _inhibited(words: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    """The process that holds the computer awake; None where these words cannot."""
    try:
        process = subprocess.Popen(
            [*words, *_UNTIL_WE_END],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the run, which may still save
        )
    except OSError:
        return None
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _PATIENCE_S)
    if ready and process.stdout.readline().strip() == b"held":
        return process
    _end(process)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait()


@contextmanager
def _macos() -> Iterator[bool]:
    caffeinate = Path("/usr/bin/caffeinate")
    if not caffeinate.exists():
        yield False
        return
    process = subprocess.Popen([caffeinate, "-i", "-s", "-w", str(os.getpid())], start_new_session=True)
    try:
        yield True
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _windows() -> Iterator[bool]:
    import ctypes

    ask = ctypes.windll.kernel32.SetThreadExecutionState  # type: ignore[attr-defined,unused-ignore]
    held = bool(ask(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED))
    try:
        yield held
    finally:
        ask(_ES_CONTINUOUS)


_KEEPERS: dict[str, Callable[[], AbstractContextManager[bool]]] = {"darwin": _macos, "win32": _windows}
