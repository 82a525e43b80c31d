"""What every kind makes of its answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from workbench.core.resolved import ResolvedTask

Array = npt.NDArray[Any]
Metrics = dict[str, float | None]


class Report(ABC):
    """Metrics, documents and table cells of one kind; `answers` and `truth` are of the same n labelled pictures.

    Attributes:
        columns: what a table of predictions says of each picture.
    """

    columns: ClassVar[tuple[str, ...]]

    @abstractmethod
    def width(self, task: ResolvedTask) -> int:
        """How many numbers are kept of a picture's answer."""

    def known(self, task: ResolvedTask, label: str) -> tuple[str | None, list[str]]:
        """A label text of other pictures as the run knows it (None: not at all), and what of it the run does not."""
        return label, []

    @abstractmethod
    def guessing(self, task: ResolvedTask) -> float:
        """About what the loss that is shown is while a head guesses: makes losses of different units comparable."""

    @abstractmethod
    def metrics(self, task: ResolvedTask, answers: Array, truth: Array) -> Metrics:
        """Loss and scores as an epoch's event carries them; None where there is nothing to score.

        Args:
            answers: (n, width); truth: (n, ...) as `SampleTable.encoded` gives it, none missing.
        """

    @abstractmethod
    def document(
        self, task: ResolvedTask, answers: Array, truth: Array, images: Sequence[str], labels: Sequence[str]
    ) -> dict[str, Any]:
        """The task's part of the JSON of `evaluate`.

        Args:
            images: (n,) how pictures are named; labels: (n,) the label texts as the source gives them.
        """

    @abstractmethod
    def cells(
        self, task: ResolvedTask, answers: Array, truth: Array, labelled: npt.NDArray[np.bool_]
    ) -> list[list[object]]:
        """The cells of `columns` for n pictures; those without a label have an empty target."""

    @abstractmethod
    def answer(self, task: ResolvedTask, answers: Array) -> dict[str, Any]:
        """One picture's part of the JSON of `predict`, from (width,)."""
