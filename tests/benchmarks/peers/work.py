"""What every entrant of a race is given to do, and the clock that it is timed by."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet, as every entrant normalises."""


@dataclass(frozen=True)
class Work:
    """Training, or going through the pictures without.

    Attributes:
        pictures: a folder with `train/` and `val/`, each of class folders.
        scratch: an empty folder for whatever the entrant writes.
        mode: "head" trains the last layer alone, "full" everything, "pipeline" nothing: it only makes batches.
        size: what the network sees, px.
        workers: loader processes of entrants that have any.
        threads: of torch within one operation.
    """

    pictures: str
    scratch: str
    mode: str
    size: int
    epochs: int
    batch: int
    workers: int = 2
    threads: int = 1

    @property
    def classes(self) -> int:
        """How many class folders there are."""
        return sum(folder.is_dir() for folder in Path(self.pictures, "train").iterdir())

    def to_json(self) -> str:
        """As a command line takes it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Work:
        """Read what `to_json` gave."""
        return cls(**json.loads(text))


def cpu_seconds() -> float:
    """User and system time of this process, of its children that have ended, and of those that live."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has just ended, and is counted among those that have
            own = child.cpu_times()
            total += own.user + own.system
    return total


class Clock:
    """Counts CPU seconds of the process tree, which hardly depend on what else the computer does.

    Attributes:
        epochs: at the end of each epoch, seconds from the beginning.
    """

    def __init__(self) -> None:
        self.epochs: list[float] = []
        self.begin()

    def begin(self) -> None:
        """Count from now on: what was done before is left out."""
        self._cpu, self._wall = cpu_seconds(), time.perf_counter()

    def epoch_done(self) -> None:
        """Mark the end of an epoch with its validation."""
        self.epochs.append(self.cpu_s)

    @property
    def cpu_s(self) -> float:
        return cpu_seconds() - self._cpu

    @property
    def wall_s(self) -> float:
        return time.perf_counter() - self._wall
