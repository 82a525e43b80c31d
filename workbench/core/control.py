"""What a running job is told from outside: pause, resume, stop, cancel."""

from __future__ import annotations

import threading


class Control:
    """The wishes of whoever watches a job; safe to use from any thread.

    A job looks at `ending` between micro-batches and calls `wait_while_paused` where it may rest.
    """

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stop = threading.Event()
        self._cancel = threading.Event()

    def pause(self) -> None:
        """Rest at the next step, keeping everything in memory."""
        self._running.clear()

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    def stop(self) -> None:
        """End soon and keep the best model."""
        self._stop.set()
        self._running.set()

    def cancel(self) -> None:
        """End soon, keeping no more than the last checkpoint."""
        self._cancel.set()
        self._running.set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()

    @property
    def cancel_requested(self) -> bool:
        return self._cancel.is_set()

    @property
    def ending(self) -> bool:
        """Stop or cancel was asked for."""
        return self._stop.is_set() or self._cancel.is_set()

    def wait_while_paused(self, timeout: float | None = None) -> bool:
        """Wait until the job may go on, at most `timeout` seconds; whether it may."""
        return self._running.wait(timeout)
