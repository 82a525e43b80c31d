"""Files of what frozen stages make of pictures: one record a picture, mapped into memory, never changed once written.

A file is a NumPy array (R, ...) followed by a sum over each record, 0 for a picture that could not be decoded. One
that is torn or damaged shows by its length or a sum, and is treated as if it were not there.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.generic]

SUFFIX = ".maps"
LIMIT_BYTES = 10_000_000_000
"""The most that a run keeps, and that the folder holds beside what the run uses."""
_LEFT_FREE_BYTES = 500_000_000
_SUM = np.dtype("<u4")


@dataclass(frozen=True)
class Kept:
    """An opened file.

    Attributes:
        records: (R, ...), mapped into memory, not to be written to.
        readable: (R,) whether each picture could be decoded; zeros stand for the others.
    """

    records: Records
    readable: npt.NDArray[np.bool_]


class Writer:
    """Writes the records of a file one chunk after another."""

    def __init__(self, file: IO[bytes], count: int) -> None:
        self._file, self._count = file, count
        self._sums: list[int] = []

    def add(self, records: Records, readable: npt.NDArray[np.bool_]) -> None:
        """The next of the records (B, ...), zeros where not readable."""
        records = np.ascontiguousarray(records)
        if not self._sums:
            facts = {"descr": records.dtype.str, "fortran_order": False, "shape": (self._count, *records.shape[1:])}
            np.lib.format.write_array_header_1_0(self._file, facts)
        self._file.write(records.data)
        self._sums += [_sum(record) if there else 0 for record, there in zip(records, readable, strict=True)]

    def finish(self) -> bool:
        """Write the sums; whether the file is whole."""
        self._file.write(np.array(self._sums, _SUM).tobytes())
        return len(self._sums) == self._count


@contextmanager
def writing(path: Path, count: int, size: int) -> Iterator[Writer]:
    """Write `count` records of `size` bytes in all aside; once all of them are there, they are put in place.

    Raises:
        OSError: the disk has not the room, or writing is not allowed; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < size + _LEFT_FREE_BYTES:
        raise OSError("the disk is nearly full")
    aside = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    try:
        with open(aside, "wb") as file:
            writer = Writer(file, count)
            yield writer
            whole = writer.finish()
        if whole:
            os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def open_kept(path: Path, count: int, fresh: bool = False) -> Kept | None:
    """Open a file of `count` records; None where it is not there, or not whole.

    Args:
        fresh: it has just been written, and need not be read through.
    """
    try:
        records = np.lib.format.open_memmap(path, mode="r")
        end = records.offset + records.nbytes
        if len(records) != count or path.stat().st_size != end + count * _SUM.itemsize:
            return None
        sums = np.fromfile(path, _SUM, count, offset=end)
    except (OSError, ValueError):
        return None
    readable = sums != 0
    whole = fresh or all(_sum(records[at]) == sums[at] for at in np.flatnonzero(readable).tolist())
    return Kept(records, readable) if whole else None


def make_room(folder: Path, used: set[Path], limit: int = LIMIT_BYTES) -> None:
    """Mark what is in use as fresh, and delete the other files longest unused beyond the limit."""
    for path in used:
        path.touch()
    others = [path for path in folder.glob(f"*{SUFFIX}") if path not in used]
    total = 0
    for path in sorted(others, key=lambda path: -path.stat().st_mtime):
        total += path.stat().st_size
        if total > limit:
            path.unlink()


def _sum(record: Records) -> int:
    """Never 0, which stands for a picture that could not be decoded."""
    return zlib.crc32(np.ascontiguousarray(record).data) or 1
