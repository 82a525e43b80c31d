"""One run at a time: an operating-system lock on `runs/.lock`, let go by the system itself when its holder dies."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from workbench.core.errors import RequestError, unwritable
from workbench.core.file_lock import try_lock, unlock
from workbench.project.processes import created

LOCK_FILE = ".lock"
_PATIENCE_S, _POLL_S = 5.0, 0.02


class TrainingElsewhere(RequestError):
    """Another process trains this project; what was asked may be asked again when it has ended."""


@contextmanager
def run_lock(runs_dir: Path, run: str) -> Iterator[None]:
    """Hold the project's lock for the run of that name.

    Raises:
        TrainingElsewhere: another process trains this project.
        RequestError: its folder cannot be written.
    """
    with _open(runs_dir / LOCK_FILE) as file:
        if not try_lock(file):
            holder = running(runs_dir)
            raise TrainingElsewhere(
                f"{holder or 'Another run'} of this project is training.", "Wait until it has ended, or stop it."
            )
        try:
            file.truncate(0)
            file.write(json.dumps({"pid": os.getpid(), "created": created(os.getpid()), "run": run}).encode())
            file.flush()
            yield
        finally:
            file.truncate(0)
            unlock(file)


@contextmanager
def brief_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file that is being replaced; waits for whoever else replaces it.

    Raises:
        RequestError: it was not let go within some seconds, or its folder cannot be written.
    """
    with _open(path) as file:
        deadline = time.monotonic() + _PATIENCE_S
        while not try_lock(file):
            if time.monotonic() > deadline:
                raise RequestError(f"{path} is held by another program.", "End that program, then try again.")
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            unlock(file)


def _open(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "a+b")
    except OSError as error:
        raise unwritable(path.parent, error) from error


def running(runs_dir: Path) -> str | None:
    """The name of the run that trains now, read without locking; None where none does."""
    try:
        holder = json.loads((runs_dir / LOCK_FILE).read_bytes())
        alive = created(holder["pid"]) == holder["created"]
    except (OSError, ValueError, KeyError):
        return None
    return str(holder["run"]) if alive else None
