"""The sample table: every picture once, with a part and, for each task, a target or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.core.specs import PARTS, Part

MISSING = -1
"""The target of a picture that a task does not label."""


class Unreadable(NamedTuple):
    """A picture that is not in the table, why, and the tasks that label it."""

    path: Path
    reason: str
    tasks: tuple[str, ...]


@dataclass
class SampleTable:
    """N pictures in a fixed order.

    Attributes:
        paths: absolute, links not followed.
        part: (N,) int8, 0 train, 1 validation, 2 test.
        targets: for each task (N,) int64, an index into its classes; -1 where the label is missing.
        classes: for each task the names of its classes in the order of the logits.
        sizes: (N, 2) int32, width and height in pixels after EXIF orientation.
        bytes: (N,) int64, sizes of the files.
        copies: (N,) int64, equal for pictures with the same bytes.
        unreadable: pictures that were left out.
        empty: for each task the number of its pictures whose label is missing.
    """

    paths: list[Path]
    part: npt.NDArray[np.int8]
    targets: dict[str, npt.NDArray[np.int64]]
    classes: dict[str, list[str]]
    sizes: npt.NDArray[np.int32]
    bytes: npt.NDArray[np.int64]
    copies: npt.NDArray[np.int64]
    unreadable: list[Unreadable] = field(default_factory=list)
    empty: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def tasks(self) -> list[str]:
        return list(self.targets)

    def rows(self, part: Part, task: str | None = None) -> npt.NDArray[np.int64]:
        """The rows of a part in ascending order; with `task`, only those that have a label of it."""
        chosen = self.part == PARTS.index(part)
        if task is not None:
            chosen &= self.targets[task] != MISSING
        return np.flatnonzero(chosen).astype(np.int64)

    def class_counts(self, task: str, part: Part) -> npt.NDArray[np.int64]:
        """(C,) pictures of each class in a part."""
        labelled = self.targets[task][self.rows(part, task)]
        return np.bincount(labelled, minlength=len(self.classes[task])).astype(np.int64)

    def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """Task → part → class → pictures."""
        return {
            task: {
                part: dict(zip(self.classes[task], self.class_counts(task, part).tolist(), strict=True))
                for part in PARTS
            }
            for task in self.targets
        }

    def labels(self, row: int) -> dict[str, str]:
        """Task → class of one picture, without tasks that do not label it."""
        return {
            task: self.classes[task][int(targets[row])]
            for task, targets in self.targets.items()
            if targets[row] != MISSING
        }

    def only(self, tasks: Iterable[str]) -> SampleTable:
        """The table of some of its tasks, in its own order, without pictures that none of them labels.

        Parts and classes stay exactly as they are.
        """
        wanted = set(tasks)
        chosen = [task for task in self.tasks if task in wanted]
        labelled = np.zeros(len(self), np.bool_)
        for task in chosen:
            labelled |= self.targets[task] != MISSING
        at = np.flatnonzero(labelled)
        left = [(out, tuple(task for task in out.tasks if task in wanted)) for out in self.unreadable]
        return SampleTable(
            paths=[self.paths[row] for row in at.tolist()],
            part=self.part[at],
            targets={task: self.targets[task][at] for task in chosen},
            classes={task: self.classes[task] for task in chosen},
            sizes=self.sizes[at],
            bytes=self.bytes[at],
            copies=self.copies[at],
            unreadable=[out._replace(tasks=names) for out, names in left if names],
            empty={task: self.empty[task] for task in chosen if task in self.empty},
        )

    def digest(self) -> str:
        """The sha256 (hex) of what the data is: names, sizes, parts and labels, but not where the folder lies."""
        digest = sha256()
        for name, classes in self.classes.items():
            digest.update(_line("task", name, *classes))
        columns = [self.targets[task].tolist() for task in self.targets]
        facts = zip(self.paths, self.bytes.tolist(), self.sizes.tolist(), self.part.tolist(), *columns, strict=True)
        for path, size, (width, height), part, *targets in facts:
            digest.update(_line(path.name, size, width, height, part, *targets))
        return digest.hexdigest()


def _line(*values: object) -> bytes:
    return ("\x1f".join(map(str, values)) + "\n").encode("utf-8", "surrogateescape")
