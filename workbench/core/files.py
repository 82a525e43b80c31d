"""Files that are either wholly there or not there at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes | str) -> None:
    """Replace `path` by `data` so that a reader, or a crash, finds the old file or the new one, never a torn one."""
    if isinstance(data, str):
        data = data.encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(aside, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def check_writable(folder: Path) -> None:
    """See that a folder takes files, or the nearest above it that is there, before something long begins.

    Raises:
        OSError: it takes none; `errors.disk_error` says what a person can do about it.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    with tempfile.TemporaryFile(dir=there):
        return


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` survive a power cut, where the system offers that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
