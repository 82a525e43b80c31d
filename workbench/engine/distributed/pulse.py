"""Whether the other processes of a team still live."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Sequence

import psutil
from torch.distributed.distributed_c10d import Store

BEAT_S = 1.0
SILENCE_S = 6.0
"""A process of another machine that was not heard for so long counts as gone."""


class Pulse:
    """Processes of this machine are asked for by their ids; those of others beat in the store that all can reach.

    Args:
        store: that of the team; a file is no place to beat in, for it grows.
        watched: ids of processes of this machine; none where they may be on several.
    """

    def __init__(self, store: Store, rank: int, size: int, watched: Sequence[int]) -> None:
        self._watched = {pid: _created(pid) for pid in watched}
        self._others = [number for number in range(size) if number != rank]
        self._rank = rank
        self._heard = dict.fromkeys(self._others, (b"", time.monotonic()))
        self._unreachable = False
        self._stopped = threading.Event()
        if not watched:
            self._store = store.clone()
            threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def gone(self) -> str:
        """What is said of a process that has gone; empty where all are there."""
        for pid, created in self._watched.items():
            if created is None or _created(pid) != created:
                return f"process {pid} is gone"
        if self._unreachable:
            return "the first process cannot be reached"
        now = time.monotonic()
        silent = [number for number, (_, when) in self._heard.items() if now - when > SILENCE_S]
        return f"process {silent[0] + 1} is silent" if silent and not self._watched else ""

    def stop(self) -> None:
        """Beat no more."""
        self._stopped.set()

    def _beat(self) -> None:
        for count in itertools.count():
            try:
                self._store.set(f"beat {self._rank}", str(count))
                for number in self._others:
                    self._hear(number)
            except RuntimeError:
                self._unreachable = True
                return
            if self._stopped.wait(BEAT_S):
                return

    def _hear(self, number: int) -> None:
        beat = self._store.get(f"beat {number}") if self._store.check([f"beat {number}"]) else b""
        if beat != self._heard[number][0] or not beat:  # one that has not begun is waited for elsewhere
            self._heard[number] = (beat, time.monotonic())


def _created(pid: int) -> float | None:
    """When a process was created; None where it has ended."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None
