"""The run's own record: every event, one line each, only ever appended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from workbench.core.events import Epoch, Event, from_line, stamped, to_line

EVENTS_FILE = "events.jsonl"


class Recorder:
    """Appends events to a run's `events.jsonl`, each stamped with the run and the time."""

    def __init__(self, run_dir: Path) -> None:
        self._run = run_dir.name
        self._file = open(run_dir / EVENTS_FILE, "ab")  # noqa: SIM115 - closed by __exit__
        if self._file.tell() and not _ends_with_newline(run_dir / EVENTS_FILE):
            self._file.write(b"\n")

    def write(self, event: Event) -> Event:
        """Append the event; what was written is returned."""
        event = stamped(event, self._run)
        self._file.write(to_line(event).encode() + b"\n")
        self._file.flush()
        if event.event in ("run_ended", "epoch", "run_failed", "checkpoint"):
            os.fsync(self._file.fileno())
        return event

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def read_events(run_dir: Path) -> Iterator[Event]:
    """The events of a run in order; lines torn by a crash are passed over."""
    path = run_dir / EVENTS_FILE
    if not path.exists():
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                yield from_line(line)
            except ValueError:
                continue


def last_event(run_dir: Path) -> Event | None:
    """The last whole event of a run, found without reading the whole file."""
    return next(_backwards(run_dir), None)


def last_epoch(run_dir: Path) -> Epoch | None:
    """The last epoch of a run, where it is not far from the end of its record."""
    return next((event for event in _backwards(run_dir) if isinstance(event, Epoch)), None)


def _backwards(run_dir: Path) -> Iterator[Event]:
    """The last events, the latest first; lines torn by a crash are passed over."""
    path = run_dir / EVENTS_FILE
    if not path.exists():
        return
    for line in reversed(_tail(path).splitlines()):
        try:
            yield from_line(line)
        except ValueError:
            continue


def _tail(path: Path, size: int = 1 << 16) -> str:
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - size))
        return file.read().decode("utf-8", errors="replace")


def _ends_with_newline(path: Path) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
