"""One run at a time: an operating-system lock on `runs/.lock`, let go by the system itself when its holder dies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from workbench.core.errors import RequestError
from workbench.core.file_lock import try_lock, unlock
from workbench.project.processes import created

LOCK_FILE = ".lock"


@contextmanager
def run_lock(runs_dir: Path, run: str) -> Iterator[None]:
    """Hold the project's lock for the run of that name.

    Raises:
        RequestError: another process trains this project, or its folder cannot be written.
    """
    with _open(runs_dir) as file:
        if not try_lock(file):
            holder = running(runs_dir)
            raise RequestError(
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


def _open(runs_dir: Path) -> BinaryIO:
    try:
        runs_dir.mkdir(parents=True, exist_ok=True)
        return open(runs_dir / LOCK_FILE, "a+b")
    except OSError as error:
        raise RequestError(
            f"{runs_dir} cannot be written: {error.strerror}.", "Allow writing there, or copy the project elsewhere."
        ) from error


def running(runs_dir: Path) -> str | None:
    """The name of the run that trains now, read without locking; None where none does."""
    try:
        holder = json.loads((runs_dir / LOCK_FILE).read_bytes())
        alive = created(holder["pid"]) == holder["created"]
    except (OSError, ValueError, KeyError):
        return None
    return str(holder["run"]) if alive else None
