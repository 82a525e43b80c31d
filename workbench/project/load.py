"""What the computer is busy with, and how much of it a run takes: processor, memory, graphics cards, temperatures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from workbench.project.cards import Card, Cards

_PROCESSOR_SENSORS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "acpitz")
"""Names under which Linux knows the processor's temperature, the best first."""


@dataclass(frozen=True)
class Load:
    """The computer at a moment; None stands for what cannot be told. `own` is what the run's processes take.

    Attributes:
        cpu, own_cpu: shares of all cores since the sample before, in [0, 1]; None in the first one.
        own_bytes: without the files that the system has lent it memory for.
        free_bytes: memory that programs can still have without others being swapped out.
        celsius: of the processor's hottest part.
    """

    cpu: float | None
    own_cpu: float | None
    own_bytes: int | None
    free_bytes: int
    total_bytes: int
    celsius: float | None
    cards: tuple[Card, ...]


class MachineLoad:
    """Samples the load. To be closed; may be used on any thread, by one at a time."""

    def __init__(self) -> None:
        self._cards = Cards()
        self._before = _processor_s()
        self._own_s: dict[tuple[int, float], float] = {}
        self._at: float | None = None

    def sample(self, pid: int | None = None) -> Load:
        """The load now.

        Args:
            pid: the run's process, whose children count, too; None where there is no run.
        """
        family = list(_family(pid))
        busy = self._busy()
        memory = psutil.virtual_memory()
        return Load(
            cpu=busy,
            own_cpu=self._own_cpu(family),
            own_bytes=_own_bytes(family),
            free_bytes=int(memory.available),
            total_bytes=int(memory.total),
            celsius=_celsius(),
            cards=self._cards.read({process.pid for process in family}),
        )

    def close(self) -> None:
        """Let the driver of the cards go."""
        self._cards.close()

    def _busy(self) -> float | None:
        before, self._before = self._before, _processor_s()
        busy, whole = (now - then for now, then in zip(self._before, before, strict=True))
        return min(1.0, max(0.0, busy / whole)) if whole > 0 else None

    def _own_cpu(self, family: list[psutil.Process]) -> float | None:
        """A process counts from the second sample on in which it is seen."""
        before, began = self._own_s, self._at
        self._own_s, self._at = dict(_seconds(family)), time.monotonic()
        if began is None or not before.keys() & self._own_s.keys() or self._at <= began:
            return None
        spent = sum(seconds - before[key] for key, seconds in self._own_s.items() if key in before)
        return min(1.0, max(0.0, spent / (self._at - began) / (psutil.cpu_count() or 1)))


def _family(pid: int | None) -> Iterator[psutil.Process]:
    """A process and all that it has started, as far as they live."""
    if pid is None:
        return
    try:
        process = psutil.Process(pid)
        yield process
        yield from process.children(recursive=True)
    except psutil.Error:
        return


def _seconds(family: list[psutil.Process]) -> Iterator[tuple[tuple[int, float], float]]:
    """Each process by its number and birth, with the processor's seconds that it has had."""
    for process in family:
        try:
            times = process.cpu_times()
            yield (process.pid, process.create_time()), times.user + times.system
        except psutil.Error:
            continue  # it has ended meanwhile


def _own_bytes(family: list[psutil.Process]) -> int | None:
    held = []
    for process in family:
        try:
            memory = process.memory_info()
        except psutil.Error:
            continue  # it has ended meanwhile
        held.append(memory.rss - getattr(memory, "shared", 0))  # told on Linux alone
    return sum(held) if held else None


def _processor_s() -> tuple[float, float]:
    """Seconds that all cores have worked, and all their seconds, since the computer was started."""
    times = psutil.cpu_times()._asdict()
    whole = sum(value for name, value in times.items() if not name.startswith("guest"))  # they are in "user"
    return whole - times["idle"] - times.get("iowait", 0.0), whole


def _celsius() -> float | None:
    sensors = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    for name in _PROCESSOR_SENSORS:
        values = [entry.current for entry in sensors.get(name, ()) if entry.current]
        if values:
            return float(max(values))
    return None
