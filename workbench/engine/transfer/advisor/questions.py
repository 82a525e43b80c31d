"""What each kind of task asks of a probe: the targets that it is fitted to, and the score of its answers.

A score is taken for many drawings of pictures at once, each picture counting as often as it was drawn, so that doubt
about any kind of score comes from one bootstrap (see `compare`).
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.metrics import redrawn_precision

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Question(ABC):
    """A task on n labelled pictures.

    Attributes:
        targets: (n, K) what a probe is fitted to.
    """

    def __init__(self, encoded: npt.NDArray[Any], classes: int) -> None:
        self.targets = self._targets(encoded, classes)

    def only(self, kept: npt.NDArray[np.bool_]) -> Self:
        """The same task on some of its pictures (n,)."""
        fewer = copy.copy(self)
        fewer.targets = self.targets[kept]
        return fewer

    @abstractmethod
    def _targets(self, encoded: npt.NDArray[Any], classes: int) -> Floats:
        """(n, K) from what the sample table encodes."""

    @property
    @abstractmethod
    def per_answer(self) -> float:
        """Pictures for each of the answers."""

    @abstractmethod
    def score(self, answers: Floats, times: Floats) -> Floats:
        """(D,) the score of answers (n, K) where each picture counts `times` (D, n) as often; NaN where undefined."""


class OneClass(Question):
    """Accuracy of the largest answer; targets are 1 for the class and 0 for the others, of classes that occur."""

    def _targets(self, encoded: npt.NDArray[Any], classes: int) -> Floats:
        return np.asarray(encoded[:, None] == np.unique(encoded), np.float64)

    @property
    def per_answer(self) -> float:
        return float(len(self.targets) / self.targets.shape[1])

    def score(self, answers: Floats, times: Floats) -> Floats:
        right = answers.argmax(axis=1) == self.targets.argmax(axis=1)
        return np.asarray(times @ right / np.maximum(times.sum(axis=1), 1.0))


class Labels(Question):
    """Mean average precision over the labels that occur."""

    def _targets(self, encoded: npt.NDArray[Any], classes: int) -> Floats:
        occurs = (encoded == 1).any(axis=0)
        return np.asarray(encoded[:, occurs] == 1, np.float64)

    @property
    def per_answer(self) -> float:
        return float(self.targets.sum() / max(1, self.targets.shape[1]))

    def score(self, answers: Floats, times: Floats) -> Floats:
        present = self.targets > 0.5
        each = [redrawn_precision(answers[:, at], present[:, at], times) for at in range(present.shape[1])]
        known = np.isfinite(each)
        total = np.where(known, each, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


class Number(Question):
    """R², the share of the numbers' variance that is explained; targets have mean 0 and deviation 1."""

    def _targets(self, encoded: npt.NDArray[Any], classes: int) -> Floats:
        values = encoded.astype(np.float64)
        return np.asarray((values - values.mean()) / (values.std() or 1.0))[:, None]

    @property
    def per_answer(self) -> float:
        return float(len(self.targets))

    def score(self, answers: Floats, times: Floats) -> Floats:
        values, error = self.targets[:, 0], (answers - self.targets)[:, 0]
        total = times.sum(axis=1)
        mean = times @ values / np.maximum(total, 1.0)
        spread = times @ values**2 - total * mean**2
        return np.where(spread > 1e-9, 1 - times @ error**2 / np.maximum(spread, 1e-9), np.nan)


QUESTIONS: dict[str, type[Question]] = {"single-label": OneClass, "multi-label": Labels, "number": Number}


def ask(table: SampleTable, task: str, rows: Ints) -> Question:
    """The question of a task on rows that it labels."""
    return QUESTIONS[table.kind(task)](table.encoded(task)[rows], len(table.classes[task]))
