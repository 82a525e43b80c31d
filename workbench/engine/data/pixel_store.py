"""Pictures decoded once, for every later epoch and run: a batch is then a slice of mapped memory.

Threads decode (Pillow lets go of the interpreter meanwhile) in the order in which the first epoch asks, while
training already reads. What the limit leaves no room for is decoded by the same threads whenever it is read.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ViewParameters
from workbench.engine.data.pixel_cache import look_up, make_room, picture_keys
from workbench.engine.data.pixel_shelf import Shelf
from workbench.engine.data.segments import NO_KEY, pixel_sum
from workbench.engine.data.unreadable import reason_of
from workbench.engine.data.view import decode

Pixels = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

_ABSENT, _CLAIMED, _READY, _FAILED = range(4)


class _Request:
    """A read that waits for rows which are decoded for it alone."""

    def __init__(self, pixels: Pixels, readable: npt.NDArray[np.bool_]) -> None:
        self.pixels = pixels
        self.readable = readable
        self.open = 0


class PixelStore:
    """Records of (size, size, 3) uint8 for a list of pictures.

    Args:
        cache_dir: the folder of segments; made when the first one is written.
        paths: N pictures; rows are places in this list.
        view: how a picture is seen.
        limit_bytes: the most that the folder may hold, other runs' segments included.
        threads: that decode.
        read_only: use what is there, write and delete nothing.
    """

    def __init__(
        self,
        cache_dir: Path,
        paths: Sequence[Path],
        view: ViewParameters,
        limit_bytes: int,
        threads: int,
        read_only: bool = False,
    ) -> None:
        self._paths, self._view = list(paths), view
        self._threads_wanted = max(1, threads)
        self._folder, self._limit = cache_dir, limit_bytes
        self._keys = picture_keys(self._paths, view)
        self._found = look_up(cache_dir, self._keys, view.size)
        self._missing = sum(key != NO_KEY for key in self._keys) - len(self._found.places)
        self._shelf = Shelf(cache_dir, self._keys, view.size)
        self._state = np.full(len(self._paths), _ABSENT, np.int8)
        self._trusted = np.zeros(len(self._paths), np.bool_)
        self._wanted = np.zeros(len(self._paths), np.bool_)
        self._failures: dict[int, str] = {}
        self._urgent: deque[tuple[int, _Request | None, int]] = deque()
        self._background: deque[int] = deque()
        self._changed = threading.Condition()
        self._workers: list[threading.Thread] = []
        self._closing = False
        self._read_only = read_only
        self._shelf.adopt(self._found)
        self._state[list(self._found.places)] = _READY
        self._found.places.clear()

    @property
    def failures(self) -> dict[int, str]:
        """The rows that could not be decoded, with the reason for each."""
        with self._changed:
            return dict(self._failures)

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the rows given to `start` are there, and how many there will be."""
        with self._changed:
            done = int((self._wanted & (self._state >= _READY)).sum())
            total = int(self._wanted.sum()) if self._background or self._filling() else done
            return done, total

    @property
    def notice(self) -> str:
        """A sentence about what keeps pictures from being stored; empty where nothing does."""
        return self._shelf.notice

    def start(self, order: npt.NDArray[np.int64]) -> None:
        """Begin to decode rows in the background, in that order."""
        with self._changed:
            rows = np.asarray(order, dtype=np.int64)
            self._wanted[rows] = True
            self._background.extend(rows[self._state[rows] == _ABSENT].tolist())
            self._open_for_work()
            self._changed.notify_all()

    def read(self, rows: npt.NDArray[np.int64]) -> tuple[Pixels, npt.NDArray[np.bool_]]:
        """Gather pictures, waiting for those that are not there yet.

        Returns:
            pixels: (B, size, size, 3) uint8; zeros for a picture that cannot be read.
            readable: (B,) bool.

        Raises:
            RuntimeError: the store is closed meanwhile.
        """
        size = self._view.size
        pixels = np.empty((len(rows), size, size, 3), np.uint8)
        readable = np.ones(len(rows), np.bool_)
        pending = list(enumerate(np.asarray(rows).tolist()))
        while pending:
            request = _Request(pixels, readable)
            ready, pending = self._sort_out(pending, request)
            for at, row, source, slot in ready:
                pixels[at] = source[slot]
                if not self._trusted[row] and not self._trust(row, pixels[at]):
                    pending.append((at, row))
            self._wait_for(request, [row for _, row in pending])
        return pixels, readable

    def close(self) -> None:
        """End the threads, keep what they have decoded, and let go of the files. May be called more than once."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()
        with self._changed:
            self._workers.clear()
            if not self._read_only:
                self._shelf.write_unfinished()
            self._shelf.clear()

    def __enter__(self) -> PixelStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What follows up to `_wait_for` is called with the lock held, except where it says otherwise.

    def _open_for_work(self) -> None:
        if self._closing:
            raise RuntimeError("the pixel store is closed")
        if self._workers:
            return
        if not self._read_only:
            self._shelf.open(self._make_room, self._missing)
        for number in range(self._threads_wanted):
            worker = threading.Thread(target=self._work, name=f"pixels-{number}", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _make_room(self) -> int:
        return make_room(self._folder, self._found, self._missing, self._view.size, self._limit)

    def _filling(self) -> bool:
        return bool((self._state[self._wanted] == _CLAIMED).any())

    def _sort_out(
        self, pending: list[tuple[int, int]], request: _Request
    ) -> tuple[list[tuple[int, int, Pixels, int]], list[tuple[int, int]]]:
        """Part what is asked for into what can be copied now and what is to be waited for. Takes the lock."""
        ready, waiting = [], []
        with self._changed:
            if self._closing:
                raise RuntimeError("the pixel store is closed")
            if bool((self._state[[row for _, row in pending]] < _READY).any()):
                self._open_for_work()
            for at, row in pending:
                state = self._state[row]
                if state == _READY:
                    ready.append((at, row, *self._shelf.place(row)))
                elif state == _FAILED:
                    request.pixels[at], request.readable[at] = 0, False
                elif state == _CLAIMED:
                    waiting.append((at, row))
                elif self._keys[row] != NO_KEY and self._shelf.reserve(row):
                    self._state[row] = _CLAIMED
                    self._urgent.append((row, None, 0))
                    waiting.append((at, row))
                else:
                    request.open += 1
                    self._urgent.append((row, request, at))
            self._changed.notify_all()
        return ready, waiting

    def _wait_for(self, request: _Request, rows: list[int]) -> None:
        """Wait until no row is being decoded for the request, or claimed. Takes the lock."""
        with self._changed:
            while request.open or (rows and bool((self._state[rows] == _CLAIMED).any())):
                if self._closing:
                    raise RuntimeError("the pixel store was closed while pictures were read")
                self._changed.wait()

    def _trust(self, row: int, record: Pixels) -> bool:
        """Whether a record from an older segment is whole; if not, it is to be decoded again. Takes the lock."""
        with self._changed:
            if self._shelf.is_whole(row, pixel_sum(record)):
                self._trusted[row] = True
                return True
            self._missing += 1
            self._shelf.lose()
            self._state[row] = _ABSENT
            return False

    def _next(self) -> tuple[int, _Request | None, int] | None:
        if self._urgent:
            return self._urgent.popleft()
        while self._background:
            row = self._background.popleft()
            if self._state[row] != _ABSENT or self._keys[row] == NO_KEY:
                continue
            if not self._shelf.reserve(row):
                self._background.clear()
                return None
            self._state[row] = _CLAIMED
            return row, None, 0
        return None

    def _work(self) -> None:
        """What each thread does until the store closes."""
        while True:
            with self._changed:
                job = self._next()
                while job is None and not self._closing:
                    self._changed.wait()
                    job = self._next()
                if self._closing or job is None:
                    return
            self._carry_out(*job)

    def _carry_out(self, row: int, request: _Request | None, at: int) -> None:
        """Decode a row onto the shelf, or for one request. Takes the lock."""
        try:
            record, reason = decode(self._paths[row], self._view), ""
        except Exception as error:  # noqa: BLE001 - if a thread died of a picture, its reader would wait for ever
            record, reason = None, reason_of(error)
        with self._changed:
            if reason:
                self._failures[row] = reason
                self._state[row] = _FAILED
            if request is not None:
                request.pixels[at] = 0 if record is None else record
                request.readable[at] = record is not None
                request.open -= 1
            else:
                self._state[row] = _FAILED if record is None else _READY
                self._trusted[row] = True
            full = None if request is not None else self._shelf.put(row, record)
            self._changed.notify_all()
        if full is not None:
            self._shelf.write(full, self._changed)
