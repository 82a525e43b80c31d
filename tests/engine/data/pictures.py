"""Real picture files for the tests of data: small, each different unless it is meant to be a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from workbench.core.control import Control
from workbench.core.events import Event, Notice
from workbench.core.project import Project, Split, Task
from workbench.engine.data.table import SampleTable, build_table

Returned = TypeVar("Returned")


def pixels(seed: int, width: int = 12, height: int = 10) -> np.ndarray:
    """(height, width, 3) uint8 noise of a seed."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def picture(path: Path, seed: int, width: int = 12, height: int = 10) -> Path:
    """Write noise of a seed as a picture; the suffix chooses the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels(seed, width, height)).save(path)
    return path


def class_folders(root: Path, counts: dict[str, int], first_seed: int = 0) -> Path:
    """A folder of class folders with PNG files 000.png, 001.png …"""
    seed = first_seed
    for name, count in counts.items():
        for number in range(count):
            picture(root / name / f"{number:03}.png", seed)
            seed += 1
    return root


def drain(job: Iterator[Event]) -> tuple[list[Event], Returned]:
    """Everything that a generator yields, and what it returns."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def table_for(folder: Path, tasks: list[Task], **split: object) -> tuple[SampleTable, list[str]]:
    """The table of some tasks, and the notices that were given."""
    project = Project(tasks=tasks, split=Split(**split))
    events, table = drain(build_table(project, folder, Control()))
    return table, [event.text for event in events if isinstance(event, Notice)]


def mask(path: Path, values: np.ndarray) -> Path:
    """Write (H, W) values as a grey PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.astype(np.uint8)).save(path)
    return path


def masked_pictures(root: Path, count: int, values: tuple[int, ...] = (0, 255), first_seed: int = 0) -> Path:
    """images/000.png … of 12 × 10 pixels with masks/000.png … in which all values occur."""
    for number in range(count):
        picture(root / "images" / f"{number:03}.png", first_seed + number)
        drawn = np.random.default_rng(first_seed + number).choice(values, (10, 12))
        drawn.reshape(-1)[: len(values)] = values
        mask(root / "masks" / f"{number:03}.png", drawn)
    return root
