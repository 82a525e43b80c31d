"""Where the time of training steps goes: waiting for pictures, forward, backward, and the rest."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from workbench.core.step_times import PARTS, Part
from workbench.engine.device import Clock

T = TypeVar("T")
State = Part | Literal["pause"]


class Meter:
    """Gives every moment to one part. Nothing waits for the device when a part begins; that is left to `take`.

    Args:
        clock: the device's; None measures nothing.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._part: State = "rest"
        self._marks: list[tuple[State, Any]] = []

    def start(self) -> None:
        """Begin with the rest; what was measured and not taken is forgotten. Before that nothing is measured."""
        self._part = "rest"
        self._marks = [] if self._clock is None else [("rest", self._clock.now())]

    @contextmanager
    def during(self, part: State) -> Iterator[None]:
        """Inside, time belongs to that part, afterwards to the one before; a pause's to none."""
        before = self._part
        self._turn(part)
        try:
            yield
        finally:
            self._turn(before)

    def waiting(self, batches: Iterator[T]) -> Generator[T, None, None]:
        """The same batches; the time until each is there belongs to "data"."""
        while True:
            with self.during("data"):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def take(self) -> dict[str, float] | None:
        """Seconds of each part since `start` or the last time, in whole µs; None where nothing is measured."""
        if self._clock is None or not self._marks:
            return None
        self._turn(self._part)
        seconds: dict[str, float] = dict.fromkeys(PARTS, 0.0)
        for (part, begin), (_, end) in zip(self._marks, self._marks[1:], strict=False):
            if part != "pause":
                seconds[part] += self._clock.seconds(begin, end)
        del self._marks[:-1]
        return {part: round(value, 6) for part, value in seconds.items()}

    def _turn(self, part: State) -> None:
        self._part = part
        if self._clock is not None and self._marks:
            self._marks.append((part, self._clock.now()))
