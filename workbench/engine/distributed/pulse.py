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
_DYING_S = 2.0
"""A process whose connections were closed by its end has ended within this time, or it lives."""
_ASK_S = 0.05


class Pulse:
    """Processes of this machine are asked for by their ids; those of others beat in the store that all can reach.

    Args:
        store: that of the team; a file is no place to beat in, for it grows.
        watched: ids of processes of this machine; none where they may be on several.
    """

    def __init__(self, store: Store, rank: int, size: int, watched: Sequence[int]) -> None:
        self._watched = {pid: _created(pid) for pid in watched}
        self._pids: dict[int, int] = {}
        self._others = [number for number in range(size) if number != rank]
        self._rank = rank
        self._heard = dict.fromkeys(self._others, (b"", time.monotonic()))
        self._unreachable = False
        self._stopped = threading.Event()
        if not watched:
            self._store = store.clone()
            threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def know(self, pids: dict[int, int]) -> None:
        """Take {rank: process id} of all that are on this machine, once they are there."""
        self._pids = {number: pid for number, pid in pids.items() if number != self._rank}
        self._watched.update({pid: _created(pid) for pid in self._pids.values() if pid not in self._watched})

    def is_first_left(self) -> bool:
        """Whether all processes before this one have ended; asks until that is sure, or not to be found out."""
        until = time.monotonic() + (_DYING_S if self._watched else SILENCE_S + BEAT_S)
        while not all(self._has_ended(number) for number in range(self._rank)):
            if time.monotonic() > until:
                return False
            time.sleep(_ASK_S)
        return True

    def _has_ended(self, number: int) -> bool:
        if self._watched:
            pid = self._pids.get(number)
            return pid is not None and not self._lives(pid)
        holds_store = number == 0
        return (holds_store and self._unreachable) or self._is_silent(number)

    def gone(self) -> str:
        """What is said of a process that has gone; empty where all are there."""
        for pid in self._watched:
            if not self._lives(pid):
                return f"process {pid} is gone"
        if self._unreachable:
            return "the first process cannot be reached"
        silent = [number for number in self._others if self._is_silent(number)]
        return f"process {silent[0] + 1} is silent" if silent and not self._watched else ""

    def _lives(self, pid: int) -> bool:
        created = self._watched[pid]
        return created is not None and _created(pid) == created

    def _is_silent(self, number: int) -> bool:
        return time.monotonic() - self._heard[number][1] > SILENCE_S

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
