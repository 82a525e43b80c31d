"""What every kind of task says of its data: in the announcement of a run, in `check`, and as problems."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.project import Task
from workbench.core.specs import PARTS, Part
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.words import some, verb

Ints = npt.NDArray[np.int64]

FEW = 5
SAMPLES = 3
FIRST = 12
_LISTED_CLASSES = 12
PART_WORDS: dict[Part, str] = {"train": "training", "validation": "validation", "test": "test"}


class Report(ABC):
    """What is said of tasks of one kind."""

    @abstractmethod
    def announcement(self, table: SampleTable, task: str, parts: list[Part]) -> str:
        """The task in a clause, with a number for each of `parts`."""

    @abstractmethod
    def document(self, table: SampleTable, task: str) -> dict[str, Any]:
        """What `check` says of the labels: `classes`, `parts_by_class`, `samples`, `first`, and what the kind adds."""

    @abstractmethod
    def problems(self, table: SampleTable, asked: Task) -> Iterator[Problem]:
        """What is wrong with the labels of a task that has some."""

    def part_problems(self, table: SampleTable, task: str, part: Part) -> Iterator[Problem]:
        """What is wrong with a part that has labels."""
        yield from ()

    @abstractmethod
    def same(self, table: SampleTable, joined: Joined, one: str, other: str) -> bool:
        """Whether two tasks of this kind that label the same pictures say the same of each."""


def picture_counts(table: SampleTable, task: str, part: Part | None = None) -> Ints:
    """(C,) pictures that show each class, in a part or in all."""
    rows = None if part is None else table.rows(part)
    return TARGETS[table.kind(task)].pictures(table.labelled(task, rows))


def in_parts(numbers: list[object]) -> str:
    """A number for each part: 24/6."""
    return "/".join(map(str, numbers))


class ClassReport(Report):
    """For kinds with classes.

    Attributes:
        have: "class has" and "classes have", in the kind's own word.
        several: the word for several classes.
    """

    have = ("class has", "classes have")
    several = "classes"

    def announcement(self, table: SampleTable, task: str, parts: list[Part]) -> str:
        classes = table.classes[task]
        counts = np.array([picture_counts(table, task, part) for part in parts], np.int64).reshape(-1, len(classes))
        if len(classes) <= _LISTED_CLASSES:
            return ", ".join(f"{name} {in_parts(counts[:, at].tolist())}" for at, name in enumerate(classes))
        ranges = in_parts([f"{row.min()} to {row.max()}" for row in counts])
        lacking = int((counts == 0).any(axis=0).sum())
        text = f"{len(classes)} {self.several} with {ranges} pictures each"
        return text + (f", {lacking} of them missing from a part" if lacking else "")

    def document(self, table: SampleTable, task: str) -> dict[str, Any]:
        classes = table.classes[task]
        by_part = {part: picture_counts(table, task, part).tolist() for part in PARTS}
        rows = self.first_rows(table, task)
        return {
            "classes": dict(zip(classes, picture_counts(table, task).tolist(), strict=True)),
            "parts_by_class": {
                name: {part: by_part[part][at] for part in PARTS} for at, name in enumerate(classes)
            },
            "samples": {
                name: [str(table.paths[row]) for row in found[:SAMPLES]]
                for name, found in zip(classes, rows, strict=True)
            },
            "first": [str(table.paths[row]) for row in _spread(rows)],
        }

    @abstractmethod
    def first_rows(self, table: SampleTable, task: str) -> list[list[int]]:
        """For each class the first rows that show it, at most FIRST."""

    def part_problems(self, table: SampleTable, task: str, part: Part) -> Iterator[Problem]:
        counts = picture_counts(table, task, part).tolist()
        lacking = [name for name, count in zip(table.classes[task], counts, strict=True) if not count]
        if lacking:
            yield warning(
                f"{self.they_have(lacking)} no {PART_WORDS[part]} picture: {some(lacking)}.",
                f"Add pictures of these {self.several}: "
                + (
                    "what is never seen cannot be learnt."
                    if part == "train"
                    else "until then nothing says how well they are told apart."
                ),
            )

    def few(self, table: SampleTable, task: str) -> Iterator[Problem]:
        """Classes with hardly any pictures."""
        counts = picture_counts(table, task).tolist()
        few = [name for name, count in zip(table.classes[task], counts, strict=True) if count < FEW]
        if few:
            yield warning(
                f"{self.they_have(few)} fewer than {FEW} pictures: {some(few)}.",
                f"Add pictures of these {self.several}, or join them with others.",
            )

    def they_have(self, names: list[str]) -> str:
        """ "1 class has" or "3 classes have"."""
        return f"{len(names)} {verb(len(names), *self.have)}"


def labelled_rows(table: SampleTable, task: str) -> Ints:
    """The rows that have a label."""
    return np.flatnonzero(table.targets[task] != MISSING).astype(np.int64)


def evenly(rows: Ints) -> Ints:
    """Up to FIRST rows, evenly over all of them."""
    return rows[np.unique(np.linspace(0, max(0, len(rows) - 1), min(FIRST, len(rows))).round().astype(np.int64))]


def _spread(rows: list[list[int]]) -> list[int]:
    """Up to FIRST rows: one of each class, evenly over the classes where there are more, then further ones."""
    if len(rows) > FIRST:
        rows = [rows[at * len(rows) // FIRST] for at in range(FIRST)]
    turns = [found[turn] for turn in range(FIRST) for found in rows if turn < len(found)]
    return list(dict.fromkeys(turns))[:FIRST]
