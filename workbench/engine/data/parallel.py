"""Work on many files by a few threads, with progress, that ends soon when it is asked to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from workbench.core.control import Control
from workbench.core.events import Event, Progress

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

CHUNK = 256
_EVERY_S = 0.1
THREADS = min(4, os.cpu_count() or 1)
"""More threads do not read warm files faster, but hide the waiting for cold ones."""


def for_each(
    what: str, items: Sequence[Item], work: Callable[[Item], Outcome], control: Control, chunk: int = CHUNK
) -> Generator[Event, None, list[Outcome]]:
    """Call `work` on every item in threads.

    Yields:
        Progress called `what`, at most about ten times a second.

    Returns:
        What `work` returned, in the order of the items; only the first of them where `control.ending` came between.
    """
    outcomes: list[Outcome] = []
    last = time.monotonic()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="files") as pool:
        pieces = [items[start : start + chunk] for start in range(0, len(items), chunk)]
        waiting: list[Future[list[Outcome]]] = [pool.submit(_work_on, work, piece, control) for piece in pieces]
        for number, future in enumerate(waiting):
            piece = future.result()
            outcomes.extend(piece)
            if len(piece) < len(pieces[number]):
                pool.shutdown(cancel_futures=True)
                return outcomes
            if time.monotonic() - last > _EVERY_S:
                last = time.monotonic()
                yield Progress(what=what, done=len(outcomes), total=len(items))
    if items:
        yield Progress(what=what, done=len(items), total=len(items))
    return outcomes


def _work_on(work: Callable[[Item], Outcome], items: Sequence[Item], control: Control) -> list[Outcome]:
    outcomes = []
    for item in items:
        if control.ending:
            break
        outcomes.append(work(item))
    return outcomes
