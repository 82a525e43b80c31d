"""Asks every second what the computer is busy with, on a thread of its own: the drivers' answers can take a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.pages.loading import Loader
from workbench.project.load import Load, MachineLoad

INTERVAL_MS = 1000


class LoadSampler(QObject):
    """Samples from `start` to `stop`; a sample that takes long is waited for, and none is asked for meanwhile.

    Signals:
        sampled(Load): the load now.
        failed(str): it cannot be read, in words; nothing more is sampled then.
    """

    sampled = Signal(object)
    failed = Signal(str)

    def __init__(self, pid: Callable[[], int | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pid = pid
        self._source = _Source()
        self._loader = Loader(self)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def active(self) -> bool:
        """Whether it samples."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin, or go on."""
        if not self.active:
            self._timer.start()
            self._ask()

    def stop(self) -> None:
        """Ask no more, and let the drivers go."""
        if self.active:
            self._timer.stop()
            self._loader.load(self._source.close)

    @Slot()
    def _ask(self) -> None:
        if not self._loader.busy:
            self._loader.load(self._source.sample, self._pid())

    @Slot(object)
    def _on_loaded(self, load: Load | None) -> None:
        if load is not None and self.active:
            self.sampled.emit(load)

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.stop()
        self.failed.emit(problem)


class _Source:
    """The load, opened with the first sample; everything here happens on the worker's thread."""

    def __init__(self) -> None:
        self._machine: MachineLoad | None = None

    def sample(self, pid: int | None) -> Load:
        self._machine = self._machine or MachineLoad()
        return self._machine.sample(pid)

    def close(self) -> None:
        if self._machine is not None:
            self._machine.close()
            self._machine = None
