"""A team of several processes, by torch.distributed: gloo for what the processor holds, nccl between graphics cards."""

from __future__ import annotations

import json
import math
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.distributed_c10d import ProcessGroup, Store
from torch.distributed.rendezvous import rendezvous

from workbench.core.control import Control
from workbench.core.errors import RequestError, WorkbenchError
from workbench.core.place import Place
from workbench.engine import device as devices
from workbench.engine.data.counter import key_of
from workbench.engine.data.drawing import Draws, Rows, rows_of
from workbench.engine.distributed.agreed import Agreed
from workbench.engine.distributed.pulse import Pulse
from workbench.engine.distributed.team import Team, TeamEnded, TeamLost, flat, write_back

T = TypeVar("T")

_MEETING = timedelta(minutes=10)
"""How long processes wait for each other at the beginning: on several machines they start one after another."""
_LOOK = timedelta(seconds=1)
"""How often a process that waits for another looks whether it is still there."""
_POLL_S = 5e-5
_LEAVING_S = 2.0
_ROW_BYTES = 2**24
"""Weights go out in rows of about so many bytes: a network that fills a card could not be copied as a whole."""
_LONGEST = timedelta(days=30)
"""A process that is there may take any time: it may write a checkpoint, or read pictures from a slow disk."""
_HEAR_S = 0.1
"""How often a process that waits for others to come looks whether it is told to end."""
_WORD_S = 30.0
"""How long a process that goes, and holds the store, waits until the others have come and have read why."""
_WRONG, _READ = "what went wrong", "has read it"


class Ranks(Team):
    """Several processes. They meet at the first call.

    Args:
        outside: what this process is told; an end is obeyed while it waits, until all agree on what they are told.
    """

    def __init__(self, place: Place, outside: Control) -> None:
        self._outside: Control | None = outside
        self.rank, self.size = place.rank, place.size
        self.local_rank, self.local_size = place.local_rank, place.local_size
        self._place = place
        self._store: Store | None = None
        self._cards: ProcessGroup | None = None
        self._pulse: Pulse | None = None
        self._heard: WorkbenchError | None = None

    def device(self, name: str) -> torch.device:
        """Cards follow each other from the run's on; where each process sees but one, it is that."""
        if not self._place.watched and devices.pick(name).type == "cuda" and torch.cuda.device_count() == 1:
            return torch.device("cuda", 0)
        return devices.pick_among(name, self.local_rank, self.local_size)

    def control(self, outside: Control) -> Control:
        """Wishes on which all agree."""
        self._outside = None
        return Agreed(self, outside)

    def mine(self, rows: Draws) -> Draws:
        """Equal shares; as far as that allows, a picture goes to the same process each time, which has decoded it."""
        preferred: Draws = rows[np.argsort(rows_of(rows) % self.size, kind="stable")]
        ends = [len(rows) * number // self.size for number in range(self.size + 1)]
        return preferred[ends[self.rank] : ends[self.rank + 1]]

    def usually(self, rows: Rows) -> Rows:
        """Those that `mine` prefers."""
        return rows[np.flatnonzero(rows % self.size == self.rank)]

    def total(self, numbers: Sequence[int]) -> list[int]:
        """The sums of numbers over all processes."""
        found = torch.tensor(numbers, dtype=torch.int64)
        self._reduce(found)
        return [int(number) for number in found]

    @contextmanager
    def summing(self) -> Iterator[list[Tensor]]:
        """Sum what is put into the list inside, where none of them has run out of memory."""
        tensors: list[Tensor] = []
        row, short = torch.empty(0), None
        try:
            yield tensors
            row = tensors[0].detach() if len(tensors) == 1 else flat(tensors)
        except torch.OutOfMemoryError as error:
            short = error
        if self.total([short is not None])[0]:
            raise short or torch.OutOfMemoryError("another process has run out of memory")
        self._reduce(row)
        if len(tensors) != 1:
            write_back(row, tensors)

    def share(self, value: Callable[[], T]) -> T:
        """What the first process gives."""
        data = pickle.dumps(value()) if self.leads else b""
        return self._spread(data, self.total([len(data)])[0], 0)

    def gather(self, value: T) -> list[T]:
        """What every process gives, in their order."""
        data = pickle.dumps(value)
        sizes = self.total([len(data) if number == self.rank else 0 for number in range(self.size)])
        return [self._spread(data, size, number) for number, size in enumerate(sizes)]

    def seed(self, seed: int, step: int) -> None:
        """Draw other numbers than the first process; no checkpoint need keep them."""
        if not self.leads:
            torch.manual_seed(key_of(seed, step, "process", self.rank) >> 1)

    @torch.no_grad()
    def same(self, network: nn.Module) -> None:
        """Give each process's network the parameters and buffers of the first."""
        for alike in _rows([*network.parameters(), *network.buffers()]):
            row = torch.cat([tensor.reshape(-1) for tensor in alike])
            self._wait(row, partial(dist.broadcast, row, 0))
            write_back(row, alike)

    def average(self, buffers: Sequence[Tensor]) -> None:
        """Give each process the mean of what they have."""
        if buffers:
            row = flat(buffers)
            self._reduce(row)
            write_back(row / self.size, buffers)

    def inherits(self) -> bool:
        """Whether those before this process have ended, as far as it can see."""
        return self._pulse is not None and self._pulse.is_first_left()

    def leave(self, error: BaseException | None = None) -> None:
        """Take part no more; the others see the connections closed."""
        if self._pulse is not None:
            self._pulse.stop()
        if error is not None and self._is_own(error):
            self._said(error)
        if self._store is not None and dist.is_initialized():
            leaving = threading.Thread(target=dist.destroy_process_group, name="leaving", daemon=True)
            leaving.start()  # it waits for ever where another has fallen silent
            leaving.join(_LEAVING_S)
        self._store = self._cards = self._pulse = None

    def _is_own(self, error: BaseException) -> bool:
        """Whether an error began here, so that the others are to hear of it; for an end nobody is waited for."""
        if error is self._heard:
            return False
        return self._store is not None if isinstance(error, TeamEnded) else not isinstance(error, TeamLost)

    def _said(self, error: BaseException) -> None:
        """Leave word of what went wrong, for whoever tells it to people, and let the others read it."""
        kind, words = "failed", [f"{type(error).__name__}: {error}", ""]
        if isinstance(error, WorkbenchError):
            words = [error.text, error.fix]
            kind = "ended" if isinstance(error, TeamEnded) else "refused" if isinstance(error, RequestError) else kind
        self._outside = None  # it goes anyway
        until = time.monotonic() + _WORD_S
        try:
            store = self._open(until)
            store.set(_WRONG, json.dumps([self.rank, kind, *words]))
            store.set(f"{_READ} {self.rank}", "")
            everyone = [f"{_READ} {number}" for number in range(self.size)]
            while self.leads and not self._place.watched and not store.check(everyone) and time.monotonic() < until:
                time.sleep(_HEAR_S)
        except (RuntimeError, TeamLost):
            return  # nobody is there to read it

    def _open(self, until: float = math.inf) -> Store:
        """The store in which the processes find each other.

        Args:
            until: the monotonic time at which this is given up.
        """
        if self._store is None:
            place = self._place
            try:
                begin = partial(rendezvous, place.meet, place.rank, place.size, timeout=_MEETING)
                self._store = self._patiently(lambda: next(begin())[0], until)
            except (RuntimeError, OSError, ValueError) as error:
                raise TeamLost(f"The processes of the run do not find each other at {place.meet}: {error}.") from error
            self._store.set_timeout(_MEETING)
        return self._store

    def _patiently(self, wait: Callable[[], T], until: float = math.inf) -> T:
        """What something gives that waits for other processes, in a thread of its own: this one hears signals.

        Raises:
            TeamEnded: this process is told to end.
        """
        found: Future[T] = Future()

        def carry_out() -> None:
            try:
                found.set_result(wait())
            except BaseException as error:  # noqa: BLE001 - it is raised by the one who waits
                found.set_exception(error)

        threading.Thread(target=carry_out, name="meeting", daemon=True).start()
        while not futures.wait([found], _HEAR_S).done:
            self._look()
            if time.monotonic() > until:
                raise TeamLost("Nobody has come.")
        return found.result()

    def _meet(self) -> None:
        """Connect all processes, once they are there."""
        if self._pulse is not None:
            return
        store = self._open()
        self._pulse = Pulse(store, self.rank, self.size, self._place.watched)
        store.set(f"here {self.rank}", str(os.getpid()))
        begin = time.monotonic()
        while not store.check([f"here {number}" for number in range(self.size)]):
            self._look()
            if time.monotonic() - begin > _MEETING.total_seconds():
                raise self._lost("does not come")
            time.sleep(0.02)
        if self._place.watched:
            self._pulse.know({number: int(store.get(f"here {number}")) for number in range(self.size)})
        own = store if self._place.watched else store.clone()  # one that waits lets nobody else ask it
        connect = partial(
            dist.init_process_group, "gloo", store=own, rank=self.rank, world_size=self.size, timeout=_LONGEST
        )
        try:
            self._patiently(connect)
        except RuntimeError as error:
            raise self._lost(str(error)) from error

    def _group(self, tensor: Tensor) -> ProcessGroup | None:
        """The group that carries a tensor: cards have their own where nccl is there."""
        self._meet()
        if tensor.device.type != "cuda" or not dist.is_nccl_available():
            return None
        if self._cards is None:
            torch.cuda.set_device(tensor.device)
            made = dist.new_group(backend="nccl", timeout=_LONGEST)
            assert isinstance(made, ProcessGroup)
            self._cards = made
        return self._cards

    def _reduce(self, tensor: Tensor) -> None:
        self._wait(tensor, partial(dist.all_reduce, tensor))

    def _spread(self, data: bytes, size: int, source: int) -> T:  # type: ignore[type-var]
        own = source == self.rank
        buffer = torch.frombuffer(bytearray(data), dtype=torch.uint8) if own else torch.empty(size, dtype=torch.uint8)
        self._wait(buffer, partial(dist.broadcast, buffer, source))
        found: T = pickle.loads(buffer.numpy().tobytes())
        return found

    def _wait(self, tensor: Tensor, begin: Callable[..., dist.Work | None]) -> None:
        """Begin something together and wait for its end, looking meanwhile whether the others are still there.

        A process that died in it leaves gloo with a closed connection, but nccl waiting, as does a machine that died.
        The weights are then as they were before: nothing is done with a sum that did not come to be.
        """
        self._meet()
        try:
            group = self._group(tensor)
            work = begin(group=group, async_op=True)
            assert work is not None
            while not _ended(work, polled=group is not None):
                self._look()
        except RuntimeError as error:
            raise self._lost(str(error)) from error

    def _look(self) -> None:
        """Raise what ends the waiting: this process is told to end, another one has gone, or says what went wrong."""
        if self._outside is not None and self._outside.ending:
            raise TeamEnded(f"Process {self.rank + 1} of {self.size} was told to end.", "Resume the run.")
        gone = self._pulse.gone() if self._pulse is not None else ""
        if gone or self._told_wrong():
            raise self._lost(gone)

    def _lost(self, why: str) -> WorkbenchError:
        """What to tell people: what the other process said at its end, where it could."""
        told = self._told_wrong()
        if told is not None:
            return told
        return TeamLost(
            f"One of the {self.size} processes that trained together has ended ({why.splitlines()[0][:120]}).",
            "Resume the run: it goes on from its last checkpoint, on any number of devices.",
        )

    def _told_wrong(self) -> WorkbenchError | None:
        """What another process has left word of, once it has."""
        try:
            if self._store is None or not self._store.check([_WRONG]):
                return None
            rank, kind, text, fix = json.loads(self._store.get(_WRONG))
            self._store.set(f"{_READ} {self.rank}", "")
        except RuntimeError:
            return None  # the store has gone with the process that held it
        if kind == "ended":
            self._heard = TeamEnded(text, fix)
        elif kind == "refused" and rank == 0:  # before anything was written
            self._heard = RequestError(text, fix)
        else:
            self._heard = TeamLost(text, fix or f"It came from process {rank + 1} of {self.size}.")
        return self._heard


def _rows(tensors: Iterable[Tensor]) -> list[list[Tensor]]:
    """Tensors that go out together, in the same order everywhere: of one type, and few enough to need little memory."""
    rows: list[list[Tensor]] = []
    room: dict[torch.dtype, int] = {}
    last: dict[torch.dtype, list[Tensor]] = {}
    for tensor in tensors:
        if tensor.nbytes > room.get(tensor.dtype, -1):
            last[tensor.dtype], room[tensor.dtype] = [], _ROW_BYTES
            rows.append(last[tensor.dtype])
        last[tensor.dtype].append(tensor)
        room[tensor.dtype] -= tensor.nbytes
    return rows


def _ended(work: dist.Work, polled: bool) -> bool:
    """Wait for a while; whether it has come to its end.

    Args:
        polled: it is nccl's, which would give up all that cards do together where a wait comes to its limit.
    """
    if polled:
        until = time.monotonic() + _LOOK.total_seconds()
        while not work.is_completed() and time.monotonic() < until:
            time.sleep(_POLL_S)
        if work.is_completed():
            work.wait()
            return True
        return False
    try:
        work.wait(_LOOK)
    except RuntimeError:
        if work.is_completed():
            raise
        return False
    return True
