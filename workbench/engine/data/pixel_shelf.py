"""Where the pixel store's records lie: in segments on disk, or in buffers that become segments once they are full."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.engine.data.pixel_cache import Found
from workbench.engine.data.segments import NO_KEY, Segment, open_segment, record_bytes, write_segment

Pixels = npt.NDArray[np.uint8]

_SEGMENT_BYTES = 8 * 1024 * 1024
"""Records wait in memory until a segment is full, and while it is written: it is small so that they take little."""


@dataclass
class _Buffer:
    """A segment in the making: `rows[slot]` is the row of a record, `filled` says whether it is decoded."""

    number: int
    pixels: Pixels
    rows: list[int] = field(default_factory=list)
    filled: dict[int, bool] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.rows) == len(self.pixels) and len(self.filled) == len(self.rows)


class Shelf:
    """Places for records. Not thread-safe: the store calls it with its lock held, but for `write`."""

    def __init__(self, folder: Path, keys: list[bytes], size: int) -> None:
        self._folder, self._keys, self._size = folder, keys, size
        self._holders: list[Pixels] = []
        self._segments: dict[int, Segment] = {}
        self._holder = np.full(len(keys), -1, np.int32)
        self._slot = np.zeros(len(keys), np.int32)
        self._buffers: dict[int, _Buffer] = {}
        self._current: _Buffer | None = None
        self._room = 0
        self._missing = 0
        self._writable = False
        self.notice = ""

    def adopt(self, found: Found) -> None:
        """Take in the records that were stored before."""
        for segment in found.segments:
            self._segments[len(self._holders)] = segment
            self._holders.append(segment.pixels)
        for row, (holder, slot) in found.places.items():
            self._holder[row], self._slot[row] = holder, slot

    def open(self, make_room: Callable[[], int], missing: int) -> None:
        """Learn how many of the missing records may be stored."""
        self._writable = True
        try:
            self._room = make_room()
        except OSError as error:
            self._give_up(error)
        self._missing = missing
        if self._room < missing and not self.notice:
            self.notice = (
                f"The pixel store has room for {self._room} of {missing} pictures: the others are decoded each time "
                "they are read."
            )

    def reserve(self, row: int) -> bool:
        """Keep a place for a row; False where there is no room."""
        if self._room <= 0:
            return False
        buffer = self._current
        if buffer is None or len(buffer.rows) == len(buffer.pixels):
            buffer = self._current = self._new_buffer()
        self._room -= 1
        self._missing -= 1
        self._holder[row], self._slot[row] = buffer.number, len(buffer.rows)
        buffer.rows.append(row)
        return True

    def lose(self) -> None:
        """Learn that a stored record is damaged: there is room for storing it once more."""
        if self._writable:
            self._room += 1
            self._missing += 1

    def place(self, row: int) -> tuple[Pixels, int]:
        """The array that holds a row's record, and its place in it."""
        return self._holders[self._holder[row]], int(self._slot[row])

    def is_whole(self, row: int, total: int) -> bool:
        """Whether the sum over a record is the one that its segment has written down."""
        segment = self._segments.get(int(self._holder[row]))
        return segment is None or int(segment.sums[self._slot[row]]) == total

    def put(self, row: int, record: Pixels | None) -> _Buffer | None:
        """Lay a decoded record (None: it cannot be read) into its place; the buffer, where it is now to be written."""
        buffer = self._buffers[int(self._holder[row])]
        slot = int(self._slot[row])
        if record is not None:
            buffer.pixels[slot] = record
        buffer.filled[slot] = record is not None
        return buffer if buffer.complete else None

    def write(self, buffer: _Buffer, lock: threading.Condition) -> None:
        """Make a segment of a complete buffer; takes the lock only to put it into the buffer's place."""
        try:
            keys = [self._keys[row] if buffer.filled[slot] else NO_KEY for slot, row in enumerate(buffer.rows)]
            path = write_segment(self._folder, keys, buffer.pixels)
        except OSError as error:
            with lock:
                self._give_up(error)
                self._buffers.pop(buffer.number, None)
            return
        segment = open_segment(path, self._size)
        with lock:
            self._buffers.pop(buffer.number, None)
            if segment is not None:
                self._segments[buffer.number] = segment
                self._holders[buffer.number] = segment.pixels

    def write_unfinished(self) -> None:
        """Make segments of the records that buffers hold so far."""
        for buffer in self._buffers.values():
            slots = [slot for slot, whole in sorted(buffer.filled.items()) if whole]
            if not slots:
                continue
            try:
                write_segment(self._folder, [self._keys[buffer.rows[slot]] for slot in slots], buffer.pixels[slots])
            except OSError as error:
                self._give_up(error)
                return

    def clear(self) -> None:
        """Let go of all files and buffers."""
        self._holders.clear()
        self._segments.clear()
        self._buffers.clear()
        self._current = None
        self._room = 0

    def _new_buffer(self) -> _Buffer:
        count = min(max(1, _SEGMENT_BYTES // record_bytes(self._size)), self._room, max(1, self._missing))
        buffer = _Buffer(len(self._holders), np.empty((count, self._size, self._size, 3), np.uint8))
        self._holders.append(buffer.pixels)
        self._buffers[buffer.number] = buffer
        return buffer

    def _give_up(self, error: OSError) -> None:
        """Store nothing more; what buffers hold already stays in memory."""
        self._room, self._writable = 0, False
        self.notice = (
            f"Decoded pictures cannot be stored in {self._folder} ({error.strerror or error}): each is decoded again "
            "whenever it is read."
        )
