"""An operating-system lock on an open file, let go by the system itself when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_LOCKED_BYTE = 1 << 20
"""Windows makes locked bytes unreadable, so the lock sits far behind any text that others read."""


class Locked(Exception):
    """Somebody else holds the lock."""


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """Hold the lock on a file that exists only while it is held.

    Raises:
        Locked: another process, or another thread of this one, holds it.
        OSError: the file cannot be made.
    """
    with open(path, "ab+") as file:
        if not try_lock(file):
            raise Locked(path)
        if not _still_there(file, path):  # whoever held it before has just removed it
            raise Locked(path)
        try:
            yield
        finally:
            with suppress(OSError):  # on Windows whoever waits has it open; it is empty and does no harm
                path.unlink()
            unlock(file)


def _still_there(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


if os.name == "nt":
    import msvcrt

    def try_lock(file: BinaryIO) -> bool:
        """Lock the file unless somebody else has; whether that went well."""
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        file.seek(0)
        return True

    def unlock(file: BinaryIO) -> None:
        """Let the file go."""
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def try_lock(file: BinaryIO) -> bool:
        """Lock the file unless somebody else has; whether that went well."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def unlock(file: BinaryIO) -> None:
        """Let the file go."""
        fcntl.flock(file, fcntl.LOCK_UN)
