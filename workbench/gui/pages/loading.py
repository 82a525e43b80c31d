"""Work that would hold the window up, done on a thread of its own; only the latest answer counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot


class Loader(QObject):
    """Runs one function after another off the window's thread.

    Signals:
        loaded(object): what the function that was asked for last has returned.
        failed(str): it raised; in words. An answer to an older question is dropped.
    """

    loaded = Signal(object)
    failed = Signal(str)
    _done = Signal(int, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._pool.activeThreadCount() > 0

    def load(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Ask for `function(*arguments)`; it must not touch any widget."""
        self._ticket += 1
        self._pool.clear()
        self._pool.start(_Work(self, self._ticket, function, arguments))

    def drop(self) -> None:
        """Forget what was asked for."""
        self._ticket += 1
        self._pool.clear()

    def say(self, ticket: int, result: object, problem: str) -> None:
        """Hand an answer over; called on the worker's thread."""
        self._done.emit(ticket, result, problem)

    @Slot(int, object, str)
    def _on_done(self, ticket: int, result: object, problem: str) -> None:
        if ticket != self._ticket:
            return
        if problem:
            self.failed.emit(problem)
        else:
            self.loaded.emit(result)


class _Work(QRunnable):
    """One question to a `Loader`."""

    def __init__(self, loader: Loader, ticket: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        super().__init__()
        self._loader, self._ticket = loader, ticket
        self._function, self._arguments = function, arguments

    def run(self) -> None:
        """Called by Qt on the worker's thread."""
        result, problem = None, ""
        try:
            result = self._function(*self._arguments)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is said where it was asked for
            problem = str(error) or type(error).__name__
        try:
            self._loader.say(self._ticket, result, problem)
        except RuntimeError:
            return  # the window was closed meanwhile, nobody waits for the answer any more
