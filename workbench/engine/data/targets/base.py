"""What every kind of task makes of its labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.project import Task

Ints = npt.NDArray[np.int64]
Encoded = npt.NDArray[Any]
Place = Callable[[int], str]
"""Where a cell stands, in words: `place(3)` is "row 5 of labels.csv"."""

MISSING = -1
"""The target of a picture that a task does not label."""


@dataclass(frozen=True)
class Labelled:
    """What a task says of N pictures, with M different label texts and C classes.

    Attributes:
        targets: (N,) an index into `labels`; -1 where the label is missing.
        labels: M texts.
        classes: what the head tells apart, in the order of its outputs.
        pixels: (M, C) pixels of each class in each mask; (0, 0) for other kinds.
    """

    targets: Ints
    labels: list[str]
    classes: list[str]
    pixels: Ints


class Targets(ABC):
    """Labels of one kind: from the texts of a source to numbers.

    A label text is what a source says of one picture, spelt in one way; a task's table holds each different one once.
    """

    @abstractmethod
    def read(self, cells: Sequence[str], task: Task, place: Place) -> list[str | None]:
        """The label text of each cell of a column; None where it is empty.

        Raises:
            RequestError: a cell holds what no label of this kind can be.
        """

    @abstractmethod
    def sort(self, texts: Iterable[str]) -> list[str]:
        """The different label texts in the order in which the table numbers them."""

    @abstractmethod
    def classes(self, labels: list[str]) -> list[str]:
        """What the head tells apart, in the order of its outputs."""

    @abstractmethod
    def encode(self, labelled: Labelled) -> Encoded:
        """(N, …) targets as a loss takes them."""

    @abstractmethod
    def pictures(self, labelled: Labelled) -> Ints:
        """(C,) how many pictures show each class."""

    def class_counts(self, labelled: Labelled) -> Ints:
        """(C,) how often each class occurs: in pictures, or in pixels for masks."""
        return self.pictures(labelled)

    @abstractmethod
    def strata(self, labelled: Labelled) -> Ints:
        """(N, S) numbers from 0 of what the split is to share out evenly; -1 where there is nothing."""

    @abstractmethod
    def words(self, label: str) -> str:
        """A label text for people."""

    def identity(self, label: str) -> str:
        """A label text as it is wherever the project lies, without what stands between values of a digest."""
        return label.replace("\x1f", "\x1e")

    @abstractmethod
    def nothing_to_learn(self, labels: list[str], classes: list[str]) -> tuple[str, str] | None:
        """What is wrong where all labels say the same, and the way to mend it; None where they differ."""
