"""Small pictures, loaded in the background.

A view says which pictures it wants now, in the order in which they matter: `want(view, keys)`. What it no
longer wants is not loaded. Threads run only while something is wanted; they decode, and hand the picture
over through a signal, so that it arrives in a slot on the GUI thread.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from PIL import UnidentifiedImageError
from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from workbench.gui.widgets.picture_reader import read_picture


class Key(NamedTuple):
    """A picture and the side, in device pixels, that it must fit in."""

    path: str
    side: int


class ThumbnailLoader(QObject):
    """Loads and remembers small pictures. Lives on the GUI thread.

    Signals:
        loaded(str, int): the picture of that path and side can be had from `image`, or why not from
        `failure`.

    Args:
        threads: how many decode at once; decoding leaves Python's lock free.
        limit_mb: how much is remembered; the longest unused goes first.
        read: makes the small picture of a path and a side, in px, on a thread.
    """

    loaded = Signal(str, int)

    def __init__(
        self,
        parent: QObject | None = None,
        threads: int = 2,
        limit_mb: int = 96,
        read: Callable[[str, int], QImage] = read_picture,
    ) -> None:
        super().__init__(parent)
        self._queue = _Queue()
        self._memory = _Memory(limit_mb * 1024 * 1024)
        self._failures: dict[Key, str] = {}
        self._most = threads
        self._read = read
        self._workers: list[_Worker] = []
        self.destroyed.connect(self._queue.close)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def image(self, path: str, side: int) -> QImage | None:
        """The picture, if it is loaded; it may be smaller than `side`."""
        return self._memory.get(Key(path, side))

    def failure(self, path: str, side: int) -> str:
        """Why the picture could not be read; empty if it could, or is not loaded yet."""
        return self._failures.get(Key(path, side), "")

    def want(self, view: QObject, keys: Iterable[tuple[str, int]]) -> None:
        """Load these for `view`, first things first, and nothing that it wanted before and wants no more."""
        known = (Key(path, side) for path, side in keys)
        missing = [key for key in known if key not in self._memory and key not in self._failures]
        waiting = self._queue.replace(id(view), missing)
        self._workers = [worker for worker in self._workers if not worker.isFinished()]
        while waiting > 0 and len(self._workers) < self._most:
            self._start()
            waiting -= 1

    def forget(self, path: str) -> None:
        """Read this picture anew when it is next wanted: its file has changed."""
        self._memory.forget(path)
        self._failures = {key: reason for key, reason in self._failures.items() if key.path != path}

    def idle(self) -> bool:
        """Whether nothing is being loaded."""
        return all(worker.isFinished() for worker in self._workers)

    @Slot()
    def close(self) -> None:
        """Stop loading and wait for the threads: at most as long as one picture takes."""
        self._queue.close()
        for worker in self._workers:
            worker.wait()
        self._workers = []

    def _start(self) -> None:
        worker = _Worker(self._queue, self._read)
        worker.decoded.connect(self._receive)
        worker.failed.connect(self._receive_failure)
        self._workers.append(worker)
        _keep(worker)
        worker.start(QThread.Priority.LowPriority)

    @Slot(str, int, QImage)
    def _receive(self, path: str, side: int, image: QImage) -> None:
        self._queue.delivered(Key(path, side))
        self._memory.put(Key(path, side), image)
        self.loaded.emit(path, side)

    @Slot(str, int, str)
    def _receive_failure(self, path: str, side: int, reason: str) -> None:
        self._queue.delivered(Key(path, side))
        self._failures[Key(path, side)] = reason
        self.loaded.emit(path, side)


class _Worker(QThread):
    """Decodes until nothing is wanted."""

    decoded = Signal(str, int, QImage)
    failed = Signal(str, int, str)

    def __init__(self, wanted: _Queue, read: Callable[[str, int], QImage]) -> None:
        super().__init__()
        self._wanted = wanted
        self._read = read

    def run(self) -> None:
        for key in self._wanted:
            try:
                image = self._read(key.path, key.side)
            except UnidentifiedImageError:
                self.failed.emit(key.path, key.side, self.tr("This is not a picture in any format that can be read."))
            except FileNotFoundError:
                self.failed.emit(key.path, key.side, self.tr("The picture is not there any more."))
            except Exception as error:  # noqa: BLE001 - Pillow raises many kinds; each is shown
                self.failed.emit(key.path, key.side, str(error) or type(error).__name__)
            else:
                self.decoded.emit(key.path, key.side, image)


class _Queue:
    """What each view wants, in order, shared with the workers. Iterating takes them until none is left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[int, OrderedDict[Key, None]] = {}
        self._busy: set[Key] = set()
        self._closed = False

    def replace(self, view: int, keys: list[Key]) -> int:
        """Set what `view` wants; returns how many pictures wait for all views together."""
        with self._lock:
            if keys and not self._closed:
                self._wanted[view] = OrderedDict.fromkeys(key for key in keys if key not in self._busy)
            else:
                self._wanted.pop(view, None)
            return sum(map(len, self._wanted.values()))

    def close(self) -> None:
        """Want nothing any more."""
        with self._lock:
            self._closed = True
            self._wanted.clear()

    def __iter__(self) -> Iterator[Key]:
        while (key := self._take()) is not None:
            yield key

    def delivered(self, key: Key) -> None:
        """The picture has arrived with the loader: until then nobody decodes it a second time."""
        with self._lock:
            self._busy.discard(key)

    def _take(self) -> Key | None:
        with self._lock:
            for keys in self._wanted.values():
                if keys:
                    key = next(iter(keys))
                    for others in self._wanted.values():
                        others.pop(key, None)
                    self._busy.add(key)
                    return key
            return None


class _Memory:
    """Pictures by key, the longest unused first; never more bytes than the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._images: OrderedDict[Key, QImage] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._images

    def get(self, key: Key) -> QImage | None:
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def put(self, key: Key, image: QImage) -> None:
        self._drop(key)
        self._images[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._limit and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def forget(self, path: str) -> None:
        for key in [key for key in self._images if key.path == path]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        image = self._images.pop(key, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()


# A QThread must outlive its run, even where its loader is gone.
_running: list[_Worker] = []


def _keep(worker: _Worker) -> None:
    _running[:] = [other for other in _running if not other.isFinished()]
    _running.append(worker)
